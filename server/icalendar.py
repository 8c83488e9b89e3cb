"""Calendar entries as iCalendar text: escaped, folded, with the town's zone. Source: RFC 5545."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from server.clock import TOWN_ZONE

LINE_BYTES = 75  # RFC 5545, 3.1: a longer line goes on in the next one, after a space
HEAD = (
    "BEGIN:VCALENDAR",
    "VERSION:2.0",
    "PRODID:-//Lingyan//Lingyan//ZH",
    "CALSCALE:GREGORIAN",
    "METHOD:PUBLISH",
    "BEGIN:VTIMEZONE",
    "TZID:Asia/Shanghai",
    "BEGIN:STANDARD",
    "DTSTART:19910915T010000",
    "TZOFFSETFROM:+0900",
    "TZOFFSETTO:+0800",
    "TZNAME:CST",
    "END:STANDARD",
    "END:VTIMEZONE",
)


@dataclass(frozen=True)
class Entry:
    """One entry: a day, or a span of time; `uid` stays the same as long as the thing does."""

    uid: str
    title: str
    begin: date | datetime
    end: datetime | None = None
    place: str = ""


def write_calendar(name: str, entries: Iterable[Entry], stamp: datetime) -> str:
    """The whole calendar, lines ended as the standard wants them."""
    lines = [*HEAD, f"X-WR-CALNAME:{escape(name)}"]
    for entry in entries:
        lines += entry_lines(entry, stamp)
    lines.append("END:VCALENDAR")
    return "".join(f"{part}\r\n" for line in lines for part in fold(line))


def entry_lines(entry: Entry, stamp: datetime) -> Iterator[str]:
    yield "BEGIN:VEVENT"
    yield f"UID:{escape(entry.uid)}"
    yield f"DTSTAMP:{stamp.astimezone(UTC):%Y%m%dT%H%M%SZ}"
    if isinstance(entry.begin, datetime):
        yield f"DTSTART;TZID=Asia/Shanghai:{local(entry.begin)}"
        yield f"DTEND;TZID=Asia/Shanghai:{local(entry.end or entry.begin)}"
    else:
        yield f"DTSTART;VALUE=DATE:{entry.begin:%Y%m%d}"
        yield f"DTEND;VALUE=DATE:{entry.begin + timedelta(days=1):%Y%m%d}"
        yield "TRANSP:TRANSPARENT"
    yield f"SUMMARY:{escape(entry.title)}"
    if entry.place:
        yield f"LOCATION:{escape(entry.place)}"
    yield "END:VEVENT"


def local(moment: datetime) -> str:
    return f"{moment.astimezone(TOWN_ZONE):%Y%m%dT%H%M%S}"


def escape(text: str) -> str:
    """Source: RFC 5545, 3.3.11; other control characters have no place in a text."""
    text = text.replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,")
    text = text.replace("\r\n", "\\n").replace("\n", "\\n")
    return "".join(letter for letter in text if letter >= " " and letter != "\x7f")


def fold(line: str) -> Iterator[str]:
    """Pieces of at most 75 bytes that split no character; each but the first begins with a space."""
    piece, size = "", 0
    for letter in line:
        width = len(letter.encode())
        if size + width > LINE_BYTES:
            yield piece
            piece, size = " ", 1
        piece, size = piece + letter, size + width
    yield piece
