"""What can go wrong with the records, and the database's own errors in these words."""

import errno

from sqlalchemy.exc import DBAPIError, IntegrityError, OperationalError, SQLAlchemyError

from cancerapy.errors import CanceRapyError, StorageError, UsageError


class RecordsError(CanceRapyError):
    """The database of the records cannot be used now; nothing was changed."""

    default_code = "records_unavailable"
    http_status = 503


class RecordUnknownError(UsageError):
    """No patient, examination or the like has this id."""

    default_code = "record_unknown"
    http_status = 404

    @classmethod
    def of(cls, kind: str, record_id: str) -> "RecordUnknownError":
        """Build the error; known ids are not listed, since they name patients.

        Args:
            kind: What the id should name, for instance ``"patient"``.
            record_id: The id as given.
        """
        article = "an" if kind[0] in "aeiou" else "a"
        return cls(
            f"The id must be that of {article} {kind} in the records; none has "
            f"'{record_id[:40]}'. It may have been erased. Search the list for the right one.",
            field=f"{kind}_id",
        )


class RecordConflictError(UsageError):
    """The change contradicts what the record holds; nothing was changed."""

    default_code = "record_conflict"
    http_status = 409


class RecordChangedError(UsageError):
    """The record is not as the caller read it; nothing was changed."""

    default_code = "record_changed"
    http_status = 412


_BUSY = ("database is locked", "database table is locked", "lock timeout", "55P03", "40P01")
_FULL = ("database or disk is full", "No space left", "53100")


def from_database(error: SQLAlchemyError) -> CanceRapyError:
    """Return a database's error as one of this project's.

    Args:
        error: What SQLAlchemy raised; the transaction has been undone.
    """
    original = getattr(error, "orig", None)
    text = f"{getattr(original, 'sqlstate', '') or ''} {original or error}"
    if any(sign in text for sign in _FULL):
        return StorageError.from_os_error(
            OSError(errno.ENOSPC, "the database reports a full disk"), "writing to the records"
        )
    if any(sign in text for sign in _BUSY):
        return RecordsError(
            "The records must be free to be written to; another program has kept them locked for "
            "too long. Nothing was changed; try again in a moment.",
            code="records_busy",
        )
    # A trigger's refusal: SQLite calls it an integrity error, PostgreSQL a raised exception.
    if isinstance(error, IntegrityError) or "P0001" in text:
        return RecordConflictError(
            "A change must agree with the rules of the records; the database refused this one: "
            f"{str(original).splitlines()[0]}. Nothing was changed."
        )
    if isinstance(error, DBAPIError):
        return RecordsError(
            f"The database of the records must answer; it does not: {_reason(error)}. Check "
            "CANCERAPY_DATABASE_URL and CANCERAPY_HOME, and that the database runs."
        )
    return RecordsError(f"The database of the records cannot be used: {error}.")


def _reason(error: DBAPIError) -> str:
    """Return why a database refused: in its words only where they cannot repeat a value.

    The message goes to the log, and PostgreSQL names the value that it could not read.
    """
    if isinstance(error, OperationalError):
        return str(error.orig).partition("\n")[0]
    state = getattr(error.orig, "sqlstate", None)
    return f"{type(error.orig).__name__}{f' ({state})' if state else ''}"
