"""What answers the app: a server over the network, or the device itself."""

from collections.abc import Callable, Mapping
from typing import Protocol

from cancerapy.contract.responses import About, ModelResponse, PredictionResponse, TaskResponse

Progress = Callable[[float], None]


class Service(Protocol):
    """What every screen's content comes from; any method may raise a ``CanceRapyError``."""

    async def get_about(self) -> About:
        """Return who answers."""

    async def list_tasks(self) -> tuple[TaskResponse, ...]:
        """Return everything that can be asked, main tasks first."""

    async def list_models(self) -> tuple[ModelResponse, ...]:
        """Return the models that answer."""

    async def read_card(self, model: str) -> str:
        """Return the card of a model, Markdown."""

    async def predict(
        self,
        route: str,
        image: bytes,
        *,
        answers: Mapping[str, str | float] | None = None,
        on_progress: Progress = lambda _: None,
    ) -> PredictionResponse:
        """Return the answer to one image with its heat map, and what to do next."""
