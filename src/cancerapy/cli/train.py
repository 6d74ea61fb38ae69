"""``cancerapy train``: one network, a cross-validation, or the final fit on everything."""

from pathlib import Path
from typing import Annotated

import typer

from cancerapy.cli.options import AllowLeak, Backbone, DataRoot, OtherSource, StartingWeights
from cancerapy.settings import option_help


def train(
    cancer: Annotated[str, typer.Argument(help="Cancer to train: breast, skin, colorectal ...")],
    plan: Annotated[
        Path | None, typer.Option(help="Plan file (JSON), for instance a run's plan.json.")
    ] = None,
    set_: Annotated[
        list[str] | None,
        typer.Option("--set", help="A plan value as name=value; may be repeated. See --show-plan."),
    ] = None,
    backbone: Backbone = None,
    weights: StartingWeights = None,
    epochs: Annotated[int | None, typer.Option(help="Epochs with the last layers trained.")] = None,
    cross_validate: Annotated[
        str | None,
        typer.Option(metavar="PROTOCOL", help="grouped-5, slides, random-10-LEAKING ..."),
    ] = None,
    fold: Annotated[
        list[str] | None, typer.Option(help="Only this fold of the protocol; may be repeated.")
    ] = None,
    final: Annotated[
        str | None,
        typer.Option(
            metavar="PROTOCOL", help="Fit on all groups with what this protocol's folds chose."
        ),
    ] = None,
    teacher: Annotated[
        list[Path] | None,
        typer.Option(
            metavar="FOLDER",
            help="Learn these out-of-fold predictions beside the labels (--final only, with --set "
            "teacher_weight=...); may be repeated.",
        ),
    ] = None,
    allow_leak: AllowLeak = False,
    source: OtherSource = None,
    data: DataRoot = None,
    runs: Annotated[
        Path | None, typer.Option(help=option_help("runs", "Where run folders go."))
    ] = None,
    results: Annotated[
        Path | None, typer.Option(help=option_help("results", "Where predictions go."))
    ] = None,
    show_plan: Annotated[
        bool, typer.Option("--show-plan", help="Print the resolved plan with its help and stop.")
    ] = False,
) -> None:
    """Train a classifier; killed at any moment it goes on where it was when run again.

    Stage one trains the head on the frozen backbone, stage two the last layers as well. Without
    further options one fifth of the groups is held out and predicted.

    For instance:

      cancerapy train skin --data ~/data

      cancerapy train skin --cross-validate grouped-5

      cancerapy train skin --final grouped-5

      cancerapy train skin --final grouped-5 --teacher one/skin-grouped-5 --set teacher_weight=0.5

      cancerapy train colorectal --backbone MobileNetV2 --set dropout=0.4

      cancerapy train colorectal --set flips=none

      cancerapy train skin --set views=0 --set freeze_to=none --set seed=1

      cancerapy train skin --set head_epochs=3 --set views=4
    """
    from cancerapy.cancers import load_cancer
    from cancerapy.settings import load_settings
    from cancerapy.training.options import check_options, check_start, parse_values, print_plan
    from cancerapy.training.plan import read_plan, resolve_plan

    check_options(protocol=cross_validate, folds=fold, final=final, allow_leak=allow_leak)
    loaded = load_cancer(cancer)
    settings = load_settings(data=data, runs=runs, results=results)
    options = {"backbone": backbone, "weights": weights, "epochs": epochs}
    resolved = resolve_plan(
        loaded,
        read_plan(plan) if plan else {},
        {name: value for name, value in options.items() if value is not None},
        parse_values(set_ or []),
    )
    if show_plan:
        print_plan(resolved)
        return
    teachers = tuple(teacher or ())
    check_start(loaded, resolved, settings, source=source, final=final, teachers=teachers)
    from cancerapy.models.quiet_start import start_keras

    start_keras()
    from cancerapy.training.session import open_material, train_as_asked

    with open_material(loaded, resolved, settings, source) as material:
        folder = train_as_asked(
            material,
            settings,
            protocol=cross_validate,
            folds=fold,
            final=final,
            allow_leak=allow_leak,
            teachers=teachers,
        )
    typer.echo(folder)
