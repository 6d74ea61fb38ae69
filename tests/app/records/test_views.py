"""The screens of the records draw what is there, and their controls do what they say."""

import asyncio
from dataclasses import replace
from typing import Any

import flet as ft
import pytest

from cancerapy.app.records.state import AnswersDraft, Part, Visit, VisitImage
from cancerapy.app.scene import Scene
from cancerapy.app.state import LANGUAGES, Screen
from cancerapy.app.strings import load_strings
from cancerapy.app.views.frame import VIEWS, build_frame
from cancerapy.contract import Origin
from cancerapy.contract.people import AccountResponse
from cancerapy.contract.queue import ReviewQueue
from cancerapy.contract.records import Agreement, PatientPage, ReviewRecord

OWN = (
    Screen.RECORDS,
    Screen.REGISTER,
    Screen.RECORD,
    Screen.CORRECT,
    Screen.EXAMINE,
    Screen.EXAMINATION,
)


@pytest.fixture
def visit(filled: Scene) -> Visit:
    """An examination with two images of a kind that has views."""
    assert filled.state.task is not None
    task = replace(filled.state.task, modality="mammography")
    made = Visit(task, {}, "", (VisitImage(b"a", b"a"), VisitImage(b"b", b"b", "CC", "L")))
    filled.state.records.visit = made
    return made


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("width_px", [390, 1280])
@pytest.mark.parametrize("screen", OWN)
def test_every_screen_draws_what_is_there(
    filled: Scene, visit: Visit, screen: Screen, width_px: float, language: str, look: Any
) -> None:
    filled.state.screen, filled.state.width_px = screen, width_px
    drawn = build_frame(replace(filled, say=load_strings(language)))
    keys = look.keys(drawn.controls)
    assert len(set(keys)) == len(keys)
    assert "{" not in look.words(drawn)


def test_the_first_screen_is_by_role(filled: Scene, look: Any) -> None:
    keys = look.keys(VIEWS[Screen.RECORDS](filled))
    assert {"patient-search", "register-new", "patient-p1", "more-patients"} <= set(keys)
    filled.state.records.part = Part.QUEUE
    filled.state.account = AccountResponse("rami", ("reviewer",), None, True)
    drawn = VIEWS[Screen.RECORDS](filled)
    assert "records-part" not in look.keys(drawn)
    assert "7 guesses wait" in look.words(drawn)
    assert "The images say different things" in look.words(drawn)


def test_a_guess_of_the_queue_opens_its_examination(filled: Scene, idle: Any, look: Any) -> None:
    filled.state.records.part = Part.QUEUE
    asyncio.run(look.by_key(VIEWS[Screen.RECORDS](filled), "queued-g2").on_click())
    assert idle.called == [("open", ("e1", "g2"))]


def test_only_an_administrator_is_offered_the_erasure(filled: Scene, idle: Any, look: Any) -> None:
    assert "delete-patient" in look.keys(VIEWS[Screen.RECORD](filled))
    filled.state.confirming = "patient"
    drawn = VIEWS[Screen.RECORD](filled)
    assert "delete-yes-patient" not in look.keys(drawn), "one question is not enough"
    assert "The audit log, with numbers of the entries and without names" in look.words(drawn)
    asyncio.run(look.by_key(drawn, "erase-go-on").on_click())
    filled.state.confirming = "patient-sure"
    drawn = VIEWS[Screen.RECORD](filled)
    assert "Erase Layla for good?" in look.words(drawn)
    asyncio.run(look.by_key(drawn, "delete-yes-patient").on_click())
    assert idle.called == [("ask_delete", ("patient-sure",)), ("erase", ())]
    filled.state.account = AccountResponse("mona", ("clinician",), None, True)
    assert "delete-yes-patient" not in look.keys(VIEWS[Screen.RECORD](filled))


def test_consents_are_shown_as_they_are(filled: Scene, look: Any) -> None:
    drawn = VIEWS[Screen.RECORD](filled)
    given = {one: look.by_key(drawn, f"consent-{one}").value for one in ("care", "training")}
    assert given == {"care": True, "training": False}


def test_who_said_what_of_consents_is_shown_and_the_newest_counts(
    filled: Scene, idle: Any, look: Any
) -> None:
    drawn = VIEWS[Screen.RECORD](filled)
    words = look.words(drawn)
    assert "Withdrawn on" in words
    assert "written down by mona" in words
    assert "Never asked" in words, "nobody has asked about research"
    assert "consent-said-c2" not in look.keys(drawn)
    asyncio.run(look.by_key(drawn, "consents-all").on_click())
    assert idle.called == [("list_consents", (True,))]
    filled.state.records.shows_consents = True
    drawn = VIEWS[Screen.RECORD](filled)
    shown = [key for key in look.keys(drawn) if str(key).startswith("consent-said-")]
    assert shown == ["consent-said-c3", "consent-said-c2", "consent-said-c1"]
    counts = [look.words(look.by_key(drawn, key)).split("\n")[0] for key in shown]
    assert counts == ["Training (counts)", "Training", "Care (counts)"]


def test_what_is_corrected_is_saved_and_what_is_new_is_registered(
    filled: Scene, idle: Any, look: Any
) -> None:
    filled.state.screen = Screen.CORRECT
    drawn = VIEWS[Screen.CORRECT](filled)
    assert "register" not in look.keys(drawn)
    asyncio.run(look.by_key(drawn, "correct-save").on_click())
    asyncio.run(look.by_key(drawn, "correct-leave").on_click())
    assert idle.called == [("correct", ()), ("go", (Screen.RECORD,))]
    filled.state.screen = Screen.REGISTER
    assert "correct-save" not in look.keys(VIEWS[Screen.REGISTER](filled))


def test_what_somebody_else_saved_stands_above_the_fields(
    filled: Scene, idle: Any, look: Any
) -> None:
    filled.state.screen = Screen.CORRECT
    assert "saved-meanwhile" not in look.keys(VIEWS[Screen.CORRECT](filled))
    filled.state.records.saved_meanwhile = filled.state.records.patient
    drawn = VIEWS[Screen.CORRECT](filled)
    assert "Layla, Female, born 1961, hospital 4711" in look.words(drawn)
    asyncio.run(look.by_key(drawn, "take-saved").on_click())
    assert idle.called == [("take_saved", ())]
    filled.state.screen = Screen.REGISTER
    assert "saved-meanwhile" not in look.keys(VIEWS[Screen.REGISTER](filled))


def test_empty_lists_say_what_to_do(filled: Scene, look: Any) -> None:
    records = filled.state.records
    records.patients, records.queue = PatientPage((), None), ReviewQueue((), 0)
    assert "No patients yet" in look.words(VIEWS[Screen.RECORDS](filled))
    records.search = "xyz"
    drawn = VIEWS[Screen.RECORDS](filled)
    assert "No patient fits “xyz”" in look.words(drawn)
    assert "list-all" in look.keys(drawn)
    records.part = Part.QUEUE
    assert "Nothing waits" in look.words(VIEWS[Screen.RECORDS](filled))


def test_the_queue_offers_more_and_tells_how_far_readers_agree(
    filled: Scene, idle: Any, look: Any
) -> None:
    records = filled.state.records
    records.part, records.agreement = Part.QUEUE, Agreement("toy", 4, 0.75, 0.5)
    drawn = VIEWS[Screen.RECORDS](filled)
    assert "Of 4 guesses with two readers, they agree on 75 %." in look.words(drawn)
    assert "kappa 0.50" in look.words(drawn)
    asyncio.run(look.by_key(drawn, "more-of-queue").on_click())
    assert idle.called == [("more_of_queue", ())]
    records.agreement = Agreement("toy", 0, None, None)
    assert "No guess of this kind has two readers yet." in look.words(VIEWS[Screen.RECORDS](filled))


def test_costs_are_shown_only_on_request(filled: Scene, idle: Any, look: Any) -> None:
    drawn = VIEWS[Screen.EXAMINATION](filled)
    assert "Five against nine." not in look.words(drawn)
    asyncio.run(look.by_key(drawn, "costs").on_click())
    assert idle.called == [("show_costs", (True,))]
    filled.state.records.shows_costs = True
    words = look.words(VIEWS[Screen.EXAMINATION](filled))
    for text in ("Five against nine.", "5.00", "9.00", "Expected cost of each way in days"):
        assert text in words


def test_the_guess_comes_before_the_picture_and_that_before_what_to_do(
    filled: Scene, look: Any
) -> None:
    filled.state.width_px = 390
    words = look.words(VIEWS[Screen.EXAMINATION](filled))
    places = [words.index(text) for text in ("Most likely", "Heat map", "Refer: it costs least.")]
    assert places == sorted(places)


def test_an_examination_says_whose_it_is_to_who_may_know(filled: Scene, look: Any) -> None:
    assert "Layla" in look.words(VIEWS[Screen.EXAMINATION](filled))
    filled.state.records.patient = None
    assert "Layla" not in look.words(VIEWS[Screen.EXAMINATION](filled))


def test_an_examination_is_saved(filled: Scene, idle: Any, look: Any) -> None:
    asyncio.run(look.by_key(VIEWS[Screen.EXAMINATION](filled), "examination-pdf").on_click())
    assert idle.called == [("save_pdf", ())]
    filled.state.account = AccountResponse("rami", ("reviewer",), None, True)
    assert "examination-pdf" not in look.keys(VIEWS[Screen.EXAMINATION](filled)), (
        "it names the patient"
    )


def test_views_and_sides_are_asked_where_images_have_them(
    filled: Scene, visit: Visit, look: Any
) -> None:
    assert "visit-view-1" in look.keys(VIEWS[Screen.EXAMINE](filled))
    filled.state.records.visit = replace(visit, task=filled.state.task)
    keys = look.keys(VIEWS[Screen.EXAMINE](filled))
    assert "visit-view-1" not in keys
    assert {"visit-image-1", "question-age", "visit-send", "standing-line"} <= set(keys)


def test_an_examination_says_what_has_to_be_said(filled: Scene, look: Any) -> None:
    drawn = VIEWS[Screen.EXAMINATION](filled)
    words = look.words(drawn)
    for text in (
        "Refer to a specialist",
        "Refer: it costs least.",
        "Most likely: Red (75 %)",
        "Machine guess, not reviewed",
        filled.say("statement"),
    ):
        assert text in words
    assert {"examination-image", "class-bars", "heat-opacity", "reviewer"} <= set(look.keys(drawn))


def test_advice_that_was_not_kept_is_said_to_be_of_now(filled: Scene, look: Any) -> None:
    records = filled.state.records
    said = "what was said then was not kept."
    assert said not in look.words(VIEWS[Screen.EXAMINATION](filled))
    assert records.joined is not None
    records.joined = replace(records.joined, origin=Origin.NOT_KEPT, id=None)
    assert said in look.words(VIEWS[Screen.EXAMINATION](filled))


def test_second_readers_are_told_from_first_ones(filled: Scene, look: Any) -> None:
    records = filled.state.records
    assert records.examination is not None
    said = tuple(
        ReviewRecord(f"r{i}", name, "correct", "B", "", "2026-11-27T18:05:59")
        for i, name in enumerate(("Omar", "Omar", "Rami"))
    )
    guess = replace(records.examination.predictions[0], reviews=said, decision="disputed")
    records.examination = replace(records.examination, predictions=(guess,))
    drawn = VIEWS[Screen.EXAMINATION](filled)
    readers = [look.words(look.by_key(drawn, f"review-r{i}")) for i in range(3)]
    assert [filled.say("review.second_reader") in one for one in readers] == [False, False, True]
    assert "Rami: it is Blue" in readers[2]
    assert [filled.say("review.replaced") in one for one in readers] == [True, False, False]
    assert "2 readers, and they differ." in look.words(drawn)


def test_whoever_is_signed_in_is_not_asked_for_a_name(filled: Scene, look: Any) -> None:
    filled.state.account = AccountResponse("rami", ("reviewer",), None, True)
    assert "reviewer" not in look.keys(VIEWS[Screen.EXAMINATION](filled))


@pytest.mark.parametrize("screen", OWN)
def test_a_choice_of_which_nothing_is_chosen_may_be_empty(
    filled: Scene, visit: Visit, screen: Screen, look: Any
) -> None:
    """Flet refuses another one only when it is drawn, and then keeps the earlier screen."""
    for control in look.controls(VIEWS[screen](filled)):
        if isinstance(control, ft.SegmentedButton):
            assert control.selected or control.allow_empty_selection, control.key


def test_answers_are_changed_by_clinicians(filled: Scene, idle: Any, look: Any) -> None:
    drawn = VIEWS[Screen.EXAMINATION](filled)
    asyncio.run(look.by_key(drawn, "answers-change").on_click())
    assert idle.called == [("begin", ())]
    filled.state.account = AccountResponse("rami", ("reviewer",), None, True)
    assert "answers-change" not in look.keys(VIEWS[Screen.EXAMINATION](filled))
    assert filled.state.records.examination is not None
    filled.state.account = AccountResponse("mona", ("clinician",), None, True)
    filled.state.records.examination = replace(filled.state.records.examination, answers={})
    drawn = VIEWS[Screen.EXAMINATION](filled)
    assert "answers-change" in look.keys(drawn)
    assert "No question was answered." in look.words(drawn)


def test_while_answers_are_changed_every_question_can_be_answered(
    filled: Scene, idle: Any, look: Any
) -> None:
    filled.state.records.answering = AnswersDraft({"age": 61.0})
    drawn = VIEWS[Screen.EXAMINATION](filled)
    assert {"answer-age", "answer-lens", "answer-shade", "answer-site"} <= set(look.keys(drawn))
    assert "answers-saved-meanwhile" not in look.keys(drawn)
    assert look.by_key(drawn, "answer-age").value == "61"
    for key in ("answers-save", "answers-leave"):
        asyncio.run(look.by_key(drawn, key).on_click())
    assert idle.called == [("save", ()), ("leave", ())]


def test_what_somebody_else_answered_stands_above_the_questions(
    filled: Scene, idle: Any, look: Any
) -> None:
    filled.state.records.answering = AnswersDraft({"age": 61.0}, '"1"', {"age": 70.0})
    drawn = VIEWS[Screen.EXAMINATION](filled)
    assert "70" in look.words(look.by_key(drawn, "answers-saved-meanwhile"))
    asyncio.run(look.by_key(drawn, "answers-take-saved").on_click())
    assert idle.called == [("take_saved", ())]
    filled.state.records.answering = AnswersDraft({"age": 61.0}, '"1"', {})
    words = look.words(look.by_key(VIEWS[Screen.EXAMINATION](filled), "answers-saved-meanwhile"))
    assert "No question was answered." in words
