"""`auditplan pipeline`: what falls due of the certificates, as rows of Audits."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import click

from auditplan.io.cli.books import count, findings, read, sound_body
from auditplan.io.cli.exits import DataFailure
from auditplan.io.cli.options import Command, book_argument, option
from auditplan.io.cli.periods import Day, Period, Quarter, period
from auditplan.io.cli.screen import problem_table
from auditplan.io.cli.talk import Talk
from auditplan.io.cli.targets import plan_target
from auditplan.io.files import back_up
from auditplan.planner.domain import Body

if TYPE_CHECKING:
    from auditplan.io.workbook.generated import Drawn


def build(language: str) -> Command:
    """The command with its help in a language."""
    file, day = click.Path(path_type=Path), Day(language)
    parameters: list[click.Parameter] = [
        book_argument(language),
        option(language, "-o", "--output", "output", text="pipeline-output", type=file, metavar="OUT"),
        option(language, "--in-place", text="in-place", is_flag=True),
        option(language, "--quarter", text="quarter", type=Quarter(language), metavar="2027Q1"),
        option(language, "--from", "first", text="from", type=day, metavar="2027-01-01"),
        option(language, "--to", "last", text="pipeline-to", type=day, metavar="2027-03-31"),
    ]
    return Command("pipeline", language, run, parameters)


def run(
    talk: Talk,
    lang: str | None,
    *,
    book: Path,
    output: Path | None,
    in_place: bool,
    quarter: Period | None,
    first: date | None,
    last: date | None,
) -> None:
    """Writes what falls due into the sheet Audits."""
    wanted = output if output or in_place else book.with_name(f"{book.stem}.pipeline{book.suffix}")
    target = plan_target(book, wanted, in_place=in_place)
    plan_from, plan_to = period(quarter, first, last)
    reading = read(talk, book, lang=lang, plan_from=plan_from, plan_to=None if last else plan_to)
    if reading.body is None and last is not None:  # a book without a period of its own
        reading = read(talk, book, lang=lang, plan_from=plan_from, plan_to=last)
    body = sound_body(talk, book, reading)
    language = body.settings.language or reading.language
    drawn = draw(book, body, language, until=last)
    _write(book, target, drawn, language)
    problems = (*reading.problems, *drawn.pipeline.problems)
    if problems:
        talk.show(problem_table(problems, talk.language))
    made = drawn.pipeline
    numbers = {"added": len(made.added), "changed": len(made.changed), "kept": len(made.kept)}
    talk.note("cli-pipeline-done", file=target, **numbers)
    talk.emit(
        {
            **numbers,
            "audits": [audit.id for audit in made.added],
            "settled": len(made.settled),
            "output": str(target),
            "problems": count(problems),
            "findings": findings(problems, talk.language),
        }
    )


def draw(book: Path, body: Body, language: str, *, until: date | None, generate: bool = True) -> Drawn:
    """What falls due of a body's certificates, with its place in the book. generate False: only what was placed ahead
    of the period is settled. Raises DataFailure for a book that cannot be written."""
    from auditplan.io.workbook.errors import WorkbookError
    from auditplan.io.workbook.generated import located
    from auditplan.planner.cycle.pipeline import only_settled, run_pipeline

    made = run_pipeline(body, until) if generate else only_settled(body)
    try:
        return located(book, made, language)
    except WorkbookError as error:
        raise DataFailure(error.code, figures=None, **error.parameters) from error


def _write(book: Path, target: Path, drawn: Drawn, language: str) -> None:
    """Writes the book with its new rows; what is written over is kept as a backup. Raises DataFailure."""
    from auditplan.io.workbook.errors import WorkbookError
    from auditplan.io.workbook.generated import copy_book, write_pipeline

    if drawn.sheet is None:
        copy_book(book, target)
        return
    if target.exists():
        back_up(target)
    try:
        write_pipeline(book, target, drawn, drawn.sheet, language)
    except WorkbookError as error:
        raise DataFailure(error.code, figures=None, **error.parameters) from error
