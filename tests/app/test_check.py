"""What the instant check finds, by pictures whose measures are known."""

from dataclasses import replace

import numpy as np
import pytest
from numpy.typing import NDArray

from cancerapy.app.check import check_picture
from cancerapy.contract.responses import TaskResponse

Pixels = NDArray[np.uint8]


def _board(low: int, high: int, cell_px: int = 4) -> Pixels:
    """Return a 64 x 96 chessboard of two grey values."""
    rows, columns = np.indices((64, 96)) // cell_px
    grey = np.where((rows + columns) % 2, low, high).astype(np.uint8)
    return np.repeat(grey[:, :, None], 3, axis=2)


def _ramp() -> Pixels:
    """Return a 64 x 96 picture without any edge."""
    grey = np.broadcast_to(np.linspace(100, 150, 96).astype(np.uint8), (64, 96))
    return np.repeat(grey[:, :, None], 3, axis=2)


GOOD = _board(90, 160)
RED = np.where(GOOD > 120, [230, 30, 30], [200, 10, 10]).astype(np.uint8)


@pytest.mark.parametrize(
    ("pixels", "codes"),
    [
        (GOOD, ()),
        (_ramp(), ("blurry",)),
        (_board(0, 40), ("too_dark",)),
        (_board(225, 255), ("too_bright",)),
        (np.full((64, 96, 3), 128, np.uint8), ("blurry", "low_contrast")),
        (RED, ("wrong_colour",)),
        (GOOD[:15, :90], ("too_small",)),
        (GOOD[:20, :30], ("few_pixels",)),
    ],
)
def test_what_the_model_would_refuse_is_found(
    task: TaskResponse, pixels: Pixels, codes: tuple[str, ...]
) -> None:
    assert check_picture(pixels, {}, task) == codes


def test_a_file_of_another_modality_is_found(task: TaskResponse) -> None:
    films = replace(task, modality="mammography")
    assert check_picture(GOOD, {"modality": "CT"}, films) == ("wrong_modality",)
    assert check_picture(GOOD[:9], {"modality": "CT"}, films) == ("wrong_modality", "too_small")
    assert check_picture(GOOD, {"modality": "MG"}, films) == ()


def test_without_a_model_nothing_is_said(task: TaskResponse) -> None:
    without = replace(task, model=None, input=replace(task.input, quality=None))
    assert check_picture(GOOD, {}, without) is None
