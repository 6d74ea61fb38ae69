"""Requests: what cannot be, or would be ignored, is refused before anything is read."""

from dataclasses import replace
from typing import Any

import pytest

from cancerapy.cancers import Cancer
from cancerapy.errors import CanceRapyError, LeakError, UnknownNameError, UsageError
from cancerapy.settings import Settings
from cancerapy.training.plan import resolve_plan
from cancerapy.tuning.request import Fidelity, Request, check_request, split_names


@pytest.fixture
def request_(toy_cancer: Cancer) -> Request:
    return Request("toy", resolve_plan(toy_cancer), Settings())


@pytest.mark.parametrize(
    ("changes", "kind", "message"),
    [
        ({"goal": 1.5}, UsageError, "--goal must be above 0 and at most 1; it is 1.5."),
        ({"goal": 0.0}, UsageError, "--goal must be above 0"),
        ({"workers": 0}, UsageError, "--workers must be at least 1; it is 0."),
        ({"states": -1}, UsageError, "--states must be at least 0; it is -1."),
        ({"study": "../a"}, UsageError, "given '../a'. Take letters"),
        ({"study": ".."}, UsageError, "given '..'"),
        ({"search": ("droput",)}, UnknownNameError, "Did you mean 'dropout'"),
        ({"search": ("dropout",), "fixed": ("dropout",)}, UsageError, "either held or searched"),
        ({"optimizers": ("adam",)}, UsageError, "at least two different optimizers"),
        ({"optimizers": ("adam", "adam")}, UsageError, "given 'adam,adam'"),
        ({"optimizers": ("adam", "sdg")}, UnknownNameError, "Did you mean 'sgd'"),
        ({"optimizers": ("adam", "sgd"), "goal": 0.9}, UsageError, "--goal would be ignored"),
        ({"optimizers": ("adam", "sgd"), "workers": 2}, UsageError, "--workers would be ignored"),
        ({"optimizers": ("adam", "sgd"), "states": 2}, UsageError, "--states would be ignored"),
        (
            {"optimizers": ("adam", "sgd"), "search": ("dropout",)},
            UsageError,
            "--search would be ignored",
        ),
        (
            {"optimizers": ("adam", "sgd"), "fixed": ("optimizer",)},
            UsageError,
            "--set optimizer would be ignored",
        ),
    ],
)
def test_what_cannot_be_is_refused(
    changes: dict[str, Any], kind: type[CanceRapyError], message: str, request_: Request
) -> None:
    with pytest.raises(kind) as caught:
        check_request(replace(request_, **changes))
    assert message in caught.value.message


@pytest.mark.parametrize(
    ("changes", "kind", "message"),
    [
        ({"protocol": "grouped"}, UsageError, "No protocol named 'grouped'."),
        ({"protocol": "random-5-LEAKING"}, LeakError, "images of one group in several folds"),
        ({"fraction": 0.0}, UsageError, "--fraction must be above 0 and at most 1; it is 0.0."),
        ({"fraction": 1.1}, UsageError, "--fraction must be"),
        ({"epochs": 0}, UsageError, "--proxy-epochs must be at least 1; it is 0."),
        ({"views": 0}, UsageError, "--proxy-views must be at least 1; it is 0."),
    ],
)
def test_a_proxy_that_cannot_be_is_refused(
    changes: dict[str, Any], kind: type[CanceRapyError], message: str, request_: Request
) -> None:
    with pytest.raises(kind) as caught:
        check_request(replace(request_, fidelity=Fidelity(**changes)))
    assert message in caught.value.message


@pytest.mark.parametrize(
    "changes",
    [
        {"goal": 1.0, "workers": 3, "states": 5, "study": "skin-2", "search": ("dropout",)},
        {"optimizers": ("adam", "sgd", "nadam"), "fixed": ("dropout",)},
        {"fidelity": Fidelity("slides", "slide-01", 1.0, 1, 1)},
    ],
)
def test_what_can_be_is_taken(changes: dict[str, Any], request_: Request) -> None:
    check_request(replace(request_, **changes))


def test_names_in_a_list() -> None:
    assert split_names(None) == ()
    assert split_names("adam, sgd") == ("adam", "sgd")
    assert split_names("adam,") == ("adam", "")  # refused later: no optimizer has no name
