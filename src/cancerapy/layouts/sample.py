"""A sample: one image with what is known about it, before any pixel is read."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

_PHOTOGRAPHS = (".jpg", ".jpeg", ".png", ".webp", ".gif", ".heic", ".heif")
IMAGE_SUFFIXES = frozenset([*_PHOTOGRAPHS, ".tif", ".tiff", ".bmp", ".dcm", ".dicom"])
"""Names' ends by which image files are found in a data set's folder."""


@dataclass(frozen=True, slots=True)
class Box:
    """A marked lesion on an image, in fractions of the image's width and height (0..1).

    Args:
        left: Left edge.
        top: Upper edge.
        width: Width.
        height: Height.
        value: Value of the factor that the lesion has, for instance ``"malignant"``.
    """

    left: float
    top: float
    width: float
    height: float
    value: str


@dataclass(frozen=True, slots=True)
class Sample:
    """One image with its labels.

    Args:
        path: Path relative to the data set's folder, with forward slashes; where its image is not
            there, the path under which it was looked for.
        labels: Value of each factor of the cancer's network that is known; unknown is absent,
            never negative.
        group: What must stay on one side of a split: patient, lesion or slide; empty where the
            data set does not say, and then it cannot be trained on.
        facts: Age (years, as text), sex, site, view, slide ... as far as known.
        boxes: Marked lesions.
        absent_because: Why no image belongs to this row of a table, where more than a missing file
            is the reason; empty else.
    """

    path: str
    labels: Mapping[str, str]
    group: str
    facts: Mapping[str, str] = field(default_factory=dict)
    boxes: tuple[Box, ...] = ()
    absent_because: str = ""

    def at(self, root: Path) -> Path:
        """Return the file's place below the data set's folder ``root``."""
        return root / self.path

    def is_at(self, root: Path) -> bool:
        """Whether the image is there, below the data set's folder ``root``."""
        return not self.absent_because and self.at(root).is_file()
