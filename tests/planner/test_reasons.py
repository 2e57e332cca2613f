"""Why an audit is left out: each trap of an invented body is explained by its own rule, at its own cell."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

import pytest

from auditplan.io.messages import message
from auditplan.io.workbook.read import read_book
from auditplan.io.workbook.template import write_template
from auditplan.planner.demo import demo_body
from auditplan.planner.domain import (
    Audit,
    Auditor,
    AuditType,
    Body,
    Client,
    Employment,
    HistoryEntry,
    Place,
    Qualification,
    Role,
    Settings,
)
from auditplan.planner.plan import Reason, Unplaced
from auditplan.planner.planning import check_body, make_plan
from auditplan.planner.problems import Origin
from auditplan.solver.solution import Budget

MONDAY = date(2027, 3, 1)
TRAPS = {
    "TRAP-LEAD": ("lead", "reason-lead-none", "Audits", "Standards"),
    "TRAP-LAPSE": ("validity", "reason-lapsed", "Qualifications", "Valid to"),
    "TRAP-CONFLICT": ("conflict", "reason-conflict", "Conflicts", "Until"),
    "TRAP-WINDOW": ("window", "reason-window-empty", "Audits", "Due"),
}


@pytest.fixture(scope="module")
def invented(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Body]:
    """A small invented body, written and read back, so that its objects know their cells."""
    path = tmp_path_factory.mktemp("reasons") / "small.xlsx"
    write_template(path, "en", body=demo_body("small", "en", 1))
    body = read_book(path, today=date(2026, 11, 23)).body
    assert body is not None
    return path, body


def _column(path: Path, sheet: str, cell: str) -> str:
    """The header above a cell."""
    import openpyxl

    book = openpyxl.load_workbook(path)
    letter = cell.rstrip("0123456789")
    header = book[sheet][f"{letter}1"].value
    book.close()
    return str(header)


@pytest.mark.parametrize("trap", sorted(TRAPS))
def test_each_trap_is_named_at_its_cell(invented: tuple[Path, Body], trap: str) -> None:
    path, body = invented
    only = replace(body, audits=tuple(audit for audit in body.audits if audit.id == trap))
    [left] = make_plan(only, Budget(effort=0.1)).plan.unplaced
    rule, code, sheet, header = TRAPS[trap]
    assert left.never
    first = left.reasons[0]
    assert (first.rule, first.code, first.sheet) == (rule, code, sheet)
    assert _column(path, sheet, first.cell) == header
    for language in ("en", "zh"):
        assert message(first.code, language, **dict(first.parameters))


def test_check_names_the_lapsed_qualification(invented: tuple[Path, Body]) -> None:
    _, body = invented
    [problem] = [entry for entry in check_body(body) if entry.value == "TRAP-LAPSE"]
    assert (problem.code, problem.sheet) == ("never-lapsed", "Qualifications")


def _origin(sheet: str, row: int) -> Origin:
    """A place whose cells are named after fields."""
    fields: tuple[str, ...]
    fields = ("id", "valid_to", "valid_from", "until", "smallest_team", "standards", "experts", "day")
    fields += ("max_days", "max_days_per_week", "full_time_member")
    return Origin(sheet, row, tuple((name, name.upper()) for name in fields))


def _row(person: str, role: Role, number: int, **more: object) -> Qualification:
    """A qualification for the audit's standard."""
    fields: dict[str, object] = {"standard": "ISO 9001", "codes": ("17",), **more}
    return Qualification(auditor=person, role=role, origin=_origin("Q", number), **fields)  # type: ignore[arg-type]


def _body(rows: tuple[Qualification, ...], audit: dict[str, object] | None = None, **more: object) -> Body:
    """A body with an audit of two people and two days in one week."""
    fields: dict[str, object] = {
        "id": "X",
        "client": "C",
        "type": AuditType.SURVEILLANCE,
        "standards": ("ISO 9001",),
        "codes": ("17",),
        "days": Decimal(4),
        "smallest_team": 2,
        "largest_team": 2,
        "earliest": MONDAY,
        "due": MONDAY + timedelta(days=4),
        "origin": _origin("A", 2),
        **(audit or {}),
    }
    return Body(
        settings=Settings(plan_from=MONDAY, plan_to=MONDAY + timedelta(days=25), today=MONDAY, country="DE"),
        auditors=tuple(Auditor(id=name, name=name, region="R", origin=_origin("P", 2)) for name in "ABC"),
        qualifications=rows,
        places=(Place(region="R", latitude=50.0, longitude=8.0),),
        clients=(Client(id="C", name="C", region="R"),),
        audits=(Audit(**fields),),  # type: ignore[arg-type]
        **more,  # type: ignore[arg-type]
    )


def _left(rows: tuple[Qualification, ...], audit: dict[str, object] | None = None, **more: object) -> Unplaced:
    """What is said of that audit."""
    return _left_of(_body(rows, audit, **more))


def _left_of(body: Body) -> Unplaced:
    """What is said of the one audit that is left out."""
    [left] = make_plan(body, Budget(effort=0.5)).plan.unplaced
    return left


def _codes(left: Unplaced) -> list[tuple[str, str, str]]:
    """Reason, person and cell of each reason."""

    def short(reason: Reason) -> tuple[str, str, str]:
        return reason.code, reason.auditor, f"{reason.sheet}!{reason.cell}"

    return [short(reason) for reason in left.reasons]


def test_a_member_whose_qualification_lapses_is_named() -> None:
    """There is a lead, but the only other person lapses on Tuesday."""
    rows = (_row("A", Role.LEAD, 2), _row("B", Role.AUDITOR, 3, valid_to=MONDAY))
    assert _codes(_left(rows)) == [("reason-lapsed-member", "B", "Q!VALID_TO3")]


def test_a_member_who_is_not_qualified_yet_is_named() -> None:
    rows = (_row("A", Role.LEAD, 2), _row("B", Role.AUDITOR, 3, valid_from=MONDAY + timedelta(days=4)))
    assert _codes(_left(rows)) == [("reason-not-yet-member", "B", "Q!VALID_FROM3")]


def test_a_code_whose_holder_lapses_is_named() -> None:
    """Two people are there all week; the code is covered by the third alone, until Monday."""
    rows = (
        _row("A", Role.LEAD, 2, codes=("19",)),
        _row("B", Role.AUDITOR, 3, codes=("19",)),
        _row("C", Role.AUDITOR, 4, valid_to=MONDAY),
    )
    assert _codes(_left(rows)) == [("reason-lapsed-member", "C", "Q!VALID_TO4")]


def test_renewed_without_a_day_between_is_no_lapse() -> None:
    """Two rows that follow each other count as one; what is missing is a second person."""
    rows = (
        _row("A", Role.LEAD, 2, valid_to=MONDAY),
        _row("A", Role.LEAD, 3, valid_from=MONDAY + timedelta(days=1)),
    )
    assert _codes(_left(rows)) == [("reason-too-few", "", "A!SMALLEST_TEAM2")]


def test_a_lead_who_rests_is_named() -> None:
    history = tuple(
        HistoryEntry(client="C", auditor="A", day=date(2026 - year, 9, 1), standard="ISO 9001", role=Role.LEAD)
        for year in range(6)
    )
    rows = (_row("A", Role.LEAD, 2), _row("B", Role.AUDITOR, 3))
    assert _codes(_left(rows, history=history)) == [("reason-rotation", "A", "P!ID2")]


def test_people_on_leave_are_no_matter_of_qualification() -> None:
    """Everybody is qualified; one of two is away: no reason claims a lapse."""
    from auditplan.planner.domain import Unavailability

    away = (Unavailability(auditor="B", start=MONDAY, until=MONDAY + timedelta(days=6)),)
    rows = (_row("A", Role.LEAD, 2), _row("B", Role.AUDITOR, 3))
    [(code, _, _)] = _codes(_left(rows, unavailable=away))
    assert code == "reason-no-common-time"


PAIR = (_row("A", Role.LEAD, 2), _row("B", Role.AUDITOR, 3))


def test_that_nobody_is_full_time_is_named() -> None:
    """Everybody works part-time, and a team needs one who does not: the setting, not their time."""
    body = _body(PAIR)
    people = tuple(replace(auditor, employment=Employment.PART_TIME) for auditor in body.auditors)
    settings = replace(body.settings, full_time_member=True, origin=_origin("S", 9))
    left = _left_of(replace(body, auditors=people, settings=settings))
    assert _codes(left) == [("reason-full-time", "", "S!FULL_TIME_MEMBER9")]
    assert left.reasons[0].rule == "full-time"


def test_a_ceiling_of_days_a_week_is_named_with_its_person() -> None:
    body = _body(PAIR)
    people = tuple(
        replace(auditor, max_days_per_week=Decimal(1), origin=_origin("P", 3)) if auditor.id == "B" else auditor
        for auditor in body.auditors
    )
    left = _left_of(replace(body, auditors=people))
    assert _codes(left) == [("reason-max-days-per-week", "B", "P!MAX_DAYS_PER_WEEK3")]
    assert left.reasons[0].rule == "ceilings"


def test_that_nobody_may_sit_beside_the_expert_is_named() -> None:
    """The expert is one of ISO 14001, for which who leads is not qualified."""
    rows = (
        *PAIR,
        _row("B", Role.AUDITOR, 4, standard="ISO 14001"),
        _row("C", Role.EXPERT, 5, standard="ISO 14001"),
    )
    left = _left(rows, {"standards": ("ISO 9001", "ISO 14001"), "experts": 1})
    assert _codes(left) == [("reason-supervised", "", "A!EXPERTS2")]
    assert left.reasons[0].rule == "supervised"


def _two(body: Body) -> Body:
    """The same with a second audit like the first, a week later."""
    [first] = body.audits
    first = replace(first, days=Decimal(2), smallest_team=1, largest_team=1)
    week = timedelta(days=7)
    assert first.earliest is not None
    second = replace(first, id="Y", earliest=first.earliest + week, due=first.due + week)
    return replace(body, audits=(first, second))


def test_a_ceiling_that_another_audit_uses_up_is_named() -> None:
    """Who leads may work three days in the period: two audits of two days are too many."""
    body = _two(_body(PAIR))
    people = tuple(replace(auditor, max_days=Decimal(3)) for auditor in body.auditors)
    left = _left_of(replace(body, auditors=people))
    assert _codes(left) == [("reason-used-up", "A", "P!MAX_DAYS2")]
    assert dict(left.reasons[0].parameters)["left"] == "1"


def test_a_turn_in_the_lead_that_another_audit_uses_up_is_named() -> None:
    """Who leads did so five times in a row, and six are allowed."""
    led = tuple(
        HistoryEntry(
            client="C",
            auditor="A",
            standard="ISO 9001",
            role=Role.LEAD,
            day=date(2026, 1 + number, 5),
            origin=_origin("H", 2 + number),
        )
        for number in range(5)
    )
    left = _left_of(_two(_body(PAIR, history=led)))
    assert _codes(left) == [("reason-chain", "A", "H!DAY6")]
    assert left.reasons[0].rule == "rotation"
