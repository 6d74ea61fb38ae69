"""Keras and the exported graph on the same phantoms; what must not pass does not."""

import numpy as np
import pytest

from cancerapy.bundle.schema import FactorFields
from cancerapy.cancers import ClassLabel, Factor, Network, Task
from cancerapy.errors import BundleError
from cancerapy.export.litert import to_litert
from cancerapy.export.parity import (
    Parity,
    check_parity,
    compare,
    keras_logits,
    litert_outputs,
    worst_of,
)
from cancerapy.models.classifier import build_classifier
from cancerapy.phantoms import draw_phantom
from cancerapy.runtime.interpreter import Graph

TASK = Task("t", "T", tuple(ClassLabel(n, n, ".", {"kind": n}) for n in ("a", "b")))
FACTORS = (FactorFields("kind", ("a", "b"), 1.0),)


def test_the_exported_graph_gives_the_networks_answers() -> None:
    network = Network((Factor("kind", ("a", "b")),))
    classifier = build_classifier("SmallCNN", network, (32, 32), seed=3)
    model = classifier.full("horizontal")
    pictures = np.stack([draw_phantom("histology", seed=s, height=32, width=32) for s in range(6)])
    before = keras_logits(model, pictures, batch_size=4)
    outputs = litert_outputs(Graph(to_litert(model)), pictures)
    assert before.shape == outputs["logits"].shape == (6, 2)
    assert outputs["embedding"].shape == (6, 96)
    # Float16 weights move a logit of order one by about 1e-3 and not by nothing.
    parity = compare(before, outputs["logits"], FACTORS, TASK, pictures="phantoms")
    assert 0 < parity.largest < 0.005
    assert parity.mean <= parity.largest
    assert parity.disagreement == 0
    check_parity(parity)


def test_differences_are_of_probabilities() -> None:
    before = np.log(np.array([[3, 1], [1, 1.0001]], np.float32))
    after = np.log(np.array([[1, 1], [1.0001, 1]], np.float32))
    parity = compare(before, after, FACTORS, TASK, pictures="x", labels=np.array([0, -1]))
    assert parity.largest == pytest.approx(0.25, abs=1e-6)
    assert parity.mean == pytest.approx(0.125, abs=1e-4)
    assert parity.disagreement == 0.5
    assert (parity.n, parity.accuracy_before, parity.accuracy_after) == (2, 1.0, 1.0)


def test_the_worst_task_counts() -> None:
    main = Parity("x", 9, 0.01, 0.001, 0.2, 0.8, 0.7)
    joint = Parity("x", 9, 0.04, 0.0005, 0.3)
    assert worst_of([main, joint]) == Parity("x", 9, 0.04, 0.001, 0.3, 0.8, 0.7)
    assert worst_of([main]) == main


def test_probabilities_that_are_no_numbers_are_refused() -> None:
    broken = worst_of([Parity("x", 1, 0.01, 0.01, 0.0), Parity("x", 1, np.nan, np.nan, 0.0)])
    with pytest.raises(BundleError, match="on x one differs by nan"):
        check_parity(broken)


def test_a_graph_that_is_not_the_network_is_refused() -> None:
    check_parity(Parity("phantoms", 1, 0.05, 0.01, 0.0))
    with pytest.raises(BundleError, match=r"on phantoms one differs by 0\.051") as caught:
        check_parity(Parity("phantoms", 1, 0.051, 0.01, 0.0))
    assert caught.value.code == "export_differs"
