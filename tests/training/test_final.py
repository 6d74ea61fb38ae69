"""The final fit: whose choices it takes, what it is fitted on, and how a run is loaded."""

import errno
import json
import os
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from cancerapy.cancers import Cancer
from cancerapy.data.splits import Split
from cancerapy.errors import DataError, LeakError, StorageError
from cancerapy.models.classifier import Classifier, build_classifier
from cancerapy.settings import Settings
from cancerapy.training import final, session, train_split
from cancerapy.training.choices import Choices, write_choices
from cancerapy.training.cross_validation import cross_validate
from cancerapy.training.final import choices_of_folds, load_final, train_final, train_holdout
from cancerapy.training.material import Material
from cancerapy.training.options import check_may_be_served
from cancerapy.training.plan import resolve_plan
from cancerapy.training.run_folder import RunFolder
from cancerapy.training.stopwatch import Spent
from cancerapy.training.teachers import Teachers
from cancerapy.training.train_split import run_split

MakeMaterial = Callable[..., Material]
SMALL = {"backbone": "SmallCNN", "weights": "none", "height": 32, "width": 48}


def _folds(
    material: Material,
    results: Path,
    chosen: dict[str, tuple[int, float]],
    finished: tuple[str, ...] = ("fold-1", "fold-2", "fold-3"),
    **changes: object,
) -> Path:
    """Write what a cross-validation of three folds leaves, with empty predictions."""
    folder = results / "predictions" / "toy-grouped-3"
    folder.mkdir(parents=True)
    record = {
        "leaking": False,
        "folds": ["fold-1", "fold-2", "fold-3"],
        "manifest_digest": material.manifest.digest,
        "plan_digest": material.plan.digest,
    }
    (folder / "protocol.json").write_text(json.dumps(record | changes))
    for fold in finished:
        (folder / f"{fold}.csv").touch()
    for fold, (epoch, alpha) in chosen.items():
        write_choices(folder, fold, Choices(epoch, np.zeros(2), {"finding": alpha}))
    return results


def _lines(material: Material, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    lines: list[str] = []
    monkeypatch.setattr(material.display, "say", lines.append)
    return lines


CHOSEN = {"fold-1": (2, 0.25), "fold-2": (5, 0.75), "fold-3": (3, 0.5)}


def test_the_median_of_what_the_finished_folds_chose_is_taken(
    make_material: MakeMaterial, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    material = make_material()
    lines = _lines(material, monkeypatch)
    chosen = choices_of_folds(material, _folds(material, tmp_path / "a", CHOSEN), "grouped-3")
    assert (chosen.epochs, chosen.alphas) == (3, {"finding": 0.5})
    # Choices of a fold whose predictions are not there yet do not count.
    results = _folds(material, tmp_path / "b", CHOSEN, finished=("fold-2",))
    chosen = choices_of_folds(material, results, "grouped-3")
    assert (chosen.epochs, chosen.alphas) == (5, {"finding": 0.75})
    assert lines == [
        "epochs and offsets of 3 of 3 folds of grouped-3",
        "epochs and offsets of 1 of 3 folds of grouped-3",
    ]


def test_every_finished_fold_must_say_what_it_chose(
    make_material: MakeMaterial, tmp_path: Path
) -> None:
    material = make_material()
    part = {fold: CHOSEN[fold] for fold in ("fold-1", "fold-3")}
    message = r"has predictions of 'fold-2' without fold-2\.choices\.json\. Remove fold-2\.csv and"
    with pytest.raises(DataError, match=message):
        choices_of_folds(material, _folds(material, tmp_path, part), "grouped-3")


def test_without_an_inner_part_nothing_was_chosen(
    make_material: MakeMaterial, tmp_path: Path
) -> None:
    material = make_material(inner_fraction=0.0, epochs=7)
    results = _folds(material, tmp_path, {})
    chosen = choices_of_folds(material, results, "grouped-3")
    assert (chosen.epochs, chosen.alphas) == (7, {"finding": 0.0})
    np.testing.assert_array_equal(chosen.offset, [0, 0])


@pytest.mark.parametrize(
    ("changes", "finished"),
    [
        ({"manifest_digest": "another"}, ("fold-1",)),
        ({"manifest_digest": ""}, ("fold-1",)),
        ({"plan_digest": "another"}, ("fold-1",)),
        ({}, ()),
    ],
)
def test_folds_of_something_else_are_refused(
    make_material: MakeMaterial, tmp_path: Path, changes: dict[str, Any], finished: tuple[str, ...]
) -> None:
    material = make_material()
    results = _folds(material, tmp_path, CHOSEN, finished, **changes)
    with pytest.raises(DataError, match=r"holds no finished fold of this plan and data set\. Run"):
        choices_of_folds(material, results, "grouped-3")


def test_leaking_folds_choose_nothing(make_material: MakeMaterial, tmp_path: Path) -> None:
    material = make_material()
    results = _folds(material, tmp_path, CHOSEN, leaking=True)
    for protocol in ("grouped-3", "random-3-LEAKING"):
        with pytest.raises(LeakError, match=rf"those of '{protocol}' do not\. Name another"):
            choices_of_folds(material, results, protocol)


def test_choices_are_written_before_the_predictions(
    make_material: MakeMaterial, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def killed(*parts: object) -> None:
        raise KeyboardInterrupt

    chosen = Choices(3, np.zeros(2), {"finding": 0.5})
    monkeypatch.setattr(train_split, "train_side", lambda *parts: (None, chosen))
    monkeypatch.setattr(train_split, "predict_rows", lambda *parts: np.zeros((4, 2)))
    monkeypatch.setattr(train_split, "write_fold", killed)
    split = Split("fold-1", np.arange(12), np.arange(12, 16))
    with pytest.raises(KeyboardInterrupt):
        run_split(make_material(), split, RunFolder(tmp_path), tmp_path / "fold-1.csv")
    assert [file.name for file in tmp_path.glob("fold-*")] == ["fold-1.choices.json"]


def test_folds_of_a_plan_that_lacks_later_options_are_gone_on_with(
    make_material: MakeMaterial, tmp_path: Path
) -> None:
    material = make_material()
    assert cross_validate(material, "grouped-3", tmp_path, tmp_path, only=lambda _: False) == []
    file = tmp_path / "predictions" / "toy-grouped-3" / "protocol.json"
    record = json.loads(file.read_text())
    del record["plan"]["clip_norm"], record["plan"]["read_layers"]
    file.write_text(json.dumps(record))
    (file.parent / "fold-1.csv").touch()
    assert cross_validate(material, "grouped-3", tmp_path, tmp_path, only=lambda _: False) == []


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"external": True}, r"must leave the external data sets alone; 'toyset' is kept to test"),
        ({"external": True, "copies_of": "b"}, r"'toyset' holds changed copies of 'b' and only"),
    ],
)
def test_only_original_training_images_are_served(
    toy_cancer: Cancer, changes: dict[str, Any], message: str
) -> None:
    check_may_be_served(toy_cancer.sources[0])
    with pytest.raises(LeakError, match=message):
        check_may_be_served(replace(toy_cancer.sources[0], **changes))


def test_every_run_says_on_which_data_set_it_was_trained(
    make_material: MakeMaterial, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    material = make_material(inner_fraction=0.0)
    chosen = Choices(3, np.zeros(2), {"finding": 0.5})
    monkeypatch.setattr(final, "train_side", lambda *parts, **named: None)
    monkeypatch.setattr(final, "run_split", lambda *parts: None)
    monkeypatch.setattr("cancerapy.training.cross_validation.run_split", lambda *parts: chosen)
    train_final(material, tmp_path, _folds(material, tmp_path / "results", {}), "grouped-3")
    train_holdout(material, tmp_path)
    cross_validate(material, "grouped-2", tmp_path, tmp_path)
    parts = ("final", "holdout", "grouped-2/fold-1", "grouped-2/fold-2")
    for part in parts:
        facts = RunFolder(tmp_path / material.plan.name / part).read_facts()
        assert facts["source"] == "toyset", part


@pytest.fixture
def small(toy_cancer: Cancer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> RunFolder:
    """A run that has its plan and weights, and no outcome: it was killed between them."""
    monkeypatch.setattr(final, "load_cancer", lambda name: toy_cancer)
    run = RunFolder(tmp_path / "final")
    run.write_plan(resolve_plan(toy_cancer, SMALL), {})
    run.write_weights(build_classifier("SmallCNN", toy_cancer.network, (32, 48), seed=3).full())
    return run


def test_a_run_without_an_outcome_is_not_finished(small: RunFolder, toy_cancer: Cancer) -> None:
    message = r"^A run folder must hold a readable outcome\.json; '.*final' does not: "
    with pytest.raises(DataError, match=message) as caught:
        load_final(small.path)
    assert caught.value.code == "run_missing"
    small.write_outcome({"scaling": "torch"})
    load_final(small.path)
    # A new training in the same folder: the outcome of the one before does not belong to it.
    small.write_plan(resolve_plan(toy_cancer, SMALL), {})
    with pytest.raises(DataError, match=message):
        load_final(small.path)


@pytest.mark.parametrize(
    ("outcome", "variant"), [({}, ""), ({"variant": ""}, ""), ({"variant": "graph"}, "graph")]
)
def test_a_network_is_built_again_for_the_weights_it_had(
    small: RunFolder, monkeypatch: pytest.MonkeyPatch, outcome: dict[str, str], variant: str
) -> None:
    asked = []

    def build(*parts: Any, variant: str, **named: Any) -> Classifier:
        asked.append(variant)
        return build_classifier(*parts, **named)

    monkeypatch.setattr(final, "build_classifier", build)
    small.write_outcome({"scaling": "torch", **outcome})
    classifier, _ = load_final(small.path)
    assert (asked, classifier.scaling) == ([variant], "torch")


def test_the_outcome_names_the_variant_of_the_weights(small: RunFolder, toy_cancer: Cancer) -> None:
    classifier = build_classifier("SmallCNN", toy_cancer.network, (32, 48))
    chosen = Choices(0, np.zeros(2), {"finding": 0.0})
    train_split._write(small, replace(classifier, variant="v.h5"), {}, chosen, Spent(1.0, 1.5))
    outcome = small.read_outcome()
    assert (outcome["seconds"], outcome["processor_seconds"]) == (1.0, 1.5)
    assert (outcome["variant"], outcome["scaling"]) == ("v.h5", classifier.scaling)


def test_weights_are_written_whole_or_not_at_all(small: RunFolder) -> None:
    class Model:
        def save_weights(self, file: Path) -> None:
            file.write_bytes(b"half")
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    before = small.weights_file.read_bytes()
    with pytest.raises(StorageError, match=r"while writing the weights of the run 'final': No sp"):
        small.write_weights(Model())
    assert small.weights_file.read_bytes() == before
    assert [file.name for file in small.path.glob("*.h5")] == ["model.weights.h5"]
    assert not list(small.path.glob(".*"))


def test_the_final_fit_is_on_all_groups_with_what_the_folds_chose(
    make_material: MakeMaterial, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[tuple[list[int], Path, Choices]] = []

    def train(material: Material, rows: Any, run: RunFolder, *, chosen: Choices) -> None:
        asked.append((rows.tolist(), run.path, chosen))

    monkeypatch.setattr(final, "train_side", train)
    material = make_material()
    run = train_final(material, tmp_path, _folds(material, tmp_path / "r", CHOSEN), "grouped-3")
    ((rows, folder, chosen),) = asked
    assert rows == list(range(16))
    assert folder == run.path == tmp_path / material.plan.name / "final"
    assert (chosen.epochs, chosen.alphas) == (3, {"finding": 0.5})
    np.testing.assert_allclose(chosen.offset, 0.5 * np.log([0.5, 0.5]))
    facts = run.read_facts()
    assert (facts["protocol"], facts["n_train"]) == ("final after grouped-3", 16)
    assert facts["manifest"] == material.manifest.digest


def test_a_distilled_fit_takes_the_choices_of_the_plan_without_teachers(
    make_material: MakeMaterial, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[tuple[Material, Path]] = []

    def train(material: Material, rows: Any, run: RunFolder, *, chosen: Choices) -> None:
        asked.append((material, run.path))

    logits = np.log(np.full((16, 2), 0.5, np.float32))
    taught = Teachers(("SmallCNN p1",), logits, "d1")
    monkeypatch.setattr(final, "train_side", train)
    monkeypatch.setattr(final, "read_teachers", lambda folders, *parts: taught)
    plain, material = make_material(), make_material(teacher_weight=0.5)
    assert plain.plan.digest != material.plan.digest
    results = _folds(plain, tmp_path / "r", CHOSEN)
    run = train_final(material, tmp_path, results, "grouped-3", teachers=(tmp_path,))
    ((trained, folder),) = asked
    assert folder == run.path == tmp_path / f"{material.plan.name}-d1" / "final"
    # The median offset, 0.5 log(1/2) of either value, is added once the network is trained.
    assert trained.teachers is not None
    np.testing.assert_allclose(trained.teachers.logits, logits - 0.5 * np.log(0.5))
    facts = run.read_facts()
    assert (facts["teachers"], facts["teachers_digest"]) == (["SmallCNN p1"], "d1")
    own = _folds(material, tmp_path / "own", CHOSEN)
    with pytest.raises(DataError, match=r"the same plan without teacher_weight and the same data"):
        choices_of_folds(material, own, "grouped-3")


def test_the_final_fit_is_refused_on_copies(
    make_material: MakeMaterial, toy_cancer: Cancer, tmp_path: Path
) -> None:
    copies = replace(toy_cancer.sources[0], copies_of="originals")
    material = make_material(cancer=replace(toy_cancer, sources=(copies,)))
    settings = Settings(runs=tmp_path / "runs", results=tmp_path / "results")
    with pytest.raises(LeakError, match=r"holds changed copies of 'originals' and only serves"):
        session.train_as_asked(
            material, settings, protocol=None, folds=None, final="grouped-3", allow_leak=False
        )
    assert not (tmp_path / "runs").exists()
