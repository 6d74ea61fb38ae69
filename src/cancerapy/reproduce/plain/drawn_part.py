"""What the parts that train one network on drawn images have in common."""

from dataclasses import dataclass
from pathlib import Path

from cancerapy.cancers import Cancer
from cancerapy.reproduce._spec import Context
from cancerapy.reproduce.plain.drawn_images import DrawnImages


@dataclass(frozen=True, slots=True)
class DrawnPart:
    """A network trained once on drawn images and measured on others.

    Args:
        name: What is set, in words.
        images: What it is trained and tested on.
        plan: Plan file below ``plans/reproduce``.
    """

    name: str
    images: DrawnImages
    plan: str

    @property
    def protocol(self) -> str:
        """How the images are drawn."""
        return self.images.protocol

    @property
    def folds(self) -> tuple[str, ...]:
        """None by name: there is one test part."""
        return ()

    def load_cancer(self) -> Cancer:
        """Return the cancer that is trained, with its first factor."""
        return self.images.load_cancer()

    def predictions(self, context: Context) -> Path:
        """Return the folder of this part's predictions."""
        return context.folder(self.name) / "predictions"
