"""The toy set, weights for two small networks, a file that fits none, and made-up rows."""

from collections.abc import Callable, Iterator
from pathlib import Path

import keras
import pytest

from cancerapy.cancers import Cancer
from cancerapy.comparison.candidates import Candidate, plan_candidate
from cancerapy.comparison.rows import CandidateRow
from cancerapy.data.manifest import build_manifest
from cancerapy.evaluation.measure import Figure
from cancerapy.export.litert import to_litert
from cancerapy.models.classifier import build_classifier
from cancerapy.models.small_cnn import build_small_cnn
from cancerapy.training.material import Material
from cancerapy.training.progress import RichDisplay

MakeRow = Callable[..., CandidateRow]


@pytest.fixture
def weights(tmp_path: Path) -> Path:
    """A folder with ``one`` and ``two`` for SmallCNN, and ``other`` of another architecture."""
    folder = tmp_path / "weights"
    folder.mkdir()
    for seed, name in enumerate(("one", "two")):
        keras.utils.set_random_seed(seed)
        build_small_cnn((16, 16, 3)).save_weights(folder / f"{name}.weights.h5")
    inputs = keras.layers.Input((16, 16, 3))
    other = keras.Model(inputs, keras.layers.Conv2D(4, 3)(inputs))
    other.save_weights(folder / "other.weights.h5")
    return folder


@pytest.fixture(scope="session")
def cache(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A cache that all tests share: the pictures and the weights are always the same."""
    return tmp_path_factory.mktemp("cache")


@pytest.fixture
def toy(
    toy_cancer: Cancer,
    toy_data: Path,
    weights: Path,
    cache: Path,
    write_cancer: Callable[[Cancer, Path], Path],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> Iterator[Path]:
    """Lead every setting to the toy cancer, its data and these weights; return the folder."""
    monkeypatch.setenv("CANCERAPY_CANCERS", str(write_cancer(toy_cancer, tmp_path / "cancers")))
    monkeypatch.setenv("CANCERAPY_DATA", str(toy_data))
    monkeypatch.setenv("CANCERAPY_WEIGHTS", str(weights))
    monkeypatch.setenv("CANCERAPY_CACHE", str(cache))
    for name in ("runs", "results"):
        monkeypatch.setenv(f"CANCERAPY_{name.upper()}", str(tmp_path / name))
    yield tmp_path
    keras.config.set_dtype_policy("float32")


@pytest.fixture
def make_material(
    toy_cancer: Cancer, toy_data: Path, weights: Path, tmp_path: Path
) -> Callable[[str], Material]:
    """Return a function that makes material of SmallCNN with weights of this name."""
    keras.config.set_dtype_policy("float32")

    def make(name: str) -> Material:
        plan = plan_candidate(Candidate("SmallCNN", name), toy_cancer, 0, {})
        manifest = build_manifest(toy_cancer, toy_cancer.sources[0], toy_data)
        return Material(toy_cancer, plan, manifest, tmp_path, weights, RichDisplay("toy"))

    return make


@pytest.fixture
def make_row() -> MakeRow:
    """Return a function that makes the row of a candidate that did not fail."""

    def make(
        candidate: str = "A", accuracy: float = 0.8, inference_ms: float = 10.0, **changes: object
    ) -> CandidateRow:
        values: dict[str, object] = {
            "protocol": "grouped-5",
            "source": "toyset",
            "epochs": 0,
            "groups": 9,
            "n": 90,
            "height": 16,
            "width": 24,
            "figures": {
                "accuracy": Figure(
                    "accuracy", accuracy, round(accuracy - 0.05, 4), round(accuracy + 0.05, 4)
                ),
                "balanced_accuracy": Figure("balanced_accuracy", 0.7, 0.6, 0.75),
                "macro_auc": Figure("macro_auc", 0.9, 0.85, 0.95),
            },
            "costs": {
                "train_s": 61.6,
                "train_processor_s": 120.0,
                "inference_ms": inference_ms,
                "inference_wall_ms": 12.0,
                "size_mb": 4.5,
                "memory_mb": 75.25,
                "parameters": 2_260_000.0,
                "multiply_adds": 300_774_272.0,
            },
            "threads": 1,
            "machine": "a machine",
            "commit": "abc",
            "command": "cancerapy compare toy",
            "date": "2026-01-02",
        }
        return CandidateRow(candidate=candidate, **{**values, **changes})  # type: ignore[arg-type]

    return make


@pytest.fixture(scope="session")
def tiny_model(toy_cancer: Cancer, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The LiteRT file of a small network."""
    classifier = build_classifier("SmallCNN", toy_cancer.network, (16, 16))
    file = tmp_path_factory.mktemp("tiny") / "model.tflite"
    file.write_bytes(to_litert(classifier.full()))
    return file
