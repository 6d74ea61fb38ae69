"""``cancerapy examinations``: judge images and put them on a patient's record."""

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer

from cancerapy.cli.with_records import (
    After,
    Home,
    Limit,
    current_user,
    opened,
    print_json,
    read_pairs,
)
from cancerapy.errors import UnknownNameError, UsageError
from cancerapy.settings import option_help

Answers = Annotated[list[str] | None, typer.Option(help="QUESTION=ANSWER of the patient; repeat.")]
Prevalence = Annotated[
    float | None,
    typer.Option(help="Share of malignant findings among your patients, for the decision."),
]

app = typer.Typer(add_completion=False, rich_markup_mode=None, no_args_is_help=True)


@app.callback()
def examinations() -> None:
    """Judge images and put them on a patient's record as machine guesses. Answers are JSON.

    For example:

      cancerapy examinations add PATIENT breast cc.dcm mlo.dcm

      cancerapy examinations list --patient PATIENT
    """


@app.command()
def add(
    patient: Annotated[str, typer.Argument(help="Id of the patient.")],
    task: Annotated[str, typer.Argument(help="Task: breast, skin, colorectal ...")],
    images: Annotated[list[Path], typer.Argument(help="The images of one visit.")],
    lesion: Annotated[str, typer.Option(help="A name for the place.")] = "",
    answer: Answers = None,
    prevalence: Prevalence = None,
    view: Annotated[
        list[str] | None, typer.Option(help="View of each image, in their order: CC, MLO ...")
    ] = None,
    laterality: Annotated[
        list[str] | None,
        typer.Option(help="L or R of the patient, for each image, in their order."),
    ] = None,
    bundles: Annotated[
        Path | None,
        typer.Option(
            help=option_help("bundles", "Folder of model bundles instead of the package's own.")
        ),
    ] = None,
    home: Home = None,
) -> None:
    """Judge images and put all of them on the record, or none.

    For example:

      cancerapy examinations add PATIENT skin mole.jpg --lesion "left arm" --answer age=61

      cancerapy examinations add PATIENT breast cc.dcm mlo.dcm --view CC --view MLO
    """
    from cancerapy.agent import read_base_rates
    from cancerapy.cancers import load_task
    from cancerapy.contract.requests import ExaminationDetails
    from cancerapy.readers import ReadLimits, read_bytes
    from cancerapy.records.examinations import (
        JudgedImage,
        add_examination,
        check_examination,
        check_sides,
    )
    from cancerapy.records.orientation import complete_orientation
    from cancerapy.records.picture import media_type_of
    from cancerapy.records.tables import LATERALITIES
    from cancerapy.runtime.models import Models
    from cancerapy.settings import load_settings

    settings = load_settings(bundles=bundles)
    limits = ReadLimits(settings.max_upload_mb * 1_000_000, settings.max_megapixels)
    answers = read_pairs(answer or [], "--answer")
    rates = read_base_rates(settings.prevalence)
    usual = rates.get(load_task(task)[0].id) if prevalence is None else prevalence
    details = ExaminationDetails(task, lesion, answers, usual)
    said = _per_image(view, len(images), "--view")
    said_sides = _per_image(laterality, len(images), "--laterality", LATERALITIES)
    check_sides(said_sides)
    with opened(home) as records:
        with records.reading() as session:
            check_examination(session, patient, details)
        files = [read_bytes(path, limits=limits) for path in images]
        views, sides = complete_orientation(files, said, said_sides)
        check_sides(sides)
        predictor = Models(settings.bundles, limits=limits).predictor(task)
        judged = []
        for data, own_view, side in zip(files, views, sides, strict=True):
            prediction = predictor.predict(data, task, heatmap=True)
            judged.append(JudgedImage(data, media_type_of(data), (prediction,), own_view, side))
        print_json(add_examination(records, patient, details, judged, current_user()))


@app.command("list")
def list_(
    patient: Annotated[str | None, typer.Option(help="Of this patient only.")] = None,
    task: Annotated[str | None, typer.Option(help="Of this task only.")] = None,
    limit: Limit = 50,
    after: After = None,
    home: Home = None,
) -> None:
    """List examinations with their guesses and reviews, newest first."""
    from cancerapy.records.examinations import list_examinations

    with opened(home) as records, records.reading() as session:
        print_json(
            list_examinations(session, patient_id=patient, task=task, limit=limit, after=after)
        )


@app.command()
def answers(
    examination: Annotated[str, typer.Argument(help="Id of the examination.")],
    answer: Answers = None,
    prevalence: Prevalence = None,
    home: Home = None,
) -> None:
    """Replace all answers of an examination; what is left out is not answered any longer.

    What to do next is worked out anew and kept, for the share of malignant findings as before
    unless --prevalence gives another. What was said before stays on the record.

    For example:

      cancerapy examinations answers EXAMINATION --answer age=61 --answer sex=female
    """
    from cancerapy.agent import read_base_rates
    from cancerapy.contract.requests import NewAnswers
    from cancerapy.records.answers import change_answers
    from cancerapy.settings import load_settings

    rates = read_base_rates(load_settings().prevalence)
    wanted = NewAnswers(read_pairs(answer or [], "--answer"), prevalence)
    with opened(home) as records:
        with records.writing() as session:
            changed = change_answers(session, examination, wanted, current_user(), rates=rates)
        print_json(changed)


@app.command()
def decision(
    examination: Annotated[str, typer.Argument(help="Id of the examination.")],
    prevalence: Annotated[
        float | None,
        typer.Option(help="Share of malignant findings among your patients, for instance 0.05."),
    ] = None,
    now: Annotated[
        bool, typer.Option("--now", help="Work it out now instead of showing what was said.")
    ] = False,
    home: Home = None,
) -> None:
    """Say what to do next after all images and answers of an examination, and why.

    This is what was said when it was made, or its answers were last changed. With --prevalence or
    --now it is worked out now from the same guesses and answers; 'origin' in the answer says which.

    For example:

      cancerapy examinations decision EXAMINATION --prevalence 0.01
    """
    from cancerapy.agent import read_base_rates
    from cancerapy.records.decision import read_decision
    from cancerapy.settings import load_settings

    rates = read_base_rates(load_settings().prevalence)
    with opened(home) as records, records.reading() as session:
        print_json(read_decision(session, examination, prevalence=prevalence, now=now, rates=rates))


def _per_image(
    values: Sequence[str] | None, n_images: int, option: str, known: Sequence[str] = ()
) -> Sequence[str | None]:
    """Return one value for each image; all ``None`` where the option is not given.

    Args:
        values: As given.
        n_images: Number of images.
        option: The option, for the message.
        known: What a value can be; any text if empty.

    Raises:
        UsageError: There are more or fewer values than images.
        UnknownNameError: A value is not known.
    """
    if not values:
        return [None] * n_images
    if len(values) != n_images:
        raise UsageError(
            f"{option} must be given once per image, or not at all; there are {n_images} images "
            f"and {len(values)} values. Repeat it in the images' order.",
            code="option_invalid",
            field=option.lstrip("-"),
        )
    for value in values:
        if known and value not in known:
            raise UnknownNameError.of(option.lstrip("-"), value, known)
    return values
