"""Every screen draws in every state, and its controls can be found and do what they say."""

import asyncio
import inspect
from dataclasses import replace
from typing import Any

import flet as ft
import pytest

from cancerapy.app.licences import Kind, Licence
from cancerapy.app.records.outcome import isolated
from cancerapy.app.scene import Scene
from cancerapy.app.state import LANGUAGES, AppState, Outcome, Problem, Screen, Waiting
from cancerapy.app.strings import load_strings
from cancerapy.app.theme import DARK
from cancerapy.app.verdict import weighed_sentence
from cancerapy.app.views.frame import VIEWS, build_frame
from cancerapy.contract import Advice


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("width_px", [390, 1280])
@pytest.mark.parametrize("screen", list(Screen))
def test_every_screen_draws(
    scene: Scene, outcome: Outcome, screen: Screen, width_px: float, language: str, look: Any
) -> None:
    scene.state.screen, scene.state.width_px = screen, width_px
    scene.state.outcome, scene.state.history = outcome, (outcome,)
    drawn = build_frame(replace(scene, say=load_strings(language), palette=DARK))
    words = look.words(drawn)
    assert words
    assert "{" not in words
    assert (drawn.navigation_bar is None) == (screen is Screen.WELCOME or width_px > 840)


@pytest.mark.parametrize("screen", list(Screen))
def test_every_screen_draws_without_anything(idle: Any, screen: Screen) -> None:
    empty = Scene(AppState(screen=screen), load_strings("en"), DARK, idle)
    assert build_frame(empty).controls


def test_keys_are_unique_on_every_screen(scene: Scene, outcome: Outcome, look: Any) -> None:
    scene.state.outcome, scene.state.history = outcome, (outcome,)
    for build in VIEWS.values():
        keys = look.keys(build(scene))
        assert len(set(keys)) == len(keys)


def test_the_result_says_what_has_to_be_said(scene: Scene, outcome: Outcome, look: Any) -> None:
    scene.state.outcome = outcome
    drawn = VIEWS[Screen.RESULT](scene)
    words = look.words(drawn)
    for text in ("Looks suspicious", "A red square.", "Most likely: Red (75 %)", "See a painter."):
        assert text in words
    assert "Squares only." in words
    assert scene.say("statement") in words
    assert {"verdict-high", "class-bars", "heat-opacity", "standing-line"} <= set(look.keys(drawn))


def test_a_result_that_is_not_plain_says_why(scene: Scene, outcome: Outcome, look: Any) -> None:
    scene.state.outcome = replace(outcome, answers={})
    drawn = VIEWS[Screen.RESULT](scene)
    assert "verdict-unsure" in look.keys(drawn)
    assert "Through a lens?" in look.words(look.by_key(drawn, "reasons"))


def test_home_offers_every_cancer_of_the_server(scene: Scene, idle: Any, look: Any) -> None:
    card = look.by_key(VIEWS[Screen.HOME](scene), "cancer-toy")
    asyncio.run(card.on_click())
    assert idle.called == [("choose_task", (scene.state.task,))]


def test_home_without_a_server_offers_to_try_again(scene: Scene, look: Any) -> None:
    scene.state.problem, scene.state.tasks = Problem("server_down"), None
    drawn = VIEWS[Screen.HOME](scene)
    assert "retry" in look.keys(drawn)
    assert scene.say("problem.server_down") in look.words(drawn)


def test_a_problem_without_own_words_has_the_server_s(scene: Scene, look: Any) -> None:
    scene.state.problem = Problem("new_code", "Words of the server.")
    assert "Words of the server." in look.words(VIEWS[Screen.CAPTURE](scene))


@pytest.mark.parametrize(
    ("wait_s", "told"),
    [
        (0, ""),
        (1, " Try again in 1 second."),
        (90, " Try again in 90 seconds."),
        (91, " Try again in 2 minutes."),
        (900, " Try again in 15 minutes."),
    ],
)
def test_a_problem_says_when_to_try_again(scene: Scene, wait_s: int, told: str, look: Any) -> None:
    scene.state.problem = Problem("new_code", "Words.", wait_s)
    assert f"Words.{told}" in look.words(VIEWS[Screen.CAPTURE](scene))


def test_every_question_can_be_answered(scene: Scene, look: Any) -> None:
    keys = look.keys(VIEWS[Screen.PATIENT](scene))
    assert {"answer-age", "answer-lens", "answer-shade", "answer-site", "patient-next"} <= set(keys)


def test_signs_and_days_come_with_their_source(scene: Scene, outcome: Outcome, look: Any) -> None:
    assert "Source: The book of squares." in look.words(VIEWS[Screen.LEARN](scene))
    scene.state.outcome = outcome
    assert "Source: The painters' guild." in look.words(VIEWS[Screen.RESULT](scene))
    prediction = replace(outcome.prediction, advice=Advice("benign", "Fine."))
    scene.state.outcome = replace(outcome, prediction=prediction)
    assert "Source:" not in look.words(VIEWS[Screen.RESULT](scene))


EARLIER, LATER = "2026-10-01T08:00:00.000+00:00", "2026-11-27T18:00:00.000+00:00"


def _series(outcome: Outcome) -> tuple[Outcome, ...]:
    """Return three results of one lesion, the newest first, the oldest by another model."""
    middle = "2026-11-01T08:00:00.000+00:00"
    malignancy = outcome.prediction.malignancy
    assert malignancy is not None
    before = replace(
        outcome.prediction, model="toy-2", malignancy=replace(malignancy, probability=0.25)
    )
    return (
        replace(outcome, id=LATER, lesion="arm"),
        replace(outcome, id=middle, lesion="arm"),
        replace(outcome, id=EARLIER, lesion="arm", prediction=before, picture=b"thumbnail"),
    )


def test_two_results_of_a_lesion_are_compared(
    scene: Scene, outcome: Outcome, idle: Any, look: Any
) -> None:
    scene.state.history = _series(outcome)
    compare = look.by_key(VIEWS[Screen.HISTORY](scene), f"compare-{LATER}")
    asyncio.run(compare.on_click())
    assert idle.called == [("compare", (EARLIER, LATER))]
    scene.state.compared = (EARLIER, LATER)
    drawn = VIEWS[Screen.HISTORY](scene)
    assert {f"side-{EARLIER}", f"side-{LATER}"} <= set(look.keys(drawn))
    words = look.words(drawn)
    assert "Probability of malignancy: 25 % before, 75 % now" in words
    assert "different versions of the model" in words
    images = [one for one in look.controls(drawn) if isinstance(one, ft.Image)]
    assert [one.semantics_label for one in images] == ["The image of 2026-10-01"]
    asyncio.run(look.by_key(drawn, "compare-with-2026-11-01T08:00:00.000+00:00").on_click())
    assert idle.called[1:] == [("compare", ("2026-11-01T08:00:00.000+00:00", LATER))]


def test_a_comparison_whose_result_is_gone_shows_the_history(
    scene: Scene, outcome: Outcome, look: Any
) -> None:
    scene.state.history, scene.state.compared = (outcome,), (EARLIER, outcome.id)
    assert f"result-{outcome.id}" in look.keys(VIEWS[Screen.HISTORY](scene))


@pytest.mark.parametrize("screen", [Screen.HOME, Screen.HISTORY])
def test_a_reminder_that_is_due_asks_for_another_look(
    scene: Scene, outcome: Outcome, idle: Any, screen: Screen, look: Any
) -> None:
    due = replace(outcome, remind_on="2020-01-01", lesion="arm")
    later = replace(outcome, id=EARLIER, remind_on="2999-01-01")
    scene.state.history = (due, later)
    drawn = VIEWS[screen](scene)
    panels = {key for key in look.keys(drawn) if str(key).startswith("due-2")}
    assert panels == {f"due-{due.id}"}
    day = isolated("2026-11-27")
    assert f"Time for another look: arm (last on {day})" in look.words(drawn)
    asyncio.run(look.by_key(drawn, f"due-look-{due.id}").on_click())
    asyncio.run(look.by_key(drawn, f"due-done-{due.id}").on_click())
    assert idle.called == [("choose_task", (due.task,)), ("remind", (due.id, 0))]


def test_nothing_is_deleted_without_asking(
    scene: Scene, outcome: Outcome, idle: Any, look: Any
) -> None:
    scene.state.history = (outcome,)
    drawn = VIEWS[Screen.HISTORY](scene)
    asyncio.run(look.by_key(drawn, f"delete-{outcome.id}").on_click())
    assert idle.called == [("ask_delete", (outcome.id,))]
    scene.state.confirming = outcome.id
    drawn = VIEWS[Screen.HISTORY](scene)
    assert "It cannot be brought back." in look.words(drawn)
    asyncio.run(look.by_key(drawn, f"delete-no-{outcome.id}").on_click())
    asyncio.run(look.by_key(drawn, f"delete-yes-{outcome.id}").on_click())
    assert idle.called[1:] == [("ask_delete", ("",)), ("delete_result", (outcome.id,))]


def test_what_waits_is_listed_and_can_be_deleted(scene: Scene, idle: Any, look: Any) -> None:
    assert scene.state.task is not None
    scene.state.is_offline = True
    scene.state.waiting = (
        Waiting(EARLIER, scene.state.task, {}, 1_250_000),
        Waiting(LATER, scene.state.task, {}, 9, Problem("image_corrupt")),
    )
    drawn = VIEWS[Screen.HISTORY](scene)
    words = look.words(drawn)
    assert "2 requests wait for the server" in words
    assert "(1.2 MB)" in words
    assert scene.say("problem.image_corrupt") in words
    assert scene.say("history.none") not in words
    assert "offline" in look.keys(drawn)
    asyncio.run(look.by_key(drawn, f"delete-waiting-{LATER}").on_click())
    asyncio.run(look.by_key(drawn, "waiting-send").on_click())
    scene.state.confirming = f"waiting-{LATER}"
    asked = VIEWS[Screen.HISTORY](scene)
    asyncio.run(look.by_key(asked, f"delete-yes-waiting-{LATER}").on_click())
    assert idle.called == [
        ("ask_delete", (f"waiting-{LATER}",)), ("retry", ()), ("delete", (LATER,)),
    ]  # fmt: skip


def test_home_goes_on_while_the_server_is_away(scene: Scene, look: Any) -> None:
    assert "offline" not in look.keys(VIEWS[Screen.HOME](scene))
    scene.state.is_offline = True
    assert {"offline", "offline-retry", "cancer-toy"} <= set(look.keys(VIEWS[Screen.HOME](scene)))


def test_the_device_answers_where_it_can(scene: Scene, idle: Any, look: Any) -> None:
    scene.state.is_web = False
    assert "device-fetch" not in look.keys(VIEWS[Screen.SETTINGS](scene))
    scene.state.has_interpreter = True
    drawn = VIEWS[Screen.SETTINGS](scene)
    assert "on-device" not in look.keys(drawn)
    assert scene.say("device.none") in look.words(drawn)
    scene.state.device_models = ("toy-3",)
    drawn = VIEWS[Screen.SETTINGS](scene)
    switch = look.by_key(drawn, "on-device")
    assert "On this device: toy-3" in look.words(drawn)
    switch.value = True
    asyncio.run(switch.on_change(ft.Event(name="change", control=switch)))
    asyncio.run(look.by_key(drawn, "device-fetch").on_click())
    scene.state.fetched = 0.25
    drawn = VIEWS[Screen.SETTINGS](scene)
    (bar,) = [one for one in look.controls(drawn) if isinstance(one, ft.ProgressBar)]
    assert bar.value == 0.25
    asyncio.run(look.by_key(drawn, "device-fetch-cancel").on_click())
    assert idle.called == [("use", (True,)), ("fetch", ()), ("cancel_fetch", ())]


def test_every_licence_can_be_read(scene: Scene, idle: Any, look: Any) -> None:
    asyncio.run(look.by_key(VIEWS[Screen.SETTINGS](scene), "licences").on_click())
    long = "first\n" + "A line of a licence.\n" * 1000 + "last"
    with_text = Licence(Kind.PYTHON, "soft 1.0", "MIT", long)
    scene.state.licences = (
        Licence(Kind.FONT, "Round", "", "x"), with_text, Licence(Kind.PYTHON, "ware 2", "MIT", ""),
    )  # fmt: skip
    drawn = VIEWS[Screen.SETTINGS](scene)
    assert {"licences-font", "licences-python"} <= set(look.keys(drawn))
    assert look.by_key(drawn, "licence-python-ware 2").on_click is None
    asyncio.run(look.by_key(drawn, "licence-python-soft 1.0").on_click())
    scene.state.licence = with_text
    drawn = VIEWS[Screen.SETTINGS](scene)
    texts = [
        one.value for one in look.controls(look.by_key(drawn, "licence-text")) if _is_text(one)
    ]
    assert "\n".join(texts) == long
    scene.state.screen = Screen.SETTINGS
    assert "screen-settings-soft 1.0" in look.keys(build_frame(scene))
    assert max(len(text) for text in texts) < 7000
    mirrored = VIEWS[Screen.SETTINGS](replace(scene, say=load_strings("ar")))
    assert "\u2066A line of a licence.\u2069\n\u2066A line" in look.words(mirrored)
    asyncio.run(look.by_key(drawn, "licence-close").on_click())
    assert idle.called == [
        ("open_licences", ()), ("read_licence", (with_text,)), ("close_licence", ()),
    ]  # fmt: skip


def _is_text(control: ft.Control) -> bool:
    return isinstance(control, ft.Text)


def test_analysing_is_offered_only_with_a_picture(scene: Scene, look: Any) -> None:
    assert "analyse" in look.keys(VIEWS[Screen.CAPTURE](scene))
    scene.state.picture = None
    assert "analyse" not in look.keys(VIEWS[Screen.CAPTURE](scene))


def test_an_analysis_can_be_cancelled(scene: Scene, idle: Any, look: Any) -> None:
    scene.state.sent = 0.4
    button = look.by_key(VIEWS[Screen.CAPTURE](scene), "cancel")
    asyncio.run(button.on_click())
    assert idle.called == [("cancel", ())]


def test_the_server_is_fixed_in_the_browser(scene: Scene, look: Any) -> None:
    assert "server-address" not in look.keys(VIEWS[Screen.SETTINGS](scene))
    scene.state.is_web = False
    assert "server-address" in look.keys(VIEWS[Screen.SETTINGS](scene))


@pytest.mark.parametrize("screen", list(Screen))
def test_handlers_take_what_flet_gives(
    scene: Scene, outcome: Outcome, screen: Screen, look: Any
) -> None:
    scene.state.outcome, scene.state.history = outcome, (outcome,)
    for control in look.controls(VIEWS[screen](scene)):
        handler = getattr(control, "on_click", None)
        if handler is not None:
            assert len(inspect.signature(handler).parameters) <= 1


def test_the_result_says_what_the_weighing_of_costs_says(
    scene: Scene, outcome: Outcome, weighed: Outcome, look: Any
) -> None:
    scene.state.screen, scene.state.outcome = Screen.RESULT, outcome
    assert "decision" not in look.keys(build_frame(scene))
    scene.state.outcome = weighed
    for language in LANGUAGES:
        sentence = weighed_sentence(weighed, language)
        drawn = build_frame(replace(scene, say=load_strings(language)))
        assert sentence
        assert sentence in look.words(look.by_key(drawn, "decision"))
