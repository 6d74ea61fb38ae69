"""Start Keras without what its backend prints about the machine and about itself."""

import importlib
import logging

from cancerapy.native_stderr import without_lines

_NOISE = (
    r"WARNING: All log messages before absl::InitializeLog"
    r"|[IWE]\d{4} \d\d:\d\d"
    r"|\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d+: [IWE] "
    r"|To enable the following instructions"
)
"""Log lines of TensorFlow's libraries; some are written before any log level is read."""


def start_keras() -> None:
    """Import Keras quietly; if that fails, all that was printed is shown.

    For commands; a program that uses this package as a library decides for itself.

    TensorFlow's own logger keeps its errors. Its warnings are about a function that is traced
    again for every fold, which is meant.
    """
    with without_lines(_NOISE):
        importlib.import_module("keras")
    logging.getLogger("tensorflow").setLevel(logging.ERROR)
