"""``cancerapy decide``: what to do after the images and answers of one examination."""

from pathlib import Path
from typing import Annotated

import typer

from cancerapy.cli.with_records import read_pairs
from cancerapy.settings import option_help


def decide(
    task: Annotated[
        str, typer.Argument(help="Task: breast, breast-density, skin, skin-7, colorectal ...")
    ],
    images: Annotated[list[Path], typer.Argument(help="All images of the one finding.")],
    answer: Annotated[
        list[str] | None,
        typer.Option(
            metavar="QUESTION=ANSWER",
            help="An answer, for instance age=61; give it for each question that was answered.",
        ),
    ] = None,
    prevalence: Annotated[
        float | None,
        typer.Option(help="Share of malignant findings among your patients, for instance 0.05."),
    ] = None,
    language: Annotated[str, typer.Option(help="Language of the sentence: en, ar.")] = "en",
    format_: Annotated[str, typer.Option("--format", "-f", help="text or json.")] = "text",
    bundles: Annotated[
        Path | None,
        typer.Option(
            help=option_help("bundles", "Folder of model bundles instead of the package's own.")
        ),
    ] = None,
) -> None:
    """Decide what to do next, and say why; a machine's advice, a doctor decides.

    The expected cost of five actions is weighed: another image, a question, reassurance with
    follow-up, a further test, a referral. Rules stand above costs.

    For instance:

      cancerapy decide skin lesion.jpg --answer age=61 --answer site=back --answer dermatoscope=yes

      cancerapy decide breast left-cc.dcm left-mlo.dcm --prevalence 0.01
    """
    import json

    from cancerapy.agent import decide_examination, read_answers, read_base_rates
    from cancerapy.agent.sentence import load_texts
    from cancerapy.cancers import load_task
    from cancerapy.contract import to_dict
    from cancerapy.errors import UnknownNameError
    from cancerapy.readers import ReadLimits
    from cancerapy.runtime.models import Models
    from cancerapy.settings import load_settings

    if format_ not in ("text", "json"):
        raise UnknownNameError.of("format", format_, ("text", "json"))
    if language not in load_texts():
        raise UnknownNameError.of("language", language, load_texts())
    settings = load_settings(bundles=bundles)
    cancer, known = load_task(task)
    rates = read_base_rates(settings.prevalence)
    answers = read_answers(cancer, read_pairs(answer or [], "--answer"))
    limits = ReadLimits(settings.max_upload_mb * 1_000_000, settings.max_megapixels)
    predictor = Models(settings.bundles, workers=1, limits=limits).predictor(task)
    examination = decide_examination(
        cancer,
        known,
        [predictor.predict_path(path, task) for path in images],
        answers=answers,
        prevalence=rates.get(cancer.id) if prevalence is None else prevalence,
    )
    if format_ == "json":
        typer.echo(json.dumps(to_dict(examination), indent=2, ensure_ascii=False))
        return
    typer.echo(examination.decision.sentences[language])
    typer.echo(examination.decision.weighing[language])
    for option in examination.decision.weighed:
        asked = f" ({option.question})" if option.question else ""
        typer.echo(f"  {option.expected_cost:12.2f}  {option.action}{asked}")
    typer.echo(examination.statement)
