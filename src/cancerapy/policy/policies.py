"""Policies: what each would have done with every examination, and what that would have cost."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from cancerapy.agent.actions import ENDS, Action, end_costs
from cancerapy.agent.belief import form_belief
from cancerapy.agent.choice import choose
from cancerapy.arrays import Floats, Indices
from cancerapy.cancers import Cancer, ErrorCosts
from cancerapy.policy.beliefs import Beliefs, answers_at

REASSURE, TEST, REFER = range(len(ENDS))
TOP_CLASS, ALWAYS, NEVER = "always the top class", "always refer", "never refer"
FIXED = (TOP_CLASS, ALWAYS, NEVER)
AGENT = "agent"


@dataclass(frozen=True, slots=True, eq=False)
class Course:
    """How a policy ended each examination.

    Args:
        ends: Row of ``actions.ENDS``, (E,).
        cost: What it cost, questions and further images included, (E,). What a further test
            would have found is averaged over.
        n_asked: Questions and images asked for, (E,).
    """

    ends: Indices
    cost: Floats
    n_asked: Indices


def run_fixed(name: str, beliefs: Beliefs, costs: ErrorCosts) -> Course:
    """Run a policy that looks at the network's most probable class, or at nothing.

    Args:
        name: One of ``FIXED``.
        beliefs: Of the examinations.
        costs: Of the cancer.
    """
    first = beliefs.material.first
    if name == TOP_CLASS:
        top = beliefs.material.log_p[first].argmax(axis=1)
        ends = np.where(beliefs.malignant[top], REFER, REASSURE)
    else:
        ends = np.full(len(first), REFER if name == ALWAYS else REASSURE)
    return _course(ends, beliefs, costs)


def run_costs(
    way: str, beliefs: Beliefs, costs: ErrorCosts, prevalence: float | None = None
) -> Course:
    """Take the end with the lowest expected cost, without rules and without asking for more.

    Args:
        way: What the belief rests on, one of ``beliefs.WAYS``.
        beliefs: Of the examinations.
        costs: Of the cancer.
        prevalence: Of the clinic.
    """
    table = end_costs(costs, beliefs.material.values, beliefs.malignant.tolist())
    return _course((beliefs.at(way, prevalence) @ table.T).argmin(axis=1), beliefs, costs)


def run_agent(
    beliefs: Beliefs,
    cancer: Cancer,
    prevalence: float | None = None,
    *,
    progress: Callable[[int, int], None] = lambda *_: None,
) -> Course:
    """Let the agent go on from the first image until it ends the examination.

    It is given the further images and the answers that there are; where what it asks for is
    missing, it is asked again without the possibility. Questions whose needed answer no table
    holds (whether there was a dermatoscope) count as answered so.

    Args:
        beliefs: Of the examinations.
        cancer: The cancer, whose costs and rules hold.
        prevalence: Of the clinic.
        progress: Told of each examination.
    """
    n = len(beliefs.y_true)
    ends, paid, asked = np.zeros(n, np.int64), np.zeros(n), np.zeros(n, np.int64)
    for number in range(n):
        ends[number], paid[number], asked[number] = _run_one(number, beliefs, cancer, prevalence)
        progress(number + 1, n)
    course = _course(ends, beliefs, cancer.costs)
    return Course(ends, course.cost + paid, asked)


def _run_one(
    number: int, beliefs: Beliefs, cancer: Cancer, prevalence: float | None
) -> tuple[int, float, int]:
    material = beliefs.material
    start = int(material.first[number])
    evidence = beliefs.evidence[material.folds[start]]
    flags = beliefs.malignant.tolist()
    table = end_costs(cancer.costs, material.values, flags)
    dense = {value for values in cancer.hides_in.values() for value in values}
    known = answers_at(material, start)
    given: dict[str, str] = {}
    n_images, paid, n_asked = 1, 0.0, 0
    while True:
        rows = np.arange(start, start + n_images)
        belief = form_belief(
            np.exp(material.log_p[rows]), evidence, flags, answers=given, prevalence=prevalence
        )
        choice = choose(
            belief,
            table,
            cancer.costs,
            evidence,
            answers=given,
            hides=bool(set(material.density[rows].tolist()) & dense),
        )
        option = choice.option
        if option.action is Action.ANOTHER_IMAGE and n_images == beliefs.n_images[number]:
            option = next(o for o in choice.options if o.action is not Action.ANOTHER_IMAGE)
        if option.action in ENDS:
            return ENDS.index(option.action), paid, n_asked
        n_asked += 1
        if option.action is Action.ANOTHER_IMAGE:
            n_images, paid = n_images + 1, paid + cancer.costs.image
        else:
            question = option.question or ""
            given[question] = known.get(question, "")
            paid += cancer.costs.question


def _course(ends: Indices, beliefs: Beliefs, costs: ErrorCosts) -> Course:
    table = end_costs(costs, beliefs.material.values, beliefs.malignant.tolist())
    return Course(ends, table[ends, beliefs.y_true], np.zeros(len(ends), np.int64))
