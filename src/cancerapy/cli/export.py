"""``cancerapy export``: make the bundle that is served."""

from pathlib import Path
from typing import Annotated

import typer

from cancerapy.cli.options import DataRoot
from cancerapy.settings import option_help


def export(
    cancer: Annotated[str, typer.Argument(help="Cancer whose network is exported.")],
    run: Annotated[
        Path | None,
        typer.Option(help="Folder of a trained run, for instance runs/skin-1a2b3c4d5e/final."),
    ] = None,
    ensemble: Annotated[
        list[Path] | None,
        typer.Option(
            metavar="RUN FOLDER",
            help="Export the mean of several runs as one graph; give it for each of them.",
        ),
    ] = None,
    predictions: Annotated[
        list[Path] | None,
        typer.Option(
            metavar="FOLDER",
            help="The out-of-fold predictions to calibrate with; with --ensemble one for each "
            "run, in the same order.",
        ),
    ] = None,
    output: Annotated[
        Path | None,
        typer.Option(
            "--output",
            "-o",
            help=option_help("bundles", "Folder of bundles; the package's own by default."),
        ),
    ] = None,
    flips: Annotated[
        str | None,
        typer.Option(
            help="Test-time flips, none, horizontal or both, in place of the plan's (train --set "
            "flips=...); only with predictions that were made with them."
        ),
    ] = None,
    quantise: Annotated[
        bool,
        typer.Option(
            "--quantise", help="Take int8 if no class loses a point of sensitivity out of fold."
        ),
    ] = False,
    compress: Annotated[
        bool,
        typer.Option(
            "--compress",
            help="Store weights as int8: half the size of float16. See the how-to.",
        ),
    ] = False,
    data: DataRoot = None,
    runs: Annotated[
        Path | None, typer.Option(help=option_help("runs", "Where run folders are."))
    ] = None,
    results: Annotated[
        Path | None,
        typer.Option(help=option_help("results", "Where predictions and rows are.")),
    ] = None,
) -> None:
    """Export a trained network as a bundle: LiteRT graph, calibration, limits, card.

    The calibration comes from out-of-fold predictions; the graph is compared with Keras on real
    images and on phantoms before anything is written.

    For instance:

      cancerapy export skin --data ~/data

      cancerapy export skin --run runs/skin-1a2b3c4d5e/final -o my-bundles

      cancerapy export skin --ensemble runs/skin-1a2b/final --ensemble runs/skin-3c4d/final
    """
    from cancerapy.cancers import load_cancer
    from cancerapy.errors import UnknownNameError
    from cancerapy.training.plan_checks import N_FLIPPED

    loaded = load_cancer(cancer)
    if flips is not None and flips not in N_FLIPPED:
        raise UnknownNameError.of("flips", flips, N_FLIPPED)
    from cancerapy.export.request import ExportRequest
    from cancerapy.settings import load_settings

    settings = load_settings(data=data, runs=runs, results=results, bundles=output)
    request = ExportRequest(
        loaded,
        settings,
        run,
        predictions=tuple(predictions or ()),
        flips=flips,
        quantise=quantise,
        compress=compress,
        ensemble=tuple(ensemble or ()),
    )
    from cancerapy.models.quiet_start import start_keras

    start_keras()
    from cancerapy.export.session import export_bundle

    folder, parities = export_bundle(request)
    for parity in parities:
        typer.echo(
            f"{parity.pictures}: {parity.n} pictures, largest difference {parity.largest:.5f}, "
            f"mean {parity.mean:.6f}, other class {parity.disagreement:.2%}",
            err=True,
        )
    typer.echo(folder)
