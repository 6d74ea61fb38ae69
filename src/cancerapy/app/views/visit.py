"""A new examination: what is asked, the questions, and the images of the one finding."""

import flet as ft

from cancerapy.app.records.state import SIDES, VIEWS, Visit, VisitImage
from cancerapy.app.scene import Scene
from cancerapy.app.state import main_tasks
from cancerapy.app.widgets.choices import segments
from cancerapy.app.widgets.fields import list_field, record_notices, text_field
from cancerapy.app.widgets.layout import actions, main_button, other_button, panel, panes, part
from cancerapy.app.widgets.notices import standing_line
from cancerapy.app.widgets.questions import question_panel
from cancerapy.app.widgets.rows import open_row, person_facts
from cancerapy.app.widgets.text import body, heading, small, title
from cancerapy.contract.responses import TaskResponse

PREVIEW_PX = 140


def build_visit(scene: Scene) -> list[ft.Control]:
    """Return the controls of the screen."""
    visit, say = scene.state.records.visit, scene.say
    if visit is None:
        return []
    task = visit.task
    if task is None:
        tasks = [one for one in main_tasks(scene.state) if one.model is not None]
        rows = [_task(scene, one) for one in tasks]
        asked = heading(scene, say("visit.cancer"))
        return [*_whose(scene), asked, *rows, *record_notices(scene)]
    head = [*_whose(scene), title(scene, say.of(task, task.cancer_title)), *_again(scene)]
    answers, reply = visit.answers, scene.do.records.visit.answer
    questions = [question_panel(scene, task, one, answers, reply) for one in task.questions]
    lesion = text_field(
        scene,
        "visit-lesion",
        say("visit.lesion"),
        visit.lesion,
        scene.do.records.visit.name_lesion,
    )
    waiting = say("visit.waiting")
    images = [_images(scene, visit, task), *record_notices(scene, waiting), _send(scene, visit)]
    return [
        *head,
        panes(scene, [*questions, panel(scene, lesion)], images),
        standing_line(scene),
    ]


def _whose(scene: Scene) -> list[ft.Control]:
    """Return who is examined, so that nobody is taken for another."""
    patient = scene.state.records.patient
    if patient is None:
        return []
    facts = (patient.name, *person_facts(scene, patient))
    return [body(scene, scene.say("list.and").join(facts), strong=True)]


def _task(scene: Scene, task: TaskResponse) -> ft.Control:
    async def choose() -> None:
        await scene.do.records.visit.choose(task)

    texts = (scene.say.of(task, task.cancer_title), scene.say.of(task, task.title))
    return open_row(scene, f"visit-task-{task.id}", ft.Icons.IMAGE_SEARCH, texts, choose)


def _again(scene: Scene) -> list[ft.Control]:
    begin = scene.do.records.visit.begin
    button = other_button(scene, scene.say("visit.other_cancer"), "visit-other", on_click=begin)
    return [actions(scene, button)]


def _images(scene: Scene, visit: Visit, task: TaskResponse) -> ft.Control:
    say = scene.say
    views = VIEWS.get(task.modality, ())
    rows = [_image(scene, place, one, views) for place, one in enumerate(visit.images)]
    pick = other_button(
        scene,
        say("visit.add_more" if rows else "visit.add"),
        "visit-pick",
        icon=ft.Icons.PHOTO_LIBRARY_OUTLINED,
        action=scene.do.pick_action(),
        disabled=scene.state.records.is_busy,
    )
    return part(
        scene,
        ft.Icons.IMAGE_OUTLINED,
        say("visit.images"),
        small(scene, say("visit.images_text")),
        *rows,
        actions(scene, pick),
    )


def _image(scene: Scene, place: int, image: VisitImage, views: tuple[str, ...]) -> ft.Control:
    say, do = scene.say, scene.do.records.visit

    async def drop() -> None:
        await do.drop(place)

    picture = ft.Image(
        src=image.preview,
        width=PREVIEW_PX,
        height=PREVIEW_PX,
        fit=ft.BoxFit.CONTAIN,
        gapless_playback=True,
        semantics_label=say("visit.image", number=place + 1),
    )
    about: list[ft.Control] = [
        body(scene, say("visit.image", number=place + 1), strong=True),
        *_projection(scene, place, image, views),
        ft.Row([other_button(scene, say("visit.drop"), f"visit-drop-{place}", on_click=drop)]),
    ]
    return ft.Row(
        [picture, ft.Column(about, spacing=8, expand=True)],
        key=f"visit-image-{place}",
        spacing=12,
        vertical_alignment=ft.CrossAxisAlignment.START,
    )


def _projection(
    scene: Scene, place: int, image: VisitImage, views: tuple[str, ...]
) -> list[ft.Control]:
    """Return the choice of view and side; nothing where images have none."""
    if not views:
        return []
    say, do = scene.say, scene.do.records.visit

    async def side(value: str) -> None:
        await do.describe(place, image.view, value)

    async def view(value: str) -> None:
        await do.describe(place, value, image.side)

    sides = [(one, say(f"side.{one.lower()}")) for one in SIDES]
    chosen_side = segments(
        scene, f"visit-side-{place}", sides, image.side or None, side, may_be_empty=True
    )
    names = [(one, one) for one in views]
    chosen_view = list_field(
        scene, f"visit-view-{place}", say("visit.view"), names, image.view, view
    )
    return [ft.Row([chosen_side]), ft.Row([chosen_view])]


def _send(scene: Scene, visit: Visit) -> ft.Control:
    send = main_button(
        scene,
        scene.say("visit.send"),
        "visit-send",
        icon=ft.Icons.IMAGE_SEARCH,
        on_click=scene.do.records.visit.send,
        disabled=scene.state.records.is_busy or not visit.images,
    )
    return actions(scene, send)
