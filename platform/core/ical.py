"""iCalendar (RFC 5545): lines of 75 octets at most, text escaped, times in UTC; the end of whole days is excluded."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime

from django.conf import settings
from django.http import HttpResponse
from django.utils import timezone


@dataclass(frozen=True, slots=True)
class Event:
    uid: str
    starts: date | datetime
    ends: date | datetime
    title: str
    where: str = ""
    detail: str = ""
    url: str = ""
    is_cancelled: bool = False
    sequence: int = 0


def calendar(events: Iterable[Event], *, name: str, product: str) -> bytes:
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", f"PRODID:-//ENT-école//{product}//FR", "METHOD:PUBLISH"]
    lines.append(f"X-WR-CALNAME:{escape(name)}")
    for event in events:
        lines += _event(event)
    lines.append("END:VCALENDAR")
    return "".join(fold(line) + "\r\n" for line in lines).encode()


def response(body: bytes, *, filename: str, kept: str = "no-store") -> HttpResponse:
    answer = HttpResponse(body, content_type="text/calendar; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="{filename}"'
    answer["Cache-Control"] = kept
    return answer


def _event(event: Event) -> list[str]:
    lines = [
        "BEGIN:VEVENT",
        f"UID:{event.uid}@{settings.ENT_DOMAIN}",
        f"DTSTAMP:{_utc(timezone.now())}",
        f"DTSTART{_when(event.starts)}",
        f"DTEND{_when(event.ends)}",
        f"SEQUENCE:{event.sequence}",
        f"STATUS:{'CANCELLED' if event.is_cancelled else 'CONFIRMED'}",
        f"SUMMARY:{escape(event.title)}",
    ]
    if event.where:
        lines.append(f"LOCATION:{escape(event.where)}")
    if event.detail:
        lines.append(f"DESCRIPTION:{escape(event.detail)}")
    if event.url:
        lines.append(f"URL:{event.url}")
    return [*lines, "END:VEVENT"]


def _when(value: date | datetime) -> str:
    return f":{_utc(value)}" if isinstance(value, datetime) else f";VALUE=DATE:{value:%Y%m%d}"


def _utc(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y%m%dT%H%M%SZ")


def escape(text: str) -> str:
    """A line break typed by somebody must not start a property."""
    text = text.replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,")
    return "\\n".join(text.splitlines())


def fold(line: str) -> str:
    """75 octets a line, never in the middle of a letter."""
    parts, current, size, limit = [], "", 0, 75
    for letter in line:
        width = len(letter.encode())
        if size + width > limit:
            parts.append(current)
            current, size, limit = "", 0, 74
        current, size = current + letter, size + width
    return "\r\n ".join([*parts, current])
