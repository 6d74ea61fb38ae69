"""What learning curves allow to be said, computed from their rows with intervals."""

from collections.abc import Sequence

from cancerapy.evaluation.measure import Figure
from cancerapy.evaluation.tables import markdown_table
from cancerapy.evaluation.words import NOT_YET, in_words
from cancerapy.reproduce.data_growth import LearningCurvePart, growth_name, size_name
from cancerapy.reproduce.findings import Findings
from cancerapy.reproduce.growing_field import ALL
from cancerapy.reproduce.growth_gap import GapPart
from cancerapy.reproduce.growth_pictures import sizes_measured


def curve_table(findings: Findings, parts: Sequence[LearningCurvePart]) -> str:
    """Return a table of the curves of one cancer: ways to learn by number of images."""
    sizes = sorted({s for part in parts for s in sizes_measured(findings, part) if s != ALL})
    keys = [*sizes, ALL]
    lines = [
        [
            part.learner.name,
            *(_cell(findings.of(size_name(part.name, s), part.field.metric)) for s in keys),
        ]
        for part in parts
        if findings.has(part.name)
    ]
    return markdown_table([parts[0].field.task, *(str(key) for key in keys)], lines)


def overtakes_from(findings: Findings, gap: GapPart) -> int | str | None:
    """Return the size from which on a network is ahead of a rival, or ``None``.

    Ahead means that the lower bound of the difference is above zero at this size and at every
    larger one.

    Args:
        findings: What was measured.
        gap: The network's comparison with the rival.
    """
    ahead: int | str | None = None
    for size in reversed(sizes_measured(findings, gap.first)):
        figure = findings.of(size_name(gap.name, size), gap.first.field.metric)
        if figure is None or not figure.low > 0:
            break
        ahead = size
    return ahead


def overtaking(findings: Findings, network: LearningCurvePart, gaps: Sequence[GapPart]) -> str:
    """Say from how many images on a network is ahead of each rival, and by how much at the end.

    Rivals that it was not compared with yet are left out; those that are overtaken at the same
    size are named together.
    """
    name = network.learner.name
    compared = [gap for gap in gaps if findings.has(gap.name)]
    if not compared:
        return f"{name} is not compared yet"
    rivals: dict[int | str | None, list[str]] = {}
    for gap in compared:
        rivals.setdefault(overtakes_from(findings, gap), []).append(gap.second.learner.name)
    clauses = [_ahead(" and ".join(own), size) for size, own in rivals.items()]
    leads = [
        f"{_signed(figure)} points against {gap.second.learner.name}"
        for gap in compared
        if (figure := findings.of(gap.name, network.field.metric))
    ]
    return f"{name} {', and '.join(clauses)}; with all images {' and '.join(leads)}"


def _ahead(rivals: str, size: int | str | None) -> str:
    if size is None:
        return f"is not shown to be ahead of {rivals}, not even with all images"
    since = "with all images only" if size == ALL else f"from {size} images on"
    return f"is ahead of {rivals} {since}"


def growth_of(findings: Findings, name: str, metric: str) -> tuple[int, Figure] | None:
    """Return from which size to all images the growth was measured, and the growth.

    Args:
        findings: What was measured.
        name: Name of a learning curve, or of a gap between two.
        metric: The figure that grows.
    """
    end = " images"
    for row in findings.rows:
        before, _, after = row.origin.model.partition(growth_name("", "").removesuffix(end))
        if before == name and after.endswith(end) and row.figure.metric == metric:
            return int(after.removesuffix(end)), row.figure
    return None


def growth(findings: Findings, part: LearningCurvePart) -> str:
    """Say by how much a curve rises up to all images."""
    found = growth_of(findings, part.name, part.field.metric)
    return f"{part.learner.name} {_signed(found[1]) if found else NOT_YET}"


def _signed(figure: Figure) -> str:
    value, low, high = (100 * part for part in (figure.value, figure.low, figure.high))
    return f"{value:+.1f} ({low:+.1f} to {high:+.1f})"


def _cell(figure: Figure | None) -> str:
    return "" if figure is None else in_words(figure)
