"""The records of a server: opened when first needed, so that it predicts even without them."""

import logging
import threading

from cancerapy.errors import StorageError
from cancerapy.records.session import Records, open_records
from cancerapy.records.sweep import sweep
from cancerapy.settings import Settings

logger = logging.getLogger("cancerapy.records")


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
                try:
                    sweep(records)
                except StorageError as error:  # the records are as good without
                    logger.warning("%s: %s", error.code, error.message)
                self._records = records
            return self._records
