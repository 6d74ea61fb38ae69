"""Answers without a server, where the device has an interpreter and a bundle lies on it.

The same bundle, preparation, gates and advice as the server's: only ``runtime`` is used.
"""

import asyncio
import hashlib
from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import cached_property
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from cancerapy.agent import decide_examination, read_answers
from cancerapy.app.service import Progress
from cancerapy.bundle.store import FIELDS_FILE, default_root, find_bundles, install_bundle
from cancerapy.cancers import list_tasks, load_task
from cancerapy.contract.responses import About, ModelResponse, PredictionResponse, TaskResponse
from cancerapy.errors import BundleError, UnknownNameError
from cancerapy.readers import ReadLimits

if TYPE_CHECKING:
    from cancerapy.runtime.models import Models


def has_interpreter() -> bool:
    """Tell whether this device can run a model at all."""
    try:
        import_module("cancerapy.runtime.interpreter")
    except ImportError:
        return False
    return True


class HasBundles(Protocol):
    """A server whose models can be fetched; ``client.Client`` is one."""

    async def list_models(self) -> tuple[ModelResponse, ...]:
        """Return the models that answer."""

    async def read_file(self, model: str, name: str) -> bytes:
        """Return a file of a model's bundle."""


class OnDevice:
    """Answers with the bundles on the device; a ``service.Service``.

    Args:
        fetched: Folder of the bundles that were fetched from a server.
        shipped: Folder of those that came with the app; the package's own by default.
    """

    def __init__(self, fetched: Path, shipped: Path | None = None) -> None:
        self._fetched = fetched
        self._shipped = shipped or default_root()

    @cached_property
    def _models(self) -> "Models":
        # Imported when it is needed: a phone without an interpreter cannot.
        from cancerapy.runtime.models import Models

        return Models(folders=self._folders(), workers=1, limits=ReadLimits())

    def names(self) -> tuple[str, ...]:
        """Return the names of the bundles that lie here, one per cancer; none is verified yet."""
        return tuple(sorted(folder.name for folder in self._folders().values()))

    async def get_about(self) -> About:
        """Return the limits of the device itself."""
        from cancerapy.runtime.offer import describe_service

        return describe_service(ReadLimits())

    async def list_tasks(self) -> tuple[TaskResponse, ...]:
        """Return the tasks whose bundle lies here, main tasks first."""
        from cancerapy.runtime.offer import describe_task

        fields = await asyncio.to_thread(self._models.fields)
        found = [load_task(name) for name in list_tasks()]
        tasks = [
            describe_task(cancer, task, fields[cancer.id])
            for cancer, task in found
            if cancer.id in fields
        ]
        return tuple(sorted(tasks, key=lambda task: (not task.main, task.cancer, task.id)))

    async def list_models(self) -> tuple[ModelResponse, ...]:
        """Return the models that lie here."""
        from cancerapy.runtime.offer import describe_model

        fields = await asyncio.to_thread(self._models.fields)
        return tuple(describe_model(one) for one in fields.values())

    async def read_card(self, model: str) -> str:
        """Return the card of a model.

        Raises:
            UnknownNameError: No such model lies here.
        """
        fields = await asyncio.to_thread(self._models.fields)
        by_name = {one.name: one.cancer for one in fields.values()}
        if model not in by_name:
            raise UnknownNameError.of("model", model, by_name)
        return self._models.card(by_name[model])

    async def predict(
        self,
        route: str,
        image: bytes,
        *,
        answers: Mapping[str, str | float] | None = None,
        on_progress: Progress = lambda _: None,
    ) -> PredictionResponse:
        """Answer one image here, and decide what to do next as the server does.

        Args:
            route: The task's own route, as ``TaskResponse.route`` has it.
            image: The file's bytes.
            answers: By id of the question.
            on_progress: Gets 1 at once: nothing is sent.

        Raises:
            BundleError: The task's bundle is missing or damaged.
            ImageError: The bytes are no image that can be judged.
        """
        on_progress(1.0)
        task_id = route.rpartition("/")[2]

        def answer() -> PredictionResponse:
            cancer, task = load_task(task_id)
            found = self._models.predictor(task_id).predict(image, task_id, heatmap=True)
            said = read_answers(cancer, {key: str(one) for key, one in (answers or {}).items()})
            decided = decide_examination(cancer, task, [found], answers=said).decision
            return replace(PredictionResponse.of(found), decision=decided)

        return await asyncio.to_thread(answer)

    async def fetch(self, server: HasBundles, on_progress: Callable[[float], None]) -> None:
        """Fetch the server's bundles that do not lie here yet, and verify every digest.

        Args:
            server: Whose models are fetched.
            on_progress: Gets the share of the files that are here, 0..1.

        Raises:
            BundleError: A file is not what its digest says.
            StorageError: The device has no room; the bundles that were here are unchanged.
            ClientError: The server does not answer.
        """
        here = set(self.names())
        missing = [model for model in await server.list_models() if model.name not in here]
        n_files, n_done = sum(1 + len(model.digests) for model in missing), 0
        for model in missing:
            files: dict[str, bytes] = {}
            for name in (FIELDS_FILE, *model.digests):
                files[name] = await server.read_file(model.name, name)
                _check_digest(model, name, files[name])
                n_done += 1
                on_progress(n_done / n_files)
            await asyncio.to_thread(install_bundle, self._fetched, model.name, files)
        self.__dict__.pop("_models", None)

    def _folders(self) -> dict[str, Path]:
        """Return the newest bundle of every cancer from both places."""
        found = {**find_bundles(self._shipped)}
        for cancer, folder in find_bundles(self._fetched).items():
            if cancer not in found or _version(folder) >= _version(found[cancer]):
                found[cancer] = folder
        return found


def _version(folder: Path) -> int:
    return int(folder.name.rpartition("-")[2])


def _check_digest(model: ModelResponse, name: str, data: bytes) -> None:
    wanted = model.digests.get(name)
    if wanted is not None and hashlib.sha256(data).hexdigest() != wanted:
        raise BundleError(
            f"The file '{name}' of {model.name} must have the SHA-256 that the server tells; what "
            "arrived is another. Fetch it again over a network that you trust."
        )
