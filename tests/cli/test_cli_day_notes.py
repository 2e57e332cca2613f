"""Days that were left blank are worked out, shown as such, and explained in a note on their cell."""

from __future__ import annotations

import zipfile
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from openpyxl.comments import Comment

from auditplan.io.workbook.template import write_template
from auditplan.planner.domain import Audit, AuditType, Body, Certificate

Run = Callable[..., Any]


@pytest.fixture
def book(tmp_path: Path, small_body: Body) -> Path:
    """A book with a certificate, a typed row without days and one with days."""
    client = replace(small_body.clients[0], personnel=55)
    clients = (client, *small_body.clients[1:])
    certificate = Certificate(
        id="A1",
        client=client.id,
        standards=("ISO 9001",),
        codes=("17",),
        decision_date=date(2025, 8, 20),
        expiry_date=date(2028, 8, 20),
        profile="iso-17021",
    )
    typed = Audit(
        id="T1",
        client=client.id,
        type=AuditType.INITIAL,
        standards=("ISO 9001",),
        codes=("17",),
        days=Decimal(5),
        due=date(2026, 8, 31),
    )
    path = tmp_path / "book.xlsx"
    audits = (typed, replace(typed, id="T2"))
    write_template(path, "en", body=replace(small_body, clients=clients, audits=audits, certificates=(certificate,)))
    own = openpyxl.load_workbook(path)
    own["Audits"]["F2"].value = None
    own.save(path)
    return path


def _note(path: Path, sheet: str, cell: str) -> str:
    """The note on a cell."""
    comment = openpyxl.load_workbook(path)[sheet][cell].comment
    return "" if comment is None else comment.text


def test_the_pipeline_explains_the_days_that_it_worked_out(run: Run, book: Path) -> None:
    assert run("pipeline", book, "--in-place", "--json").json["added"] == 1
    page = openpyxl.load_workbook(book)["Audits"]
    assert (page["A4"].value, page["F4"].value, page["F2"].value) == ("A1-S1-2028", 2, None)
    assert _note(book, "Audits", "F4").splitlines() == [
        "Worked out: 2 person-days",
        "ISO 9001, 55 people: 5 for an initial audit (IAF MD 5)",
        "a third of it for a surveillance, up to half days",
    ]
    assert _note(book, "Audits", "F2").splitlines()[0] == "Worked out: 5 person-days"
    assert _note(book, "Audits", "F3") == ""
    assert "Days" not in _note(book, "Audits", "A1")
    assert _note(book, "Audits", "A1") != ""


def test_a_second_run_changes_no_part(run: Run, book: Path) -> None:
    run("pipeline", book, "--in-place")
    before = book.read_bytes()
    again = run("pipeline", book, "--in-place", "--json")
    assert (again.json["added"], again.json["changed"]) == (0, 0)
    assert book.read_bytes() == before


def test_a_coordinators_own_note_is_kept(run: Run, book: Path) -> None:
    own = openpyxl.load_workbook(book)
    own["Audits"]["F2"].comment = Comment("ask them", "Li")
    own.save(book)
    run("pipeline", book, "--in-place")
    assert _note(book, "Audits", "F2") == "ask them"
    assert _note(book, "Audits", "F4").startswith("Worked out")


def test_notes_come_onto_a_sheet_that_has_none(run: Run, book: Path) -> None:
    own = openpyxl.load_workbook(book)
    for row in own["Audits"].iter_rows():
        for cell in row:
            cell.comment = None
    own.save(book)
    run("pipeline", book, "--in-place")
    assert _note(book, "Audits", "F4").startswith("Worked out")
    with zipfile.ZipFile(book) as package:
        assert 'Extension="vml"' in package.read("[Content_Types].xml").decode()


@pytest.mark.filterwarnings("ignore::UserWarning")
def test_the_plan_shows_worked_out_days_on_the_schedule(run: Run, book: Path) -> None:
    for _ in range(2):  # the sheets of the first plan are replaced with their notes
        planned = run("plan", book, "--in-place", "--time", "3", "--json", "--lang", "zh")
        assert planned.status == 0, planned.err
    page = openpyxl.load_workbook(book)["Schedule"]
    days = {row[0].value: row[10].comment for row in page.iter_rows(min_row=2)}
    assert set(days) == {"A1-S1-2028", "T1", "T2"}
    assert days["T2"] is None
    assert days["T1"] is not None
    assert days["T1"].text.startswith("Worked out: 5 person-days")
    with zipfile.ZipFile(book) as package:
        names = package.namelist()
    assert len([name for name in names if name.startswith("xl/comments/auditplan")]) == 1
    assert len(names) == len(set(names))
