"""A fourth cancer is one more file: trained, exported, predicted and served, nothing else changed.

The file is what ``cancerapy new-cancer`` writes, with a plan for a quick training.
"""

import csv
import io
import json
from pathlib import Path

import keras
import numpy as np
import pytest
from PIL import Image

from cancerapy.cancers import list_tasks
from cancerapy.cli.main import run

PLAN = {
    "backbone": "SmallCNN",
    "weights": "none",
    "head_epochs": 1,
    "epochs": 8,
    "freeze_to": "none",
    "learning_rate": 0.003,
    "batch_size": 8,
    "inner_fraction": 0.0,  # the first perfect epoch would be chosen, long before it is sure
}


@pytest.fixture
def toy(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with the cancer 'lung' and two classes of 16 patients; every setting leads there."""
    cancers, data = tmp_path / "cancers", tmp_path / "data"
    words = ["new-cancer", "lung", "-o", str(cancers), "--size", "32x32"]
    assert run([*words, "--class", "normal", "--class", "tumour", "--malignant", "tumour"]) == 0
    file = cancers / "lung.py"
    text = file.read_text()
    assert "plan={}" in text
    file.write_text(text.replace("plan={}", f"plan={PLAN!r}"))
    monkeypatch.setenv("CANCERAPY_CANCERS", str(cancers))
    monkeypatch.setenv("CANCERAPY_DATA", str(data))
    for name in ("cache", "runs", "results", "bundles"):
        monkeypatch.setenv(f"CANCERAPY_{name.upper()}", str(tmp_path / name))
    rng = np.random.default_rng(2)
    for patient in range(32):
        value = ("normal", "tumour")[patient % 2]
        (data / "lung" / value).mkdir(parents=True, exist_ok=True)
        for side in ("left", "right"):
            image = data / "lung" / value / f"p{patient}__{side}.png"
            Image.fromarray(_picture(rng, value)).save(image)
    return tmp_path


def _picture(rng: np.random.Generator, value: str) -> np.ndarray:
    """Return 72 x 72 px of grey texture; a tumour is a bright red disc in it."""
    picture = rng.integers(60, 130, (72, 72, 3))
    if value == "tumour":
        y, x = np.mgrid[:72, :72]
        middle = rng.integers(28, 44, 2)
        picture[(y - middle[0]) ** 2 + (x - middle[1]) ** 2 < 18**2] = (230, 50, 50)
    return picture.astype(np.uint8)


def test_from_one_file_to_a_served_answer(toy: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert "lung" in list_tasks()
    assert run(["train", "lung", "--cross-validate", "grouped-2"]) == 0, capsys.readouterr().err
    folder = toy / "results" / "predictions" / "lung-grouped-2"
    assert len(list(folder.glob("*.csv"))) == 2
    assert run(["train", "lung", "--final", "grouped-2"]) == 0, capsys.readouterr().err
    (final,) = (toy / "runs").glob("lung-*/final")
    assert {"plan.json", "facts.json", "history.csv", "curves.png", "model.weights.h5"} <= {
        path.name for path in final.iterdir()
    }
    assert run(["export", "lung"]) == 0, capsys.readouterr().err
    assert (toy / "bundles" / "lung-1" / "bundle.json").is_file()
    _predict(toy, capsys)
    _serve(toy)
    keras.config.set_dtype_policy("float32")


def _predict(toy: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Unseen pictures get the right class by ``cancerapy predict``."""
    unseen = toy / "unseen"
    unseen.mkdir()
    rng = np.random.default_rng(9)
    for value in ("normal", "tumour"):
        Image.fromarray(_picture(rng, value)).save(unseen / f"{value}.png")
    capsys.readouterr()
    assert run(["predict", "lung", str(unseen), "--format", "csv"]) == 0
    rows = list(csv.DictReader(io.StringIO(capsys.readouterr().out)))
    assert [row["predicted_class"] for row in rows] == ["normal", "tumour"]
    for row in rows:
        assert float(row["p_normal"]) + float(row["p_tumour"]) == pytest.approx(1, abs=1e-3)


def _serve(toy: Path) -> None:
    """The route of the task answers as the command does."""
    from cancerapy.api import create_app
    from cancerapy.settings import load_settings

    client = create_app(load_settings()).test_client()
    upload = {"image": (io.BytesIO((toy / "unseen" / "tumour.png").read_bytes()), "tumour.png")}
    answer = client.post("/api/v1/predict/lung", data=upload, content_type="multipart/form-data")
    assert answer.status_code == 200, answer.get_data(as_text=True)
    body = json.loads(answer.get_data())
    assert body["task"] == "lung"
    assert body["predicted_class"] == "tumour"
    assert [entry["id"] for entry in body["classes"]] == ["normal", "tumour"]
