"""One examination on the record: what follows, each image's guess, and what people say of it."""

import flet as ft

from cancerapy.app.records.outcome import minute_of, to_outcome
from cancerapy.app.scene import Scene
from cancerapy.app.state import Outcome
from cancerapy.app.verdict import Likelihood, judge
from cancerapy.app.widgets.choices import segments
from cancerapy.app.widgets.fields import list_field, record_notices
from cancerapy.app.widgets.layout import panes, part
from cancerapy.app.widgets.notices import standing_line
from cancerapy.app.widgets.result_parts import (
    class_bars,
    picture_under_heat,
    reasons,
    verdict_card,
)
from cancerapy.app.widgets.review import review_part
from cancerapy.app.widgets.text import body, small
from cancerapy.contract import RecordedDecision
from cancerapy.contract.records import ExaminationRecord

MAX_PICTURE_PX = 480
MAX_SEGMENTS = 2
"""More images than this are a list."""


def build_examination(scene: Scene) -> list[ft.Control]:
    """Return the controls of the screen."""
    records, say = scene.state.records, scene.say
    found, guess = records.examination, records.guess
    if found is None or guess is None:
        return []
    outcome = to_outcome(scene.state, found, guess)
    head = [
        small(
            scene, say("examination.made", when=minute_of(found.created_at), by=found.created_by)
        ),
        *record_notices(scene),
        *_joined(scene, records.joined),
        *_images(scene, found),
    ]
    if outcome is None:
        return [*head, body(scene, say("examination.unreadable")), standing_line(scene)]
    seen, said = _guess(scene, outcome)
    review = review_part(scene, outcome.task, guess)
    # On a narrow screen the answer comes before the picture.
    groups = (seen, [*said, review]) if scene.state.is_wide else (said, [*seen, review])
    return [
        *head,
        panes(scene, *groups),
        small(scene, say("result.model", model=guess.model)),
        standing_line(scene),
    ]


def _joined(scene: Scene, joined: RecordedDecision | None) -> list[ft.Control]:
    """Return what was said to do next after all images together; nothing where it is not known."""
    if joined is None:
        return []
    say, decision = scene.say, joined.decision
    sentence = decision.sentences.get(say.language, decision.sentence)
    rows = [
        body(scene, say(f"action.{decision.action}"), strong=True),
        body(scene, sentence),
        small(scene, say.count("examination.joined", joined.n_used)),
    ]
    if joined.origin == "not_kept":
        when = minute_of(joined.decided_at)
        rows.append(small(scene, say("examination.not_kept", when=when)))
    return [part(scene, ft.Icons.EVENT_AVAILABLE, say("result.next"), *rows)]


def _images(scene: Scene, found: ExaminationRecord) -> list[ft.Control]:
    """Return the choice of the image; nothing where there is one."""
    if len(found.predictions) < 2:
        return []
    facts = {image.id: (image.laterality, image.view) for image in found.images}
    options = []
    for place, guess in enumerate(found.predictions):
        seen = " ".join(one for one in facts.get(guess.image_id or "", ()) if one)
        name = scene.say("visit.image", number=place + 1)
        options.append((str(place), f"{name} {seen}".strip()))

    async def choose(value: str) -> None:
        await scene.do.records.reviewing.show(int(value))

    shown = str(scene.state.records.shown)
    if len(options) <= MAX_SEGMENTS:
        return [ft.Row([segments(scene, "examination-image", options, shown, choose)])]
    label = scene.say("visit.images")
    return [list_field(scene, "examination-image", label, options, shown, choose)]


def _guess(scene: Scene, outcome: Outcome) -> tuple[list[ft.Control], list[ft.Control]]:
    """Return picture and probabilities, and the verdict with its reasons."""
    shown = judge(outcome)
    half_px = (scene.content_px - 24) / 2 if scene.state.is_wide else scene.content_px
    first: list[ft.Control] = []
    if outcome.picture:
        first.append(picture_under_heat(scene, outcome, min(half_px, MAX_PICTURE_PX)))
    if shown.likelihood is not Likelihood.REJECTED:
        first.append(class_bars(scene, outcome))
    return first, [verdict_card(scene, outcome, shown), *reasons(scene, outcome, shown)]
