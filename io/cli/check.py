"""`auditplan check`: every problem of a book at once."""

from __future__ import annotations

from pathlib import Path

from auditplan.io.cli.books import count, findings, read
from auditplan.io.cli.exits import ExitStatus
from auditplan.io.cli.options import Command, book_argument
from auditplan.io.cli.screen import problem_table
from auditplan.io.cli.talk import Talk
from auditplan.planner.problems import Problem


def build(language: str) -> Command:
    """The command with its help in a language."""
    return Command("check", language, run, [book_argument(language)])


def run(talk: Talk, lang: str | None, *, book: Path) -> int:
    """Shows what is wrong with a book, and what could never be placed; writes nothing."""
    reading = read(talk, book, lang=lang)
    problems = reading.problems
    if reading.body is not None and not any(problem.stopping for problem in problems):
        from auditplan.planner.planning import check_body

        problems = (*problems, *check_body(reading.body))
    _show(talk, book, problems)
    return ExitStatus.DATA if count(problems)["error"] else ExitStatus.DONE


def _show(talk: Talk, book: Path, problems: tuple[Problem, ...]) -> None:
    """The table of problems, and how many there are."""
    numbers = count(problems)
    if problems:
        talk.show(problem_table(problems, talk.language))
    code = "cli-check-clean" if not problems else "cli-check-errors" if numbers["error"] else "cli-check-sound"
    talk.note(code, file=book, **numbers)
    talk.emit({"problems": findings(problems, talk.language)})
