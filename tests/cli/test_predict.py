"""The command ``predict`` with the shipped colorectal model and phantoms."""

import csv
import io
import json
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from cancerapy.api import create_app
from cancerapy.bundle.store import find_bundles, load_bundle
from cancerapy.cancers import load_cancer
from cancerapy.cli.main import run
from cancerapy.phantoms import draw_phantom
from cancerapy.runtime.predictor import Predictor
from cancerapy.runtime.tables import check_output
from cancerapy.settings import load_settings

CLASSES = load_cancer("colorectal").tasks[0].class_ids


@pytest.fixture
def tiles(tmp_path: Path) -> Path:
    """Return a folder with three tiles, one of them a level deeper, and a text file."""
    folder = tmp_path / "tiles"
    (folder / "more").mkdir(parents=True)
    for seed, name in enumerate(("tile_9.png", "tile_10.png", "more/tile_1.png")):
        picture = draw_phantom("histology", seed=seed, height=150, width=150)
        Image.fromarray(picture).save(folder / name)
    (folder / "notes.txt").write_text("no image")
    return folder


def test_csv_has_exactly_the_columns_promised(
    tiles: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["predict", "colorectal", str(tiles), "--format", "csv"]) == 0
    out, err = capsys.readouterr()
    assert err == ""
    rows = list(csv.reader(io.StringIO(out)))
    assert rows[0] == [
        "image", "predicted_class", "confidence", "verdict", *(f"p_{c}" for c in CLASSES),
    ]  # fmt: skip
    assert [Path(row[0]).name for row in rows[1:]] == ["tile_1.png", "tile_9.png", "tile_10.png"]
    for row in rows[1:]:
        probabilities = [float(text) for text in row[4:]]
        assert sum(probabilities) == pytest.approx(1, abs=1e-5)
        assert row[1] == CLASSES[int(np.argmax(probabilities))]
        assert float(row[2]) == pytest.approx(100 * max(probabilities), abs=0.006)
        assert row[3] in {"answer", "unsure", "rejected"}


def test_an_unreadable_file_has_an_empty_row_a_message_and_status_1(
    tiles: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    bad = tiles / "bad.png"
    bad.write_bytes(b"no image")
    named = [str(bad), str(tiles / "tile_9.png")]
    assert run(["predict", "colorectal", *named, "--format", "csv"]) == 1
    out, err = capsys.readouterr()
    rows = list(csv.reader(io.StringIO(out)))
    assert [row[0] for row in rows[1:]] == named
    assert rows[1][1:] == [""] * (3 + len(CLASSES))
    assert "" not in rows[2]
    assert err.startswith(f"cancerapy: {bad}: ")
    assert err.count("\n") == 1


def test_json_table_command_and_api_agree(tiles: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tiles / "tile_9.png"
    assert run(["predict", "colorectal", str(path), "--format", "json"]) == 0
    (by_command,) = json.loads(capsys.readouterr().out)
    client = create_app(load_settings()).test_client()
    response = client.post(
        "/colorectal",
        data={"image": (io.BytesIO(path.read_bytes()), "x.png")},
        content_type="multipart/form-data",
    )
    predictor = Predictor(load_bundle(find_bundles()["colorectal"]), workers=1)
    direct = predictor.predict_path(path, "colorectal")
    wanted = [c.probability for c in direct.classes]
    assert [c["probability"] for c in by_command["classes"]] == pytest.approx(wanted, abs=1e-6)
    assert [c["probability"] for c in response.json["classes"]] == pytest.approx(wanted, abs=1e-6)
    assert run(["predict", "colorectal", str(path)]) == 0
    table = capsys.readouterr().out
    assert table.splitlines()[0].split() == ["image", "guess", "confidence", "verdict", "advice"]
    assert f"{direct.predicted_label}  {direct.confidence:.1f} %" in table
    assert "Machine guess, not a diagnosis." in table


def test_heat_maps_and_output_are_written(tiles: Path, tmp_path: Path) -> None:
    output, maps = tmp_path / "out" / "tiles.csv", tmp_path / "maps"
    words = ["predict", "colorectal", str(tiles / "tile_9.png"), "-f", "csv"]
    assert run([*words, "-o", str(output), "--heatmap", str(maps)]) == 0
    predicted = output.read_text().splitlines()[1].split(",")[1]
    (png,) = maps.iterdir()
    assert png.name == f"0001-tile_9-{predicted}.png"
    with Image.open(png) as drawn:
        assert drawn.size == (150, 150)


@pytest.mark.parametrize(
    ("output", "what"),
    [
        (".", "A folder stands where a file is needed while writing '{}': Is a directory."),
        ("a/x.csv", "A file stands where a folder is needed while writing '{}': "),
    ],
)
def test_an_output_that_cannot_be_written_is_refused_before_the_work(
    tiles: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    output: str,
    what: str,
) -> None:
    (tmp_path / "a").touch()
    asked: list[object] = []
    monkeypatch.setattr("cancerapy.runtime.batch.predict_files", lambda *a, **_: asked.append(a))
    target = tmp_path / output
    assert run(["predict", "colorectal", str(tiles), "-o", str(target)]) == 1
    err = capsys.readouterr().err
    assert err.startswith(f"cancerapy: {what.format(target)}")
    assert err.endswith(" [storage_failed]\n")
    assert asked == []


def test_looking_at_an_output_leaves_it_as_it_is(tmp_path: Path) -> None:
    kept, new = tmp_path / "kept.csv", tmp_path / "more" / "new.csv"
    kept.write_text("1")
    for output in (kept, new, None):
        check_output(output)
    assert kept.read_text() == "1"
    assert not new.exists()


def test_training_packages_are_never_imported(tiles: Path) -> None:
    code = (
        "import sys; from cancerapy.cli.main import run; "
        f"run(['predict', 'colorectal', {str(tiles)!r}, '-f', 'csv']); "
        "print(sorted({'tensorflow', 'keras', 'sklearn', 'matplotlib', 'pandas', 'scipy'}"
        " & set(sys.modules)))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=120
    )
    assert done.stdout.splitlines()[-1] == "[]"
    assert len(done.stdout.splitlines()) == 5
