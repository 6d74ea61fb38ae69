"""The tree of errors: codes, statuses and messages."""

import errno
import re

import pytest

from cancerapy import errors
from cancerapy.errors import (
    IMAGE_STATUS,
    REQUEST_STATUS,
    CanceRapyError,
    ImageError,
    InvalidRequestError,
    MissingDependencyError,
    StorageError,
    UnknownNameError,
    UsageError,
    require,
)


def _all_errors() -> list[type[CanceRapyError]]:
    return [
        value
        for value in vars(errors).values()
        if isinstance(value, type) and issubclass(value, CanceRapyError)
    ]


def test_the_tree_in_the_docstring_is_the_tree() -> None:
    drawn: dict[str, str] = {}
    parents: list[str] = []
    for line in (errors.__doc__ or "").splitlines():
        found = re.match(r"    ((?:\|   |    )*)(?:\+-- )?([A-Z]\w+Error)", line)
        if found:
            depth = 0 if "+--" not in line else len(found[1]) // 4 + 1
            parents[depth:] = [found[2]]
            drawn[found[2]] = parents[depth - 1] if depth else "Exception"
    assert drawn == {cls.__name__: cls.__bases__[0].__name__ for cls in _all_errors()}


def test_codes_are_stable_words_and_each_its_own() -> None:
    codes = [cls.default_code for cls in _all_errors()]
    assert len(set(codes)) == len(codes)
    assert all(re.fullmatch(r"[a-z]+(_[a-z]+)*", code) for code in codes)


def test_exit_codes() -> None:
    wrong_use = {cls.__name__ for cls in _all_errors() if cls.exit_code == 2}
    assert wrong_use == {"UsageError", "UnknownNameError", "InvalidRequestError", "PlanError"}
    assert {cls.exit_code for cls in _all_errors()} == {1, 2}


def test_message_code_and_field() -> None:
    error = UsageError("It must be so.", code="special", field="port")
    assert str(error) == error.message == "It must be so."
    assert (error.code, error.field, error.status) == ("special", "port", 400)
    assert UsageError("x").code == "usage"


@pytest.mark.parametrize(("code", "status"), IMAGE_STATUS.items())
def test_status_of_an_image_fault(code: str, status: int) -> None:
    assert ImageError("x", code=code).status == status
    assert status in (413, 415, 422)


@pytest.mark.parametrize(("code", "status"), REQUEST_STATUS.items())
def test_status_of_a_request_fault(code: str, status: int) -> None:
    assert InvalidRequestError("x", code=code).status == status
    assert 401 <= status <= 429


def test_status_of_other_faults() -> None:
    assert ImageError("x").status == 422
    assert InvalidRequestError("x").status == 400
    assert InvalidRequestError("x", code="field_missing").status == 400
    assert UnknownNameError("x").status == 404


def test_unknown_name_offers_the_nearest() -> None:
    error = UnknownNameError.of("task", "brest", ["skin", "colorectal", "breast"])
    assert error.message == (
        "No task named 'brest'. Known: breast, colorectal, skin. Did you mean 'breast'?"
    )
    assert (error.code, error.field) == ("unknown_task", "task")


def test_unknown_name_without_a_near_one() -> None:
    assert UnknownNameError.of("task", "zzz", ["skin"]).message == (
        "No task named 'zzz'. Known: skin."
    )
    assert UnknownNameError.of("data set", "zzz", []).message == (
        "No data set named 'zzz'. Known: none."
    )
    assert UnknownNameError.of("data set", "zzz", []).code == "unknown_data_set"


@pytest.mark.parametrize(
    ("number", "code", "what", "to_do"),
    [
        (errno.ENOSPC, "disk_full", "Not enough room", "free some space"),
        (errno.EACCES, "storage_failed", "No permission", "change it or give another place,"),
        (errno.EISDIR, "storage_failed", "A folder stands where a file is needed",
         "give another name,"),
        (errno.ENOTDIR, "storage_failed", "A file stands where a folder is needed",
         "give another place,"),
        (errno.ENOENT, "storage_failed", "No such place",
         "make its folder or give another path,"),
        (errno.EIO, "storage_failed", "Not enough room or no permission", "check the place"),
    ],
)  # fmt: skip
def test_storage_error_from_the_system(number: int, code: str, what: str, to_do: str) -> None:
    error = StorageError.from_os_error(OSError(number, "the reason"), "writing epoch 3")
    assert error.code == code
    assert error.message == (
        f"{what} while writing epoch 3: the reason. What was finished is kept; {to_do} and run "
        "the same command again to go on."
    )


def test_storage_error_of_an_error_without_number() -> None:
    error = StorageError.from_os_error(OSError("odd"), "writing")
    assert "while writing: odd." in error.message


def test_require_returns_the_module() -> None:
    assert require("errno", extra="train", feature="Nothing") is errno


def test_require_names_the_extra() -> None:
    expected = (
        r"^Training needs the package 'no_such_module', which is not installed\. "
        r"Install what it needs, in the folder of the repository, with: "
        r'pip install "\.\[train\]"$'
    )
    with pytest.raises(MissingDependencyError, match=expected) as caught:
        require("no_such_module", extra="train", feature="Training")
    assert isinstance(caught.value.__cause__, ImportError)
