"""A challenger from the toy set and collected cases, with a network that is trained for real."""

import io
import json
import runpy
from collections.abc import Callable
from dataclasses import asdict, replace
from pathlib import Path
from types import SimpleNamespace

import keras
import numpy as np
import pytest

from cancerapy.bundle.schema import BundleFields
from cancerapy.bundle.serving import read_history, served_name
from cancerapy.bundle.store import (
    CARD_FILE,
    MODEL_FILE,
    STATS_FILE,
    Stats,
    find_bundles,
    load_bundle,
    write_bundle,
)
from cancerapy.cancers import Cancer
from cancerapy.errors import DataError
from cancerapy.evaluation.predictions import read_added, read_predictions
from cancerapy.learning import retrain as retraining
from cancerapy.learning.candidates import NO_CONSENT, Candidate, read_candidates
from cancerapy.learning.collect import collect
from cancerapy.learning.evaluation_side import read_evaluation_side
from cancerapy.learning.recipe import Recipe, read_recipe
from cancerapy.learning.retrain import Challenger, retrain
from cancerapy.learning.versions import Version
from cancerapy.records.erasure import erase_patient
from cancerapy.settings import Settings
from cancerapy.training.material import Material
from cancerapy.training.plan import Plan, resolve_plan

PLAN = {
    "height": 32, "width": 48, "head_epochs": 1, "epochs": 1, "views": 0, "freeze_to": "none",
    "batch_size": 8, "inner_fraction": 0.0, "flips": "none",
}  # fmt: skip
_GRAPH = Path(__file__).parents[1] / "bad_input" / "toy_graph.py"


@pytest.fixture
def plan(known_toy: Cancer) -> Plan:
    keras.config.set_dtype_policy("float32")
    return resolve_plan(known_toy, PLAN)


@pytest.fixture
def champion(toy_fields: BundleFields, settings: Settings) -> Path:
    """A served model that was measured on two folds."""
    weight = np.full((32, 48, 3), 1 / 255, np.float32)
    graph: bytes = runpy.run_path(str(_GRAPH))["write_graph"](weight, np.ones((2, 3), np.float32))
    stats = io.BytesIO()
    np.savez(stats, **asdict(Stats(np.zeros(3), np.ones(3), np.eye(3), np.eye(3), 1.0)))
    fields = replace(toy_fields, provenance={"predictions": "toy-grouped-2"})
    files = {MODEL_FILE: graph, STATS_FILE: stats.getvalue(), CARD_FILE: b"# Toy\n"}
    assert settings.bundles
    return write_bundle(settings.bundles, fields, files)


@pytest.fixture
def version(clinic, known_toy: Cancer, settings: Settings, toy_data: Path):
    """Return a version of three confirmed cases of two patients, and these patients."""
    patients = [clinic.patient(), clinic.patient()]
    for patient, seeds in zip(patients, ((0, 1), (2,)), strict=True):
        for prediction in clinic.case(patient, *map(clinic.picture, seeds)):
            clinic.review(prediction)
    with clinic.records.reading() as session:
        candidates = read_candidates(session, known_toy)
    side = read_evaluation_side(known_toy, toy_data)
    made = collect(known_toy, candidates, clinic.records.images, side, settings.home)
    return made, patients


@pytest.fixture
def train(clinic, known_toy: Cancer, plan: Plan, settings: Settings) -> Callable[..., Challenger]:
    def run(version: Version, said: list[str]) -> Challenger:
        def ask() -> list[Candidate]:
            with clinic.records.reading() as session:
                return read_candidates(session, known_toy)

        images = clinic.records.images
        recipe = read_recipe(settings.bundles, known_toy, plan)
        return retrain(known_toy, recipe, version, ask, images, settings, say=said.append)

    return run


def test_an_empty_version_trains_nothing(train, settings) -> None:
    empty = Version("toy", 1, 0, (), {}, (), "e", (), (), "2026-01-02")
    with pytest.raises(DataError, match="at least one collected image") as caught:
        train(empty, [])
    assert caught.value.code == "data_missing"
    assert not settings.runs.exists()


@pytest.mark.parametrize("is_killed", [True, False])
def test_an_erasure_reaches_the_pixels_of_a_training(
    clinic, champion, version, train, settings, monkeypatch, is_killed
) -> None:
    collected, (first, _) = version

    def decode(material: Material, *_: object, **__: object) -> None:
        assert len(material.pixels) == 16 + 3
        assert list(material.cache_folder.rglob("*.npy"))
        if is_killed:
            raise KeyboardInterrupt
        erase_patient(clinic.records, first, "dr-a")

    monkeypatch.setattr(retraining, "cross_validate", decode)
    monkeypatch.setattr(retraining, "train_final", lambda *_: None)
    ends = KeyboardInterrupt if is_killed else DataError
    with pytest.raises(ends, match=None if is_killed else "some were erased meanwhile"):
        train(collected, [])
    (place,) = (settings.runs / "learn").iterdir()
    if is_killed:
        assert (place / "cache").is_dir()
        erase_patient(clinic.records, first, "dr-a")
    assert not (place / "cache").exists()
    assert find_bundles(settings.bundles)["toy"] == champion


def test_consent_withdrawn_while_it_is_trained_makes_no_model(
    clinic, champion, version, train, settings, monkeypatch
) -> None:
    collected, (first, _) = version

    def withdraw(material: Material, *_: object, **__: object) -> None:
        assert len(material.pixels) == 16 + 3
        assert list(material.cache_folder.rglob("*.npy"))
        clinic.consent(first, False)

    def export(*_: object) -> Path:
        raise AssertionError("nothing may be exported")

    monkeypatch.setattr(retraining, "cross_validate", withdraw)
    monkeypatch.setattr(retraining, "train_final", lambda *_: SimpleNamespace(path=Path("f")))
    monkeypatch.setattr(retraining, "export_challenger", export)
    with pytest.raises(DataError, match=r"2 of 3 images of 'toy-collected-1' may not be learnt"):
        train(collected, [])
    (place,) = (settings.runs / "learn").iterdir()
    assert not (place / "cache").exists()
    assert find_bundles(settings.bundles)["toy"] == champion


def test_consent_withdrawn_an_interruption_and_a_challenger_that_waits(
    clinic, champion, version, plan, train, settings, monkeypatch
) -> None:
    collected, (first, second) = version
    clinic.consent(second, False)
    said: list[str] = []
    with monkeypatch.context() as patch:

        def stop(*_: object) -> None:
            raise KeyboardInterrupt

        patch.setattr(retraining, "train_final", stop)
        with pytest.raises(KeyboardInterrupt):
            train(collected, said)
    (place,) = (settings.runs / "learn").iterdir()
    own = place / "results" / plan.digest / "predictions"
    folds = sorted((own / "toy-grouped-2").glob("*.csv"))
    assert [fold.stem for fold in folds] == ["fold-1", "fold-2"]
    before = [fold.stat().st_mtime_ns for fold in folds]
    assert find_bundles(settings.bundles)["toy"] == champion
    had_pixels = list((place / "cache").rglob("*.npy"))

    made = train(collected, said)
    assert [fold.stat().st_mtime_ns for fold in folds] == before
    assert list((settings.runs / "learn").iterdir()) == [place]
    assert (made.n_cases, made.bundle.name) == (2, "toy-2")
    # No pixels of the records stay behind when it is done; until then an interruption needs them.
    assert had_pixels
    assert not (place / "cache").exists()
    left = [text.partition(": ")[2] for text in said if text.startswith("left out")]
    assert left == [f"{NO_CONSENT}, since it was collected"] * 2
    assert said[1] == f"network 1 of 1: SmallCNN, plan {plan.digest}"
    # Collected images are never reported on; a fold that does not learn from one answers it beside.
    reported = read_predictions(folds[0].parent)
    assert len(reported) == 16
    assert {group[:7] for group in reported.groups.tolist()} == {"patient"}
    beside = read_added(folds[0].parent)
    assert beside
    assert {Path(image).name for image in beside.images.tolist()} == {
        case.sha256 for case in collected.cases if case.patient != second
    }
    assert set(beside.groups.tolist()) == {f"collected:{first}"}
    facts = load_bundle(made.bundle).fields.provenance
    assert facts["n_train"] == 18
    # It waits to be promoted, though it is the newest.
    assert served_name(settings.bundles, "toy") == "toy-1"
    assert [d.because for d in read_history(settings.bundles, "toy")] == [
        "served when a challenger was trained"
    ]
    noted = json.loads((settings.home / "learning/toy/challengers/toy-2.json").read_text())
    assert (noted["version"], noted["n_cases"]) == ("toy-collected-1", 2)
    assert set(noted["dropped"].values()) == {f"{NO_CONSENT}, since it was collected"}


def test_other_starting_weights_than_the_served_models_are_refused(
    clinic, version, known_toy, plan, settings, tmp_path
) -> None:
    file = tmp_path / "other.weights.h5"
    file.write_bytes(b"not those")
    recipe = Recipe((replace(plan, weights=str(file)),), "grouped-2", ("0" * 64,))
    with clinic.records.reading() as session:
        now = read_candidates(session, known_toy)
    images = clinic.records.images
    message = (
        r"those of SmallCNN have SHA-256 000000000000\.\.\., the file at hand has [0-9a-f]{12}"
    )
    with pytest.raises(DataError, match=message):
        retrain(known_toy, recipe, version[0], lambda: now, images, settings, say=lambda _: None)
    assert not settings.runs.exists()
