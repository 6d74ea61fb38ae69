"""Which bundle of a cancer is served, where that was decided: a promotion, or a way back.

Beside the bundles lies a folder ``<cancer>.served/`` with a numbered file per decision; the one
with the highest number holds, and all of them are the history. A decision is written whole beside
its place and then linked to its number, which the system does in one step and only if the number
is free: a reader sees the old decision or the new one, and of two made at once from the same
state one fails. Nothing is ever overwritten. Where no decision was made, the newest bundle is
served.
"""

import json
import os
from dataclasses import asdict, dataclass
from pathlib import Path

from cancerapy.atomic import write_once
from cancerapy.errors import BundleError, UnknownNameError
from cancerapy.surroundings import today

_FOLDER = ".served"


@dataclass(frozen=True, slots=True)
class Decision:
    """One decision on what is served.

    Args:
        number: Its place in the history, from 1.
        bundle: Name of the bundle that is served from then on.
        before: Name of the one that was served until then.
        because: Why, in words.
        date: ISO 8601, UTC.
    """

    number: int
    bundle: str
    before: str
    because: str
    date: str


def served_name(root: Path, cancer: str) -> str | None:
    """Return the name of the bundle that was decided on, or ``None`` without a decision.

    Cheap enough to be asked before every answer.

    Raises:
        BundleError: The decision cannot be read.
    """
    numbers = _numbers(root, cancer)
    return _read(root, cancer, numbers[-1]).bundle if numbers else None


def decision_number(root: Path, cancer: str) -> int:
    """Return the number of the decision that holds; 0 without one. Reads no file."""
    return max(_numbers(root, cancer), default=0)


def read_history(root: Path, cancer: str) -> list[Decision]:
    """Return every decision, the oldest first.

    Raises:
        BundleError: One cannot be read.
    """
    return [_read(root, cancer, number) for number in _numbers(root, cancer)]


def decide_served(root: Path, cancer: str, bundle: str, *, before: str, because: str) -> Decision:
    """Serve another bundle from now on; servers that run take it with their next answer.

    Args:
        root: Folder of bundles.
        cancer: Cancer id.
        bundle: Name of a bundle there; it was verified by the caller.
        before: Name of the bundle that is served as far as the caller knows.
        because: Why, in words.

    Raises:
        BundleError: Another bundle is served by now, or another decision is made at this moment.
        StorageError: It could not be written; what was served still is.
    """
    number = decision_number(root, cancer) + 1
    if number > 1 and (now := _read(root, cancer, number - 1).bundle) != before:
        raise _overtaken(cancer, before, f"'{now}'")
    decision = Decision(number, bundle, before, because, today())
    place = _place(root, cancer, number)
    try:
        write_once(place, json.dumps(asdict(decision), indent=2) + "\n", f"serving {bundle}")
    except FileExistsError as error:
        raise _overtaken(cancer, before, "another one") from error
    return decision


def earlier_bundle(root: Path, cancer: str, served: str, wanted: str | None) -> str:
    """Return the bundle that a way back leads to.

    Args:
        root: Folder of bundles.
        cancer: Cancer id.
        served: Name of the bundle that is served.
        wanted: Name of a bundle in the folder; ``None``: the one served before ``served`` was.

    Raises:
        UnknownNameError: There is no such bundle of this cancer.
        BundleError: Nothing was served before, or ``wanted`` is served already.
    """
    there = {folder.name for folder in root.glob(f"{cancer}-*") if folder.is_dir()}
    if wanted is None:
        made = [d for d in read_history(root, cancer) if d.bundle == served != d.before]
        befores = [decision.before for decision in made]
        if not befores:
            raise BundleError(
                f"A way back needs a model that was served before '{served}'; none was. Name one "
                f"of: {', '.join(sorted(there - {served})) or 'none is there'}.",
                code="bundle_missing",
            )
        wanted = befores[-1]
    if wanted not in there:
        raise UnknownNameError.of("model", wanted, there)
    if wanted == served:
        raise BundleError(
            f"'{served}' is served already; nothing was changed.", code="bundle_served"
        )
    return wanted


def _place(root: Path, cancer: str, number: int) -> Path:
    return root / f"{cancer}{_FOLDER}" / f"{number:06d}.json"


def _numbers(root: Path, cancer: str) -> list[int]:
    try:
        names = os.listdir(root / f"{cancer}{_FOLDER}")  # noqa: PTH208 - names are all it needs
    except (FileNotFoundError, NotADirectoryError):
        return []
    stems = (name.removesuffix(".json") for name in names if name.endswith(".json"))
    return sorted(int(stem) for stem in stems if stem.isdecimal())


def _read(root: Path, cancer: str, number: int) -> Decision:
    place = _place(root, cancer, number)
    try:
        return Decision(**json.loads(place.read_text(encoding="utf-8")))
    except (OSError, ValueError, TypeError) as error:
        raise BundleError(
            f"Which {cancer} model is served must be readable in '{place.parent.name}/"
            f"{place.name}'; it is not. Restore that file from a backup, or remove it to serve "
            "what was served before it."
        ) from error


def _overtaken(cancer: str, before: str, now: str) -> BundleError:
    return BundleError(
        f"A {cancer} model is promoted in place of the one it was compared with, '{before}'; "
        f"meanwhile {now} was put there. Nothing was changed: compare again.",
        code="bundle_overtaken",
    )
