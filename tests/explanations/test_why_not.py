"""Why not: empty exactly where forcing the choice is feasible, as the solver says; and every reason names a cell."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest

from auditplan.io.messages import LANGUAGES, message
from auditplan.io.workbook.read import read_book
from auditplan.io.workbook.template import write_template
from auditplan.planner.domain import Body
from auditplan.planner.explanations.ground import Ground
from auditplan.planner.explanations.obstacles import Obstacles
from auditplan.planner.explanations.results import Question, WhyNot
from auditplan.planner.explanations.ways import ways_of
from auditplan.planner.explanations.whynot import WhyNots
from auditplan.planner.plan import Reason
from auditplan.planner.planning import make_plan
from auditplan.solver.problem import Cover, Group
from auditplan.solver.solution import Budget
from auditplan.solver.solve import solve

TOP = 1_000_000
"""Price of leaving out what is forced: above all others together, so that it is placed wherever it can be."""


def _feasible(ground: Ground, question: Question) -> bool:
    """What the solver says: the whole body, with the choice forced, all else free to move or to be left out."""
    number = ground.index.get(question.audit)
    if number is None:
        placement = ground.placements.get(question.audit)
        there = placement is not None and question.auditor in {None, *(seat.auditor for seat in placement.seats)}
        return there and placement is not None and question.day in {None, placement.start.day}
    activity = ground.problem.activities[number]
    if question.auditor is not None:
        person = ground.facts.lookup.order[question.auditor]
        seats = tuple(range(len(activity.roles)))
        activity = replace(activity, groups=(*activity.groups, Group((Cover(resource=person, roles=seats),))))
    if question.day is not None:
        mask = ground.facts.timeline.mask(question.day, question.day)
        roles = tuple(
            tuple(
                replace(entry, starting=mask if entry.starting == -1 else entry.starting & mask) for entry in candidates
            )
            for candidates in activity.roles
        )
        activity = replace(activity, roles=roles)
    activities = list(ground.problem.activities)
    activities[number] = replace(activity, left_out=(TOP, 0, 0, 0, 0))
    outcome = solve(replace(ground.problem, activities=tuple(activities)), Budget(effort=5), threads=1)
    assert outcome.solution is not None
    placed = outcome.solution.choices[number] is not None
    assert placed or outcome.bounds[0] >= TOP, "not decided"
    return placed


def _pairs(ground: Ground) -> Iterator[Question]:
    """Every audit with every person."""
    for audit in ground.body.audits:
        for auditor in ground.body.auditors:
            yield Question(audit=audit.id, auditor=auditor.id)


def _days(ground: Ground, step: int) -> Iterator[Question]:
    """Audits with days, and with a person besides, a few of each."""
    settings = ground.body.settings
    length = (settings.plan_to - settings.plan_from).days
    for number, audit in enumerate(ground.body.audits):
        for offset in range(-2 + number % step, length + 3, step):
            day = settings.plan_from + timedelta(days=offset)
            yield Question(audit=audit.id, day=day)
            yield Question(audit=audit.id, day=day, auditor=ground.body.auditors[offset % len(ground.body.auditors)].id)


def _agrees(ground: Ground, question: Question) -> WhyNot:
    """The answer, held against the solver."""
    answer = WhyNots(ground).ask(question)
    feasible = _feasible(ground, question)
    assert (not answer.against) == feasible, (question, answer)
    assert answer.possible == feasible
    if feasible and not answer.chosen and answer.cost is None:
        assert answer.given
    if feasible and question.day is None and question.auditor is not None and question.audit in ground.index:
        # What stands against a person by itself is told only where it really does.
        audit = ground.facts.lookup.audits[question.audit]
        auditor = ground.facts.lookup.auditors[question.auditor]
        assert not Obstacles(ground, audit, ways_of(ground, audit)).of(auditor)
    return answer


def test_a_hundred_pairs_against_the_solver(planned: Callable[[int], Ground]) -> None:
    asked = possible = 0
    for seed in range(24):
        ground = planned(seed)
        for question in _pairs(ground):
            answer = _agrees(ground, question)
            asked, possible = asked + 1, possible + (not answer.against)
    assert asked >= 100
    assert 20 <= possible <= asked - 20


def test_days_against_the_solver(planned: Callable[[int], Ground]) -> None:
    asked = [
        _agrees(ground, question)
        for seed in range(100, 108)
        for ground in [planned(seed)]
        for question in _days(ground, 5)
    ]
    assert len(asked) >= 60
    assert 5 <= sum(not answer.against for answer in asked) <= len(asked) - 5


@pytest.mark.slow
@pytest.mark.parametrize("chunk", range(10))
def test_thousands_of_pairs_against_the_solver(chunk: int, planned: Callable[[int], Ground]) -> None:
    """About fifteen hundred pairs more, and some days."""
    for seed in range(1000 + chunk * 30, 1030 + chunk * 30):
        ground = planned(seed)
        for question in _pairs(ground):
            _agrees(ground, question)
        for question in _days(ground, 6) if seed % 10 == 0 else ():
            _agrees(ground, question)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("seed", range(6))
def test_every_reason_names_a_cell_and_has_a_text(
    tmp_path: Path, random_body: Callable[[int], Body], language: str, seed: int
) -> None:
    """On a book that was written and read back; the cell lies on a sheet that there is."""
    path = tmp_path / "body.xlsx"
    write_template(path, language, body=random_body(seed))
    reading = read_book(path, today=date(2026, 11, 23))
    assert reading.body is not None, reading.problems
    ground = Ground(reading.body, make_plan(reading.body, Budget(effort=3)).plan.placements)
    for question in (*_pairs(ground), *_days(ground, 4)):
        answer = WhyNots(ground).ask(question)
        for reason in (*answer.against, *answer.given):
            _names_a_cell(reason, set(reading.sheets.values()), language)


def _names_a_cell(reason: Reason, sheets: set[str], language: str) -> None:
    """Sheet and cell are there, and the text has all that it needs."""
    assert reason.sheet in sheets, reason
    assert reason.cell.strip("ABCDEFGHIJKLMNOPQRSTUVWXYZ").isdigit(), reason
    assert "{" not in message(reason.code, language, **dict(reason.parameters))
    assert message(f"rule-{reason.rule}", language)
