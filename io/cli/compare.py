"""`auditplan compare`: what differs between two planned books, and who must be told."""

from __future__ import annotations

from pathlib import Path

import click

from auditplan.io.cli.books import sound_body
from auditplan.io.cli.calendars import planned_reading
from auditplan.io.cli.changes import change_figures, change_table
from auditplan.io.cli.exits import DataFailure
from auditplan.io.cli.options import Command, argument
from auditplan.io.cli.talk import Talk
from auditplan.planner.domain import Body


def build(language: str) -> Command:
    """The command with its help in a language."""
    file = click.Path(path_type=Path)
    parameters: list[click.Parameter] = [
        argument(language, "old", text="cli-old-book", type=file),
        argument(language, "new", text="cli-new-plan", type=file),
    ]
    return Command("compare", language, run, parameters)


def run(talk: Talk, lang: str | None, *, old: Path, new: Path) -> None:
    """Compares the plans of two books."""
    from auditplan.planner.changes import differing

    before, now = _planned(talk, old, lang), _planned(talk, new, lang)
    changes = differing(now, before.previous, now.previous, known=before)
    if changes:
        talk.note("cli-compare-some", number=len(changes), old=old, new=new)
        talk.show(change_table(talk, now, changes))
    else:
        talk.note("cli-compare-none", old=old, new=new)
    talk.emit({"changes": change_figures(now, changes, talk.language)})


def _planned(talk: Talk, book: Path, lang: str | None) -> Body:
    """The body of a book that holds a plan. Raises DataFailure for one that holds none."""
    body = sound_body(talk, book, planned_reading(talk, book, lang))
    if not body.previous and body.written is None:
        raise DataFailure("cli-no-plan", file=book)
    return body
