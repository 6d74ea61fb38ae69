"""What is begun is finished once, soon, and by the one who began it."""

from cancerapy.people import under_way
from cancerapy.people.under_way import OnceOnly


def test_a_value_is_taken_once_with_its_secret() -> None:
    kept: OnceOnly[str] = OnceOnly(60)
    key = kept.keep("value")
    assert len(key) > 40
    assert kept.take(key + "x") is None
    assert kept.take(key) == "value"
    assert kept.take(key) is None


def test_a_value_does_not_outlive_its_time() -> None:
    now = [0.0]
    kept: OnceOnly[str] = OnceOnly(60, lambda: now[0])
    key = kept.keep("value")
    now[0] = 60.1
    assert kept.take(key) is None


def test_another_browser_gets_nothing_and_ends_the_try() -> None:
    kept: OnceOnly[str] = OnceOnly(60)
    key = kept.keep("value", key="state", bound_to="browser")
    assert key == "state"
    assert kept.take("state", bound_to="another") is None
    assert kept.take("state", bound_to="browser") is None


def test_secrets_are_not_kept_and_the_memory_is_bounded() -> None:
    kept: OnceOnly[int] = OnceOnly(60)
    keys = [kept.keep(i) for i in range(under_way.MAX_ENTRIES + 5)]
    assert not set(keys) & set(kept._kept)
    assert kept.take(keys[4]) is None
    assert kept.take(keys[5]) == 5
