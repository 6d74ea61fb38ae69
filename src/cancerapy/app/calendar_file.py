"""A reminder as a calendar file that any calendar reads.

The words are the caller's and should not tell an illness: calendars are often shared.

References:
    RFC 5545, iCalendar.
"""

from datetime import date, datetime, timedelta

LINE_OCTETS = 75


def write_calendar(uid: str, day: date, title: str, text: str, written: datetime) -> bytes:
    """Return a calendar with one all-day entry and an alarm at nine in the morning.

    Args:
        uid: Identifies the entry, so that a second file replaces it.
        day: The day of the entry.
        title: Its title.
        text: Its description.
        written: The moment of writing, in UTC.
    """
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//CanceRapy//Reminder//EN",
        "BEGIN:VEVENT",
        f"UID:{_escape(uid)}@cancerapy",
        f"DTSTAMP:{written:%Y%m%dT%H%M%SZ}",
        f"DTSTART;VALUE=DATE:{day:%Y%m%d}",
        f"DTEND;VALUE=DATE:{day + timedelta(days=1):%Y%m%d}",
        f"SUMMARY:{_escape(title)}",
        f"DESCRIPTION:{_escape(text)}",
        "TRANSP:TRANSPARENT",
        "BEGIN:VALARM",
        "ACTION:DISPLAY",
        f"DESCRIPTION:{_escape(title)}",
        "TRIGGER:PT9H",
        "END:VALARM",
        "END:VEVENT",
        "END:VCALENDAR",
    ]
    return b"".join(_fold(line) for line in lines)


def _escape(text: str) -> str:
    """Return a text value (section 3.3.11)."""
    text = text.replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,")
    return text.replace("\r\n", "\n").replace("\n", "\\n")


def _fold(line: str) -> bytes:
    """Return a content line of at most 75 octets a row, whole characters only (section 3.1)."""
    rows, row = [], b""
    for character in line:
        octets = character.encode()
        if len(row) + len(octets) > LINE_OCTETS:
            rows.append(row)
            row = b" "
        row += octets
    return b"\r\n".join([*rows, row]) + b"\r\n"
