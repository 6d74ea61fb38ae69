"""Every screen draws in every state, and its controls can be found and do what they say."""

import asyncio
import inspect
from collections.abc import Iterator
from dataclasses import fields, replace
from typing import Any

import flet as ft
import pytest

from cancerapy.app.scene import Scene
from cancerapy.app.state import LANGUAGES, AppState, Outcome, Problem, Screen
from cancerapy.app.strings import load_strings
from cancerapy.app.theme import DARK
from cancerapy.app.views.frame import VIEWS, build_frame
from cancerapy.contract import Decision
from cancerapy.contract.responses import PredictionResponse


def controls_in(value: Any) -> Iterator[ft.Control]:
    """Yield every control in a tree."""
    if isinstance(value, ft.BaseControl):
        yield value
        for spec in fields(value):
            if not spec.name.startswith("_"):
                yield from controls_in(getattr(value, spec.name))
    elif isinstance(value, list):
        for part in value:
            yield from controls_in(part)


def by_key(value: Any, key: str) -> Any:
    """Return the one control with a key."""
    (found,) = [control for control in controls_in(value) if control.key == key]
    return found


def keys_in(value: Any) -> set[Any]:
    """Return all keys in a tree."""
    return {control.key for control in controls_in(value) if control.key is not None}


def words_in(value: Any) -> str:
    """Return all text in a tree."""
    texts = [control.value for control in controls_in(value) if isinstance(control, ft.Text)]
    return "\n".join(texts)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("width_px", [390, 1280])
@pytest.mark.parametrize("screen", list(Screen))
def test_every_screen_draws(
    scene: Scene, outcome: Outcome, screen: Screen, width_px: float, language: str
) -> None:
    scene.state.screen, scene.state.width_px = screen, width_px
    scene.state.outcome, scene.state.history = outcome, (outcome,)
    drawn = build_frame(replace(scene, say=load_strings(language), palette=DARK))
    words = words_in(drawn)
    assert words
    assert "{" not in words
    assert (drawn.navigation_bar is None) == (screen is Screen.WELCOME or width_px > 840)


@pytest.mark.parametrize("screen", list(Screen))
def test_every_screen_draws_without_anything(idle: Any, screen: Screen) -> None:
    empty = Scene(AppState(screen=screen), load_strings("en"), DARK, idle)
    assert build_frame(empty).controls


def test_keys_are_unique_on_every_screen(scene: Scene, outcome: Outcome) -> None:
    scene.state.outcome, scene.state.history = outcome, (outcome,)
    for build in VIEWS.values():
        keys = [control.key for control in controls_in(build(scene)) if control.key is not None]
        assert len(set(keys)) == len(keys)


def test_the_result_says_what_has_to_be_said(scene: Scene, outcome: Outcome) -> None:
    scene.state.outcome = outcome
    drawn = VIEWS[Screen.RESULT](scene)
    words = words_in(drawn)
    for text in ("Looks suspicious", "A red square.", "Most likely: Red (75 %)", "See a painter."):
        assert text in words
    assert "Squares only." in words
    assert scene.say("statement") in words
    assert {"verdict-high", "class-bars", "heat-opacity", "standing-line"} <= keys_in(drawn)


def test_a_result_that_is_not_plain_says_why(scene: Scene, outcome: Outcome) -> None:
    scene.state.outcome = replace(outcome, answers={})
    drawn = VIEWS[Screen.RESULT](scene)
    assert "verdict-unsure" in keys_in(drawn)
    assert "Through a lens?" in words_in(by_key(drawn, "reasons"))


def test_home_offers_every_cancer_of_the_server(scene: Scene, idle: Any) -> None:
    card = by_key(VIEWS[Screen.HOME](scene), "cancer-toy")
    asyncio.run(card.on_click())
    assert idle.called == [("choose_task", (scene.state.task,))]


def test_home_without_a_server_offers_to_try_again(scene: Scene) -> None:
    scene.state.problem, scene.state.tasks = Problem("server_down"), None
    drawn = VIEWS[Screen.HOME](scene)
    assert "retry" in keys_in(drawn)
    assert scene.say("problem.server_down") in words_in(drawn)


def test_a_problem_without_own_words_has_the_server_s(scene: Scene) -> None:
    scene.state.problem = Problem("new_code", "Words of the server.")
    assert "Words of the server." in words_in(VIEWS[Screen.CAPTURE](scene))


def test_every_question_can_be_answered(scene: Scene) -> None:
    keys = keys_in(VIEWS[Screen.PATIENT](scene))
    assert {"answer-age", "answer-lens", "answer-shade", "answer-site", "patient-next"} <= keys


def test_analysing_is_offered_only_with_a_picture(scene: Scene) -> None:
    assert "analyse" in keys_in(VIEWS[Screen.CAPTURE](scene))
    scene.state.picture = None
    assert "analyse" not in keys_in(VIEWS[Screen.CAPTURE](scene))


def test_an_analysis_can_be_cancelled(scene: Scene, idle: Any) -> None:
    scene.state.sent = 0.4
    button = by_key(VIEWS[Screen.CAPTURE](scene), "cancel")
    asyncio.run(button.on_click())
    assert idle.called == [("cancel", ())]


def test_the_server_is_fixed_in_the_browser(scene: Scene) -> None:
    assert "server-address" not in keys_in(VIEWS[Screen.SETTINGS](scene))
    scene.state.is_web = False
    assert "server-address" in keys_in(VIEWS[Screen.SETTINGS](scene))


@pytest.mark.parametrize("screen", list(Screen))
def test_handlers_take_what_flet_gives(scene: Scene, outcome: Outcome, screen: Screen) -> None:
    scene.state.outcome, scene.state.history = outcome, (outcome,)
    for control in controls_in(VIEWS[screen](scene)):
        handler = getattr(control, "on_click", None)
        if handler is not None:
            assert len(inspect.signature(handler).parameters) <= 1


def test_the_result_says_what_the_weighing_of_costs_says(scene: Scene, outcome: Outcome) -> None:
    scene.state.screen, scene.state.outcome = Screen.RESULT, outcome
    assert "decision" not in keys_in(build_frame(scene))
    decision = Decision(
        "refer", None, None, 0.5, 0.1, 1.0, "US dollars", (), (), "Refer.",
        {"en": "Refer.", "ar": "\u0627\u0644\u0625\u062d\u0627\u0644\u0629."},
    )  # fmt: skip
    answer = PredictionResponse.of(outcome.prediction, decision=decision)
    scene.state.outcome = replace(outcome, prediction=answer)
    for language, sentence in decision.sentences.items():
        drawn = build_frame(replace(scene, say=load_strings(language)))
        assert sentence in words_in(by_key(drawn, "decision"))
