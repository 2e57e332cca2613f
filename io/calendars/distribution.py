"""One round of handing a plan out: what changed is written, sent and remembered, so that a round that was killed
can be taken up again and ends the same."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime
from itertools import count
from pathlib import Path
from zoneinfo import ZoneInfo

from auditplan.io.calendars.changes import Notice, Sent, begun, ended, memory_of, notices
from auditplan.io.calendars.client_entries import client_entries
from auditplan.io.calendars.entries import Agenda
from auditplan.io.calendars.invitations import Invitation, invitations, write_invitations
from auditplan.io.calendars.journal import Journal
from auditplan.io.calendars.mail import write_drafts
from auditplan.io.calendars.occasions import Occasion, occasions
from auditplan.io.calendars.recipients import Recipients
from auditplan.io.calendars.smtp import Delivery, Server, send
from auditplan.planner.domain import Body
from auditplan.planner.plan import Plan


@dataclass(frozen=True, slots=True, kw_only=True)
class Round:
    """What is to be handed out. personal: every auditor's events; invitations: what changed. memory: what was sent
    before, with the rows of a round that was killed."""

    body: Body
    memory: dict[str, Sent]
    personal: tuple[Occasion, ...]
    invitations: tuple[Invitation, ...]
    moment: datetime

    @property
    def notices(self) -> tuple[Notice, ...]:
        """What changed."""
        return tuple(invitation.notice for invitation in self.invitations)


@dataclass(slots=True)
class Outcome:
    """What was handed out. files: invitations and drafts; memory: what is remembered now."""

    memory: dict[str, Sent]
    files: list[Path] = field(default_factory=list)
    delivery: Delivery | None = None


def plan_round(
    body: Body,
    plan: Plan,
    rows: Iterable[Sent],
    *,
    language: str,
    moment: datetime,
    all_day: bool = False,
    again: Iterable[str] = (),
) -> Round:
    """What must be handed out so that everyone's calendar shows the plan. rows: what was sent before; moment: the
    time of the run, with a zone; again: audits whose invitations are repeated. Raises ValueError for a moment
    without a zone."""
    settings = body.settings
    moment = moment.replace(microsecond=0)
    memory = memory_of(rows)
    agenda = Agenda(body, plan, language)
    personal = occasions(agenda.personal(), settings, all_day=all_day)
    clients = occasions(client_entries(agenda.facts, plan, language), settings, all_day=all_day)
    found = notices(
        memory,
        (*personal, *clients),
        now=moment,
        today=settings.today,
        zone=ZoneInfo(settings.time_zone),
        again=frozenset(again),
    )
    made = invitations(found, Recipients(agenda.facts, language), settings, moment)
    return Round(body=body, memory=memory, personal=personal, invitations=made, moment=moment)


def hand_out(
    planned: Round,
    directory: Path,
    journal: Journal,
    *,
    drafts: bool = False,
    server: Server | None = None,
    step: Callable[[int, int], None] | None = None,
) -> Outcome:
    """Writes the invitations of a round, drafts where wanted, and sends them where there is a server; step is
    called with how many were sent, of how many. What is begun and what is done stands in the journal before the
    next is touched. Raises OSError."""
    outcome = Outcome(memory=dict(planned.memory))
    if not planned.invitations:
        return outcome
    rows = {row.uid: row for row in begun(planned.notices)}
    journal.keep(rows.values())
    outcome.memory |= rows
    settings = planned.body.settings
    outcome.files += write_invitations(planned.invitations, directory)
    if drafts:
        outcome.files += write_drafts(planned.invitations, settings, directory, planned.moment)
    mailed = [invitation for invitation in planned.invitations if server is not None and invitation.recipient.email]
    posted = {invitation.notice.uid for invitation in mailed}
    _remember(outcome, journal, (row for uid, row in rows.items() if uid not in posted))
    if server is not None:
        taken = count(1)

        def done(invitation: Invitation) -> None:
            """Keeps what the server took."""
            _remember(outcome, journal, (rows[invitation.notice.uid],))
            if step is not None:
                step(next(taken), len(mailed))

        outcome.delivery = send(mailed, server, settings, moment=planned.moment, done=done)
    return outcome


def _remember(outcome: Outcome, journal: Journal, rows: Iterable[Sent]) -> None:
    """Keeps that events were handed over."""
    finished = [ended(row) for row in rows]
    journal.keep(finished)
    outcome.memory |= {row.uid: row for row in finished}
