"""Is the report right about Adam? Optimizers side by side, with intervals over groups.

The report trains every model with Adam and calls it the one choice that never changes. Here each
optimizer trains the same plan on the same images, with a grid of learning rates of its own, all of
one length. The groups of the proxy are divided into parts; each part is judged once, by networks
trained on the others. A grouped inner part of those others chooses epoch and learning rate, so
that no judged image chooses anything. Differences to the first optimizer named have intervals of
a paired bootstrap over groups; the fold that is held out stays unseen here as well.
"""

from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
from scipy.special import softmax

from cancerapy.arrays import Floats, Logits
from cancerapy.data.cache import digest_of
from cancerapy.data.splits import Split, grouped_folds
from cancerapy.errors import UsageError
from cancerapy.evaluation.intervals import GroupBootstrap
from cancerapy.evaluation.resampled import mean_of_defined, resample_auc
from cancerapy.tuning.budget import Deadline
from cancerapy.tuning.compared import Compared, write_compared
from cancerapy.tuning.optimizer_grid import Trained, Training, rank_rows, train_grid
from cancerapy.tuning.problem import Problem
from cancerapy.tuning.rates import RATES, check_optimizers
from cancerapy.tuning.study import write_record

N_PARTS = 3


def compare_optimizers(
    problem: Problem,
    names: Sequence[str],
    deadline: Deadline,
    *,
    n_parts: int = N_PARTS,
    rates: Mapping[str, Sequence[float]] = RATES,
) -> list[Compared]:
    """Train every optimizer with every rate of its grid and compare them on the judged parts.

    Args:
        problem: The plan and the proxy's images; its space is not used.
        names: Optimizers; the others are compared with the first.
        deadline: When to stop.
        n_parts: Parts that are judged, each once.
        rates: Learning rates by optimizer.

    Returns:
        In the order of ``names``; also written to ``optimizers.csv`` in ``comparison_folder``.

    Raises:
        BudgetSpent: The time is over before the last training; what is finished is kept, and
            another call goes on.
        UsageError: Fewer than two optimizers, or the plan takes no steps.
        DataError: There are fewer groups than parts.
    """
    check_optimizers(names)
    if not problem.request.plan.epochs:
        raise UsageError(
            "Optimizers are compared in stage two; in this plan epochs is 0. Add for instance "
            "--set epochs=3.",
            field="optimizers",
        )
    folder = comparison_folder(problem, n_parts=n_parts, rates=rates)
    manifest = problem.data.manifest
    main = problem.cancer.network.factors[0].name
    parts = grouped_folds(manifest, main, n_parts, problem.seed)
    done = train_grid(problem, {name: rates[name] for name in names}, parts, folder, deadline)
    chosen = {name: _choose(name, parts, done) for name in names}
    resampled = {name: _resample(problem, logits) for name, (_, logits) in chosen.items()}
    scores = {name: _score(problem, logits) for name, (_, logits) in chosen.items()}
    first, bootstrap = names[0], GroupBootstrap(manifest.groups, seed=problem.seed)
    compared = [
        Compared(
            optimizer=name,
            learning_rates=chosen[name][0],
            at_edge=bool({rates[name][0], rates[name][-1]} & {*chosen[name][0]}),
            score=scores[name],
            interval=bootstrap.interval(resampled[name]),
            difference=scores[name] - scores[first],
            difference_interval=bootstrap.interval(resampled[name] - resampled[first]),
            seconds=sum(t.seconds for key, t in done.items() if key.optimizer == name),
            n_failed=sum(bool(t.reason) for key, t in done.items() if key.optimizer == name),
        )
        for name in names
    ]
    write_compared(folder / "optimizers.csv", compared)
    return compared


def comparison_folder(
    problem: Problem, *, n_parts: int = N_PARTS, rates: Mapping[str, Sequence[float]] = RATES
) -> Path:
    """Return the folder of a comparison; its record is written or checked.

    More optimizers may be added to a comparison later.

    Raises:
        UsageError: The folder holds a comparison of another plan, proxy or data set.
    """
    record = {name: value for name, value in problem.record.items() if name != "space"}
    record |= {"parts": n_parts, "rates": {name: list(own) for name, own in rates.items()}}
    name = problem.request.study or f"{problem.cancer.id}-{digest_of(record)[:10]}"
    folder = problem.request.settings.runs / "tune" / f"{name}-optimizers"
    write_record(folder, record)
    return folder


def _choose(
    name: str, parts: Sequence[Split], done: Mapping[Training, Trained]
) -> tuple[tuple[float, ...], Logits]:
    """Return the rate that the inner part of each part chose, and logits (N, L) of all images.

    Without any training of a part that did not fail there are no rates, and no logits.
    """
    chosen, logits = [], []
    for number in range(1, len(parts) + 1):
        own = {
            key.learning_rate: trained
            for key, trained in done.items()
            if key.optimizer == name and key.part == number and not trained.reason
        }
        if not own:
            return (), np.zeros((0, 0), np.float32)
        rate = max(own, key=lambda tried: own[tried].inner_score)
        chosen.append(rate)
        logits.append(own[rate].logits)
    order = np.argsort(np.concatenate([part.test for part in parts]))
    return tuple(chosen), np.concatenate(logits)[order]


def _score(problem: Problem, logits: Logits) -> float:
    if not len(logits):
        return float("nan")
    return rank_rows(problem, np.arange(len(logits)), logits)


def _resample(problem: Problem, logits: Logits) -> Floats:
    """Return the score in each resample of groups, (n_resamples,); the same draws every time."""
    manifest, network = problem.data.manifest, problem.cancer.network
    figures = []
    for factor in network.factors if len(logits) else ():
        labels = manifest.labels(factor.name)
        known = labels >= 0
        bootstrap = GroupBootstrap(manifest.groups[known], seed=problem.seed)
        own = logits[known][:, network.slices[factor.name]].astype(np.float64)
        probabilities = softmax(own, axis=1)
        truth = labels[known]
        areas = [resample_auc(bootstrap, truth == k, probabilities[:, k]) for k in np.unique(truth)]
        figures.append(mean_of_defined(np.stack(areas, axis=1)))
    if not figures:
        return np.full(1, np.nan)
    return mean_of_defined(np.stack(figures, axis=1))
