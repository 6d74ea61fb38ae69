"""View and side come from the sender, else from the DICOM file."""

from collections.abc import Callable

import numpy as np

from cancerapy.records.orientation import complete_orientation

Maker = Callable[..., bytes]
PIXELS = np.arange(64 * 64, dtype=np.uint16).reshape(64, 64) % 4096


def test_what_was_said_wins_and_the_file_fills_the_gaps(make_dicom: Maker) -> None:
    left = make_dicom(PIXELS, ImageLaterality="L", ViewPosition="MLO")
    files = [left, left, b"\x89PNG\r\n", make_dicom(PIXELS), left[:200]]
    views, sides = complete_orientation(files, ["CC", None, None, None, None], ["R", *[None] * 4])
    assert views == ["CC", "MLO", None, None, None]
    assert sides == ["R", "L", None, None, None]


def test_both_sides_at_once_and_other_words_are_no_side(make_dicom: Maker) -> None:
    files = [
        make_dicom(PIXELS, ImageLaterality="B"),
        make_dicom(PIXELS, ImageLaterality="LEFT", ViewPosition="CRANIOCAUDAL"),
    ]
    assert complete_orientation(files, [None, None], [None, None]) == ([None, None], [None, None])
