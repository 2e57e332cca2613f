"""Tables for people: what is wrong with a book, and what became of its audits."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from rich import box
from rich.table import Table
from rich.text import Text

from auditplan.io.cli.talk import plain
from auditplan.io.workbook.schema import PROBLEMS
from auditplan.io.workbook.words import SEVERITIES
from auditplan.planner.problems import Problem, Severity

_STYLES = {Severity.ERROR: "bold red", Severity.WARNING: "yellow", Severity.NOTICE: "cyan"}
LONGEST_VALUE = 40


def table(headers: Sequence[str], rows: Iterable[Sequence[str | Text]], *, numbers_from: int | None = None) -> Table:
    """A table; columns from `numbers_from` on hold numbers. Cells are never taken for markup."""
    made = Table(box=box.SIMPLE_HEAD, pad_edge=False, show_edge=False)
    for index, header in enumerate(headers):
        right = numbers_from is not None and index >= numbers_from
        made.add_column(Text(header), justify="right" if right else "left", overflow="fold")
    for row in rows:
        made.add_row(*(cell if isinstance(cell, Text) else Text(plain(cell)) for cell in row))
    return made


def problem_table(problems: Iterable[Problem], language: str) -> Table:
    """Every problem with its place, and what to do about it."""
    from auditplan.io.render import problem_text

    headers = [PROBLEMS.column(key).name(language) for key in ("severity", "cell", "value", "problem", "proposal")]
    rows = []
    for problem in problems:
        text, proposal = problem_text(problem, language)
        severity = Text(SEVERITIES[problem.severity].written(language), style=_STYLES[problem.severity])
        rows.append((severity, place(problem), _short(problem.value), text, proposal))
    return table(headers, rows)


def place(problem: Problem) -> str:
    """Sheet and cell as Excel writes them."""
    return "!".join(filter(None, (problem.sheet, problem.cell)))


def _short(value: str) -> str:
    """A value that does not push the rest off the screen."""
    return value if len(value) <= LONGEST_VALUE else f"{value[: LONGEST_VALUE - 1]}…"
