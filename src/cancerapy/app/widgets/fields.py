"""Fields for typing and choosing, in one look."""

from collections.abc import Awaitable, Callable, Sequence

import flet as ft

from cancerapy.app.scene import Scene
from cancerapy.app.widgets.layout import panel
from cancerapy.app.widgets.notices import problem_panel
from cancerapy.app.widgets.text import body

LINE_PX = 3
"""Height of the line that says that the server is being asked."""

Take = Callable[[str], Awaitable[None]]


def text_field(
    scene: Scene,
    key: str,
    label: str,
    value: str,
    on_change: Take,
    *,
    on_submit: Callable[[], Awaitable[None]] | None = None,
    digits: int = 0,
    lines: int = 1,
) -> ft.TextField:
    """Return a field for typing.

    Args:
        scene: What is drawn with.
        key: Its key.
        label: What belongs into it.
        value: What is in it.
        on_change: Gets what is typed.
        on_submit: Follows the enter key.
        digits: Most digits where only digits are taken; 0 takes any text.
        lines: Lines that are seen at once.
    """

    async def changed(event: ft.Event[ft.TextField]) -> None:
        await on_change(str(event.control.value or ""))

    return ft.TextField(
        key=key,
        value=value,
        label=label,
        autocorrect=False,
        keyboard_type=ft.KeyboardType.NUMBER if digits else ft.KeyboardType.TEXT,
        input_filter=ft.InputFilter(r"^[0-9]*$") if digits else None,
        max_length=digits or None,
        counter="" if digits else None,
        multiline=lines > 1,
        min_lines=lines if lines > 1 else None,
        align_label_with_hint=True,
        border_radius=12,
        border_color=scene.palette.line,
        on_change=changed,
        on_submit=on_submit,
    )


def password_field(
    scene: Scene,
    key: str,
    label: str,
    on_change: Callable[[str], None],
    *,
    on_submit: Callable[[], Awaitable[None]] | None = None,
    is_new: bool = False,
) -> ft.TextField:
    """Return a field for a password, which can be looked at; what is typed is drawn from nowhere.

    Args:
        scene: What is drawn with.
        key: Its key.
        label: Which password belongs into it.
        on_change: Gets what is typed.
        on_submit: Follows the enter key.
        is_new: Whether it is being chosen, for the device's own keeper of passwords.
    """

    def changed(event: ft.Event[ft.TextField]) -> None:
        on_change(str(event.control.value or ""))

    hint = ft.AutofillHint.NEW_PASSWORD if is_new else ft.AutofillHint.PASSWORD
    return ft.TextField(
        key=key,
        label=label,
        password=True,
        can_reveal_password=True,
        autofill_hints=[hint],
        border_radius=12,
        border_color=scene.palette.line,
        on_change=changed,
        on_submit=on_submit,
    )


def list_field(
    scene: Scene,
    key: str,
    label: str,
    options: Sequence[tuple[str, str]],
    value: str,
    on_choose: Take,
) -> ft.Dropdown:
    """Return a field for choosing one of many.

    Args:
        scene: What is drawn with.
        key: Its key.
        label: What is chosen.
        options: Value and text of each.
        value: Value of the chosen one; empty if none is.
        on_choose: Gets the value chosen.
    """

    async def choose(event: ft.Event[ft.Dropdown]) -> None:
        await on_choose(str(event.control.value or ""))

    return ft.Dropdown(
        key=key,
        value=value or None,
        label=label,
        options=[ft.DropdownOption(key=one, text=text) for one, text in options],
        menu_height=320,
        border_radius=12,
        border_color=scene.palette.line,
        color=scene.palette.ink,
        on_select=choose,
    )


def record_notices(scene: Scene, waiting: str = "") -> list[ft.Control]:
    """Return that the server is being asked, what went wrong, or what was just done.

    Args:
        scene: What is drawn with.
        waiting: What is said while the server is asked and that may take long; where it is
            quick, a line is enough and nothing below it moves.
    """
    say, records = scene.say, scene.state.records
    if records.is_busy and waiting:
        ring = ft.ProgressRing(width=22, height=22, stroke_width=3)
        said = panel(scene, ft.Row([ring, ft.Container(body(scene, waiting), expand=True)]))
        return [ft.Semantics(content=said, live_region=True)]
    line = ft.ProgressBar(bar_height=LINE_PX, semantics_label=say("records.busy"))
    found: list[ft.Control] = [ft.Container(line if records.is_busy else None, height=LINE_PX)]
    found += problem_panel(scene)
    if records.note:
        tone = scene.palette.low
        done = panel(scene, body(scene, say(records.note), tone.ink), key="note", tone=tone)
        found.append(ft.Semantics(content=done, live_region=True))
    return found
