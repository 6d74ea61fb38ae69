"""What a folder of predictions says of itself."""

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from cancerapy.errors import DataError
from cancerapy.evaluation.predictions import OutOfFold
from cancerapy.evaluation.record import check_complete, fold_digest, missing_folds, read_record

NOTED = {
    "leaking": False,
    "folds": ["fold-1", "fold-2", "fold-3"],
    "manifest_digest": "m",
    "split_digest": "s",
    "plan_digest": "p",
    "seed": 4,
    "plan": {"backbone": "MobileNetV2"},
}


def note(folder: Path) -> None:
    (folder / "protocol.json").write_text(json.dumps(NOTED))


def test_the_record_is_read(tmp_path: Path) -> None:
    note(tmp_path)
    record = read_record(tmp_path, "grouped-3")
    assert (record.protocol, record.model, record.seed) == ("grouped-3", "MobileNetV2", "4")
    digests = (record.manifest_digest, record.split_digest, record.plan_digest)
    assert digests == ("m", "s", "p")
    assert not record.leaking


def test_without_a_record_the_name_says_whether_it_leaks(tmp_path: Path) -> None:
    assert read_record(tmp_path, "random-10-LEAKING").leaking
    assert not read_record(tmp_path, "slides").leaking
    assert read_record(tmp_path, "slides").folds == ()


def test_missing_folds_are_named_with_the_command_that_makes_them(tmp_path: Path) -> None:
    note(tmp_path)
    record = read_record(tmp_path, "grouped-3")
    with pytest.raises(DataError, match="no fold is there") as caught:
        check_complete(record, tmp_path, "skin")
    assert caught.value.code == "predictions_missing"
    (tmp_path / "fold-2.csv").write_text("")
    assert missing_folds(record, tmp_path) == ["fold-1", "fold-3"]
    message = r"missing: fold-1, fold-3\. .*: cancerapy train skin --cross-validate grouped-3$"
    with pytest.raises(DataError, match=message):
        check_complete(record, tmp_path, "skin")
    (tmp_path / "fold-1.csv").write_text("")
    (tmp_path / "fold-3.csv").write_text("")
    check_complete(record, tmp_path, "skin")


def test_a_leaking_protocol_needs_its_option(tmp_path: Path) -> None:
    record = read_record(tmp_path, "random-10-LEAKING")
    with pytest.raises(DataError, match="--cross-validate random-10-LEAKING --allow-leak"):
        check_complete(record, tmp_path, "skin")


def test_a_damaged_record_is_named(tmp_path: Path) -> None:
    (tmp_path / "protocol.json").write_text("{")
    with pytest.raises(DataError, match=r"protocol\.json must be readable JSON"):
        read_record(tmp_path, "slides")


def test_the_fold_digest_depends_on_who_is_where_and_not_on_order(
    draw: Callable[..., OutOfFold],
) -> None:
    drawn = draw(10)
    reordered = drawn.part(drawn.logits[:, 0].argsort())
    moved = replace(drawn, folds=drawn.folds[::-1])
    assert fold_digest(drawn) == fold_digest(reordered)
    assert fold_digest(drawn) != fold_digest(moved)
    assert len(fold_digest(drawn)) == 16
