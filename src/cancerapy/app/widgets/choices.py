"""Choices among a few: language, theme, text size, and the answers to a question."""

from collections.abc import Awaitable, Callable, Sequence

import flet as ft

from cancerapy.app.scene import Scene
from cancerapy.app.state import LANGUAGES
from cancerapy.app.theme import ARABIC_FONT, LATIN_FONT, font_of

Choose = Callable[[str], Awaitable[None]]

LANGUAGE_NAMES = {"en": "English", "ar": "العربية"}
"""Every language in its own words, so that a person finds it whatever is set."""

N_NARROW = 4
"""So many options stand close together, or a phone would break the text of each."""


def segments(
    scene: Scene,
    key: str,
    options: Sequence[tuple[str, str]],
    chosen: str | None,
    on_choose: Choose,
    *,
    may_be_empty: bool = False,
) -> ft.Control:
    """Return a row of options of which one is chosen.

    Args:
        scene: What is drawn with.
        key: Key of the whole; an option's key is the whole's, a dash, and its value.
        options: Value and text of each.
        chosen: Value of the chosen one, if any.
        on_choose: Gets the value chosen; empty if the choice was taken back.
        may_be_empty: Whether a choice can be taken back.
    """

    async def changed(event: ft.Event[ft.SegmentedButton]) -> None:
        selected = event.control.selected
        await on_choose(selected[0] if selected else "")

    scale = scene.state.preferences.text_scale
    side_px = 14 if len(options) < N_NARROW else 6
    return ft.SegmentedButton(
        key=key,
        segments=[
            ft.Segment(
                value=value,
                key=f"{key}-{value}",
                label=ft.Text(
                    text,
                    size=15 * scale,
                    font_family=font_of(value) if value in LANGUAGES else None,
                    font_family_fallback=[LATIN_FONT, ARABIC_FONT],
                ),
            )
            for value, text in options
        ],
        selected=[chosen] if chosen else [],
        allow_empty_selection=may_be_empty,
        show_selected_icon=False,
        style=ft.ButtonStyle(padding=ft.Padding.symmetric(horizontal=side_px, vertical=14)),
        on_change=changed,
    )


def language_choice(scene: Scene, on_choose: Choose) -> ft.Control:
    """Return the choice of the language."""
    options = [(code, LANGUAGE_NAMES[code]) for code in LANGUAGES]
    return segments(scene, "language", options, scene.state.preferences.language, on_choose)
