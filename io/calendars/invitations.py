"""Notices as iCalendar files: one event a file, METHOD:REQUEST or METHOD:CANCEL (RFC 5546, 3.2.2 and 3.2.5)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from auditplan.io.calendars.changes import Notice
from auditplan.io.calendars.client_entries import CLIENT
from auditplan.io.calendars.components import END, attendee, event, head, organiser, said, stamp_of, zone_around
from auditplan.io.calendars.file_names import part_of_name
from auditplan.io.calendars.lines import escaped, joined, when
from auditplan.io.calendars.occasions import times_of
from auditplan.io.calendars.recipients import Recipient, Recipients, kind_of
from auditplan.io.files import whole_file
from auditplan.planner.domain import Settings

FOLDER = "invites"
"""The folder of invitations in the folder of calendars."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Invitation:
    """A notice ready to be handed over. name: of its file, without ending. content: the calendar."""

    notice: Notice
    recipient: Recipient
    summary: str
    name: str
    content: bytes

    @property
    def method(self) -> str:
        """Of RFC 5546."""
        return "CANCEL" if self.notice.cancels else "REQUEST"


def invitations(
    notices: Iterable[Notice], recipients: Recipients, settings: Settings, stamp: datetime
) -> tuple[Invitation, ...]:
    """Notices as files. stamp: the time of the run, with a zone."""
    return tuple(_invitation(notice, recipients, settings, stamp_of(stamp)) for notice in notices)


def _invitation(notice: Notice, recipients: Recipients, settings: Settings, stamp: str) -> Invitation:
    """One notice as a file."""
    recipient, summary = recipients.of(notice), recipients.summary(notice)
    people = organiser(settings)
    if people:  # without somebody who invites, nobody can be invited (RFC 5545, 3.8.4.1)
        people = (*people, *attendee(recipient.name, recipient.email, recipient.role))
    write = _cancellation if notice.occasion is None else _request
    return Invitation(
        notice=notice,
        recipient=recipient,
        summary=summary,
        name=file_name(notice),
        content=write(notice, summary, people, settings, stamp),
    )


def _request(notice: Notice, summary: str, people: tuple[str, ...], settings: Settings, stamp: str) -> bytes:
    """An invitation."""
    del summary
    occasion = notice.occasion
    assert occasion is not None
    told = said(occasion.entry, people)
    more = (f"LAST-MODIFIED:{stamp_of(notice.modified)}",)
    content = event(occasion, settings, told, stamp=stamp, sequence=notice.sequence, more=more)
    return b"".join((joined(head("REQUEST")), zone_around(settings, occasion.start), content, END))


def _cancellation(notice: Notice, summary: str, people: tuple[str, ...], settings: Settings, stamp: str) -> bytes:
    """A cancellation: of the event as it was last sent."""
    times = times_of(notice.fingerprint)
    start, end = times if times is not None else (notice.modified, notice.modified)
    if isinstance(start, datetime) and isinstance(end, datetime):
        zone = ZoneInfo(settings.time_zone)
        start, end = start.astimezone(zone), end.astimezone(zone)
    content = joined(
        (
            "BEGIN:VEVENT",
            f"UID:{notice.uid}",
            f"DTSTAMP:{stamp}",
            f"SEQUENCE:{notice.sequence}",
            when("DTSTART", start, settings.time_zone),
            when("DTEND", end, settings.time_zone),
            f"LAST-MODIFIED:{stamp_of(notice.modified)}",
            f"SUMMARY:{escaped(summary)}",
            "STATUS:CANCELLED",
            *people,
            "END:VEVENT",
        )
    )
    return b"".join((joined(head("CANCEL")), zone_around(settings, start), content, END))


def file_name(notice: Notice) -> str:
    """AUDIT--PERSON, or AUDIT--client, with what tells its events apart; without ending. No two events share one,
    and one event keeps its own."""
    kind, number = kind_of(notice.audit, notice.person, notice.uid)
    audit = part_of_name(notice.audit)
    person = CLIENT if kind == CLIENT else part_of_name(notice.person, taken=(CLIENT,))
    details = [kind] if kind in {"out", "back"} else []
    if not kind:
        details = [part_of_name(notice.uid)]
    if number:
        details.append(str(number + 1))
    return "--".join((audit, person, *(["-".join(details)] if details else [])))


def write_invitations(found: Iterable[Invitation], directory: Path) -> tuple[Path, ...]:
    """Writes invitations into the folder `invites` of a folder, each as a whole; a newer one of the same event
    takes the place of the older. Raises OSError."""
    paths = []
    for invitation in found:
        paths.append(write_file(directory / FOLDER, f"{invitation.name}.ics", invitation.content))
    return tuple(paths)


def write_file(folder: Path, name: str, content: bytes) -> Path:
    """Writes a file as a whole; makes its folder. Raises OSError."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / name
    with whole_file(path) as temporary:
        temporary.write_bytes(content)
    return path
