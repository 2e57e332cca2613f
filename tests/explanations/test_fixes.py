"""Fixes: each one that is called proven, typed into the book as it says, places the audit; and what few people hold."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import redirect_stdout
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook
from openpyxl.worksheet.worksheet import Worksheet

from auditplan.io.cli import main
from auditplan.io.workbook.template import write_template
from auditplan.planner.demo import demo_body
from auditplan.planner.domain import (
    Audit,
    Auditor,
    AuditType,
    Body,
    Client,
    Place,
    Qualification,
    Role,
    Settings,
)
from auditplan.planner.explanations.changes import applied
from auditplan.planner.explanations.ground import Ground
from auditplan.planner.explanations.noted import Notes
from auditplan.planner.explanations.notes import notes_of
from auditplan.planner.explanations.study import overview
from auditplan.planner.memory import remembered
from auditplan.planner.replanning import Replanned, replan
from auditplan.solver.check import values
from auditplan.solver.solution import Budget, Choice, Solution

pytestmark = pytest.mark.filterwarnings("ignore:.*extension is not supported.*:UserWarning")
"""openpyxl, which plays the coordinator's part here, drops the colours of drop-downs and says so."""
MONDAY = date(2026, 8, 3)


def _answer(*arguments: str | Path) -> Any:
    """The one object that a command answers with --json."""
    out = StringIO()
    with redirect_stdout(out):
        status = main([*(str(argument) for argument in arguments), "--json", "--quiet"])
    assert status == 0, out.getvalue()
    return json.loads(out.getvalue())


def _column(page: Worksheet, title: str) -> int:
    """The column of a header."""
    for row in page.iter_rows(min_row=1, max_row=20):
        for cell in row:
            if str(cell.value).strip("* ") == title:
                return cell.column or 0
    raise KeyError(title)


def _typed(source: Path, target: Path, edits: list[dict[str, Any]]) -> None:
    """A copy of a book with some edits typed in, as a coordinator would."""
    book = load_workbook(source)
    for edit in edits:
        page = book[edit["sheet"]]
        if "cell" in edit:
            row = int("".join(sign for sign in edit["cell"] if sign.isdigit()))
            page.cell(row, _column(page, edit["column"])).value = edit["value"]
        elif "new_row" in edit:
            filled = (cell.row or 0 for row in page.iter_rows() for cell in row if cell.value is not None)
            last = max(filled, default=1)
            for title, value in edit["new_row"].items():
                page.cell(last + 1, _column(page, title)).value = value
    gone = [(edit["sheet"], edit["delete_row"]) for edit in edits if "delete_row" in edit]
    for sheet, row in sorted(gone, key=lambda pair: -pair[1]):
        book[sheet].delete_rows(row)
    book.save(target)


def _proven(planned: Path, effort: str = "20") -> Iterator[tuple[str, dict[str, Any]]]:
    """Every proven fix of what a planned book leaves out, by audit."""
    for audit, found in _answer("explain", planned, "--effort", effort)["audits"].items():
        assert not found["placed"]
        yield from ((audit, fix) for fix in found["fixes"] if fix["proven"])


def _places(planned: Path, audit: str, fix: dict[str, Any], folder: Path) -> None:
    """Whether the audit is placed once a fix is typed in and the book planned anew."""
    assert fix["edits"], fix["change"]
    target = folder / "fixed.xlsx"
    _typed(planned, target, fix["edits"])
    how = ("--improve",) if fix["moves"] else ()
    figures = _answer("plan", target, "--in-place", "--effort", "6", *how)
    assert audit not in figures["unplaced"], fix["change"]
    assert figures["verified"]


def _tried(body: Body, language: str, folder: Path) -> int:
    """How many proven fixes of a body were tried, all of which held."""
    book, planned = folder / "body.xlsx", folder / "plan.xlsx"
    held = tuple(row for row in body.qualifications if (row.valid_from or MONDAY) <= (row.valid_to or date.max))
    body = replace(body, settings=replace(body.settings, language=language), qualifications=held)
    write_template(book, language, body=body)
    figures = _answer("plan", book, "-o", planned, "--effort", "6", "--no-pipeline")
    tried = 0
    for audit, fix in _proven(planned) if figures["unplaced"] else ():
        _places(planned, audit, fix, folder)
        tried += 1
    return tried


def test_every_proven_fix_typed_in_places_the_audit(tmp_path: Path, random_body: Callable[[int], Body]) -> None:
    assert sum(_tried(random_body(seed), ("en", "zh")[seed % 2], tmp_path) for seed in (2, 14)) >= 4


@pytest.mark.slow
@pytest.mark.parametrize("chunk", range(4))
def test_many_proven_fixes_typed_in_place_the_audit(
    chunk: int, tmp_path: Path, random_body: Callable[[int], Body]
) -> None:
    seeds = range(500 + 10 * chunk, 510 + 10 * chunk)
    assert sum(_tried(random_body(seed), ("en", "zh")[seed % 2], tmp_path) for seed in seeds) >= 5


def _noted(body: Body) -> tuple[Replanned, Notes]:
    """A plan with its notes."""
    result = replan(body, Budget(effort=3), threads=1)
    return result, notes_of(result.body, result.plan, result.compiled)


def test_the_fixes_that_unplaced_names_place_the_audit(random_body: Callable[[int], Body]) -> None:
    """What is called proven in the sheet is so: the changed body, planned from this plan, places the audit."""
    proven = 0
    for seed in range(24):
        result, notes = _noted(random_body(seed))
        left_out = {left.audit for left in result.plan.unplaced}
        assert set(notes.fixes) | notes.barren <= left_out
        assert not set(notes.fixes) & notes.barren
        body = replace(result.body, previous=remembered(result.body, result.plan).rows)
        body = replace(body, written=remembered(body, result.plan, notes.rivals))
        for audit, fix in notes.fixes.items():
            if fix.proven and audit in fix.places:
                again = replan(applied(body, fix.change), Budget(effort=3), threads=1)
                assert audit in {placement.audit for placement in again.plan.placements}, (seed, audit, fix.code)
                proven += 1
    assert proven >= 15


def test_the_next_best_team_is_as_dear_as_it_is_said_to_be(random_body: Callable[[int], Body]) -> None:
    """The checker prices the plan with the other team; where none is named, no other team is sound on these dates."""
    named = 0
    for body in (demo_body("small", "en", 2), *map(random_body, range(12))):
        result, notes = _noted(body)
        ground = Ground(result.body, result.plan.placements, result.compiled)
        for rival in notes.rivals:
            number = ground.index[rival.audit]
            choice = ground.solution.choices[number]
            assert choice is not None
            if not rival.people:
                assert ground.seating(number).beside(choice) is None
                continue
            found = ground.seating(number).beside(choice)
            assert found is not None
            other = _with(ground, number, found.choice)
            more = zip(values(ground.problem, other), values(ground.problem, ground.solution), strict=True)
            assert tuple(new - old for new, old in more) == rival.more
            assert found.choice.team != choice.team
            named += 1
    assert named >= 15


def _with(ground: Ground, number: int, choice: Choice) -> Solution:
    """The plan with one audit carried out otherwise."""
    choices = list(ground.solution.choices)
    choices[number] = choice
    return Solution(tuple(choices))


def _weak(holders: int) -> Body:
    """Three audits for code 17, which so many of three leads hold; everybody holds 19."""
    people = ("Li", "Wu", "Xu")
    codes = [("17", "19") if number < holders else ("19",) for number in range(len(people))]
    audits = tuple(
        Audit(
            id=f"T{number}",
            client="C1",
            type=AuditType.SURVEILLANCE,
            standards=("ISO 9001",),
            codes=("17",) if number < 3 else ("19",),
            days=Decimal(2),
            due=MONDAY + timedelta(days=20),
            largest_team=1,
        )
        for number in range(5)
    )
    return Body(
        settings=Settings(plan_from=MONDAY, plan_to=MONDAY + timedelta(days=25), today=date(2026, 6, 1), language="en"),
        auditors=tuple(Auditor(id=name, name=name, region="North") for name in people),
        qualifications=tuple(
            Qualification(auditor=name, standard="ISO 9001", role=Role.LEAD, codes=own)
            for name, own in zip(people, codes, strict=True)
        ),
        places=(Place(region="North", city="", latitude=40.0, longitude=116.0, country="CN"),),
        clients=(Client(id="C1", name="Client one", region="North"),),
        audits=audits,
    )


@pytest.mark.parametrize("holders", [0, 1, 2, 3])
def test_what_few_people_hold(holders: int, tmp_path: Path) -> None:
    """A code that one person holds is a single point of failure, with its audits, their days and the cell; one that
    everybody holds is none."""
    book, planned = tmp_path / "body.xlsx", tmp_path / "plan.xlsx"
    write_template(book, "en", body=_weak(holders))
    _answer("plan", book, "-o", planned, "--effort", "2")
    found = {entry["code"]: entry for entry in _answer("explain", planned)["scarce"] if not entry["region"]}
    assert "19" not in found
    if holders == 3:
        assert "17" not in found
        return
    weak = found["17"]
    assert weak["holders"] == ["Li", "Wu", "Xu"][:holders]
    assert weak["single_point_of_failure"] == (holders == 1)
    assert (weak["audits"], weak["days"]) == (["T0", "T1", "T2"], 6.0)
    sheet, cell = weak["cell"].split("!")
    assert (sheet, cell[0]) == ("Qualifications", "C") if holders else sheet == "Audits"


def test_the_tightest_set_is_told_with_its_people() -> None:
    """One person for three audits of two days who may work three: a bottleneck with what is needed and available."""
    body = _weak(1)
    people = (replace(body.auditors[0], max_days=Decimal(3)), *body.auditors[1:])
    result = replan(replace(body, auditors=people), Budget(effort=2), threads=1)
    found = overview(Ground(result.body, result.plan.placements), 2.0)
    tight = found.bottlenecks[0]
    assert tight.people == ("Li",)
    assert set(tight.audits) == {"T0", "T1", "T2"}
    assert (tight.needed, tight.available) == (6.0, 3.0)
    assert {entry.audit for entry in found.unplaced} <= {"T0", "T1", "T2"}
