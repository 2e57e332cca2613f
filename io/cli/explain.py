"""`auditplan explain`: why, why not, what would help, and what there is to choose from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import click
from rich_click import RichArgument

from auditplan.io.cli.books import faulty, read, sound_body
from auditplan.io.cli.exits import ExitStatus, FaultFailure, UsageFailure
from auditplan.io.cli.options import Command, Positive, book_argument, option
from auditplan.io.cli.periods import Day, Period, Quarter, period
from auditplan.io.cli.progress import ProgressLine, shown
from auditplan.io.cli.talk import Talk
from auditplan.io.messages import message
from auditplan.planner.domain import Body

if TYPE_CHECKING:
    from auditplan.planner.explanations.ground import Ground
    from auditplan.planner.plan import Placement
    from auditplan.planner.problems import Problem

EFFORT, PLAN_EFFORT = 60.0, 30.0
"""Work on fixes where none is asked for; work on the plan of a book that has none."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """What the command line asks for."""

    book: Path
    audit: str | None
    auditor: str | None
    day: date | None
    quarter: Period | None
    first: date | None
    last: date | None
    effort: float | None
    no_pipeline: bool


def build(language: str) -> Command:
    """The command with its help in a language."""
    day = Day(language)
    parameters: list[click.Parameter] = [
        book_argument(language),
        RichArgument(["audit"], required=False, metavar="[AUDIT]", help=message("cli-option-audit", language)),
        option(language, "--auditor", text="auditor", metavar="A"),
        option(language, "--date", "day", text="day", type=day, metavar="2027-02-15"),
        option(language, "--quarter", text="quarter", type=Quarter(language), metavar="2027Q1"),
        option(language, "--from", "first", text="from", type=day, metavar="2027-01-01"),
        option(language, "--to", "last", text="to", type=day, metavar="2027-03-31"),
        option(language, "--effort", text="explain-effort", type=Positive(language), metavar="N"),
        option(language, "--no-pipeline", text="no-pipeline", is_flag=True),
    ]
    return Command("explain", language, run, parameters)


def run(talk: Talk, lang: str | None, **wishes: object) -> int:
    """Explains a plan."""
    from auditplan.planner.cycle.pipeline import with_certificates

    wish = Wish(**wishes)  # type: ignore[arg-type]
    if wish.audit is None and (wish.auditor is not None or wish.day is not None):
        raise UsageFailure("explain-needs-audit")
    plan_from, plan_to = period(wish.quarter, wish.first, wish.last)
    reading = read(talk, wish.book, lang=lang, plan_from=plan_from, plan_to=plan_to)
    body = sound_body(talk, wish.book, reading)
    body = body if wish.no_pipeline else with_certificates(body)
    _explain(talk, wish, _ground(talk, wish, body, reading.problems))
    return ExitStatus.DONE


def _ground(talk: Talk, wish: Wish, body: Body, found: tuple[Problem, ...]) -> Ground:
    """The body with its plan. Raises DataFailure for a body that cannot be planned."""
    from auditplan.planner.explanations.ground import Ground
    from auditplan.planner.planning import prepared
    from auditplan.planner.previous import plan_of_schedule, rows_known

    problems, compiled = prepared(body)
    if compiled is None:
        raise faulty(talk, wish.book, (*found, *problems))
    if body.previous:
        body = rows_known(body)
        return Ground(body, plan_of_schedule(body).placements)
    return Ground(body, _planned(talk, wish, body))


def _planned(talk: Talk, wish: Wish, body: Body) -> tuple[Placement, ...]:
    """The plan of a book that has none."""
    from auditplan.planner.planning import VerificationFailedError, make_plan
    from auditplan.solver.solution import Budget

    talk.note("explain-planning", file=wish.book)
    line = ProgressLine(talk)
    try:
        with shown(line, talk.terminal):
            return make_plan(body, Budget(effort=PLAN_EFFORT), listener=line).plan.placements
    except VerificationFailedError as error:
        violations = ", ".join(f"{broken.rule} ({broken.audit})" for broken in error.violations)
        raise FaultFailure("cli-unverified", violations=violations) from error


def _explain(talk: Talk, wish: Wish, ground: Ground) -> None:
    """Says what was asked for."""
    from auditplan.io.cli.explain_figures import explained_figures, overview_figures
    from auditplan.io.cli.explain_screen import Screen
    from auditplan.planner.explanations.results import Question
    from auditplan.planner.explanations.study import explain_audit, explain_choice, overview

    screen, effort = Screen(talk, ground.body), wish.effort or EFFORT
    if wish.audit is None:
        whole = overview(ground, effort)
        talk.show(*screen.overview(whole, str(wish.book)))
        talk.emit(overview_figures(whole, talk.language))
        return
    audit = _known(talk, "audit", wish.audit, {row.id: "" for row in ground.body.audits})
    if wish.auditor is None and wish.day is None:
        found = explain_audit(ground, audit, effort)
        talk.show(*screen.audit(found))
    else:
        people = {row.id: row.name for row in ground.body.auditors}
        auditor = None if wish.auditor is None else _known(talk, "auditor", wish.auditor, people)
        found = explain_choice(ground, Question(audit=audit, auditor=auditor, day=wish.day), effort)
        talk.show(*screen.answer(found))
    talk.emit({"audits": {audit: explained_figures(found, talk.language)}})


def _known(talk: Talk, kind: str, typed: str, names: Mapping[str, str]) -> str:
    """The id that was typed, in whatever case or width, or by a name that only one has. Raises UsageFailure."""
    from auditplan.io.workbook.read_spelling import fold, nearest

    wanted = fold(typed)
    if typed in names:
        return typed
    by_id = [identity for identity in names if fold(identity) == wanted]
    by_name = [identity for identity, name in names.items() if name and fold(name) == wanted]
    for found in (by_id, by_name):
        if len(found) == 1:
            return found[0]
    near = nearest(typed, [*names, *filter(None, names.values())])
    hint = talk.text("explain-near", near=near) if near else ""
    raise UsageFailure(f"explain-unknown-{kind}", name=typed, near=hint)
