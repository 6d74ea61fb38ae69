"""``cancerapy tune``: search the settings of a plan within a time budget."""

from pathlib import Path
from typing import Annotated

import typer

from cancerapy.cli.options import Backbone, DataRoot, OtherSource, StartingWeights
from cancerapy.settings import option_help


def tune(
    cancer: Annotated[str, typer.Argument(help="Cancer to tune: breast, skin, colorectal ...")],
    budget: Annotated[
        str, typer.Option(metavar="TIME", help="Time for this call: 90s, 30m, 2h, 1h30m ...")
    ] = "30m",
    goal: Annotated[
        float | None, typer.Option(help="Score, 0..1, that ends the search when reached.")
    ] = None,
    states: Annotated[
        int, typer.Option(help="Most states that a worker tries in this call; 0: no limit.")
    ] = 0,
    workers: Annotated[int, typer.Option(help="Processes at work on the study.")] = 1,
    search: Annotated[
        list[str] | None,
        typer.Option(help="A parameter to search; may be repeated. All by default."),
    ] = None,
    optimizers: Annotated[
        str | None,
        typer.Option(metavar="NAMES", help="Compare these instead, for instance adam,sgd,rmsprop."),
    ] = None,
    plan: Annotated[
        Path | None, typer.Option(help="Plan file (JSON) to start from, by default the cancer's.")
    ] = None,
    set_: Annotated[
        list[str] | None,
        typer.Option("--set", help="A plan value as name=value, which is held; may be repeated."),
    ] = None,
    backbone: Backbone = None,
    weights: StartingWeights = None,
    protocol: Annotated[
        str, typer.Option(help="Cross-validation that will be reported: grouped-5, slides ...")
    ] = "grouped-5",
    fold: Annotated[
        str | None, typer.Option(help="Its fold that is held out; by default the first.")
    ] = None,
    fraction: Annotated[float, typer.Option(help="Share of the other images to use, 0..1.")] = 0.25,
    proxy_epochs: Annotated[int, typer.Option(help="Most epochs of a stage.")] = 3,
    proxy_views: Annotated[
        int, typer.Option(help="Most cached views, where the plan has views.")
    ] = 2,
    study: Annotated[
        str | None, typer.Option(help="Name of the study; by default made from what is searched.")
    ] = None,
    source: OtherSource = None,
    data: DataRoot = None,
    runs: Annotated[
        Path | None, typer.Option(help=option_help("runs", "Where studies go."))
    ] = None,
) -> None:
    """Search the settings of a plan; the same command goes on where the last one ended.

    States are plan settings, the first ones random; each is trained on a small part of the data
    and judged on other groups. The held-out fold is never looked at. Started twice at the same
    time, both work on one study. The best state becomes a plan for 'cancerapy train --plan'.

    For instance:

      cancerapy tune skin --budget 2h --workers 2

      cancerapy tune colorectal --protocol slides --search learning_rate --search dropout

      cancerapy tune skin --budget 10m --set epochs=6 --fraction 0.5 --goal 0.95

      cancerapy tune colorectal --optimizers adam,sgd,rmsprop --budget 1h
    """
    from cancerapy.cancers import load_cancer
    from cancerapy.settings import load_settings
    from cancerapy.training.options import check_start, parse_values
    from cancerapy.training.plan import read_plan, resolve_plan
    from cancerapy.tuning.budget import Deadline, parse_budget
    from cancerapy.tuning.request import Fidelity, Request, check_request, split_names

    deadline = Deadline.after(parse_budget(budget))
    loaded = load_cancer(cancer)
    options = {"backbone": backbone, "weights": weights}
    values = {name: value for name, value in options.items() if value is not None}
    values |= parse_values(set_ or [])
    request = Request(
        loaded.id,
        resolve_plan(loaded, read_plan(plan) if plan else {}, values),
        load_settings(data=data, runs=runs),
        fixed=tuple(values),
        search=tuple(search or ()),
        optimizers=split_names(optimizers),
        fidelity=Fidelity(protocol, fold or "", fraction, proxy_epochs, proxy_views),
        source=source,
        study=study or "",
        goal=goal,
        states=states,
        workers=workers,
    )
    check_request(request)
    check_start(loaded, request.plan, request.settings, source=source, final=None)
    from cancerapy.models.quiet_start import start_keras

    start_keras()
    from cancerapy.tuning.session import compare_as_asked, tune_as_asked

    do = compare_as_asked if request.optimizers else tune_as_asked
    typer.echo(do(request, deadline))
