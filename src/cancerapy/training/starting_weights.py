"""What is told of a plan's starting weights: what is in their file, not where it lies."""

import hashlib
from pathlib import Path

from cancerapy.models.weights_files import find_weights, known_backbone
from cancerapy.training.plan import Plan


def weights_digest(plan: Plan, folder: Path | None) -> str:
    """Return the SHA-256 of the file of a plan's starting weights.

    Args:
        plan: Names the weights.
        folder: The weights folder, see ``models.weights_files.find_weights``.

    Returns:
        Hexadecimal; empty for random weights, and for those that Keras downloads.

    Raises:
        DataError: The file does not exist.
    """
    file = find_weights(known_backbone(plan.backbone), plan.weights, folder)
    if file is None:
        return ""
    with file.open("rb") as opened:
        return hashlib.file_digest(opened, "sha256").hexdigest()
