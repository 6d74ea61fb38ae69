"""A result in a person's words for paper."""

import io
from dataclasses import replace

from PIL import Image as PillowImage

from cancerapy.app.report import compose_report
from cancerapy.app.state import LANGUAGES, Outcome
from cancerapy.app.strings import load_strings


def _picture() -> bytes:
    output = io.BytesIO()
    PillowImage.new("RGB", (96, 64), "red").save(output, format="JPEG")
    return output.getvalue()


def test_everything_that_must_be_said_is_in_the_report(outcome: Outcome) -> None:
    report = compose_report(replace(outcome, picture=_picture(), lesion="left"), load_strings("en"))
    rows = {section.heading: dict(section.rows) for section in report.sections}
    assert report.warning.startswith("Machine guess, not a diagnosis.")
    assert report.lines == ("Most likely: Red (75 %)", "A red square.")
    assert rows["All possibilities"] == {"Red": "75 %", "Blue": "25 %"}
    assert rows["Answers of the patient"] == {"How old?": "50", "Through a lens?": "Yes"}
    assert rows["Where this comes from"]["Model"] == "toy-3"
    assert ("", "See a painter.") in report.sections[0].rows
    assert ("", "How soon: within 7 days") in report.sections[0].rows
    assert len(report.pictures) == 2


def test_the_paper_tells_the_agent_s_decision(outcome: Outcome, weighed: Outcome) -> None:
    say = load_strings("en")
    plain = [text for _, text in compose_report(outcome, say).sections[0].rows]
    assert plain == ["See a painter.", "How soon: within 7 days", "Source: The painters' guild."]
    told = [text for _, text in compose_report(weighed, say).sections[0].rows]
    assert told == [plain[0], say("result.weighed", sentence="Refer."), *plain[1:]]


def test_a_result_without_a_picture_has_none(outcome: Outcome) -> None:
    for language in LANGUAGES:
        report = compose_report(outcome, load_strings(language))
        assert report.pictures == ()
        assert report.is_right_to_left == (language == "ar")


def test_the_heat_lies_where_the_model_looked(outcome: Outcome) -> None:
    plain, hot = compose_report(replace(outcome, picture=_picture()), load_strings("en")).pictures
    under = PillowImage.open(io.BytesIO(plain)).getpixel((1, 1))
    over = PillowImage.open(io.BytesIO(hot)).getpixel((470, 10))
    assert under[0] > 250
    assert over[1] > 80  # the palette's bright end over red
