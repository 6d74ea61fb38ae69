"""``cancerapy compare``: architectures by how right they are and by what that costs."""

from pathlib import Path
from typing import Annotated

import typer

from cancerapy.cli.options import AllowLeak, DataRoot, OtherSource
from cancerapy.settings import option_help


def compare(
    cancer: Annotated[str, typer.Argument(help="Cancer: breast, skin, colorectal ...")],
    backbones: Annotated[
        str | None,
        typer.Option(
            metavar="NAME,NAME,...",
            help="Networks, the first of which the others are compared with; NAME=none starts at "
            "random, NAME=FILE from a file. By default all whose weights are in CANCERAPY_WEIGHTS, "
            "the cancer's own first.",
        ),
    ] = None,
    epochs: Annotated[
        int,
        typer.Option(min=0, help="Epochs with the last layers trained; 0: frozen features."),
    ] = 0,
    protocol: Annotated[
        str,
        typer.Option(help="grouped-5, slides ...; by default slides where groups are slides."),
    ] = "",
    set_: Annotated[
        list[str] | None,
        typer.Option("--set", help="A plan value for all, as name=value; may be repeated."),
    ] = None,
    source: OtherSource = None,
    plot: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="PNG of the Pareto plot; by default below the runs."),
    ] = None,
    allow_leak: AllowLeak = False,
    data: DataRoot = None,
    runs: Annotated[
        Path | None, typer.Option(help=option_help("runs", "Where runs and predictions go."))
    ] = None,
    results: Annotated[
        Path | None, typer.Option(help=option_help("results", "Folder of the rows."))
    ] = None,
    resamples: Annotated[
        int, typer.Option(min=100, help="Resamples of the groups for the intervals.")
    ] = 1000,
) -> None:
    """Compare architectures by accuracy, training and inference time, size, memory and FLOPs.

    Every network gets the same recipe and the same folds. Without --epochs a linear classifier of
    its frozen features is judged, which takes minutes; with --epochs its last layers are trained.
    Killed at any moment it goes on where it was when run again. A network that fails gets a row
    that says why, the others go on, and the exit status is 1.

    The table goes to standard output and into results/comparison, a plot of accuracy against
    inference time below the runs. A difference counts if its interval excludes zero.

    For instance:

      cancerapy compare colorectal

      cancerapy compare skin --backbones MobileNetV2,ResNet50,MobileNetEdgeTPU

      cancerapy compare skin --backbones MobileNetV2,SmallCNN --epochs 10

      cancerapy compare skin --backbones MobileNetV2,ResNet50=none --epochs 10 --set views=4
    """
    import sys

    from cancerapy.cancers import load_cancer
    from cancerapy.comparison.candidates import choose_candidates
    from cancerapy.comparison.request import Request, check_request
    from cancerapy.settings import load_settings
    from cancerapy.surroundings import describe_command, without_places
    from cancerapy.training.options import parse_values

    loaded = load_cancer(cancer)
    settings = load_settings(data=data, runs=runs, results=results)
    request = Request(
        cancer=loaded,
        candidates=choose_candidates(backbones, loaded, settings.weights),
        protocol=protocol,
        epochs=epochs,
        changes=parse_values(set_ or []),
        source=source,
        settings=settings,
        command=describe_command([without_places(word) for word in sys.argv[1:]]),
        plot=plot,
        allow_leak=allow_leak,
        n_resamples=resamples,
    )
    check_request(request)
    from cancerapy.models.quiet_start import start_keras

    start_keras()
    from cancerapy.comparison.session import compare_candidates
    from cancerapy.comparison.table import comparison_table

    comparison = compare_candidates(request)
    typer.echo(comparison_table(comparison.rows))
    for file in comparison.files:
        typer.echo(f"written: {file}", err=True)
    if comparison.n_failed:
        raise typer.Exit(1)
