"""The patients' records: what was asked, what the model guessed, and what people decided.

``open_records`` gives a ``Records``; every change is one transaction of ``Records.writing``, in
which the functions of the modules here work on a session and write what they did to the audit log.
"""

from cancerapy.records.account_tables import AccessToken, Account
from cancerapy.records.faults import RecordConflictError, RecordsError, RecordUnknownError
from cancerapy.records.session import Records, open_records

__all__ = [
    "AccessToken",
    "Account",
    "RecordConflictError",
    "RecordUnknownError",
    "Records",
    "RecordsError",
    "open_records",
]
