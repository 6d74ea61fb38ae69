"""A record on paper: every guess with its words, pictures and reviews, in both languages."""

import io
import json
import re
from collections.abc import Callable
from dataclasses import replace

import pypdf
import pytest

from cancerapy.cancers import load_cancer
from cancerapy.contract.records import ExaminationRecord
from cancerapy.contract.requests import NewReview
from cancerapy.records import Records
from cancerapy.records.audit import list_entries
from cancerapy.records.export import export_patient
from cancerapy.records.export_pdf import compose_reports, export_examination_pdf, export_pdf
from cancerapy.records.reviews import add_review
from cancerapy.records.words import FOLDER, LANGUAGES, load_words

Add = Callable[..., ExaminationRecord]


@pytest.fixture
def kind() -> str:
    """Use SQLite alone: the pages are made from what the records answer."""
    return "sqlite"


def test_both_languages_have_every_word() -> None:
    texts = {name: json.loads((FOLDER / f"{name}.json").read_text()) for name in LANGUAGES}
    assert set(texts["en"]) == set(texts["ar"])
    assert [
        key for key, text in texts["ar"].items() if not re.search("[\u0600-\u06ff]", text)
    ] == []


def test_pages_say_what_the_record_holds(records: Records, add: Add, patient_id: str) -> None:
    made = add(1, 2, side=256)
    review = NewReview("correct", "mel", comment="asymmetric")
    with records.writing() as session:
        add_review(session, made.predictions[0].id, review, "Dr. Omar")
    found = export_patient(records, patient_id, "me")
    first, guess, other = compose_reports(found, records.images, load_words("en"))
    assert first.headline == "Layla Haddad"
    assert ("Year of birth", "1961") in first.sections[0].rows
    assert ("hospital", "H-7") in first.sections[0].rows
    assert guess.headline == "Machine guess: Melanoma (50 %)"
    assert guess.lines == ("Confirmed: Melanoma",)
    assert other.lines == ("Not reviewed yet",)
    assert len(guess.pictures) == 2  # as the model saw it, and under the heat map
    rows = {row for section in guess.sections for row in section.rows}
    assert ("Model", "skin-3") in rows
    assert ("Place", "left arm") in rows
    assert ("", "Watch it.") in rows
    assert any("corrects to Melanoma - asymmetric" in text for _, text in rows)


def test_pages_say_what_was_advised_then_or_that_it_was_not_kept(
    records: Records, add: Add, patient_id: str
) -> None:
    add(1, 2)
    found = export_patient(records, patient_id, "me")
    (decided,) = found.decisions
    _, guess, other = compose_reports(found, records.images, load_words("ar"))
    when = f"{decided.decided_at[:16].replace('T', ' ')}, CanceRapy {decided.package_version}"
    for page in (guess, other):
        assert page.sections[1].rows[0] == ("", decided.decision.sentences["ar"])
        assert page.sections[1].rows[1][1] == when
    older = replace(found, decisions=())
    _, guess, _ = compose_reports(older, records.images, load_words("en"))
    assert guess.sections[1].rows == (("", "The advice of that time was not kept."),)


def test_pages_are_a_pdf_with_the_standing_line_on_each(
    records: Records, add: Add, patient_id: str
) -> None:
    add(1, side=256)
    for language in LANGUAGES:
        pdf = pypdf.PdfReader(io.BytesIO(export_pdf(records, patient_id, language, "me")))
        assert len(pdf.pages) >= 2
        if language == "en":
            assert all(
                "Machine guess, not a diagnosis" in page.extract_text() for page in pdf.pages
            )
            assert "Layla Haddad" in pdf.pages[0].extract_text()
    with records.reading() as session:
        forms = [entry.details.get("form") for entry in list_entries(session).items]
    assert forms[:2] == ["pdf-ar", "pdf-en"]


def test_an_examination_alone_is_a_pdf_that_names_the_patient(
    records: Records, add: Add, patient_id: str
) -> None:
    add(1, side=256)
    made = add(2, 3, side=256)
    data = export_examination_pdf(records, made.id, "en", "me")
    pages = [page.extract_text() for page in pypdf.PdfReader(io.BytesIO(data)).pages]
    assert len(pages) >= 2
    assert sum("Machine guess: " in page for page in pages) == 2, "the other one is not in it"
    assert any("Layla Haddad" in page for page in pages)
    assert all("Machine guess, not a diagnosis" in page for page in pages)
    with records.reading() as session:
        newest = list_entries(session).items[0]
    assert (newest.action, newest.subject_id) == ("examination.export", made.id)
    assert newest.details == {"form": "pdf-en"}


def test_a_lost_image_does_not_keep_the_record_from_paper(
    records: Records, add: Add, patient_id: str
) -> None:
    lost = add(1).images[0].sha256
    records.images.path(lost).unlink()
    found = export_patient(records, patient_id, "me")
    _, guess = compose_reports(found, records.images, load_words("en"))
    assert guess.pictures == ()
    assert "The image file is missing or damaged." in guess.lines


def test_arabic_has_the_cancers_own_words(records: Records, add: Add, patient_id: str) -> None:
    add(1)
    found = export_patient(records, patient_id, "me")
    say = load_words("ar")
    _, guess = compose_reports(found, records.images, say)
    assert guess.is_right_to_left
    title = say.of("skin", load_cancer("skin").title)
    assert title != load_cancer("skin").title
    assert guess.title.endswith(title)
