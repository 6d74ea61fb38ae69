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


def test_options_that_belong_together_are_taken(capsys: pytest.CaptureFixture[str]) -> None:
    words = ["--cross-validate", "random-2-LEAKING", "--allow-leak", "--fold", "LEAKING-1"]
    assert run(["train", "skin", *words, "--show-plan"]) == 0
    assert "Plan skin-" in capsys.readouterr().out
