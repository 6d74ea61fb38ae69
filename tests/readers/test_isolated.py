"""The child process: it decodes, and its death is an ordinary error."""

import subprocess
import sys
from collections.abc import Callable

import numpy as np
import pytest
from numpy.typing import NDArray

from cancerapy.readers.isolated import ChildError, decode_in_child


def test_the_child_returns_stored_values(
    make_dicom: Callable[..., bytes], ramp: NDArray[np.uint16]
) -> None:
    np.testing.assert_array_equal(decode_in_child(make_dicom(ramp)), ramp)


def test_a_child_that_fails_raises() -> None:
    with pytest.raises(ChildError, match=r"the decoder ended with status 1"):
        decode_in_child(b"not DICOM")


def test_a_child_that_is_too_slow_raises(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("cancerapy.readers.isolated._TIMEOUT_S", 0.001)
    with pytest.raises(ChildError, match=r"took too long"):
        decode_in_child(b"")


def test_what_decoders_print_does_not_get_into_the_numbers(
    make_dicom: Callable[..., bytes], ramp: NDArray[np.uint16]
) -> None:
    code = (
        "import os, cancerapy.readers.isolated as child, pydicom.pixels.utils as utils\n"
        "real = utils.pixel_array\n"
        "utils.pixel_array = lambda dataset: (os.write(1, b'noise'), real(dataset))[1]\n"
        "child.main()"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], input=make_dicom(ramp), capture_output=True, check=True
    )
    assert done.stdout[:6] == b"\x93NUMPY"
    assert b"noise" in done.stderr
