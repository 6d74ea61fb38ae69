"""From a decoded picture to the network's input: the same code in training and in serving."""

from cancerapy.preprocess.geometry import Geometry
from cancerapy.preprocess.pipeline import PrepareSpec, prepare_image, prepare_with_geometry
from cancerapy.preprocess.quality import Quality, measure_quality
from cancerapy.preprocess.steps import list_steps

__all__ = [
    "Geometry",
    "PrepareSpec",
    "Quality",
    "list_steps",
    "measure_quality",
    "prepare_image",
    "prepare_with_geometry",
]
