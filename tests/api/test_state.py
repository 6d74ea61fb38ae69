"""What the views of one application share."""

from pathlib import Path
from typing import Any

import pytest
from apiflask import APIFlask

from cancerapy.api.metrics import Metrics
from cancerapy.api.state import ApiState, current_state
from cancerapy.records.on_demand import RecordsOnDemand
from cancerapy.settings import Settings


def test_views_find_the_state_of_their_application(
    app: APIFlask, toy_models: Any, tmp_path: Path
) -> None:
    with app.app_context():
        state = current_state()
    assert isinstance(state, ApiState)
    assert state is app.extensions["cancerapy"]
    assert state.models is toy_models
    assert state.settings == Settings(home=tmp_path / "home")


def test_without_a_request_there_is_none() -> None:
    with pytest.raises(RuntimeError, match="outside of application context"):
        current_state()


def test_each_state_counts_for_itself(toy_models: Any) -> None:
    on_demand = RecordsOnDemand(Settings())
    first, second = (ApiState(Settings(), toy_models, on_demand) for _ in range(2))
    assert isinstance(first.metrics, Metrics)
    assert first.metrics is not second.metrics
