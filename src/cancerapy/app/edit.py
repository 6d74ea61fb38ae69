"""What a person does to a picture before it is judged: turn it by quarters, cut a part out.

Here are the numbers and the pixels; ``grip`` is the finger on the frame, ``capturing`` the flow.
"""

import io
from dataclasses import dataclass, replace

import numpy as np
from PIL import Image as PillowImage

from cancerapy.arrays import Image

SIDES = ("left", "top", "right", "bottom")

LEAST_SHARE = 0.05
"""Least width and height of what is left, as a share of the picture's."""

FASTEST_PNG = 1
"""zlib's level: a photograph gains little from more, and a phone has to wait for it."""

_TURNS = {
    1: PillowImage.Transpose.ROTATE_270,
    2: PillowImage.Transpose.ROTATE_180,
    3: PillowImage.Transpose.ROTATE_90,
}
"""Pillow turns the other way round."""


@dataclass(frozen=True, slots=True)
class Edit:
    """First the picture is turned, then the frame is cut out of the turned one.

    Args:
        quarter_turns: Clockwise, 0..3.
        left: Left side of the frame as a share of the turned picture's width, 0..1.
        top: Upper side, of its height.
        right: Right side, of its width; greater than ``left``.
        bottom: Lower side, of its height; greater than ``top``.
    """

    quarter_turns: int = 0
    left: float = 0.0
    top: float = 0.0
    right: float = 1.0
    bottom: float = 1.0

    @property
    def is_none(self) -> bool:
        """Whether the picture stays as it is."""
        return self == Edit()

    def turned(self, quarters: int) -> "Edit":
        """Return the edit with the picture, and the frame on it, turned further.

        Args:
            quarters: Clockwise; negative for the other way.

        >>> Edit(left=0.25).turned(1)
        Edit(quarter_turns=1, left=0.0, top=0.25, right=1.0, bottom=1.0)
        """
        edit = self
        for _ in range(quarters % 4):
            edit = Edit(
                (edit.quarter_turns + 1) % 4,
                left=1.0 - edit.bottom,
                top=edit.left,
                right=1.0 - edit.top,
                bottom=edit.right,
            )
        return edit

    def with_side(self, side: str, place: float) -> "Edit":
        """Return the edit with one side of the frame moved, as far as it may.

        Args:
            side: One of ``SIDES``.
            place: Where it is wanted, as a share of the turned picture.
        """
        low, high = {
            "left": (0.0, self.right - LEAST_SHARE),
            "top": (0.0, self.bottom - LEAST_SHARE),
            "right": (self.left + LEAST_SHARE, 1.0),
            "bottom": (self.top + LEAST_SHARE, 1.0),
        }[side]
        frame = {name: float(getattr(self, name)) for name in SIDES}
        frame[side] = min(max(place, low), high)
        return Edit(
            self.quarter_turns, frame["left"], frame["top"], frame["right"], frame["bottom"]
        )

    def moved(self, x: float, y: float) -> "Edit":
        """Return the edit with the whole frame moved, as far as the picture goes.

        Args:
            x: To the right, as a share of the turned picture's width.
            y: Down, of its height.
        """
        x = min(max(x, -self.left), 1.0 - self.right)
        y = min(max(y, -self.top), 1.0 - self.bottom)
        return replace(
            self,
            left=self.left + x,
            right=self.right + x,
            top=self.top + y,
            bottom=self.bottom + y,
        )


def apply_edit(pixels: Image, edit: Edit) -> Image:
    """Return the part of the turned picture that the frame holds; every pixel as it was.

    Args:
        pixels: (H, W, 3) uint8 RGB, upright.
        edit: What is done; sides are rounded to whole pixels.

    Returns:
        (h, w, 3) uint8 RGB, at least 1 x 1.
    """
    turned = np.rot90(pixels, -edit.quarter_turns)
    height_px, width_px = turned.shape[:2]
    rows = _whole(edit.top, edit.bottom, height_px)
    columns = _whole(edit.left, edit.right, width_px)
    return np.ascontiguousarray(turned[rows, columns])


def _whole(start: float, stop: float, length_px: int) -> slice:
    first = min(round(start * length_px), length_px - 1)
    return slice(first, max(round(stop * length_px), first + 1))


def turn_preview(preview: bytes, edit: Edit) -> tuple[bytes, tuple[int, int]]:
    """Return a preview turned as the edit says and not cut, with its width and height in pixels.

    Args:
        preview: A picture of a few hundred pixels, JPEG or PNG.
        edit: What is done; the frame is not looked at.
    """
    with PillowImage.open(io.BytesIO(preview)) as picture:
        if edit.quarter_turns == 0:
            return preview, picture.size
        turned = picture.convert("RGB").transpose(_TURNS[edit.quarter_turns])
    output = io.BytesIO()
    turned.save(output, format="JPEG", quality=88)
    return output.getvalue(), turned.size


def encode_png(pixels: Image) -> bytes:
    """Return a picture as a PNG, which gives back every pixel.

    Args:
        pixels: (H, W, 3) uint8 RGB.
    """
    output = io.BytesIO()
    PillowImage.fromarray(pixels).save(output, format="PNG", compress_level=FASTEST_PNG)
    return output.getvalue()
