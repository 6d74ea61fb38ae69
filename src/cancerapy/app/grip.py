"""A finger or mouse on the frame of an edit: which sides it holds, and where it takes them."""

from dataclasses import dataclass

from cancerapy.app.edit import Edit

REACH_PX = 28.0
"""How far from a side it is still taken hold of: a finger covers twice as much."""


@dataclass(frozen=True, slots=True)
class Grip:
    """A drag as it began.

    Args:
        edit: The edit at that moment.
        sides: The sides that are held; none moves the whole frame.
        x: Where it began, as a share of the turned picture's width.
        y: Where it began, of its height.
    """

    edit: Edit
    sides: tuple[str, ...]
    x: float
    y: float

    def dragged(self, x: float, y: float) -> Edit:
        """Return the edit when the finger has come to (x, y), as shares of the turned picture."""
        if not self.sides:
            return self.edit.moved(x - self.x, y - self.y)
        edit = self.edit
        for side in self.sides:
            way = x - self.x if side in ("left", "right") else y - self.y
            edit = edit.with_side(side, float(getattr(self.edit, side)) + way)
        return edit


def take_hold(edit: Edit, x: float, y: float, width_px: float, height_px: float) -> Grip:
    """Return the grip of a finger at (x, y).

    Near a side, or outside the frame, it holds that side; near a corner both; inside the frame
    and far from all sides, the whole frame.

    Args:
        edit: The edit.
        x: Where the finger is, as a share of the turned picture's width.
        y: Where it is, of its height.
        width_px: Width of the turned picture on the screen.
        height_px: Height of it.
    """
    across = _held(x, edit.left, edit.right, REACH_PX / width_px)
    down = _held(y, edit.top, edit.bottom, REACH_PX / height_px)
    names = (("left", "right"), ("top", "bottom"))
    sides = tuple(
        pair[place] for pair, place in zip(names, (across, down), strict=True) if place is not None
    )
    return Grip(edit, sides, x, y)


def _held(at: float, low: float, high: float, reach: float) -> int | None:
    """Return 0 for the lower side, 1 for the higher one, ``None`` for neither."""
    reach = min(reach, (high - low) / 3)  # the middle of a small frame still moves it
    if low + reach < at < high - reach:
        return None
    return 0 if abs(at - low) <= abs(at - high) else 1
