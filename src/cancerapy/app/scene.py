"""What every view gets: the state, the words, the colours, and what can be done."""

from dataclasses import dataclass
from typing import Protocol

import flet as ft

from cancerapy.app.state import Answer, AppState, Preferences, Screen
from cancerapy.app.strings import Strings
from cancerapy.app.theme import Palette
from cancerapy.contract.responses import TaskResponse


class Actions(Protocol):
    """What a person can do; ``controller.Controller`` does it."""

    async def go(self, screen: Screen) -> None:
        """Show a screen."""

    async def connect(self) -> None:
        """Ask the server who it is and what it offers."""

    async def consent(self) -> None:
        """Accept what the app is and is not."""

    async def change(self, preferences: Preferences) -> None:
        """Change what the person has chosen."""

    async def choose_task(self, task: TaskResponse) -> None:
        """Begin with a cancer's task."""

    async def answer(self, question_id: str, value: Answer | None) -> None:
        """Keep or forget an answer of the patient."""

    def pick_action(self) -> ft.ClientAction:
        """Return what opens the device's gallery and files."""

    async def open_camera(self) -> None:
        """Show the camera's picture."""

    async def close_camera(self) -> None:
        """Leave the camera without a picture."""

    async def take_picture(self, data: bytes, name: str) -> None:
        """Read a picture from gallery, file or camera."""

    async def drop_picture(self) -> None:
        """Forget the picture that was chosen."""

    async def report(self, code: str) -> None:
        """Say that something went wrong on the device."""

    async def analyse(self) -> None:
        """Send the picture and show the result."""

    async def cancel(self) -> None:
        """Stop the analysis that runs."""

    def set_heat_opacity(self, value: float) -> None:
        """Change how much the heat map hides the picture, 0..1."""

    async def open_result(self, outcome_id: str) -> None:
        """Show an earlier result."""

    async def delete_result(self, outcome_id: str) -> None:
        """Forget an earlier result for good."""

    async def delete_everything(self) -> None:
        """Forget everything that the app keeps on the device."""


@dataclass(frozen=True, slots=True)
class Scene:
    """Everything that a view needs to draw itself.

    Args:
        state: What is shown.
        say: The words of the person's language.
        palette: The colours of the person's theme.
        do: What can be done.
    """

    state: AppState
    say: Strings
    palette: Palette
    do: Actions

    @property
    def content_px(self) -> float:
        """Width of the content's column; there is a rail beside it on a wide screen."""
        if self.state.is_wide:
            return min(self.state.width_px - 180, 1040)
        return min(max(self.state.width_px, 320) - 32, 640)
