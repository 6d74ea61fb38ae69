"""Budgets in words."""

import time

import pytest

from cancerapy.errors import UsageError
from cancerapy.tuning.budget import BudgetSpent, Deadline, describe_seconds, parse_budget


@pytest.mark.parametrize(
    ("words", "seconds"),
    [("90s", 90), ("30m", 1800), ("2h", 7200), ("1h30m", 5400), (" 1H2M3S ", 3723),
     ("365h", 1314000)],
)  # fmt: skip
def test_words_mean_seconds(words: str, seconds: float) -> None:
    assert parse_budget(words) == seconds


@pytest.mark.parametrize("words", ["", "soon", "30", "0m", "-5m", "1.5h", "5m2h", "9000h", "30 m"])
def test_nonsense_is_refused_with_an_example(words: str) -> None:
    with pytest.raises(UsageError, match="Write for instance 90s, 30m, 2h or 1h30m") as caught:
        parse_budget(words)
    assert f"given '{words}'" in caught.value.message
    assert caught.value.code == "setting_invalid"


@pytest.mark.parametrize(
    ("seconds", "words"), [(0.2, "0 s"), (59.6, "1 min"), (3600, "1 h"), (3725.4, "1 h 2 min 5 s")]
)
def test_seconds_in_words(seconds: float, words: str) -> None:
    assert describe_seconds(seconds) == words


def test_a_deadline_stops_what_runs_when_it_has_passed() -> None:
    later, passed = Deadline.after(60), Deadline(time.time() - 1)
    later.check()
    assert 59 < later.left_s <= 60
    assert passed.left_s == 0
    with pytest.raises(BudgetSpent):
        passed.check()
