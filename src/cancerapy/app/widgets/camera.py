"""The device's camera: its picture on the screen and the shutter.

A component of its own that is drawn once: a camera control that is drawn anew under another parent
loses its way to the page, and with it the device's camera.
"""

from typing import cast

import flet as ft
import flet_camera as fc
from flet.components.hooks.use_ref import MutableRef

from cancerapy.app.scene import Actions
from cancerapy.app.strings import Strings

HEIGHT_PX = 420


@ft.memo  # type: ignore[untyped-decorator]
@ft.component
def camera_pane(do: Actions, say: Strings) -> ft.Control:
    """Return the camera's picture with a shutter; reports when there is no camera.

    Args:
        do: Gets the picture or the problem.
        say: The words.
    """
    camera = cast(fc.Camera, ft.use_ref(lambda: fc.Camera(expand=True)).current)
    is_open: MutableRef[bool] = ft.use_ref(bool)

    async def start() -> None:
        try:
            await _start(camera)
        except RuntimeError:  # what Flet raises for a refusal on the device
            await do.report("camera_refused")
            return
        except LookupError:
            await do.report("camera_missing")
            return
        is_open.current = True

    async def shoot() -> None:
        if not is_open.current:
            return
        try:
            data = await camera.take_picture()
        except RuntimeError:
            await do.report("camera_refused")
            return
        await do.take_picture(bytes(data), "camera.jpg")

    ft.use_effect(start, [])
    shutter = ft.FilledButton(
        say("capture.shutter"),
        key="shutter",
        icon=ft.Icons.CAMERA,
        on_click=shoot,
    )
    return ft.Column(
        [ft.Container(camera, height=HEIGHT_PX), shutter],
        horizontal_alignment=ft.CrossAxisAlignment.STRETCH,
        spacing=16,
    )


async def _start(camera: fc.Camera) -> None:
    """Open the rear camera, or the first; ``LookupError`` if there is none."""
    found = await camera.get_available_cameras()
    if not found:
        raise LookupError("the device has no camera")
    rear = [one for one in found if one.lens_direction is fc.CameraLensDirection.BACK]
    await camera.initialize((rear or found)[0], fc.ResolutionPreset.VERY_HIGH, enable_audio=False)
