"""Brings the tables from one version of the package to the next, by Alembic."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine

from cancerapy.records.database import WRITES
from cancerapy.records.downgrades import list_parts, note_downgrade
from cancerapy.records.faults import RecordsError

MIGRATIONS = Path(__file__).parent / "migrations"


def newest_revision() -> str:
    """Return the revision of the tables that this version of the package works with."""
    return str(_scripts(_config()).get_current_head())


def current_revision(connection: Connection) -> str | None:
    """Return the revision of a database's tables; ``None`` where there are none yet."""
    return MigrationContext.configure(connection).get_current_revision()


def upgrade(engine: Engine, revision: str = "head") -> None:
    """Bring the tables up to a revision, all in one transaction.

    Args:
        engine: The database.
        revision: The revision wanted; the newest by default.

    Raises:
        RecordsError: The tables were made by a newer version of the package.
    """
    with engine.execution_options(**{WRITES: True}).begin() as connection:
        bring_to(connection, revision)


def bring_to(connection: Connection, revision: str) -> None:
    """Bring the tables up to a revision within the transaction of a connection.

    Args:
        connection: In a writing transaction.
        revision: The revision wanted, ``"head"`` for the newest.

    Raises:
        RecordsError: The tables were made by a newer version of the package.
    """
    check_known(current_revision(connection))
    config = _config()
    config.attributes["connection"] = connection
    command.upgrade(config, revision)


def downgrade(engine: Engine, revision: str, actor: str = "local") -> None:
    """Take the tables back to a revision; what only newer ones hold is lost.

    The audit log tells of it, so that what is gone is not taken for removed by somebody.

    Args:
        engine: The database.
        revision: The revision wanted; ``"base"`` removes everything.
        actor: Who does it.
    """
    config = _config()
    with engine.execution_options(**{WRITES: True}).begin() as connection:
        before, held = current_revision(connection), list_parts(connection)
        config.attributes["connection"] = connection
        command.downgrade(config, revision)
        after = current_revision(connection) or ""
        note_downgrade(connection, before, after, held, actor)


def check_current(engine: Engine) -> None:
    """Check that the tables are those that this version of the package works with.

    Raises:
        RecordsError: They are older, newer, or not there.
    """
    with engine.connect() as connection:
        found = current_revision(connection)
    check_known(found)
    if found != newest_revision():
        raise RecordsError(
            f"The tables of the records must be of revision {newest_revision()}; they are "
            f"{'of revision ' + found if found else 'not there'}. Make a backup, then run "
            "'cancerapy records upgrade'.",
            code="records_outdated",
        )


def check_known(revision: str | None) -> None:
    """Check that this version of the package knows a revision of the tables.

    Args:
        revision: The revision; ``None`` for no tables yet, which is fine.

    Raises:
        RecordsError: It does not.
    """
    known = {script.revision for script in _scripts(_config()).walk_revisions()}
    if revision is not None and revision not in known:
        raise RecordsError(
            f"The tables of the records must be of a revision known here; theirs ({revision}) was "
            "made by a newer version of CanceRapy. Install that version or a newer one.",
            code="records_outdated",
        )


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    return config


def _scripts(config: Config) -> ScriptDirectory:
    return ScriptDirectory.from_config(config)
