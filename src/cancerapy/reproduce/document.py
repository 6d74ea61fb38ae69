"""``docs/reproduction.md``: the report's claims beside what was measured, made from the rows."""

import math
from collections.abc import Sequence
from pathlib import Path

from cancerapy.atomic import write_atomically
from cancerapy.evaluation.rows import Origin
from cancerapy.evaluation.tables import markdown_table
from cancerapy.evaluation.words import in_words
from cancerapy.reproduce._registry import list_experiments, load_experiment
from cancerapy.reproduce._spec import Experiment, Part
from cancerapy.reproduce.anchors import ANCHORS, build_anchors
from cancerapy.reproduce.findings import Findings, read_findings
from cancerapy.reproduce.growth_gap import GapPart
from cancerapy.reproduce.paired import PairedPart

PAGE = "reproduction.md"
PICTURES = Path("images") / "reproduction"
SOURCE_KEY = "Source"
"""Metadata of a picture: the digest of the findings it was drawn from."""

_HEAD = """# The 2022 report, repeated

What the technical report of 2022 says, what its own protocol gives here, what a protocol without
leaks gives, and what follows. Every number is made by `cancerapy reproduce` and stands, with how it
was made, in `results/reproduction/`; this page and its pictures are made from those rows by
`cancerapy reproduce --document`.

Intervals are 95 %, bootstrapped over groups (patients, lesions, slides). **LEAKING** marks a
protocol that puts images of one group on both sides, as the report's did: its figures are too good
and stand here to be compared with the report's alone. *Training accuracy* is that of the last
epoch as the network was trained, with dropout and on changed images, as Keras shows it; the mean
over the folds. In the curves, *left out* is a grouped part of the training side; its loss is that
of the main question alone (of a mammogram: malignancy), where the training loss sums all questions.
"""


def write_document(results: Path, docs: Path) -> list[Path]:
    """Write the page, draw its pictures, and write the page of published values.

    Args:
        results: Folder of the results.
        docs: Folder of the documentation.

    Returns:
        The files written.
    """
    written = draw_pictures(results, docs / PICTURES)
    for name, text in ((PAGE, build_page(results)), (ANCHORS, build_anchors(results))):
        write_atomically(docs / name, text)
        written.append(docs / name)
    return written


def draw_pictures(results: Path, folder: Path) -> list[Path]:
    """Draw the pictures of all experiments that have been measured; they show no patient's image.

    Args:
        results: Folder of the results.
        folder: Where the pictures go; made if needed.

    Returns:
        The files written.
    """
    written = []
    for name in list_experiments():
        experiment, findings = load_experiment(name), read_findings(results, name)
        for picture in experiment.pictures if findings.rows else ():
            path = folder / picture.file
            path.parent.mkdir(parents=True, exist_ok=True)
            picture.draw(findings, path, {SOURCE_KEY: findings.digest})
            written.append(path)
    return written


def build_page(results: Path) -> str:
    """Return the page's text, from the rows alone."""
    chapters = [
        _chapter(number, load_experiment(name), read_findings(results, name))
        for number, name in enumerate(list_experiments(), 1)
    ]
    return "\n".join([_HEAD, *chapters])


def _chapter(number: int, experiment: Experiment, findings: Findings) -> str:
    lines = [
        f"## {number}. {experiment.title}",
        "",
        f"`cancerapy reproduce {experiment.id}`",
        "",
        f"**The report** ({experiment.place}): {experiment.claim}",
        "",
        f"**How it is measured here.** {experiment.protocols}",
        "",
    ]
    if not findings.rows:
        return "\n".join([*lines, "Not run yet.", ""])
    lines += [_table(experiment, findings), ""]
    missing = [part.name for part in experiment.parts if not findings.has(part.name)]
    if missing:
        lines += [f"Not run yet: {', '.join(missing)}.", ""]
    for picture in experiment.pictures:
        lines += [f"![{picture.caption}]({PICTURES.as_posix()}/{picture.file})", ""]
    return "\n".join([*lines, f"**What follows.** {experiment.conclude(findings).strip()}", ""])


def _table(experiment: Experiment, findings: Findings) -> str:
    header = ["Setting", "Task", "Protocol", "Images (groups)", *experiment.columns.values()]
    lines = []
    for origin in _origins(experiment.parts, findings):
        figures = [findings.of(origin.model, name, origin.task) for name in experiment.columns]
        cells = [
            "" if figure is None or math.isnan(figure.value) else in_words(figure)
            for figure in figures
        ]
        if not any(cells):
            continue  # a part that only chooses
        lines.append(
            [
                origin.model,
                f"`{origin.task}`",
                f"{origin.protocol} **LEAKING**" if origin.leaking else origin.protocol,
                f"{origin.n} ({origin.groups})",
                *cells,
            ]
        )
    return markdown_table(header, lines)


def _origins(parts: Sequence[Part], findings: Findings) -> list[Origin]:
    """Return one origin for each part and task, in the order of the parts."""
    found: dict[tuple[str, str], Origin] = {}
    for part in parts:
        if isinstance(part, PairedPart | GapPart):
            continue
        for row in findings.rows:
            if row.origin.model == part.name:
                found.setdefault((part.name, row.origin.task), row.origin)
    return list(found.values())
