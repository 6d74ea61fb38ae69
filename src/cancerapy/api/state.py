"""What the views of one application share: settings, models and counters."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Protocol

from flask import current_app

from cancerapy.api.metrics import Metrics
from cancerapy.bundle.schema import BundleFields
from cancerapy.contract import HeatMap, Prediction
from cancerapy.records import Records
from cancerapy.records.on_demand import RecordsOnDemand
from cancerapy.settings import Settings

EXTENSION = "cancerapy"


class AnswersImages(Protocol):
    """What the API asks of ``runtime.Predictor``."""

    def predict(self, data: bytes, task_id: str, *, heatmap: bool = False) -> Prediction:
        """Return the answer to the image ``data`` for the task."""
        ...

    def overlay(self, data: bytes, heatmap: HeatMap) -> bytes:
        """Return the prepared picture with ``heatmap`` over it as a PNG."""
        ...


class ServesTasks(Protocol):
    """What the API asks of ``runtime.models.Models``."""

    def predictor(self, task_id: str) -> AnswersImages:
        """Return what answers the task."""
        ...

    def fields(self) -> Mapping[str, BundleFields]:
        """Return the fields of every usable bundle, by cancer id."""
        ...

    def problems(self) -> Mapping[str, str]:
        """Return what is wrong, by the id of each cancer without a usable bundle."""
        ...

    def card(self, cancer_id: str) -> str:
        """Return the model card of the cancer's bundle, Markdown."""
        ...

    def read_file(self, cancer_id: str, name: str) -> bytes:
        """Return the content of a file of the cancer's bundle."""
        ...

    def warm(self) -> None:
        """Load every usable bundle now, so that no first request waits."""
        ...


@dataclass(frozen=True, slots=True)
class ApiState:
    """What one application needs to answer.

    Args:
        settings: Resolved settings.
        models: The models that are served.
        records: The patients' records, opened when they are first needed.
        metrics: Counters.
    """

    settings: Settings
    models: ServesTasks
    records: RecordsOnDemand
    metrics: Metrics = field(default_factory=Metrics)


def current_state() -> ApiState:
    """Return the state of the application that answers the current request."""
    state: ApiState = current_app.extensions[EXTENSION]
    return state


def current_records() -> Records:
    """Return the records of the application that answers the current request.

    Raises:
        RecordsError: They cannot be used now.
    """
    return current_state().records.get()
