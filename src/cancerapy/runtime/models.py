"""All bundles of a folder, and which of them answers a task."""

import logging
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from threading import Lock

from cancerapy.bundle.schema import BundleFields
from cancerapy.bundle.serving import decision_number, served_name
from cancerapy.bundle.store import Bundle, default_root, find_bundles, load_bundle
from cancerapy.cancers import list_tasks, load_task
from cancerapy.errors import BundleError
from cancerapy.readers import ReadLimits
from cancerapy.runtime.predictor import Predictor

_log = logging.getLogger(__name__)


@dataclass(slots=True)
class _Served:
    """What answers for one cancer.

    Args:
        folder: Its bundle's.
        decision: Number of the decision that named it, see ``bundle.serving``.
        predictor: Once it was needed.
        bundle: Once it was needed.
    """

    folder: Path
    decision: int
    predictor: Predictor | None = None
    bundle: Bundle | None = None


class Models:
    """The served bundle of every cancer; each is loaded and verified when it is first needed.

    When another one is promoted, the thread that sees it first loads it while the others still
    answer with the one before, which is kept too if the new one is damaged or the folder cannot be
    read just now. Whoever asked before goes on with what was asked: no answer is lost.

    Args:
        root: Folder of bundles; the package's own if ``None``.
        workers: Graphs held per bundle at most; 0 means one per two processor cores.
        limits: Limits on what is decoded.
        folders: Bundle folders by cancer id, instead of those in ``root``.
    """

    def __init__(
        self,
        root: Path | None = None,
        *,
        workers: int = 0,
        limits: ReadLimits | None = None,
        folders: Mapping[str, Path] | None = None,
    ) -> None:
        self._root = root or default_root()
        self._workers = workers
        self._limits = limits
        self._lock = Lock()
        self._changing = Lock()
        self._served = {
            cancer: _Served(folder, decision_number(self._root, cancer))
            for cancer, folder in (find_bundles(root) if folders is None else folders).items()
        }

    def predictor(self, task_id: str) -> Predictor:
        """Return what answers a task.

        Raises:
            UnknownNameError: No cancer has such a task; the nearest is offered.
            BundleError: Its cancer has no bundle, or a damaged one.
        """
        cancer, _ = load_task(task_id)
        self._follow(cancer.id)
        with self._lock:
            bundle = self._bundle(cancer.id)
            served = self._served[cancer.id]
            if served.predictor is None:
                served.predictor = self._predictor_of(bundle)
            return served.predictor

    def fields(self) -> Mapping[str, BundleFields]:
        """Return the fields of every usable bundle, by cancer id."""
        return self._look()[0]

    def problems(self) -> Mapping[str, str]:
        """Return what is wrong, by the id of each cancer without a usable bundle."""
        return self._look()[1]

    def card(self, cancer_id: str) -> str:
        """Return the model card of a cancer's bundle, Markdown.

        Raises:
            BundleError: The cancer has no bundle, or a damaged one.
        """
        self._follow(cancer_id)
        with self._lock:
            return self._bundle(cancer_id).card

    def read_file(self, cancer_id: str, name: str) -> bytes:
        """Return the content of a file of a cancer's bundle.

        Args:
            cancer_id: The cancer.
            name: ``bundle.json``, or a file that it names.

        Raises:
            BundleError: The cancer has no bundle, or a damaged one.
            UnknownNameError: The bundle has no such file.
        """
        self._follow(cancer_id)
        with self._lock:
            return self._bundle(cancer_id).read_file(name)

    def warm(self) -> None:
        """Load every usable bundle now, so that no first request waits."""
        for cancer_id, fields in self.fields().items():
            if cancer_id in self._served:
                self.predictor(fields.tasks[0].id).pool.warm()

    def _look(self) -> tuple[dict[str, BundleFields], dict[str, str]]:
        usable, problems = {}, {}
        for cancer_id in dict.fromkeys(load_task(task)[0].id for task in list_tasks()):
            self._follow(cancer_id)
            try:
                with self._lock:
                    usable[cancer_id] = self._bundle(cancer_id).fields
            except BundleError as error:
                problems[cancer_id] = error.message
        return usable, problems

    def _follow(self, cancer_id: str) -> None:
        """Take the bundle that was decided on since; one thread does, the others do not wait."""
        served = self._served.get(cancer_id)
        try:
            number = decision_number(self._root, cancer_id)
        except OSError as error:  # a network disk that is away: what is in memory still answers
            _log.warning("The folder of bundles cannot be read: %s", error.strerror)
            return
        if served is None or served.decision == number:
            return
        if not self._changing.acquire(blocking=False):
            return
        try:
            new = self._newly_served(cancer_id, number, served)
            with self._lock:
                self._served[cancer_id] = new
        finally:
            self._changing.release()

    def _newly_served(self, cancer_id: str, number: int, old: _Served) -> _Served:
        """Return the bundle that is served now, ready to answer; the old one if it is damaged."""
        try:
            name = served_name(self._root, cancer_id)
            if name is None or name == old.folder.name:
                return _Served(old.folder, number, old.predictor, old.bundle)
            bundle = load_bundle(self._root / name)
            predictor = self._predictor_of(bundle)
            predictor.pool.warm()
        except OSError as error:  # tried again with the next answer
            _log.warning("%s; %s answers as before", error.strerror, old.folder.name)
            return old
        except BundleError as error:
            _log.warning("%s; %s answers as before", error.message, old.folder.name)
            return _Served(old.folder, number, old.predictor, old.bundle)
        return _Served(bundle.folder, number, predictor, bundle)

    def _predictor_of(self, bundle: Bundle) -> Predictor:
        return Predictor(bundle, workers=self._workers, limits=self._limits)

    def _bundle(self, cancer_id: str) -> Bundle:
        if cancer_id not in self._served:
            raise BundleError(
                f"A model bundle for {cancer_id} must be installed; there is none. Train and "
                f"export one ('cancerapy train {cancer_id}', 'cancerapy export {cancer_id}'), "
                "or give the folder that holds one with --bundles.",
                code="bundle_missing",
            )
        served = self._served[cancer_id]
        if served.bundle is None:
            served.bundle = load_bundle(served.folder)
        return served.bundle
