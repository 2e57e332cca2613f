"""Publishing to a CalDAV server: a collection per auditor that shows exactly the plan, however often it is done."""

from __future__ import annotations

import hashlib
import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from auditplan.io.calendars.components import END, event, head, said, stamp_of, zone_around
from auditplan.io.calendars.dav import Dav, DavError, Resource
from auditplan.io.calendars.lines import joined
from auditplan.io.calendars.occasions import Occasion
from auditplan.io.calendars.texts import one_line
from auditplan.planner.domain import Body, Settings

PREFIX = "auditplan-"
"""How the collections begin that are ours; no other is looked into."""
MARK = "X-AUDITPLAN-MARK"
"""The property that holds what an event said when it was written."""
_PLAIN = re.compile(r"[a-z0-9]{1,40}")


@dataclass(slots=True)
class Published:
    """What was done: objects written and removed, collections made."""

    written: int = 0
    removed: int = 0
    made: int = 0


def collection_name(auditor: str) -> str:
    """The collection of an auditor: for ever the same, and no other's."""
    if _PLAIN.fullmatch(auditor):
        return f"{PREFIX}{auditor}"
    return f"{PREFIX}{hashlib.sha256(auditor.encode('utf-8', errors='surrogatepass')).hexdigest()[:20]}"


def publish(
    body: Body,
    occasions: Iterable[Occasion],
    server: Dav,
    *,
    stamp: datetime,
    sequences: Mapping[str, int],
    step: Callable[[int, int], None] | None = None,
) -> Published:
    """Makes the collection of every auditor show exactly their events; what others put there stays. stamp: the
    time of the run. sequences: how often each event was changed. step is called after each collection.

    Raises DavError; what was done until then stands, and another run goes on from there."""
    owned: dict[str, list[Occasion]] = defaultdict(list)
    for occasion in occasions:
        owned[occasion.person].append(occasion)
    done = Published()
    names = {f"{server.base}{collection_name(auditor.id)}/": auditor for auditor in body.auditors}
    there = set(server.children())
    gone = sorted(path for path in there - set(names) if path.rstrip("/").rpartition("/")[2].startswith(PREFIX))
    work: list[tuple[str, str, list[Occasion]]] = [(path, "", []) for path in gone]
    for path, auditor in names.items():
        called = one_line(auditor.name) or one_line(auditor.id) or collection_name(auditor.id)
        work.append((path, called, owned[auditor.id]))
    for number, (path, name, wanted) in enumerate(work, start=1):
        if name and path not in there:
            server.make(path, name)
            done.made += 1
        _Collection(path, server, body.settings, stamp_of(stamp), sequences, done).show(wanted)
        if step is not None:
            step(number, len(work))
    return done


class _Collection:
    """One collection."""

    def __init__(
        self,
        path: str,
        server: Dav,
        settings: Settings,
        stamp: str,
        sequences: Mapping[str, int],
        done: Published,
    ) -> None:
        """Looks at nothing yet."""
        self._path, self._server, self._settings = path, server, settings
        self._stamp, self._sequences, self._done = stamp, sequences, done

    def show(self, wanted: Iterable[Occasion]) -> None:
        """Writes what is new or changed, removes what is ours and not wanted. Raises DavError."""
        ours = self._ours()
        for occasion in wanted:
            resource, known = ours.pop(occasion.uid, (None, None))
            told = said(occasion.entry)
            mark = _mark(occasion, told, self._settings)
            if resource is not None and known is not None and _same(known, occasion, mark):
                continue
            self._write(occasion, resource, known, told, mark)
        for resource, _ in ours.values():
            if self._server.remove(resource.path, resource.etag):
                self._done.removed += 1

    def _ours(self) -> dict[str, tuple[Resource, Any]]:
        """The events of the collection that were written here, by identity."""
        found = {}
        for resource in self._server.resources(self._path) or ():
            known = _event(resource.content)
            if known is not None and str(known.get("UID", "")).endswith("@auditplan") and MARK in known:
                found[str(known["UID"])] = (resource, known)
        return found

    def _write(self, occasion: Occasion, resource: Resource | None, known: Any, told: bytes, mark: str) -> None:
        """Writes one event; once more where somebody changed it meanwhile. Raises DavError."""
        for _ in range(2):
            sequence = max(self._sequences.get(occasion.uid, 0), _sequence(known) + 1 if known is not None else 0)
            content = self._content(occasion, told, mark, sequence)
            path = resource.path if resource else f"{self._path}{occasion.uid.partition('@')[0]}.ics"
            if self._server.put(path, content, resource.etag if resource else ""):
                self._done.written += 1
                return
            resource, known = self._ours().get(occasion.uid, (None, None))
        raise DavError(f"412 {path}", 412)

    def _content(self, occasion: Occasion, told: bytes, mark: str, sequence: int) -> bytes:
        """An event as an object of its own: without a method (RFC 4791, 4.1), and without organiser and attendee,
        by which the server would invite people itself (RFC 6638)."""
        more = (f"{MARK}:{mark}", f"LAST-MODIFIED:{self._stamp}")
        content = event(occasion, self._settings, told, stamp=self._stamp, sequence=sequence, more=more)
        return b"".join((joined(head()), zone_around(self._settings, occasion.start), content, END))


def _mark(occasion: Occasion, told: bytes, settings: Settings) -> str:
    """What an event says, in short."""
    written = event(occasion, settings, told, stamp="", sequence=0)
    return hashlib.sha256(written).hexdigest()[:24]


def _event(content: str) -> Any:
    """The event of an object; None for one that holds none or several."""
    from icalendar import Calendar

    try:
        calendar = Calendar.from_ical(content)
    except ValueError:
        return None
    events = calendar.events
    return events[0] if len(events) == 1 else None


def _same(known: Any, occasion: Occasion, mark: str) -> bool:
    """Whether an event on the server is what is wanted: as it was written, and not moved by its owner since."""
    try:
        start, end = known["DTSTART"].dt, known["DTEND"].dt
    except (KeyError, AttributeError):
        return False
    return (
        str(known.get(MARK)) == mark
        and _instant(start) == _instant(occasion.start)
        and _instant(end) == _instant(occasion.end)
        and str(known.get("SUMMARY", "")) == _summary(occasion)
    )


def _summary(occasion: Occasion) -> str:
    """The summary as it is written."""
    return one_line(occasion.entry.summary)


def _instant(value: object) -> object:
    """A moment in UTC; a day as it is."""
    return value.astimezone(UTC) if isinstance(value, datetime) else value


def _sequence(known: Any) -> int:
    """The sequence of an event on the server."""
    try:
        return int(known.get("SEQUENCE", 0))
    except (TypeError, ValueError):
        return 0
