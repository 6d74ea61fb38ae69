"""The engine of the records' database: a SQLite file, or PostgreSQL by URL.

Writing transactions follow one another on both: SQLite takes its write lock when one begins
(``BEGIN IMMEDIATE``) instead of failing in its middle, PostgreSQL an advisory lock. The audit log
needs that order anyway, and a transaction lasts milliseconds, since models answer outside of it.

The values of a statement that failed are kept out of its error, which goes to the log.
"""

import sqlite3
from pathlib import Path
from typing import Any

from sqlalchemy import URL, Connection, Engine, create_engine, event, make_url
from sqlalchemy.exc import ArgumentError
from sqlalchemy.pool import ConnectionPoolEntry

from cancerapy.errors import StorageError, UsageError, require
from cancerapy.settings import Settings

BUSY_TIMEOUT_S = 10
"""How long a writer waits for the one before it."""

WRITES = "cancerapy_writes"
"""Execution option of the connections that change something."""

_WRITERS_LOCK = 0x43616E6365526170
"""Number of PostgreSQL's advisory lock, the letters "CanceRap"."""


def records_folder(settings: Settings) -> Path:
    """Return the folder of the records: the SQLite file and the images."""
    return settings.home.expanduser() / "records"


def database_url(settings: Settings) -> URL:
    """Return the address of the database.

    Raises:
        UsageError: ``CANCERAPY_DATABASE_URL`` is no address of SQLite or PostgreSQL.
    """
    if not settings.database_url:
        return URL.create("sqlite", database=str(records_folder(settings) / "records.sqlite"))
    try:
        url = make_url(settings.database_url)
    except ArgumentError:
        url = URL.create("unknown")
    if url.drivername == "postgresql":
        url = url.set(drivername="postgresql+psycopg")
    if url.drivername not in ("sqlite", "postgresql+psycopg"):
        raise UsageError(
            "CANCERAPY_DATABASE_URL must be an address of PostgreSQL (postgresql+psycopg://user:"
            "password@host/name) or SQLite (sqlite:///file); it is of another kind. Correct it, "
            "or leave it empty for a SQLite file.",
            code="setting_invalid",
            field="database_url",
        )
    return url


def build_engine(url: URL) -> Engine:
    """Return the engine for a database; connects to nothing yet.

    Args:
        url: From ``database_url``.

    Raises:
        StorageError: The folder of the SQLite file cannot be made.
        MissingDependencyError: The driver of PostgreSQL is not installed.
    """
    if url.get_backend_name() == "sqlite":
        return _build_sqlite(url)
    require("psycopg", extra="postgres", feature="Keeping the records in PostgreSQL")
    timeout_ms = BUSY_TIMEOUT_S * 1000
    engine = create_engine(
        url,
        hide_parameters=True,
        pool_pre_ping=True,
        connect_args={
            "connect_timeout": BUSY_TIMEOUT_S,
            "options": f"-c lock_timeout={timeout_ms} -c timezone=UTC",
        },
    )

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        if connection.get_execution_options().get(WRITES):
            connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({_WRITERS_LOCK})")

    return engine


def _build_sqlite(url: URL) -> Engine:
    if url.database:
        folder = Path(url.database).parent
        try:
            folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        except OSError as error:
            raise StorageError.from_os_error(error, "making the folder of the records") from error
    engine = create_engine(url, hide_parameters=True, connect_args={"timeout": BUSY_TIMEOUT_S})

    @event.listens_for(engine, "connect")
    def connect(connection: sqlite3.Connection, _: ConnectionPoolEntry) -> None:
        connection.isolation_level = None  # the driver's own BEGIN comes too late to lock
        for setting in ("journal_mode=WAL", "foreign_keys=ON", "synchronous=FULL"):
            connection.execute(f"PRAGMA {setting}")
        # Erased rows are overwritten rather than left in free pages.
        connection.execute("PRAGMA secure_delete=ON")

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        writes: Any = connection.get_execution_options().get(WRITES)
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")

    return engine
