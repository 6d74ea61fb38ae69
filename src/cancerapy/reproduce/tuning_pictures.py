"""Pictures of a tuning, drawn from findings with the plots of ``cancerapy tune``."""

import math
from collections.abc import Mapping, Sequence
from pathlib import Path

from cancerapy.evaluation.intervals import Interval
from cancerapy.evaluation.measure import Figure
from cancerapy.evaluation.words import DIFFERENCE
from cancerapy.reproduce.findings import Findings
from cancerapy.reproduce.optimizer_part import SCORE
from cancerapy.reproduce.search_part import ENDED, IMPORTANCE


def draw_optimizers(
    findings: Findings, names: Sequence[str], path: Path, metadata: Mapping[str, str]
) -> None:
    """Draw the score of each optimizer and its difference to the first one.

    Args:
        findings: What was measured.
        names: Optimizers; those not measured are left out.
        path: The PNG to write.
        metadata: Its metadata.
    """
    from cancerapy.tuning.compared import Compared
    from cancerapy.tuning.plots import plot_compared

    none = Figure("", math.nan, math.nan, math.nan)
    compared = []
    for name in names:
        score = findings.of(name, SCORE)
        if score is None:
            continue
        is_first = name == names[0]
        same = Figure("", 0.0, 0.0, 0.0)
        difference = same if is_first else findings.of(name, SCORE + DIFFERENCE) or none
        bounds = Interval(difference.low, difference.high)
        compared.append(
            Compared(name, (), False, score.value, score.interval, difference.value, bounds, 0.0, 0)
        )
    if not compared:
        compared = [Compared(names[0], (), False, *_nothing(), *_nothing(), 0.0, 0)]
    plot_compared(compared, path, "Optimizers, each at its best rate", metadata)


def _nothing() -> tuple[float, Interval]:
    return math.nan, Interval(math.nan, math.nan)


def draw_states(findings: Findings, part: str, path: Path, metadata: Mapping[str, str]) -> None:
    """Draw the score of every state of a search against the seconds spent."""
    from cancerapy.tuning.plots import plot_search
    from cancerapy.tuning.trials_table import Row

    states = [
        Row(
            number=int(float(row["state"])),
            begun_as=int(float(row["state"])),
            status=str(row["status"]),
            score=float(row["score"]) if "score" in row else None,
            scores={},
            seconds=0.0,
            seconds_so_far=float(row["seconds"]),
            params={},
        )
        for row in findings.curves.get(part, ())
        if row["status"] in ENDED
    ]
    plot_search(states, path, f"Search of {len(states)} states", metadata=metadata)


def draw_importance(findings: Findings, part: str, path: Path, metadata: Mapping[str, str]) -> None:
    """Draw the share of each parameter in the differences between the states of a search."""
    from cancerapy.tuning.plots import plot_importance

    rows = [row.figure for row in findings.rows if row.origin.model == part]
    shares = {
        figure.metric.removeprefix(IMPORTANCE): figure.value
        for figure in sorted(rows, key=lambda figure: figure.value, reverse=True)
        if figure.metric.startswith(IMPORTANCE)
    }
    plot_importance(shares, path, "What mattered", metadata)
