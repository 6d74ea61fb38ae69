"""The records of a server: opened when first needed, so that it predicts even without them."""

import threading

from cancerapy.records.session import Records, open_records
from cancerapy.records.sweep import sweep
from cancerapy.settings import Settings


class RecordsOnDemand:
    """Opens the records once; after a failure the next caller tries again.

    Args:
        settings: Resolved settings.
    """

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._lock = threading.Lock()
        self._records: Records | None = None

    def get(self) -> Records:
        """Return the records; the first call also sweeps what a killed server left.

        Raises:
            CanceRapyError: They cannot be opened, see ``open_records``.
        """
        with self._lock:
            if self._records is None:
                records = open_records(self._settings)
                sweep(records)
                self._records = records
            return self._records
