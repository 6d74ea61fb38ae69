"""What happens to a picture between file and server: read, turned, cut out, checked."""

import asyncio
from collections.abc import Callable
from typing import Protocol

from cancerapy.app.edit import Edit, turn_preview
from cancerapy.app.grip import Grip, take_hold
from cancerapy.app.picture import Way, edit_picture, read_picture, turn_back
from cancerapy.app.state import AppState, Editing, Picture
from cancerapy.contract.responses import TaskResponse
from cancerapy.errors import CanceRapyError, ImageError
from cancerapy.readers import ReadLimits


class Host(Protocol):
    """What this part needs of the controller."""

    state: AppState

    def redraw(self) -> None:
        """Draw the state."""

    def complain(self, error: CanceRapyError) -> None:
        """Say what went wrong."""


class Capture:
    """See ``scene.CaptureActions`` for what each method means to the person.

    Args:
        host: Whose state it changes.
        max_bytes: Largest picture that is sent while no server has said what it takes.
    """

    def __init__(self, host: Host, max_bytes: int) -> None:
        self._host = host
        self._max_bytes = max_bytes
        self._grip: Grip | None = None

    async def take(self, data: bytes, name: str) -> None:
        """Read a picture from gallery or file; a bad one leaves the earlier in place."""
        await self._read(lambda way: read_picture(data, name, way))

    async def take_photo(self, data: bytes, *, is_mirrored: bool) -> None:
        """Read a photo of the camera."""

        def read(way: Way) -> Picture:
            photo = turn_back(data, way.chosen) if is_mirrored else data
            return read_picture(photo, "camera", way)

        await self._read(read)

    async def begin_edit(self) -> None:
        """Show the whole picture with the frame on it."""
        picture = self._host.state.picture
        if picture is not None and picture.can_be_edited:
            self._host.state.problem = None
            await self._show(picture, picture.edit)

    async def turn(self, quarters: int) -> None:
        """Turn the picture clockwise; negative for the other way."""
        picture, editing = self._host.state.picture, self._host.state.editing
        if picture is not None and editing is not None:
            await self._show(picture, editing.edit.turned(quarters))

    def move_side(self, side: str, place: float) -> None:
        """Move a side of the frame to a share of the picture, 0..1."""
        editing = self._host.state.editing
        if editing is not None:
            self._frame(editing.edit.with_side(side, place))

    def take_hold(self, x: float, y: float, width_px: float, height_px: float) -> None:
        """Put a finger on the picture, (x, y) in shares of it, the size as on the screen."""
        editing = self._host.state.editing
        if editing is not None:
            self._grip = take_hold(editing.edit, x, y, width_px, height_px)

    def drag(self, x: float, y: float) -> None:
        """Move that finger."""
        if self._grip is not None:
            self._frame(self._grip.dragged(x, y))

    async def reset_edit(self) -> None:
        """Show the picture as the file has it."""
        picture = self._host.state.picture
        if picture is not None:
            await self._show(picture, Edit())

    async def use_edit(self) -> None:
        """Take what the frame holds."""
        picture, editing = self._host.state.picture, self._host.state.editing
        self._host.state.editing = None
        if picture is not None and editing is not None and editing.edit != picture.edit:
            await self._read(lambda way: edit_picture(picture, editing.edit, way))
        else:
            self._host.redraw()

    async def leave_edit(self) -> None:
        """Leave the picture as it was."""
        self._host.state.editing = None
        self._host.redraw()

    async def _read(self, make: Callable[[Way], Picture]) -> None:
        state = self._host.state
        state.camera_on, state.problem, state.is_busy, state.editing = False, None, True, None
        self._host.redraw()
        try:
            picture = await asyncio.to_thread(make, self.way(self._host.state.task))
            self._host.state.picture = picture
        except ImageError as error:
            self._host.complain(error)
        self._host.state.is_busy = False
        self._host.redraw()

    def way(self, task: TaskResponse | None) -> Way:
        """Return the way that a picture for a task goes."""
        state, about = self._host.state, self._host.state.about
        limits = ReadLimits(self._max_bytes)
        if about is not None:
            limits = ReadLimits(about.max_upload_bytes, about.max_megapixels)
        # In the browser the app's Python runs beside the server: there is nothing to save.
        return Way(limits, task, is_costly=not state.is_web)

    async def _show(self, picture: Picture, edit: Edit) -> None:
        preview, size = await asyncio.to_thread(turn_preview, picture.whole, edit)
        self._grip = None
        self._host.state.editing = Editing(edit, preview, *size)
        self._host.redraw()

    def _frame(self, edit: Edit) -> None:
        editing = self._host.state.editing
        if editing is not None and edit != editing.edit:
            self._host.state.editing = Editing(
                edit, editing.preview, editing.width_px, editing.height_px
            )
            self._host.redraw()
