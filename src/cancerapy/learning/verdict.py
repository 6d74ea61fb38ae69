"""The decision on a challenger: on the shipped data's folds, and on the clinic's own patients.

What got worse on either refuses it. So does what could not be judged; of the clinic's own patients
alone that may be accepted by a person who says why, and what they said is kept.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from cancerapy.learning.judge import Finding, Judgement

MIN_PATIENTS = 10
"""Own patients who must have a class, to say that it holds. A class must be lost in four patients
at least (of fewer than ten, in three) before the interval excludes zero: of ten patients that is a
loss of 40 points, of twenty one of 20. With fewer even the loss of half a class could pass for
chance, and an operating point that holds for them needs as many of the malignant."""

FOLDS = "shipped data, out of fold"
OWN = "own patients, never learnt from"
"""The two parts, in words."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """Both judgements and what follows from them.

    Args:
        folds: On the shipped data's fixed folds.
        own: On the clinic's own collected patients, by answers out of fold.
        version: Number of the collected version that they are of; 0: nothing was collected.
        left_out: Number of its images that were not judged, by the reason.
        accept_unjudged: Why a person accepts that some of the own part could not be judged; empty:
            nobody does.
    """

    folds: Judgement
    own: Judgement
    version: int
    left_out: Mapping[str, int]
    accept_unjudged: str = ""

    @property
    def is_own_judged(self) -> bool:
        """Whether every figure of the own patients could be judged."""
        return bool(self.own.findings) and not self.own.unjudged

    @property
    def is_accepted(self) -> bool:
        """Whether the challenger may be served."""
        is_own_known = self.is_own_judged or bool(self.accept_unjudged)
        return self.folds.is_accepted and not self.own.worse and is_own_known

    @property
    def grounds(self) -> str:
        """Return in one line, of both parts, what was found; no word of a person is in it."""
        folds = "no class worse, calibration holds"
        if not self.folds.is_accepted:
            folds = f"does not hold: {_names([*self.folds.worse, *self.folds.unjudged])}"
        if self.own.worse:
            own = f"worse: {_names(self.own.worse)}"
        elif self.is_own_judged:
            own = "no class worse, calibration holds"
        else:
            own = f"not judged: {_names(self.own.unjudged) or 'nobody'}"
        return f"{FOLDS}: {folds}; {OWN} ({self.own.n_groups} patients): {own}"

    @property
    def because(self) -> str:
        """Return the grounds, and why a person accepted what could not be judged."""
        if self.is_own_judged or not self.accept_unjudged:
            return self.grounds
        return f"{self.grounds}, accepted because: {self.accept_unjudged}"

    def in_words(self) -> list[str]:
        """Return both tables and what they mean, line by line."""
        lines = [f"{FOLDS}, {self.folds.n_images} images of {self.folds.n_groups} groups:"]
        lines += [finding.in_words() for finding in self.folds.findings]
        lines += [f"{OWN}, {self.own.n_images} images of {self.own.n_groups} patients:"]
        lines += [finding.in_words() for finding in self.own.findings]
        lines += [f"not judged on: {n} images ({why})" for why, n in self.left_out.items()]
        if not self.is_own_judged:
            lines.append(self._tell_unjudged())
        return lines

    def to_dict(self) -> dict[str, Any]:
        """Return plain dictionaries and lists for JSON."""
        return {
            "accepted": self.is_accepted,
            "because": self.because,
            "shipped_folds": self.folds.to_dict(),
            "own_patients": {
                **self.own.to_dict(),
                "version": self.version,
                "left_out": dict(self.left_out),
                "unjudged": [[f.task, f.metric, f.n_groups] for f in self.own.unjudged],
            },
            "accept_unjudged": self.accept_unjudged,
        }

    def _tell_unjudged(self) -> str:
        counts = [f"{f.task} {f.metric} ({f.n_groups})" for f in self.own.unjudged]
        what = ", ".join(counts) or "anything: no collected patient can be judged"
        told = (
            f"At least {MIN_PATIENTS} own patients must have a class before it can be said to "
            f"hold; too few (their number): {what}. So it is not known whether the challenger gets "
            "worse there on your patients. "
        )
        if self.accept_unjudged:
            return f"{told}Accepted because: {self.accept_unjudged}"
        if self.own.worse or not self.folds.is_accepted:
            return told.rstrip()
        return (
            f"{told}It is not served: collect more cases and retrain, or accept it with "
            "--accept-unjudged REASON, which is kept with the decision."
        )


def _names(findings: list[Finding]) -> str:
    return ", ".join(f"{finding.task} {finding.metric}" for finding in findings)
