"""Decode compressed DICOM pixels in a process of their own.

The C and C++ decoders for JPEG lossless, JPEG-LS and JPEG 2000 abort the whole process on some
damaged streams (found by flipping bytes: an uncaught ``gdcm::Exception``) and print to the
terminal. In a child that costs one request and not the server. It takes about 0.4 s more, which
is small beside the decoding of a mammogram. Run as ``python -m cancerapy.readers.isolated``: the
file on standard input, an ``.npy`` array on standard output.
"""

import io
import os
import subprocess
import sys
from contextlib import suppress
from typing import Any

import numpy as np
from numpy.typing import NDArray

_TIMEOUT_S = 60
_MAX_MEMORY_BYTES = 4 * 2**30


class ChildError(Exception):
    """The child ended without an array: the stream is damaged, or too slow to decode."""


def decode_in_child(data: bytes) -> NDArray[Any]:
    """Return the pixels of a DICOM file as ``pydicom.pixels.pixel_array`` does, safely.

    Args:
        data: The whole DICOM file.

    Returns:
        (Rows, Columns) or (Rows, Columns, 3), stored values; YBR already converted to RGB.

    Raises:
        ChildError: The decoder failed, crashed or ran longer than a minute.
    """
    command = [sys.executable, "-P", "-m", "cancerapy.readers.isolated"]
    try:
        done = subprocess.run(  # noqa: S603 - a fixed command; the file travels as data
            command, input=data, capture_output=True, timeout=_TIMEOUT_S, check=False
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        raise ChildError("the decoder could not be started or took too long") from error
    if done.returncode != 0:
        raise ChildError(f"the decoder ended with status {done.returncode}")
    pixels: NDArray[Any] = np.load(io.BytesIO(done.stdout), allow_pickle=False)
    return pixels


def main() -> None:
    """Decode standard input to standard output; any failure is an exit status other than 0."""
    answer = os.dup(1)
    os.dup2(2, 1)  # decoders print; nothing may get between the numbers
    _bound_memory()
    import pydicom
    from pydicom.pixels.utils import pixel_array

    pixels = pixel_array(pydicom.dcmread(io.BytesIO(sys.stdin.buffer.read()), force=True))
    encoded = io.BytesIO()  # ``np.save`` cannot write to a pipe
    np.save(encoded, pixels, allow_pickle=False)
    with os.fdopen(answer, "wb") as out:
        out.write(encoded.getbuffer())


def _bound_memory() -> None:
    with suppress(ImportError, ValueError, OSError):  # there is no such bound on Windows
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (_MAX_MEMORY_BYTES, _MAX_MEMORY_BYTES))


if __name__ == "__main__":
    main()
