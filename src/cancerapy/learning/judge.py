"""May a challenger take the champion's place? Both answer the same images, out of fold.

It may if, in no task, a class is found less often, malignancy is called less often where it is or
more often where it is not, or the probabilities are further from what happens, each beyond the
95 % interval of the paired difference over groups. Without the third, a threshold that calls
everything would pass. A figure that cannot be compared, because too few groups have the class or
there are too few for an interval, is a no: what was not shown to hold does not hold.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from cancerapy.errors import DataError
from cancerapy.evaluation.calibrated import Calibrated
from cancerapy.evaluation.intervals import MIN_GROUPS_FOR_INTERVAL, N_RESAMPLES
from cancerapy.evaluation.measure import Figure, compare, point_figures
from cancerapy.evaluation.outcome import malignancy_of

CALIBRATION = "ece"
POINT = "point_sensitivity"
SPECIFICITY = "point_specificity"
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
        holds: Whether it does not get worse beyond its interval; false where that is not known.
        n_groups: Groups (patients) that it is about: those with the class, those with malignancy,
            else all.
        is_judged: Whether these are enough to say that it holds, or that it does not.
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
    n_groups: int
    is_judged: bool

    @property
    def is_worse(self) -> bool:
        """Whether it keeps the challenger out because it got worse, not because it is unknown."""
        return self.decides and self.is_judged and not self.holds

    @property
    def is_unjudged(self) -> bool:
        """Whether it keeps the challenger out because nothing can be said of it."""
        return self.decides and not self.is_judged

    def in_words(self) -> str:
        """Return the figure in one line."""
        word = "  WORSE" if self.is_worse else ""
        if self.is_unjudged:
            word = f"  NOT JUDGED, patients: {self.n_groups}"
        return (
            f"{self.task} {self.metric}: {self.champion:.3f} -> {self.challenger:.3f} "
            f"({self.difference:+.3f}, {self.low:+.3f} to {self.high:+.3f}){word}"
        )


@dataclass(frozen=True, slots=True)
class Judgement:
    """What the answers to one set of images say.

    Args:
        findings: Every figure that was compared.
        n_images: Images that both answer.
        n_groups: Their groups.
        min_groups: Groups that a figure must be about, to be judged.
    """

    findings: tuple[Finding, ...]
    n_images: int
    n_groups: int
    min_groups: int

    @property
    def worse(self) -> list[Finding]:
        """Figures that got worse."""
        return [finding for finding in self.findings if finding.is_worse]

    @property
    def unjudged(self) -> list[Finding]:
        """Figures of which nothing can be said."""
        return [finding for finding in self.findings if finding.is_unjudged]

    @property
    def is_accepted(self) -> bool:
        """Whether everything that decides was judged and holds."""
        deciding = [finding for finding in self.findings if finding.decides]
        return bool(deciding) and all(finding.holds for finding in deciding)

    @property
    def reasons(self) -> list[str]:
        """What keeps the challenger out, in words; empty if nothing does."""
        return [finding.in_words() for finding in (*self.worse, *self.unjudged)]

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
            "min_groups": self.min_groups,
            "findings": findings,
        }


def judge(
    champion: Mapping[str, Calibrated],
    challenger: Mapping[str, Calibrated],
    *,
    min_groups: int = 1,
    n_resamples: int = N_RESAMPLES,
) -> Judgement:
    """Compare two models on the images that the champion was measured on.

    Args:
        champion: Its answers by task, out of fold.
        challenger: Likewise, of the same images.
        min_groups: Groups that must have a class, to say that it holds. That it got worse shows
            with as many as an interval needs.
        n_resamples: Resamples of the groups.

    Raises:
        DataError: The challenger does not answer every task and image.
    """
    findings: list[Finding] = []
    for task, own in champion.items():
        _check_same(task, own, challenger)
        counts = _groups_of(own)
        findings += _of_task(own, challenger[task], counts, min_groups, n_resamples)
    largest = max((own.outcome for own in champion.values()), key=len)
    return Judgement(tuple(findings), len(largest), largest.n_groups, min_groups)


def _of_task(
    champion: Calibrated,
    challenger: Calibrated,
    counts: Mapping[str, int],
    min_groups: int,
    n_resamples: int,
) -> Sequence[Finding]:
    """Compare every figure of a task; ``counts`` are those that decide, with their groups."""
    before: Mapping[str, float] = {}
    after: Mapping[str, float] = {}
    differences: dict[str, Figure] = {}
    if len(champion.outcome):
        before, after = point_figures(champion), point_figures(challenger)
        compared = compare(challenger, champion, n_resamples=n_resamples)
        differences = {figure.metric: figure for figure in compared}
    nothing = float("nan")
    return [
        _finding(
            champion.outcome.task.id,
            before.get(metric, nothing),
            after.get(metric, nothing),
            differences.get(metric, Figure(metric, nothing, nothing, nothing)),
            decides=metric in counts,
            n_groups=counts.get(metric, champion.outcome.n_groups),
            min_groups=min_groups,
        )
        for metric in dict.fromkeys([*counts, *TOLD])
        if metric in counts or metric in differences
    ]


def _groups_of(answers: Calibrated) -> dict[str, int]:
    """Return the figures that decide, each with the number of groups that it is about."""
    outcome = answers.outcome

    def n_groups(rows: np.ndarray) -> int:
        return len(np.unique(outcome.groups[rows]))

    counts = {
        f"sensitivity:{class_id}": n_groups(outcome.y_true == number)
        for number, class_id in enumerate(outcome.task.class_ids)
    }
    counts[CALIBRATION] = outcome.n_groups
    malignancy = malignancy_of(outcome)
    if malignancy is not None and answers.is_called is not None:
        counts[POINT] = n_groups(malignancy[0])
        counts[SPECIFICITY] = n_groups(~malignancy[0])
    return counts


def _finding(
    task: str,
    before: float,
    after: float,
    figure: Figure,
    *,
    decides: bool,
    n_groups: int,
    min_groups: int,
) -> Finding:
    is_worse = figure.low > 0 if figure.metric == CALIBRATION else figure.high < 0
    # A loss that shows with fewer groups is one: they are too few to say that there is none.
    least = min(min_groups, MIN_GROUPS_FOR_INTERVAL) if is_worse else min_groups
    is_judged = not math.isnan(figure.low) and n_groups >= least
    return Finding(
        task,
        figure.metric,
        before,
        after,
        figure.value,
        figure.low,
        figure.high,
        decides,
        is_judged and not is_worse,
        n_groups,
        is_judged,
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
