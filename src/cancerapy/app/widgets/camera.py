"""The device's camera: its picture on the screen and the shutter.

A component of its own that is drawn once: a camera control that is drawn anew under another parent
loses its way to the page, and with it the device's camera.
"""

from collections.abc import Sequence
from typing import cast

import flet as ft
import flet_camera as fc
from flet.components.hooks.use_ref import MutableRef

from cancerapy.app.scene import Actions
from cancerapy.app.strings import Strings

HEIGHT_PX = 420


@ft.memo  # type: ignore[untyped-decorator]
@ft.component
def camera_pane(do: Actions, say: Strings, *, is_web: bool) -> ft.Control:
    """Return the camera's picture with a shutter; reports when there is no camera.

    Args:
        do: Gets the picture or the problem.
        say: The words.
        is_web: Whether the app runs in a browser.
    """
    camera = cast(fc.Camera, ft.use_ref(lambda: fc.Camera(expand=True)).current)
    opened: MutableRef[fc.CameraDescription | None] = ft.use_ref(None)

    async def start() -> None:
        try:
            opened.current = await _start(camera)
        except RuntimeError as error:  # what Flet raises for a refusal on the device
            await do.report(problem_of(error))
        except LookupError:
            await do.report("camera_missing")

    async def shoot() -> None:
        if opened.current is None:
            return
        try:
            data = await camera.take_picture()
        except RuntimeError:
            await do.report("camera_refused")
            return
        mirrored = is_mirrored(opened.current, is_web=is_web)
        await do.capture.take_photo(bytes(data), is_mirrored=mirrored)

    ft.use_effect(start, [])
    shutter = ft.FilledButton(
        say("capture.shutter"),
        key="shutter",
        icon=ft.Icons.CAMERA,
        on_click=shoot,
        style=ft.ButtonStyle(
            padding=ft.Padding.symmetric(vertical=18), shape=ft.RoundedRectangleBorder(radius=14)
        ),
    )
    return ft.Column(
        [ft.Container(camera, height=HEIGHT_PX), shutter],
        horizontal_alignment=ft.CrossAxisAlignment.STRETCH,
        spacing=16,
    )


async def _start(camera: fc.Camera) -> fc.CameraDescription:
    """Open the best camera and return it; ``LookupError`` if there is none."""
    best = choose_camera(await camera.get_available_cameras())
    await camera.initialize(best, fc.ResolutionPreset.VERY_HIGH, enable_audio=False)
    return best


def choose_camera(found: Sequence[fc.CameraDescription]) -> fc.CameraDescription:
    """Return the rear camera, or the first; ``LookupError`` if there is none."""
    if not found:
        raise LookupError("the device has no camera")
    rear = [one for one in found if one.lens_direction is fc.CameraLensDirection.BACK]
    return (rear or list(found))[0]


def problem_of(error: RuntimeError) -> str:
    """Return the code of the problem that the device's camera has."""
    # A browser lists cameras by opening one: without any, that fails before the list is empty.
    return "camera_missing" if "cameraNotFound" in str(error) else "camera_refused"


def is_mirrored(camera: fc.CameraDescription, *, is_web: bool) -> bool:
    """Tell whether a camera's photos come mirrored.

    In the browser those of every camera that does not say that it looks away from the person are:
    the picture on the screen is mirrored, and so is the file. In the packaged app the sensor's
    picture is expected; that was not tried on a phone.

    Args:
        camera: The camera that took it.
        is_web: Whether the app runs in a browser.
    """
    return is_web and camera.lens_direction is not fc.CameraLensDirection.BACK
