"""The tables of ``README.md`` and ``results/README.md``, made from the rows and nothing else."""

import math
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from cancerapy.atomic import write_atomically
from cancerapy.errors import DataError
from cancerapy.evaluation.measure import Figure
from cancerapy.evaluation.rows import Origin, Row, read_all_rows

START = "<!-- results: made by 'cancerapy evaluate --tables'; do not edit by hand -->"
END = "<!-- results: end -->"
BASELINE = "baseline"
TRIAL = "quantise-"
"""Protocols that compare two forms of one network; they are no figures of a model."""
NONE_YET = "No results yet."

_PER_CENT = {
    "accuracy": "Accuracy, %",
    "balanced_accuracy": "Balanced accuracy, %",
}
_FRACTIONS = {"macro_f1": "Macro-F1", "macro_auc": "AUC", "ece": "ECE"}
_BY_CLASS = {
    "sensitivity": "Sensitivity, %",
    "specificity": "Specificity, %",
    "precision": "Precision, %",
    "f1": "F1, %",
    "auc": "AUC",
}

Measured = dict[Origin, dict[str, Figure]]
"""Figures by metric, by what they were measured on."""

_PAGE = """# Results

Every number of this project, one row each in `<cancer>.csv`: what was measured (`task`,
`protocol`, `model`), on what (`manifest`, `split`, `groups`, `n`), how (`plan`, `seed`, `commit`,
`command`) and with which outcome (`metric`, `value`, 95 % interval `low` to `high`, bootstrapped
over groups). Shares lie in 0..1 there and are per cent here. A figure that is undefined is empty.
`docs/reference/metrics.md` defines the metrics. The predictions behind the rows are in
`predictions/`, so that every row can be made again without training.

This page is made by `cancerapy evaluate --tables` and held current by a test.

Protocols: `grouped-K` is cross-validation with all images of a patient, lesion or slide in one
fold; `slides` leaves one slide out at a time; `external-...` is a data set that no training saw,
answered by the shipped bundle; `quantise-...` compares float16 and int8 forms of one network;
**LEAKING** marks protocols that put images of one group on both sides, as publications often do:
their figures are too good and stand here only to be compared with those publications. AUC is the
mean one-vs-rest area over classes. Baselines are trained and measured on the same folds.
"""


def group_rows(rows: Iterable[Row]) -> Measured:
    """Put the figures of one measurement together, sound protocols and models first."""
    measured: Measured = {}
    for row in rows:
        measured.setdefault(row.origin, {})[row.figure.metric] = row.figure
    tasks = list(dict.fromkeys(origin.task for origin in measured))

    def place(origin: Origin) -> tuple[int, bool, str, bool, str]:
        is_baseline = origin.model.startswith(BASELINE)
        leaking = bool(origin.leaking)
        return tasks.index(origin.task), leaking, origin.protocol, is_baseline, origin.model

    return {origin: measured[origin] for origin in sorted(measured, key=place)}


def headline_table(rows: Sequence[Row]) -> str:
    """Return the README's table in Markdown: every model and task, no baselines or trials."""
    shown = {
        o: f
        for o, f in group_rows(rows).items()
        if not o.model.startswith(BASELINE) and not o.protocol.startswith(TRIAL)
    }
    return _overview(shown) if shown else NONE_YET


def results_page(rows: Sequence[Row]) -> str:
    """Return ``results/README.md``: all models and baselines, and the figures by class."""
    measured = group_rows(rows)
    if not measured:
        return f"{_PAGE}\n{NONE_YET}\n"
    parts = [_PAGE, "## Overview\n", _overview(measured), "\n## By class\n"]
    for origin, figures in measured.items():
        if not origin.model.startswith(BASELINE):
            parts += [_class_section(origin, figures)]
    parts += ["## Commands\n", *_commands(measured)]
    return "\n".join(parts).rstrip() + "\n"


def refresh_tables(results: Path) -> list[Path]:
    """Rewrite ``README.md`` in the results folder, and the table in the README above it.

    Args:
        results: Folder of the results files. The ``README.md`` beside the folder is changed only
            if it has the marks between which the table stands.

    Returns:
        The files that are now current.
    """
    rows = read_all_rows(results)
    page = results / "README.md"
    write_atomically(page, results_page(rows))
    readme = results.resolve().parent / "README.md"
    text = readme.read_text(encoding="utf-8") if readme.is_file() else ""
    if START not in text:
        return [page]
    write_atomically(readme, replace_between_marks(text, headline_table(rows)))
    return [page, readme]


def replace_between_marks(text: str, table: str) -> str:
    """Return ``text`` with what stands between ``START`` and ``END`` replaced by ``table``.

    Raises:
        DataError: The marks are not there once each, in this order.
    """
    before, start, rest = text.partition(START)
    _, end, after = rest.partition(END)
    if not (start and end) or START in rest or END in after:
        raise DataError(
            f"README.md must hold the line {START} and after it {END} once each; "
            "put them where the results table belongs."
        )
    return f"{before}{START}\n\n{table}\n\n{END}{after}"


def _overview(measured: Mapping[Origin, Mapping[str, Figure]]) -> str:
    header = ["Task", "Protocol", "Model", "Images (groups)"]
    header += [*_PER_CENT.values(), *_FRACTIONS.values()]
    lines = [
        [
            f"`{origin.task}`",
            _protocol(origin),
            origin.model,
            f"{origin.n} ({origin.groups})",
            *(_cell(figures.get(name), 100, 1) for name in _PER_CENT),
            *(_cell(figures.get(name), 1, 3) for name in _FRACTIONS),
        ]
        for origin, figures in measured.items()
    ]
    return markdown_table(header, lines)


def _class_section(origin: Origin, figures: Mapping[str, Figure]) -> str:
    classes = [m.partition(":")[2] for m in figures if m.startswith("sensitivity:")]
    lines = [
        [
            name,
            *(
                _cell(figures.get(f"{metric}:{name}"), *((1, 3) if metric == "auc" else (100, 1)))
                for metric in _BY_CLASS
            ),
        ]
        for name in classes
    ]
    table = markdown_table(["Class", *_BY_CLASS.values()], lines)
    return f"### `{origin.task}`, {_protocol(origin)}, {origin.model}\n\n{table}\n"


def _commands(measured: Mapping[Origin, Mapping[str, Figure]]) -> list[str]:
    commands = dict.fromkeys(
        f"- `{origin.command}` ({origin.date}, commit {origin.commit}, {origin.machine})"
        for origin in measured
    )
    return list(commands)


def markdown_table(header: Sequence[str], lines: Iterable[Sequence[str]]) -> str:
    """Return a Markdown table; a bar inside a cell is escaped."""

    def line(cells: Sequence[str]) -> str:
        return "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |"

    return "\n".join([line(header), "|" + "---|" * len(header), *(line(cells) for cells in lines)])


def _protocol(origin: Origin) -> str:
    return origin.protocol.replace("-LEAKING", "") + (" **LEAKING**" if origin.leaking else "")


def _cell(figure: Figure | None, factor: float, digits: int) -> str:
    if figure is None or math.isnan(figure.value):
        return "-"
    value = f"{factor * figure.value:.{digits}f}"
    if math.isnan(figure.low) or math.isnan(figure.high):
        return value
    return f"{value} ({factor * figure.low:.{digits}f} to {factor * figure.high:.{digits}f})"
