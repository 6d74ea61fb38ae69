"""``cancerapy tune``: wrong use is found before Keras is started; a whole search of a toy set."""

import csv
import json
from collections.abc import Callable
from pathlib import Path

import pytest

from cancerapy.cancers import Cancer
from cancerapy.cli.main import run


@pytest.mark.parametrize(
    ("words", "status", "message"),
    [
        (["brest"], 2, "Did you mean 'breast'? [unknown_cancer]"),
        (["skin", "--budget", "soon"], 2, "given 'soon'. Write for instance 90s, 30m"),
        (["skin", "--search", "optimiser"], 2, "Did you mean 'optimizer'? [unknown_parameter]"),
        (["skin", "--search", "dropout", "--set", "dropout=0.2"], 2, "either held or searched"),
        (["skin", "--optimizers", "adam,sdg"], 2, "Did you mean 'sgd'? [unknown_optimizer]"),
        (["skin", "--optimizers", "adam,sgd", "--goal", "0.9"], 2, "--goal would be ignored"),
        (["skin", "--goal", "90"], 2, "--goal must be above 0 and at most 1; it is 90.0."),
        (["skin", "--workers", "0"], 2, "--workers must be at least 1"),
        (["skin", "--fraction", "2"], 2, "--fraction must be above 0 and at most 1"),
        (["skin", "--protocol", "random-5-LEAKING"], 1, "Give --protocol grouped-5 or slides."),
        (["skin", "--set", "droput=0.2"], 2, "A plan has no field 'droput'."),
        (["skin", "--plan", "lost.json"], 2, "A plan file must be readable JSON"),
        (["skin", "--source", "ham1000"], 2, "No data set named 'ham1000'. Known: ham10000."),
        (["skin", "--weights", "none"], 1, "Training needs the folder of the data sets;"),
    ],
)
def test_cheap_mistakes_are_found_before_keras_is_started(
    words: list[str],
    status: int,
    message: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    def start() -> None:
        raise AssertionError

    monkeypatch.setattr("cancerapy.models.quiet_start.start_keras", start)
    for name in ("DATA", "WEIGHTS"):
        monkeypatch.delenv(f"CANCERAPY_{name}", raising=False)
    assert run(["tune", *words]) == status
    assert message in " ".join(capsys.readouterr().err.split())


WORDS = [
    "tune", "toy", "--backbone", "SmallCNN", "--weights", "none", "--set", "freeze_to=block_1_pool",
    "--set", "views=1", "--set", "head_epochs=0", "--set", "epochs=2", "--protocol", "grouped-4",
    "--fraction", "1", "--study", "mine", "--search", "learning_rate", "--search", "dropout",
]  # fmt: skip


@pytest.fixture
def toy(
    toy_cancer: Cancer,
    toy_data: Path,
    tmp_path: Path,
    write_cancer: Callable[[Cancer, Path], Path],
    monkeypatch: pytest.MonkeyPatch,
) -> Path:
    """Lead every setting to the toy set and return the folder of runs."""
    monkeypatch.setenv("CANCERAPY_CANCERS", str(write_cancer(toy_cancer, tmp_path / "cancers")))
    monkeypatch.setenv("CANCERAPY_DATA", str(toy_data))
    monkeypatch.setenv("CANCERAPY_CACHE", str(tmp_path / "cache"))
    monkeypatch.setenv("CANCERAPY_RUNS", str(tmp_path / "runs"))
    return tmp_path / "runs"


def _rows(folder: Path) -> list[dict[str, str]]:
    with (folder / "trials.csv").open(newline="") as file:
        return list(csv.DictReader(file))


def test_a_search_leaves_table_pictures_and_a_plan_to_train_with(
    toy: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run([*WORDS, "--states", "2"]) == 0
    out, err = capsys.readouterr()
    folder = toy / "tune" / "mine"
    assert out.startswith(f"study   {folder}\nstates  2 finished, 0 pruned, 0 failed\n")
    assert "holds out fold-1 of grouped-4 (2 groups)" in " ".join(err.split())
    rows = _rows(folder)
    assert [row["status"] for row in rows] == ["finished"] * 2
    assert float(rows[1]["seconds_so_far"]) == pytest.approx(
        sum(float(row["seconds"]) for row in rows), abs=0.15
    )
    for name in ("search.png", "importance.png"):
        assert (folder / name).read_bytes().startswith(b"\x89PNG")
    plan = json.loads((folder / "best-plan.json").read_text())
    best = max(rows, key=lambda row: float(row["score"]))
    assert plan["dropout"] == float(best["dropout"])
    assert plan["views"] == 1
    assert run(["train", "toy", "--plan", str(folder / "best-plan.json"), "--show-plan"]) == 0
    capsys.readouterr()

    # The same command goes on; another search under the same name is refused.
    assert run([*WORDS, "--states", "1"]) == 0
    assert "states  3 finished" in capsys.readouterr().out
    assert [row["state"] for row in _rows(folder)] == ["0", "1", "2"]
    assert run([*WORDS, "--states", "1", "--search", "mixup"]) == 2
    assert "'mine' was begun with another space" in " ".join(capsys.readouterr().err.split())


@pytest.mark.slow
def test_two_workers_share_a_study(toy: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run([*WORDS, "--states", "2", "--workers", "2", "--budget", "5m"]) == 0
    assert "states  4 finished, 0 pruned, 0 failed" in capsys.readouterr().out
    rows = _rows(toy / "tune" / "mine")
    assert sorted(row["state"] for row in rows) == ["0", "1", "2", "3"]
    assert len({row["dropout"] for row in rows}) == 4


@pytest.mark.slow
def test_optimizers_side_by_side(toy: Path, capsys: pytest.CaptureFixture[str]) -> None:
    words = [word for word in WORDS if word not in ("--search", "learning_rate", "dropout")]
    assert run([*words, "--optimizers", "adam,sgd", "--budget", "5m"]) == 0
    out = capsys.readouterr().out.splitlines()
    folder = toy / "tune" / "mine-optimizers"
    assert out[0] == f"comparison  {folder}"
    assert [line.split()[0] for line in out[1:]] == ["adam", "sgd"]
    assert (folder / "optimizers.png").read_bytes().startswith(b"\x89PNG")
    assert len(list(folder.glob("*.npz"))) == 2 * 4 * 3
