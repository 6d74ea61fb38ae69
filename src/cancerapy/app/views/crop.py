"""Crop and turn: the whole picture under a frame, for finger, mouse and keyboard."""

import flet as ft

from cancerapy.app.edit import SIDES, Edit
from cancerapy.app.scene import Scene
from cancerapy.app.state import Editing
from cancerapy.app.theme import GAP
from cancerapy.app.widgets.layout import main_button, other_button, panel, panes, stack
from cancerapy.app.widgets.text import body, small

MAX_HEIGHT_PX = {False: 360, True: 460}
"""Greatest height of the picture on the screen, by whether the screen is wide."""

DRAG_INTERVAL_MS = 40
CORNER_PX = 18
FRAME_COLOR, SHADE = "#FFFFFF", "#99000000"
"""On any picture and in both themes: what is outside the frame lies in shade."""


def build_crop(scene: Scene, editing: Editing) -> list[ft.Control]:
    """Return the controls of the screen while a picture is cropped and turned."""
    width_px, height_px = _size(scene, editing)
    image = ft.Row(
        [_surface(scene, editing, width_px, height_px)], alignment=ft.MainAxisAlignment.CENTER
    )
    left: list[ft.Control] = [image, small(scene, scene.say("crop.hint")), _turns(scene)]
    right: list[ft.Control] = [_sides(scene, editing.edit), _ends(scene)]
    return [panes(scene, left, right)]


def _size(scene: Scene, editing: Editing) -> tuple[float, float]:
    """Return width and height of the picture on the screen."""
    is_wide = scene.state.is_wide
    room_px = (scene.content_px - GAP * 1.5) / 2 if is_wide else scene.content_px
    scale = min(room_px / editing.width_px, MAX_HEIGHT_PX[is_wide] / editing.height_px)
    return round(editing.width_px * scale), round(editing.height_px * scale)


def _surface(scene: Scene, editing: Editing, width_px: float, height_px: float) -> ft.Control:
    """Return the picture under its frame, which follows the finger.

    A drag that begins along either axis follows on both; a pan would lose against the page, which
    scrolls.
    """

    def begun(event: ft.DragStartEvent[ft.GestureDetector]) -> None:
        at = event.local_position
        scene.do.capture.take_hold(at.x / width_px, at.y / height_px, width_px, height_px)

    def moved(event: ft.DragUpdateEvent[ft.GestureDetector]) -> None:
        at = event.local_position
        scene.do.capture.drag(at.x / width_px, at.y / height_px)

    image = ft.Image(
        src=editing.preview,
        width=width_px,
        height=height_px,
        fit=ft.BoxFit.FILL,
        gapless_playback=True,
        semantics_label=scene.say("crop.picture"),
    )
    layers = [image, *_shades(editing.edit, width_px, height_px)]
    layers += _frame(editing.edit, width_px, height_px)
    return ft.GestureDetector(
        ft.Stack(list(layers), width=width_px, height=height_px),
        key="crop-surface",
        mouse_cursor=ft.MouseCursor.MOVE,
        drag_interval=DRAG_INTERVAL_MS,
        exclude_from_semantics=True,  # the sliders say the same to a screen reader
        on_horizontal_drag_start=begun,
        on_vertical_drag_start=begun,
        on_horizontal_drag_update=moved,
        on_vertical_drag_update=moved,
    )


def _shades(edit: Edit, width_px: float, height_px: float) -> list[ft.Control]:
    """Return the shade on the four sides of the frame."""
    x0, x1 = edit.left * width_px, edit.right * width_px
    y0, y1 = edit.top * height_px, edit.bottom * height_px
    boxes = (
        (0.0, 0.0, width_px, y0),
        (0.0, y1, width_px, height_px - y1),
        (0.0, y0, x0, y1 - y0),
        (x1, y0, width_px - x1, y1 - y0),
    )
    return [
        ft.Container(left=x, top=y, width=width, height=height, bgcolor=SHADE)
        for x, y, width, height in boxes
    ]


def _frame(edit: Edit, width_px: float, height_px: float) -> list[ft.Control]:
    """Return the frame and its corners, which lie inside the picture."""
    x0, x1 = edit.left * width_px, edit.right * width_px
    y0, y1 = edit.top * height_px, edit.bottom * height_px
    border = ft.Container(
        key="crop-frame",
        left=x0,
        top=y0,
        width=x1 - x0,
        height=y1 - y0,
        border=ft.Border.all(2, FRAME_COLOR),
    )
    corners = [
        ft.Container(
            left=x, top=y, width=CORNER_PX, height=CORNER_PX, bgcolor=FRAME_COLOR, border_radius=4
        )
        for x in (x0, x1 - CORNER_PX)
        for y in (y0, y1 - CORNER_PX)
    ]
    return [border, *corners]


def _turns(scene: Scene) -> ft.Control:
    async def left() -> None:
        await scene.do.capture.turn(-1)

    async def right() -> None:
        await scene.do.capture.turn(1)

    say = scene.say
    buttons: list[ft.Control] = [
        other_button(
            scene, say("crop.turn_left"), "turn-left", icon=ft.Icons.ROTATE_LEFT, on_click=left
        ),
        other_button(
            scene, say("crop.turn_right"), "turn-right", icon=ft.Icons.ROTATE_RIGHT, on_click=right
        ),
        other_button(
            scene,
            say("crop.reset"),
            "crop-reset",
            icon=ft.Icons.CROP_FREE,
            on_click=scene.do.capture.reset_edit,
        ),
    ]
    return ft.Row(buttons, wrap=True, spacing=12, run_spacing=12)


def _sides(scene: Scene, edit: Edit) -> ft.Control:
    """Return a slider per side: how much of the picture is cut off there."""
    return panel(
        scene,
        *(_side(scene, edit, side) for side in SIDES),
        key="crop-sides",
    )


def _side(scene: Scene, edit: Edit, side: str) -> ft.Control:
    is_far = side in ("right", "bottom")
    place = float(getattr(edit, side))
    cut = 1.0 - place if is_far else place

    def changed(event: ft.Event[ft.Slider]) -> None:
        value = float(event.control.value or 0) / 100
        scene.do.capture.move_side(side, 1.0 - value if is_far else value)

    text = scene.say(f"crop.cut.{side}")
    row = ft.Row(
        [
            ft.Container(body(scene, text), expand=True),
            body(scene, scene.say("percent", n=round(100 * cut)), strong=True),
        ],
        spacing=12,
    )
    slider = ft.Slider(
        key=f"crop-{side}", value=100 * cut, min=0, max=100, divisions=100, on_change=changed
    )
    return ft.MergeSemantics(stack(row, slider, spacing=0))


def _ends(scene: Scene) -> ft.Control:
    use = main_button(
        scene,
        scene.say("crop.use"),
        "crop-use",
        icon=ft.Icons.CHECK,
        on_click=scene.do.capture.use_edit,
    )
    leave = other_button(
        scene, scene.say("cancel"), "crop-leave", on_click=scene.do.capture.leave_edit
    )
    return stack(use, leave, spacing=12)
