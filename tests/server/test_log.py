"""Where the log goes."""

import logging
from collections.abc import Iterator

import pytest

from cancerapy.errors import UsageError
from cancerapy.server.log import configure_log


@pytest.fixture(autouse=True)
def _restore() -> Iterator[None]:
    own = logging.getLogger("cancerapy")
    before = own.handlers[:], own.level, own.propagate
    yield
    own.handlers[:], own.propagate = before[0], before[2]
    own.setLevel(before[1])


def test_lines_go_to_standard_error_once(capsys: pytest.CaptureFixture[str]) -> None:
    configure_log("info")
    configure_log("info")
    logging.getLogger("cancerapy.requests").info("a line")
    captured = capsys.readouterr()
    assert captured.err == "a line\n"
    assert captured.out == ""


def test_lesser_events_are_dropped(capsys: pytest.CaptureFixture[str]) -> None:
    configure_log("warning")
    logging.getLogger("cancerapy.requests").info("a line")
    assert capsys.readouterr().err == ""


def test_unknown_level_is_refused() -> None:
    with pytest.raises(UsageError, match="must be one of debug, info, warning, error; it is 'l"):
        configure_log("loud")
