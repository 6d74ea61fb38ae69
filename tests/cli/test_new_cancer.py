"""``cancerapy new-cancer``: a file that every other part knows at once."""

from pathlib import Path

import pytest

from cancerapy.cancers import list_cancers, load_cancer, load_task
from cancerapy.cli.main import run


def test_the_file_is_a_cancer(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / "mine"
    words = ["new-cancer", "lung_left", "-o", str(folder), "--size", "64x48"]
    assert run([*words, "--class", "normal", "--class", "tumour", "--malignant", "tumour"]) == 0
    out, err = capsys.readouterr()
    assert out == f"{folder / 'lung_left.py'}\n"
    assert f'export CANCERAPY_CANCERS="{folder.resolve()}"' in err
    monkeypatch.setenv("CANCERAPY_CANCERS", str(folder))
    assert "lung_left" in list_cancers()
    cancer, task = load_task("lung_left")
    assert cancer.title == "Lung left"
    assert task.class_ids == ("normal", "tumour")
    assert [label.malignant for label in task.classes] == [False, True]
    assert (cancer.input.width, cancer.input.height) == (64, 48)


def test_the_file_reads_a_folder_per_class(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert run(["new-cancer", "lung", "-o", str(tmp_path / "cancers")]) == 0
    monkeypatch.setenv("CANCERAPY_CANCERS", str(tmp_path / "cancers"))
    images = tmp_path / "data" / "lung"
    for name in ("benign/a__1.png", "benign/a__2.png", "malignant/b__1.png"):
        path = images / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"not looked at")
    (source,) = load_cancer("lung").sources
    samples = sorted(source.read_samples(images), key=lambda sample: sample.path)
    assert [sample.labels for sample in samples] == [
        {"finding": "benign"},
        {"finding": "benign"},
        {"finding": "malignant"},
    ]
    assert samples[0].group == samples[1].group != samples[2].group


@pytest.mark.parametrize(
    ("words", "text"),
    [
        (["Lung"], "'Lung' was given. Choose for instance 'lung'. [cancer_invalid]"),
        (["class"], "be no word of Python's; 'class' was given"),
        (["../lung"], "'../lung' was given"),
        (["skin"], "'skin' exists already"),
        (["breast-density"], "'breast-density' was given"),
        (["lung", "--class", "one"], "at least two classes, each once"),
        (["lung", "--class", "a", "--class", "a"], "at least two classes, each once"),
        (["lung", "--class", "a", "--class", "b/c"], "at least two classes, each once"),
        (["lung", "--malignant", "malignent"], "Did you mean 'malignant'? [unknown_class]"),
        (["lung", "--size", "0x0"], "The size must be width x height"),
    ],
)
def test_wrong_use_is_explained_and_nothing_written(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], words: list[str], text: str
) -> None:
    assert run(["new-cancer", *words, "-o", str(tmp_path / "new")]) == 2
    assert text in capsys.readouterr().err
    assert not (tmp_path / "new").exists()


def test_a_file_is_never_overwritten(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "lung.py").write_text("mine")
    assert run(["new-cancer", "lung", "-o", str(tmp_path)]) == 2
    assert capsys.readouterr().err.endswith("[duplicate_cancer]\n")
    assert (tmp_path / "lung.py").read_text() == "mine"
