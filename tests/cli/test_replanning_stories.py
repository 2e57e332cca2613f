"""A plan that is lived with: each event is an edit of the planned book, and ends with the few changes it asks for."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any, Protocol

import pytest
from openpyxl import load_workbook
from openpyxl.worksheet.worksheet import Worksheet

from auditplan.io.workbook.template import write_template
from auditplan.planner.domain import Audit, Auditor, AuditType, Body, Client, Place, Qualification, Role, Settings


class Answer(Protocol):
    """What a command answered."""

    status: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        """The one object on standard output."""


Run = Callable[..., Answer]
pytestmark = pytest.mark.filterwarnings("ignore:.*extension is not supported.*:UserWarning")
"""openpyxl, which plays the coordinator's part here, drops the colours of drop-downs and says so."""
MONDAY = date(2026, 8, 3)
CODES = {"Li": "17", "Wu": "17", "Xu": "19", "Qi": "19"}


def _audit(number: int, code: str, **more: object) -> Audit:
    """An audit of two days for one person, in a week of its own."""
    fields: dict[str, object] = {
        "id": f"T{number}",
        "client": f"C{number % 2 + 1}",
        "type": AuditType.SURVEILLANCE,
        "standards": ("ISO 9001",),
        "codes": (code,),
        "days": Decimal(2),
        "earliest": MONDAY + timedelta(days=7 * number),
        "due": MONDAY + timedelta(days=7 * number + 25),
        "largest_team": 1,
        **more,
    }
    return Audit(**fields)  # type: ignore[arg-type]


@pytest.fixture
def body() -> Body:
    """Two people for each of two codes, and an audit for each code in each of three weeks."""
    settings = Settings(
        plan_from=MONDAY, plan_to=MONDAY + timedelta(days=46), today=date(2026, 6, 1), country="CN", language="en"
    )
    return Body(
        settings=settings,
        auditors=tuple(Auditor(id=name, name=name, region="North") for name in CODES),
        qualifications=tuple(
            Qualification(auditor=name, standard="ISO 9001", role=Role.LEAD, codes=(code,))
            for name, code in CODES.items()
        ),
        places=(Place(region="North", city="", latitude=40.0, longitude=116.0, country="CN"),),
        clients=tuple(Client(id=f"C{number}", name=f"Client {number}", region="North") for number in (1, 2)),
        audits=tuple(_audit(number, ("17", "19")[number % 2]) for number in range(4)),
    )


@pytest.fixture
def planned(run: Run, tmp_path: Path, body: Body) -> Path:
    """The book with its plan."""
    path = tmp_path / "body.xlsx"
    write_template(path, "en", body=body)
    assert run("plan", path, "-o", tmp_path / "plan.xlsx", "--time", "20").status == 0
    return tmp_path / "plan.xlsx"


def schedule(path: Path) -> dict[str, dict[str, Any]]:
    """The rows of Schedule by audit and header."""
    page = load_workbook(path)["Schedule"]
    heads = [str(cell.value) for cell in page[1]]
    rows: list[dict[str, Any]] = [
        dict(zip(heads, (cell.value for cell in row), strict=True)) for row in page.iter_rows(min_row=2)
    ]
    return {str(row["Audit"]): row for row in rows if row["Audit"]}


def _column(page: Worksheet, title: str) -> int:
    """The column of a header."""
    for row in page.iter_rows(min_row=1, max_row=20):
        for cell in row:
            if str(cell.value).strip("* ") == title:
                return cell.column or 0
    raise KeyError(title)


def edit(path: Path, sheet: str, key: str, title: str, value: object) -> str:
    """Types a value into the row of a sheet whose first cell is `key`; answers the cell."""
    book = load_workbook(path)
    page = book[sheet]
    row = next(cells[0].row for cells in page.iter_rows() if str(cells[0].value) == key)
    cell = page.cell(row or 0, _column(page, title))
    cell.value = value  # type: ignore[assignment]
    book.save(path)
    return str(cell.coordinate)


def append(path: Path, sheet: str, **values: object) -> None:
    """Types a new row below the last filled one."""
    book = load_workbook(path)
    page = book[sheet]
    last = max((cell.row or 0 for row in page.iter_rows() for cell in row if cell.value is not None), default=1)
    for title, value in values.items():
        page.cell(last + 1, _column(page, title.replace("_", " "))).value = value  # type: ignore[assignment]
    book.save(path)


def replan(run: Run, path: Path, *more: str) -> Any:
    """The figures of a re-plan in place."""
    answer = run("plan", path, "--in-place", "--json", "--quiet", *more)
    assert answer.status == 0, answer.err
    assert answer.json["verified"]
    return answer.json


def what(figures: Any) -> dict[str, list[str]]:
    """Audit → what of it changed."""
    return {change["audit"]: change["what"] for change in figures["changes"]}


def day(row: dict[str, Any], title: str = "Start") -> date:
    """A date of a row."""
    value: datetime = row[title]
    return value.date()


def test_nothing_was_touched(run: Run, planned: Path) -> None:
    """A second run changes nothing, in Schedule not a byte, and says so."""
    before = schedule(planned)
    figures = replan(run, planned)
    assert figures["changes"] == []
    assert schedule(planned) == before
    again = run("plan", planned, "--in-place", "--lang", "en")
    assert "Nothing differs from the plan before." in again.out
    assert "kept as it stands" in again.err


def test_ill_for_a_week(run: Run, planned: Path) -> None:
    """Whoever is ill is replaced, or the audit moves; nothing else does."""
    before = schedule(planned)
    ill, monday = before["T0"]["Lead"], day(before["T0"])
    append(planned, "Unavailable", Who=ill, From=monday, To=monday + timedelta(days=6), Reason="ill")
    figures = replan(run, planned)
    assert what(figures) == {"T0": ["lead"]}
    now = schedule(planned)
    assert {now["T0"]["Lead"], ill} == {"Li", "Wu"}
    assert {key: row for key, row in now.items() if key != "T0"} == {
        key: row for key, row in before.items() if key != "T0"
    }
    [change] = figures["changes"]
    assert set(change["told"]) == {"Li", "Wu", "client: Client 1"}
    assert (change["old"], change["new"]) == ({"lead": ill}, {"lead": now["T0"]["Lead"]})


def test_left_for_good(run: Run, planned: Path) -> None:
    """All that somebody who leaves was to do goes to others; nothing else changes."""
    before = schedule(planned)
    gone = before["T1"]["Lead"]
    theirs = {audit for audit, row in before.items() if row["Lead"] == gone}
    edit(planned, "Auditors", gone, "Active to", date(2026, 7, 31))
    figures = replan(run, planned)
    assert set(what(figures)) == theirs
    assert gone not in {row["Lead"] for row in schedule(planned).values()}


def test_postponed_by_the_client(run: Run, planned: Path) -> None:
    """Another Earliest moves the one audit, no further than it must, with the same lead."""
    before = schedule(planned)
    later = day(before["T0"]) + timedelta(days=10)
    edit(planned, "Audits", "T0", "Earliest", later)
    figures = replan(run, planned)
    assert what(figures) == {"T0": ["date"]}
    now = schedule(planned)["T0"]
    assert day(now) >= later
    assert now["Lead"] == before["T0"]["Lead"]


def test_postponed_in_the_schedule(run: Run, planned: Path) -> None:
    """A date typed over Start holds, shows in Lock, and holds on."""
    before = schedule(planned)
    wished = MONDAY + timedelta(days=16)
    edit(planned, "Schedule", "T0", "Start", wished)
    figures = replan(run, planned)
    assert what(figures) == {"T0": ["date"]}
    now = schedule(planned)["T0"]
    assert (day(now), now["Lock"], now["Lead"]) == (wished, "date", before["T0"]["Lead"])
    assert day(now, "End") == wished + timedelta(days=1)
    assert replan(run, planned)["changes"] == []
    assert schedule(planned)["T0"] == now


def test_urgent_new_audit(run: Run, planned: Path) -> None:
    """A new row is placed where it must be; who stands in its way gives way, and only they."""
    before = schedule(planned)
    monday = day(before["T0"]) - timedelta(days=day(before["T0"]).weekday())
    friday = monday + timedelta(days=4)
    in_its_way = {audit for audit, row in before.items() if monday <= day(row) <= friday}
    team = {"Smallest_team": 4, "Largest_team": 4, "Days": 20, "Priority": 1}
    append(
        planned,
        "Audits",
        Audit="T9",
        Client="C2",
        Type="special",
        Standards="ISO 9001",
        Codes="17",
        Earliest=monday,
        Due=friday,
        **team,
    )
    figures = replan(run, planned)
    assert "T9" not in figures["unplaced"]
    assert what(figures) == {"T9": ["placed"], **{audit: ["date"] for audit in in_its_way}}


def test_lapsed_qualification(run: Run, planned: Path) -> None:
    """What somebody may not do any more is done by others."""
    before = schedule(planned)
    lapsed = before["T1"]["Lead"]
    theirs = {audit for audit, row in before.items() if row["Lead"] == lapsed}
    edit(planned, "Qualifications", lapsed, "Valid to", date(2026, 7, 1))
    assert set(what(replan(run, planned))) == theirs


@pytest.mark.parametrize("sheet", ["Schedule", "Audits"])
def test_cancelled(run: Run, planned: Path, sheet: str) -> None:
    """A cancelled audit goes, wherever it was said; it is said in its own row from then on, and nothing moves."""
    edit(planned, sheet, "T2", "Status", "cancelled")
    figures = replan(run, planned)
    assert what(figures) == {"T2": ["cancelled"]}
    assert "T2" not in schedule(planned)
    assert replan(run, planned)["changes"] == []
    page = load_workbook(planned)["Audits"]
    row = next(cells for cells in page.iter_rows() if cells[0].value == "T2")
    assert row[_column(page, "Status") - 1].value == "cancelled"


def test_confirmed_does_not_move_by_itself(run: Run, planned: Path) -> None:
    """A confirmed audit keeps its date and lead though the lead is ill; Problems names the cell of the lead."""
    before = schedule(planned)
    ill, monday = before["T0"]["Lead"], day(before["T0"])
    edit(planned, "Schedule", "T0", "Status", "confirmed")
    assert replan(run, planned)["changes"] == []
    assert schedule(planned)["T0"]["Status"] == "confirmed"
    append(planned, "Unavailable", Who=ill, From=monday, To=monday + timedelta(days=6), Reason="ill")
    figures = replan(run, planned)
    assert figures["changes"] == []
    assert figures["problems"]["error"] == 1
    page = load_workbook(planned)["Problems"]
    cells = [tuple(cell.value for cell in row)[:3] for row in page.iter_rows(min_row=2)]
    row = list(schedule(planned)).index("T0") + 2
    assert ("error", "Schedule", f"L{row}") in cells
    strict = run("plan", planned, "--in-place", "--strict")
    assert strict.status == 1
    assert "Nothing was written" in strict.err
    edit(planned, "Schedule", "T0", "Status", "proposed")
    assert what(replan(run, planned)) == {"T0": ["lead"]}


def test_a_lead_who_cannot_be_is_kept_and_told(run: Run, planned: Path) -> None:
    """A wish that breaks a rule stands as typed; its cell and its rules are told, and the rest is planned around it."""
    cell = edit(planned, "Schedule", "T0", "Lead", "Xu")
    figures = replan(run, planned)
    assert what(figures)["T0"] == ["lead"]
    assert schedule(planned)["T0"]["Lead"] == "Xu"
    page = load_workbook(planned)["Problems"]
    found = {tuple(item.value for item in row)[1:3] for row in page.iter_rows(min_row=2) if row[0].value == "error"}
    assert found == {("Schedule", cell)}
    assert run("plan", planned, "--in-place", "--strict").status == 1


def test_an_unknown_lead_is_a_problem_like_any(run: Run, planned: Path) -> None:
    """What is no auditor's name is refused where it stands, with a proposal."""
    cell = edit(planned, "Schedule", "T0", "Lead", "Lii")
    answer = run("plan", planned, "--in-place", "--json", "--quiet")
    assert answer.status == 1
    [finding] = [one for one in answer.json["findings"] if one["severity"] == "error"]
    assert (finding["sheet"], finding["cell"]) == ("Schedule", cell)


def test_at_most_so_many_changes(run: Run, planned: Path) -> None:
    """A hard budget: where more must change, nothing is written and the least number is told."""
    before = schedule(planned)
    gone = before["T1"]["Lead"]
    theirs = sorted(audit for audit, row in before.items() if row["Lead"] == gone)
    edit(planned, "Auditors", gone, "Active to", date(2026, 7, 31))
    kept = planned.read_bytes()
    answer = run("plan", planned, "--in-place", "--json", "--max-changes", str(len(theirs) - 1))
    assert answer.status == 1
    assert answer.json["least"] == answer.json["proven"] == len(theirs)
    assert planned.read_bytes() == kept
    figures = replan(run, planned, "--max-changes", str(len(theirs)))
    assert sorted(what(figures)) == theirs


def test_the_sheet_changes_and_the_screen_say_the_same(run: Run, planned: Path) -> None:
    """What, old, new and who must be told; in Chinese too."""
    before = schedule(planned)
    edit(planned, "Audits", "T0", "Earliest", day(before["T0"]) + timedelta(days=10))
    answer = run("plan", planned, "--in-place", "--lang", "en")
    assert "Changes to the plan before: 1" in answer.out
    page = load_workbook(planned)["Changes"]
    [row] = [tuple(cell.value for cell in row) for row in page.iter_rows(min_row=2)]
    assert row[0] == "T0"
    assert row[1] == "date"
    assert str(row[2]).startswith(day(before["T0"]).isoformat())
    assert str(row[3]).startswith(day(schedule(planned)["T0"]).isoformat())
    assert str(row[4]) == f"{before['T0']['Lead']}, client: Client 1"
    assert all(str(cell).replace("\n", " ")[:20] in answer.out.replace("\n", " ") for cell in row)


def test_two_books_compared(run: Run, planned: Path, tmp_path: Path) -> None:
    """What differs between two plans, and nothing between a plan and itself."""
    old = tmp_path / "old.xlsx"
    old.write_bytes(planned.read_bytes())
    assert run("compare", old, planned, "--json").json == {"changes": []}
    edit(planned, "Schedule", "T0", "Status", "cancelled")
    edit(planned, "Schedule", "T1", "Start", MONDAY + timedelta(days=21))
    figures = replan(run, planned)
    found = run("compare", old, planned, "--json")
    assert found.status == 0
    assert found.json["changes"] == figures["changes"]
    back = run("compare", planned, old, "--json").json["changes"]
    assert {change["audit"]: change["what"] for change in back} == {"T0": ["placed"], "T1": ["date"]}
    shown = run("compare", old, planned, "--lang", "zh")
    assert "日期" in shown.out
    assert "已取消" in shown.out
    empty = tmp_path / "empty.xlsx"
    assert run("new", empty).status == 0
    assert run("compare", old, empty).status == 1


def test_an_unannounced_audit_is_not_told_to_its_client(run: Run, tmp_path: Path, body: Body) -> None:
    """Of a change to an unannounced audit only the auditors are told."""
    audits = (replace(body.audits[0], unannounced=True), *body.audits[1:])
    path = tmp_path / "body.xlsx"
    write_template(path, "en", body=replace(body, audits=audits))
    planned = tmp_path / "plan.xlsx"
    assert run("plan", path, "-o", planned, "--time", "20").status == 0
    edit(planned, "Audits", "T0", "Earliest", day(schedule(planned)["T0"]) + timedelta(days=10))
    [change] = replan(run, planned)["changes"]
    assert change["told"] == [schedule(planned)["T0"]["Lead"]]


def test_the_summary_says_by_whose_choice_a_rule_is_not_kept(run: Run, planned: Path) -> None:
    """Rule by rule the checks and the overrides, then each override with the cell that holds it."""
    page = load_workbook(planned)["Summary"]
    assert "none: every rule is kept" in {row[0].value for row in page.iter_rows()}
    edit(planned, "Schedule", "T0", "Lead", "Xu")
    replan(run, planned)
    found = load_workbook(planned)["Summary"].iter_rows()
    rows: list[tuple[Any, ...]] = [tuple(cell.value for cell in row) for row in found]
    rules = {row[0]: row for row in rows}
    name, checks, overrides, source = rules["Every standard and code covered"][:4]
    assert (checks > 0, overrides, source) == (True, 1, "ISO/IEC 17021-1:2015 7.1, 9.2.2"), name
    assert rules["All rules"][2] == sum(str(row[0]).startswith("T0: ") for row in rows) >= 1
    held = {row[4] for row in rows if str(row[0]).startswith("T0: ")}
    line = list(schedule(planned)).index("T0") + 2
    assert held == {f"locked by the coordinator: lead (Schedule!T{line})"}


def test_a_typed_lead_who_cannot_lead_locks_the_lead_alone(run: Run, planned: Path) -> None:
    """It stands as an override, and Lock shows what was typed and no more; a run with nothing changed keeps it so, and
    where a right lead is typed again the date is free once more."""
    lead = schedule(planned)["T0"]["Lead"]
    edit(planned, "Schedule", "T0", "Lead", "Xu")
    replan(run, planned)
    stands = schedule(planned)
    assert (stands["T0"]["Lead"], stands["T0"]["Lock"]) == ("Xu", "lead")
    assert replan(run, planned)["changes"] == []
    assert schedule(planned) == stands
    edit(planned, "Schedule", "T0", "Lead", lead)
    edit(planned, "Audits", "T0", "Earliest", day(stands["T0"]) + timedelta(days=14))
    edit(planned, "Audits", "T0", "Due", day(stands["T0"]) + timedelta(days=60))
    replan(run, planned)
    now = schedule(planned)["T0"]
    assert (now["Lead"], now["Lock"], day(now) >= day(stands["T0"]) + timedelta(days=14)) == (lead, "lead", True)


def test_a_typed_end_is_not_taken_and_said_to_be_so(run: Run, planned: Path) -> None:
    """A notice at its cell, from check and plan alike; the end that moves along with its start is no such thing."""
    before = schedule(planned)
    cell = edit(planned, "Schedule", "T0", "End", day(before["T0"], "End") + timedelta(days=3))
    for command in ("check", "plan"):
        answer = run(command, planned, "--json", "--quiet")
        assert answer.status == 0
        if command == "check":
            found = [one for one in answer.json["problems"] if one["sheet"] == "Schedule"]
            assert [(one["severity"], one["cell"]) for one in found] == [("notice", cell)]
            assert "not taken" in found[0]["problem"]
    assert replan(run, planned)["changes"] == []
    assert schedule(planned) == before
    for title in ("Start", "End"):
        edit(planned, "Schedule", "T0", title, day(before["T0"], title) + timedelta(days=7))
    assert [one for one in run("check", planned, "--json").json["problems"] if one["sheet"] == "Schedule"] == []


def test_check_tells_of_impossible_wishes_as_plan_does(run: Run, planned: Path) -> None:
    """Before anything is planned, at the same cell."""
    assert run("check", planned, "--json").status == 0
    cell = edit(planned, "Schedule", "T0", "Lead", "Xu")
    answer = run("check", planned, "--json")
    assert answer.status == 1
    [found] = [one for one in answer.json["problems"] if one["severity"] == "error"]
    assert (found["sheet"], found["cell"]) == ("Schedule", cell)
    assert "coverage" in found["problem"]


def test_a_candidate_picked_by_hand_costs_what_was_listed(run: Run, planned: Path) -> None:
    """Whoever is listed as free for the lead, typed into Schedule: the next plan leaves no more out, is no later and
    pays no more than the cost that was listed."""
    base = replan(run, planned)["levels"]
    tried = 0
    for audit, row in schedule(planned).items():
        found = run("explain", planned, audit, "--json").json["audits"][audit]["candidates"]["lead"]
        other = next((one for one in found if one["free"] and one["cost"] and one["auditor"] != row["Lead"]), None)
        if other is None:
            continue
        picked = planned.with_name(f"{audit}.xlsx")
        picked.write_bytes(planned.read_bytes())
        edit(picked, "Schedule", audit, "Lead", other["auditor"])
        levels = replan(run, picked)["levels"]
        assert schedule(picked)[audit]["Lead"] == other["auditor"]
        for level in ("left_out", "lateness", "money"):
            assert levels[level] <= base[level] + other["cost"][level]
        tried += 1
    assert tried


def test_a_date_picked_by_hand_costs_what_was_listed(run: Run, planned: Path) -> None:
    """The same for a date that is listed with a cost, typed as the start."""
    base = replan(run, planned)["levels"]
    tried = 0
    for audit in schedule(planned):
        found = run("explain", planned, audit, "--json").json["audits"][audit]["dates"]
        for other in [one for one in found if one["best"] and not one["chosen"]][:1]:
            picked = planned.with_name(f"{audit}-{tried}.xlsx")
            picked.write_bytes(planned.read_bytes())
            edit(picked, "Schedule", audit, "Start", date.fromisoformat(other["date"]))
            levels = replan(run, picked)["levels"]
            assert day(schedule(picked)[audit], "Start") == date.fromisoformat(other["date"])
            for level in ("left_out", "lateness", "money"):
                assert levels[level] <= base[level] + other["best"]["cost"][level]
            tried += 1
    assert tried
