"""``cancerapy predict``: classes and probabilities of files and folders."""

from pathlib import Path
from typing import Annotated

import typer

from cancerapy.settings import option_help


def predict(
    task: Annotated[
        str, typer.Argument(help="Task: breast, breast-density, skin, skin-7, colorectal ...")
    ],
    paths: Annotated[list[Path], typer.Argument(help="Images, or folders of images.")],
    format_: Annotated[str, typer.Option("--format", "-f", help="table, json or csv.")] = "table",
    output: Annotated[
        Path | None, typer.Option("--output", "-o", help="File to write instead of the screen.")
    ] = None,
    heatmaps: Annotated[
        Path | None, typer.Option("--heatmap", help="Folder for pictures with the heat map.")
    ] = None,
    bundles: Annotated[
        Path | None,
        typer.Option(
            help=option_help("bundles", "Folder of model bundles instead of the package's own.")
        ),
    ] = None,
    workers: Annotated[
        int | None,
        typer.Option(
            min=0,
            help=option_help("workers", "Images at once; 0: one per two processor cores."),
        ),
    ] = None,
) -> None:
    """Classify images; a machine guess, not a diagnosis.

    Folders are searched for images at any depth. A file that cannot be read does not stop the
    rest: its row is empty, the reason goes to the screen, and the exit status is 1.

    For instance:

      cancerapy predict skin lesion.jpg

      cancerapy predict colorectal tiles/ --format csv -o tiles.csv

      cancerapy predict breast mammogram.dcm --heatmap maps/
    """
    from cancerapy.runtime.batch import predict_files
    from cancerapy.runtime.models import Models
    from cancerapy.runtime.tables import check_output, render, writer_named
    from cancerapy.settings import load_settings

    settings = load_settings(bundles=bundles, workers=workers)
    write = writer_named(format_)
    from cancerapy.readers import ReadLimits

    limits = ReadLimits(settings.max_upload_mb * 1_000_000, settings.max_megapixels)
    predictor = Models(settings.bundles, workers=settings.workers, limits=limits).predictor(task)
    check_output(output)
    results = predict_files(predictor, task, paths, heatmaps=heatmaps)
    render(write, results, predictor.cancer.task(task), output)
    if any(result.error for result in results):
        raise typer.Exit(1)
