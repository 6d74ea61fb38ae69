"""A result in a person's words, ready to be written as a PDF."""

import io
from datetime import datetime

import numpy as np
from PIL import Image as PillowImage
from PIL import UnidentifiedImageError

from cancerapy.app.heat import draw_heat
from cancerapy.app.shape import Shape
from cancerapy.app.state import Outcome
from cancerapy.app.strings import Strings
from cancerapy.app.urgency import days_to_act, urgency_text
from cancerapy.app.verdict import Likelihood, Shown, by_probability, judge, weighed_sentence
from cancerapy.preprocess import prepare_image
from cancerapy.reports import Report, Section


def compose_report(outcome: Outcome, say: Strings) -> Report:
    """Return what the PDF of a result says."""
    shown, task = judge(outcome), outcome.task
    titles = {label.id: say.of(task, label.title) for label in task.classes}
    headline = say(f"verdict.{shown.likelihood.value}")
    leading = ""
    if shown.likelihood is not Likelihood.REJECTED:
        term, probability = titles[shown.leading.id], say.percent(shown.probability)
        leading = say("result.leading", term=term, probability=probability)
    classes = [
        (titles.get(entry.id, entry.label), say.percent(entry.probability))
        for entry in by_probability(outcome)
    ]
    return Report(
        language=say.language,
        is_right_to_left=say.is_right_to_left,
        title=f"{say('app.name')}: {say.of(task, task.cancer_title)}",
        warning=say("statement"),
        headline=headline,
        lines=tuple(
            filter(None, [leading, say.of(task, shown.leading.meaning) if leading else ""])
        ),
        pictures=_pictures(outcome),
        sections=(
            Section(say("result.next"), _next_step(outcome, shown, say)),
            Section(say("result.all_classes"), tuple(classes) if leading else ()),
            Section(say("pdf.answers"), answer_rows(outcome, say)),
            Section(say("result.measured_on"), _bullets(outcome, task.measured_on, say)),
            Section(say("result.not_measured_on"), _bullets(outcome, task.limits, say)),
            Section(say("pdf.facts"), _facts(outcome, say)),
        ),
    )


def _next_step(outcome: Outcome, shown: Shown, say: Strings) -> tuple[tuple[str, str], ...]:
    task, sentence = outcome.task, weighed_sentence(outcome, say.language)
    is_pressing = bool(task.urgency_source) and days_to_act(outcome, shown) > 0
    texts = (
        say.of(task, shown.advice),
        say("result.weighed", sentence=sentence) if sentence else "",
        urgency_text(outcome, shown, say),
        say("source", text=task.urgency_source) if is_pressing else "",
    )
    return tuple(("", text) for text in texts if text)


def _bullets(outcome: Outcome, texts: tuple[str, ...], say: Strings) -> tuple[tuple[str, str], ...]:
    return tuple(("", say.of(outcome.task, text)) for text in texts)


def answer_rows(outcome: Outcome, say: Strings) -> tuple[tuple[str, str], ...]:
    """Return each question that was answered with the answer, in the person's words."""
    rows = []
    for question in outcome.task.questions:
        value = outcome.answers.get(question.id)
        if value is None:
            continue
        words = f"{value:g}" if isinstance(value, float) else str(value)
        key = f"answer.{words}"
        words = say(key) if say.has(key) else say.of(outcome.task, words)
        rows.append((say.of(outcome.task, question.text), words))
    return tuple(rows)


def _facts(outcome: Outcome, say: Strings) -> tuple[tuple[str, str], ...]:
    when = datetime.fromisoformat(outcome.id).astimezone().strftime("%Y-%m-%d %H:%M")
    rows = [(say("pdf.when"), when), (say("pdf.model"), outcome.prediction.model)]
    if outcome.lesion:
        rows.append((say("lesion.name"), outcome.lesion))
    return (*rows, (say("pdf.digest"), outcome.prediction.image_sha256[:16]))


def _pictures(outcome: Outcome) -> tuple[bytes, ...]:
    """Return the image as the model saw it and the same under the heat map, as PNG."""
    spec = outcome.task.input
    try:
        with PillowImage.open(io.BytesIO(outcome.picture)) as opened:
            picture = opened.convert("RGB")
    except UnidentifiedImageError:
        return ()
    shape = Shape.of(spec, min_side_px=1)
    picture = PillowImage.fromarray(prepare_image(np.asarray(picture), shape))
    pictures = [picture]
    if outcome.prediction.heatmap is not None:
        data = draw_heat(outcome.prediction.heatmap, spec.width_px, spec.height_px)
        heat = PillowImage.open(io.BytesIO(data))
        under = picture.resize(heat.size).convert("RGBA")
        heat.putalpha(heat.getchannel("A").point(lambda alpha: alpha // 2))
        pictures.append(PillowImage.alpha_composite(under, heat).convert("RGB"))
    return tuple(_to_png(one) for one in pictures)


def _to_png(picture: PillowImage.Image) -> bytes:
    output = io.BytesIO()
    picture.save(output, format="PNG")
    return output.getvalue()
