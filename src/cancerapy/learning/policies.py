"""Ways to turn uploads into training data, and what each has made of a stream round by round."""

from collections.abc import Iterator
from dataclasses import dataclass, field

import numpy as np

from cancerapy.arrays import Indices, Probabilities
from cancerapy.learning.frozen_learner import FrozenLearner
from cancerapy.learning.label_errors import find_suspects
from cancerapy.learning.stream import Stream
from cancerapy.runtime.uncertainty import margin_uncertainty

REVIEWED_SHARE = 0.5
"""Images that are reviewed in a round, as a share of those uploaded in it."""
FEW_SHARE = 0.1
"""The same where reviewers have little time, so that it matters more what they look at."""
AGAIN_SHARE = 0.1
"""Share of the reviews that may go to a second look, where wrong labels are searched for: twice
the share of wrong labels, since half of what is found is right."""

UNKNOWN = -1


@dataclass(frozen=True, slots=True)
class Policy:
    """A way to turn uploads into training data.

    Args:
        name: In words.
        order: ``"machine"``: every upload is added with the class that the machine predicts.
            ``"random"`` or ``"uncertainty"``: reviewers confirm as many as they can of those that
            wait, in this order.
        search: Search for wrong labels in every round. Reviewers look at the most suspect again,
            out of the same number of reviews; without reviewers, suspects are left out.
        share: Images that are reviewed in a round, as a share of those uploaded in it; what the
            machine labels is not reviewed at all.
    """

    name: str
    order: str
    search: bool = False
    share: float = REVIEWED_SHARE


MACHINE = Policy("machine's labels", "machine")
RANDOM = Policy("reviewed in random order", "random")
UNCERTAINTY = Policy("reviewed in uncertainty order", "uncertainty")
RANDOM_FEW = Policy("a tenth reviewed in random order", "random", share=FEW_SHARE)
UNCERTAINTY_FEW = Policy("a tenth reviewed in uncertainty order", "uncertainty", share=FEW_SHARE)
ALL = Policy("every upload reviewed", "random", share=1.0)
SEARCHING = {
    own: Policy(f"{own.name}, label-error search", own.order, search=True)
    for own in (MACHINE, RANDOM, UNCERTAINTY)
}
POLICIES = (
    *(policy for own in SEARCHING for policy in (own, SEARCHING[own])),
    RANDOM_FEW,
    UNCERTAINTY_FEW,
    ALL,
)


@dataclass(frozen=True, slots=True, eq=False)
class Round:
    """Where a policy stands after a round; round 0 is the start.

    Args:
        answers: (M, V) probabilities of the test side.
        n_training: Images that are learnt from.
        n_wrong: Those among them with a wrong label.
        n_reviews: Reviews so far.
        n_suspects: Labels found suspect in this round.
        n_caught: Those among them that are wrong.
    """

    answers: Probabilities
    n_training: int
    n_wrong: int
    n_reviews: int
    n_suspects: int = 0
    n_caught: int = 0


@dataclass(eq=False)
class _State:
    """What is known so far.

    Args:
        given: (N,) class that each image is learnt with; -1 where it is not learnt from.
        waiting: Rows that were uploaded and not reviewed.
        again: Rows that were looked at a second time.
        left_out: Rows that have a label and are not learnt from, because it is suspect.
        n_reviews: Reviews so far.
    """

    given: Indices
    waiting: Indices
    again: set[int] = field(default_factory=set)
    left_out: Indices = field(default_factory=lambda: np.zeros(0, np.int64))
    n_reviews: int = 0

    @property
    def rows(self) -> Indices:
        """Rows that are learnt from."""
        return np.setdiff1d(np.flatnonzero(self.given != UNKNOWN), self.left_out)


def follow(
    policy: Policy, stream: Stream, learner: FrozenLearner, asked: Indices
) -> Iterator[Round]:
    """Yield the start and every round of a policy.

    Args:
        policy: The way to turn uploads into training data.
        stream: Who comes when.
        learner: Trained anew after every round.
        asked: Rows of the test side, never learnt from.
    """
    state = _State(np.full(len(stream.labels), UNKNOWN), np.zeros(0, np.int64))
    state.given[stream.start] = stream.labels[stream.start]
    learner.predict_left_out(stream.start, state.given[stream.start])  # finds the temperature
    rng = np.random.default_rng([stream.seed, 2])
    yield _round(state, stream, learner, asked, (0, 0))
    for arrived in stream.rounds:
        found = _searched(policy, state, stream, learner, len(arrived))
        if policy.order == "machine":
            state.given[arrived] = _answers(state, learner, arrived).argmax(1)
            if policy.search:
                found = _leave_out(state, stream, learner)
        else:
            state.waiting = np.concatenate([state.waiting, arrived])
            budget = round(policy.share * len(arrived)) - found[0]
            _review(policy, state, stream, learner, budget, rng)
        yield _round(state, stream, learner, asked, found[1:])


def _searched(
    policy: Policy, state: _State, stream: Stream, learner: FrozenLearner, n_arrived: int
) -> tuple[int, int, int]:
    """Look again at the most suspect labels; return reviews spent, suspects, wrong among them."""
    if not policy.search or policy.order == "machine":
        return 0, 0, 0
    suspects = _suspects(state, learner)
    most = round(AGAIN_SHARE * policy.share * n_arrived)
    looked_at = [row for row in suspects.tolist() if row not in state.again][:most]
    n_caught = int((state.given[suspects] != stream.labels[suspects]).sum())
    state.again |= set(looked_at)
    rows = np.array(looked_at, dtype=np.int64)
    state.given[rows] = stream.reviewed_again[rows]
    state.n_reviews += len(rows)
    return len(rows), len(suspects), n_caught


def _leave_out(state: _State, stream: Stream, learner: FrozenLearner) -> tuple[int, int, int]:
    """Leave the suspect ones among the machine's labels out; return 0, suspects, wrong ones."""
    state.left_out = np.zeros(0, np.int64)
    suspects = _suspects(state, learner)
    state.left_out = np.setdiff1d(suspects, stream.start)
    n_caught = int((state.given[suspects] != stream.labels[suspects]).sum())
    return 0, len(suspects), n_caught


def _suspects(state: _State, learner: FrozenLearner) -> Indices:
    rows = state.rows
    shares = learner.predict_left_out(rows, state.given[rows])
    return rows[[suspect.row for suspect in find_suspects(state.given[rows], shares)]]


def _review(
    policy: Policy,
    state: _State,
    stream: Stream,
    learner: FrozenLearner,
    budget: int,
    rng: np.random.Generator,
) -> None:
    """Confirm as many of those that wait as the budget allows."""
    if policy.order == "uncertainty":
        unsure = margin_uncertainty(_answers(state, learner, state.waiting))
        order = np.argsort(-unsure, kind="stable")
    else:
        order = rng.permutation(len(state.waiting))
    chosen = state.waiting[order[:budget]]
    state.given[chosen] = stream.reviewed[chosen]
    state.waiting = state.waiting[order[budget:]]
    state.n_reviews += len(chosen)


def _answers(state: _State, learner: FrozenLearner, asked: Indices) -> Probabilities:
    rows = state.rows
    return learner.predict(rows, state.given[rows], asked)


def _round(
    state: _State,
    stream: Stream,
    learner: FrozenLearner,
    asked: Indices,
    found: tuple[int, ...],
) -> Round:
    rows = state.rows
    n_wrong = int((state.given[rows] != stream.labels[rows]).sum())
    answers = _answers(state, learner, asked)
    return Round(answers, len(rows), n_wrong, state.n_reviews, *found)
