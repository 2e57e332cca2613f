"""For each hard rule a plan made by hand that breaks it, and only it: the verifier says so by the rule's own id.

The base is one audit of two days for a client in the city of its three people; each case changes one thing."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest

from auditplan.planner.domain import (
    Audit,
    Auditor,
    AuditStatus,
    AuditType,
    Body,
    Client,
    Conflict,
    Employment,
    HistoryEntry,
    Lock,
    Part,
    Place,
    PlannedAudit,
    Qualification,
    Role,
    RuleKind,
    RuleSetting,
    Settings,
    TravelLink,
    Unavailability,
)
from auditplan.planner.plan import Journey, Placement, Plan, Seat, Slot, Unplaced
from auditplan.planner.rulebook import HARD_RULES
from auditplan.planner.verify import verify

MONDAY = date(2027, 3, 1)
DAY = timedelta(days=1)
QUALITY, SAFETY = "ISO 9001:2015", "ISO 45001:2018"
Case = Callable[[], tuple[Body, Plan]]


def _body(audit: dict[str, Any] | None = None, settings: dict[str, Any] | None = None, **changes: Any) -> Body:
    """Leads A and B, expert E and trainee T, one client, one audit of two days."""
    held = (("A", Role.LEAD), ("B", Role.LEAD), ("B", Role.DECISION), ("E", Role.EXPERT), ("T", Role.TRAINEE))
    fields: dict[str, Any] = {
        "id": "X",
        "client": "C",
        "type": AuditType.SURVEILLANCE,
        "standards": (QUALITY,),
        "codes": ("17.06",),
        "days": Decimal(2),
        "due": MONDAY + 11 * DAY,
    }
    given: dict[str, Any] = {"plan_to": MONDAY + 25 * DAY, "today": date(2026, 11, 23), "freeze_days": 0}
    body = Body(
        settings=Settings(plan_from=MONDAY, country="DE", **{**given, **(settings or {})}),
        auditors=tuple(Auditor(id=name, name=name, region="Berlin") for name in "ABET"),
        qualifications=tuple(
            Qualification(auditor=name, standard=QUALITY, role=role, codes=("17",)) for name, role in held
        ),
        places=(Place(region="Berlin", city="Berlin"),),
        clients=(Client(id="C", name="C", region="Berlin"),),
        audits=(Audit(**{**fields, **(audit or {})}),),
    )
    return replace(body, **changes)


def _seat(name: str, role: Role = Role.AUDITOR, **more: Any) -> Seat:
    return Seat(auditor=name, role=role, **more)


def _plan(lead: str = "A", *seats: Seat, day: date = MONDAY, days: int = 2, bare: bool = False, **more: Any) -> Plan:
    """The audit placed on whole days; bare: without saying who covers what."""
    last = Slot(day + (days - 1) * DAY, afternoon=True)
    team = (_seat(lead, Role.LEAD, covers=() if bare else ((QUALITY, ""), (QUALITY, "17.06"))), *seats)
    placement = Placement(audit="X", start=Slot(day, afternoon=False), end=last, seats=team)
    return Plan(placements=(replace(placement, **more),), unplaced=())


def _person(name: str, **changes: Any) -> Body:
    """The base with something changed about a person."""
    body = _body()
    return replace(body, auditors=tuple(replace(row, **changes) if row.id == name else row for row in body.auditors))


def _rows(*rows: tuple[str, Role, dict[str, Any]], **audit: Any) -> Body:
    """The base with other qualifications."""
    fields: dict[str, Any] = {"standard": QUALITY, "codes": ("17",)}
    made = [Qualification(auditor=name, role=role, **{**fields, **more}) for name, role, more in rows]
    return _body(audit, qualifications=tuple(made))


def _pair(first: dict[str, Any] | None = None, **second: Any) -> Body:
    """A second audit Y, like X."""
    body = _body(first)
    return replace(body, audits=(body.audits[0], replace(_body().audits[0], **{"id": "Y", **second})))


def _two(day: date, lead: str = "A", *seats: Seat, **more: Any) -> Plan:
    """X on Monday and Tuesday by A, and Y."""
    second = replace(_plan(lead, *seats, day=day, **more).placements[0], audit="Y")
    return Plan(placements=(_plan().placements[0], second), unplaced=())


def _far(hours: float = 4.0, **changes: Any) -> Body:
    """The client half a day's journey away."""
    body = _person("A", **changes)
    places = (*body.places, Place(region="Far", city="Far"))
    travel = (TravelLink(start="Berlin", end="Far", hours=hours, cost=Decimal(100)),)
    return replace(body, places=places, travel=travel, clients=(Client(id="C", name="C", region="Far"),))


def _away(day: date = MONDAY + DAY, nights: int = 3, cost: int = 125000, *, ways: bool = True) -> Plan:
    """X with journeys in the half days before and after; ways: whether they are there."""
    out, back = Slot(day - DAY, afternoon=True), Slot(day + 2 * DAY, afternoon=False)
    there: list[Journey | None] = [
        Journey(origin="", destination="", hours=4.0, slots=(slot,), cost=10000) for slot in (out, back)
    ]
    base = _plan(day=day)
    [placement] = base.placements
    seat = replace(
        placement.seats[0],
        out=there[0] if ways else None,
        back=there[1] if ways else None,
        nights=nights,
        travel_cost=cost,
    )
    return replace(base, placements=(replace(placement, seats=(seat,)),))


def _leaderless() -> Plan:
    """Two auditors and nobody who leads."""
    [placement] = _plan("A", _seat("B")).placements
    seats = tuple(replace(seat, role=Role.AUDITOR) for seat in placement.seats)
    return Plan(placements=(replace(placement, seats=seats),), unplaced=())


def _history(count: int, last: date = date(2026, 9, 1), name: str = "A") -> tuple[HistoryEntry, ...]:
    """So many audits in a row led by a person."""
    return tuple(
        HistoryEntry(client="C", auditor=name, day=last - 300 * number * DAY, standard="ISO 9001", role=Role.LEAD)
        for number in range(count)
    )


def _before(**changes: Any) -> tuple[PlannedAudit, ...]:
    """The plan before: X in the second week, led by B."""
    day = MONDAY + 7 * DAY
    row = PlannedAudit(audit="X", start=day, start_part=Part.AM, end=day + DAY, end_part=Part.PM, lead="B")
    return (replace(row, **changes),)


def _left() -> Plan:
    """X left out, Y placed."""
    left = Unplaced(audit="X", reasons=(), never=False, consequence=0, consequence_code="")
    return Plan(placements=(_two(MONDAY + 7 * DAY).placements[1],), unplaced=(left,))


TWO_STANDARDS: dict[str, Any] = {"standards": (QUALITY, SAFETY), "smallest_team": 2, "days": Decimal(4)}
NARROW: dict[str, Any] = {"smallest_team": 2, "days": Decimal(4)}
BROKEN: dict[str, Case] = {
    "overlap: two audits": lambda: (_pair(), _two(MONDAY + DAY)),
    "availability: leave": lambda: (
        _body(unavailable=(Unavailability(auditor="A", start=MONDAY, until=MONDAY),)),
        _plan(),
    ),
    "availability: half a day": lambda: (
        _body(unavailable=(Unavailability(auditor="A", start=MONDAY + DAY, until=MONDAY + DAY, part=Part.PM),)),
        _plan(),
    ),
    "availability: weekday": lambda: (_person("A", working_days=frozenset({1, 3, 4, 5})), _plan()),
    "availability: left": lambda: (_person("A", active_to=MONDAY), _plan()),
    "availability: not here yet": lambda: (_person("A", active_from=MONDAY + DAY), _plan()),
    "availability: a journey in leave": lambda: (
        replace(_far(), unavailable=(Unavailability(auditor="A", start=MONDAY, until=MONDAY),)),
        _away(),
    ),
    "availability: no journey": lambda: (_far(), _away(ways=False)),
    "window: Due": lambda: (_body({"due": MONDAY}), _plan()),
    "window: Earliest": lambda: (_body({"earliest": MONDAY + DAY}), _plan()),
    "window: the period": lambda: (_body({"due": MONDAY + 60 * DAY}), _plan(day=MONDAY + 28 * DAY)),
    "window: too short": lambda: (_body(), _plan(days=1)),
    "window: too long": lambda: (_body(), _plan(days=3)),
    "window: longest span": lambda: (_body({"days": Decimal(3)}, {"longest_span": Decimal(2)}), _plan(days=3)),
    "window: over a weekend": lambda: (_body(), _plan(day=MONDAY + 4 * DAY, days=4)),
    "window: client closed": lambda: (
        _body(unavailable=(Unavailability(client="C", start=MONDAY, until=MONDAY),)),
        _plan(),
    ),
    "lead: none": lambda: (_body(NARROW), _leaderless()),
    "lead: two": lambda: (_body(NARROW), _plan("A", _seat("B", Role.LEAD))),
    "lead: not of the first standard": lambda: (
        _rows(("A", Role.AUDITOR, {}), ("A", Role.LEAD, {"standard": SAFETY}), standards=(QUALITY, SAFETY)),
        _plan(),
    ),
    "coverage: a code": lambda: (_rows(("A", Role.LEAD, {"codes": ("17.05", "19")})), _plan(bare=True)),
    "coverage: a standard": lambda: (_body({"standards": (QUALITY, SAFETY), "codes": ()}), _plan(bare=True)),
    "coverage: another edition": lambda: (
        _rows(("A", Role.LEAD, {"standard": "ISO 9001:2008"}), ("A", Role.LEAD, {"codes": ("19",)})),
        _plan(bare=True),
    ),
    "coverage: a trainee covers nothing": lambda: (
        _body({"trainees": 1}),
        _plan("A", _seat("T", Role.TRAINEE, covers=((QUALITY, "17.06"),))),
    ),
    "counting: too few": lambda: (_body({"smallest_team": 2}), _plan()),
    "counting: too many": lambda: (_body({"largest_team": 1, "days": Decimal(4)}), _plan("A", _seat("B"))),
    "counting: one qualified for nothing": lambda: (_body(NARROW), _plan("A", _seat("E"))),
    "counting: expert missing": lambda: (_body({"experts": 1}), _plan()),
    "counting: expert too many": lambda: (_body(), _plan("A", _seat("E", Role.EXPERT))),
    "counting: trainee too many": lambda: (_body(), _plan("A", _seat("T", Role.TRAINEE))),
    "counting: placed and left out": lambda: (_pair(), replace(_two(MONDAY + 7 * DAY), unplaced=_left().unplaced)),
    "counting: forgotten": lambda: (_pair(), _plan()),
    "validity: lapses on the last day": lambda: (_rows(("A", Role.LEAD, {"valid_to": MONDAY})), _plan(bare=True)),
    "validity: begins on the last day": lambda: (
        _rows(("A", Role.LEAD, {"valid_from": MONDAY + DAY})),
        _plan(bare=True),
    ),
    "validity: one code lapses": lambda: (
        _rows(("A", Role.LEAD, {"codes": ("19",)}), ("A", Role.AUDITOR, {"valid_to": MONDAY})),
        _plan(bare=True),
    ),
    "conflict: for ever": lambda: (_body(conflicts=(Conflict(auditor="A", client="C"),)), _plan()),
    "conflict: until the first day": lambda: (
        _body(conflicts=(Conflict(auditor="A", client="C", until=MONDAY),)),
        _plan(),
    ),
    "conflict: two years after consultancy": lambda: (
        _body(conflicts=(Conflict(auditor="A", client="C", consultancy=True, until=date(2025, 3, 1)),)),
        _plan(),
    ),
    "objection: to a trainee": lambda: (
        _body({"trainees": 1}, conflicts=(Conflict(auditor="T", client="C", objection=True),)),
        _plan("A", _seat("T", Role.TRAINEE)),
    ),
    "rotation: one too many": lambda: (_body(history=_history(6)), _plan()),
    "rotation: history and plan": lambda: (
        replace(_pair(), history=_history(5)),
        _two(MONDAY + 7 * DAY),
    ),
    "rotation: cooling off": lambda: (
        _body(history=(*_history(1, date(2026, 12, 1), "B"), *_history(6))),
        _plan(),
    ),
    "supervised: trainee": lambda: (
        _rows(
            ("A", Role.LEAD, {}),
            ("B", Role.LEAD, {"standard": SAFETY, "codes": ("*",)}),
            ("T", Role.TRAINEE, {"standard": SAFETY}),
            **TWO_STANDARDS,
            trainees=1,
        ),
        _plan("A", _seat("B"), _seat("T", Role.TRAINEE)),
    ),
    "supervised: expert": lambda: (
        _rows(
            ("A", Role.LEAD, {}),
            ("B", Role.LEAD, {"standard": SAFETY, "codes": ("*",)}),
            ("E", Role.EXPERT, {"standard": SAFETY}),
            **TWO_STANDARDS,
            experts=1,
        ),
        _plan("A", _seat("B"), _seat("E", Role.EXPERT)),
    ),
    "independence: team": lambda: (_pair(not_team_of="X"), _two(MONDAY + 7 * DAY)),
    "independence: decision": lambda: (
        _pair(type=AuditType.DECISION, after="X", codes=()),
        replace(
            _two(MONDAY + 7 * DAY, "B", bare=True),
            placements=(_plan("B").placements[0], _two(MONDAY + 7 * DAY, "B", bare=True).placements[1]),
        ),
    ),
    "sequence: before": lambda: (_pair({"after": "Y"}), _two(MONDAY + 7 * DAY)),
    "sequence: too soon": lambda: (_pair(after="X", gap_from=7), _two(MONDAY + 7 * DAY)),
    "sequence: too late": lambda: (_pair(after="X", gap_to=5), _two(MONDAY + 7 * DAY)),
    "sequence: left out": lambda: (_pair(after="X"), _left()),
    "sequence: another lead": lambda: (_pair(same_team_as="X"), _two(MONDAY + 7 * DAY, "B")),
    "ceilings: period": lambda: (_person("A", max_days=Decimal("1.5")), _plan()),
    "ceilings: week": lambda: (_person("A", max_days_per_week=Decimal("1.5")), _plan()),
    "ceilings: nights": lambda: (_far(max_nights=2), _away()),
    "full-time: none": lambda: (
        replace(
            _person("A", employment=Employment.CONTRACT), settings=_body(settings={"full_time_member": True}).settings
        ),
        _plan(),
    ),
    "fixed: lead": lambda: (_body({"lead": "B"}), _plan()),
    "fixed: team": lambda: (_body({"team": ("B",)}), _plan()),
    "fixed: start": lambda: (_body({"start": MONDAY + DAY}), _plan()),
    "fixed: date locked": lambda: (_body(previous=_before(lock=Lock.DATE)), _plan()),
    "fixed: lead locked": lambda: (_body(previous=_before(lock=Lock.LEAD)), _plan()),
    "fixed: team locked": lambda: (
        _body(NARROW, previous=_before(lock=Lock.TEAM, team=("T",))),
        _plan("A", _seat("B")),
    ),
    "fixed: all locked": lambda: (_body(previous=_before(lock=Lock.ALL, lead="A")), _plan()),
    "fixed: confirmed": lambda: (_body(previous=_before(status=AuditStatus.CONFIRMED)), _plan()),
    "fixed: frozen": lambda: (_body(settings={"today": MONDAY, "freeze_days": 14}, previous=_before()), _plan()),
}
SOUND: dict[str, Case] = {
    "the base": lambda: (_body(), _plan()),
    "journeys": lambda: (_far(), _away()),
    "a day between two audits": lambda: (_pair(), _two(MONDAY + 3 * DAY)),
    "conflict over": lambda: (_body(conflicts=(Conflict(auditor="A", client="C", until=MONDAY - DAY),)), _plan()),
    "consultancy two years and a day ago": lambda: (
        _body(conflicts=(Conflict(auditor="A", client="C", consultancy=True, until=date(2025, 2, 28)),)),
        _plan(),
    ),
    "conflict not yet": lambda: (_body(conflicts=(Conflict(auditor="A", client="C", start=MONDAY + DAY),)), _plan()),
    "five in a row before": lambda: (_body(history=_history(5)), _plan()),
    "cooled off": lambda: (
        _body(history=(*_history(1, date(2026, 12, 1), "B"), *_history(6, date(2026, 2, 1)))),
        _plan(),
    ),
    "a late end where window is soft": lambda: (
        _body({"due": MONDAY}, rules=(RuleSetting(rule="window", kind=RuleKind.SOFT),)),
        _plan(),
    ),
    "an expert covers the code": lambda: (
        _rows(("A", Role.LEAD, {"codes": ("19",)}), ("E", Role.EXPERT, {}), experts=1),
        _plan("A", _seat("E", Role.EXPERT, covers=((QUALITY, "17.06"),)), bare=True),
    ),
    "another's decision": lambda: (
        _pair(type=AuditType.DECISION, after="X", codes=()),
        _two(MONDAY + 7 * DAY, "B", bare=True),
    ),
    "two qualifications that follow each other": lambda: (
        _rows(("A", Role.LEAD, {"valid_to": MONDAY}), ("A", Role.LEAD, {"valid_from": MONDAY + DAY})),
        _plan(),
    ),
}


@pytest.mark.parametrize("case", BROKEN)
def test_a_broken_plan_is_caught_by_that_rule_alone(case: str) -> None:
    body, plan = BROKEN[case]()
    assert {violation.rule for violation in verify(body, plan).violations} == {case.partition(":")[0]}


@pytest.mark.parametrize("case", SOUND)
def test_a_sound_plan_passes(case: str) -> None:
    body, plan = SOUND[case]()
    assert verify(body, plan).violations == ()


def test_every_hard_rule_has_a_broken_plan() -> None:
    assert {case.partition(":")[0] for case in BROKEN} == {rule.id for rule in HARD_RULES}


@pytest.mark.parametrize("rule", [rule.id for rule in HARD_RULES if rule.switchable])
def test_a_rule_that_is_off_stops_nothing(rule: str) -> None:
    for case, made in BROKEN.items():
        if case.partition(":")[0] == rule:
            body, plan = made()
            off = replace(body, rules=(RuleSetting(rule=rule, on=False),))
            assert verify(off, plan).violations == (), case


def test_a_rule_that_cannot_be_switched_off_holds_all_the_same() -> None:
    body, plan = BROKEN["window: Due"]()
    off = replace(body, rules=(RuleSetting(rule="window", on=False),))
    assert verify(off, plan).violations


def test_wrong_figures_are_caught() -> None:
    """Nights, money and fees that a plan states are computed again."""
    for plan in (_away(nights=2), _away(cost=1)):
        assert {violation.rule for violation in verify(_far(), plan).violations} == {"figures"}
    assert {violation.rule for violation in verify(_body(), _plan(fee=100)).violations} == {"figures"}


def test_what_a_placement_names_as_override_stands_apart() -> None:
    body, plan = BROKEN["window: Due"]()
    named = replace(plan, placements=(replace(plan.placements[0], overrides=("window",)),))
    result = verify(body, named)
    assert result.violations == ()
    assert {violation.rule for violation in result.overrides} == {"window"}
