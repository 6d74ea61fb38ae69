"""Which runs are exported, and with which predictions."""

import os
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from cancerapy.errors import DataError
from cancerapy.export.member import find_run, load_members
from cancerapy.export.request import ExportRequest

Ask = Callable[[Path, Path], ExportRequest]
Pair = dict[str, tuple[Path, Path]]


def _finished(folder: Path, written: int) -> Path:
    """Make a run whose weights were written so many seconds after 1970."""
    folder.mkdir(parents=True)
    weights = folder / "model.weights.h5"
    weights.touch()
    os.utime(weights, (written, written))
    return folder


def test_the_newest_final_fit_comes_before_any_hold_out_run(tmp_path: Path) -> None:
    holdout = _finished(tmp_path / "toy-1" / "holdout", 300)
    _finished(tmp_path / "toy-2" / "holdout", 200)
    _finished(tmp_path / "toy-3" / "grouped-5" / "fold-1", 900)
    _finished(tmp_path / "other-1" / "final", 900)
    (tmp_path / "toy-4" / "final").mkdir(parents=True)  # unfinished
    assert find_run(tmp_path, "toy") == holdout
    _finished(tmp_path / "toy-5" / "final", 50)
    newest = _finished(tmp_path / "toy-1" / "final", 100)
    assert find_run(tmp_path, "toy") == newest


def test_no_run_is_explained(tmp_path: Path) -> None:
    _finished(tmp_path / "other-1" / "final", 1)
    message = r"holds no finished run of toy\. Train one with 'cancerapy train toy', or name it"
    with pytest.raises(DataError, match=message) as caught:
        find_run(tmp_path, "toy")
    assert caught.value.code == "run_missing"


def test_a_run_comes_with_the_predictions_it_was_fitted_after(
    toy_run: Path, tmp_path: Path, ask_export: Ask, run_folder: Path, known_toy: None
) -> None:
    (member,) = load_members(ask_export(toy_run, tmp_path))
    assert member.run.path == run_folder
    assert (member.flips, member.plan.seed, member.record.protocol) == (
        "horizontal",
        0,
        "grouped-2",
    )
    assert len(member.predicted) == 80


def test_every_run_has_its_own_predictions(
    toy_run: Path, tmp_path: Path, ask_export: Ask, pair: Pair, known_toy: None
) -> None:
    request = replace(ask_export(toy_run, tmp_path), ensemble=pair["ensemble"])
    members = load_members(replace(request, predictions=pair["predictions"]))
    assert [member.plan.seed for member in members] == [0, 1]
    for member in members:
        assert member.record.plan_digest == member.plan.digest
    with pytest.raises(DataError, match="predictions of its network's own plan, ") as caught:
        load_members(replace(request, predictions=pair["predictions"][::-1]))
    assert caught.value.code == "predictions_missing"
