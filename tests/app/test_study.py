"""What is learned about the models, and how it is shown."""

import asyncio
from dataclasses import replace
from typing import Any

import flet as ft

from cancerapy.app.scene import Scene
from cancerapy.app.state import AppState
from cancerapy.app.study import Study
from cancerapy.app.views.learn import build_learn
from cancerapy.app.views.settings import build_settings
from cancerapy.app.widgets.figures import find_rows
from cancerapy.contract.responses import ModelResponse
from cancerapy.errors import CanceRapyError, ServerDownError


def _row(metric: str, value: float, protocol: str = "grouped-5", task: str = "toy") -> Any:
    return {"task": task, "protocol": protocol, "metric": metric, "value": value,
            "low": value - 0.02, "high": value + 0.02, "command": "x"}  # fmt: skip


MODEL = ModelResponse(
    name="toy-3", cancer="toy", version="3", tasks=("toy",), input_height_px=32,
    input_width_px=48, created="2026-11-27", licences={"data": "CC-BY-4.0"},
    results=(
        _row("point_sensitivity", 0.9), _row("malignancy_auc", 0.8),
        _row("malignancy_auc", 0.7, protocol="external"), _row("brier", 0.3),
        _row("malignancy_auc", 0.6, task="other"),
    ),
    digests={}, provenance={},
)  # fmt: skip


class Host:
    """A server that answers unless it is down."""

    def __init__(self, state: AppState) -> None:
        self.state = state
        self.n_asked = 0
        self.is_down = False
        self.complaints: list[str] = []

    def redraw(self) -> None:
        """Draw nothing."""

    def complain(self, error: CanceRapyError) -> None:
        """Keep the code."""
        self.complaints.append(error.code)

    def client(self) -> Any:
        """Answer itself."""
        return self

    async def list_models(self) -> tuple[ModelResponse, ...]:
        """Return the one model."""
        self.n_asked += 1
        if self.is_down:
            raise ServerDownError("down")
        return (MODEL,)

    async def read_card(self, model: str) -> str:
        """Return a card."""
        return f"# {model}"


def test_the_server_is_asked_once(state: AppState) -> None:
    host = Host(state)
    asyncio.run(Study(host).load())  # type: ignore[arg-type]
    asyncio.run(Study(host).load())  # type: ignore[arg-type]
    assert host.n_asked == 1
    assert state.models == (MODEL,)


def test_a_server_that_is_down_is_told(state: AppState) -> None:
    host = Host(state)
    host.is_down = True
    asyncio.run(Study(host).load())  # type: ignore[arg-type]
    assert host.complaints == ["server_down"]


def test_a_card_is_opened_and_closed(scene: Scene, look: Any) -> None:
    study = Study(Host(scene.state))  # type: ignore[arg-type]
    asyncio.run(study.read_card("toy-3"))
    (markdown,) = [c for c in look.controls(build_learn(scene)) if isinstance(c, ft.Markdown)]
    assert markdown.value == "# toy-3"
    asyncio.run(study.close_card())
    assert scene.state.card == ""


def test_figures_have_intervals_and_come_from_the_first_protocol(scene: Scene, look: Any) -> None:
    scene.state.models = (MODEL,)
    assert scene.state.task is not None
    rows = find_rows(scene, scene.state.task)
    assert [(row["metric"], row["value"]) for row in rows] == [
        ("malignancy_auc", 0.8), ("point_sensitivity", 0.9),
    ]  # fmt: skip
    words = look.words(build_learn(scene))
    assert "95 % interval: 78 % to 82 %" in words
    assert "It reddens." in words
    assert "A hundred squares." in words


def test_a_model_without_figures_shows_none(scene: Scene) -> None:
    scene.state.models = (replace(MODEL, results=()),)
    assert scene.state.task is not None
    assert find_rows(scene, scene.state.task) == []


def test_licences_are_the_server_s(scene: Scene, look: Any) -> None:
    scene.state.models = (MODEL,)
    words = look.words(build_settings(scene))
    assert "toy-3: training data" in words
    assert "CC-BY-4.0" in words


def test_licences_are_listed_and_read(scene: Scene) -> None:
    host = Host(scene.state)
    study = Study(host)  # type: ignore[arg-type]
    asyncio.run(study.open_licences())
    first = host.state.licences[0]
    assert first.name == "CanceRapy"
    asyncio.run(study.read_licence(first))
    assert host.state.licence is first
    asyncio.run(study.close_licence())
    asyncio.run(study.close_licences())
    assert (host.state.licence, host.state.licences) == (None, ())
