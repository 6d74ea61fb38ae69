"""A part that searches the settings of a plan and judges the best state where none was judged."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from cancerapy.errors import DataError
from cancerapy.evaluation.measure import Figure
from cancerapy.evaluation.rows import rows_of
from cancerapy.evaluation.words import DIFFERENCE
from cancerapy.reproduce._spec import Context, CurveRow, Yield
from cancerapy.reproduce.proxy_trial import ProxyTrial, origin_on_proxy

if TYPE_CHECKING:
    from cancerapy.reproduce.finalists import Judged
    from cancerapy.tuning.trials_table import Row as State

IMPORTANCE = "importance:"
"""Metrics: the share of a parameter in the differences between the states."""

BEST = "best_proxy_auc"
"""Metric: the score of the best state on the images that the search has judged by: too high."""

STATES = "states:"
"""Metrics: how many states came to what."""

ENDED = ("finished", "pruned", "failed")
"""What a state comes to that is not tried again."""

BEFORE = "_before"
"""What the metrics of the plan before the search end with."""

_SHOWN = ("accuracy", "balanced_accuracy", "macro_auc")
_N_QUICK = 2


@dataclass(frozen=True, slots=True)
class SearchPart:
    """A search of fixed length; its best state against the plan that it started from.

    States are judged on the inner part of the proxy. The best one and the plan before the search
    are then trained once more on the same images and judged on the fold that was held out.

    Args:
        name: Name of the part.
        trial: Plan and proxy.
        budget_s: Seconds spent on states, over all calls.
        search: Names that are searched.
    """

    name: str
    trial: ProxyTrial
    budget_s: float
    search: Sequence[str]

    def run(self, context: Context) -> Yield:
        """Go on with the search until its seconds are spent; judge what it has found.

        Raises:
            DataError: No state was finished.
        """
        # Keras comes with these: listing the experiments does not wait for it.
        from cancerapy.reproduce.finalists import judge_finalists
        from cancerapy.tuning.budget import Deadline
        from cancerapy.tuning.plots import parameter_importance
        from cancerapy.tuning.problem import prepare_problem
        from cancerapy.tuning.search import Search
        from cancerapy.tuning.study import open_study
        from cancerapy.tuning.trials_table import best_of, read_rows, write_best, write_rows

        request = self.trial.request(context, self.name, search=tuple(self.search))
        problem = prepare_problem(replace(request, states=_N_QUICK if context.quick else 0))
        with open_study(problem) as study:
            left = self.budget_s - sum(state.seconds for state in read_rows(study))
            if left > 0:
                Search(problem, study, Deadline.after(left), problem.cancer.id).run()
            states = read_rows(study)
            shares = parameter_importance(study, states)
        write_rows(problem, states)
        best = best_of(states)
        if best is None or best.score is None:
            raise DataError(
                f"A search needs at least one finished state; in {self.budget_s:.0f} seconds none "
                f"was. Remove '{problem.folder}' and search longer, or on fewer images."
            )
        write_best(problem, best)
        judged = judge_finalists(problem, best)
        own = [*_judged_figures(judged), *_search_figures(states, best.score, shares)]
        origin = origin_on_proxy(problem, context, self.name, judged.split)
        origin = replace(
            origin,
            protocol=f"{origin.protocol.removesuffix(' proxy')}, {problem.data.fold}",
            plan=judged.plan,
            groups=judged.n_groups,
            n=judged.n_images,
        )
        return Yield(rows_of(origin, own), to_curve(states))


def _judged_figures(judged: "Judged") -> list[Figure]:
    """Return the best state's figures, those of the plan before, and the differences."""
    return [
        *(judged.figures[name] for name in _SHOWN),
        *(replace(judged.differences[name], metric=name + DIFFERENCE) for name in _SHOWN),
        *(replace(judged.before[name], metric=name + BEFORE) for name in _SHOWN),
    ]


def _search_figures(
    states: Sequence["State"], best: float, shares: Mapping[str, float]
) -> list[Figure]:
    """Return what is said of the search itself."""
    nan = float("nan")
    return [
        Figure(BEST, best, nan, nan),
        Figure("training_seconds", sum(state.seconds for state in states), nan, nan),
        *(Figure(f"{IMPORTANCE}{name}", share, nan, nan) for name, share in shares.items()),
        *_counts(states),
    ]


def to_curve(states: Sequence["State"]) -> list[CurveRow]:
    """Return a row for every state that ended: seconds, score, best so far and settings."""
    best = 0.0
    rows: list[CurveRow] = []
    for state in states:
        row: dict[str, float | str] = {
            "state": float(state.number),
            "status": state.status,
            "seconds": state.seconds_so_far,
        }
        if state.score is not None:
            if state.status == "finished":
                best = max(best, state.score)
            row |= {"score": state.score, "best": best}
        row |= {name: _plain(value) for name, value in state.params.items()}
        rows.append(row)
    return rows


def _plain(value: object) -> float | str:
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    return float(value) if is_number else str(value).lower()  # type: ignore[arg-type]


def _counts(states: Sequence["State"]) -> list[Figure]:
    nan = float("nan")
    counts: Mapping[str, int] = Counter(state.status for state in states)
    ended = [status for status in ENDED if counts[status]]
    return [Figure(f"{STATES}{status}", float(counts[status]), nan, nan) for status in ended]
