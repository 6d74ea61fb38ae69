"""A report as a PDF, read back by another library."""

import io

import pypdf
import pytest
from PIL import Image as PillowImage

from cancerapy.reports import Report, Section
from cancerapy.reports.pdf import write_pdf


def _png(colour: str) -> bytes:
    output = io.BytesIO()
    PillowImage.new("RGB", (60, 40), colour).save(output, format="PNG")
    return output.getvalue()


def _report(language: str, text: str, n_rows: int = 1) -> Report:
    return Report(
        language=language,
        is_right_to_left=language == "ar",
        title="CanceRapy",
        warning="Warned",
        headline=text,
        lines=("Melanoma \u2265 75 %",),
        pictures=(_png("red"), _png("blue")),
        sections=(Section("Empty", ()), Section("Model", (("Name", "toy-3"),) * n_rows)),
    )


def _read(document: bytes) -> list[pypdf.PageObject]:
    return list(pypdf.PdfReader(io.BytesIO(document)).pages)


def test_the_text_can_be_read_back() -> None:
    (page,) = _read(write_pdf(_report("en", "Looks suspicious")))
    text = page.extract_text()
    for words in ("CanceRapy", "Warned", "Looks suspicious", "Name: toy-3"):
        assert words in text
    assert "Empty" not in text
    assert [image.image.size for image in page.images] == [(60, 40), (60, 40)]


def test_every_page_is_warned() -> None:
    pages = _read(write_pdf(_report("en", "Long", n_rows=120)))
    assert len(pages) > 1
    assert all("Warned" in page.extract_text() for page in pages)


def test_arabic_is_set_with_its_own_font() -> None:
    (page,) = _read(write_pdf(_report("ar", "\u0634\u0627\u0645\u0629")))
    text = page.extract_text()
    word = "\u0634\u0627\u0645\u0629"
    assert word in text or word[::-1] in text
    resources = page["/Resources"]["/Font"].values()
    fonts = {str(font.get_object()["/BaseFont"]) for font in resources}
    assert any("NotoSansArabic" in font for font in fonts)
    assert "Melanoma" in text


@pytest.mark.parametrize("language", ["en", "ar"])
def test_a_report_without_pictures_is_written(language: str) -> None:
    report = _report(language, "x")
    bare = Report(**{name: getattr(report, name) for name in (
        "language", "is_right_to_left", "title", "warning", "headline", "lines", "sections",
    )}, pictures=())  # fmt: skip
    (page,) = _read(write_pdf(bare))
    assert list(page.images) == []
