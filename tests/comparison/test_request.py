"""What can be refused without Keras, and the protocol that a data set suggests."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from cancerapy.cancers import Cancer
from cancerapy.comparison.candidates import parse_candidates
from cancerapy.comparison.request import Request, check_request
from cancerapy.errors import CanceRapyError, DataError, LeakError, UnknownNameError, UsageError
from cancerapy.settings import Settings

MakeRequest = Callable[..., Request]


@pytest.fixture
def make(toy_cancer: Cancer, tmp_path: Path) -> MakeRequest:
    """Return a function that makes a request with changes."""

    def make(**changes: object) -> Request:
        request = Request(
            cancer=toy_cancer,
            candidates=parse_candidates("MobileNetV2,ResNet50"),
            protocol="",
            epochs=0,
            changes={},
            source=None,
            settings=Settings(data=tmp_path),
            command="",
        )
        return replace(request, **changes)  # type: ignore[arg-type]

    return make


def test_every_candidate_gets_a_plan(make: MakeRequest) -> None:
    protocol, plans = check_request(make(epochs=3, changes={"dropout": 0.4}))
    assert protocol == "grouped-5"
    assert [plan.backbone for plan in plans] == ["MobileNetV2", "ResNet50"]
    assert {(plan.epochs, plan.dropout) for plan in plans} == {(3, 0.4)}


def test_slides_are_left_out_one_by_one(make: MakeRequest, toy_cancer: Cancer) -> None:
    sources = (replace(toy_cancer.sources[0], group="slide"),)
    cancer = replace(toy_cancer, sources=sources)
    assert check_request(make(cancer=cancer))[0] == "slides"
    assert check_request(make(cancer=cancer, protocol="grouped-3"))[0] == "grouped-3"


@pytest.mark.parametrize(
    ("changes", "kind", "message"),
    [
        ({"protocol": "holdout"}, UsageError, r"^A comparison needs at least two folds"),
        ({"protocol": "grouped"}, UsageError, r"^No protocol named 'grouped'\."),
        ({"protocol": "random-3-LEAKING"}, LeakError, r"Add --allow-leak if that"),
        ({"source": "toysets"}, UnknownNameError, r"Did you mean 'toyset'\?"),
        ({"settings": Settings()}, DataError, r"needs the folder of the data sets"),
    ],
)
def test_what_cannot_be_done_is_refused(
    changes: dict[str, object], kind: type[CanceRapyError], message: str, make: MakeRequest
) -> None:
    with pytest.raises(kind, match=message):
        check_request(make(**changes))


def test_a_leaking_protocol_is_taken_with_permission(make: MakeRequest) -> None:
    request = make(protocol="random-3-LEAKING", allow_leak=True)
    assert check_request(request)[0] == "random-3-LEAKING"
