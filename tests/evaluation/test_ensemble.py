"""What several networks answer together, by hand, and what is not averaged."""

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest

from cancerapy.cancers import Factor, Network
from cancerapy.errors import DataError, UsageError
from cancerapy.evaluation.ensemble import (
    average_added,
    average_predictions,
    ensemble_record,
    mean_log_probabilities,
    member_names,
)
from cancerapy.evaluation.predictions import OutOfFold
from cancerapy.evaluation.record import ProtocolRecord

Draw = Callable[..., OutOfFold]
NETWORK = Network((Factor("kind", ("a", "b")), Factor("find", ("x", "y", "z"))))
RECORD = ProtocolRecord("grouped-3", False, ("1", "2", "3"), "A", "p2", "m", "s", "0", {"x": 1})


def test_the_mean_is_that_of_the_logarithms_factor_by_factor() -> None:
    one = np.log([[0.8, 0.2, 0.5, 0.25, 0.25]]) + 7  # a constant changes no probability
    two = np.log([[0.2, 0.8, 0.5, 0.4, 0.1]])
    mean = mean_log_probabilities([one.astype(np.float32), two.astype(np.float32)], NETWORK)
    expected = [0.4, 0.4, 0.5, np.sqrt(0.1), np.sqrt(0.025)]
    np.testing.assert_allclose(np.exp(mean), [expected], rtol=1e-5)
    assert mean.dtype == np.float32


def test_the_mean_of_the_logits_gives_the_same_probabilities() -> None:
    rng = np.random.default_rng(0)
    members = [rng.normal(0, 3, (4, 5)).astype(np.float32) for _ in range(3)]
    mean = mean_log_probabilities(members, NETWORK)
    for part in NETWORK.slices.values():
        shares = [np.exp(rows[:, part]) for rows in (mean, np.mean(members, axis=0))]
        normal = [share / share.sum(axis=1, keepdims=True) for share in shares]
        np.testing.assert_allclose(*normal, rtol=1e-4)


def test_members_are_lined_up_by_image(draw: Draw) -> None:
    drawn = draw(10)
    rng = np.random.default_rng(1)
    other = replace(drawn, logits=rng.normal(size=drawn.logits.shape).astype(np.float32))
    shuffled = other.part(rng.permutation(len(other)))
    mean = average_predictions({"one": drawn, "two": shuffled})
    expected = mean_log_probabilities([drawn.logits, other.logits], drawn.network)
    np.testing.assert_array_equal(mean.logits, expected)
    assert mean.images is drawn.images
    assert mean.labels is drawn.labels


def test_answers_to_added_images_are_averaged_if_every_member_has_them(draw: Draw) -> None:
    drawn = draw(6)
    other = replace(drawn, logits=drawn.logits + 1)
    assert average_added({"one": None, "two": None}) is None
    assert average_added({"one": drawn}) is drawn
    both = average_added({"one": drawn, "two": other})
    assert both is not None
    expected = average_predictions({"one": drawn, "two": other}).logits
    np.testing.assert_array_equal(both.logits, expected)
    with pytest.raises(DataError, match="same added images; two answered none") as caught:
        average_added({"one": drawn, "two": None})
    assert caught.value.code == "predictions_missing"


def _fewer(drawn: OutOfFold) -> OutOfFold:
    return drawn.part(np.arange(1, len(drawn)))


def _moved(drawn: OutOfFold) -> OutOfFold:
    folds = drawn.folds.copy()
    folds[0] = "fold-3"
    return replace(drawn, folds=folds)


def _relabelled(drawn: OutOfFold) -> OutOfFold:
    labels = {**drawn.labels, "density": (drawn.labels["density"] + 1) % 3}
    return replace(drawn, labels=labels)


def _regrouped(drawn: OutOfFold) -> OutOfFold:
    return replace(drawn, groups=drawn.images)


@pytest.mark.parametrize(
    ("change", "what"),
    [
        (_fewer, "the images"),
        (_moved, "the folds"),
        (_relabelled, "the labels of density"),
        (_regrouped, "the groups"),
    ],
)
def test_other_images_folds_or_labels_are_not_averaged(
    draw: Draw, change: Callable[[OutOfFold], OutOfFold], what: str
) -> None:
    drawn = draw(10)
    message = rf"same folds; {what} of 'two' are others than those of 'one'\. Cross-validate both"
    with pytest.raises(DataError, match=message):
        average_predictions({"one": drawn, "two": change(drawn)})


def test_other_factors_are_not_averaged(draw: Draw) -> None:
    drawn = draw(10)
    with pytest.raises(DataError, match=r"'two' answers others than 'one'\. Take predictions of"):
        average_predictions({"one": drawn, "two": replace(drawn, network=NETWORK)})


def test_the_record_names_every_member() -> None:
    other = replace(RECORD, model="B", plan_digest="p1", seed="1")
    record = ensemble_record([RECORD, other])
    assert record.model == "ensemble: A + B"
    assert record.plan_digest == "p1+p2"  # the same, in whichever order they are named
    assert (record.protocol, record.folds, record.leaking) == ("grouped-3", ("1", "2", "3"), False)
    assert (record.manifest_digest, record.split_digest, record.seed) == ("m", "s", "")
    assert record.plan == {}
    assert ensemble_record([RECORD, replace(other, leaking=True)]).leaking


def test_one_member_is_no_ensemble() -> None:
    with pytest.raises(UsageError, match=r"at least two members; one is given, 'A'\. Name ano"):
        ensemble_record([RECORD])


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"manifest_digest": "n"}, r"the digests of theirs are m, n\. Cross-validate them"),
        ({"manifest_digest": ""}, r"the digests of theirs are m, not recorded\."),
        ({"bundle": "toy-1", "protocol": "external-b"}, r"those of 'external-b' were made by a b"),
    ],
)
def test_what_was_not_cross_validated_on_the_same_data_is_refused(
    change: dict[str, str], message: str
) -> None:
    with pytest.raises(DataError, match=message):
        ensemble_record([RECORD, replace(RECORD, **change)])  # type: ignore[arg-type]


def test_models_of_one_name_are_numbered() -> None:
    assert member_names(["A", "B", "A"]) == ["A (1)", "B", "A (2)"]
