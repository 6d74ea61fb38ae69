"""The toy run of ``toy_run`` with its graph, converted once for all tests."""

import json
import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import keras
import numpy as np
import pytest

from cancerapy.cancers import Cancer
from cancerapy.evaluation.predictions import read_predictions, write_fold
from cancerapy.export.litert import to_litert
from cancerapy.export.request import ExportRequest
from cancerapy.models.classifier import Classifier, build_classifier
from cancerapy.settings import Settings
from cancerapy.training.final import load_final
from cancerapy.training.plan import plan_of_run
from cancerapy.training.run_folder import RunFolder

Pair = dict[str, tuple[Path, Path]]


@pytest.fixture(scope="session")
def run_folder(toy_run: Path) -> Path:
    """The folder of the final fit."""
    (folder,) = toy_run.glob("runs/*/final")
    return folder


@pytest.fixture
def known_toy(toy_run: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the registry find the toy cancer."""
    monkeypatch.setenv("CANCERAPY_CANCERS", str(toy_run / "cancers"))


@pytest.fixture(scope="session")
def ask_export(toy_cancer: Cancer) -> Callable[[Path, Path], ExportRequest]:
    """Return a function that asks for the bundle of a toy run.

    It takes the folder of the run, made like ``toy_run``, and one where bundles and caches go.
    """

    def ask(toy: Path, written: Path) -> ExportRequest:
        settings = Settings(
            data=toy / "data",
            runs=toy / "runs",
            results=toy / "results",
            bundles=written / "bundles",
            cache=written / "cache",
        )
        return ExportRequest(toy_cancer, settings)

    return ask


@pytest.fixture(scope="session")
def classifier(toy_run: Path, run_folder: Path) -> Classifier:
    """The network of the toy run, 32 x 48 px."""
    keras.config.set_dtype_policy("float32")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("CANCERAPY_CANCERS", str(toy_run / "cancers"))
        return load_final(run_folder)[0]


@pytest.fixture(scope="session")
def graph(classifier: Classifier) -> bytes:
    """The network with horizontal flips as LiteRT."""
    return to_litert(classifier.full("horizontal"))


@pytest.fixture
def plain_predictions(toy_run: Path, run_folder: Path, tmp_path: Path) -> Path:
    """Predictions of the toy run's plan made without its test-time flips."""
    plan = plan_of_run(RunFolder(run_folder).read_plan())
    return _copy_predictions(toy_run, tmp_path / "plain", replace(plan, flips="none").digest)


@pytest.fixture
def pair(toy_run: Path, run_folder: Path, toy_cancer: Cancer, tmp_path: Path) -> Pair:
    """The toy run, and a run of the same plan with another seed and other predictions.

    By what is asked for: ``ensemble`` their folders, ``predictions`` in the same order.
    """
    keras.config.set_dtype_policy("float32")
    first = RunFolder(run_folder)
    plan = replace(plan_of_run(first.read_plan()), seed=1)
    run = RunFolder(tmp_path / "second" / plan.name / "final")
    run.write_plan(plan, {**first.read_facts(), "seed": 1})
    run.write_outcome(first.read_outcome())
    build_classifier("SmallCNN", toy_cancer.network, (32, 48), seed=8).full().save_weights(
        run.weights_file
    )
    other = _copy_predictions(toy_run, tmp_path / "second", plan.digest)
    drawn = read_predictions(other)
    rng = np.random.default_rng(6)
    for fold in drawn.fold_names:
        part = drawn.part(drawn.folds == fold)
        noisy = part.logits + rng.normal(0, 1, part.logits.shape)
        factors, images = part.network.factors, part.images.tolist()
        write_fold(other / f"{fold}.csv", images, part.groups, fold, factors, part.labels, noisy)
    own = toy_run / "results" / "predictions" / "toy-grouped-2"
    return {"ensemble": (run_folder, run.path), "predictions": (own, other)}


def _copy_predictions(toy_run: Path, root: Path, plan_digest: str) -> Path:
    """Copy the predictions of the toy run below ``root`` as those of another plan."""
    own = toy_run / "results" / "predictions" / "toy-grouped-2"
    folder = root / own.name
    shutil.copytree(own, folder)
    record = json.loads((folder / "protocol.json").read_text())
    (folder / "protocol.json").write_text(json.dumps(record | {"plan_digest": plan_digest}))
    return folder
