"""``cancerapy learn``: from confirmed cases to a model that may be promoted."""

from pathlib import Path
from typing import Annotated

import typer

from cancerapy.cli.options import DataRoot
from cancerapy.settings import option_help

app = typer.Typer(add_completion=False, rich_markup_mode=None, no_args_is_help=True)

_CANCER = typer.Argument(help="Cancer, for instance skin.")
_RESULTS = typer.Option(help=option_help("results", "Where rows go."))
_DOCS = typer.Option(help="Folder of the documentation.")


@app.callback()
def learn() -> None:
    """Learn from cases that reviewers have confirmed.

    queue, collect, retrain, promote are the steps in a clinic; simulate shows on a data set whose
    truth is known what they are worth. 'cancerapy models rollback' leads back.
    """


@app.command()
def simulate(
    cancer: Annotated[str, _CANCER] = "",
    page: Annotated[
        bool, typer.Option("--page", help="Only write the page and its pictures from the rows.")
    ] = False,
    plan: Annotated[
        Path, typer.Option(help="Plan file that names the backbone whose features are taken.")
    ] = Path("plans/learning/simulate.json"),
    seeds: Annotated[int, typer.Option(min=1, help="Draws of start, order, wrong labels.")] = 10,
    docs: Annotated[Path, _DOCS] = Path("docs"),
    data: DataRoot = None,
    runs: Annotated[
        Path | None, typer.Option(help=option_help("runs", "Where finished draws are kept."))
    ] = None,
    results: Annotated[Path | None, _RESULTS] = None,
) -> None:
    """Follow ways to learn through a simulated stream of uploads and write docs/learning.md.

    For instance:

      cancerapy learn simulate skin --data ~/data

      cancerapy learn simulate --page
    """
    import sys

    from cancerapy.errors import UsageError
    from cancerapy.learning.page import FOLDER, write_page
    from cancerapy.settings import load_settings
    from cancerapy.surroundings import describe_command

    settings = load_settings(data=data, runs=runs, results=results)
    if page == bool(cancer):
        raise UsageError(
            "The simulation needs the cancer whose data set it runs on, or --page to only write "
            "the page; give one of the two, for instance: cancerapy learn simulate skin.",
            field="cancer",
        )
    if cancer:
        from cancerapy.cancers import load_cancer
        from cancerapy.data.progress import counting
        from cancerapy.evaluation.rows import write_rows
        from cancerapy.learning.simulation import simulate as simulate_trial
        from cancerapy.models.quiet_start import start_keras

        loaded = load_cancer(cancer)
        start_keras()
        from cancerapy.learning.trial import read_trial

        trial = read_trial(loaded, plan, settings, describe_command(sys.argv[1:]))
        with counting("draws") as progress:
            folder = settings.runs / "learn" / "simulate"
            rows = simulate_trial(trial, folder, n_seeds=seeds, progress=progress)
        write_rows(settings.results / FOLDER / f"{loaded.id}.csv", rows)
    for file in write_page(settings.results, docs):
        typer.echo(file)
