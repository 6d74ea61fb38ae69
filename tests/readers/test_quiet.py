"""Warnings of the decoders stay inside, those of others go on, and the filters are put back."""

import threading
import warnings

import pytest

from cancerapy.readers.quiet import quiet_decoders


def warn_as(module: str) -> None:
    warnings.warn_explicit("odd file", UserWarning, "decoder.py", 1, module=module)


def test_only_decoders_are_quiet() -> None:
    with quiet_decoders():
        warn_as("PIL.TiffImagePlugin")
        warn_as("pydicom.valuerep")
        with pytest.warns(UserWarning, match="odd file"):
            warn_as("somebody.else")
    with pytest.warns(UserWarning, match="odd file"):
        warn_as("PIL.TiffImagePlugin")


def test_filters_survive_overlapping_threads() -> None:
    before = list(warnings.filters)
    inside, leave = threading.Event(), threading.Event()

    def stay_longer() -> None:
        with quiet_decoders():
            inside.set()
            leave.wait(5)

    thread = threading.Thread(target=stay_longer)
    with quiet_decoders():
        thread.start()
        assert inside.wait(5)
    warn_as("PIL.Image")  # the other thread is still inside: an error if the filter were gone
    leave.set()
    thread.join()
    assert list(warnings.filters) == before
