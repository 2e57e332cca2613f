"""`auditplan calendars`: feeds of the plan that stands in a book, and invitations to what changed in it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, time
from pathlib import Path
from typing import TYPE_CHECKING

import click

from auditplan.io.cli import invitations
from auditplan.io.cli.books import read, sound_body
from auditplan.io.cli.exits import DataFailure, UsageFailure
from auditplan.io.cli.options import Command, book_argument, option
from auditplan.io.cli.periods import today
from auditplan.io.cli.talk import Talk
from auditplan.io.cli.targets import feed_folder
from auditplan.io.files import open_in_excel
from auditplan.planner.domain import Body
from auditplan.planner.plan import Plan

if TYPE_CHECKING:
    from auditplan.io.workbook.read import Reading


def build(language: str) -> Command:
    """The command with its help in a language."""
    folder = click.Path(path_type=Path)
    parameters: list[click.Parameter] = [
        book_argument(language),
        option(language, "-o", "--output", "folder", text="feeds", type=folder, required=True, metavar="DIR"),
        option(language, "--all-day", text="all-day", is_flag=True),
        *invitations.options(language),
    ]
    return Command("calendars", language, run, parameters)


def run(talk: Talk, lang: str | None, *, book: Path, **wishes: object) -> None:
    """Writes the feeds of a planned book, and tells everybody what changed since the last time."""
    from auditplan.io.calendars.changes import sequences
    from auditplan.planner.previous import plan_of_schedule

    wish = invitations.Wish(**wishes)  # type: ignore[arg-type]
    feed_folder(wish.folder)
    body = planned_body(talk, book, lang)
    if not wish.dry_run and open_in_excel(book):
        raise UsageFailure("cli-open", file=book)
    server, caldav = invitations.server_of(wish, body.settings), invitations.calendar_server_of(wish)
    plan, spoken = plan_of_schedule(body), body.settings.language or talk.language
    planned = invitations.prepared(body, plan, invitations.remembered(book), wish, spoken, invitations.moment())
    figures: dict[str, object] = {"output": str(wish.folder), "messages": invitations.listed(planned)}
    if wish.dry_run:
        invitations.show(talk, planned)
        talk.emit(figures)
        return
    known = sequences(planned.memory, planned.notices)
    paths = write(body, plan, wish.folder, talk.language, all_day=wish.all_day, sequences=known)
    talk.note("cli-calendars-done", folder=wish.folder, files=len(paths))
    outcome = invitations.hand_out(talk, book, planned, wish, server, spoken)
    figures["files"] = [str(path) for path in paths]
    figures["invites"] = [str(path) for path in outcome.files]
    figures["sent"] = len(outcome.delivery.sent) if outcome.delivery else 0
    if caldav is not None:
        figures["caldav"] = invitations.publish(talk, planned, wish, caldav)
    talk.emit(figures)


def write(
    body: Body,
    plan: Plan,
    folder: Path,
    language: str,
    *,
    all_day: bool = False,
    sequences: Mapping[str, int] | None = None,
) -> Sequence[Path]:
    """Writes feeds in the book's language, stamped with the book's Today, so that one plan always gives the same
    bytes."""
    from auditplan.io.calendars.feeds import write_feeds

    stamp = datetime.combine(body.settings.today, time(), UTC)
    spoken = body.settings.language or language
    return write_feeds(body, plan, folder, language=spoken, stamp=stamp, all_day=all_day, sequences=sequences)


def planned_body(talk: Talk, book: Path, lang: str | None) -> Body:
    """The body of a book that holds a plan. Raises DataFailure for one that holds none."""
    body = sound_body(talk, book, planned_reading(talk, book, lang))
    if not body.previous:
        raise DataFailure("cli-no-plan", file=book)
    return body


def planned_reading(talk: Talk, book: Path, lang: str | None) -> Reading:
    """A planned book as read. One whose period was said on the command line only has the period of its plan."""
    reading = read(talk, book, lang=lang)
    if reading.body is not None or "schedule" not in reading.sheets:
        return reading
    day = today()
    body = read(talk, book, lang=lang, plan_from=day, plan_to=day).body
    if body is None or not body.previous:
        return reading
    first, last = min(row.start for row in body.previous), max(row.end for row in body.previous)
    return read(talk, book, lang=lang, plan_from=first, plan_to=last)
