"""When several networks are one graph, and when they are not."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import keras
import numpy as np
import pytest

from cancerapy.cancers import Cancer, Network, Pooling
from cancerapy.errors import DataError
from cancerapy.export import ensemble
from cancerapy.export.ensemble import compressions_of, measured_together, served_graph
from cancerapy.export.litert import Compression
from cancerapy.export.member import Member, load_members
from cancerapy.export.request import ExportRequest
from cancerapy.models.classifier import build_classifier
from cancerapy.models.head import build_head

Ask = Callable[[Path, Path], ExportRequest]
Pair = dict[str, tuple[Path, Path]]


@pytest.fixture
def members(
    toy_run: Path, tmp_path: Path, ask_export: Ask, pair: Pair, known_toy: None
) -> list[Member]:
    """Two networks of one plan with different seeds, and their predictions."""
    request = ask_export(toy_run, tmp_path)
    return load_members(replace(request, **pair))


def test_one_network_is_served_as_it_is(members: list[Member], toy_cancer: Cancer) -> None:
    (first, _) = members
    record, predicted = measured_together([first])
    assert record is first.record
    assert predicted is first.predicted
    graph = served_graph([first], toy_cancer.network)
    assert graph.name == "classifier"
    assert graph.count_params() == first.classifier.full().count_params()


def test_two_networks_were_measured_by_their_mean(members: list[Member]) -> None:
    record, predicted = measured_together(members)
    assert record.plan_digest == "+".join(sorted(member.plan.digest for member in members))
    logs = []
    for member in members:
        odds = np.exp(member.predicted.logits.astype(float))
        logs.append(np.log(odds / odds.sum(axis=1, keepdims=True)))
    np.testing.assert_allclose(predicted.logits, np.mean(logs, axis=0), atol=1e-5)


def _resized(member: Member, height: int, width: int, **changes: Any) -> Member:
    classifier = build_classifier("SmallCNN", member.classifier.network, (height, width))
    return replace(member, classifier=replace(classifier, **changes))


def test_other_inputs_and_other_maps_are_refused(members: list[Member], toy_cancer: Cancer) -> None:
    first, second = members
    message = r"take pictures of one size; SmallCNN \(1\) has 32 x 48, SmallCNN \(2\) has 48 x 64\."
    with pytest.raises(DataError, match=message):
        served_graph([first, _resized(second, 48, 64)], toy_cancer.network)
    trunk = second.classifier.backbone
    cropped = keras.Model(trunk.input, keras.layers.Cropping2D(((0, 0), (0, 1)))(trunk.output))
    head = build_head(cropped.output_shape[1:], toy_cancer.network, dropout=0.0, seed=0)
    other = replace(second, classifier=replace(second.classifier, backbone=cropped, head=head))
    with pytest.raises(DataError, match=r"multiples of those of the smallest; .*Distil them into"):
        served_graph([first, other], toy_cancer.network)


def test_maps_read_from_their_top_cells_are_not_averaged(
    members: list[Member], toy_cancer: Cancer
) -> None:
    (factor,) = toy_cancer.network.factors
    top = Network((replace(factor, pooling=Pooling.TOP, top_cells=2),))
    with pytest.raises(DataError, match=r"pool their maps by the mean, .*finding is read from"):
        served_graph(members, top)


def test_what_is_too_large_is_refused(
    members: list[Member], toy_cancer: Cancer, monkeypatch: pytest.MonkeyPatch
) -> None:
    n_weights = 2 * members[0].classifier.full().count_params()
    monkeypatch.setattr(ensemble, "MOST_BYTES", 2 * n_weights)
    assert served_graph(members, toy_cancer.network).count_params() == n_weights
    monkeypatch.setattr(ensemble, "MOST_BYTES", 2 * n_weights - 1)
    has = f"the weights of these have {2 * n_weights / 1e6:.1f} MB"
    with pytest.raises(DataError, match=rf"{has} \(half with --compress\)"):
        served_graph(members, toy_cancer.network)
    monkeypatch.setattr(ensemble, "MOST_BYTES", n_weights)
    graph = served_graph(members, toy_cancer.network, compress=True)
    assert graph.count_params() == n_weights
    monkeypatch.setattr(ensemble, "MOST_BYTES", n_weights - 1)
    with pytest.raises(DataError, match=rf"have {n_weights / 1e6:.1f} MB\. Distil"):
        served_graph(members, toy_cancer.network, compress=True)


def test_small_networks_need_not_be_int8(
    members: list[Member], monkeypatch: pytest.MonkeyPatch
) -> None:
    n_weights = members[0].classifier.full().count_params()  # the members are of one size
    for most, kept in ((4, ("member_1", "member_2")), (3, ("member_1",)), (2, ())):
        monkeypatch.setattr(ensemble, "MOST_BYTES", most * n_weights)
        assert compressions_of(members)[-1] == Compression(kept)
    assert compressions_of(members[:1]) == (Compression(),)  # who compresses one network means it


def test_the_largest_network_is_tried_in_int8_first(
    members: list[Member], toy_cancer: Cancer, monkeypatch: pytest.MonkeyPatch
) -> None:
    n_weights = members[0].classifier.full().count_params()
    monkeypatch.setattr(ensemble, "MOST_BYTES", 2 * n_weights)
    assert compressions_of(members)[0].integer == ("member_1",)  # of one size: the first
    small = keras.Sequential([keras.layers.Input((64, 96, 3)), keras.layers.Conv2D(4, 3)])
    head = build_head(small.output_shape[1:], toy_cancer.network, dropout=0.0, seed=0)
    first = _resized(members[0], 64, 96, backbone=small, head=head)
    assert compressions_of([first, members[1]]) == (
        Compression(float16=("member_1",), integer=("member_2",)),
        Compression(float16=("member_1",)),
    )
