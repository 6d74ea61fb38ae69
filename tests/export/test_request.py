"""What of an export contradicts itself."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from cancerapy.cancers import Cancer
from cancerapy.errors import UsageError
from cancerapy.export.request import ExportRequest
from cancerapy.settings import Settings

A, B = Path("a"), Path("b")


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"ensemble": (A,)}, r"at least two runs, each once; given: a\. Name another with --ens"),
        ({"ensemble": (A, B, Path("b/../a"))}, r"each once; given: a, b, b/\.\./a\."),
        ({"ensemble": (A, B), "run": A}, r"--run names another\. Leave --run out"),
        ({"ensemble": (A, B), "quantise": True}, r"Leave --quantise out, or distil the ensemble"),
        ({"ensemble": (A, B), "predictions": (A,)}, r"of 2, in the same order as the runs; 1 are"),
        ({"quantise": True, "compress": True}, r"stores weights as int8\. Give one of them"),
        ({"predictions": (A, B)}, r"of 1, in the same order as the runs; 2 are given\."),
    ],
)
def test_contradictions_are_refused(
    toy_cancer: Cancer, options: Mapping[str, Any], message: str
) -> None:
    with pytest.raises(UsageError, match=message):
        ExportRequest(toy_cancer, Settings(), **options)


@pytest.mark.parametrize(
    "options",
    [
        {},
        {"run": A, "predictions": (B,), "quantise": True},
        {"ensemble": (A, B), "compress": True},
        {"ensemble": (A, B), "predictions": (B, A)},
    ],
)
def test_what_can_be_done_together_is_taken(toy_cancer: Cancer, options: Mapping[str, Any]) -> None:
    request = ExportRequest(toy_cancer, Settings(), **options)
    assert request.ensemble == options.get("ensemble", ())
