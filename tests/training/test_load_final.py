"""A run is loaded as the network that was trained, or not at all."""

import shutil
from pathlib import Path

import numpy as np
import pytest

from cancerapy.cancers import Factor, Network
from cancerapy.errors import DataError
from cancerapy.models.classifier import build_classifier
from cancerapy.training.final import load_final
from cancerapy.training.run_folder import RunFolder


@pytest.fixture
def run(toy_run: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> RunFolder:
    """A copy of the toy run's final fit."""
    monkeypatch.setenv("CANCERAPY_CANCERS", str(toy_run / "cancers"))
    (folder,) = toy_run.glob("runs/*/final")
    shutil.copytree(folder, tmp_path / "final")
    return RunFolder(tmp_path / "final")


def test_the_network_answers_as_the_one_that_was_trained(run: RunFolder) -> None:
    classifier, plan = load_final(run.path)
    assert (plan.backbone, plan.height, plan.width) == ("SmallCNN", 32, 48)
    assert (plan.flips, plan.to_json()) == ("horizontal", (run.path / "plan.json").read_text())
    # What the toy run was made with: the seed of the backbone, and the kernel of the head.
    made = build_classifier("SmallCNN", classifier.network, (32, 48), seed=3)
    head = made.head.get_layer("cam")
    kernel, bias = head.get_weights()
    head.set_weights([np.random.default_rng(5).normal(size=kernel.shape), bias])
    pictures = np.random.default_rng(1).integers(0, 256, (2, 32, 48, 3)).astype(np.uint8)
    for name in ("logits", "embedding", "cam"):
        expected = np.asarray(made.full()(pictures)[name])
        found = np.asarray(classifier.full()(pictures)[name])
        np.testing.assert_allclose(found, expected, atol=1e-5)
        assert np.ptp(found) > 0.1


def test_pixels_are_scaled_as_in_the_training(run: RunFolder) -> None:
    assert load_final(run.path)[0].scaling == "zero_to_one"
    run.write_outcome({"scaling": "torch"})
    assert load_final(run.path)[0].scaling == "torch"


@pytest.mark.filterwarnings(
    "ignore:Skipping nested container:UserWarning"
)  # Keras, before it fails
@pytest.mark.parametrize("weights", ["of three values", "half a file", "none"])
def test_weights_that_do_not_fit_are_refused(run: RunFolder, weights: str) -> None:
    if weights == "of three values":
        network = Network((Factor("finding", ("dark", "light", "grey")),))
        build_classifier("SmallCNN", network, (32, 48)).full().save_weights(run.weights_file)
    elif weights == "half a file":
        content = run.weights_file.read_bytes()
        run.weights_file.write_bytes(content[: len(content) // 2])
    else:
        run.weights_file.unlink()
    message = r"^The weights of '.*final' must be those of its plan; they cannot be loaded: "
    with pytest.raises(DataError, match=message) as caught:
        load_final(run.path)
    assert caught.value.code == "run_missing"
