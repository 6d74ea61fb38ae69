"""Numbers, dates and Latin names beside Arabic words stand on the page as they are written."""

import io

import pypdf
import pytest
from fpdf.bidi import BidiParagraph
from fpdf.enums import TextDirection

from cancerapy.reports import Report
from cancerapy.reports.direction import isolate
from cancerapy.reports.pdf import write_pdf

WORD = "\u0634\u0627\u0645\u0629"
MARKS = str.maketrans("", "", "\u200e\u200f")


def _seen(text: str, *, is_right_to_left: bool) -> str:
    """Return a text as it is seen from left to right, by the whole algorithm of Unicode."""
    base = TextDirection.RTL if is_right_to_left else TextDirection.LTR
    marked = isolate(text, is_right_to_left=is_right_to_left)
    return BidiParagraph(marked, base).get_reordered_string().translate(MARKS)


@pytest.mark.parametrize(
    "run",
    [
        "2026-11-27 18:05",
        "2026-11-27",
        "75 %",
        "12.5 %",
        "75%",
        "-0.5",
        "\u22120.5",
        "+3",
        "5-10 %",
        "1,000",
        "skin-3",
        "CanceRapy 0.1.0",
        "Omar Nasser",
        "a1b2c3d4",
        "0123abcd4567",
        "L CC",
        "dr.amal@clinic",
    ],
)
@pytest.mark.parametrize("is_right_to_left", [True, False])
def test_a_run_keeps_its_order_after_and_before_an_arabic_word(
    run: str, is_right_to_left: bool
) -> None:
    mirrored = WORD[::-1]
    after = _seen(f"{WORD}: {run}", is_right_to_left=is_right_to_left)
    before = _seen(f"{run}: {WORD}", is_right_to_left=is_right_to_left)
    if is_right_to_left:
        assert (after, before) == (f"{run} :{mirrored}", f"{mirrored} :{run}")
    else:
        assert (after, before) == (f"{mirrored}: {run}", f"{run}: {mirrored}")


def test_two_runs_follow_one_another_in_the_order_of_the_page() -> None:
    both = f"{WORD}: 2026-11-27 18:05, skin-3"
    seen = _seen(both, is_right_to_left=True)
    assert seen == f"skin-3 ,2026-11-27 18:05 :{WORD[::-1]}"
    seen = _seen(f"{WORD} (75 %), 80 %.", is_right_to_left=True)
    # Brackets are mirrored when they are drawn, by HarfBuzz.
    assert seen == f".80 % ,)75 %( {WORD[::-1]}"


def test_a_text_without_arabic_on_a_page_from_the_left_is_left_alone() -> None:
    assert isolate("Omar, 2026-11-27: 75 %", is_right_to_left=False) == "Omar, 2026-11-27: 75 %"


def _lines(report: Report) -> list[str]:
    """Return what stands on the page from left to right, by where the pieces are drawn."""
    pieces: list[tuple[float, str]] = []

    def note(text: str, _: object, at: list[float], *__: object) -> None:
        if text.strip():
            pieces.append((at[5], text))

    (page,) = pypdf.PdfReader(io.BytesIO(write_pdf(report))).pages
    page.extract_text(visitor_text=note)
    return ["".join(text for at, text in pieces if at == y) for y in dict(pieces)]


@pytest.mark.parametrize("language", ["ar", "en"])
def test_a_written_page_holds_dates_and_percent_in_order(language: str) -> None:
    rows = (f"{WORD}, 2026-11-27 18:05", f"{WORD}: 75 %", "Omar, 2026-11-28 18:05: 12 %")
    report = Report(language, language == "ar", "T", "W", "H", rows, (), ())
    text = " ".join(_lines(report)).translate(MARKS)
    for run in ("2026-11-27 18:05", "75 %", "Omar", "2026-11-28 18:05", "12 %"):
        assert run in text
