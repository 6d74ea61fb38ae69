"""``cancerapy evaluate``: what a cross-validation's predictions are worth."""

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from cancerapy.cli.options import DataRoot
from cancerapy.settings import option_help

if TYPE_CHECKING:
    from cancerapy.cancers import Cancer
    from cancerapy.data.progress import StepProgress
    from cancerapy.evaluation.predictions import OutOfFold
    from cancerapy.evaluation.record import ProtocolRecord
    from cancerapy.evaluation.session import Evaluation, Request
    from cancerapy.settings import Settings


def evaluate(
    cancer: Annotated[
        str | None, typer.Argument(help="Cancer to evaluate: breast, skin, colorectal ...")
    ] = None,
    protocol: Annotated[
        str,
        typer.Option(
            help="grouped-5, slides, random-10-LEAKING, external-inbreast ...; by default the "
            "first that has predictions and does not leak."
        ),
    ] = "",
    external: Annotated[
        str | None,
        typer.Option(
            metavar="DATA SET",
            help="Judge this data set, which no training saw, with the shipped bundle first "
            "(inbreast ...); needs --data.",
        ),
    ] = None,
    predictions: Annotated[
        Path | None, typer.Option(help="Folder of predictions instead of the results folder's.")
    ] = None,
    against: Annotated[
        Path | None,
        typer.Option(help="Folder of other predictions of the same images, compared in pairs."),
    ] = None,
    ensemble: Annotated[
        list[Path] | None,
        typer.Option(
            metavar="FOLDER",
            help="Predictions that are averaged and measured as one model; give it for each of "
            "two or more folders, made on the same folds.",
        ),
    ] = None,
    baselines: Annotated[
        bool,
        typer.Option("--baselines", help="Train three baselines on the same folds (needs data)."),
    ] = False,
    report: Annotated[
        Path | None, typer.Option(metavar="FOLDER", help="Write an HTML report with plots there.")
    ] = None,
    data: DataRoot = None,
    results: Annotated[
        Path | None, typer.Option(help=option_help("results", "Folder of predictions and rows."))
    ] = None,
    bundles: Annotated[
        Path | None,
        typer.Option(help=option_help("bundles", "Folder of the bundle that --external judges.")),
    ] = None,
    model: Annotated[
        str | None, typer.Option(help="Name of what predicted; by default as recorded.")
    ] = None,
    resamples: Annotated[
        int, typer.Option(min=100, help="Resamples of the groups for the intervals.")
    ] = 1000,
    seed: Annotated[int, typer.Option(help="Seed of the resamples.")] = 0,
    write: Annotated[
        bool, typer.Option(help="Write rows to the results file and refresh the tables.")
    ] = True,
    tables: Annotated[
        bool, typer.Option("--tables", help="Only make the tables anew from the rows and stop.")
    ] = False,
) -> None:
    """Measure a cross-validation's predictions: figures, intervals, subgroups, baselines.

    For example:

      cancerapy evaluate skin

      cancerapy evaluate colorectal --protocol slides --baselines --report reports

      cancerapy evaluate skin --against results/predictions/skin-grouped-5-mobilenetv2

      cancerapy evaluate skin --ensemble one/skin-grouped-5 --ensemble two/skin-grouped-5

      cancerapy evaluate breast --external inbreast

      cancerapy evaluate --tables
    """
    import sys

    from cancerapy.cancers import load_cancer
    from cancerapy.errors import UsageError
    from cancerapy.settings import load_settings

    settings = load_settings(data=data, results=results, bundles=bundles)
    if tables:
        from cancerapy.evaluation.tables import refresh_tables

        for file in refresh_tables(settings.results):
            typer.echo(file)
        return
    if cancer is None:
        raise UsageError("Name the cancer to evaluate, or give --tables.", field="cancer")
    from cancerapy.evaluation.session import Request, evaluate_predictions
    from cancerapy.surroundings import describe_command
    from cancerapy.training.progress import RichDisplay

    request = Request(
        cancer=load_cancer(cancer),
        protocol=protocol,
        predictions=predictions,
        results=settings.results,
        data=settings.data,
        against=against,
        model=model,
        n_resamples=resamples,
        seed=seed,
        command=describe_command(sys.argv[1:]),
        bundles=settings.bundles,
        ensemble=tuple(ensemble or ()),
    )
    _check_ensemble(request, external)
    make = partial(_train_baselines, request.cancer, settings) if baselines else None
    with RichDisplay(request.cancer.id) as display:
        if external:
            request = _predict_external(request, external, settings, display.step)
        evaluation = evaluate_predictions(request, baselines=make, progress=display.step)
    _tell(evaluation, request, report, write=write)


def _check_ensemble(request: "Request", external: str | None) -> None:
    from cancerapy.errors import UsageError

    if request.ensemble and (request.predictions or external):
        other = "--predictions" if request.predictions else "--external"
        raise UsageError(
            f"--ensemble names the predictions that are measured, and so does {other}. Leave one "
            "of them out.",
            field="ensemble",
        )


def _predict_external(
    request: "Request", external: str, settings: "Settings", progress: "StepProgress"
) -> "Request":
    """Predict an external data set with the shipped bundle; return the request to measure it."""
    from dataclasses import replace

    from cancerapy.errors import UsageError
    from cancerapy.evaluation.external import predict_external

    if request.protocol or request.predictions:
        raise UsageError(
            "--external makes its own predictions and protocol. Leave --protocol and "
            "--predictions out.",
            field="external",
        )
    protocol = predict_external(request.cancer, external, settings, progress=progress)
    return replace(request, protocol=protocol)


def _tell(
    evaluation: "Evaluation", request: "Request", report: Path | None, *, write: bool
) -> None:
    """Print the summary and write what was asked for."""
    from cancerapy.evaluation.session import record_results, write_evaluation_report
    from cancerapy.evaluation.summary import summarise

    if not evaluation.has_facts:
        typer.echo(
            "Tables by age, sex, site or slide are left out: the images' own tables say nothing of "
            "these, or no data folder holds them (--data FOLDER or CANCERAPY_DATA).",
            err=True,
        )
    typer.echo(summarise(evaluation.sections))
    if report:
        typer.echo(write_evaluation_report(evaluation, request, report))
    if write:
        for file in record_results(evaluation, request):
            typer.echo(f"written: {file}", err=True)


def _train_baselines(
    cancer: "Cancer", settings: "Settings", out_of_fold: "OutOfFold", record: "ProtocolRecord"
) -> "dict[str, OutOfFold]":
    """Train the three baselines on the folds of ``out_of_fold``; returns predictions by name."""
    from dataclasses import replace

    from cancerapy.models.quiet_start import start_keras

    start_keras()
    from cancerapy.evaluation.baselines import baseline_predictions
    from cancerapy.training.plan import fill_values, resolve_plan
    from cancerapy.training.session import open_material

    # The yardstick is the last map of the trunk as published, on the pictures as they are.
    plan = resolve_plan(cancer, fill_values(record.plan), {"views": 1, "flips": "none"})
    if plan.read_layers:
        plan = replace(plan, read_layers=(), freeze_to="")
    with open_material(cancer, plan, settings) as material:
        return baseline_predictions(
            out_of_fold,
            [sample.path for sample in material.manifest.samples],
            material.pixels,
            material.activations.embedding,
            seed=plan.seed,
            progress=material.display.step,
        )
