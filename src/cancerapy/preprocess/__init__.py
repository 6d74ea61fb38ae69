"""From a decoded picture to the network's input: the same code in training and in serving."""

from cancerapy.preprocess.pipeline import prepare_image, prepare_with_geometry
from cancerapy.preprocess.quality import Quality, measure_quality

__all__ = [
    "Quality",
    "measure_quality",
    "prepare_image",
    "prepare_with_geometry",
]
