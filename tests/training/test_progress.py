"""Away from a terminal: a line per epoch and per finished piece of work, nothing in between."""

import pytest

from cancerapy.training.progress import RichDisplay


def test_lines_where_there_is_no_terminal(capsys: pytest.CaptureFixture[str]) -> None:
    with RichDisplay("skin fold 1 of 2") as display:
        display.step("decoding", 1, 2)
        display.step("decoding", 2, 2)
        display.batch("head, epoch 1 of 5", 1, 2, 0.7)
        display.batch("head, epoch 1 of 5", 2, 2, 0.5)
        display.epoch("head, epoch 1 of 5", {"epoch": 1.0, "loss": 0.51234, "score": 0.75})
    out, err = capsys.readouterr()
    assert out == ""
    assert err.splitlines() == [
        "skin fold 1 of 2: decoding: 2 done",
        "skin fold 1 of 2: head, epoch 1 of 5: loss 0.5123  score 0.75  (0 s)",
    ]
