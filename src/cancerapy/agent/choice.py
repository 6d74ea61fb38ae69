"""The action with the lowest expected cost, and the rules that stand above costs."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from cancerapy.agent.actions import ENDS, Action
from cancerapy.agent.belief import Belief
from cancerapy.agent.information import best_question, cost_after_image
from cancerapy.arrays import Floats
from cancerapy.cancers import ErrorCosts, Evidence, Question

REJECTED = "rejected"
DENSE = "dense"
NEEDED_UNANSWERED = "needed_unanswered"
NEEDED_OTHER = "needed_other"


@dataclass(frozen=True, slots=True)
class Option:
    """An action that was weighed.

    Args:
        action: The action.
        cost: Its expected cost, everything that follows included.
        question: Id of the question to be asked.
    """

    action: Action
    cost: float
    question: str | None = None


@dataclass(frozen=True, slots=True)
class Choice:
    """What is done and what was weighed.

    Args:
        option: The chosen one.
        options: All that were allowed, the cheapest first.
        rule: Name of the rule that decided, or ``None`` where costs did.
    """

    option: Option
    options: tuple[Option, ...]
    rule: str | None = None


def choose(
    belief: Belief,
    end_costs: Floats,
    costs: ErrorCosts,
    evidence: Evidence,
    *,
    answers: Mapping[str, str] | None = None,
    needed: Sequence[Question] = (),
    hides: bool = False,
) -> Choice:
    """Choose the action.

    The rules hold where reassuring would cost least. Where an answer is needed for any plain
    result and was not given, its question is asked first. In tissue that can hide a finding a
    further test is made; elsewhere, where another answer than the needed one was given, the cheaper
    of the two other ends is taken.

    Args:
        belief: Of the finding.
        end_costs: By end and value, see ``actions.end_costs``.
        costs: Of the cancer.
        evidence: Of the cancer.
        answers: By id of the question.
        needed: Questions whose needed answer was not given.
        hides: Whether the tissue can hide a finding.
    """
    given = dict(answers or {})
    ends = end_costs @ belief.probabilities
    kept = list(range(len(ENDS))) if not (hides or needed) else [1, 2]
    allowed = end_costs[kept]
    options = [Option(ENDS[row], float(ends[row])) for row in kept]
    options += _ways_to_know_more(belief, allowed, costs, evidence, tuple(given))
    ranked = tuple(sorted(options, key=lambda option: option.cost))
    if int(np.argmin(ends)) != 0 or not (hides or needed):
        return Choice(ranked[0], ranked)
    unanswered = [question for question in needed if question.id not in given]
    if unanswered:
        asked = Option(Action.QUESTION, costs.question + float(ends.min()), unanswered[0].id)
        return Choice(asked, (asked, *ranked), NEEDED_UNANSWERED)
    if hides:
        test = next(option for option in ranked if option.action is Action.FURTHER_TEST)
        return Choice(test, ranked, DENSE)
    return Choice(_first_end(ranked), ranked, NEEDED_OTHER)


def _ways_to_know_more(
    belief: Belief,
    allowed: Floats,
    costs: ErrorCosts,
    evidence: Evidence,
    answered: Sequence[str],
) -> list[Option]:
    found = []
    after_image = cost_after_image(belief, allowed, evidence)
    if after_image is not None:
        found.append(Option(Action.ANOTHER_IMAGE, costs.image + after_image))
    question = best_question(belief, allowed, evidence, answered)
    if question is not None:
        found.append(Option(Action.QUESTION, costs.question + question[1], question[0]))
    return found


def _first_end(ranked: Sequence[Option]) -> Option:
    return next(option for option in ranked if option.action in ENDS)
