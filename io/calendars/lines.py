"""Lines of a calendar's file (RFC 5545, 3.1 to 3.3): escaped, folded at 75 octets, ended by CRLF.

icalendar reads and writes any calendar; for the few properties that are written here it takes ten times as long,
which a year of three hundred people's feeds would feel.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import UTC, date, datetime

WIDEST = 75
"""Octets of a line without its end (RFC 5545, 3.1)."""
_ESCAPED = re.compile(r"[\\;,\n]")
_ESCAPES = str.maketrans({"\\": "\\\\", ";": "\\;", ",": "\\,", "\n": "\\n"})


def folded(line: str) -> bytes:
    """A line as it stands in a file: no piece longer than 75 octets, no letter cut."""
    content = line.encode("utf-8")
    if len(content) <= WIDEST:
        return content + b"\r\n"
    pieces = []
    start, width = 0, WIDEST
    while start < len(content):
        end = min(start + width, len(content))
        while end < len(content) and content[end] & 0xC0 == 0x80:
            end -= 1
        pieces.append(content[start:end])
        start, width = end, WIDEST - 1
    return b"\r\n ".join(pieces) + b"\r\n"


def joined(lines: Iterable[str]) -> bytes:
    """Lines as they stand in a file."""
    return b"".join(
        line.encode("ascii") + b"\r\n" if len(line) <= WIDEST and line.isascii() else folded(line) for line in lines
    )


def escaped(text: str) -> str:
    """A text as a value (RFC 5545, 3.3.11)."""
    return text.translate(_ESCAPES) if _ESCAPED.search(text) else text


def parameter(text: str) -> str:
    """A text as the value of a parameter: quoted, without quotation marks of its own (RFC 5545, 3.2)."""
    return '"' + text.replace('"', "'") + '"'


def utc(moment: datetime) -> str:
    """An instant, to the second."""
    return f"{moment.astimezone(UTC):%Y%m%dT%H%M%SZ}"


def when(name: str, moment: date, zone: str) -> str:
    """A whole property of a day, or of an instant that is told in the time of a zone."""
    if isinstance(moment, datetime):
        return f"{name};TZID={zone}:{moment:%Y%m%dT%H%M%S}"
    return f"{name};VALUE=DATE:{moment:%Y%m%d}"
