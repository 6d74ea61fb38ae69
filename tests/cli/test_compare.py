"""``cancerapy compare``: help, wrong use found before Keras is started, table and exit status."""

from collections.abc import Callable
from pathlib import Path

import pytest

from cancerapy.cancers import Cancer
from cancerapy.cli.main import run
from cancerapy.comparison.rows import COSTS, read_rows


@pytest.fixture
def toy(
    toy_cancer: Cancer,
    toy_data: Path,
    write_cancer: Callable[[Cancer, Path], Path],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> Path:
    """Lead every setting to the toy cancer and into a folder of this test; return the folder."""
    monkeypatch.setenv("CANCERAPY_CANCERS", str(write_cancer(toy_cancer, tmp_path / "cancers")))
    monkeypatch.setenv("CANCERAPY_DATA", str(toy_data))
    monkeypatch.delenv("CANCERAPY_WEIGHTS", raising=False)
    for name in ("cache", "runs", "results"):
        monkeypatch.setenv(f"CANCERAPY_{name.upper()}", str(tmp_path / name))
    return tmp_path


def test_help_names_every_option_and_teaches(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["compare", "--help"]) == 0
    text = capsys.readouterr().out
    for option in ("backbones", "epochs", "protocol", "set", "source", "plot", "allow-leak"):
        assert f"--{option}" in text
    assert "cancerapy compare skin --backbones MobileNetV2,SmallCNN --epochs 10" in text
    assert "A difference counts if its interval excludes zero." in " ".join(text.split())


@pytest.mark.parametrize(
    ("words", "status", "message"),
    [
        (["--backbones", "MobilNetV2"], 2, "Did you mean 'MobileNetV2'? [unknown_backbone]"),
        (["--backbones", "SmallCNN,SmallCNN"], 2, "'SmallCNN' is named twice."),
        ([], 2, "CANCERAPY_WEIGHTS names; it is not set. Name some"),
        (["--backbones", "SmallCNN", "--set", "epoch=3"], 2, "A plan has no field 'epoch'."),
        (["--backbones", "SmallCNN", "--set", "epochs=3"], 2, "Give --epochs."),
        (["--backbones", "SmallCNN", "--protocol", "holdout"], 2, "needs at least two folds"),
        (["--backbones", "SmallCNN", "--source", "toysets"], 2, "Did you mean 'toyset'?"),
        (["--backbones", "SmallCNN", "--data", "nowhere"], 1, "[data_missing]"),
    ],
)
def test_wrong_use_is_refused(
    words: list[str], status: int, message: str, toy: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["compare", "toy", *words]) == status
    assert message in " ".join(capsys.readouterr().err.split())
    assert not (toy / "results").exists()


def test_cheap_mistakes_are_found_before_keras_is_started(
    toy: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def start() -> None:
        raise AssertionError

    monkeypatch.setattr("cancerapy.models.quiet_start.start_keras", start)
    assert run(["compare", "toy", "--backbones", "SmallCNN", "--protocol", "loo"]) == 2
    monkeypatch.delenv("CANCERAPY_DATA")
    assert run(["compare", "toy", "--backbones", "SmallCNN"]) == 1


def test_the_table_is_printed_and_a_failure_ends_in_status_1(
    toy: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    words = ["--epochs", "1", "--protocol", "grouped-2", "--resamples", "100"]
    words += ["--set", "batch_size=8", "--set", "inner_fraction=0"]
    names = "SmallCNN=lost.weights.h5,SmallCNN"
    assert run(["compare", "toy", "--backbones", names, *words]) == 1
    out, err = capsys.readouterr()
    lines = out.splitlines()
    assert lines[0].startswith("| Network | Accuracy, % | Balanced accuracy, % | AUC | ")
    assert lines[2].startswith("| SmallCNN | ")
    assert lines[2].endswith("| front |")
    assert lines[4].startswith("- SmallCNN=lost.weights.h5 failed: The weights must be 'imagenet'")
    file = toy / "results" / "comparison" / "toy.csv"
    assert f"written: {file}" in err
    row = read_rows(file)[1]
    assert set(row.costs) == set(COSTS)
    assert 0 < row.costs["inference_ms"] < 1000
    # Half of what float32 would take, and what the graph itself needs.
    assert 2 * row.costs["parameters"] < 1e6 * row.costs["size_mb"] < 4 * row.costs["parameters"]
    assert run(["compare", "toy", "--backbones", "SmallCNN", *words]) == 0
