"""A bundle is written whole, from the graph that was compared, or not at all."""

import hashlib
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from cancerapy.bundle.schema import FactorFields, OperatingPoint, TaskFields
from cancerapy.bundle.store import MODEL_FILE, load_bundle
from cancerapy.cancers import Cancer
from cancerapy.errors import BundleError
from cancerapy.evaluation.calibration import Calibration
from cancerapy.export import build_bundle as module
from cancerapy.export.build_bundle import (
    N_PHANTOMS,
    BundleParts,
    build_bundle,
    held_out_distances,
    phantom_pictures,
)
from cancerapy.export.litert import Compression
from cancerapy.export.parity import Parity, keras_logits, litert_outputs
from cancerapy.export.statistics import fit_stats
from cancerapy.models.classifier import Classifier

POINT = OperatingPoint("sensitivity_90", 0.4, 0.9, (0.8, 0.95), 0.7, (0.6, 0.8))
CALIBRATION = Calibration(
    (FactorFields("finding", ("dark", "light"), 2.0),),
    {
        "toy": TaskFields(
            "toy",
            ("dark", "light"),
            POINT,
            0.9,
            {"dark": 0.5, "light": 0.6},
            {"dark": "class", "light": "marginal"},
            0.6,
        )
    },
)
RESULT = {
    "task": "toy",
    "protocol": "grouped-2",
    "metric": "accuracy",
    "value": 0.875,
    "low": 0.8,
    "high": 0.9,
}
PICTURES = np.random.default_rng(6).integers(0, 256, (24, 32, 48, 3)).astype(np.uint8)


@pytest.fixture
def converted(graph: bytes, monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """Give every model the toy graph; return what the conversions were asked for."""
    asked: list[Any] = []

    def convert(
        model: Any, *, representative: Any = None, compression: Compression | None = None
    ) -> bytes:
        asked.append(compression or representative)
        return graph

    monkeypatch.setattr(module, "to_litert", convert)
    return asked


@pytest.fixture
def guesses(classifier: Classifier) -> np.ndarray:
    """Keras's most probable class of each picture."""
    outputs = classifier.full("horizontal").predict_on_batch(PICTURES)
    found: np.ndarray = np.asarray(outputs["logits"]).argmax(axis=1)
    return found


@pytest.fixture
def parts(toy_cancer: Cancer, classifier: Classifier, guesses: np.ndarray) -> BundleParts:
    """Everything of a bundle; half of the known labels are Keras's guess, two are unknown."""
    labels = np.where(np.arange(24) % 2, guesses, 1 - guesses)
    labels[:2] = -1
    return BundleParts(
        cancer=toy_cancer,
        spec=replace(toy_cancer.input, height=32, width=48),
        model=classifier.full("horizontal"),
        calibration=CALIBRATION,
        pictures=PICTURES,
        labels=labels,
        groups=np.array([f"patient{number // 2:02d}" for number in range(24)]),
        pictures_are="toyset",
        results=(RESULT,),
        provenance={"backbone": "SmallCNN"},
        licences={"code": "Apache-2.0"},
    )


@pytest.mark.usefixtures("converted")
def test_what_is_written_is_what_was_given_and_measured(
    parts: BundleParts, graph: bytes, classifier: Classifier, tmp_path: Path
) -> None:
    folder, parities = build_bundle(parts, tmp_path / "bundles")
    assert folder == tmp_path / "bundles" / "toy-1"
    bundle = load_bundle(folder)
    assert bundle.model_path.read_bytes() == graph
    assert bundle.fields.digests[MODEL_FILE] == hashlib.sha256(graph).hexdigest()
    fields = bundle.fields
    assert (fields.cancer, fields.version, fields.factors) == ("toy", "1", CALIBRATION.factors)
    assert fields.tasks == (CALIBRATION.tasks["toy"],)
    assert (fields.input.height, fields.input.width, fields.input.min_side_px) == (32, 48, 8)
    assert (fields.results, fields.licences) == (parts.results, {"code": "Apache-2.0"})
    assert fields.provenance["backbone"] == "SmallCNN"
    assert fields.provenance["precision"] == "float16"
    assert fields.provenance["parity"] == [parity.to_dict() for parity in parities]
    assert bundle.card.startswith("# Toy cancer: model toy-1\n")
    seen = np.asarray(classifier.full("horizontal").predict_on_batch(PICTURES)["embedding"])
    np.testing.assert_allclose(bundle.stats.mean, seen.mean(axis=0), atol=2e-3)
    # No training picture may be turned away by the bounds that were made from it.
    assert all(bundle.stats.distance(row) <= fields.quality.ood_max for row in seen)


@pytest.mark.usefixtures("converted")
def test_the_graph_is_compared_on_pictures_and_on_phantoms(
    parts: BundleParts, tmp_path: Path
) -> None:
    _, (pictures, phantoms) = build_bundle(parts, tmp_path)
    assert (pictures.pictures, pictures.n) == ("toyset", 24)
    assert (phantoms.pictures, phantoms.n) == ("phantoms", N_PHANTOMS)
    # 22 labels are known and every second one is right.
    assert (pictures.accuracy_before, phantoms.accuracy_before) == (0.5, None)
    for parity in (pictures, phantoms):
        assert 0 < parity.largest < 0.01


@pytest.mark.usefixtures("converted")
def test_a_graph_that_is_not_the_network_leaves_nothing(
    parts: BundleParts, classifier: Classifier, tmp_path: Path
) -> None:
    head = classifier.head.get_layer("cam")
    kernel, bias = head.get_weights()
    try:
        head.set_weights([-kernel, bias])
        with pytest.raises(BundleError, match=r"on toyset one differs by .* Nothing was written"):
            build_bundle(parts, tmp_path / "bundles")
    finally:
        head.set_weights([kernel, bias])
    assert list(tmp_path.iterdir()) == []


@pytest.mark.usefixtures("converted")
def test_a_difference_on_phantoms_alone_is_enough(
    parts: BundleParts, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def logits(model: Any, pictures: np.ndarray) -> np.ndarray:
        found = keras_logits(model, pictures)
        return -found if len(pictures) == N_PHANTOMS else found

    monkeypatch.setattr(module, "keras_logits", logits)
    with pytest.raises(BundleError, match="on phantoms one differs by") as caught:
        build_bundle(parts, tmp_path / "bundles")
    assert caught.value.code == "export_differs"
    assert list(tmp_path.iterdir()) == []


@pytest.mark.usefixtures("converted")
def test_every_bundle_has_the_next_version(parts: BundleParts, tmp_path: Path) -> None:
    first, _ = build_bundle(parts, tmp_path)
    before = {file.name: file.read_bytes() for file in first.iterdir()}
    second, _ = build_bundle(parts, tmp_path)
    assert (first.name, second.name) == ("toy-1", "toy-2")
    assert load_bundle(second).fields.version == "2"
    assert {file.name: file.read_bytes() for file in first.iterdir()} == before


def test_compressed_weights_are_told(
    parts: BundleParts, converted: list[Any], tmp_path: Path
) -> None:
    folder, _ = build_bundle(replace(parts, compressions=(Compression(),)), tmp_path)
    assert converted == [Compression()]
    assert load_bundle(folder).fields.provenance["precision"] == "int8 weights"


def test_the_first_way_that_keeps_the_answers_is_taken(
    parts: BundleParts, converted: list[Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ways = (Compression(integer=("member_2",)), Compression(integer=("member_1",)), Compression())
    n_refused = 1

    def refuse(parity: Parity) -> None:
        if len(converted) <= n_refused:
            raise BundleError("it differs", code="export_differs")

    monkeypatch.setattr(module, "check_parity", refuse)
    folder, _ = build_bundle(replace(parts, compressions=ways), tmp_path)
    assert converted == list(ways[:2])
    precision = load_bundle(folder).fields.provenance["precision"]
    assert precision == "int8 weights, member_1 computed in int8"
    n_refused = 5
    with pytest.raises(BundleError, match="it differs"):
        build_bundle(replace(parts, compressions=ways), tmp_path)
    assert converted[2:] == list(ways)
    assert [file.name for file in tmp_path.iterdir()] == [folder.name]


def test_a_way_that_is_refused_costs_no_pass_over_all_pictures(
    parts: BundleParts, converted: list[Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole, _ = build_bundle(parts, tmp_path / "whole")
    converted.clear()
    asked: list[int] = []

    def outputs(graph: Any, pictures: np.ndarray) -> dict[str, np.ndarray]:
        asked.append(len(pictures))
        return litert_outputs(graph, pictures)

    def refuse(parity: Parity) -> None:
        if len(converted) == 1:
            raise BundleError("it differs", code="export_differs")

    monkeypatch.setattr(module, "litert_outputs", outputs)
    monkeypatch.setattr(module, "check_parity", refuse)
    monkeypatch.setattr(module, "N_COMPARED", 3)
    ways = (Compression(integer=("member_2",)), Compression())
    folder, parities = build_bundle(replace(parts, compressions=ways), tmp_path / "part")
    assert asked == [3, N_PHANTOMS, 3, N_PHANTOMS, len(PICTURES) - 3]
    assert [parity.n for parity in parities] == [3, N_PHANTOMS]
    # The statistics are those of all pictures in their order, whichever were compared first.
    for name in ("mean", "scale"):
        np.testing.assert_allclose(
            getattr(load_bundle(folder).stats, name),
            getattr(load_bundle(whole).stats, name),
            rtol=1e-5,
        )
    assert load_bundle(folder).fields.quality.ood_max == pytest.approx(
        load_bundle(whole).fields.quality.ood_max, rel=1e-3
    )


def test_int8_is_scaled_by_the_pictures_given_for_it(
    parts: BundleParts, converted: list[Any], tmp_path: Path
) -> None:
    folder, _ = build_bundle(replace(parts, representative=PICTURES[:5]), tmp_path)
    assert load_bundle(folder).fields.provenance["precision"] == "int8"
    np.testing.assert_array_equal(converted[0], PICTURES[:5])


def test_distances_are_from_the_half_without_the_group() -> None:
    embeddings = np.random.default_rng(8).normal(size=(40, 6))
    embeddings[6:8] += 9  # two images of one group, alike and unlike all others
    groups = np.array([f"g{number // 2:02d}" for number in range(40)])
    distances = held_out_distances(embeddings, groups)
    # groups of one size are dealt out by name: the rows 0, 1, 4, 5 ... and the rows 2, 3, 6, 7 ...
    first = np.arange(40) % 4 < 2
    assert distances[5] == pytest.approx(fit_stats(embeddings[~first]).distance(embeddings[5]))
    assert distances[6] == pytest.approx(fit_stats(embeddings[first]).distance(embeddings[6]))
    # What does not take part in the statistics does not make itself or its sibling familiar.
    assert set(distances.argsort()[-2:].tolist()) == {6, 7}
    assert distances[7] > 2 * fit_stats(embeddings).distance(embeddings[7])


def test_groups_of_all_sizes_make_two_halves_of_one_size() -> None:
    groups = np.repeat([f"g{number}" for number in range(10)], [30, 1, 30, 1, 30, 1, 30, 1, 30, 1])
    embeddings = np.random.default_rng(9).normal(size=(len(groups), 4))
    embeddings[groups == "g0"] += 4
    distances = held_out_distances(embeddings, groups)
    # by size: g1 g3 g5 g7 g9 g0 g2 g4 g6 g8; the second half has g3, g7, g0, g4 and g8
    second = np.isin(groups, ["g3", "g7", "g0", "g4", "g8"])
    assert distances[0] == pytest.approx(fit_stats(embeddings[~second]).distance(embeddings[0]))


@pytest.mark.usefixtures("converted")
def test_every_task_is_compared(
    parts: BundleParts, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (task,) = parts.cancer.tasks
    second = replace(task, id="toy-2")
    tasks = {**CALIBRATION.tasks, "toy-2": replace(CALIBRATION.tasks["toy"], id="toy-2")}
    asked = []

    def compare(before: Any, after: Any, factors: Any, task: Any, **more: Any) -> Parity:
        asked.append((more["pictures"], task.id, more["labels"] is None))
        largest = 0.2 if asked[-1][:2] == ("phantoms", "toy-2") else 0.01
        return Parity(more["pictures"], len(before), largest, 0.001, 0.0)

    monkeypatch.setattr(module, "compare", compare)
    both = replace(
        parts,
        cancer=replace(parts.cancer, tasks=(task, second)),
        calibration=replace(CALIBRATION, tasks=tasks),
    )
    with pytest.raises(BundleError, match=r"on phantoms one differs by 0\.200"):
        build_bundle(both, tmp_path)
    assert asked == [
        ("toyset", "toy", False),
        ("toyset", "toy-2", True),
        ("phantoms", "toy", True),
        ("phantoms", "toy-2", True),
    ]


def test_phantoms_are_of_the_networks_size_and_all_different(toy_cancer: Cancer) -> None:
    pictures = phantom_pictures(toy_cancer, replace(toy_cancer.input, height=20, width=30))
    assert pictures.shape == (16, 20, 30, 3)
    assert len({picture.tobytes() for picture in pictures}) == 16
