"""Get a data set into its folder: fetched where it has an address, else by a person.

The package that fetches is imported only where something is fetched, so that the base install can
say how to get the others.
"""

from pathlib import Path
from typing import TYPE_CHECKING

from cancerapy.cancers import Cancer, Source
from cancerapy.data.integrity import check_command
from cancerapy.data.progress import Progress, silent
from cancerapy.data.unpack import unpack_zip
from cancerapy.errors import DownloadError, require
from cancerapy.layouts.sample import IMAGE_SUFFIXES

if TYPE_CHECKING:
    from cancerapy.data.fetch import Patience


def is_here(source: Source, data_root: Path) -> bool:
    """Whether the folder of a data set holds images that no download of ours has to complete.

    Whether all images are there is for the data check to say.

    Args:
        source: The data set.
        data_root: Holds its folder.
    """
    folder = data_root / source.folder
    begun = (
        folder / f"{item.file_name}{end}" for item in source.downloads for end in ("", ".part")
    )
    if any(path.exists() for path in begun):
        return False
    return any(
        path.suffix.lower() in IMAGE_SUFFIXES and path.is_file() for path in folder.rglob("*")
    )


def download_source(
    cancer: Cancer,
    source: Source,
    data_root: Path,
    *,
    progress: Progress = silent,
    patience: "Patience | None" = None,
) -> Path:
    """Fetch a data set into its folder and unpack its archives.

    Nothing is fetched where the images are there already, see ``is_here``, and no file whose
    checksum is right.

    Args:
        cancer: Whose data set.
        source: The data set.
        data_root: Holds, or will hold, its folder.
        progress: Told of the bytes of each file.
        patience: How often to try; usually five times.

    Returns:
        The data set's folder.

    Raises:
        DownloadError: It must be got by hand (``code`` is ``download_by_hand``; the message is
            the instructions), a file cannot be fetched, its checksum is wrong, or an archive is
            damaged.
        StorageError: There is not enough room or no permission.
        MissingDependencyError: The package that fetches is not installed.
    """
    folder = data_root / source.folder
    if is_here(source, data_root):
        return folder
    if not source.downloads:
        because = f": {source.by_hand_because}" if source.by_hand_because else ""
        raise DownloadError(
            f"'{source.title}' must be got by hand{because}.\n  licence: {source.licence}\n"
            f"  folder:  {folder}\n  {source.instructions}\n"
            f"Then run: {check_command(cancer.id, source.folder, data_root)}",
            code="download_by_hand",
        )
    require("httpx", extra="train", feature=f"Downloading '{source.title}'")
    from cancerapy.data.fetch import Patience, download_file

    for item in source.downloads:
        path = download_file(item, folder, progress=progress, patience=patience or Patience())
        if path.suffix.lower() == ".zip":
            unpack_zip(path, folder)
    return folder
