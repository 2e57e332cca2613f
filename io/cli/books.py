"""Reading books and showing what is wrong with them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from auditplan.io.cli.exits import DataFailure, UsageFailure
from auditplan.io.cli.periods import today
from auditplan.io.cli.screen import problem_table
from auditplan.io.cli.talk import Talk
from auditplan.planner.domain import Body
from auditplan.planner.problems import Problem, Severity

if TYPE_CHECKING:
    from auditplan.io.workbook.read import Reading


def read(
    talk: Talk, path: Path, *, lang: str | None, plan_from: date | None = None, plan_to: date | None = None
) -> Reading:
    """Reads a book; from here on messages are in its language, unless another was asked for.

    Raises UsageFailure for a file that is not there."""
    from auditplan.io.workbook.read import read_book

    if not path.is_file():
        raise UsageFailure("cli-no-folder-book" if path.is_dir() else "cli-no-book", file=path)
    reading = read_book(path, plan_from=plan_from, plan_to=plan_to, today=today())
    if reading.body is not None or reading.sheets:
        talk.language = lang or reading.language
    return reading


def sound_body(talk: Talk, path: Path, reading: Reading) -> Body:
    """The body of a book that can be planned. Raises DataFailure after showing every problem."""
    if reading.body is None or any(problem.stopping for problem in reading.problems):
        raise faulty(talk, path, reading.problems)
    return reading.body


def with_busy(body: Body, folder: Path | None) -> tuple[Body, tuple[Problem, ...]]:
    """A body with its auditors' own calendars in a folder, where there is one, and what of them cannot be read."""
    if folder is None:
        return body, ()
    from auditplan.io.calendars.busy import read_busy

    rows, problems = read_busy(body, folder)
    return replace(body, unavailable=(*body.unavailable, *rows)), problems


def faulty(talk: Talk, path: Path, problems: Iterable[Problem]) -> DataFailure:
    """Shows every problem of a book, and says that nothing was written because of them."""
    found = tuple(problems)
    talk.warn(problem_table(found, talk.language))
    errors = count(found)["error"]
    figures = {"problems": count(found), "findings": findings(found, talk.language)}
    return DataFailure("cli-data-errors", file=path, errors=errors, figures=figures)


def count(problems: Iterable[Problem]) -> dict[str, int]:
    """How many problems there are of each severity."""
    found = Counter(problem.severity for problem in problems)
    return {severity.value: found[severity] for severity in Severity}


def findings(problems: Iterable[Problem], language: str) -> list[dict[str, str]]:
    """Problems as `--json` shows them."""
    from auditplan.io.render import problem_text

    found = []
    for problem in problems:
        text, proposal = problem_text(problem, language)
        found.append(
            {
                "severity": problem.severity.value,
                "sheet": problem.sheet,
                "cell": problem.cell,
                "value": problem.value,
                "problem": text,
                "proposal": proposal,
            }
        )
    return found
