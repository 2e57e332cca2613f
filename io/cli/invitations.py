"""The part of `auditplan calendars` that invites: what changed is written, sent, published and remembered."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import click
from rich.table import Table
from rich.text import Text

from auditplan.io.cli.exits import DataFailure, UsageFailure
from auditplan.io.cli.options import option
from auditplan.io.cli.talk import Talk, plain
from auditplan.planner.domain import Body, Settings
from auditplan.planner.plan import Plan

if TYPE_CHECKING:
    from auditplan.io.calendars.changes import Sent
    from auditplan.io.calendars.dav import Dav
    from auditplan.io.calendars.distribution import Outcome, Round
    from auditplan.io.calendars.invitations import Invitation
    from auditplan.io.calendars.journal import Journal
    from auditplan.io.calendars.smtp import Server

CAUSES = ("new", "changed", "dropped", "again")
SECURITIES = ("starttls", "tls", "none")
SHOWN_NAMES = 12
"""Names in one line of a message."""
IMPLICIT_TLS = 465
"""The port on which a connection is encrypted from its first byte (RFC 8314, 3.3)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """What the command line asks for."""

    folder: Path
    all_day: bool
    mail: bool
    smtp: str | None
    smtp_security: str | None
    smtp_user: str | None
    caldav: str | None
    dry_run: bool
    again: tuple[str, ...]


def options(language: str) -> list[click.Parameter]:
    """The options of inviting."""
    security = click.Choice(SECURITIES)
    return [
        option(language, "--mail", text="mail", is_flag=True),
        option(language, "--smtp", text="smtp", metavar="HOST:PORT"),
        option(language, "--smtp-security", text="smtp-security", type=security, metavar="|".join(SECURITIES)),
        option(language, "--smtp-user", text="smtp-user", metavar="NAME"),
        option(language, "--caldav", text="caldav", metavar="URL"),
        option(language, "--dry-run", text="dry-run", is_flag=True),
        option(language, "--again", text="again", multiple=True, metavar="AUDIT"),
    ]


def server_of(wish: Wish, settings: Settings) -> Server | None:
    """The mail server asked for. Raises UsageFailure for one that cannot be used."""
    from auditplan.io.calendars.addresses import usable_address
    from auditplan.io.calendars.smtp import LOCAL, Security, Server

    if wish.smtp is None:
        return None
    host, _, port = wish.smtp.rpartition(":")
    host = host.strip("[]")
    if not host or not port.isdecimal() or not 0 < int(port) < 2**16:
        raise UsageFailure("cli-not-a-server", given=wish.smtp)
    if not usable_address(settings.organiser_email):
        raise UsageFailure("cli-smtp-no-sender")
    security = wish.smtp_security or ("tls" if int(port) == IMPLICIT_TLS else "starttls")
    user = wish.smtp_user or os.environ.get("AUDITPLAN_SMTP_USER", "")
    if user and security == "none" and host not in LOCAL:
        raise UsageFailure("cli-smtp-unsafe", host=host)
    password = os.environ.get("AUDITPLAN_SMTP_PASSWORD", "")
    return Server(host=host, port=int(port), security=Security(security), user=user, password=password)


def remembered(book: Path) -> tuple[Sent, ...]:
    """What a book remembers, with what a run that was killed left in the journal. Raises DataFailure."""
    from auditplan.io.calendars.journal import Journal
    from auditplan.io.workbook.errors import WorkbookError
    from auditplan.io.workbook.invites import read_invites

    try:
        return (*read_invites(book), *Journal(book).read())
    except WorkbookError as error:
        raise DataFailure(error.code, figures=None, **error.parameters) from error


def prepared(body: Body, plan: Plan, rows: tuple[Sent, ...], wish: Wish, language: str, moment: datetime) -> Round:
    """What must be handed out. Raises UsageFailure for an audit to repeat that is not in the plan."""
    from auditplan.io.calendars.distribution import plan_round

    placed = {placement.audit for placement in plan.placements}
    for audit in wish.again:
        if audit not in placed:
            raise UsageFailure("cli-again-unknown", audit=audit)
    return plan_round(body, plan, rows, language=language, moment=moment, all_day=wish.all_day, again=wish.again)


def sequences_to_come(body: Body, plan: Plan, book: Path, language: str) -> dict[str, int]:
    """How often each event of a plan will have been changed once everybody is told of it: a feed that comes first
    must not look older than what was sent before. Nothing where nothing was sent, or where the memory cannot be
    read: then `calendars` will say so."""
    from auditplan.io.calendars.changes import sequences
    from auditplan.io.calendars.distribution import plan_round

    try:
        rows = remembered(book)
    except DataFailure:
        return {}
    if not rows:
        return {}
    planned = plan_round(body, plan, rows, language=language, moment=moment())
    return sequences(planned.memory, planned.notices)


def hand_out(talk: Talk, book: Path, planned: Round, wish: Wish, server: Server | None, language: str) -> Outcome:
    """Writes and sends what changed, and remembers it in the book. Raises UsageFailure where it broke off; what
    was done until then is remembered."""
    from auditplan.io.calendars import distribution
    from auditplan.io.calendars.journal import Journal

    journal = Journal(book)
    with steps(talk) as step:
        outcome = distribution.hand_out(planned, wish.folder, journal, drafts=wish.mail, server=server, step=step)
    if planned.invitations or journal.path.exists():
        _remember(book, journal, outcome, language)
    _tell(talk, planned, outcome, wish)
    delivery = outcome.delivery
    if delivery is not None and delivery.error:
        left = sum(1 for row in outcome.memory.values() if not row.done)
        figures = {"messages": listed(planned), "sent": len(delivery.sent)}
        raise UsageFailure(
            "cli-smtp-broken",
            server=wish.smtp,
            reason=delivery.error,
            sent=len(delivery.sent),
            left=left,
            figures=figures,
        )
    return outcome


def _remember(book: Path, journal: Journal, outcome: Outcome, language: str) -> None:
    """Writes the memory into the book; where that cannot be, the journal stays."""
    from auditplan.io.files import open_in_excel
    from auditplan.io.workbook.errors import WorkbookError
    from auditplan.io.workbook.invites import write_invites

    try:
        if open_in_excel(book):
            raise PermissionError("Excel, WPS")
        write_invites(book, book, outcome.memory.values(), language)
    except (WorkbookError, OSError) as error:
        raise UsageFailure("cli-memory-kept", file=book, reason=error, journal=journal.path) from error
    journal.remove()


def calendar_server_of(wish: Wish) -> Dav | None:
    """The calendar server asked for. Raises UsageFailure for an address that cannot be published to."""
    from auditplan.io.calendars.dav import Account, AddressError, Dav

    if wish.caldav is None:
        return None
    user, password = (os.environ.get(f"AUDITPLAN_CALDAV_{name}", "") for name in ("USER", "PASSWORD"))
    try:
        return Dav(Account(url=wish.caldav, user=user, password=password))
    except AddressError as error:
        raise UsageFailure("cli-caldav-address", url=wish.caldav) from error


def publish(talk: Talk, planned: Round, wish: Wish, server: Dav) -> dict[str, int]:
    """Publishes to a CalDAV server; answers what was done. Raises UsageFailure where the server does not do it."""
    from auditplan.io.calendars import publish as caldav
    from auditplan.io.calendars.changes import sequences
    from auditplan.io.calendars.dav import DavError

    known = sequences(planned.memory, planned.notices)
    try:
        with steps(talk) as step:
            done = caldav.publish(
                planned.body, planned.personal, server, stamp=planned.moment, sequences=known, step=step
            )
    except DavError as error:
        raise UsageFailure("cli-caldav-failed", url=wish.caldav, reason=error) from error
    finally:
        server.close()
    figures = {"written": done.written, "removed": done.removed, "made": done.made}
    talk.note("cli-caldav-done", url=wish.caldav, **figures)
    return figures


def show(talk: Talk, planned: Round) -> None:
    """What would be sent to whom."""
    table = Table(*(talk.text(f"cli-column-{name}") for name in ("what", "audit", "person", "email", "when", "event")))
    for invitation in planned.invitations:
        notice = invitation.notice
        cells = (
            talk.text(f"cli-cause-{notice.cause.value}"),
            notice.audit,
            invitation.recipient.name,
            invitation.recipient.email,
            _when(invitation),
            invitation.summary,
        )
        table.add_row(*(Text(plain(cell)) for cell in cells))
    if planned.invitations:
        talk.show(table)
    talk.note("cli-invites-would", **_numbers(planned))


def listed(planned: Round) -> list[dict[str, object]]:
    """What is sent, as `--json` shows it."""
    return [
        {
            "what": invitation.notice.cause.value,
            "audit": invitation.notice.audit,
            "person": invitation.notice.person,
            "email": invitation.recipient.email,
            "method": invitation.method,
            "uid": invitation.notice.uid,
            "sequence": invitation.notice.sequence,
            "when": _when(invitation),
            "file": f"invites/{invitation.name}.ics",
        }
        for invitation in planned.invitations
    ]


def _when(invitation: Invitation) -> str:
    """When an event is, in the time of the plan."""
    occasion = invitation.notice.occasion
    if occasion is None:
        return ""
    start, end = occasion.start, occasion.end
    if isinstance(start, datetime) and isinstance(end, datetime):
        return f"{start:%Y-%m-%d %H:%M}–{end:%H:%M}"
    return f"{start}–{end - timedelta(days=1)}" if isinstance(end, date) else ""


def _numbers(planned: Round) -> dict[str, int]:
    """How many notices there are of each cause."""
    found = Counter(notice.cause.value for notice in planned.notices)
    return {cause: found[cause] for cause in CAUSES}


def _tell(talk: Talk, planned: Round, outcome: Outcome, wish: Wish) -> None:
    """What was done, and what the coordinator must do about it."""
    if not planned.invitations:
        talk.note("cli-invites-none")
        return
    talk.note("cli-invites-done", files=len(outcome.files), folder=wish.folder, **_numbers(planned))
    if not planned.body.settings.organiser_email:
        talk.note("cli-invites-no-organiser")
    mute = dict.fromkeys(item.recipient.name for item in planned.invitations if not item.recipient.email)
    if mute and (wish.mail or wish.smtp):
        names = list(mute)
        talk.note("cli-invites-no-address", who=", ".join(names[:SHOWN_NAMES]) + (" …" * (len(names) > SHOWN_NAMES)))
    if outcome.delivery is not None:
        talk.note("cli-invites-sent", sent=len(outcome.delivery.sent), server=wish.smtp)
        for invitation, reason in outcome.delivery.refused:
            talk.note("cli-invites-refused", who=invitation.recipient.email, reason=reason)


@contextmanager
def steps(talk: Talk) -> Iterator[Callable[[int, int], None] | None]:
    """A line on the terminal that counts while something is sent; nothing without a terminal."""
    terminal = talk.terminal
    if terminal is None:
        yield None
        return
    with terminal.status("") as status:
        yield lambda done, total: status.update(Text(talk.text("cli-invites-progress", done=done, total=total)))


def moment() -> datetime:
    """The time of the run, in UTC: with those of `periods` the only look at the clock."""
    return datetime.now(UTC)
