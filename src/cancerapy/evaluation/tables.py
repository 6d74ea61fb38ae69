"""The tables of ``README.md`` and ``results/README.md``, made from the rows and nothing else."""

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from cancerapy.atomic import write_atomically
from cancerapy.cancers import list_cancers, load_cancer
from cancerapy.errors import DataError
from cancerapy.evaluation.intervals import MIN_GROUPS_FOR_INTERVAL
from cancerapy.evaluation.measure import Figure
from cancerapy.evaluation.rows import OF_SUBGROUPS, Origin, Row, read_all_rows
from cancerapy.evaluation.subgroups import MIN_IMAGES, TOO_FEW

START = "<!-- results: made by 'cancerapy evaluate --tables'; do not edit by hand -->"
END = "<!-- results: end -->"
BASELINE = "baseline"
TRIAL = "quantise-"
"""Protocols that compare two forms of one network; they are no figures of a model."""
NONE_YET = "No results yet."
SHOWN_FACTS = ("slide", "age", "sex", "site", "laterality", "view")
"""Facts by which the page has tables; rows by others stand in the results files."""

_OVERVIEW = {
    "accuracy": "Accuracy, %",
    "balanced_accuracy": "Balanced accuracy, %",
    "macro_f1": "Macro-F1",
    "macro_auc": "AUC",
    "ece": "ECE",
}
_OF_NORMAL = {
    "point_specificity": "Specificity at the operating point, %",
    "accuracy": "Accuracy, %",
    "answered_share": "Plain answers, %",
}
_BY_CLASS = {
    "sensitivity": "Sensitivity, %",
    "specificity": "Specificity, %",
    "precision": "Precision, %",
    "f1": "F1, %",
    "auc": "AUC",
}
_BY_SUBGROUP = {**_OVERVIEW, "malignancy_auc": "AUC of malignancy"}
_FRACTIONS = {"macro_f1", "macro_auc", "malignancy_auc", "auc", "ece"}
"""Figures shown as they are; all others are shares and shown in per cent."""

Measured = dict[Origin, dict[str, Figure]]
"""Figures by metric, by what they were measured on."""

_PAGE = """# Results

Every number of this project, one row each in `<cancer>.csv`: what was measured (`task`,
`protocol`, `model`), on what (`manifest`, `split`, `groups`, `n`), how (`plan`, `seed`, `commit`,
`command`) and with which outcome (`metric`, `value`, 95 % interval `low` to `high`, bootstrapped
over groups). `subgroup` names the fact and value that the images of a row share (`slide=01`) and is
empty for all images. Shares lie in 0..1 there and are per cent here. A figure that is undefined is
empty, and so is that of a subgroup with too few images.
`docs/reference/metrics.md` defines the metrics. The predictions behind the rows are in
`predictions/`, so that every row can be made again without training.

`commit` is the last commit that had changed the package's code when a row was measured; `+` says
that the code was changed since. (Until 27 November 2026: the last commit of all, with `+` after
any change, that of a result included.) Work that was rebased before it was published was measured
with commits that are not in the history. What a row can be repeated by is its `command`, with
`manifest`, `split` and `plan`, the digests of data, folds and recipe.

This page is made by `cancerapy evaluate --tables` and held current by a test.

Protocols: `grouped-K` is cross-validation with all images of a patient, lesion or slide in one
fold; `slides` leaves one slide out at a time; `external-...` is a data set that no training saw,
answered by the shipped bundle; `quantise-...` compares float16 and int8 forms of one network;
**LEAKING** marks protocols that put images of one group on both sides, as publications often do:
their figures are too good and stand here only to be compared with those publications. AUC is the
mean one-vs-rest area over classes. Baselines are trained and measured on the same folds.

A figure can rest on what is not meant: what a network tells with the organ blacked out is in
`shortcut/`, see `docs/explanation/shortcut.md`.
"""

_SUBGROUPS = f"""## By slide, age, sex and site

As far as the data set tells them, laterality and view too; other facts and folds have rows only.
Fewer than {MIN_IMAGES} images are {TOO_FEW} to judge. A balanced accuracy is over the classes that
occur in the line; one class alone has no AUC. With fewer than {MIN_GROUPS_FOR_INTERVAL} groups,
such as one slide, a figure has no interval.
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
        for o, f in group_rows(_of_all_images(rows)).items()
        if not o.model.startswith(BASELINE) and not o.protocol.startswith(TRIAL)
    }
    return _overview(shown) if shown else NONE_YET


def results_page(rows: Sequence[Row]) -> str:
    """Return ``results/README.md``: all models and baselines, by class and by subgroup."""
    measured = group_rows(_of_all_images(rows))
    if not measured:
        return f"{_PAGE}\n{NONE_YET}\n"
    parts = [_PAGE, "## Overview\n", _overview(measured), "\n## By class\n"]
    for origin, figures in measured.items():
        if not origin.model.startswith(BASELINE):
            parts += _class_section(origin, figures)
    by_subgroup = list(_subgroup_sections(rows))
    parts += [_SUBGROUPS, *by_subgroup] if by_subgroup else []
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


def _of_all_images(rows: Iterable[Row]) -> list[Row]:
    return [row for row in rows if not row.origin.subgroup]


def _overview(measured: Measured) -> str:
    """Return the table of all measurements, below it that of normal images alone, and cautions.

    Images that are all of one class have neither a balanced accuracy nor an AUC; what counts
    there is how many of them are called benign.
    """
    normal = {o: f for o, f in measured.items() if "balanced_accuracy" not in f}
    whole = {o: f for o, f in measured.items() if o not in normal}
    tables = [_overview_table(whole, _OVERVIEW)] if whole else []
    judged = {o: f for o, f in normal.items() if "point_specificity" in f}
    if judged:
        tables += ["Normal images alone:", _overview_table(judged, _OF_NORMAL)]
    return "\n\n".join([*tables, *_cautions(measured)])


def _cautions(measured: Measured) -> Iterator[str]:
    """Yield what must be known of the cancers' figures before they are believed."""
    tasks = {origin.task for origin in measured}
    for cancer in map(load_cancer, list_cancers()):
        if cancer.caution and tasks & {task.id for task in cancer.tasks}:
            yield f"**{cancer.title}**: {cancer.caution}"


def _overview_table(measured: Measured, columns: Mapping[str, str]) -> str:
    lines = [
        [
            f"`{origin.task}`",
            _protocol(origin),
            origin.model,
            f"{origin.n} ({origin.groups})",
            *_cells(figures, columns),
        ]
        for origin, figures in measured.items()
    ]
    return markdown_table(
        ["Task", "Protocol", "Model", "Images (groups)", *columns.values()], lines
    )


def _class_section(origin: Origin, figures: Mapping[str, Figure]) -> list[str]:
    """Return heading and table; nothing where no figure is by class."""
    classes = [m.partition(":")[2] for m in figures if m.startswith("sensitivity:")]
    if not classes:
        return []
    lines = [
        [name, *_cells({m: figures.get(f"{m}:{name}") for m in _BY_CLASS}, _BY_CLASS)]
        for name in classes
    ]
    return [_heading(origin), markdown_table(["Class", *_BY_CLASS.values()], lines) + "\n"]


def _subgroup_sections(rows: Iterable[Row]) -> Iterator[str]:
    """Yield heading and table of each measurement that has subgroups by facts to be shown.

    Leaking protocols have none: they stand here only to be compared with publications.
    """
    tables: dict[Origin, Measured] = {}
    for origin, figures in group_rows(row for row in rows if row.origin.subgroup).items():
        if not origin.leaking and _fact(origin) in SHOWN_FACTS:
            whole = replace(origin, subgroup="", n=0, groups=0)
            tables.setdefault(whole, {})[origin] = figures
    for whole, measured in tables.items():
        yield _heading(whole)
        yield _subgroup_table(measured) + "\n"


def _subgroup_table(measured: Measured) -> str:
    """Return one table of all facts; each is named in the first of its lines."""
    columns = {
        metric: _BY_SUBGROUP[metric]
        for metric in OF_SUBGROUPS
        if any(metric in f and not math.isnan(f[metric].value) for f in measured.values())
    }
    lines, named = [], ""
    for origin in sorted(measured, key=lambda origin: SHOWN_FACTS.index(_fact(origin))):
        fact, _, value = origin.subgroup.partition("=")
        cells = _cells(measured[origin], columns)
        if origin.n < MIN_IMAGES:
            cells = [TOO_FEW] * len(columns)
        lines.append(
            ["" if fact == named else fact, value, f"{origin.n} ({origin.groups})", *cells]
        )
        named = fact
    return markdown_table(["By", "Value", "Images (groups)", *columns.values()], lines)


def _fact(origin: Origin) -> str:
    return origin.subgroup.partition("=")[0]


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


def _heading(origin: Origin) -> str:
    return f"### `{origin.task}`, {_protocol(origin)}, {origin.model}\n"


def _protocol(origin: Origin) -> str:
    return origin.protocol.replace("-LEAKING", "") + (" **LEAKING**" if origin.leaking else "")


def _cells(figures: Mapping[str, Figure | None], columns: Iterable[str]) -> list[str]:
    return [_cell(figures.get(metric), is_share=metric not in _FRACTIONS) for metric in columns]


def _cell(figure: Figure | None, *, is_share: bool) -> str:
    if figure is None or math.isnan(figure.value):
        return "-"
    factor, digits = (100, 1) if is_share else (1, 3)
    value = f"{factor * figure.value:.{digits}f}"
    if math.isnan(figure.low) or math.isnan(figure.high):
        return value
    return f"{value} ({factor * figure.low:.{digits}f} to {factor * figure.high:.{digits}f})"
