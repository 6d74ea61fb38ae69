"""What the instant check found in a picture, in plain words with what to do; it stops nobody."""

import flet as ft

from cancerapy.app.scene import Scene
from cancerapy.app.state import Picture
from cancerapy.app.widgets.layout import panel, with_icon
from cancerapy.app.widgets.text import body, small


def picture_check(scene: Scene, picture: Picture) -> list[ft.Control]:
    """Return the panel below the preview; nothing where nothing was checked."""
    if picture.concerns is None:
        return []
    say, palette = scene.say, scene.palette
    if not picture.concerns:
        tone, icon, keys = palette.low, ft.Icons.CHECK_CIRCLE_OUTLINE, ["check.fine"]
    else:
        tone, icon = palette.unsure, ft.Icons.WARNING_AMBER_ROUNDED
        keys = [f"check.{code}" for code in picture.concerns]
    rows: list[ft.Control] = [
        with_icon(scene, icon, body(scene, say(key), tone.ink), color=tone.ink) for key in keys
    ]
    if picture.concerns:
        rows.append(small(scene, say("check.may_go_on"), tone.ink))
    checked = panel(scene, *rows, key="check", tone=tone)
    return [ft.Semantics(content=checked, live_region=True)]


def picture_facts(scene: Scene, picture: Picture) -> list[ft.Control]:
    """Return what else the person should know of what is sent."""
    say = scene.say
    size = say("capture.size", width=picture.width_px, height=picture.height_px)
    texts = [say("capture.smaller", size=size) if picture.is_smaller else size]
    if not picture.can_be_edited:
        texts.append(say("crop.not_dicom"))
    return [small(scene, " ".join(texts))]
