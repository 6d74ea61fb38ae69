"""Keep the warnings of decoding libraries inside the readers.

``warnings.catch_warnings`` swaps the filters of the whole process and is not safe between
threads: two overlapping blocks can leave the wrong filters behind. Here the first reader in puts
one filter for the decoders' modules in front, and the last one out takes it away.
"""

import threading
import warnings
from collections.abc import Iterator
from contextlib import contextmanager, suppress

_MODULES = r"(PIL|pillow_heif|pydicom|pylibjpeg|openjpeg|libjpeg|cancerapy\.readers)(\.|$)"

_lock = threading.Lock()
_readers_inside = 0
_our_filter: tuple[object, ...] | None = None


@contextmanager
def quiet_decoders() -> Iterator[None]:
    """Ignore warnings that Pillow, pydicom and their plugins give while a picture is decoded."""
    _enter()
    try:
        yield
    finally:
        _leave()


def _enter() -> None:
    global _readers_inside, _our_filter
    with _lock:
        _readers_inside += 1
        if _readers_inside == 1:
            warnings.filterwarnings("ignore", module=_MODULES)
            _our_filter = warnings.filters[0]


def _leave() -> None:
    global _readers_inside
    with _lock:
        _readers_inside -= 1
        if _readers_inside == 0:
            with suppress(ValueError):  # somebody else has replaced the filters meanwhile
                warnings.filters.remove(_our_filter)  # type: ignore[attr-defined]
