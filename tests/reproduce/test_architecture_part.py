"""A candidate's figures are taken over from the comparison, or made as it makes them."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import keras
import pytest

from cancerapy.cancers import Cancer
from cancerapy.comparison import judge, session
from cancerapy.comparison.latency import Latency
from cancerapy.comparison.rows import CandidateRow, read_rows, write_row
from cancerapy.errors import DataError
from cancerapy.evaluation.measure import Figure
from cancerapy.models.small_cnn import build_small_cnn
from cancerapy.reproduce import Context
from cancerapy.reproduce.architecture_part import ArchitecturePart

ONE, TWO = "SmallCNN=one.weights.h5", "SmallCNN=two.weights.h5"
COSTS = {
    "train_s": 61.6, "train_processor_s": 120.0, "inference_ms": 4.5, "inference_wall_ms": 12.0,
    "size_mb": 5.7, "memory_mb": 75.25, "parameters": 2_260_000.0, "multiply_adds": 300_774_272.0,
}  # fmt: skip


def _known(candidate: str, **changes: object) -> CandidateRow:
    values: dict[str, object] = {
        "protocol": "grouped-2",
        "source": "toyset",
        "epochs": 0,
        "plan": "p",
        "groups": 8,
        "n": 16,
        "figures": {
            name: Figure(name, 0.8, 0.7, 0.9)
            for name in ("accuracy", "balanced_accuracy", "macro_auc")
        },
        "costs": COSTS,
        "command": "cancerapy compare toy",
        "date": "2026-01-02",
    }
    return CandidateRow(candidate=candidate, **{**values, **changes})  # type: ignore[arg-type]


@pytest.fixture
def file(context: Context) -> Path:
    return context.settings.results / "comparison" / "toy.csv"


@pytest.fixture
def toy(
    toy_cancer: Cancer,
    context: Context,
    tmp_path: Path,
    write_cancer: Callable[[Cancer, Path], Path],
    monkeypatch: pytest.MonkeyPatch,
) -> Context:
    """Weights of two small networks; nothing is exported, weighed or timed."""
    monkeypatch.setenv("CANCERAPY_CANCERS", str(write_cancer(toy_cancer, tmp_path / "cancers")))
    monkeypatch.setattr(judge, "to_litert", lambda graph: b"no")
    monkeypatch.setattr(judge, "measure_peak_memory", lambda model: 44.0)
    monkeypatch.setattr(
        session, "time_in_turn", lambda models, progress: dict.fromkeys(models, Latency(3, 2))
    )
    folder = tmp_path / "weights"
    folder.mkdir()
    for seed, name in enumerate(("one", "two")):
        keras.utils.set_random_seed(seed)
        build_small_cnn((16, 16, 3)).save_weights(folder / f"{name}.weights.h5")
    return replace(context, settings=replace(context.settings, weights=folder))


def _part(name: str, first: str = "A") -> ArchitecturePart:
    return ArchitecturePart(name, first, "toy", "grouped-2")


@pytest.mark.usefixtures("toy")
def test_what_was_compared_is_taken_over(context: Context, file: Path) -> None:
    gap = {"accuracy": Figure("accuracy", -0.03, -0.04, -0.01)}
    write_row(file, _known("A"))
    write_row(file, _known("B", against="A", differences=gap, last_layer="block_3"))
    first, second = (list(_part(name).run(context).rows) for name in "AB")
    figures = {row.figure.metric: row.figure for row in second}
    assert figures["accuracy_difference"] == replace(gap["accuracy"], metric="accuracy_difference")
    assert figures["macro_auc"] == Figure("macro_auc", 0.8, 0.7, 0.9)
    values = {name: figure.value for name, figure in figures.items()}
    assert (values["parameters_millions"], values["inference_ms"]) == (2.26, 4.5)
    assert values["multiply_adds_millions"] == pytest.approx(300.774272)
    assert (values["size_mb"], values["memory_mb"]) == (5.7, 75.25)
    assert values["training_seconds"] == 120.0  # of processor cores
    assert not any("difference" in row.figure.metric for row in first)
    (origin,) = {row.origin for row in second}
    assert (origin.model, origin.task, origin.size) == ("B", "toy", "5.70")
    assert origin.protocol == "grouped-2, frozen features of block_3"
    assert (origin.command, origin.date) == ("cancerapy compare toy", "2026-01-02")


def test_what_is_missing_is_compared_and_stands_in_the_results(toy: Context, file: Path) -> None:
    found = {name: _part(name, ONE).run(toy).rows for name in (ONE, TWO)}
    assert [row.candidate for row in read_rows(file)] == [ONE, TWO]
    second = {row.figure.metric: row.figure.value for row in found[TWO]}
    assert second["accuracy_difference"] == 0
    assert {row.origin.n for row in found[TWO]} == {16}
    stamp = file.stat().st_mtime_ns
    again = {row.figure.metric: row.figure.value for row in _part(TWO, ONE).run(toy).rows}
    assert again == pytest.approx(second, rel=1e-6)
    assert file.stat().st_mtime_ns == stamp


def test_a_quick_run_leaves_the_results_alone(
    toy: Context, file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("cancerapy.reproduce.trained.N_QUICK", 13)
    write_row(file, _known(ONE))
    before = file.read_bytes()
    found = _part(ONE, ONE).run(replace(toy, quick=True))
    assert {row.origin.n for row in found.rows} == {8}  # one image of each of eight patients
    assert {row.origin.protocol for row in found.rows} == {"quick-grouped-2, frozen features"}
    assert file.read_bytes() == before


def test_a_candidate_that_fails_says_why(toy: Context) -> None:
    with pytest.raises(DataError, match=r"SmallCNN failed: .*starts at random"):
        _part("SmallCNN", "SmallCNN").run(toy)


def test_a_row_against_another_first_is_not_taken_over(toy: Context, file: Path) -> None:
    write_row(file, _known(TWO, against="another"))
    found = {row.figure.metric: row.figure.value for row in _part(TWO, ONE).run(toy).rows}
    assert found["inference_ms"] == 2
    assert found["accuracy_difference"] == 0
