"""From predictions to everything that a report and the results files say of them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from cancerapy.cancers import Cancer
from cancerapy.data.progress import StepProgress, silent
from cancerapy.evaluation.calibrated import Calibrated, apply_calibration
from cancerapy.evaluation.calibration import Calibration, cross_fitted
from cancerapy.evaluation.intervals import N_RESAMPLES
from cancerapy.evaluation.measure import Figure, compare, measure
from cancerapy.evaluation.outcome import with_factor_tasks
from cancerapy.evaluation.predictions import OutOfFold
from cancerapy.evaluation.subgroups import Subgroup, subgroup_tables


@dataclass(frozen=True, slots=True)
class Comparison:
    """A task's figures by another model or baseline, and what this model is better by.

    Args:
        name: What predicted.
        figures: Its figures.
        differences: This model's minus its, on the images that both answer.
        n_images: Images that both answer.
    """

    name: str
    figures: Sequence[Figure]
    differences: Sequence[Figure]
    n_images: int


@dataclass(frozen=True, slots=True, eq=False)
class Assessment:
    """Everything measured of one task.

    Args:
        calibrated: The answers.
        figures: All figures.
        subgroups: Tables by fact.
        comparisons: Against other models and baselines.
    """

    calibrated: Calibrated
    figures: Sequence[Figure]
    subgroups: Mapping[str, Sequence[Subgroup]]
    comparisons: Sequence[Comparison]

    def figure(self, metric: str) -> Figure | None:
        """Return one figure by name, or ``None`` if the task has none of that name."""
        return next((f for f in self.figures if f.metric == metric), None)


def assess(
    out_of_fold: OutOfFold,
    cancer: Cancer,
    *,
    facts: Mapping[str, Mapping[str, str]] | None = None,
    others: Mapping[str, OutOfFold] | None = None,
    calibration: Calibration | None = None,
    added: OutOfFold | None = None,
    n_resamples: int = N_RESAMPLES,
    seed: int = 0,
    progress: StepProgress = silent,
) -> list[Assessment]:
    """Measure every task of a cancer, and every factor that no task asks for by itself.

    Args:
        out_of_fold: The predictions of a protocol.
        cancer: Their cancer.
        facts: By name of the fact its value by image path; unknown may be absent.
        others: Further predictions of the same images, by name, to compare with.
        calibration: The bundle's, for an external data set; by default every fold is calibrated
            with the other folds.
        added: Predictions of added images by the same folds, for calibrating alone.
        n_resamples: Resamples of the groups.
        seed: Seed of the resamples.
        progress: Told of each part measured.

    Returns:
        One assessment a task; tasks without an image of known class are left out.

    Raises:
        DataError: The predictions do not fit the cancer, or there is one fold only and no
            calibration is given.
    """
    extended = with_factor_tasks(cancer)
    answers = _calibrate(out_of_fold, extended, calibration, added)
    rivals = {
        name: _calibrate(rival, extended, calibration) for name, rival in (others or {}).items()
    }
    present = [name for name, answer in answers.items() if len(answer.outcome)]
    result = []
    for number, name in enumerate(present, 1):
        progress(name, number - 1, len(present))
        answer = answers[name]
        result.append(
            Assessment(
                answer,
                measure(answer, n_resamples=n_resamples, seed=seed),
                subgroup_tables(
                    answer.outcome,
                    _facts_of(answer, facts or {}),
                    n_resamples=n_resamples,
                    seed=seed,
                ),
                [
                    _compare(rival, answer, rivals[rival][name], n_resamples, seed)
                    for rival in rivals
                    if len(rivals[rival][name].outcome)
                ],
            )
        )
        progress(name, number, len(present))
    return result


def _calibrate(
    out_of_fold: OutOfFold,
    cancer: Cancer,
    calibration: Calibration | None,
    added: OutOfFold | None = None,
) -> dict[str, Calibrated]:
    if calibration is None:
        return cross_fitted(out_of_fold, cancer, added=added)
    return apply_calibration(out_of_fold, cancer, calibration)


def _facts_of(
    answer: Calibrated, facts: Mapping[str, Mapping[str, str]]
) -> dict[str, Sequence[str]]:
    """Line the facts up with the images; the fold is a fact that is always known.

    It is left out where another one divides the images alike: folds of a slide each, by slide.
    """
    outcome = answer.outcome
    lined = {
        name: [by_image.get(image, "") for image in outcome.images.tolist()]
        for name, by_image in facts.items()
    }
    folds: list[str] = outcome.folds.tolist()
    is_told = any(_divide_alike(folds, values) for values in lined.values())
    return {**lined} if is_told else {**lined, "fold": folds}


def _divide_alike(first: Sequence[str], second: Sequence[str]) -> bool:
    """Say whether images share a value of the one exactly where they share one of the other."""
    n_pairs = len(set(zip(first, second, strict=True)))
    return len(set(first)) == n_pairs == len(set(second))


def _compare(
    name: str, answer: Calibrated, rival: Calibrated, n_resamples: int, seed: int
) -> Comparison:
    shared = set(answer.outcome.images.tolist()) & set(rival.outcome.images.tolist())
    return Comparison(
        name,
        measure(rival, n_resamples=n_resamples, seed=seed),
        compare(answer, rival, n_resamples=n_resamples, seed=seed),
        len(shared),
    )
