"""What a model learnt from is read as it was written."""

from pathlib import Path

import pytest

from cancerapy.errors import DataError
from cancerapy.learning.learnt import Learnt, read_learnt, write_learnt
from cancerapy.learning.versions import Case, Version, write_version


def test_what_was_dropped_was_not_learnt_from(tmp_path: Path) -> None:
    cases = tuple(
        Case(sha, patient, {}, ()) for sha, patient in (("a", "p"), ("b", "p"), ("c", "q"))
    )
    for number in (1, 2):
        made = Version("toy", number, number - 1, cases[: 1 + number], {}, (), "e", (), (), "d")
        write_version(tmp_path, made)
    assert read_learnt(tmp_path, "toy", "toy-2") == Learnt()
    write_learnt(tmp_path, "toy", "toy-2", {"version": "toy-collected-2", "dropped": {"c": "gone"}})
    told = read_learnt(tmp_path, "toy", "toy-2")
    assert told == Learnt(2, frozenset("ab"), frozenset("p"))
    assert read_learnt(tmp_path, "toy", "toy-3") == Learnt()


@pytest.mark.parametrize("text", ["{", "[]", "{}", '{"version": 2, "dropped": {}}'])
def test_a_damaged_note_is_a_fault_and_not_a_model_that_learnt_nothing(
    tmp_path: Path, text: str
) -> None:
    write_learnt(tmp_path, "toy", "toy-2", {})
    (tmp_path / "learning/toy/challengers/toy-2.json").write_text(text)
    with pytest.raises(DataError, match=r"What toy-2 learnt from must be readable"):
        read_learnt(tmp_path, "toy", "toy-2")
