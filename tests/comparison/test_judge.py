"""One candidate: judged anew when something has changed, and at the cost of what is used."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from cancerapy.comparison import judge
from cancerapy.comparison.judge import Judged, Terms, judge_candidate
from cancerapy.comparison.rows import CandidateRow
from cancerapy.models.classifier import Classifier
from cancerapy.training.cross_validation import make_splits
from cancerapy.training.material import Material

Judge = Callable[[CandidateRow | None], Judged]


@pytest.fixture
def judge_one(
    make_material: Callable[[str], Material], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Judge:
    """Return a function that judges SmallCNN with some weights, given what is known of it."""
    monkeypatch.setattr(judge, "to_litert", lambda graph: b"no")
    monkeypatch.setattr(judge, "measure_peak_memory", lambda model: 44.0)
    material = make_material("one.weights.h5")
    splits = make_splits(material.manifest, "finding", "grouped-2", 0)
    terms = Terms(material, "grouped-2", splits, 0, tmp_path / "runs", "", 100, allow_leak=False)
    return lambda known: judge_candidate("one", material.plan, known, terms)


def test_what_is_known_is_taken_until_something_changes(judge_one: Judge) -> None:
    first = judge_one(None)
    assert first.is_new
    assert first.row.figures["accuracy"].value == 1
    again = judge_one(first.row)
    assert again.row is first.row
    assert not again.is_new
    assert len(again.answer.outcome) == 16
    for changed in ("plan", "manifest", "split", "failed"):
        assert judge_one(replace(first.row, **{changed: "other"})).is_new, changed  # type: ignore[arg-type]


def test_a_network_with_weights_for_its_first_layers_is_judged_and_weighed_by_those(
    judge_one: Judge, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = Material.classifier

    def partly_random(self: Material, *, seed: int | None = None) -> Classifier:
        whole = real(self, seed=seed)
        return replace(whole, random_layers=frozenset({"block_3_conv", "block_3_bn"}))

    monkeypatch.setattr(Material, "classifier", partly_random)
    row = judge_one(None).row
    assert row.last_layer == "block_2_pool"
    # Kernels on maps of 16 and 8 cells a side, and a head of 32 channels on one of 4.
    assert row.costs["multiply_adds"] == 9 * (256 * 3 * 16 + 64 * 16 * 32) + 16 * 32 * 2


def test_features_of_a_cache_without_a_note_leave_the_training_time_out(
    judge_one: Judge, tmp_path: Path
) -> None:
    row = judge_one(None).row
    assert {"train_s", "train_processor_s"} < set(row.costs)
    (note,) = tmp_path.rglob("*.spent.json")
    note.unlink()
    assert not {"train_s", "train_processor_s"} & set(judge_one(None).row.costs)
