"""All bundles of a folder, and which of them answers a task."""

from collections.abc import Mapping
from pathlib import Path
from threading import Lock

from cancerapy.bundle.schema import BundleFields
from cancerapy.bundle.store import Bundle, find_bundles, load_bundle
from cancerapy.cancers import list_tasks, load_task
from cancerapy.errors import BundleError
from cancerapy.readers import ReadLimits
from cancerapy.runtime.predictor import Predictor


class Models:
    """The newest bundle of every cancer; each is loaded and verified when it is first needed.

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
        self._folders = find_bundles(root) if folders is None else dict(folders)
        self._workers = workers
        self._limits = limits
        self._lock = Lock()
        self._bundles: dict[str, Bundle] = {}
        self._predictors: dict[str, Predictor] = {}

    def predictor(self, task_id: str) -> Predictor:
        """Return what answers a task.

        Raises:
            UnknownNameError: No cancer has such a task; the nearest is offered.
            BundleError: Its cancer has no bundle, or a damaged one.
        """
        cancer, _ = load_task(task_id)
        with self._lock:
            if cancer.id not in self._predictors:
                self._predictors[cancer.id] = Predictor(
                    self._bundle(cancer.id), workers=self._workers, limits=self._limits
                )
            return self._predictors[cancer.id]

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
        with self._lock:
            return self._bundle(cancer_id).read_file(name)

    def warm(self) -> None:
        """Load every usable bundle now, so that no first request waits."""
        for cancer_id, fields in self.fields().items():
            if cancer_id in self._folders:
                self.predictor(fields.tasks[0].id).pool.warm()

    def _look(self) -> tuple[dict[str, BundleFields], dict[str, str]]:
        usable, problems = {}, {}
        for cancer_id in dict.fromkeys(load_task(task)[0].id for task in list_tasks()):
            try:
                with self._lock:
                    usable[cancer_id] = self._bundle(cancer_id).fields
            except BundleError as error:
                problems[cancer_id] = error.message
        return usable, problems

    def _bundle(self, cancer_id: str) -> Bundle:
        if cancer_id not in self._bundles:
            if cancer_id not in self._folders:
                raise BundleError(
                    f"A model bundle for {cancer_id} must be installed; there is none. Train and "
                    f"export one ('cancerapy train {cancer_id}', 'cancerapy export {cancer_id}'), "
                    "or give the folder that holds one with --bundles.",
                    code="bundle_missing",
                )
            self._bundles[cancer_id] = load_bundle(self._folders[cancer_id])
        return self._bundles[cancer_id]
