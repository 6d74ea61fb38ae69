"""``cancerapy reproduce``: the experiments of the 2022 report, measured and written down."""

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated

import typer

from cancerapy.cli.options import DataRoot
from cancerapy.settings import option_help


def reproduce(
    experiment: Annotated[
        str | None, typer.Argument(help="Experiment to run; see --list. Without: all of them.")
    ] = None,
    list_: Annotated[
        bool, typer.Option("--list", help="Show every experiment with its status and stop.")
    ] = False,
    document: Annotated[
        bool,
        typer.Option("--document", help="Only write the pages and their pictures from the rows."),
    ] = False,
    figures: Annotated[
        Path | None,
        typer.Option(
            metavar="FOLDER",
            help="Only draw the report's figures there; they show patients' images.",
        ),
    ] = None,
    part: Annotated[
        list[str] | None, typer.Option(help="Only this part of the experiment; may be repeated.")
    ] = None,
    again: Annotated[bool, typer.Option("--again", help="Measure finished parts again.")] = False,
    quick: Annotated[
        bool, typer.Option("--quick", help="A few images, one epoch: for tests; marks its rows.")
    ] = False,
    plans: Annotated[Path, typer.Option(help="Folder of the plan files.")] = Path("plans"),
    docs: Annotated[Path, typer.Option(help="Folder of the documentation.")] = Path("docs"),
    data: DataRoot = None,
    runs: Annotated[
        Path | None, typer.Option(help=option_help("runs", "Where unfinished work is kept."))
    ] = None,
    results: Annotated[
        Path | None, typer.Option(help=option_help("results", "Where rows go."))
    ] = None,
) -> None:
    """Run the report's experiments and write docs/reproduction.md and docs/anchors.md.

    What is finished is not run again; an interrupted run goes on where it was. An experiment has
    parts, one for each setting that it compares.

    For instance:

      cancerapy reproduce --list

      cancerapy reproduce skin-imbalance --data ~/data

      cancerapy reproduce skin-imbalance --part "focal loss" --again

      cancerapy reproduce --document

      cancerapy reproduce --figures ~/pictures --data ~/data
    """
    import sys

    from cancerapy.reproduce.document import write_document
    from cancerapy.reproduce.session import Request, check_request, list_status, run_experiments
    from cancerapy.settings import load_settings
    from cancerapy.surroundings import describe_command

    _check_alone(
        {"list": list_, "document": document, "figures": figures},
        {"EXPERIMENT": experiment, "--part": part, "--again": again, "--quick": quick},
    )
    settings = load_settings(data=data, runs=runs, results=results)
    if list_:
        for status in list_status(settings.results):
            own = status.experiment
            typer.echo(f"{own.id:<18} {status.word:<14} {own.title} ({own.place})")
        return
    if figures:
        from cancerapy.reproduce.figures import draw_figures

        for file in draw_figures(settings, figures, say=lambda text: typer.echo(text, err=True)):
            typer.echo(file)
        return
    command = describe_command(sys.argv[1:])
    request = Request(settings, plans, experiment, part or (), again, quick, command)
    if not document:
        check_request(request)  # wrong use leaves the pages as they are
        from cancerapy.models.quiet_start import start_keras

        start_keras()
    try:
        if not document:
            run_experiments(request, say=lambda text: typer.echo(text, err=True))
    finally:
        if not quick:
            for file in write_document(settings.results, docs):
                typer.echo(file)


def _check_alone(modes: Mapping[str, object], others: Mapping[str, object]) -> None:
    """Refuse an option that would be ignored beside one that asks for something else.

    Args:
        modes: What is done in place of running experiments, by option.
        others: What only says how experiments are run, by word.

    Raises:
        UsageError: Two modes are given, or a mode and one of the others.
    """
    from cancerapy.errors import UsageError

    asked = [name for name, value in modes.items() if value]
    ignored = [f"--{name}" for name in asked[1:]]
    ignored += [name for name, value in others.items() if value]
    if asked and ignored:
        raise UsageError(
            f"--{asked[0]} runs no experiment, so {ignored[0]} would be ignored. Leave one of the "
            "two away.",
            field=asked[0],
        )
