"""No two names of accounts look alike, as far as alphabets allow."""

import pytest

from cancerapy.cli.people import ACTOR
from cancerapy.errors import InvalidRequestError
from cancerapy.people.account_names import RESERVED, check_name, is_name, normal_name
from cancerapy.people.caller import DEVICE, OWN_USER


@pytest.mark.parametrize(
    "name", ["l\u043ecal", "j\u03b1ne", "jane\u1160", "jane\u3164", "jane\u115f", "\u0430dmin"]
)
def test_a_name_that_looks_like_another_is_refused(name: str) -> None:
    assert is_name(normal_name(name))  # who has it already may still sign in
    with pytest.raises(InvalidRequestError, match="mix no alphabets that look alike") as caught:
        check_name(normal_name(name))
    assert (caught.value.code, caught.value.field) == ("account_name_invalid", "name")


@pytest.mark.parametrize(
    "name",
    [
        "\u0645\u0631\u064a\u0645-2",
        "\u043e\u043b\u0433\u0430",
        "\u7530\u3061\u3048",
        "ren\u00e9",
    ],
)
def test_a_name_of_any_one_alphabet_is_taken(name: str) -> None:
    assert normal_name(name) == name
    check_name(name)


def test_no_account_can_pass_as_who_has_none() -> None:
    assert {OWN_USER.actor, DEVICE.actor, ACTOR} <= set(RESERVED)
