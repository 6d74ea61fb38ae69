"""``cancerapy models``: which bundles there are, what they are worth, and which is served."""

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from cancerapy.settings import option_help

if TYPE_CHECKING:
    from cancerapy.bundle.schema import BundleFields
    from cancerapy.runtime.models import Models

_MAIN = {
    "accuracy": "accuracy",
    "balanced_accuracy": "balanced",
    "macro_auc": "AUC",
    "malignancy_auc": "malignancy AUC",
}
"""Figures of the list with their short names; the others are on the card."""

_BUNDLES = typer.Option(
    help=option_help("bundles", "Folder of model bundles instead of the package's own.")
)

app = typer.Typer(add_completion=False, rich_markup_mode=None)


@app.callback(invoke_without_command=True)
def models(context: typer.Context, bundles: Annotated[Path | None, _BUNDLES] = None) -> None:
    """List the model bundles with version, date, tasks and main figures.

    A cancer whose bundle is missing or damaged is named on stderr. 'cancerapy models card CANCER'
    shows all that is known of one.

    For example:

      cancerapy models

      cancerapy models --bundles my-bundles

      cancerapy models card skin
    """
    if context.invoked_subcommand:
        context.obj = bundles
        return
    found = _open(bundles)
    typer.echo(list_models(found.fields()), nl=False)
    for cancer_id, problem in found.problems().items():
        typer.echo(f"cancerapy: {cancer_id}: {problem}", err=True)


@app.command()
def card(
    context: typer.Context,
    cancer: Annotated[str, typer.Argument(help="Cancer, for instance skin.")],
    bundles: Annotated[Path | None, _BUNDLES] = None,
) -> None:
    """Print the model card of a cancer's served bundle, Markdown.

    For example:

      cancerapy models card colorectal
    """
    from cancerapy.cancers import load_cancer

    typer.echo(_open(bundles or context.obj).card(load_cancer(cancer).id), nl=False)


@app.command()
def rollback(
    context: typer.Context,
    model: Annotated[
        str,
        typer.Argument(
            help="A cancer, to serve what was served before; or an earlier model, such as skin-2."
        ),
    ],
    bundles: Annotated[Path | None, _BUNDLES] = None,
) -> None:
    """Serve an earlier model again; servers that run take it with their next answer.

    For example:

      cancerapy models rollback skin

      cancerapy models rollback skin-2
    """
    from cancerapy.bundle.serving import decide_served, earlier_bundle
    from cancerapy.bundle.store import default_root, find_bundles, load_bundle
    from cancerapy.cancers import list_cancers, load_cancer
    from cancerapy.settings import load_settings

    root = load_settings(bundles=bundles or context.obj).bundles or default_root()
    name, _, version = model.rpartition("-")
    is_version = version.isdecimal() and model not in list_cancers()
    cancer = load_cancer(name if is_version else model).id
    served = find_bundles(root).get(cancer)
    before = served.name if served else ""
    wanted = earlier_bundle(root, cancer, before, model if is_version else None)
    load_bundle(root / wanted)
    decide_served(root, cancer, wanted, before=before, because="rolled back")
    typer.echo(f"served: {wanted} (before: {before})")


@app.command()
def history(
    context: typer.Context,
    cancer: Annotated[str, typer.Argument(help="Cancer, for instance skin.")],
    bundles: Annotated[Path | None, _BUNDLES] = None,
) -> None:
    """List the decisions on which model of a cancer is served, the oldest first.

    For example:

      cancerapy models history skin
    """
    from cancerapy.bundle.serving import read_history
    from cancerapy.bundle.store import default_root
    from cancerapy.cancers import load_cancer
    from cancerapy.settings import load_settings

    root = load_settings(bundles=bundles or context.obj).bundles or default_root()
    for decision in read_history(root, load_cancer(cancer).id):
        typer.echo(f"{decision.date}  {decision.bundle}  {decision.because}")


def list_models(fields: Mapping[str, "BundleFields"]) -> str:
    """Return a table with a line per task of each bundle; one line of text if there is none."""
    if not fields:
        return "No usable bundle.\n"
    rows = [["model", "made", "task", "classes", "measured out of fold"]]
    for bundle in fields.values():
        for task in bundle.tasks:
            figures = describe_figures(bundle.results, task.id)
            rows.append([bundle.name, bundle.created, task.id, str(len(task.class_ids)), figures])
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]) - 1)]
    lines = [
        "  ".join([*(cell.ljust(w) for cell, w in zip(row, widths, strict=False)), row[-1]])
        for row in rows
    ]
    return "\n".join(lines) + "\n"


def describe_figures(results: tuple[Mapping[str, Any], ...], task_id: str) -> str:
    """Return the main figures of a task by protocol, as measured when the bundle was made."""
    by_protocol: dict[str, list[str]] = {}
    for row in results:
        short = _MAIN.get(str(row.get("metric")))
        if short and row.get("task") == task_id:
            text = f"{short} {float(row['value']):.3f}"
            by_protocol.setdefault(str(row.get("protocol", "")), []).append(text)
    parts = [f"{', '.join(texts)} ({protocol})" for protocol, texts in by_protocol.items()]
    return "; ".join(parts) or "not evaluated"


def _open(bundles: Path | None) -> "Models":
    from cancerapy.runtime.models import Models
    from cancerapy.settings import load_settings

    return Models(load_settings(bundles=bundles).bundles)
