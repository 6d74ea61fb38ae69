"""From candidates to rows, page and picture; resumed, and not ended by a failure."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from cancerapy.cancers import load_cancer
from cancerapy.comparison import judge, session
from cancerapy.comparison.candidates import parse_candidates
from cancerapy.comparison.latency import Latency
from cancerapy.comparison.request import Request
from cancerapy.comparison.rows import COSTS, read_rows
from cancerapy.comparison.session import Comparison, compare_candidates
from cancerapy.settings import load_settings

ONE, TWO = "SmallCNN=one.weights.h5", "SmallCNN=two.weights.h5"
Compare = Callable[..., Comparison]


@pytest.fixture
def compare(toy: Path, monkeypatch: pytest.MonkeyPatch) -> Compare:
    """Return a function that compares toy candidates.

    Models are not exported, but said to be of two bytes, 44 MB in memory and 2 ms:
    tests/cli/test_compare.py does that too.
    """
    monkeypatch.setattr(judge, "to_litert", lambda graph: b"no")
    monkeypatch.setattr(judge, "measure_peak_memory", lambda model: 44.0)
    monkeypatch.setattr(
        session, "time_in_turn", lambda models, progress: dict.fromkeys(models, Latency(3, 2))
    )

    def compare(names: str = f"{ONE},{TWO}", **changes: object) -> Comparison:
        request = Request(
            cancer=load_cancer("toy"),
            candidates=parse_candidates(names),
            protocol="grouped-2",
            epochs=0,
            changes={},
            source=None,
            settings=load_settings(),
            command="cancerapy compare toy",
            n_resamples=100,
        )
        return compare_candidates(replace(request, **changes))  # type: ignore[arg-type]

    return compare


def test_every_candidate_has_its_figures_costs_and_difference(compare: Compare, toy: Path) -> None:
    comparison = compare()
    first, second = comparison.rows
    assert comparison.n_failed == 0
    for row in comparison.rows:
        assert (row.n, row.groups, row.height, row.width, row.threads) == (16, 8, 16, 16, 1)
        assert set(row.costs) == set(COSTS)
        # Light and dark squares are told apart by brightness, which any features hold.
        assert row.figures["accuracy"].value == 1
        # By hand: kernels on maps of 16, 8, 4 and 2 cells a side, then the head on one cell.
        kernels = (256 * 3 * 16 + 64 * 16 * 32 + 16 * 32 * 64 + 4 * 64 * 96) * 9 + 96 * 2
        assert row.costs["multiply_adds"] == kernels
        # Convolutions without bias, four numbers a channel of normalisation, and the head.
        convolutions = 9 * (3 * 16 + 16 * 32 + 32 * 64 + 64 * 96)
        assert row.costs["parameters"] == convolutions + 4 * (16 + 32 + 64 + 96) + 96 * 2 + 2
        assert (row.costs["inference_ms"], row.costs["inference_wall_ms"]) == (2, 3)
        assert (row.costs["size_mb"], row.costs["memory_mb"]) == (2e-6, 44)
        assert 0 < row.costs["train_s"] < 60
    assert (first.against, second.against) == ("", ONE)
    assert first.plan != second.plan
    assert second.differences["accuracy"].value == 0
    file = toy / "results" / "comparison" / "toy.csv"
    picture = toy / "runs" / "comparison" / "toy-toyset-grouped-2-0.png"
    assert list(comparison.files) == [file, file.with_suffix(".md"), picture]
    assert [row.candidate for row in read_rows(file)] == [ONE, TWO]
    assert f"| {TWO} | 100.0 (100.0 to 100.0) |" in file.with_suffix(".md").read_text()
    assert picture.read_bytes().startswith(b"\x89PNG")
    assert not list((toy / "runs").rglob("*.weights.h5"))


def test_a_finished_candidate_is_not_done_again(
    compare: Compare, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = compare(ONE)
    trained: list[str] = []
    real = judge.cross_validate

    def noting(material: object, *words: object, **options: object) -> object:
        trained.append(material.plan.weights)  # type: ignore[attr-defined]
        return real(material, *words, **options)  # type: ignore[arg-type]

    monkeypatch.setattr(judge, "cross_validate", noting)
    after = compare()
    assert trained == ["two.weights.h5"]
    assert after.rows[0] == replace(before.rows[0], costs=after.rows[0].costs)
    trained.clear()
    again = compare(f"{TWO},{ONE}")  # another reference, nothing else
    assert trained == []
    assert [(row.candidate, row.against) for row in again.rows] == [(TWO, ""), (ONE, TWO)]


@pytest.mark.parametrize("lost", ["for-timing.tflite", "fold-2.csv"])
def test_a_candidate_whose_files_are_gone_is_done_again(
    lost: str, compare: Compare, toy: Path
) -> None:
    compare(ONE)
    (file,) = (toy / "runs").rglob(lost)
    file.unlink()
    compare(ONE)
    assert file.is_file()


def test_one_that_fails_is_noted_and_the_others_go_on(
    compare: Compare, toy: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = judge.count_multiply_adds

    def failing(model: object) -> int:
        failing.calls += 1
        if failing.calls == 1:
            raise ZeroDivisionError("a fault of our own\nin two lines")
        return real(model)

    failing.calls = 0  # type: ignore[attr-defined]
    monkeypatch.setattr(judge, "count_multiply_adds", failing)
    other = toy / "weights" / "other.weights.h5"
    comparison = compare(f"{ONE},SmallCNN={other},SmallCNN,{TWO}")
    assert comparison.n_failed == 3
    assert [bool(row.failed) for row in comparison.rows] == [True, True, True, False]
    reasons = [row.failed for row in comparison.rows]
    assert reasons[0] == "ZeroDivisionError: a fault of our own"
    assert reasons[1].startswith(
        "The starting weights of SmallCNN must be a whole file saved from this network; "
        "'other.weights.h5' cannot be used: it holds 2 arrays where this network has 20"
    )
    assert reasons[2].startswith("Frozen features need starting weights; SmallCNN starts at random")
    assert comparison.rows[3].against == ""  # the first that did not fail
    file = toy / "results" / "comparison" / "toy.csv"
    assert str(toy) not in file.read_text() + file.with_suffix(".md").read_text()
    # What failed is tried again, and its row replaced.
    again = compare(ONE)
    assert again.n_failed == 0
    assert [row.failed == "" for row in read_rows(file)] == [True, False, False, True]


def test_an_interruption_keeps_what_is_finished(
    compare: Compare, toy: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = judge.judge_candidate

    def stop(name: str, *words: object) -> judge.Judged:
        if name == TWO:
            raise KeyboardInterrupt
        return real(name, *words)  # type: ignore[arg-type]

    with monkeypatch.context() as patch:
        patch.setattr(session, "judge_candidate", stop)
        with pytest.raises(KeyboardInterrupt):
            compare()
    (row,) = read_rows(toy / "results" / "comparison" / "toy.csv")
    assert (row.candidate, row.figures["accuracy"].value) == (ONE, 1)
    assert "inference_ms" not in row.costs
    assert all("inference_ms" in row.costs for row in compare().rows)


def test_when_all_fail_there_is_no_picture(compare: Compare, toy: Path) -> None:
    comparison = compare("SmallCNN")
    assert comparison.n_failed == 1
    assert [file.suffix for file in comparison.files] == [".csv", ".md"]


def test_with_epochs_a_network_is_trained_from_scratch(compare: Compare, toy: Path) -> None:
    picture = toy / "here" / "plot.png"
    changes = {"batch_size": 8, "inner_fraction": 0.0, "learning_rate": 0.003}
    comparison = compare("SmallCNN", epochs=1, changes=changes, plot=picture)
    (row,) = comparison.rows
    assert not row.failed
    assert (row.candidate, row.epochs, row.last_layer) == ("SmallCNN", 1, "")
    assert row.costs["train_s"] > 0
    assert comparison.files[-1] == picture
    assert picture.is_file()


def test_a_leaking_protocol_is_marked(compare: Compare, toy: Path) -> None:
    (row,) = compare(ONE, protocol="random-2-LEAKING", allow_leak=True).rows
    assert row.leaking == "LEAKING"
    page = (toy / "results" / "comparison" / "toy.md").read_text()
    assert "## toyset, random-2 LEAKING, frozen features" in page
