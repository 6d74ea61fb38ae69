"""The calendar file, read back by the rules of RFC 5545."""

from datetime import UTC, date, datetime

from cancerapy.app.calendar_file import write_calendar

WRITTEN = datetime(2026, 11, 27, 18, 30, tzinfo=UTC)


def _read(text: bytes) -> list[str]:
    """Unfold the lines as section 3.1 says."""
    assert text.endswith(b"\r\n")
    return text.decode().replace("\r\n ", "").split("\r\n")[:-1]


def test_a_day_with_an_alarm() -> None:
    lines = _read(write_calendar("a1", date(2026, 12, 31), "Look", "Again", WRITTEN))
    assert lines[0] == "BEGIN:VCALENDAR"
    assert lines[-1] == "END:VCALENDAR"
    for line in ("VERSION:2.0", "UID:a1@cancerapy", "DTSTAMP:20261127T183000Z",
                 "DTSTART;VALUE=DATE:20261231", "DTEND;VALUE=DATE:20270101", "SUMMARY:Look",
                 "DESCRIPTION:Again", "TRIGGER:PT9H"):  # fmt: skip
        assert line in lines
    opened = [line[6:] for line in lines if line.startswith("BEGIN:")]
    closed = [line[4:] for line in lines if line.startswith("END:")]
    assert opened == closed[::-1] == ["VCALENDAR", "VEVENT", "VALARM"]


def test_signs_with_a_meaning_are_escaped() -> None:
    lines = _read(write_calendar("a", date(2026, 1, 1), "a,b;c\\d\ne", "x", WRITTEN))
    assert "SUMMARY:a\\,b\\;c\\\\d\\ne" in lines


def test_long_lines_are_folded_between_characters() -> None:
    title = "\u0634\u0627\u0645\u0629 " * 40
    text = write_calendar("a", date(2026, 1, 1), title, "x", WRITTEN)
    assert all(len(row) <= 75 for row in text.split(b"\r\n"))
    assert all(row.decode() for row in text.split(b"\r\n")[:-1])
    assert f"SUMMARY:{title}" in _read(text)
