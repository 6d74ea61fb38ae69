"""The heat map as a see-through picture to lay over the image."""

import io

import numpy as np
from PIL import Image as PillowImage

from cancerapy.contract import HeatMap
from cancerapy.runtime.heatmap import colour_cells

LONGEST_PX = 480


def draw_heat(heatmap: HeatMap, width_px: int, height_px: int) -> bytes:
    """Draw a heat map: transparent where nothing speaks for the class, strong where much does.

    Args:
        heatmap: Rows of cells, 0..1.
        width_px: Width of the prepared picture that the cells cover.
        height_px: Its height.

    Returns:
        An RGBA PNG of the same shape.
    """
    scale = LONGEST_PX / max(width_px, height_px)
    size = max(round(width_px * scale), 1), max(round(height_px * scale), 1)
    cells = PillowImage.fromarray(np.asarray(heatmap.values, np.float32))
    values = np.clip(np.asarray(cells.resize(size, PillowImage.Resampling.BICUBIC)), 0, 1)
    # The palette is the server's own overlay's, so that all renderings look alike.
    colours = colour_cells(values)
    alpha = (255 * values).round().astype(np.uint8)
    rgba = np.dstack([colours.round().astype(np.uint8), alpha])
    output = io.BytesIO()
    PillowImage.fromarray(rgba).save(output, format="PNG")
    return output.getvalue()
