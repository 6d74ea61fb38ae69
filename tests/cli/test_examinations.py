"""An examination from the command line: images judged, kept, reviewed."""

import json
from pathlib import Path
from typing import Any

import pytest

from cancerapy.cli.main import run


def _run(capsys: pytest.CaptureFixture[str], *words: str) -> Any:
    assert run([*words]) == 0, capsys.readouterr().err
    return json.loads(capsys.readouterr().out)


def test_images_are_judged_kept_and_reviewed(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CANCERAPY_HOME", str(tmp_path / "home"))
    assert run(["phantom", "skin", "--value", "nv", "-o", str(tmp_path)]) == 0
    image = capsys.readouterr().out.strip()
    patient = _run(capsys, "patients", "add", "Layla")["id"]
    made = _run(
        capsys, "examinations", "add", patient, "skin", image, "--lesion", "arm",
        "--answer", "age=61", "--answer", "sex=female", "--view", "close", "--laterality", "L",
    )  # fmt: skip
    assert (made["answers"], made["lesion"]) == ({"age": "61", "sex": "female"}, "arm")
    (shown,) = made["images"]
    assert (shown["view"], shown["laterality"]) == ("close", "L")
    (guess,) = made["predictions"]
    assert (guess["state"], guess["decision"]) == ("machine guess", "open")
    decided = _run(capsys, "examinations", "decision", made["id"], "--prevalence", "0.05")
    assert decided["decision"]["prevalence"] == 0.05
    assert decided["decision"]["answers_used"] == ["age", "sex"]
    kept = _run(capsys, "examinations", "decision", made["id"])
    fresh = _run(capsys, "examinations", "decision", made["id"], "--now")
    assert [one["origin"] for one in (decided, kept, fresh)] == ["now", "kept", "now"]
    assert kept["decision"] == fresh["decision"]
    changed = _run(capsys, "examinations", "answers", made["id"], "--answer", "age=17")
    assert changed == {"examination_id": made["id"], "answers": {"age": "17"}}
    anew = _run(capsys, "examinations", "decision", made["id"])
    assert (anew["origin"], anew["answers"]) == ("kept", {"age": "17"})
    assert anew["decision"]["prevalence"] == kept["decision"]["prevalence"]
    assert anew["decision"]["malignancy"] < kept["decision"]["malignancy"]
    assert [one["id"] for one in _run(capsys, "reviews", "open")["items"]] == [guess["id"]]
    review = ["reviews", "add", guess["id"], "correct", "--class", "mel", "--reviewer", "Dr. A"]
    assert _run(capsys, *review)["class_id"] == "mel"
    assert _run(capsys, "reviews", "open")["items"] == []
    (listed,) = _run(capsys, "examinations", "list", "--patient", patient)["items"]
    assert listed["predictions"][0]["final_class"] == "mel"
    assert _run(capsys, "reviews", "agreement", "skin")["n_cases"] == 0


@pytest.mark.parametrize(
    ("answer", "said"),
    [("agee=1", "one is to 'agee'"), ("age=old", "must be a number")],
)
def test_a_wrong_answer_is_refused_before_anything_is_kept(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], answer: str, said: str
) -> None:
    home = ["--home", str(tmp_path)]
    patient = _run(capsys, "patients", "add", "Layla", *home)["id"]
    words = ["examinations", "add", patient, "skin", "missing.png", "--answer", answer, *home]
    assert run(words) == 2
    assert said in capsys.readouterr().err
    assert _run(capsys, "examinations", "list", *home)["items"] == []


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--view", "CC", "--view", "MLO"], "1 images and 2 values"),
        (["--laterality", "left"], "No laterality named 'left'"),
    ],
)
def test_what_is_said_of_each_image_fits_the_images(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], words: list[str], said: str
) -> None:
    home = ["--home", str(tmp_path)]
    assert run(["examinations", "add", "7", "breast", "missing.png", *words, *home]) == 2
    assert said in capsys.readouterr().err


def test_both_breasts_in_one_examination_are_refused(capsys: pytest.CaptureFixture[str]) -> None:
    words = ["examinations", "add", "anybody", "breast", "left.png", "right.png"]
    assert run([*words, "--laterality", "L", "--laterality", "R"]) == 2
    assert "Make an examination of each side." in capsys.readouterr().err
