"""Any tree with one folder per class: the name of an image's folder is its label.

``<anything>/<class>/<image>``; folders may lie at any depth, so a tree that somebody has divided
into ``train/benign`` and ``test/benign`` is read as a whole. What belongs together is in the
file's name: up to the first ``__`` it is the group, ``patient-7__left.png``.
"""

from collections.abc import Mapping, Sequence
from pathlib import Path

from cancerapy.errors import DataError
from cancerapy.layouts.sample import IMAGE_SUFFIXES, Sample

_SEPARATOR = "__"


def read_samples(
    folder: Path,
    *,
    factor: str,
    classes: Sequence[str] = (),
    renamed: Mapping[str, str] | None = None,
) -> list[Sample]:
    """Read the samples of a tree with one folder per class.

    Args:
        folder: Root of the tree.
        factor: Factor of the network that the folders' names are values of.
        classes: Folders to read; by default every folder that holds images directly.
        renamed: Value by folder name where they differ, for instance ``{"01_TUMOR": "TUMOR"}``.

    Returns:
        A sample per image, sorted by path; group: the file's name up to the first ``__``, or all
        of it where there is none.

    Raises:
        DataError: There is no image in such folders, or folders of ``classes`` are missing.
    """
    wanted = {*classes, *(renamed or {})}
    paths = [path for path in sorted(folder.rglob("*")) if _is_picture(path, folder)]
    found = {path.parent.name for path in paths}
    missing = sorted(wanted - found)
    if missing or not paths:
        raise DataError(
            f"A tree of classes must hold a folder with images for each class; "
            f"'{folder}' has none for: {', '.join(missing) or 'any class'}. Put the images of a "
            "class into a folder of its name, or check --data.",
            code="data_missing",
        )
    return [
        Sample(
            path=path.relative_to(folder).as_posix(),
            labels={factor: (renamed or {}).get(path.parent.name, path.parent.name)},
            group=path.stem.partition(_SEPARATOR)[0],
        )
        for path in paths
        if not wanted or path.parent.name in wanted
    ]


def _is_picture(path: Path, folder: Path) -> bool:
    """Whether a file is an image in a class folder; hidden ones are the system's own."""
    return (
        path.suffix.lower() in IMAGE_SUFFIXES
        and path.parent != folder
        and not path.name.startswith(".")
        and path.is_file()
    )
