"""The app on the device, the API and Keras on the same phantoms: one bundle, one answer."""

import asyncio
import io
import json
import runpy
import shutil
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image as PillowImage

from cancerapy.api import create_app
from cancerapy.api.rendering import to_json
from cancerapy.app.decode import from_json
from cancerapy.app.on_device import OnDevice, has_interpreter
from cancerapy.bundle.store import default_root, find_bundles, load_bundle
from cancerapy.cancers import list_cancers, load_cancer
from cancerapy.contract import Prediction
from cancerapy.contract.responses import ModelResponse, PredictionResponse
from cancerapy.errors import BundleError, UnknownNameError
from cancerapy.phantoms import draw_phantom
from cancerapy.runtime.offer import describe_model
from cancerapy.runtime.probabilities import task_probabilities
from cancerapy.settings import Settings

SAME = 1e-6
"""Greatest difference of a probability between device and API: the graph and steps are the same."""

ANSWERS = {"age": 61.0, "sex": "female"}

NEAR_KERAS = 0.01
"""Greatest difference from Keras, whose weights are not rounded to 16 bits."""


def _picture(cancer_id: str, seed: int) -> bytes:
    output = io.BytesIO()
    pixels = draw_phantom(load_cancer(cancer_id).phantom, seed=seed, height=300, width=400)
    PillowImage.fromarray(pixels).save(output, format="PNG")
    return output.getvalue()


def _from_api(client: Any, route: str, image: bytes) -> PredictionResponse:
    form = {"image": (io.BytesIO(image), "image"), "answers": json.dumps(ANSWERS)}
    answer = client.post(f"{route}?heatmap=values", data=form)
    assert answer.status_code == 200
    return from_json(PredictionResponse, answer.json)


def _probabilities(prediction: Prediction) -> np.ndarray:
    return np.array([entry.probability for entry in prediction.classes])


@pytest.mark.parametrize("cancer_id", list_cancers())
def test_the_device_answers_as_the_server_does(cancer_id: str, tmp_path: Path) -> None:
    image = _picture(cancer_id, 3)
    client = create_app(Settings()).test_client()
    device = OnDevice(tmp_path)
    tasks = [one for one in asyncio.run(device.list_tasks()) if one.cancer == cancer_id]
    assert {one.id for one in tasks} == {one.id for one in load_cancer(cancer_id).tasks}
    for task in tasks:
        assert to_json(task) == client.get(f"/api/v1/tasks/{task.id}").data
        shares: list[float] = []
        own = asyncio.run(
            device.predict(task.route, image, answers=ANSWERS, on_progress=shares.append)
        )
        theirs = _from_api(client, task.route, image)
        assert np.abs(_probabilities(own) - _probabilities(theirs)).max() < SAME
        assert own.heatmap is not None
        assert theirs.heatmap is not None
        assert np.allclose(own.heatmap.values, theirs.heatmap.values, atol=1e-3)
        assert shares == [1.0]
        assert own.decision is not None
        assert own.decision == theirs.decision
        for name in ("model", "image_sha256", "predicted_class", "verdict", "advice", "density"):
            assert getattr(own, name) == getattr(theirs, name)
        assert {reason.code for reason in own.reasons} == {r.code for r in theirs.reasons}


@pytest.mark.slow
def test_keras_answers_alike(tmp_path: Path) -> None:
    pytest.importorskip("keras", reason="the train extra is not installed")
    tool = runpy.run_path(str(Path(__file__).parents[2] / "benchmarks" / "serving_keras_bundle.py"))
    from cancerapy.export.parity import keras_logits
    from cancerapy.runtime.predictor import Predictor

    cancer = load_cancer("colorectal")
    folder = tool["write_keras_bundle"](cancer.id, "SmallCNN", "both", tmp_path)
    model = tool["build_keras"](cancer, "SmallCNN", "both")
    predictor = Predictor(load_bundle(folder))
    client = create_app(Settings(bundles=tmp_path)).test_client()
    device = OnDevice(tmp_path, shipped=tmp_path / "none")
    task = cancer.tasks[0]
    selects = [label.selects for label in task.classes]
    for seed in range(3):
        image = _picture(cancer.id, seed)
        logits = keras_logits(model, predictor.prepare(image)[None])
        wanted = task_probabilities(logits, predictor.fields.factors, selects)[0]
        own = asyncio.run(device.predict(f"/api/v1/predict/{task.id}", image))
        theirs = _from_api(client, f"/api/v1/predict/{task.id}", image)
        assert own.predicted_class == theirs.predicted_class
        assert own.predicted_class == task.classes[int(np.argmax(wanted))].id
        assert np.abs(_probabilities(own) - _probabilities(theirs)).max() < SAME
        assert np.abs(_probabilities(own) - wanted).max() < NEAR_KERAS


class Server:
    """A server whose files are those of the package's own bundle of one cancer."""

    def __init__(self, cancer_id: str) -> None:
        self.bundle = load_bundle(find_bundles()[cancer_id])
        self.model: ModelResponse = describe_model(self.bundle.fields)
        self.changed = ""

    async def list_models(self) -> tuple[ModelResponse, ...]:
        """Return the one model."""
        return (self.model,)

    async def read_file(self, model: str, name: str) -> bytes:
        """Return a file, or another one under its name."""
        assert model == self.model.name
        return b"other" if name == self.changed else self.bundle.read_file(name)


def test_a_model_is_fetched_verified_and_used(tmp_path: Path) -> None:
    cancer_id = list_cancers()[-1]
    server, device = Server(cancer_id), OnDevice(tmp_path / "fetched", shipped=tmp_path / "none")
    assert device.names() == ()
    assert asyncio.run(device.list_tasks()) == ()
    shares: list[float] = []
    asyncio.run(device.fetch(server, shares.append))
    assert device.names() == (server.model.name,)
    assert shares == [pytest.approx(n / 4) for n in (1, 2, 3, 4)]
    assert asyncio.run(device.list_models()) == (server.model,)
    assert asyncio.run(device.read_card(server.model.name)) == server.bundle.card
    with pytest.raises(UnknownNameError, match="No model named 'x'"):
        asyncio.run(device.read_card("x"))
    again: list[float] = []
    asyncio.run(device.fetch(server, again.append))
    assert again == []


@pytest.mark.parametrize("name", ["model.tflite", "stats.npz", "bundle.json"])
def test_a_changed_file_is_refused(tmp_path: Path, name: str) -> None:
    server, device = Server(list_cancers()[-1]), OnDevice(tmp_path, shipped=tmp_path / "none")
    server.changed = name
    with pytest.raises(BundleError):
        asyncio.run(device.fetch(server, lambda _: None))
    assert device.names() == ()
    assert list(tmp_path.iterdir()) == []


def test_a_name_that_leads_elsewhere_is_refused(tmp_path: Path) -> None:
    server = Server(list_cancers()[-1])
    server.model = replace(server.model, name="../skin-9")
    device = OnDevice(tmp_path / "fetched", shipped=tmp_path / "none")
    with pytest.raises(BundleError, match="named <cancer>-<version>"):
        asyncio.run(device.fetch(server, lambda _: None))
    assert list(tmp_path.iterdir()) == []


def test_the_newer_of_two_bundles_answers(tmp_path: Path) -> None:
    cancer_id = list_cancers()[-1]
    shipped = find_bundles()[cancer_id]
    older = tmp_path / f"{cancer_id}-0"
    shutil.copytree(shipped, older)
    assert shipped.name in OnDevice(tmp_path).names()
    assert older.name in OnDevice(tmp_path, shipped=tmp_path / "none").names()


def test_this_machine_has_an_interpreter(monkeypatch: pytest.MonkeyPatch) -> None:
    assert has_interpreter()

    def fail(_: str) -> None:
        raise ImportError

    monkeypatch.setattr("cancerapy.app.on_device.import_module", fail)
    assert not has_interpreter()
    assert default_root().name == "bundles"
