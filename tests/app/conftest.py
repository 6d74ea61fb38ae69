"""A toy task with its answer, a scene around them, and a device's storage in memory."""

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import fields, replace
from typing import Any

import flet as ft
import pytest

from cancerapy.app.scene import Scene
from cancerapy.app.state import AppState, Outcome, Picture, Preferences
from cancerapy.app.strings import load_strings
from cancerapy.app.theme import LIGHT
from cancerapy.contract import (
    Advice,
    ClassProbability,
    Decision,
    HeatMap,
    Malignancy,
    Timings,
    Verdict,
)
from cancerapy.contract.responses import (
    About,
    ClassResponse,
    InputResponse,
    PredictionResponse,
    QualityResponse,
    QuestionResponse,
    TaskResponse,
)


class MemoryStore:
    """Storage of a device; ``is_full`` makes it refuse."""

    def __init__(self) -> None:
        self.values: dict[str, Any] = {}
        self.is_full = False

    async def get(self, key: str) -> Any:
        """Return a value."""
        return self.values.get(key)

    async def set(self, key: str, value: Any) -> bool:
        """Keep a value unless full."""
        if not self.is_full:
            self.values[key] = value
        return not self.is_full

    async def remove(self, key: str) -> bool:
        """Forget a value."""
        return self.values.pop(key, None) is not None

    async def get_keys(self, key_prefix: str) -> list[str]:
        """Return the keys with a beginning."""
        return [key for key in self.values if key.startswith(key_prefix)]


class Idle:
    """Actions that do nothing; the names of those that were called are kept."""

    def __init__(self) -> None:
        self.called: list[tuple[str, tuple[Any, ...]]] = []

    @property
    def capture(self) -> "Idle":
        """Actions on a picture are kept here too."""
        return self

    @property
    def past(self) -> "Idle":
        """Actions on results are kept here too."""
        return self

    @property
    def study(self) -> "Idle":
        """What is learned is kept here too."""
        return self

    @property
    def courier(self) -> "Idle":
        """What is done with requests that wait is kept here too."""
        return self

    @property
    def local(self) -> "Idle":
        """What is done on the device is kept here too."""
        return self

    @property
    def records(self) -> "Idle":
        """What is done with the records is kept here too."""
        return self

    @property
    def answering(self) -> "Idle":
        """What is done with answers on the record is kept here too."""
        return self

    @property
    def patients(self) -> "Idle":
        """What is done with patients is kept here too."""
        return self

    @property
    def visit(self) -> "Idle":
        """What is done with a new examination is kept here too."""
        return self

    @property
    def reviewing(self) -> "Idle":
        """What is said of a guess is kept here too."""
        return self

    @property
    def accounts(self) -> "Idle":
        """What is done with accounts is kept here too."""
        return self

    @property
    def audit(self) -> "Idle":
        """What is done with the audit log is kept here too."""
        return self

    @property
    def session(self) -> "Idle":
        """Signing in is kept here too."""
        return self

    @property
    def password(self) -> "Idle":
        """What is done with one's own password is kept here too."""
        return self

    def draft(self, **typed: str) -> None:
        """Keep what was typed."""
        self.called.append(("draft", tuple(typed.items())))

    def __getattr__(self, name: str) -> Any:
        if name == "pick_action":
            return lambda: None

        async def act(*values: Any) -> None:
            self.called.append((name, values))

        return act

    async def use(self, *, on_device: bool) -> None:
        """Keep the choice."""
        self.called.append(("use", (on_device,)))

    def set_heat_opacity(self, value: float) -> None:
        """Keep the value."""
        self.called.append(("set_heat_opacity", (value,)))

    def move_side(self, side: str, place: float) -> None:
        """Keep the values."""
        self.called.append(("move_side", (side, place)))

    def take_hold(self, x: float, y: float, width_px: float, height_px: float) -> None:
        """Keep the values."""
        self.called.append(("take_hold", (x, y, width_px, height_px)))

    def drag(self, x: float, y: float) -> None:
        """Keep the values."""
        self.called.append(("drag", (x, y)))


class Look:
    """Finds in a tree of controls what a person would see of it."""

    def controls(self, value: Any) -> Iterator[Any]:
        """Yield every control in a tree, a list of them or a property of one."""
        if isinstance(value, ft.BaseControl):
            yield value
            for spec in fields(value):
                if not spec.name.startswith("_"):
                    yield from self.controls(getattr(value, spec.name))
        elif isinstance(value, list):
            for part in value:
                yield from self.controls(part)

    def keys(self, value: Any) -> list[Any]:
        """Return all keys; the key of a choice in a list is its value, not its own."""
        return [
            control.key
            for control in self.controls(value)
            if control.key is not None and not isinstance(control, ft.DropdownOption)
        ]

    def words(self, value: Any) -> str:
        """Return all texts, each on a line of its own."""
        return "\n".join(one.value for one in self.controls(value) if isinstance(one, ft.Text))

    def by_key(self, value: Any, key: str) -> Any:
        """Return the one control with a key."""
        (found,) = [control for control in self.controls(value) if control.key == key]
        return found


@pytest.fixture
def look() -> Look:
    """What finds controls in a tree."""
    return Look()


@pytest.fixture
def store() -> MemoryStore:
    """Storage of a new device."""
    return MemoryStore()


@pytest.fixture
def task() -> TaskResponse:
    """A task with a question of every kind, one of which is needed for a plain answer."""
    return TaskResponse(
        id="toy",
        title="Red or blue",
        cancer="toy",
        cancer_title="Toy cancer",
        modality="other",
        description="Two squares.",
        classes=(
            ClassResponse("R", "Red", "Red (R)", "A red square.", True, {}),
            ClassResponse("B", "Blue", "Blue (B)", "A blue square.", False, {}),
        ),
        limits=("Squares only.",),
        route="/api/v1/predict/toy",
        aliases=("/toy",),
        model="toy-3",
        questions=(
            QuestionResponse("age", "How old?", "number", (), "years", ""),
            QuestionResponse("lens", "Through a lens?", "yes_no", (), "", "yes"),
            QuestionResponse("shade", "Which shade?", "choice", ("light", "dark"), "", ""),
            QuestionResponse("site", "Where?", "choice", ("a", "b", "c", "d"), "", ""),
        ),
        advice={"malignant": "See a painter.", "unsure": "Ask a painter.", "benign": "Fine."},
        guidance=("One square at a time.",),
        input=InputResponse(
            32, 48, "crop", 16, quality=QualityResponse(2.0, (30.0, 220.0), 3.0, (0.0, 200.0))
        ),
        main=True,
        translations={"ar": {"Red": "أحمر"}},
        measured_on=("A hundred squares.",),
        signs=("It reddens.",),
        act_within_days={"malignant": 7},
        signs_source="The book of squares.",
        urgency_source="The painters' guild.",
    )


@pytest.fixture
def prediction() -> PredictionResponse:
    """A plain answer: red with 75 %, suspicious."""
    return PredictionResponse(
        task="toy",
        cancer="toy",
        model="toy-3",
        image_sha256="00",
        classes=(ClassProbability("B", "Blue (B)", 0.25), ClassProbability("R", "Red (R)", 0.75)),
        predicted_class="R",
        predicted_label="Red (R)",
        confidence=75.0,
        malignancy=Malignancy(0.75, "sensitivity_90", 0.5, True, 0.9, 0.8),
        density=None,
        conformal_set=("R",),
        coverage=0.9,
        verdict=Verdict.ANSWER,
        reasons=(),
        advice=Advice("malignant", "See a painter."),
        timings=Timings(1.0, 2.0, 3.0, 6.0),
        heatmap=HeatMap("R", ((0.0, 1.0), (0.5, 0.25))),
    )


@pytest.fixture
def outcome(task: TaskResponse, prediction: PredictionResponse) -> Outcome:
    """The answer to a picture that was taken through a lens."""
    moment = "2026-11-27T18:00:00.000+00:00"
    return Outcome(moment, task, prediction, {"lens": "yes", "age": 50.0}, b"")


@pytest.fixture
def weighed(outcome: Outcome) -> Outcome:
    """That answer with the decision of an agent that speaks both languages."""
    decision = Decision(
        "refer", None, None, 0.5, 0.1, 1.0, "US dollars", (), (), "Refer.",
        {"en": "Refer.", "ar": "\u0627\u0644\u0625\u062d\u0627\u0644\u0629."},
    )  # fmt: skip
    return replace(outcome, prediction=replace(outcome.prediction, decision=decision))


@pytest.fixture
def state(task: TaskResponse) -> AppState:
    """A state on the way: consented, connected, with a task and a picture."""
    return AppState(
        preferences=Preferences(consented=True),
        width_px=390,
        about=About("CanceRapy", "1.0", "v1", 20_000_000, 50, "JPEG or PNG"),
        tasks=(task, replace(task, id="toy-again", main=False)),
        task=task,
        picture=Picture(b"data", b"preview", 48, 32, "a.png"),
    )


@pytest.fixture
def idle() -> Idle:
    """Actions that do nothing."""
    return Idle()


@pytest.fixture
def scene(state: AppState, idle: Idle) -> Scene:
    """That state in English and light colours."""
    return Scene(state, load_strings("en"), LIGHT, idle)


@pytest.fixture
def until() -> Callable[[Callable[[], bool]], Awaitable[None]]:
    """Waits until a condition holds, ten seconds at most."""

    async def wait(condition: Callable[[], bool]) -> None:
        async with asyncio.timeout(10):
            while not condition():
                await asyncio.sleep(0.005)

    return wait
