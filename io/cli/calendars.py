"""`auditplan calendars`: feeds of the plan that stands in a book."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, time
from pathlib import Path
from typing import TYPE_CHECKING

import click

from auditplan.io.cli.books import read, sound_body
from auditplan.io.cli.exits import DataFailure
from auditplan.io.cli.options import Command, book_argument, option
from auditplan.io.cli.periods import today
from auditplan.io.cli.talk import Talk
from auditplan.io.cli.targets import feed_folder
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
    ]
    return Command("calendars", language, run, parameters)


def run(talk: Talk, lang: str | None, *, book: Path, folder: Path, all_day: bool) -> None:
    """Writes the feeds of a planned book."""
    from auditplan.planner.previous import plan_of_schedule

    feed_folder(folder)
    body = _planned_body(talk, book, lang)
    paths = write(body, plan_of_schedule(body), folder, talk.language, all_day=all_day)
    talk.note("cli-calendars-done", folder=folder, files=len(paths))
    talk.emit({"output": str(folder), "files": [str(path) for path in paths]})


def write(body: Body, plan: Plan, folder: Path, language: str, *, all_day: bool = False) -> Sequence[Path]:
    """Writes feeds in the book's language, stamped with the book's Today, so that one plan always gives the same
    bytes."""
    from auditplan.io.calendars.feeds import write_feeds

    stamp = datetime.combine(body.settings.today, time(), UTC)
    spoken = body.settings.language or language
    return write_feeds(body, plan, folder, language=spoken, stamp=stamp, all_day=all_day)


def _planned_body(talk: Talk, book: Path, lang: str | None) -> Body:
    """The body of a book that holds a plan. Raises DataFailure for one that holds none."""
    body = sound_body(talk, book, _planned_reading(talk, book, lang))
    if not body.previous:
        raise DataFailure("cli-no-plan", file=book)
    return body


def _planned_reading(talk: Talk, book: Path, lang: str | None) -> Reading:
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
