"""Re-planning against brute force over the number of changes, and what holds whatever happens."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from itertools import combinations, product
from math import prod
from random import Random

import pytest

from auditplan.planner.changes import What, row_of
from auditplan.planner.compile import Compiled, Compiler
from auditplan.planner.domain import (
    Audit,
    Auditor,
    AuditStatus,
    AuditType,
    Body,
    Client,
    Lock,
    Part,
    Place,
    PlannedAudit,
    Qualification,
    Role,
    RuleSetting,
    Settings,
    Unavailability,
)
from auditplan.planner.facts import Facts
from auditplan.planner.keeping import keep_of, kept_problem
from auditplan.planner.memory import remembered
from auditplan.planner.planning import make_plan
from auditplan.planner.previous import plan_of_schedule
from auditplan.planner.replanning import Replanned, TooFewChangesError, replan
from auditplan.planner.scenarios.start import choices_of
from auditplan.planner.verify import verify
from auditplan.planner.wishes import with_typed
from auditplan.solver.check import values, violations
from auditplan.solver.problem import Problem
from auditplan.solver.solution import Budget, Choice, Solution

MONDAY = date(2027, 3, 1)
BUDGET = Budget(effort=6)
MOST_PLANS = 2_500
"""Combinations that brute force looks at."""


def _audit(random: Random, number: int, days: int) -> Audit:
    """An audit of half a day to two days somewhere in the two weeks."""
    earliest = MONDAY + timedelta(days=random.randrange(7))
    return Audit(
        id=f"T{number}",
        client=f"C{random.randrange(2)}",
        type=random.choice((AuditType.SURVEILLANCE, AuditType.RECERTIFICATION)),
        standards=("ISO 9001",),
        codes=(random.choice(("17", "19")),),
        days=Decimal(random.choice((1, 2))),
        earliest=earliest,
        due=min(earliest + timedelta(days=random.randrange(2, 8)), MONDAY + timedelta(days=days)),
        largest_team=1,
    )


def small_body(seed: int) -> Body:
    """Three people, three or four audits, a week and a half."""
    random = Random(seed)
    days = 9
    settings = Settings(
        plan_from=MONDAY, plan_to=MONDAY + timedelta(days=days), today=date(2026, 11, 23), country="DE", freeze_days=0
    )
    names = ("A", "B", "C")
    codes = ({"17"}, {"19"}, {"17", "19"})
    return Body(
        settings=settings,
        auditors=tuple(Auditor(id=name, name=name, region="Berlin") for name in names),
        qualifications=tuple(
            Qualification(auditor=name, standard="ISO 9001", role=Role.LEAD, codes=tuple(sorted(own)))
            for name, own in zip(names, codes, strict=True)
        ),
        places=(Place(region="Berlin", city="Berlin"),),
        clients=tuple(Client(id=f"C{number}", name=f"C{number}", region="Berlin") for number in range(2)),
        audits=tuple(_audit(random, number, days) for number in range(random.choice((3, 4)))),
    )


def planned(body: Body) -> Body:
    """The body with its best plan as the plan before, as a book remembers it."""
    plan = make_plan(body, BUDGET, threads=1).plan
    written = remembered(body, plan)
    return with_typed(replace(body, previous=written.rows, written=written))


def typed(body: Body, audit: str, **fields: object) -> Body:
    """The body after somebody typed over a row of its Schedule."""
    rows = tuple(
        replace(row, **fields) if row.audit == audit else row  # type: ignore[arg-type]
        for row in body.previous
    )
    return with_typed(replace(body, previous=rows))


def edited(body: Body, audit: str, **fields: object) -> Body:
    """The body after somebody edited an audit's own row."""
    audits = tuple(replace(one, **fields) if one.id == audit else one for one in body.audits)  # type: ignore[arg-type]
    return replace(body, audits=audits)


def again(body: Body, **more: object) -> Replanned:
    """A re-plan that was verified."""
    result = replan(body, BUDGET, threads=1, **more)  # type: ignore[arg-type]
    assert result.plan.verified
    assert verify(result.body, result.plan).violations == ()
    return result


def struck(body: Body, seed: int) -> Body:
    """The body after somebody of its plan has become unavailable for the week, or for good."""
    random = Random(seed + 1000)
    row = random.choice(body.previous)
    if random.random() < 0.5:
        gone = Unavailability(auditor=row.lead, start=row.start, until=row.start + timedelta(days=6))
        return replace(body, unavailable=(*body.unavailable, gone))
    auditors = tuple(
        replace(one, active_to=row.start - timedelta(days=1)) if one.id == row.lead else one for one in body.auditors
    )
    return replace(body, auditors=auditors)


def _ways(problem: Problem, number: int) -> list[Choice | None]:
    """Every way to carry out an activity that is sound by itself, and to leave it out."""
    activity = problem.activities[number]
    alone: list[Choice | None] = [None] * len(problem.activities)
    found: list[Choice | None] = [None]
    for index, mode in enumerate(activity.modes):
        for option in range(len(mode.starts)):
            for lead in activity.roles[0]:
                alone[number] = Choice(index, option, ((lead.resource,), (), (), ()))
                if not violations(problem, Solution(tuple(alone))):
                    found.append(alone[number])
    return found


def _with_changes(problem: Problem, before: list[Choice | None], most: int) -> Iterator[tuple[int, Solution]]:
    """Every sound solution in which at most so many audits differ from before, with how many do."""
    ways = [_ways(problem, number) for number in range(len(before))]
    gone = {number for number, choice in enumerate(before) if choice not in ways[number]}
    for number in range(len(gone), most + 1):
        for chosen in combinations(range(len(before)), number):
            if gone <= set(chosen):
                open_to = [
                    [one for one in ways[index] if one != before[index]] if index in chosen else [before[index]]
                    for index in range(len(before))
                ]
                for choices in product(*open_to):
                    solution = Solution(tuple(choices))
                    if not violations(problem, solution):
                        yield number, solution


def _before(compiled: Compiled) -> list[Choice | None]:
    """The plan before as choices."""
    found: list[Choice | None] = [None] * len(compiled.audits)
    for number, choice in choices_of(compiled, plan_of_schedule(compiled.facts.body).placements):
        found[number] = choice
    return found


def _compare(seed: int) -> None:
    """The re-plan against every plan with as many changes or fewer."""
    body = struck(planned(small_body(seed)), seed)
    result = again(body)
    compiled = Compiler(Facts(body)).compile()
    problem = kept_problem(compiled, keep_of(body))
    own: list[Choice | None] = [None] * len(compiled.audits)
    for number, choice in choices_of(compiled, result.plan.placements):
        own[number] = choice
    mine = values(problem, Solution(tuple(own)))[:3]
    changed = len(result.changes)
    plans = [
        (values(problem, solution)[:3], number)
        for number, solution in _with_changes(problem, _before(compiled), changed)
    ]
    assert min(figures for figures, _ in plans) == mine
    assert min(number for figures, number in plans if figures[:2] == mine[:2]) == changed


@pytest.mark.parametrize("seed", range(25))
def test_no_plan_is_as_good_with_fewer_changes(seed: int) -> None:
    """Whoever falls ill or leaves: the number of changed audits is the least with which nothing more is lost or later,
    and the price of the changes too."""
    _compare(seed)


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(25, 150))
def test_no_plan_is_as_good_with_fewer_changes_widely(seed: int) -> None:
    """The same on many more."""
    _compare(seed)


def _pair(**more: object) -> Body:
    """Two people for one code, and two audits of two days that both may have at any time of the two weeks."""
    body = small_body(0)
    fields: dict[str, object] = {
        "type": AuditType.SURVEILLANCE,
        "client": "C0",
        "codes": ("17",),
        "days": Decimal(2),
        "earliest": MONDAY,
        "due": MONDAY + timedelta(days=20),
        **more,
    }
    audits = tuple(replace(body.audits[0], id=f"T{number}", **fields) for number in range(2))  # type: ignore[arg-type]
    settings = replace(body.settings, plan_to=MONDAY + timedelta(days=11))
    return replace(body, settings=settings, audits=audits)


def _row(result: Replanned, audit: str) -> PlannedAudit:
    """How an audit stands in a re-plan."""
    return next(row_of(placement) for placement in result.plan.placements if placement.audit == audit)


def test_nothing_asked_nothing_done() -> None:
    """The plan before comes back with its figures and bounds, at no work; with --improve it is searched again."""
    body = planned(_pair())
    result = again(body)
    assert result.kept
    assert result.plan.effort == 0.0
    assert result.changes == ()
    assert [(level.value, level.bound) for level in result.plan.levels] == [
        (level.value, level.bound) for level in make_plan(_pair(), BUDGET, threads=1).plan.levels
    ]
    searched = again(body, improve=True)
    assert not searched.kept
    assert searched.changes == ()


def test_tomorrow_is_no_change_and_neither_is_a_lock_or_a_status() -> None:
    """Time that goes by, a lock that is set and a status that rises ask for nothing."""
    body = planned(_pair())
    later = replace(body, settings=replace(body.settings, today=date(2026, 12, 24)))
    assert again(later).kept
    assert again(typed(body, "T0", lock=Lock.ALL)).kept
    confirmed = again(typed(body, "T0", status=AuditStatus.CONFIRMED))
    assert confirmed.kept
    assert _row(confirmed, "T0").status is AuditStatus.CONFIRMED


@pytest.mark.parametrize("part", [Part.AM, Part.PM])
def test_a_typed_half_day_is_that_half_day(part: Part) -> None:
    """A date holds to the half day, in the morning too."""
    wished = MONDAY + timedelta(days=7)
    body = typed(planned(_pair(days=Decimal("0.5"))), "T1", start=wished, start_part=part)
    result = again(body)
    row = _row(result, "T1")
    assert (row.start, row.start_part, row.end) == (wished, part, wished)
    shown = next(row for row in result.body.previous if row.audit == "T1")
    assert shown.lock == Lock.DATE


def test_typed_date_and_lead_hold_together() -> None:
    """Two parts typed into one row both hold and both show in Lock."""
    body = planned(_pair())
    other = {"A": "C", "C": "A"}[body.previous[0].lead]
    audit = body.previous[0].audit
    wished = MONDAY + timedelta(days=8)
    result = again(typed(body, audit, start=wished, lead=other))
    assert (_row(result, audit).start, _row(result, audit).lead) == (wished, other)
    assert next(row for row in result.body.previous if row.audit == audit).lock == Lock.DATE | Lock.LEAD


def test_wishes_against_each_other_both_stand_and_are_told() -> None:
    """One lead typed into two audits on one day: both stand as typed, and the clash is a problem of their cells."""
    body = planned(_pair())
    for audit in ("T0", "T1"):
        body = typed(body, audit, start=MONDAY + timedelta(days=7), start_part=Part.AM, lead="A", lock=Lock.LEAD)
    result = again(body)
    rows = [_row(result, audit) for audit in ("T0", "T1")]
    assert {(row.start, row.lead) for row in rows} == {(MONDAY + timedelta(days=7), "A")}
    told = {dict(problem.parameters)["rule"] for problem in result.problems if problem.code == "fixed-breaks-rule"}
    assert "overlap" in told


def test_a_wish_is_worth_more_than_another_audit() -> None:
    """What was typed is placed though another audit, dearer to leave out, loses its room."""
    body = _pair()
    only = replace(body, auditors=body.auditors[:1], qualifications=body.qualifications[:1])
    wished = MONDAY + timedelta(days=7)
    dear = replace(
        only.audits[1], type=AuditType.RECERTIFICATION, earliest=wished, due=wished + timedelta(days=2), priority=1
    )
    before = planned(replace(only, audits=(replace(only.audits[0], priority=5), dear)))
    assert {row.audit for row in before.previous} == {"T0", "T1"}
    result = again(typed(before, "T0", start=wished + timedelta(days=1)))
    assert _row(result, "T0").start == wished + timedelta(days=1)
    assert [left.audit for left in result.plan.unplaced] == ["T1"]


@pytest.mark.parametrize("held", ["confirmed", "invited", "frozen", "past"])
def test_what_does_not_move_by_itself(held: str) -> None:
    """Confirmed, invited to, inside the freeze, or begun: it stays though its lead is away, and that is told; a lead
    typed over it is taken, with the date as it was."""
    body = planned(_pair())
    row = body.previous[0]
    if held == "confirmed":
        body = typed(body, row.audit, status=AuditStatus.CONFIRMED)
    elif held == "invited":
        body = typed(body, row.audit, invited=True)
    else:
        today = row.start - timedelta(days=3) if held == "frozen" else row.start + timedelta(days=1)
        body = replace(body, settings=replace(body.settings, today=today, freeze_days=7 if held == "frozen" else 0))
    ill = replace(body, unavailable=(Unavailability(auditor=row.lead, start=row.start, until=row.end),))
    result = again(ill)
    stands = _row(result, row.audit)
    assert (stands.start, stands.lead) == (row.start, row.lead)
    assert [dict(one.parameters)["rule"] for one in result.problems if one.code == "fixed-breaks-rule"] == [
        "availability"
    ]
    other = {"A": "C", "C": "A"}[row.lead]
    taken = _row(again(typed(ill, row.audit, lead=other)), row.audit)
    assert (taken.start, taken.lead) == (row.start, other)


def test_a_confirmed_audit_with_another_date_keeps_its_team_where_it_can() -> None:
    """Typed dates move what is confirmed; its team stays if it is free, and only else others come, at the top price."""
    body = planned(_pair())
    row = body.previous[0]
    wished = MONDAY + timedelta(days=8)
    moved = typed(typed(body, row.audit, status=AuditStatus.CONFIRMED), row.audit, start=wished)
    stands = _row(again(moved), row.audit)
    assert (stands.start, stands.lead, stands.status) == (wished, row.lead, AuditStatus.CONFIRMED)
    away = replace(moved, unavailable=(Unavailability(auditor=row.lead, start=wished, until=wished),))
    result = again(away)
    stands = _row(result, row.audit)
    assert stands.start == wished
    assert stands.lead != row.lead
    assert result.plan.levels[2].value == 10 * 400


def test_prices_of_changes() -> None:
    """Moved, by days, swapped; twice once proposed, ten times once confirmed; Cost per change unless Rules say else."""
    alone = _pair()
    body = planned(replace(alone, audits=alone.audits[:1]))
    row = body.previous[0]
    gone = Unavailability(auditor=row.lead, start=row.start, until=row.end)
    ill = replace(body, unavailable=(gone,))
    assert again(ill).plan.levels[2].value == 2 * 400
    cheap = replace(ill, settings=replace(ill.settings, cost_per_change=Decimal(100)))
    assert again(cheap).plan.levels[2].value == 2 * 100
    rules = (RuleSetting(rule="swapped", weight=Decimal(7)), RuleSetting(rule="moved", weight=Decimal(5000)))
    assert again(replace(ill, rules=rules)).plan.levels[2].value == 2 * 7
    rules = (RuleSetting(rule="swapped", weight=Decimal(5000)), RuleSetting(rule="moved", weight=Decimal(50)))
    moved = again(replace(ill, rules=rules))
    days = abs((_row(moved, row.audit).start - row.start).days)
    assert moved.plan.levels[2].value == 2 * (50 + 20 * days)


def test_smaller_teams_and_trainees_who_go_cost_too() -> None:
    """Nobody is dropped from a team for nothing: fewer people is a change, whatever money it saves."""
    body = _pair(largest_team=2, smallest_team=2)
    fee = tuple(replace(one, cost_per_day=Decimal(1000)) for one in body.auditors)
    before = planned(replace(body, auditors=fee))
    audit = before.previous[0].audit
    smaller = edited(before, audit, smallest_team=1)
    assert again(smaller).changes == ()


def test_what_was_left_out_is_taken_in_where_nothing_has_to_change() -> None:
    """Room that somebody new brings is used, nothing moves for it; what is edited may move others."""
    body = _pair(days=Decimal(10), due=MONDAY + timedelta(days=11), earliest=MONDAY)
    one = replace(body, auditors=body.auditors[:1], qualifications=body.qualifications[:1])
    before = planned(replace(one, settings=replace(one.settings, longest_span=Decimal(10))))
    assert len(before.previous) == 1
    [left] = [audit.id for audit in before.audits if audit.id != before.previous[0].audit]
    assert again(before).kept
    hired = replace(before, auditors=body.auditors, qualifications=body.qualifications)
    result = again(hired)
    [change] = result.changes
    assert change.audit == left
    assert change.differences[0].what is What.PLACED


def test_what_was_edited_may_move_others() -> None:
    """An audit left out before that somebody edited is planned in full."""
    body = _pair()
    one = replace(body, auditors=body.auditors[:1], qualifications=body.qualifications[:1])
    wide, narrow = one.audits
    narrow = replace(narrow, earliest=MONDAY, due=MONDAY + timedelta(days=1), days=Decimal(3))
    before = planned(replace(one, audits=(wide, narrow)))
    assert [row.audit for row in before.previous] == ["T0"]
    before = typed(before, "T0")
    result = again(edited(before, "T1", days=Decimal(2)))
    assert {placement.audit for placement in result.plan.placements} == {"T0", "T1"}


def test_nothing_new_begins_in_the_past() -> None:
    """In a period under way a new audit begins today at the earliest."""
    body = planned(_pair())
    today = MONDAY + timedelta(days=4)
    now = replace(body, settings=replace(body.settings, today=today))
    new = replace(body.audits[0], id="T9")
    result = again(replace(now, audits=(*now.audits, new)))
    assert _row(result, "T9").start >= today


def test_the_budget_of_changes_is_hard() -> None:
    """No more differ than may; where more must, the least number is told."""
    body = planned(_pair())
    gone = tuple(Unavailability(auditor=row.lead, start=row.start, until=row.end) for row in body.previous)
    ill = replace(body, unavailable=gone)
    must = {row.audit for row in body.previous}
    with pytest.raises(TooFewChangesError) as error:
        again(ill, max_changes=len(must) - 1)
    assert (error.value.least, error.value.proven, set(error.value.audits)) == (len(must), len(must), must)
    assert {change.audit for change in again(ill, max_changes=len(must)).changes} == must


def test_what_must_give_way_is_proven_by_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    """A surveillance audit can no longer be where it was, nor anywhere before the one that follows it: both must
    change, which takes no search over all other audits to prove."""
    body = _pair()
    first, second = body.audits
    only = replace(body, auditors=body.auditors[:1], audits=(first, replace(second, after=first.id, gap_to=3)))
    body = planned(only)
    row = next(row for row in body.previous if row.audit == first.id)
    monkeypatch.setattr("auditplan.planner.budget_of_changes.solve", None)
    gone = Unavailability(auditor=row.lead, start=MONDAY, until=row.end)
    result = again(replace(body, unavailable=(gone,)))
    assert (result.changed, result.fewest) == (2, 2)


def _compare_budgets(seed: int) -> None:
    """With each budget the best plan that keeps it, and an error exactly where there is none."""
    body = struck(planned(small_body(seed)), seed)
    new = replace(small_body(seed + 1).audits[0], id="T9", priority=1)
    body = replace(body, audits=(*body.audits, new))
    compiled = Compiler(Facts(body)).compile()
    problem = kept_problem(compiled, keep_of(body))
    before, known = _before(compiled), {row.audit for row in body.previous}
    ways = [_ways(problem, number) for number in range(len(before))]
    if prod(len(own) for own in ways) > MOST_PLANS:
        pytest.skip("too many combinations for brute force")
    counted = [number for number, audit in enumerate(compiled.audits) if audit.id in known]
    plans = [
        (sum(solution.choices[number] != before[number] for number in counted), values(problem, solution)[:3])
        for solution in map(Solution, product(*ways))
        if not violations(problem, solution)
    ]
    for most in range(len(counted) + 1):
        within = [figures for number, figures in plans if number <= most]
        if not within:
            with pytest.raises(TooFewChangesError):
                again(body, max_changes=most)
            continue
        result = again(body, max_changes=most)
        own: list[Choice | None] = [None] * len(compiled.audits)
        for number, choice in choices_of(compiled, result.plan.placements):
            own[number] = choice
        assert values(problem, Solution(tuple(own)))[:3] == min(within)
        assert sum(change.audit in known for change in result.changes) <= most


@pytest.mark.parametrize("seed", range(12))
def test_the_budget_of_changes_against_brute_force(seed: int) -> None:
    """An event, an urgent audit, and every budget."""
    _compare_budgets(seed)


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(12, 60))
def test_the_budget_of_changes_against_brute_force_widely(seed: int) -> None:
    """The same on many more."""
    _compare_budgets(seed)
