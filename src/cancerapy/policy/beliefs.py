"""What would have been believed of each examination, from evidence that its fold had no part in."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from cancerapy.agent.belief import Belief, form_belief, shift_prevalence
from cancerapy.agent.examination import malignant_values
from cancerapy.arrays import Floats, Indices
from cancerapy.cancers import Cancer, Evidence
from cancerapy.data.progress import StepProgress, silent
from cancerapy.policy.fit import fit_evidence
from cancerapy.policy.material import Material

WAYS = ("one image", "all images", "one image + answers", "all images + answers")
"""What a belief may rest on."""


@dataclass(frozen=True, slots=True, eq=False)
class Beliefs:
    """Of E examinations.

    Args:
        material: The images and answers.
        evidence: By fold the evidence fitted on the others.
        malignant: Which values are malignant, (V,).
        y_true: Index of the true value, (E,).
        groups: Group of each examination, (E,).
        n_images: Number of images of each, (E,).
        probabilities: By way the probabilities, (E, V), at the data set's own prevalence.
        base: Share of malignant findings that each was fitted to, (E,).
    """

    material: Material
    evidence: Mapping[str, Evidence]
    malignant: NDArray[np.bool_]
    y_true: Indices
    groups: NDArray[np.str_]
    n_images: Indices
    probabilities: Mapping[str, Floats]
    base: Floats

    @property
    def is_malignant(self) -> NDArray[np.bool_]:
        """Whether each finding is malignant, (E,)."""
        return np.asarray(self.malignant[self.y_true])

    def at(self, way: str, prevalence: float | None) -> Floats:
        """Return the probabilities of a way at another prevalence, (E, V)."""
        own = self.probabilities[way]
        if prevalence is None:
            return own
        rows = [
            shift_prevalence(p, self.malignant.tolist(), float(base), prevalence)
            for p, base in zip(own, self.base, strict=True)
        ]
        return np.array(rows)


def cross_fit(material: Material, cancer: Cancer, progress: StepProgress = silent) -> Beliefs:
    """Fit the evidence on all folds but one and apply it to that one, for each fold.

    Args:
        material: Predictions by examination.
        cancer: The cancer.
        progress: Told of each fold.
    """
    names = sorted(set(material.folds.tolist()))
    evidence = {}
    for number, name in enumerate(names):
        progress("evidence", number, len(names))
        evidence[name] = fit_evidence(material, cancer, material.folds != name)
        progress("evidence", number + 1, len(names))
    first = material.first
    flags = malignant_values(cancer, evidence[names[0]])
    rows: dict[str, list[Floats]] = {way: [] for way in WAYS}
    base = []
    counts = np.bincount(material.examinations)
    for number, start in enumerate(first):
        images = np.arange(start, start + counts[number])
        own = evidence[material.folds[start]]
        for way in WAYS:
            belief = believe(material, own, flags, images, way)
            rows[way].append(belief.probabilities)
        base.append(belief.prevalence)
    return Beliefs(
        material,
        evidence,
        np.array(flags),
        material.y_true[first],
        material.groups[first],
        counts,
        {way: np.array(values) for way, values in rows.items()},
        np.array(base),
    )


def believe(
    material: Material,
    evidence: Evidence,
    malignant: Sequence[bool],
    images: Indices,
    way: str,
    prevalence: float | None = None,
) -> Belief:
    """Return the belief after some images, with or without answers.

    Args:
        material: Predictions by examination.
        evidence: Fitted on other folds.
        malignant: Which values are malignant.
        images: Rows of the examination's images.
        way: One of ``WAYS``.
        prevalence: Of the clinic; by default the data set's.
    """
    used = images if way.startswith("all") else images[:1]
    answers = answers_at(material, int(images[0])) if way.endswith("answers") else {}
    return form_belief(
        np.exp(material.log_p[used]), evidence, malignant, answers=answers, prevalence=prevalence
    )


def answers_at(material: Material, row: int) -> dict[str, str]:
    """Return the known answers at an image."""
    known = {name: str(values[row]) for name, values in material.answers.items()}
    return {name: answer for name, answer in known.items() if answer}
