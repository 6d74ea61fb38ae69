"""``cancerapy export``: help, exit statuses, and a bundle from a run."""

from pathlib import Path

import pytest

from cancerapy.bundle.store import load_bundle
from cancerapy.cli.main import run


@pytest.fixture
def toy(toy_run: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Lead every setting to the toy run, and bundles and caches into a folder of this test."""
    monkeypatch.setenv("CANCERAPY_CANCERS", str(toy_run / "cancers"))
    for name in ("data", "runs", "results"):
        monkeypatch.setenv(f"CANCERAPY_{name.upper()}", str(toy_run / name))
    for name in ("bundles", "cache"):
        monkeypatch.setenv(f"CANCERAPY_{name.upper()}", str(tmp_path / name))
    return toy_run


def test_help_names_every_option(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["export", "--help"]) == 0
    text = capsys.readouterr().out
    options = ("run", "ensemble", "predictions", "output", "flips", "quantise", "data", "runs")
    for option in (*options, "results"):
        assert f"--{option}" in text
    assert "cancerapy export skin --data ~/data" in text


def test_a_run_becomes_a_bundle_where_it_is_asked_for(
    toy: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / "mine"
    assert run(["export", "toy", "-o", str(folder)]) == 0, capsys.readouterr().err
    out, err = capsys.readouterr()
    assert out == f"{folder / 'toy-1'}\n"
    for pictures in ("toyset: 16 pictures", "phantoms: 16 pictures"):
        assert f"{pictures}, largest difference 0.0" in err
    fields = load_bundle(folder / "toy-1").fields
    assert fields.provenance["flips"] == "horizontal"
    assert {file.name for file in (folder / "toy-1").iterdir()} == {
        "bundle.json",
        "card.md",
        "model.tflite",
        "stats.npz",
    }
    assert not (tmp_path / "bundles").exists()


@pytest.mark.parametrize(
    ("words", "status", "message"),
    [
        (["tou"], 2, "Did you mean 'toy'? [unknown_cancer]"),
        (["toy", "--flips", "vertical"], 2, "No flips named 'vertical'."),
        (["toy", "--flips", "diagonal", "--runs", "nowhere"], 2, "No flips named 'diagonal'."),
        (["toy", "--runs", "nowhere"], 1, "holds no finished run of toy."),
        (["toy", "--ensemble", "a"], 2, "at least two runs, each once; given: a."),
        (["toy", "--predictions", "a", "--predictions", "b"], 2, "2 are given."),
        (["toy", "--flips", "none"], 1, "and --set flips=none and these images"),
        (["toy", "--run", "nowhere"], 1, "Train first with 'cancerapy train'"),
        (["toy", "--predictions", "nowhere"], 1, "[predictions_missing]"),
        (["toy", "--data", "nowhere"], 1, "[data_missing]"),
        (["toy", "--quantise"], 1, "or export without --quantise. [run_missing]"),
    ],
)
@pytest.mark.usefixtures("toy")
def test_what_is_wrong_is_said_in_one_line(
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    words: list[str],
    status: int,
    message: str,
) -> None:
    assert run(["export", *words]) == status
    out, err = capsys.readouterr()
    assert out == ""
    assert message in err.splitlines()[-1]
    assert "Traceback" not in err
    assert not (tmp_path / "bundles").exists()
