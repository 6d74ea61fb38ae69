"""One open set of records: transactions over the database, and the store of the images."""

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress

from sqlalchemy import Engine, event
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from cancerapy.records.contents import note_changes
from cancerapy.records.database import (
    BUSY_TIMEOUT_S,
    WRITES,
    build_engine,
    database_url,
    records_folder,
)
from cancerapy.records.faults import from_database
from cancerapy.records.image_store import ImageStore
from cancerapy.records.upgrade import check_current, upgrade
from cancerapy.settings import Settings

_LOG_TIMEOUT_MS = 500
"""How long readers are waited for before SQLite's log is emptied; writers stand still meanwhile."""


class _WritingSession(Session):
    """A session that knows which rows were changed in it, for the audit log."""


event.listen(_WritingSession, "before_flush", note_changes)


class Records:
    """The records of one installation; safe to use from several threads.

    Args:
        engine: From ``build_engine``.
        images: Where the files lie.
    """

    def __init__(self, engine: Engine, images: ImageStore) -> None:
        self.engine = engine
        self.images = images
        self._writer = engine.execution_options(**{WRITES: True})
        self._reader = engine
        if engine.dialect.name == "postgresql":
            self._reader = engine.execution_options(isolation_level="REPEATABLE READ")

    @contextmanager
    def reading(self) -> Iterator[Session]:
        """Open a session that sees one state of the records throughout.

        Raises:
            RecordsError: The database does not answer.
        """
        with _translated(), Session(self._reader) as session:
            yield session

    @contextmanager
    def writing(self) -> Iterator[Session]:
        """Open the one writing transaction; it is kept whole when the block ends, or undone.

        Raises:
            RecordsError: The database does not answer, or is locked for too long.
            RecordConflictError: The database's rules refuse the change.
            StorageError: The disk is full.
        """
        with _translated(), _WritingSession(self._writer, expire_on_commit=False) as session:
            session.connection()  # begins now, so that what is read is what is changed
            yield session
            session.commit()

    def empty_log(self) -> None:
        """Empty SQLite's write-ahead log, in which rows stay readable after their erasure.

        Where somebody reads just then, or the disk is at fault, it is left for the next time: the
        erasure holds, and the last connection that closes empties the log as well. PostgreSQL
        needs nothing.
        """
        if self.engine.dialect.name != "sqlite":
            return
        # Past SQLAlchemy, whose connections begin a transaction: SQLite refuses this inside of one.
        faults = (sqlite3.Error, SQLAlchemyError)
        with suppress(*faults), closing(self.engine.raw_connection()) as connection:
            cursor = connection.cursor()
            cursor.execute(f"PRAGMA busy_timeout={_LOG_TIMEOUT_MS}")
            try:
                cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            finally:
                cursor.execute(f"PRAGMA busy_timeout={1000 * BUSY_TIMEOUT_S}")

    def close(self) -> None:
        """Close every connection."""
        self.engine.dispose()


@contextmanager
def _translated() -> Iterator[None]:
    try:
        yield
    except SQLAlchemyError as error:
        raise from_database(error) from error


def connect_records(settings: Settings) -> Records:
    """Return the records that the settings name without looking at their tables.

    Args:
        settings: Resolved settings.

    Raises:
        StorageError: The folder of the SQLite file cannot be made.
        UsageError: The setting of the database is wrong.
    """
    url = database_url(settings)
    return Records(build_engine(url), ImageStore(records_folder(settings) / "images"))


def open_records(settings: Settings) -> Records:
    """Open the records that the settings name.

    A SQLite file is made or brought up to date on the way. A PostgreSQL database is only checked:
    several servers may share it, and whoever runs them chooses the moment.

    Args:
        settings: Resolved settings.

    Raises:
        RecordsError: The database does not answer, or is of another version.
        StorageError: The file or its folder cannot be written.
        UsageError: The setting of the database is wrong.
    """
    records = connect_records(settings)
    is_file = records.engine.dialect.name == "sqlite"
    _prepare(records, upgrade if is_file else check_current)
    return records


def upgrade_records(settings: Settings) -> Records:
    """Open the records and bring their tables up to date, PostgreSQL's too.

    Args:
        settings: Resolved settings.

    Raises:
        RecordsError: The database does not answer, or was made by a newer version.
    """
    records = connect_records(settings)
    _prepare(records, upgrade)
    return records


def _prepare(records: Records, prepare: Callable[[Engine], None]) -> None:
    try:
        with _translated():
            prepare(records.engine)
    except BaseException:
        records.close()
        raise
