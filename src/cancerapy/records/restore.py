"""Brings a backup back: into empty records only, checked before and after."""

import hashlib
import json
import zipfile
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy import Column, Connection, MetaData, Table, func, insert, select, text
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from cancerapy.errors import DataError
from cancerapy.records.audit import verify
from cancerapy.records.backup import FORMAT, MANIFEST, BackupSummary
from cancerapy.records.columns import UtcTime
from cancerapy.records.database import WRITES
from cancerapy.records.faults import RecordConflictError, from_database
from cancerapy.records.session import Records
from cancerapy.records.tables import Base
from cancerapy.records.upgrade import bring_to, check_known, current_revision

_BATCH = 500


def restore_backup(
    records: Records, path: Path, tick: Callable[[], None] = lambda: None
) -> BackupSummary:
    """Bring the records of a backup back, all of them or nothing.

    The tables are made as they were when the backup was written, filled, and brought up to date.

    Args:
        records: Records without a row; their tables may be of any revision, or not be there.
        path: The backup.
        tick: Called after each image.

    Raises:
        DataError: The file is no backup, is damaged, or of a newer version.
        RecordConflictError: There are records already.
        StorageError: The disk is full; no row was written.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            manifest = _read_manifest(archive)
            check_known(manifest["revision"])
            _check_parts(archive, manifest)
            _check_empty(records)
            for sha256 in manifest["images"]:
                if records.images.put(archive.read(f"images/{sha256}")) != sha256:
                    raise damaged(f"the image {sha256[:12]}... is not what its name says")
                tick()
            _fill(records, archive, manifest)
    except (OSError, zipfile.BadZipFile, KeyError, ValueError) as error:
        raise damaged(str(error)) from error
    return BackupSummary(
        manifest["n_rows"],
        len(manifest["images"]),
        manifest["revision"],
        manifest["audit_head"],
    )


def damaged(reason: str) -> DataError:
    """Build the error for a file that is no whole backup."""
    return DataError(
        f"A backup must be a whole file written by 'cancerapy backup'; of this one {reason}. "
        "Nothing was restored; use another backup.",
        code="backup_damaged",
    )


def _read_manifest(archive: zipfile.ZipFile) -> dict[str, Any]:
    manifest: dict[str, Any] = json.loads(archive.read(MANIFEST))
    if manifest["format"] != FORMAT:
        raise damaged(f"the format is {manifest['format']}, not {FORMAT}")
    return manifest


def _check_parts(archive: zipfile.ZipFile, manifest: Mapping[str, Any]) -> None:
    for name, sha256 in manifest["parts"].items():
        digest = hashlib.sha256()
        with archive.open(name) as part:
            while block := part.read(1_000_000):
                digest.update(block)
        if digest.hexdigest() != sha256:
            raise damaged(f"the part {name} was changed")


def _check_empty(records: Records) -> None:
    with records.engine.connect() as connection:
        if current_revision(connection) is None:
            return
        for name in ("patients", "audit_log"):
            found = connection.execute(select(func.count()).select_from(text(name))).scalar()
            if found:
                raise RecordConflictError(
                    "A backup must be restored into empty records; these hold some. Restore it "
                    "under another CANCERAPY_HOME or into another database, then switch."
                )


def _fill(records: Records, archive: zipfile.ZipFile, manifest: Mapping[str, Any]) -> None:
    writer = records.engine.execution_options(**{WRITES: True})
    try:
        with writer.begin() as connection:
            bring_to(connection, manifest["revision"])
            for name in manifest["n_rows"]:
                _insert(connection, archive, name)
            bring_to(connection, "head")
            _check_log(connection, manifest["audit_head"])
    except SQLAlchemyError as error:
        raise from_database(error) from error


def _check_log(connection: Connection, head: str) -> None:
    with Session(connection) as session:
        state = verify(session)
    if not state.is_whole or state.head != head:
        raise damaged("the audit log does not hold together")


def _insert(connection: Connection, archive: zipfile.ZipFile, name: str) -> None:
    # The columns as they are at the backup's revision, with the types of today where known.
    table = Table(name, MetaData(), autoload_with=connection)
    today = Base.metadata.tables.get(name)
    for column in table.columns:
        if today is not None and column.name in today.columns:
            column.type = today.columns[column.name].type
    for rows in _read_rows(archive, name, table):
        connection.execute(insert(table), rows)
    if connection.dialect.name == "postgresql":
        _set_counters(connection, table)


def _read_rows(archive: zipfile.ZipFile, name: str, table: Table) -> Iterator[list[dict[str, Any]]]:
    rows: list[dict[str, Any]] = []
    with archive.open(f"tables/{name}.jsonl") as lines:
        for line in lines:
            values = json.loads(line)
            rows.append({key: _to_value(table.columns[key], v) for key, v in values.items()})
            if len(rows) == _BATCH:
                yield rows
                rows = []
    if rows:
        yield rows


def _to_value(column: Column[Any], value: Any) -> Any:
    if isinstance(value, str) and isinstance(column.type, UtcTime):
        return datetime.fromisoformat(value)
    if isinstance(value, dict) and set(value) == {"hex"}:
        return bytes.fromhex(value["hex"])
    return value


def _set_counters(connection: Connection, table: Table) -> None:
    """Let identity columns go on after the greatest number that was restored."""
    for column in table.columns:
        if column.identity is not None:
            greatest = connection.execute(select(func.max(column))).scalar()
            counter = func.pg_get_serial_sequence(table.name, column.name)
            if greatest is not None:
                connection.execute(select(func.setval(counter, greatest)))
