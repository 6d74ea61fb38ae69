"""A backup: one ZIP file with every table as lines of JSON and every image file.

The same for SQLite and PostgreSQL, so that a backup of one can be restored into the other, and
readable without this program. The tables are one state of the records, whatever is written
meanwhile; the images are those that it names. ``manifest.json`` comes last and holds the SHA-256 of
each part: a file without it is not a backup.
"""

import hashlib
import json
import os
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import IO, Any

from sqlalchemy import Table, select
from sqlalchemy.orm import Session

from cancerapy import __version__
from cancerapy.atomic import replacing
from cancerapy.errors import DataError
from cancerapy.records.audit import verify
from cancerapy.records.columns import now
from cancerapy.records.session import Records
from cancerapy.records.tables import Base, Image
from cancerapy.records.upgrade import current_revision

FORMAT = 1
MANIFEST = "manifest.json"
_TRIES = 3


@dataclass(frozen=True, slots=True)
class BackupSummary:
    """What a backup holds.

    Args:
        n_rows: Rows by table.
        n_images: Image files.
        revision: Revision of the tables.
        audit_head: Hash of the last entry of the audit log.
    """

    n_rows: dict[str, int]
    n_images: int
    revision: str
    audit_head: str


class _ErasedMeanwhileError(Exception):
    """An image of the state that is being written has been erased since."""


def write_backup(
    records: Records, path: Path, tick: Callable[[], None] = lambda: None
) -> BackupSummary:
    """Write all records into one file, whole or not at all; the server may go on meanwhile.

    Args:
        records: The records.
        path: The file, readable by its owner only.
        tick: Called after each image.

    Raises:
        StorageError: Disk full or no permission; an earlier file of the name is unchanged.
        DataError: An image file is missing or damaged.
    """
    for _ in range(_TRIES):
        try:
            with replacing(path, "writing the backup") as file:
                os.fchmod(file.fileno(), 0o600)
                return _write(records, file, tick)
        except _ErasedMeanwhileError:
            continue  # what was erased must not live on in the backup
    raise DataError(
        "A backup must hold one state of the records; patients were being erased all the while. "
        "Run it again when that is done.",
        code="backup_failed",
    )


def _write(records: Records, file: IO[bytes], tick: Callable[[], None]) -> BackupSummary:
    parts: dict[str, str] = {}
    n_rows: dict[str, int] = {}
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED, allowZip64=True) as archive:
        with records.reading() as session:
            revision = current_revision(session.connection()) or ""
            kept = [t for t in Base.metadata.sorted_tables if t.info.get("in_backup", True)]
            for table in kept:
                name = f"tables/{table.name}.jsonl"
                parts[name], n_rows[table.name] = _add_lines(archive, name, _rows(session, table))
            digests = list(session.scalars(select(Image.sha256).order_by(Image.sha256)))
            head = verify(session).head
        for sha256 in digests:
            _add_image(records, archive, sha256)
            tick()
        summary = BackupSummary(n_rows, len(digests), revision, head)
        manifest = {
            "format": FORMAT,
            "cancerapy": __version__,
            "written_at": now().isoformat(),
            "revision": revision,
            "audit_head": head,
            "n_rows": n_rows,
            "parts": parts,
            "images": digests,
        }
        archive.writestr(MANIFEST, json.dumps(manifest, indent=1))
    return summary


def _rows(session: Session, table: Table) -> Iterator[bytes]:
    query = select(table).order_by(*table.primary_key.columns)
    for row in session.execute(query.execution_options(yield_per=1000)).mappings():
        values = {name: _to_plain(value) for name, value in row.items()}
        yield json.dumps(values, ensure_ascii=False).encode() + b"\n"


def _to_plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, bytes):
        return {"hex": value.hex()}
    return value


def _add_lines(archive: zipfile.ZipFile, name: str, lines: Iterator[bytes]) -> tuple[str, int]:
    digest, count = hashlib.sha256(), 0
    with archive.open(name, "w", force_zip64=True) as part:
        for line in lines:
            part.write(line)
            digest.update(line)
            count += 1
    return digest.hexdigest(), count


def _add_image(records: Records, archive: zipfile.ZipFile, sha256: str) -> None:
    try:
        data = records.images.get(sha256)
    except DataError as error:
        with records.reading() as session:
            if session.get(Image, sha256) is None:
                raise _ErasedMeanwhileError from error
        raise
    # Compressing what is compressed already only takes time.
    archive.writestr(f"images/{sha256}", data, compress_type=zipfile.ZIP_STORED)
