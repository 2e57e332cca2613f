"""A scenario in place of the body as it is: for any command that runs on a body."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

from auditplan.io.cli.exits import UsageFailure
from auditplan.io.cli.talk import Talk
from auditplan.planner.domain import Body
from auditplan.planner.problems import Problem

if TYPE_CHECKING:
    from auditplan.planner.scenarios.changes import Scenario

_NOT_IN_NAMES = re.compile(r'[\\/:*?"<>|\x00-\x1f]+')
"""What a file's name must not hold on one system or another."""


def output(book: Path, given: Path | None, scenario: str | None, *, in_place: bool) -> Path | None:
    """The file that a command writes: of a scenario never the book itself, nor the file of the base's plan. Raises
    UsageFailure."""
    if scenario is None:
        return given
    if in_place:
        raise UsageFailure("whatif-scenario-in-place")
    name = _NOT_IN_NAMES.sub("_", scenario).strip(" .")[:60] or "scenario"
    return given or book.with_name(f"{book.stem}.{name}{book.suffix}")


def wanted(talk: Talk, book: Path, body: Body, scenario: str | None) -> tuple[Scenario | None, tuple[Problem, ...]]:
    """A scenario of a body's sheet, and warnings about its rows; None: none is asked for. Raises UsageFailure and
    DataFailure like `whatif`."""
    if scenario is None:
        return None, ()
    from auditplan.io.cli.whatif import chosen

    found, problems = chosen(talk, book, body, (scenario,), ())
    return found[0], problems
