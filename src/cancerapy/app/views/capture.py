"""Capture: an image from camera, gallery or file, with guidance and a preview."""

import flet as ft

from cancerapy.app.scene import Scene
from cancerapy.app.state import Picture
from cancerapy.app.theme import RADIUS
from cancerapy.app.views.crop import build_crop
from cancerapy.app.widgets.camera import camera_pane
from cancerapy.app.widgets.layout import (
    bullet,
    main_button,
    other_button,
    panel,
    panes,
    part,
    stack,
)
from cancerapy.app.widgets.notices import problem_panel
from cancerapy.app.widgets.picture_check import picture_check, picture_facts
from cancerapy.app.widgets.text import body, small, title
from cancerapy.contract.responses import TaskResponse

PREVIEW_HEIGHT_PX = 320


def build_capture(scene: Scene) -> list[ft.Control]:
    """Return the controls of the screen."""
    task, state = scene.state.task, scene.state
    if task is None:
        return []
    head = title(scene, scene.say("capture.title"))
    if state.sent is not None:
        return [head, _progress(scene)]
    if state.camera_on:
        pane = camera_pane(scene.do, scene.say, is_web=state.is_web)
        return [head, pane, *_camera_buttons(scene)]
    if state.editing is not None:
        return [title(scene, scene.say("crop.title")), *build_crop(scene, state.editing)]
    problem = problem_panel(scene, _retry(scene))
    left = [_stage(scene), *_findings(scene), *_sources(scene)]
    if not state.is_wide:  # what went wrong must not be below the fold
        return [head, *problem, panes(scene, left, [_guidance(scene, task)])]
    return [head, panes(scene, left, [_guidance(scene, task), *problem])]


def _retry(scene: Scene) -> ft.ControlEventHandler[ft.OutlinedButton] | None:
    """Return what sends the picture again; nothing where another picture is needed."""
    problem, picture = scene.state.problem, scene.state.picture
    if picture is None or problem is None or problem.code.startswith(("image_", "camera_")):
        return None
    return scene.do.analyse


def _stage(scene: Scene) -> ft.Control:
    picture = scene.state.picture
    if scene.state.is_busy:
        inside = _waiting(scene)
    elif picture is None:
        inside = _empty(scene)
    else:
        inside = _preview(scene, picture)
    return ft.Container(
        inside,
        key="stage",
        height=PREVIEW_HEIGHT_PX,
        bgcolor=scene.palette.card,
        border=ft.Border.all(1, scene.palette.hairline),
        border_radius=RADIUS,
        clip_behavior=ft.ClipBehavior.ANTI_ALIAS,
        alignment=ft.Alignment.CENTER,
    )


def _waiting(scene: Scene) -> ft.Control:
    return ft.Column(
        [ft.ProgressRing(), body(scene, scene.say("capture.reading"))],
        alignment=ft.MainAxisAlignment.CENTER,
        horizontal_alignment=ft.CrossAxisAlignment.CENTER,
    )


def _empty(scene: Scene) -> ft.Control:
    text = body(scene, scene.say("capture.empty"), scene.palette.quiet_ink)
    text.text_align = ft.TextAlign.CENTER
    return ft.Column(
        [
            ft.Icon(
                ft.Icons.ADD_PHOTO_ALTERNATE_OUTLINED, size=56, color=scene.palette.primary.fill
            ),
            ft.Container(text, padding=ft.Padding.symmetric(horizontal=24)),
        ],
        alignment=ft.MainAxisAlignment.CENTER,
        horizontal_alignment=ft.CrossAxisAlignment.CENTER,
        spacing=12,
    )


def _preview(scene: Scene, picture: Picture) -> ft.Control:
    return ft.Image(
        src=picture.preview,
        fit=ft.BoxFit.CONTAIN,
        height=PREVIEW_HEIGHT_PX,
        gapless_playback=True,
        semantics_label=scene.say("capture.preview"),
    )


def _findings(scene: Scene) -> list[ft.Control]:
    """Return what is said of the picture that is shown, and what can be done with it."""
    picture = scene.state.picture
    if picture is None or scene.state.is_busy:
        return []
    analyse = main_button(
        scene,
        scene.say("capture.analyse"),
        "analyse",
        icon=ft.Icons.IMAGE_SEARCH,
        on_click=scene.do.analyse,
    )
    crop = other_button(
        scene,
        scene.say("crop.begin"),
        "crop",
        icon=ft.Icons.CROP_ROTATE,
        on_click=scene.do.capture.begin_edit,
    )
    found = [*picture_facts(scene, picture), *picture_check(scene, picture), analyse]
    return [*found, crop] if picture.can_be_edited else found


def _sources(scene: Scene) -> list[ft.Control]:
    say, has_picture = scene.say, scene.state.picture is not None
    button = other_button if has_picture else main_button
    pick = button(
        scene,
        say("capture.replace" if has_picture else "capture.pick"),
        "pick",
        icon=ft.Icons.PHOTO_LIBRARY_OUTLINED,
        action=scene.do.pick_action(),
        disabled=scene.state.is_busy,
    )
    camera = other_button(
        scene,
        say("capture.camera"),
        "camera",
        icon=ft.Icons.PHOTO_CAMERA_OUTLINED,
        on_click=scene.do.open_camera,
        disabled=scene.state.is_busy,
    )
    pick.expand = camera.expand = True
    return [ft.Row([pick, camera], spacing=12), *_limits(scene)]


def _limits(scene: Scene) -> list[ft.Control]:
    about = scene.state.about
    if about is None:
        return []
    megabytes = about.max_upload_bytes // 1_000_000
    formats = about.formats.replace(" or ", scene.say("capture.or"))
    return [small(scene, scene.say("capture.formats", formats=formats, megabytes=megabytes))]


def _guidance(scene: Scene, task: TaskResponse) -> ft.Control:
    return part(
        scene,
        ft.Icons.TIPS_AND_UPDATES_OUTLINED,
        scene.say("capture.guidance"),
        *(bullet(scene, scene.say.of(task, text)) for text in task.guidance),
    )


def _progress(scene: Scene) -> ft.Control:
    sent = scene.state.sent or 0.0
    is_sent = sent >= 1
    text = scene.say("capture.judging") if is_sent else scene.say("capture.sending")
    return panel(
        scene,
        ft.Semantics(content=body(scene, text, strong=True), live_region=True),
        ft.ProgressBar(
            value=None if is_sent else sent, bar_height=8, border_radius=4, semantics_label=text
        ),
        stack(
            ft.Row([other_button(scene, scene.say("cancel"), "cancel", on_click=scene.do.cancel)])
        ),
        key="progress",
    )


def _camera_buttons(scene: Scene) -> list[ft.Control]:
    return [
        other_button(scene, scene.say("cancel"), "camera-close", on_click=scene.do.close_camera)
    ]
