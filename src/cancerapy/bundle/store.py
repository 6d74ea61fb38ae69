"""Write, find, read and verify bundles.

A bundle is a folder ``<cancer>-<version>/`` with ``model.tflite``, ``stats.npz``, ``card.md`` and
``bundle.json``, which holds the digest of each of the others.
"""

import hashlib
import io
import json
import re
import shutil
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from importlib import resources
from pathlib import Path
from zipfile import BadZipFile

import numpy as np

from cancerapy.arrays import Floats
from cancerapy.bundle.from_json import fields_from
from cancerapy.bundle.schema import SCHEMA_VERSION, BundleFields
from cancerapy.bundle.serving import served_name
from cancerapy.errors import BundleError, StorageError, UnknownNameError

FIELDS_FILE = "bundle.json"
MODEL_FILE = "model.tflite"
STATS_FILE = "stats.npz"
CARD_FILE = "card.md"


@dataclass(frozen=True, eq=False)
class Stats:
    """What the training images' embeddings look like, to recognise images of another kind.

    Args:
        mean: (D,) mean of the training embeddings.
        scale: (D,) their standard deviation, by which every channel is divided.
        projection: (D, d) orthonormal axes along which they then vary most.
        precision: (d, d) inverse of their covariance along these axes.
        residual: Mean squared length of what lies outside these axes, above 0.
    """

    mean: Floats
    scale: Floats
    projection: Floats
    precision: Floats
    residual: float

    def distance(self, embedding: Floats) -> float:
        """Return how far an embedding (D,) lies from those of the training, from 0 up.

        The mean of two squared distances, each about 1 for images like those of the training:
        the Mahalanobis distance along the axes, per dimension, and the length of what the axes
        leave over. An image of another kind often has little along the axes of the familiar ones
        and much beside them.
        """
        offset = (embedding.astype(np.float64) - self.mean) / self.scale
        along = offset @ self.projection
        beside = float(offset @ offset - along @ along)
        mahalanobis = float(along @ self.precision @ along / len(along))
        return (mahalanobis + max(0.0, beside) / self.residual) / 2


@dataclass(frozen=True, eq=False)
class Bundle:
    """A verified bundle.

    Args:
        folder: Where it lies.
        fields: What ``bundle.json`` says.
        stats: Statistics of the training images.
    """

    folder: Path
    fields: BundleFields
    stats: Stats

    @property
    def model_path(self) -> Path:
        """The LiteRT graph."""
        return self.folder / MODEL_FILE

    @property
    def card(self) -> str:
        """The model card, Markdown."""
        return (self.folder / CARD_FILE).read_text(encoding="utf-8")

    def read_file(self, name: str) -> bytes:
        """Return the content of ``bundle.json`` or of a file that it names.

        Raises:
            UnknownNameError: The bundle has no such file; nothing outside it is read.
            BundleError: The file can no longer be read.
        """
        known = (FIELDS_FILE, *self.fields.digests)
        if name not in known:
            raise UnknownNameError.of("file", name[:60], known)
        try:
            return (self.folder / name).read_bytes()
        except OSError as error:
            raise _damaged(self.folder, f"its file '{name}' cannot be read") from error


def default_root() -> Path:
    """Return the folder of the bundles that come with the package."""
    return Path(str(resources.files("cancerapy"))) / "bundles"


def find_bundles(root: Path | None = None) -> dict[str, Path]:
    """Return the bundle of every cancer that is served: that decided on, else the newest.

    Args:
        root: Folder of bundles; the package's own if ``None``.

    Returns:
        Bundle folders by cancer id; empty if there are none.

    Raises:
        BundleError: A decision of ``bundle.serving`` cannot be read.
    """
    root = root or default_root()
    found = newest_bundles(root)
    decided = {cancer: served_name(root, cancer) for cancer in found}
    return {cancer: root / (decided[cancer] or found[cancer].name) for cancer in found}


def newest_bundles(root: Path) -> dict[str, Path]:
    """Return the newest bundle of every cancer in a folder, served or not."""
    newest: dict[str, tuple[int, Path]] = {}
    for file in root.glob(f"*/{FIELDS_FILE}"):
        cancer, _, version = file.parent.name.rpartition("-")
        if cancer and version.isdecimal() and int(version) > newest.get(cancer, (-1, file))[0]:
            newest[cancer] = (int(version), file.parent)
    return {cancer: folder for cancer, (_, folder) in sorted(newest.items())}


def load_bundle(folder: Path) -> Bundle:
    """Read a bundle and verify its schema and every digest.

    Raises:
        BundleError: A file is missing, changed or of other content, or the schema is another.
    """
    fields_ = _read_fields(folder)
    for name, digest in fields_.digests.items():
        file = folder / name
        if not file.is_file():
            raise _damaged(folder, f"its file '{name}' is missing")
        if _digest(file.read_bytes()) != digest:
            raise _damaged(folder, f"the content of '{name}' is not what it was made with")
    if missing := {MODEL_FILE, STATS_FILE, CARD_FILE} - set(fields_.digests):
        raise _damaged(folder, f"it names no {', '.join(sorted(missing))}")
    return Bundle(folder, fields_, _read_stats(folder))


def write_bundle(root: Path, fields_: BundleFields, files: Mapping[str, bytes]) -> Path:
    """Write a bundle, whole or not at all.

    Args:
        root: Folder of bundles.
        fields_: Its fields; the digests are filled in here.
        files: Content of every other file by name.

    Returns:
        The bundle's folder.

    Raises:
        BundleError: A bundle of that name exists.
        StorageError: It could not be written.
    """
    folder = root / fields_.name
    if folder.exists():
        raise BundleError(
            f"A bundle never changes; '{fields_.name}' exists already. Another export "
            "may have written it just now: run the same command again for the next version.",
            code="bundle_exists",
        )
    fields_ = replace(fields_, digests={name: _digest(data) for name, data in files.items()})
    text = json.dumps(fields_.to_dict(), indent=2, ensure_ascii=False) + "\n"
    part: Path | None = None
    try:
        root.mkdir(parents=True, exist_ok=True)
        part = Path(tempfile.mkdtemp(prefix=f".{fields_.name}.", dir=root))
        for name, data in {**files, FIELDS_FILE: text.encode()}.items():
            (part / name).write_bytes(data)
        part.chmod(0o755)
        part.rename(folder)
    except OSError as error:
        if part:
            shutil.rmtree(part, ignore_errors=True)
        raise StorageError.from_os_error(error, f"writing the bundle {fields_.name}") from error
    return folder


def install_bundle(root: Path, name: str, files: Mapping[str, bytes]) -> Path:
    """Put a bundle that was fetched beside others, once it is verified; whole or not at all.

    Args:
        root: Folder of bundles.
        name: Its name, ``<cancer>-<version>``.
        files: Content of its files by name, ``bundle.json`` among them.

    Raises:
        BundleError: The files are not those of the bundle of that name.
        StorageError: It could not be written.
    """
    allowed = {FIELDS_FILE, MODEL_FILE, STATS_FILE, CARD_FILE}
    if not set(files) <= allowed or not re.fullmatch(r"[a-z0-9_-]+-\d+", name):
        raise BundleError(
            f"A bundle is named <cancer>-<version> and holds {', '.join(sorted(allowed))}; "
            "what was fetched is another thing. Ask whoever runs the server."
        )
    part: Path | None = None
    try:
        root.mkdir(parents=True, exist_ok=True)
        part = Path(tempfile.mkdtemp(prefix=f".{name}.", dir=root))
        for file, data in files.items():
            (part / file).write_bytes(data)
        if load_bundle(part).fields.name != name:
            raise _damaged(root / name, "it is another one")
        shutil.rmtree(root / name, ignore_errors=True)
        part.chmod(0o755)
        return part.rename(root / name)
    except OSError as error:
        raise StorageError.from_os_error(error, f"writing the bundle {name}") from error
    finally:
        if part is not None:
            shutil.rmtree(part, ignore_errors=True)


def next_version(root: Path, cancer: str) -> str:
    """Return the version after the newest bundle of ``cancer`` in ``root``; the first is 1."""
    folder = newest_bundles(root).get(cancer)
    return str(int(folder.name.rpartition("-")[2]) + 1 if folder else 1)


def _digest(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def _damaged(folder: Path, what: str) -> BundleError:
    return BundleError(
        f"The bundle '{folder.name}' cannot be used: {what}. Install it again, or export it anew."
    )


def _read_stats(folder: Path) -> Stats:
    try:
        with np.load(io.BytesIO((folder / STATS_FILE).read_bytes())) as stored:
            arrays = {spec.name: stored[spec.name] for spec in fields(Stats)}
        return Stats(**{**arrays, "residual": float(arrays["residual"])})
    except (KeyError, ValueError, TypeError, OSError, EOFError, BadZipFile) as error:
        raise _damaged(folder, f"'{STATS_FILE}' lacks or mistypes an array ({error})") from error


def _read_fields(folder: Path) -> BundleFields:
    try:
        values = json.loads((folder / FIELDS_FILE).read_text(encoding="utf-8"))
        schema = values["schema"]
    except OSError as error:
        raise _damaged(folder, f"'{FIELDS_FILE}' cannot be read") from error
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise _damaged(folder, f"'{FIELDS_FILE}' is not the JSON of a bundle") from error
    if schema != SCHEMA_VERSION:
        raise BundleError(
            f"The bundle '{folder.name}' must have schema {SCHEMA_VERSION}; it has {schema}. "
            "Install the version of cancerapy that it was made for, or export it anew.",
            code="bundle_schema",
        )
    try:
        return fields_from(values)
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise _damaged(folder, f"'{FIELDS_FILE}' lacks or mistypes a field ({error})") from error
