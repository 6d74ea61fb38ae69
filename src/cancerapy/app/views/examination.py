"""One examination on the record: each image's guess, what follows, and what people say of it."""

import flet as ft

from cancerapy.app.records.outcome import image_name, isolated, minute_of, to_outcome
from cancerapy.app.records.state import CLINICIAN, has_role
from cancerapy.app.scene import Scene
from cancerapy.app.state import Outcome
from cancerapy.app.verdict import Likelihood, judge
from cancerapy.app.widgets.answers import answers_part
from cancerapy.app.widgets.choices import segments
from cancerapy.app.widgets.fields import list_field, record_notices
from cancerapy.app.widgets.joined import joined_part
from cancerapy.app.widgets.layout import actions, other_button, panes, stack
from cancerapy.app.widgets.notices import standing_line
from cancerapy.app.widgets.result_parts import (
    class_bars,
    picture_under_heat,
    reasons,
    verdict_card,
)
from cancerapy.app.widgets.review import guess_chip, review_part
from cancerapy.app.widgets.rows import person_facts
from cancerapy.app.widgets.text import body, small, title
from cancerapy.contract.records import ExaminationRecord

MAX_PICTURE_PX = 520
MAX_SEGMENTS = 2
"""More images than this are a list."""


def build_examination(scene: Scene) -> list[ft.Control]:
    """Return the controls of the screen."""
    records, say = scene.state.records, scene.say
    found, guess = records.examination, records.guess
    if found is None or guess is None:
        return []
    outcome = to_outcome(scene.state, found, guess)
    head = [_whose(scene, found), *record_notices(scene), *_images(scene, found)]
    if outcome is None:
        return [*head, body(scene, say("examination.unreadable")), standing_line(scene)]
    shown = judge(outcome)
    head.append(guess_chip(scene, outcome.task, guess))
    said = [verdict_card(scene, outcome, shown), *reasons(scene, outcome, shown)]
    seen = _seen(scene, outcome, has_bars=shown.likelihood is not Likelihood.REJECTED)
    then = [
        *joined_part(scene, records.joined),
        *answers_part(scene, outcome),
        review_part(scene, outcome.task, guess),
    ]
    # The guess with its reasons, then where it was seen, then what to do.
    groups = (seen, [*said, *then]) if scene.state.is_wide else (said, [*seen, *then])
    return [
        *head,
        panes(scene, *groups),
        *_save(scene),
        small(scene, say("result.model", model=guess.model)),
        standing_line(scene),
    ]


def _whose(scene: Scene, found: ExaminationRecord) -> ft.Control:
    """Return whose examination it is, for who may know, and when it was made."""
    say, patient = scene.say, scene.state.records.patient
    rows: list[ft.Control] = []
    if patient is not None and patient.id == found.patient_id:
        facts = [*person_facts(scene, patient)]
        facts += [f"{one.system} {one.value}" for one in patient.identifiers]
        rows = [title(scene, patient.name), body(scene, say("list.and").join(facts))]
    made = say("examination.made", when=minute_of(found.created_at), by=found.created_by)
    if found.lesion:
        made = say("record.place", cancer=made, place=isolated(found.lesion))
    return stack(*rows, small(scene, made), spacing=4)


def _images(scene: Scene, found: ExaminationRecord) -> list[ft.Control]:
    """Return the choice of the image; nothing where there is one."""
    n_images = len(found.predictions)
    if n_images < 2:
        return []
    options = [(str(place), image_name(scene.say, found, place)) for place in range(n_images)]

    async def choose(value: str) -> None:
        await scene.do.records.reviewing.show(int(value))

    shown = str(scene.state.records.shown)
    if n_images <= MAX_SEGMENTS:
        return [ft.Row([segments(scene, "examination-image", options, shown, choose)])]
    label = scene.say("visit.images")
    return [list_field(scene, "examination-image", label, options, shown, choose)]


def _seen(scene: Scene, outcome: Outcome, *, has_bars: bool) -> list[ft.Control]:
    """Return the picture under its heat map, as far as it is there, and the probabilities."""
    half_px = (scene.content_px - 24) / 2 if scene.state.is_wide else scene.content_px
    seen: list[ft.Control] = []
    if outcome.picture:
        seen.append(picture_under_heat(scene, outcome, min(half_px, MAX_PICTURE_PX)))
    elif not scene.state.records.is_busy:
        seen.append(small(scene, scene.say("examination.no_picture")))
    if has_bars:
        seen.append(class_bars(scene, outcome))
    return seen


def _save(scene: Scene) -> list[ft.Control]:
    """Return the way to a PDF, which names the patient: for who may know them."""
    if not has_role(scene.state.account, CLINICIAN):
        return []
    pdf = other_button(
        scene,
        scene.say("examination.pdf"),
        "examination-pdf",
        icon=ft.Icons.PICTURE_AS_PDF_OUTLINED,
        on_click=scene.do.records.reviewing.save_pdf,
        disabled=scene.state.records.is_busy,
    )
    return [actions(scene, pdf)]
