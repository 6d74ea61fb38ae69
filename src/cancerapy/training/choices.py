"""What a training chose on inner parts, and how it is kept for the final fit."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from cancerapy.arrays import Floats
from cancerapy.atomic import write_atomically
from cancerapy.errors import DataError


@dataclass(frozen=True)
class Choices:
    """What was chosen on inner parts, to be used where there is none (the final fit).

    Args:
        epochs: End of stage two; 0: the plan's.
        offset: (L,) added to the logits.
        alphas: The multiples of the log frequencies behind the offset, by factor.
    """

    epochs: int
    offset: Floats
    alphas: Mapping[str, float]


def write_choices(folder: Path, fold: str, chosen: Choices) -> None:
    """Write what a fold chose beside its predictions: the final fit needs it later."""
    text = json.dumps({"best_epoch": chosen.epochs, "alphas": dict(chosen.alphas)}) + "\n"
    write_atomically(_file(folder, fold), text)


def read_choices(folder: Path, fold: str) -> dict[str, Any] | None:
    """Return what a fold chose, ``best_epoch`` and ``alphas``; ``None`` if it was not kept.

    Raises:
        DataError: The file cannot be read.
    """
    file = _file(folder, fold)
    if not file.is_file():
        return None
    try:
        values = json.loads(file.read_text())
        return {"best_epoch": int(values["best_epoch"]), "alphas": dict(values["alphas"])}
    except (OSError, ValueError, TypeError, KeyError) as error:
        raise DataError(
            f"'{file.name}' in '{folder.name}' must hold what its fold chose; it cannot be read: "
            f"{error!r}. Remove it and the fold's CSV file, and train that fold again."
        ) from error


def _file(folder: Path, fold: str) -> Path:
    return folder / f"{fold}.choices.json"
