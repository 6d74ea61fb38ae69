"""Draws ``mobile/src/assets/icon.png``: the packaged app's icon, from which its splash is made too.

    python tools/draw_icon.py

A lens over a cross on a transparent ground; ``tool.flet.icon_background`` of
``mobile/pyproject.toml`` is put behind it where a platform allows no transparency.
"""

import io
from pathlib import Path

from PIL import Image as PillowImage
from PIL import ImageDraw

from cancerapy.app.theme import LIGHT

TARGET = Path(__file__).parents[1] / "mobile" / "src" / "assets" / "icon.png"
SIZE_PX = 1024
FINER = 2
"""How many times larger it is drawn than it is kept, so that its edges are smooth."""


def draw() -> bytes:
    """Return the icon as PNG."""
    side = FINER * SIZE_PX
    picture = PillowImage.new("RGBA", (side, side))
    pen = ImageDraw.Draw(picture)

    def box(left: float, top: float, right: float, bottom: float) -> list[float]:
        return [side * share for share in (left, top, right, bottom)]

    pen.rounded_rectangle(box(0.04, 0.04, 0.96, 0.96), side * 0.22, fill=LIGHT.primary.fill)
    ink = LIGHT.primary.ink
    pen.line(box(0.62, 0.62, 0.80, 0.80), fill=ink, width=round(side * 0.09))
    pen.ellipse(box(0.755, 0.755, 0.845, 0.845), fill=ink)
    pen.ellipse(box(0.18, 0.18, 0.70, 0.70), fill=LIGHT.primary.fill)
    pen.ellipse(box(0.18, 0.18, 0.70, 0.70), outline=ink, width=round(side * 0.06))
    pen.rounded_rectangle(box(0.40, 0.29, 0.48, 0.59), side * 0.02, fill=ink)
    pen.rounded_rectangle(box(0.29, 0.40, 0.59, 0.48), side * 0.02, fill=ink)
    output = io.BytesIO()
    picture.resize((SIZE_PX, SIZE_PX), PillowImage.Resampling.LANCZOS).save(
        output, format="PNG", optimize=True
    )
    return output.getvalue()


if __name__ == "__main__":
    TARGET.parent.mkdir(parents=True, exist_ok=True)
    TARGET.write_bytes(draw())
