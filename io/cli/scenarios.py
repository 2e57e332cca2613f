"""A scenario in place of the body as it is: for any command that runs on a body."""

from __future__ import annotations

import re
from pathlib import Path

from auditplan.io.cli.exits import UsageFailure
from auditplan.io.cli.talk import Talk
from auditplan.planner.domain import Body

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


def applied(talk: Talk, book: Path, body: Body, scenario: str | None) -> Body:
    """The body under a scenario of its sheet; None: as it is. Raises UsageFailure and DataFailure like `whatif`."""
    if scenario is None:
        return body
    from auditplan.io.cli.whatif import chosen
    from auditplan.planner.scenarios.apply import apply_scenario

    scenarios, _ = chosen(talk, book, body, (scenario,), ())
    return apply_scenario(body, scenarios[0])
