"""Which bundle is served: decisions in order, none overwritten, two at once are one."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier

import pytest

from cancerapy import atomic
from cancerapy.bundle import serving
from cancerapy.bundle.serving import (
    decide_served,
    decision_number,
    earlier_bundle,
    read_history,
    served_name,
)
from cancerapy.errors import BundleError, StorageError, UnknownNameError


@pytest.fixture
def root(tmp_path: Path) -> Path:
    for name in ("toy-1", "toy-2", "toy-3", "other-1"):
        (tmp_path / name).mkdir()
    return tmp_path


def test_without_a_decision_nothing_is_said(root: Path) -> None:
    assert served_name(root, "toy") is None
    assert decision_number(root, "toy") == 0
    assert read_history(root, "toy") == []


def test_the_newest_decision_holds_and_all_are_kept(root: Path) -> None:
    decide_served(root, "toy", "toy-2", before="toy-1", because="better")
    decide_served(root, "toy", "toy-3", before="toy-2", because="better still")
    assert served_name(root, "toy") == "toy-3"
    told = [(d.number, d.bundle, d.before, d.because) for d in read_history(root, "toy")]
    assert told == [(1, "toy-2", "toy-1", "better"), (2, "toy-3", "toy-2", "better still")]
    assert served_name(root, "other") is None
    assert sorted(path.name for path in (root / "toy.served").iterdir()) == [
        "000001.json",
        "000002.json",
    ]


def test_a_decision_on_what_is_no_longer_served_is_refused(root: Path) -> None:
    decide_served(root, "toy", "toy-2", before="toy-1", because="better")
    with pytest.raises(BundleError, match="'toy-1'; meanwhile 'toy-2' was put there") as caught:
        decide_served(root, "toy", "toy-3", before="toy-1", because="better")
    assert caught.value.code == "bundle_overtaken"
    assert served_name(root, "toy") == "toy-2"


def test_of_promotions_at_once_one_wins_and_the_others_are_told(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    n_threads, gate = 8, Barrier(8)
    own_number = serving.decision_number

    def all_at_once(place: Path, cancer: str) -> int:
        number = own_number(place, cancer)
        gate.wait(10)  # everyone has read the same state before anyone writes
        return number

    monkeypatch.setattr(serving, "decision_number", all_at_once)

    def promote(number: int) -> str:
        try:
            return decide_served(root, "toy", f"toy-{number}", before="toy-1", because="b").bundle
        except BundleError as error:
            return error.code

    with ThreadPoolExecutor(n_threads) as pool:
        told = list(pool.map(promote, range(n_threads)))
    assert told.count("bundle_overtaken") == n_threads - 1
    (winner,) = set(told) - {"bundle_overtaken"}
    assert [d.bundle for d in read_history(root, "toy")] == [winner]


def test_a_full_disk_leaves_what_was_served(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    decide_served(root, "toy", "toy-2", before="toy-1", because="better")

    def refuse(source: Path, target: Path) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(atomic.os, "link", refuse)
    with pytest.raises(StorageError) as caught:
        decide_served(root, "toy", "toy-3", before="toy-2", because="better")
    assert caught.value.code == "disk_full"
    assert served_name(root, "toy") == "toy-2"
    assert [path.name for path in (root / "toy.served").iterdir()] == ["000001.json"]


def test_a_damaged_decision_is_named_and_not_skipped(root: Path) -> None:
    decide_served(root, "toy", "toy-2", before="toy-1", because="better")
    (root / "toy.served" / "000002.json").write_text("{}")
    with pytest.raises(BundleError, match=r"readable in 'toy\.served/000002\.json'"):
        served_name(root, "toy")


def test_the_way_back_leads_to_what_was_served_before(root: Path) -> None:
    decide_served(root, "toy", "toy-1", before="toy-1", because="stays")
    decide_served(root, "toy", "toy-2", before="toy-1", because="better")
    assert earlier_bundle(root, "toy", "toy-2", None) == "toy-1"
    assert earlier_bundle(root, "toy", "toy-2", "toy-3") == "toy-3"
    with pytest.raises(BundleError, match="served before 'toy-1'; none was"):
        earlier_bundle(root, "toy", "toy-1", None)
    with pytest.raises(BundleError, match="'toy-2' is served already") as caught:
        earlier_bundle(root, "toy", "toy-2", "toy-2")
    assert caught.value.code == "bundle_served"
    with pytest.raises(UnknownNameError, match=r"No model named 'toy-9'\. Known: toy-1, toy-2"):
        earlier_bundle(root, "toy", "toy-2", "toy-9")
