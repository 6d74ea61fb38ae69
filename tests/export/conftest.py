"""The toy run of ``toy_run`` with its graph, converted once for all tests."""

from collections.abc import Callable
from pathlib import Path

import keras
import pytest

from cancerapy.cancers import Cancer
from cancerapy.export.litert import to_litert
from cancerapy.export.request import ExportRequest
from cancerapy.models.classifier import Classifier
from cancerapy.settings import Settings
from cancerapy.training.final import load_final


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
