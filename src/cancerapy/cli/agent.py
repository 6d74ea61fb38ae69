"""``cancerapy agent``: fits what the agent knows and measures what its decisions are worth."""

from pathlib import Path
from typing import Annotated

import typer

from cancerapy.cli.options import DataRoot
from cancerapy.settings import option_help

app = typer.Typer(add_completion=False, rich_markup_mode=None)

_CANCER = typer.Argument(help="Cancer: breast, skin, colorectal ...")
_RESULTS = typer.Option(help=option_help("results", "Where predictions and rows are."))
_FOLDERS = typer.Option(
    metavar="FOLDER",
    help="Predictions of each network, on the same folds; by default all of the results folder.",
)


@app.callback()
def agent() -> None:
    """Fit what images and answers say, and measure the decisions.

    For instance:

      cancerapy agent fit skin --data ~/data

      cancerapy agent measure skin --data ~/data
    """


@app.command()
def fit(
    cancer: Annotated[str, _CANCER],
    output: Annotated[
        Path | None,
        typer.Option(
            "--output", "-o", metavar="FILE", help="File to write; by default the cancer's own."
        ),
    ] = None,
    predictions: Annotated[list[Path] | None, _FOLDERS] = None,
    data: DataRoot = None,
    results: Annotated[Path | None, _RESULTS] = None,
) -> None:
    """Fit scale, offsets, tables of answers and correlation of images on all folds.

    The answers are those of the data set's own table; without --data images alone are fitted.
    """
    import sys

    from cancerapy.atomic import write_atomically
    from cancerapy.cancers import load_cancer
    from cancerapy.policy.fit import fit_evidence
    from cancerapy.policy.material import find_predictions, load_material, own_place
    from cancerapy.settings import load_settings
    from cancerapy.surroundings import describe_command

    settings = load_settings(data=data, results=results)
    loaded = load_cancer(cancer)
    folders = predictions or find_predictions(cancer, settings.results)
    material = load_material(loaded, folders, settings.data)
    command = describe_command(sys.argv[1:])
    file = output or own_place(cancer)
    write_atomically(file, fit_evidence(material, loaded, command=command).to_json())
    typer.echo(file)


@app.command()
def measure(
    cancer: Annotated[str, _CANCER],
    predictions: Annotated[list[Path] | None, _FOLDERS] = None,
    docs: Annotated[
        Path, typer.Option(help="Folder whose agent.md gets the tables, with its pictures.")
    ] = Path("docs"),
    prevalence: Annotated[
        list[float] | None,
        typer.Option(
            min=0.0001,
            max=0.9999,
            help="Share of malignant findings at your clinic, measured beside the others; repeat.",
        ),
    ] = None,
    data: DataRoot = None,
    results: Annotated[Path | None, _RESULTS] = None,
) -> None:
    """Measure what decisions cost, by policy and prevalence, and what more images and answers save.

    Everything is out of fold: the evidence of each fold is fitted on the others.
    """
    import sys

    from cancerapy.cancers import load_cancer
    from cancerapy.policy.material import find_predictions, load_material
    from cancerapy.policy.session import measure_agent
    from cancerapy.settings import load_settings
    from cancerapy.surroundings import describe_command
    from cancerapy.training.progress import RichDisplay

    settings = load_settings(data=data, results=results)
    loaded = load_cancer(cancer)
    folders = predictions or find_predictions(cancer, settings.results)
    material = load_material(loaded, folders, settings.data)
    command = describe_command(sys.argv[1:])
    with RichDisplay(cancer) as display:
        files = measure_agent(
            material, loaded, settings.results, docs,
            command=command, prevalences=prevalence or (), progress=display.step,
        )  # fmt: skip
        for file in files:
            typer.echo(file)
