"""What ``cancerapy tune`` does: prepare, search with one or several processes, report."""

import multiprocessing
from collections.abc import Sequence
from multiprocessing.process import BaseProcess

import optuna

from cancerapy.errors import CanceRapyError, DataError
from cancerapy.models.quiet_start import start_keras
from cancerapy.training.progress import RichDisplay
from cancerapy.tuning.budget import BudgetSpent, Deadline, describe_seconds
from cancerapy.tuning.compared import Compared
from cancerapy.tuning.optimizers import compare_optimizers, comparison_folder
from cancerapy.tuning.plots import (
    parameter_importance,
    plot_compared,
    plot_importance,
    plot_search,
    plot_values,
)
from cancerapy.tuning.problem import Problem, prepare_problem
from cancerapy.tuning.request import Request
from cancerapy.tuning.search import Search
from cancerapy.tuning.study import open_study
from cancerapy.tuning.trials_table import (
    Row,
    best_of,
    describe_counts,
    describe_params,
    read_rows,
    write_best,
    write_rows,
)

_INTERRUPTED = 130  # exit status, as of every command after Ctrl+C


def tune_as_asked(request: Request, deadline: Deadline) -> str:
    """Search until the deadline; write table, best plan and pictures.

    Returns:
        A summary for people.

    Raises:
        UsageError: The study's folder belongs to another search, or a parameter has no effect.
        DataError: The data are missing, or no state can be trained.
    """
    problem = prepare_problem(request)
    _say_what_is_searched(problem)
    with open_study(problem) as study:
        others = [_start(request, deadline, n) for n in range(2, request.workers + 1)]
        try:
            Search(problem, study, deadline, problem.cancer.id).run()
        finally:
            for other in others:
                other.join()
        rows = read_rows(study)
        _report(problem, study, rows)
    _check_others(others)
    return describe_search(problem, rows)


def compare_as_asked(request: Request, deadline: Deadline) -> str:
    """Compare optimizers until the deadline; write table and picture.

    Returns:
        A summary for people.

    Raises:
        UsageError: The folder belongs to another comparison, or the plan takes no steps.
        DataError: The data are missing or have too few groups.
    """
    problem = prepare_problem(request)
    _say_proxy(problem)
    folder = comparison_folder(problem)
    try:
        compared = compare_optimizers(problem, request.optimizers, deadline)
    except BudgetSpent:
        return (
            f"comparison  {folder}\nThe budget is spent before the last training; the same command "
            "goes on."
        )
    plot_compared(compared, folder / "optimizers.png", f"{problem.cancer.id}: optimizers")
    return "\n".join([f"comparison  {folder}", *map(describe_compared, compared)])


def describe_compared(row: Compared) -> str:
    """Return an optimizer's line in a comparison."""
    rates = ", ".join(f"{rate:g}" for rate in row.learning_rates) or "none"
    bounds = row.difference_interval
    return (
        f"{row.optimizer:8} {row.score:.4f} ({row.interval.low:.4f} to {row.interval.high:.4f}), "
        f"difference {row.difference:+.4f} ({bounds.low:+.4f} to {bounds.high:+.4f}): "
        f"{row.verdict}; rates {rates}{' (an end of the grid)' if row.at_edge else ''}, "
        f"{row.n_failed} failed, {describe_seconds(row.seconds)}"
    )


def describe_search(problem: Problem, rows: Sequence[Row]) -> str:
    """Return how a study stands: states by what they came to, seconds, best state, plan, goal."""
    folder, goal, best = problem.folder, problem.request.goal, best_of(rows)
    lines = [
        f"study   {folder}",
        f"states  {describe_counts(rows)}",
        f"spent   {describe_seconds(sum(row.seconds for row in rows))} on states",
    ]
    if best is None:
        return "\n".join([*lines, "best    none finished yet; the same command goes on"])
    lines.append(f"best    {best.score:.4f} in state {best.number}: {describe_params(best)}")
    lines.append(f"plan    {folder / 'best-plan.json'}")
    if goal is not None:
        is_reached = (best.score or 0.0) >= goal
        lines.append(f"goal    {goal:g} {'reached' if is_reached else 'not reached'}")
    return "\n".join(lines)


def _report(problem: Problem, study: optuna.Study, rows: Sequence[Row]) -> None:
    folder = problem.folder
    write_rows(problem, rows)
    if best := best_of(rows):
        write_best(problem, best)
    title = f"{problem.cancer.id}: {describe_counts(rows)}"
    plot_search(rows, folder / "search.png", title, problem.request.goal)
    shares = parameter_importance(study, rows)
    plot_importance(shares, folder / "importance.png", "What mattered")
    if "optimizer" in problem.space.domains:
        plot_values(rows, "optimizer", folder / "optimizers.png", "Score by optimizer")


def _start(request: Request, deadline: Deadline, number: int) -> BaseProcess:
    # A fork of a process in which TensorFlow runs would hang.
    process = multiprocessing.get_context("spawn").Process(
        target=_work, args=(request, deadline, number)
    )
    process.start()
    return process


def _work(request: Request, deadline: Deadline, number: int) -> None:
    """Be a further process of a search; its states are reported by the first.

    Raises:
        SystemExit: It failed, which is said, or was interrupted.
    """
    title = f"{request.cancer} worker {number}"
    try:
        start_keras()
        problem = prepare_problem(request)
        with open_study(problem) as study:
            Search(problem, study, deadline, title).run()
    except CanceRapyError as error:
        RichDisplay(title).say(error.message)
        raise SystemExit(error.exit_code) from error
    except KeyboardInterrupt as stop:
        raise SystemExit(_INTERRUPTED) from stop


def _check_others(others: Sequence[BaseProcess]) -> None:
    failed = [number for number, other in enumerate(others, 2) if other.exitcode]
    if failed:
        raise DataError(
            f"Every worker must come to its end; number {', '.join(map(str, failed))} did not, "
            "for the reason shown above. What was finished is kept and reported; run the same "
            "command again to go on, with fewer --workers if the memory was full."
        )


def _say_what_is_searched(problem: Problem) -> None:
    _say_proxy(problem)
    for line in problem.space.describe():
        RichDisplay(problem.cancer.id).say(line)


def _say_proxy(problem: Problem) -> None:
    proxy = problem.record["proxy"]
    RichDisplay(problem.cancer.id).say(
        f"holds out {proxy['fold']} of {proxy['protocol']} ({len(proxy['held_out_groups'])} "
        f"groups); fits {proxy['n_images_fitted']} images of {proxy['n_groups_fitted']} groups, "
        f"judges on {proxy['n_images_judging']} images of {proxy['n_groups_judging']} others"
    )
