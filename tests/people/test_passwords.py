"""What a password must be, and how it is compared."""

import time
from statistics import median

import pytest

from cancerapy.errors import InvalidRequestError
from cancerapy.people import passwords
from cancerapy.people.passwords import (
    check_password,
    hash_password,
    is_outdated,
    is_password,
    make_password,
)

GOOD = "seven green umbrellas"


@pytest.mark.parametrize(
    ("password", "fault"),
    [
        ("short", "this one has 5"),
        ("x" * 201, "this one has 201"),
        ("my-JANE.DOE-password", "contains the name"),
        ("abababababababab", "repeats a few characters"),
    ],
)
def test_a_weak_password_is_refused_with_its_fault(password: str, fault: str) -> None:
    with pytest.raises(InvalidRequestError, match=fault) as caught:
        check_password(password, "jane.doe")
    assert caught.value.code == "password_weak"
    assert password not in caught.value.message


def test_a_good_password_is_taken() -> None:
    check_password(GOOD, "jane.doe")
    check_password(GOOD, "al")  # too short a name to mean anything inside a password


def test_only_the_same_password_fits_and_no_two_hashes_are_the_same() -> None:
    hashed = hash_password(GOOD)
    assert hashed.startswith("$argon2id$v=19$m=65536,t=3,p=4$")
    assert GOOD not in hashed
    assert hash_password(GOOD) != hashed
    assert is_password(GOOD, hashed)
    assert not is_password(GOOD.upper(), hashed)
    assert not is_password(GOOD, None)
    assert not is_password(GOOD, "damaged")
    assert not is_outdated(hashed)
    assert is_outdated(hashed.replace("t=3", "t=2"))


def test_what_keyboards_write_differently_is_the_same_password() -> None:
    composed, decomposed = "ünder the kitchen", "u\u0308nder the kitchen"
    assert composed != decomposed
    assert is_password(decomposed, hash_password(composed))


def test_a_password_is_not_compared_by_its_beginning_only() -> None:
    longest = "ab" * (passwords.MAX_LENGTH // 2)
    assert is_password(longest, hash_password(longest))
    assert not is_password(longest + "x", hash_password(longest))


def test_an_unknown_name_takes_as_long_as_a_known_one() -> None:
    hashed = hash_password(GOOD)
    is_password("warm up", None)

    def seconds(kept: str | None) -> float:
        began = time.process_time()
        is_password("wrong password", kept)
        return time.process_time() - began

    known = median(seconds(hashed) for _ in range(5))
    unknown = median(seconds(None) for _ in range(5))
    assert 0.5 < unknown / known < 2


def test_a_made_password_is_random_strong_and_easy_to_read_out() -> None:
    made = {make_password("jane") for _ in range(200)}
    assert len(made) == 200
    for password in made:
        check_password(password, "jane")
        groups = password.split("-")
        assert [len(group) for group in groups] == [5, 5, 5, 5]
        assert not set("".join(groups)) & set("ilo01ABCDEFGHIJKLMNOPQRSTUVWXYZ")


def test_a_made_password_never_holds_the_name(monkeypatch: pytest.MonkeyPatch) -> None:
    letters = iter("janeabcdefghjkmnpqrs" + "tuvwxyz23456789abcde")
    monkeypatch.setattr(passwords.secrets, "choice", lambda _: next(letters))
    assert make_password("jane") == "tuvwx-yz234-56789-abcde"
