"""The pictures of a record on paper: the image as the model saw it, and the heat map over it."""

import io
from collections.abc import Mapping
from typing import Any

from PIL import Image as PillowImage

from cancerapy.cancers import Cancer
from cancerapy.contract.records import ImageRecord
from cancerapy.preprocess import prepare_image
from cancerapy.readers import DATA_SET_LIMITS, read_image
from cancerapy.records.image_store import ImageStore
from cancerapy.runtime.heatmap import render_overlay


def draw_pictures(
    store: ImageStore, image: ImageRecord, heatmap: Mapping[str, Any] | None, cancer: Cancer
) -> tuple[bytes, ...]:
    """Return the prepared picture and, where there is a heat map, the same under it; PNG.

    Args:
        store: Where the files lie.
        image: The image.
        heatmap: ``contract.HeatMap`` as it stands on the record.
        cancer: Whose network judged it.

    Raises:
        DataError: The file is missing or damaged.
        ImageError: It cannot be read as an image.
    """
    pixels = read_image(store.get(image.sha256), limits=DATA_SET_LIMITS).pixels
    prepared = prepare_image(pixels, cancer.input)
    output = io.BytesIO()
    PillowImage.fromarray(prepared).save(output, format="PNG")
    if heatmap is None:
        return (output.getvalue(),)
    values = tuple(tuple(row) for row in heatmap["values"])
    return output.getvalue(), render_overlay(prepared, values)
