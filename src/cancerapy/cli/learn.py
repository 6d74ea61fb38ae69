"""``cancerapy learn``: from confirmed cases to a model that may be promoted."""

from pathlib import Path
from typing import Annotated

import typer

from cancerapy.cli.learn_clinic import clinic
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

    For instance:

      cancerapy learn queue

      cancerapy learn simulate skin --data ~/data
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


@app.command()
def queue(
    order: Annotated[
        str, typer.Option(help="uncertainty, or disagreement of readers, machine and views.")
    ] = "uncertainty",
    task: Annotated[str | None, typer.Option(help="Only guesses of this task.")] = None,
    limit: Annotated[int, typer.Option(min=1, help="Most lines.")] = 20,
) -> None:
    """List the machine guesses that a person should look at next.

    For instance:

      cancerapy learn queue

      cancerapy learn queue --order disagreement --task skin-7
    """
    from cancerapy.records import open_records
    from cancerapy.records.review_queue import read_queue
    from cancerapy.settings import load_settings

    records = open_records(load_settings())
    try:
        with records.reading() as session:
            found = read_queue(session, order=order, task=task, limit=limit)
    finally:
        records.close()
    for guess in found.guesses:
        notes = ", ".join(guess.disagreements)
        typer.echo(
            f"{guess.uncertainty:.2f}  {guess.task}  {guess.predicted_class}  {guess.model}  "
            f"{guess.prediction_id}  {notes}".rstrip()
        )
    typer.echo(f"{found.n_waiting} wait for a reviewer", err=True)


@app.command()
def collect(
    cancer: Annotated[str, _CANCER],
    data: DataRoot = None,
    results: Annotated[
        Path | None,
        typer.Option(help=option_help("results", "Where predictions of the shipped data are.")),
    ] = None,
) -> None:
    """Make the next version of the collected data set from the records.

    Only images with consent to training and a confirmed label enter it; none that models are
    measured on, turned or mirrored, and none of such patients. Labels, old and new, that are
    probably wrong are listed and left as they are.

    For instance:

      cancerapy learn collect skin --data ~/data
    """
    from cancerapy.cancers import load_cancer
    from cancerapy.data.progress import counting
    from cancerapy.learning.session import collect_from_records
    from cancerapy.settings import load_settings

    loaded = load_cancer(cancer)
    settings = load_settings(data=data, results=results)
    with counting("comparing with the evaluation side") as progress:
        notes: list[str] = []
        version = collect_from_records(loaded, settings, progress=progress, say=notes.append)
    typer.echo(f"{version.name}: {len(version.cases)} images, digest {version.digest}")
    for because in sorted(set(version.left_out.values())):
        n_images = sum(own == because for own in version.left_out.values())
        typer.echo(f"left out: {n_images} ({because})")
    if version.gone:
        typer.echo(f"no longer in it: {len(version.gone)}")
    for doubt in version.doubts:
        if doubt.is_new:
            typer.echo(f"look again: {doubt.image} {doubt.task} {doubt.given}, not {doubt.likely}?")
    n_old = sum(not doubt.is_new for doubt in version.doubts)
    searched = f"{n_old} labels of the shipped data are doubtful; all are in the version's file"
    typer.echo("\n".join(notes) or searched)


@app.command()
def retrain(
    cancer: Annotated[str, _CANCER],
    version: Annotated[
        int | None, typer.Option(help="Number of the collected version; the newest by default.")
    ] = None,
    plan: Annotated[
        Path | None,
        typer.Option(help="Plan file (JSON) of one network; by default as the served model was."),
    ] = None,
    set_: Annotated[
        list[str] | None,
        typer.Option("--set", help="A value of every plan as name=value; may be repeated."),
    ] = None,
    quick: Annotated[
        bool, typer.Option("--quick", help="One epoch: tests the way through, worth nothing.")
    ] = False,
    data: DataRoot = None,
    runs: Annotated[
        Path | None, typer.Option(help=option_help("runs", "Where run folders go."))
    ] = None,
    bundles: Annotated[
        Path | None,
        typer.Option(help=option_help("bundles", "Folder of bundles; the package's by default.")),
    ] = None,
) -> None:
    """Train a challenger from the shipped data and a collected version; it is not served yet.

    By default it is made as the served model was: the same networks by the same plans, measured,
    joined, calibrated and exported in the same way. --plan trains one network by that plan.
    Killed at any moment it goes on where it was when run again. Consent is asked for anew: what
    was withdrawn since the version was collected is left out.

    For instance:

      cancerapy learn retrain skin --data ~/data

      cancerapy learn retrain skin --version 3 --plan my-plan.json
    """
    from cancerapy.bundle.store import default_root
    from cancerapy.cancers import load_cancer
    from cancerapy.learning.recipe import read_recipe
    from cancerapy.settings import load_settings
    from cancerapy.training.options import parse_values
    from cancerapy.training.plan import read_plan, resolve_plan

    loaded = load_cancer(cancer)
    settings = load_settings(data=data, runs=runs, bundles=bundles)
    named = resolve_plan(loaded, read_plan(plan)) if plan else None
    recipe = read_recipe(settings.bundles or default_root(), loaded, named)
    recipe = recipe.changed(loaded, parse_values(set_ or []))
    from cancerapy.models.quiet_start import start_keras

    start_keras()
    from cancerapy.learning.session import retrain_from_records

    made = retrain_from_records(
        loaded,
        recipe.quick() if quick else recipe,
        settings,
        version,
        say=lambda text: typer.echo(text, err=True),
    )
    typer.echo(made.bundle)


@app.command()
def promote(
    model: Annotated[str, typer.Argument(help="The challenger, for instance skin-4.")],
    bundles: Annotated[
        Path | None,
        typer.Option(help=option_help("bundles", "Folder of bundles; the package's by default.")),
    ] = None,
    runs: Annotated[
        Path | None, typer.Option(help=option_help("runs", "Where run folders are."))
    ] = None,
    results: Annotated[
        Path | None,
        typer.Option(help=option_help("results", "Where predictions are and decisions go.")),
    ] = None,
    accept_unjudged: Annotated[
        str,
        typer.Option(
            metavar="REASON",
            help="Serve it although too few of your own patients have some class; the reason "
            "is kept with the decision, and the audit log says that there is one. What got worse "
            "is refused all the same.",
        ),
    ] = "",
) -> None:
    """Serve a challenger from now on if no class gets worse and its calibration holds.

    Both models are compared twice, by answers of networks that never learnt from the patient, with
    paired intervals over patients: on the shipped data, and on your own collected patients. It must
    hold on both. Where too few of your own patients have a class, it is refused unless you say why
    you accept that. The decision with its figures is written either way, and an entry in the audit
    log. Servers that run take the new model with their next answer. Exit status 1 where the
    challenger is refused.

    For instance:

      cancerapy learn promote skin-4

      cancerapy learn promote skin-4 --accept-unjudged "no patient with density 4 comes here"
    """
    import sys

    from cancerapy.cli.people import ACTOR
    from cancerapy.data.progress import counting
    from cancerapy.learning.promote import promote as promote_bundle
    from cancerapy.settings import load_settings
    from cancerapy.surroundings import describe_command

    settings = load_settings(bundles=bundles, runs=runs, results=results)
    with counting("own patients") as progress:
        verdict, served = promote_bundle(
            settings,
            model,
            command=describe_command(sys.argv[1:]),
            accept_unjudged=accept_unjudged,
            actor=ACTOR,
            progress=progress,
        )
    typer.echo("\n".join(verdict.in_words()))
    typer.echo(f"served: {served}")
    if not verdict.is_accepted:
        raise typer.Exit(1)


app.command()(clinic)
