"""``cancerapy train``: an option that would be ignored is wrong use."""

import pytest

from cancerapy.cli.main import run


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["--fold", "fold-1"], "--fold says how a cross-validation goes; none is asked for. Add"),
        (["--final", "grouped-5", "--fold", "fold-1"], "or leave --fold away."),
        (["--allow-leak"], "--allow-leak says how a cross-validation goes; none is asked for."),
        (
            ["--final", "grouped-5", "--cross-validate", "grouped-3"],
            "Run --cross-validate grouped-3 first, then --final grouped-5.",
        ),
    ],
)
def test_options_that_would_be_ignored(
    words: list[str], message: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["train", "skin", *words]) == 2
    assert message in " ".join(capsys.readouterr().err.split())


@pytest.mark.parametrize(
    ("words", "status", "message"),
    [
        (["--teacher", "a", "--cross-validate", "grouped-5"], 1, "would not be free of a leak."),
        (["--teacher", "a", "--set", "teacher_weight=0.5"], 1, "for a final fit only; none is"),
        (
            ["--teacher", "a", "--final", "grouped-5"],
            2,
            "Add for instance --set teacher_",
        ),
        (["--final", "grouped-5", "--set", "teacher_weight=0.5"], 2, "no teacher is named."),
        (["--set", "teacher_weight=1.5"], 2, "'teacher_weight' must be at most 1; it is 1.5."),
    ],
)
def test_teachers_serve_the_final_fit_alone(
    words: list[str], status: int, message: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["train", "skin", *words]) == status
    assert message in " ".join(capsys.readouterr().err.split())


def test_options_that_belong_together_are_taken(capsys: pytest.CaptureFixture[str]) -> None:
    words = ["--cross-validate", "random-2-LEAKING", "--allow-leak", "--fold", "LEAKING-1"]
    assert run(["train", "skin", *words, "--show-plan"]) == 0
    assert "Plan skin-" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("words", "status", "message"),
    [
        (["--cross-validate", "grouped"], 2, "No protocol named 'grouped'."),
        (["--final", "grouped-x"], 2, "No protocol named 'grouped-x'."),
        (["--cross-validate", "random-5-LEAKING"], 1, "Add --allow-leak if that is what you want"),
        (["--source", "ham1000"], 2, "No data set named 'ham1000'. Known: ham10000."),
        (["--backbone", "MobilNetV2"], 2, "Did you mean 'MobileNetV2'? [unknown_backbone]"),
        (["--backbone", "MobileNetEdgeTPU"], 1, "ImageNet weights of MobileNetEdgeTPU must lie"),
        (["--weights", "lost.h5"], 1, "there is no file 'lost.h5'."),
        (["--weights", "none"], 1, "Training needs the folder of the data sets;"),
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
    assert run(["train", "skin", *words]) == status
    assert message in " ".join(capsys.readouterr().err.split())


def test_what_must_not_train_the_served_model_is_refused_early(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("cancerapy.models.quiet_start.start_keras", lambda: None)
    assert run(["train", "breast", "--final", "grouped-5", "--source", "inbreast"]) == 1
    assert "'inbreast' is kept to test the served model" in capsys.readouterr().err
