"""What changed since the last run: which invitations are new, changed or dropped, and what was sent before.

Pure: the memory of what was sent and the events that should stand give the notices to send, and the notices give
the memory after them. Rules: calendars.md and RFC 5546, 2.1.4 and 3.2.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta, tzinfo
from enum import Enum

from auditplan.io.calendars.occasions import Occasion, times_of


class State(Enum):
    """How far an event is. SENDING and CANCELLING: begun, and not known to have arrived."""

    SENT = "sent"
    CANCELLED = "cancelled"
    SENDING = "sending"
    CANCELLING = "cancelling"


class Cause(Enum):
    """Why a notice is sent."""

    NEW = "new"
    CHANGED = "changed"
    DROPPED = "dropped"
    AGAIN = "again"


@dataclass(frozen=True, slots=True, kw_only=True)
class Sent:
    """An event as it was last sent: one row of the sheet Invites. person: an auditor's id, or the client's.
    sent_on: when, with a zone."""

    audit: str
    person: str
    uid: str
    sequence: int
    fingerprint: str
    state: State
    sent_on: datetime

    @property
    def standing(self) -> bool:
        """Whether it may stand in a calendar."""
        return self.state in {State.SENT, State.SENDING}

    @property
    def done(self) -> bool:
        """Whether it is known to have been handed over."""
        return self.state in {State.SENT, State.CANCELLED}


Memory = Mapping[str, Sent]
"""What was sent, by the identity of the event."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    """One invitation or cancellation to send. occasion: None for a cancellation. modified: when the event last
    changed."""

    cause: Cause
    audit: str
    person: str
    uid: str
    sequence: int
    fingerprint: str
    modified: datetime
    occasion: Occasion | None = None

    @property
    def cancels(self) -> bool:
        """Whether it takes an event away."""
        return self.cause is Cause.DROPPED


def memory_of(rows: Iterable[Sent]) -> dict[str, Sent]:
    """The memory of rows, of which later ones replace earlier ones of the same event unless they are older."""
    found: dict[str, Sent] = {}
    for row in rows:
        if row.uid not in found or row.sequence >= found[row.uid].sequence:
            found[row.uid] = row
    return found


def notices(
    memory: Memory,
    wanted: Iterable[Occasion],
    *,
    now: datetime,
    today: date,
    zone: tzinfo,
    again: frozenset[str] = frozenset(),
) -> tuple[Notice, ...]:
    """What must be sent so that every calendar shows exactly what is wanted, cancellations first.

    An event that was over before today and stays in the past is left alone: it took place. again: audits whose
    invitations are repeated. zone: in which today is today."""
    occasions = {occasion.uid: occasion for occasion in wanted}
    dropped = [
        _cancellation(row, now)
        for uid, row in memory.items()
        if uid not in occasions and _to_cancel(row) and not _over(row.fingerprint, today, zone)
    ]
    asked = (_request(memory.get(uid), occasion, now, today, zone, again) for uid, occasion in occasions.items())
    return (*dropped, *(notice for notice in asked if notice is not None))


def _to_cancel(row: Sent) -> bool:
    """Whether a row that is not wanted any more must be taken out of a calendar."""
    return row.state is not State.CANCELLED


def _cancellation(row: Sent, now: datetime) -> Notice:
    """The cancellation of an event; one that was begun before is the same again."""
    return Notice(
        cause=Cause.DROPPED,
        audit=row.audit,
        person=row.person,
        uid=row.uid,
        sequence=row.sequence + row.standing,
        fingerprint=row.fingerprint,
        modified=now,
    )


def _request(
    row: Sent | None, occasion: Occasion, now: datetime, today: date, zone: tzinfo, again: frozenset[str]
) -> Notice | None:
    """The invitation to an event; None where its owner knows already or need not."""
    fingerprint = occasion.fingerprint
    before = row if row is not None and row.standing else None
    known = row is None or _over(row.fingerprint, today, zone) or not row.standing
    if known and _over(fingerprint, today, zone):
        return None
    cause, sequence, modified = Cause.CHANGED, row.sequence + 1 if row else 0, now
    if before is None:
        cause = Cause.NEW
    elif before.fingerprint == fingerprint:
        if before.done and occasion.audit not in again:
            return None
        sequence, modified = before.sequence, before.sent_on
        cause = Cause.AGAIN if before.done else Cause.CHANGED if sequence else Cause.NEW
    return Notice(
        cause=cause,
        audit=occasion.audit,
        person=occasion.person,
        uid=occasion.uid,
        sequence=sequence,
        fingerprint=fingerprint,
        modified=modified,
        occasion=occasion,
    )


def _over(fingerprint: str, today: date, zone: tzinfo) -> bool:
    """Whether an event ended before a day."""
    times = times_of(fingerprint)
    if times is None:
        return False
    end = times[1]
    last = end.astimezone(zone).date() if isinstance(end, datetime) else end - timedelta(days=1)
    return last < today


def begun(sent: Iterable[Notice]) -> Iterator[Sent]:
    """The rows of notices that are about to be sent."""
    for notice in sent:
        yield Sent(
            audit=notice.audit,
            person=notice.person,
            uid=notice.uid,
            sequence=notice.sequence,
            fingerprint=notice.fingerprint,
            state=State.CANCELLING if notice.cancels else State.SENDING,
            sent_on=notice.modified,
        )


def ended(row: Sent) -> Sent:
    """The row of a notice that was handed over."""
    return replace(row, state=State.SENT if row.standing else State.CANCELLED)


def sequences(memory: Memory, sent: Iterable[Notice]) -> dict[str, int]:
    """The sequence of every event after some notices."""
    return {uid: row.sequence for uid, row in memory.items()} | {notice.uid: notice.sequence for notice in sent}
