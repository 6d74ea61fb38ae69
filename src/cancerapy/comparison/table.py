"""The tables of a comparison in Markdown, made from the rows and nothing else."""

import math
from collections.abc import Iterator, Sequence
from itertools import groupby

from cancerapy.comparison.pareto import can_be_drawn, on_front
from cancerapy.comparison.rows import COSTS, METRICS, CandidateRow
from cancerapy.comparison.verdict import tell_verdict
from cancerapy.evaluation.measure import Figure
from cancerapy.evaluation.tables import markdown_table

_HEADER = (
    "Network", "Accuracy, %", "Balanced accuracy, %", "AUC", "Difference in accuracy, points",
    "Verdict", "Training, s", "Inference, ms", "Size, MB", "Memory, MB", "Parameters, M",
    "Multiply-adds, M", "Pareto",
)  # fmt: skip


def comparison_page(cancer: str, rows: Sequence[CandidateRow]) -> str:
    """Return the page of a cancer's comparisons, one part each.

    Args:
        cancer: Id of the cancer.
        rows: All of its rows.
    """
    costs = "\n".join(f"- `{name}`: {meaning}" for name, meaning in COSTS.items())
    parts = [
        f"# Architectures compared: {cancer}",
        f"Made by `cancerapy compare {cancer}` from `{cancer}.csv`; do not edit by hand.",
        *_sections(rows),
        "## Columns of the rows",
        "Figures have 95 % intervals, bootstrapped over groups; differences are paired. The table "
        "shows times in seconds of processor cores, which other work on the machine hardly "
        "lengthens; the rows have those by the clock too.",
        costs,
    ]
    return "\n\n".join(parts) + "\n"


def comparison_table(rows: Sequence[CandidateRow]) -> str:
    """Return the table of one comparison, and below it what failed.

    Args:
        rows: Of one protocol, data set and number of epochs.
    """
    drawn = [row for row in rows if can_be_drawn(row)]
    best = {r.candidate for r, front in zip(drawn, on_front(drawn), strict=True) if front}
    lines = [_line(row, is_best=row.candidate in best) for row in rows if not row.failed]
    parts = [markdown_table(_HEADER, lines)] if lines else []
    failed = [f"- {row.candidate} failed: {row.failed}" for row in rows if row.failed]
    if failed:
        parts.append("\n".join(failed))
    return "\n\n".join(parts)


def describe_comparison(row: CandidateRow) -> str:
    """Return what the candidates of a comparison share, in a line."""
    stage = "frozen features"
    if row.epochs:
        unit = "epoch" if row.epochs == 1 else "epochs"
        stage = f"{row.epochs} {unit} with the last layers trained"
    protocol = row.protocol.replace("-LEAKING", "") + (" LEAKING" if row.leaking else "")
    return f"{row.source}, {protocol}, {stage}"


def _sections(rows: Sequence[CandidateRow]) -> Iterator[str]:
    def comparison(row: CandidateRow) -> tuple[str, int, str]:
        return row.source, row.epochs, row.protocol

    for _, members in groupby(sorted(rows, key=comparison), comparison):
        own = list(members)
        yield f"## {describe_comparison(own[0])}"
        yield comparison_table(own)
        measured = next((row for row in own if not row.failed), None)
        if measured:
            yield (
                f"{measured.n} images of {measured.groups} groups, {measured.height} x "
                f"{measured.width} px; {measured.machine}; commit {measured.commit}; "
                f"{measured.date}. `{measured.command}`"
            )


def _line(row: CandidateRow, *, is_best: bool) -> list[str]:
    scales = {"accuracy": (100, 1), "balanced_accuracy": (100, 1), "macro_auc": (1, 3)}
    name = row.candidate if not row.last_layer else f"{row.candidate} (to `{row.last_layer}`)"
    difference = row.differences.get("accuracy")
    return [
        name,
        *(_figure(row.figures.get(metric), *scales[metric]) for metric in METRICS),
        _figure(difference, 100, 1, sign="+") if row.against else "",
        tell_verdict(row),
        _cost(row, "train_processor_s", 0),
        _cost(row, "inference_ms", 1),
        _cost(row, "size_mb", 1),
        _cost(row, "memory_mb", 0),
        _cost(row, "parameters", 2, unit=1e6),
        _cost(row, "multiply_adds", 0, unit=1e6),
        "front" if is_best else "",
    ]


def _figure(figure: Figure | None, factor: float, digits: int, *, sign: str = "") -> str:
    if figure is None or math.isnan(figure.value):
        return "-"
    value, low, high = (
        f"{factor * number:{sign}.{digits}f}" for number in (figure.value, figure.low, figure.high)
    )
    return value if math.isnan(figure.low) else f"{value} ({low} to {high})"


def _cost(row: CandidateRow, name: str, digits: int, *, unit: float = 1) -> str:
    value = row.costs.get(name, math.nan)
    return "-" if math.isnan(value) else f"{value / unit:.{digits}f}"
