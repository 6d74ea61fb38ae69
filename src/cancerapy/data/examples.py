"""A few real images to try things with, together with whom they are from.

They are copied from a data set that is on this machine, and only if its licence lets everybody
use it. No single image of these collections has an address of its own that its publisher
promises to keep, so nothing is fetched here: ``cancerapy data download`` gets a whole collection.
"""

import shutil
from pathlib import Path

from cancerapy.cancers import Source
from cancerapy.data.summary import DataSummary
from cancerapy.data.summary_plots import choose_samples
from cancerapy.errors import DataError, StorageError

ATTRIBUTION = "ATTRIBUTION.txt"

_OPEN = ("CC-BY", "CC0")
_TEXT = """Images from: {title}
Source:      {reference}
Licence:     {licence}
Changes:     none; the files are copies, named after their class

{files}
"""


def is_open(source: Source) -> bool:
    """Whether a licence lets anybody copy single images, with attribution."""
    return source.licence.startswith(_OPEN)


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
            f"Only images under an open licence may be copied out of their data set; that of "
            f"'{source.title}' is '{source.licence}'. Draw synthetic ones with "
            "'cancerapy phantom'.",
            code="licence_closed",
        )
    task = summary.finest_task
    chosen = {
        folder / f"{class_id}-{Path(sample.path).name}": sample
        for class_id in task.class_ids
        for sample in choose_samples(summary, task, class_id, per_class, seed)
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
