"""What every view gets: the state, the words, the colours, and what can be done."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

import flet as ft

from cancerapy.app.licences import Licence
from cancerapy.app.records.actions import RecordsActions
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

    @property
    def capture(self) -> "CaptureActions":
        """What can be done to a picture before it is sent."""

    @property
    def past(self) -> "PastActions":
        """What can be done with results that are there."""

    @property
    def study(self) -> "StudyActions":
        """What can be learned about the models."""

    @property
    def session(self) -> "SessionActions":
        """How to sign in and out."""

    @property
    def password(self) -> "PasswordActions":
        """How to change one's own password."""

    @property
    def records(self) -> RecordsActions:
        """What can be done with the server's records."""

    @property
    def courier(self) -> "CourierActions":
        """What can be done with requests that wait for the server."""

    @property
    def local(self) -> "LocalActions":
        """What can be done to answer on the device."""


class CaptureActions(Protocol):
    """What a person can do to a picture before it is sent; ``capturing.Capture`` does it."""

    async def take_photo(self, data: bytes, *, is_mirrored: bool) -> None:
        """Read a photo of the camera."""

    async def begin_edit(self) -> None:
        """Show the whole picture with the frame on it."""

    async def turn(self, quarters: int) -> None:
        """Turn the picture clockwise; negative for the other way."""

    def move_side(self, side: str, place: float) -> None:
        """Move a side of the frame to a share of the picture, 0..1."""

    def take_hold(self, x: float, y: float, width_px: float, height_px: float) -> None:
        """Put a finger on the picture, (x, y) in shares of it, the size as on the screen."""

    def drag(self, x: float, y: float) -> None:
        """Move that finger."""

    async def reset_edit(self) -> None:
        """Show the picture as the file has it."""

    async def use_edit(self) -> None:
        """Take what the frame holds."""

    async def leave_edit(self) -> None:
        """Leave the picture as it was."""


class PastActions(Protocol):
    """What a person can do with results; ``past.Past`` does it."""

    async def ask_delete(self, what: str) -> None:
        """Ask before deleting a result, or ``EVERYTHING``; empty takes the question back."""

    async def name_lesion(self, outcome_id: str, lesion: str) -> None:
        """Say which lesion a result shows; empty if none."""

    async def compare(self, earlier_id: str, later_id: str) -> None:
        """Show two results side by side."""

    async def close_comparison(self) -> None:
        """Return to the list of results."""

    async def remind(self, outcome_id: str, days: int) -> None:
        """Remind in some days; 0 takes the reminder back."""

    async def save_calendar(self, outcome_id: str) -> None:
        """Save a result's reminder as a calendar file."""

    async def save_pdf(self) -> None:
        """Save the result that is shown as a PDF."""

    async def save_again(self) -> None:
        """Try again to keep what the device had no room for."""


class SessionActions(Protocol):
    """How a person signs in and out; ``session.SessionKeeper`` does it."""

    def draft(self, *, name: str | None = None, password: str | None = None) -> None:
        """Keep what is being typed."""

    async def sign_in(self) -> None:
        """Send name and password."""

    async def sign_out(self) -> None:
        """End the sign-in here and at the server."""


class PasswordActions(Protocol):
    """How a person changes their own password; ``own_password.OwnPassword`` does it."""

    def draft(
        self,
        *,
        current: str | None = None,
        password: str | None = None,
        repeated: str | None = None,
    ) -> None:
        """Keep what is being typed."""

    async def change(self) -> None:
        """Send the present and the new password."""


class StudyActions(Protocol):
    """What a person can learn about the models; ``study.Study`` does it."""

    async def load(self) -> None:
        """Ask the server how its models were measured."""

    async def read_card(self, model: str) -> None:
        """Show a model's card."""

    async def close_card(self) -> None:
        """Return from the card."""

    async def open_licences(self) -> None:
        """List the licences of all parts of the app."""

    async def close_licences(self) -> None:
        """Return from the list."""

    async def read_licence(self, licence: Licence) -> None:
        """Show the text of a licence."""

    async def close_licence(self) -> None:
        """Return to the list."""


class CourierActions(Protocol):
    """What a person can do with requests that wait; ``courier.Courier`` does it."""

    async def retry(self) -> None:
        """Send what waits now."""

    async def delete(self, request_id: str) -> None:
        """Forget a request that waits."""


class LocalActions(Protocol):
    """What a person can do to answer on the device; ``local.Local`` does it."""

    async def use(self, *, on_device: bool) -> None:
        """Answer on the device, or by the server again."""

    async def fetch(self) -> None:
        """Fetch the server's models onto the device."""

    async def cancel_fetch(self) -> None:
        """Stop fetching."""


@dataclass(frozen=True, slots=True)
class Scene:
    """Everything that a view needs to draw itself.

    Args:
        state: What is shown.
        say: The words of the person's language.
        palette: The colours of the person's theme.
        do: What can be done.
        copy: Makes what copies a text inside the person's own tap; nothing off a page.
    """

    state: AppState
    say: Strings
    palette: Palette
    do: Actions
    copy: Callable[[str], ft.ClientAction | None] = lambda _: None

    @property
    def content_px(self) -> float:
        """Width of the content's column; there is a rail beside it on a wide screen."""
        if self.state.is_wide:
            return min(self.state.width_px - 180, 1040)
        return min(max(self.state.width_px, 320) - 32, 640)
