"""A few real images to try things with, together with whom they are from.

They are copied from a data set that is on this machine, or picked out of its archive at its
address, and only if its licence lets everybody pass them on.
"""

import shutil
from collections.abc import Iterable
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np

from cancerapy.cancers import Cancer, Source
from cancerapy.data.summary import DataSummary
from cancerapy.data.summary_plots import choose_samples
from cancerapy.data.unpack import place_of
from cancerapy.errors import DataError, StorageError, require
from cancerapy.layouts.sample import IMAGE_SUFFIXES, Sample

ATTRIBUTION = "ATTRIBUTION.txt"

OPEN_LICENCES = ("CC0", "CC-BY")
"""How the licences begin under which images may be passed on."""

_TEXT = """Images from: {title}
Source:      {reference}
Licence:     {licence}
Changes:     none; the files are copies, named after their class

{files}
"""


def is_open(source: Source) -> bool:
    """Whether a licence lets anybody copy single images, with attribution."""
    return source.licence.upper().replace(" ", "-").startswith(OPEN_LICENCES)


def is_fetchable(source: Source) -> bool:
    """Whether single images can be picked out of a data set at its address."""
    return (
        is_open(source)
        and len(source.downloads) == 1
        and source.downloads[0].file_name.lower().endswith(".zip")
    )


def find_fetchable(sources: Iterable[Source], root: Path | None) -> Source | None:
    """Return the first data set to pick images out of at its address.

    Args:
        sources: In the order of preference.
        root: Root of the data sets on this machine, if there is one.

    Returns:
        ``None`` where an open one is on this machine already, or none ``is_fetchable``.
    """
    wanted = list(sources)
    if root is not None and any(is_open(s) and (root / s.folder).is_dir() for s in wanted):
        return None
    return next((source for source in wanted if is_fetchable(source)), None)


def copy_examples(
    summary: DataSummary, source: Source, folder: Path, *, per_class: int, seed: int
) -> list[Path]:
    """Copy a few images of each class into a folder and write whom they are from.

    Args:
        summary: The data set.
        source: Where it comes from.
        folder: Where the copies go; made if needed.
        per_class: Images of each class, of different groups as far as there are.
        seed: Chooses.

    Returns:
        The copies, by class: ``<class>-<name>``.

    Raises:
        DataError: The licence does not let images be passed on.
        StorageError: There is not enough room or no permission.
    """
    if not is_open(source):
        raise DataError(
            f"Only images under an open licence may be copied out of their data set: one that "
            f"begins with {' or '.join(OPEN_LICENCES)}, as CC-BY-4.0 does; that of "
            f"'{source.title}' is '{source.licence}'. If it is such a one, write it so in the "
            "cancer's file; else draw synthetic images with 'cancerapy phantom'.",
            code="licence_closed",
        )
    chosen = {
        folder / f"{class_id}-{Path(sample.path).name}": sample
        for class_id, sample in _choose(summary, per_class, seed)
    }
    files = "\n".join(f"{copy.name}  <-  {sample.path}" for copy, sample in chosen.items())
    text = _TEXT.format(
        title=source.title, reference=source.reference, licence=source.licence, files=files
    )
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for copy, sample in chosen.items():
            shutil.copyfile(sample.at(summary.root), copy)
        (folder / ATTRIBUTION).write_text(text, encoding="utf-8")
    except OSError as error:
        raise StorageError.from_os_error(error, f"copying samples to '{folder}'") from error
    return list(chosen)


def fetch_examples(
    cancer: Cancer, source: Source, folder: Path, *, per_class: int, seed: int
) -> list[Path]:
    """Pick a few images of each class out of a data set's archive at its address.

    Args:
        cancer: Whose classes they are of.
        source: A data set that ``is_fetchable``.
        folder: Where the images go; made if needed.
        per_class: Images of each class, of different groups as far as there are.
        seed: Chooses.

    Returns:
        The images, as ``copy_examples`` names them.

    Raises:
        DownloadError: The server does not answer or hands out no parts of the archive.
        StorageError: There is not enough room or no permission.
        MissingDependencyError: The package that fetches is not installed.
    """
    require("httpx", extra="train", feature=f"Fetching images of '{source.title}'")
    from cancerapy.data.remote_archive import open_remote

    (item,) = source.downloads
    with TemporaryDirectory() as name, open_remote(item) as archive:
        root = Path(name)
        members = {}
        # Layouts read names and no pixels, so that empty files tell them the classes.
        for member in archive.members:
            place = place_of(member, root, item.file_name)
            if place.suffix.lower() in IMAGE_SUFFIXES:
                place.parent.mkdir(parents=True, exist_ok=True)
                place.touch()
                members[place] = member.filename
        samples = tuple(source.read_samples(root))
        summary = DataSummary(
            source.title,
            source.group,
            root,
            samples,
            cancer.tasks,
            np.zeros((len(samples), 2), int),
        )
        for _, sample in _choose(summary, per_class, seed):
            place = sample.at(root)
            place.write_bytes(archive.read(members[place]))
        return copy_examples(summary, source, folder, per_class=per_class, seed=seed)


def _choose(summary: DataSummary, per_class: int, seed: int) -> list[tuple[str, Sample]]:
    """Return each chosen sample with its class."""
    task = summary.finest_task
    return [
        (class_id, sample)
        for class_id in task.class_ids
        for sample in choose_samples(summary, task, class_id, per_class, seed)
    ]
