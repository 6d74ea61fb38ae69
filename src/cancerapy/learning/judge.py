"""May a challenger take the champion's place? Both answer the same images, out of fold.

It may if, in no task, a class is found less often, malignancy is called less often where it is,
or the probabilities are further from what happens, each beyond the 95 % interval of the paired
difference over groups. A figure that cannot be compared, because a class has no image or there
are too few groups for an interval, is a no: what was not shown to hold does not hold.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from cancerapy.errors import DataError
from cancerapy.evaluation.calibrated import Calibrated
from cancerapy.evaluation.intervals import N_RESAMPLES
from cancerapy.evaluation.measure import Figure, compare, point_figures

CALIBRATION = "ece"
POINT = "point_sensitivity"
TOLD = ("accuracy", "balanced_accuracy", "macro_auc", "malignancy_auc")
"""Figures that are written beside and decide nothing."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One figure of both models.

    Args:
        task: The task.
        metric: The figure, see ``evaluation.measure``.
        champion: Of the served model.
        challenger: Of the new one.
        difference: Challenger minus champion.
        low: Lower bound of its 95 % interval.
        high: Upper bound.
        decides: Whether it can keep the challenger out.
        holds: Whether it does not get worse beyond its interval.
    """

    task: str
    metric: str
    champion: float
    challenger: float
    difference: float
    low: float
    high: float
    decides: bool
    holds: bool

    def in_words(self) -> str:
        """Return the figure in one line."""
        word = "" if self.holds or not self.decides else "  WORSE"
        return (
            f"{self.task} {self.metric}: {self.champion:.3f} -> {self.challenger:.3f} "
            f"({self.difference:+.3f}, {self.low:+.3f} to {self.high:+.3f}){word}"
        )


@dataclass(frozen=True, slots=True)
class Judgement:
    """The decision with its figures.

    Args:
        findings: Every figure that was compared.
        n_images: Images that both answer.
        n_groups: Their groups.
    """

    findings: tuple[Finding, ...]
    n_images: int
    n_groups: int

    @property
    def is_accepted(self) -> bool:
        """Whether the challenger may be served."""
        deciding = [finding for finding in self.findings if finding.decides]
        return bool(deciding) and all(finding.holds for finding in deciding)

    @property
    def reasons(self) -> list[str]:
        """What keeps it out, in words; empty if nothing does."""
        return [f.in_words() for f in self.findings if f.decides and not f.holds]

    def to_dict(self) -> dict[str, Any]:
        """Return plain dictionaries and lists for JSON; not-a-number is null."""
        findings = [
            {k: None if isinstance(v, float) and math.isnan(v) else v for k, v in asdict(f).items()}
            for f in self.findings
        ]
        return {
            "accepted": self.is_accepted,
            "n_images": self.n_images,
            "n_groups": self.n_groups,
            "findings": findings,
        }


def judge(
    champion: Mapping[str, Calibrated],
    challenger: Mapping[str, Calibrated],
    *,
    n_resamples: int = N_RESAMPLES,
) -> Judgement:
    """Compare two models on the images that the champion was measured on.

    Args:
        champion: Its answers by task, out of fold.
        challenger: Likewise, of the same images.
        n_resamples: Resamples of the groups.

    Raises:
        DataError: The challenger does not answer every task and image.
    """
    findings: list[Finding] = []
    for task, own in champion.items():
        _check_same(task, own, challenger)
        findings += _of_task(task, own, challenger[task], n_resamples)
    largest = max((own.outcome for own in champion.values()), key=len)
    return Judgement(tuple(findings), len(largest), largest.n_groups)


def _of_task(
    task: str, champion: Calibrated, challenger: Calibrated, n_resamples: int
) -> Sequence[Finding]:
    before, after = point_figures(champion), point_figures(challenger)
    differences = {
        figure.metric: figure for figure in compare(challenger, champion, n_resamples=n_resamples)
    }
    classes = [f"sensitivity:{class_id}" for class_id in champion.outcome.task.class_ids]
    deciding = [*classes, CALIBRATION, *([POINT] if POINT in before else [])]
    nothing = float("nan")
    return [
        _finding(
            task,
            before.get(metric, nothing),
            after.get(metric, nothing),
            differences.get(metric, Figure(metric, nothing, nothing, nothing)),
            decides=metric in deciding,
        )
        for metric in (*deciding, *TOLD)
        if metric in deciding or metric in differences
    ]


def _finding(task: str, before: float, after: float, figure: Figure, *, decides: bool) -> Finding:
    is_known = not math.isnan(figure.low)
    is_worse = figure.low > 0 if figure.metric == CALIBRATION else figure.high < 0
    return Finding(
        task,
        figure.metric,
        before,
        after,
        figure.value,
        figure.low,
        figure.high,
        decides,
        is_known and not is_worse,
    )


def _check_same(task: str, champion: Calibrated, challenger: Mapping[str, Calibrated]) -> None:
    wanted = set(champion.outcome.images.tolist())
    own = set(challenger[task].outcome.images.tolist()) if task in challenger else set()
    if missing := len(wanted - own):
        raise DataError(
            f"A challenger must answer every image that the champion was measured on; of "
            f"{len(wanted)} of task '{task}' it lacks {missing}. Finish its cross-validation: run "
            "'cancerapy learn retrain' again.",
            code="predictions_missing",
        )
