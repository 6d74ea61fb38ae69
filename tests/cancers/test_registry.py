"""Cancers are found by their file, in the package and in further folders."""

from pathlib import Path

import pytest

from cancerapy.cancers import list_cancers, list_tasks, load_cancer, load_task
from cancerapy.errors import CanceRapyError, UnknownNameError

TOY = """
from dataclasses import replace
from cancerapy.cancers import load_cancer

_skin = load_cancer("skin")
CANCER = replace(_skin, id={cancer!r}, tasks=(replace(_skin.tasks[0], id={task!r}),))
"""


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A further folder of cancers."""
    monkeypatch.setenv("CANCERAPY_CANCERS", str(tmp_path))
    return tmp_path


def _add(folder: Path, file: str, cancer: str, task: str) -> None:
    (folder / f"{file}.py").write_text(TOY.format(cancer=cancer, task=task))


def test_the_packages_own() -> None:
    assert list_cancers() == ["breast", "colorectal", "skin"]
    assert list_tasks() == {
        "breast": "breast",
        "breast-density": "breast",
        "colorectal": "colorectal",
        "skin": "skin",
        "skin-7": "skin",
    }


def test_task_with_its_cancer() -> None:
    cancer, task = load_task("breast-density")
    assert (cancer.id, task.id) == ("breast", "breast-density")


def test_unknown_names_offer_the_nearest() -> None:
    expected = r"^No cancer named 'brest'\. Known: breast, colorectal, skin\. Did you mean 'breast'"
    with pytest.raises(UnknownNameError, match=expected):
        load_cancer("brest")
    with pytest.raises(UnknownNameError, match=r"^No task named 'skin7'\..* mean 'skin-7'\?$"):
        load_task("skin7")


def test_a_file_in_a_further_folder_is_a_cancer_like_any_other(folder: Path) -> None:
    _add(folder, "lung", "lung", "lung-nodule")
    (folder / "_notes.py").write_text("raise SystemExit")
    (folder / "readme.txt").write_text("not Python")
    assert list_cancers() == ["breast", "colorectal", "lung", "skin"]
    assert load_cancer("lung").id == "lung"
    assert load_task("lung-nodule")[0] is load_cancer("lung")
    with pytest.raises(UnknownNameError, match="Known: breast, colorectal, lung, skin"):
        load_cancer("liver")


def test_several_folders(folder: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    second = tmp_path / "second"
    second.mkdir()
    monkeypatch.setenv("CANCERAPY_CANCERS", f"{folder}:{second}")
    _add(folder, "lung", "lung", "lung")
    _add(second, "liver", "liver", "liver")
    assert list_cancers() == ["breast", "colorectal", "liver", "lung", "skin"]


def test_one_name_in_two_files(folder: Path) -> None:
    _add(folder, "skin", "skin", "skin")
    expected = (
        r"^Every cancer needs a name of its own; CANCERAPY_CANCERS defines again: skin\. "
        r"Rename the file\.$"
    )
    with pytest.raises(CanceRapyError, match=expected) as caught:
        list_cancers()
    assert caught.value.code == "duplicate_cancer"


def test_one_task_in_two_cancers(folder: Path) -> None:
    _add(folder, "mole", "mole", "skin")
    expected = (
        r"^Every task needs a name of its own; 'skin' is defined by 'mole' and by 'skin'\. Rename"
    )
    with pytest.raises(CanceRapyError, match=expected) as caught:
        list_tasks()
    assert caught.value.code == "duplicate_task"


def test_the_id_must_be_the_files_name(folder: Path) -> None:
    _add(folder, "lung", "lungs", "lung")
    expected = r"^The id of a cancer must be its file's name; 'lung\.py' has id 'lungs'\. Change"
    with pytest.raises(CanceRapyError, match=expected) as caught:
        load_cancer("lung")
    assert caught.value.code == "cancer_invalid"


def test_a_file_without_a_cancer(folder: Path) -> None:
    (folder / "lung.py").write_text("VALUE = 1\n")
    expected = (
        r"^Every file of a cancer must hold one constant CANCER; 'lung\.py' has none\. Add it"
    )
    with pytest.raises(CanceRapyError, match=expected) as caught:
        load_cancer("lung")
    assert caught.value.code == "cancer_invalid"


def test_one_name_in_two_folders(
    folder: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    second = tmp_path / "second"
    second.mkdir()
    monkeypatch.setenv("CANCERAPY_CANCERS", f"{folder}:{second}")
    _add(folder, "lung", "lung", "lung")
    _add(second, "lung", "lung", "lung")
    with pytest.raises(CanceRapyError, match="defines again: lung"):
        list_cancers()
