"""Ways to learn on two clouds that are far apart, so that every count is known."""

from collections.abc import Sequence

import numpy as np
import pytest

from cancerapy.learning.frozen_learner import FrozenLearner
from cancerapy.learning.policies import (
    ALL,
    MACHINE,
    POLICIES,
    RANDOM,
    SEARCHING,
    UNCERTAINTY,
    UNCERTAINTY_FEW,
    Policy,
    Round,
    follow,
)
from cancerapy.learning.stream import Stream

N = 240
LABELS = np.arange(N) % 2
GROUPS = np.array([f"g{row}" for row in range(N)])
ASKED = np.arange(200, N)


@pytest.fixture
def learner() -> FrozenLearner:
    rng = np.random.default_rng(0)
    features = rng.normal(size=(N, 2)) + 8 * np.stack([LABELS, -LABELS], axis=1)
    features[160:170] = rng.normal((4, -4), 0.01, size=(10, 2))  # between the clouds
    return FrozenLearner(features, GROUPS, 2)


def stream(wrong: Sequence[int] = ()) -> Stream:
    reviewed, wrong = LABELS.copy(), list(wrong)
    reviewed[wrong] = 1 - reviewed[wrong]
    rounds = (np.arange(40, 120), np.arange(120, 200))
    return Stream(LABELS, np.arange(40), rounds, reviewed, LABELS, seed=5)


def rounds_of(policy: Policy, learner: FrozenLearner, wrong: Sequence[int] = ()) -> list[Round]:
    return list(follow(policy, stream(wrong), learner, ASKED))


@pytest.mark.parametrize(
    ("policy", "n_training", "n_reviews"),
    [
        (MACHINE, [40, 120, 200], [0, 0, 0]),
        (RANDOM, [40, 80, 120], [0, 40, 80]),
        (UNCERTAINTY, [40, 80, 120], [0, 40, 80]),
        (UNCERTAINTY_FEW, [40, 48, 56], [0, 8, 16]),
        (ALL, [40, 120, 200], [0, 80, 160]),
    ],
    ids=lambda value: getattr(value, "name", None),
)
def test_what_is_learnt_from_and_reviewed(
    learner: FrozenLearner, policy: Policy, n_training: list[int], n_reviews: list[int]
) -> None:
    told = rounds_of(policy, learner)
    assert [own.n_training for own in told] == n_training
    assert [own.n_reviews for own in told] == n_reviews
    assert (told[-1].answers.argmax(1) == LABELS[ASKED]).all()


def test_the_uncertain_ones_are_reviewed_first(learner: FrozenLearner) -> None:
    between = list(range(160, 170))
    told = rounds_of(UNCERTAINTY, learner, wrong=between)
    assert told[2].n_wrong == 10  # all ten between the clouds were among the forty reviewed
    assert 0 < rounds_of(RANDOM, learner, wrong=between)[2].n_wrong < 10


def test_a_second_look_costs_a_review_and_rights_what_is_wrong(learner: FrozenLearner) -> None:
    wrong = [41, 50, 63]
    plain, searched = (
        rounds_of(p, learner, wrong)[2] for p in (ALL, Policy("s", "random", True, 1.0))
    )
    assert (plain.n_wrong, plain.n_reviews, plain.n_training) == (3, 160, 200)
    assert searched.n_wrong == 0
    assert searched.n_caught == 3
    assert searched.n_reviews == 160
    assert searched.n_training == 200 - searched.n_suspects


def test_without_reviewers_suspects_are_left_out_but_never_the_start() -> None:
    rng = np.random.default_rng(1)
    features = rng.normal(size=(N, 60))  # nothing to tell the classes apart by
    learner = FrozenLearner(features, GROUPS, 2)
    plain = list(follow(MACHINE, stream(), learner, ASKED))[2]
    searched = list(follow(SEARCHING[MACHINE], stream(), learner, ASKED))[2]
    assert plain.n_training == 200
    assert 40 <= searched.n_training < 200
    assert searched.n_suspects >= 200 - searched.n_training


def test_policies_have_names_of_their_own() -> None:
    assert len({policy.name for policy in POLICIES}) == len(POLICIES) == 9
