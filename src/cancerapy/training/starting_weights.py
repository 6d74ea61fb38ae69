"""What is told of a plan's starting weights: which file they are, not where it lies."""

import hashlib
from pathlib import Path
from typing import Any

from cancerapy.models.weights_files import find_weights, known_backbone
from cancerapy.training.plan import Plan


def plan_without_place(plan: Plan) -> dict[str, Any]:
    """Return the values of a plan, with the name alone where ``weights`` is a path.

    A file of that name is found again in the weights folder (``CANCERAPY_WEIGHTS``).
    """
    return {**plan.to_dict(), "weights": Path(plan.weights).name}


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
