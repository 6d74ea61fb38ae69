"""Sets a report as a PDF of A4 pages, from the left or from the right.

Arabic letters join and change their form, which HarfBuzz does; the fonts are embedded, so that
the document looks the same everywhere.
"""

import io
from pathlib import Path

from fpdf import FPDF

from cancerapy.reports.direction import isolate
from cancerapy.reports.report import Report, Section

OWN_FONTS = Path(__file__).parent / "fonts"
ARABIC_FONTS = Path(__file__).parents[1] / "app" / "assets" / "fonts"
INK, QUIET, ACCENT, PALE = (20, 32, 30), (74, 90, 87), (11, 107, 99), (216, 239, 235)
PICTURE_MM = 80


def write_pdf(*reports: Report) -> bytes:
    """Return reports of one language as a PDF, each beginning on a page of its own.

    Args:
        *reports: One or more; title and warning of the document are those of the first.
    """
    page = _Page(reports[0])
    for report in reports:
        page.add_page()
        page.text_line(report.title, size=18, strong=True, color=ACCENT)
        page.ln(2)
        page.text_line(report.headline, size=15, strong=True)
        for line in report.lines:
            page.text_line(line)
        page.side_by_side(report.pictures)
        for section in report.sections:
            if section.rows:
                page.section(section)
    return bytes(page.output())


class _Page(FPDF):
    """Pages with the standing line on top of each."""

    def __init__(self, report: Report) -> None:
        super().__init__(format="A4")
        self._report = report
        for style, arabic, latin in (
            ("", "NotoSansArabic-Regular.ttf", "DejaVuSans.ttf"),
            ("B", "NotoSansArabic-Bold.ttf", "DejaVuSans-Bold.ttf"),
        ):
            self.add_font("Arabic", style, ARABIC_FONTS / arabic)
            self.add_font("Latin", style, OWN_FONTS / latin)
        main, other = "Latin", "Arabic"
        if report.is_right_to_left:
            main, other = other, main
        self._family = main
        self.set_fallback_fonts([other], exact_match=False)
        self.set_text_shaping(
            use_shaping_engine=True, direction="rtl" if report.is_right_to_left else "ltr"
        )
        self._align = "R" if report.is_right_to_left else "L"
        self.set_margins(18, 14)
        self.set_auto_page_break(auto=True, margin=16)
        self.set_title(report.title)
        self.set_lang(report.language)

    def header(self) -> None:
        """Put the standing line on top of the page."""
        self.set_fill_color(*PALE)
        self._pen(9, strong=True, color=INK)
        text = isolate(self._report.warning, is_right_to_left=self._report.is_right_to_left)
        self.multi_cell(0, 6, text, align="C", fill=True, new_x="LMARGIN", new_y="NEXT")
        self.ln(4)

    def text_line(
        self,
        text: str,
        *,
        size: float = 10.5,
        strong: bool = False,
        color: tuple[int, int, int] = INK,
    ) -> None:
        """Write a text over the whole width."""
        self._pen(size, strong=strong, color=color)
        text = isolate(text, is_right_to_left=self._report.is_right_to_left)
        self.multi_cell(0, size * 0.52, text, align=self._align, new_x="LMARGIN", new_y="NEXT")
        self.ln(0.8)

    def section(self, section: Section) -> None:
        """Write a heading and its rows."""
        self.ln(2.5)
        self.text_line(section.heading, size=12, strong=True, color=ACCENT)
        for name, text in section.rows:
            self.text_line(f"{name}: {text}" if name else text)

    def side_by_side(self, pictures: tuple[bytes, ...]) -> None:
        """Put pictures beside one another."""
        if not pictures:
            return
        self.ln(2)
        top = bottom = self.get_y()
        for place, picture in enumerate(pictures):
            left = self.l_margin + place * (PICTURE_MM + 6)
            drawn = self.image(io.BytesIO(picture), x=left, y=top, w=PICTURE_MM)
            bottom = max(bottom, top + drawn.rendered_height)
        self.set_y(bottom + 2)

    def _pen(self, size: float, *, strong: bool, color: tuple[int, int, int]) -> None:
        # The line before may have ended in the other font, of which fpdf2 knows nothing afterwards.
        self.font_family = ""
        self.set_font(self._family, "B" if strong else "", size)
        self.set_text_color(*color)
