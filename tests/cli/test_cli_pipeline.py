"""`auditplan pipeline`, and what `plan` needs of it: rows into the book, the rest of it as it was."""

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

from auditplan.io.workbook.read import Reading, read_book
from auditplan.io.workbook.template import write_template
from auditplan.planner.domain import AuditStatus, Body, Certificate

Run = Callable[..., Any]
TODAY = date(2026, 6, 1)


def _certificates() -> tuple[Certificate, ...]:
    """Two certificates of which an audit falls due in August, and one of which none does."""
    return tuple(
        Certificate(
            id=name,
            client="C1",
            standards=("ISO 9001",),
            codes=("17",),
            decision_date=decided,
            expiry_date=date(2028, decided.month, decided.day),
            initial_days=Decimal(6),
            profile="iso-17021",
        )
        for name, decided in (("=A1", date(2025, 8, 20)), ("B", date(2025, 8, 24)), ("C", date(2025, 12, 1)))
    )


@pytest.fixture
def certified(tmp_path: Path, small_body: Body) -> Path:
    """A book of certificates without any audit."""
    path = tmp_path / "certified.xlsx"
    write_template(path, "en", body=replace(small_body, audits=(), certificates=_certificates()))
    return path


def _read(path: Path) -> Reading:
    """A book as read."""
    return read_book(path, today=TODAY)


def _parts(path: Path) -> dict[str, bytes]:
    """The parts of a book."""
    with zipfile.ZipFile(path) as package:
        return {name: package.read(name) for name in package.namelist()}


def test_it_adds_what_falls_due_and_nothing_the_second_time(run: Run, certified: Path, tmp_path: Path) -> None:
    out = tmp_path / "out.xlsx"
    first = run("pipeline", certified, "-o", out, "--json")
    assert (first.status, first.json["added"]) == (0, 1)
    assert first.json["audits"] == ["=A1-S1-2028+B"]
    reading = _read(out)
    assert reading.body is not None
    [audit] = reading.body.audits
    assert (audit.due, audit.days, audit.codes, audit.status) == (
        date(2026, 8, 20),
        Decimal(4),
        ("17",),
        AuditStatus.OPEN,
    )
    again = run("pipeline", out, "--in-place", "--json")
    assert (again.status, again.json["added"], again.json["changed"]) == (0, 0, 0)
    cell = openpyxl.load_workbook(out)["Audits"]["A2"]
    assert (cell.value, cell.data_type) == ("=A1-S1-2028+B", "s")


def test_only_the_audits_sheet_and_its_notes_change(run: Run, certified: Path, tmp_path: Path) -> None:
    out = tmp_path / "out.xlsx"
    run("pipeline", certified, "-o", out)
    before, after = _parts(certified), _parts(out)
    assert list(before) == list(after)
    changed = [name for name in before if before[name] != after[name]]
    kinds = [name.rpartition("/")[2].partition(".")[0].rstrip("0123456789") for name in changed]
    assert sorted(kinds) == ["comments", "sheet", "vmlDrawing"]


def test_a_book_with_headers_of_its_own_gets_the_column_beside_them(run: Run, tmp_path: Path, certified: Path) -> None:
    book = openpyxl.load_workbook(certified)
    page = book["Audits"]
    page.delete_cols(1, page.max_column)
    page["A1"] = "Pipeline of the year"
    for number, title in enumerate(("Client", "Note", "Audit", "Type", "Standards", "Days", "Due"), start=1):
        page.cell(3, number, title)
    path = tmp_path / "own.xlsx"
    book.save(path)
    assert run("pipeline", path, "--in-place").status == 0
    sheet = openpyxl.load_workbook(path)["Audits"]
    assert sheet["H3"].value == "Generated"
    assert sheet["C4"].value == "=A1-S1-2028+B"
    assert sheet["G4"].is_date
    assert path.with_name("own.xlsx.bak").exists()


def test_until_a_day_and_in_chinese(run: Run, certified: Path, tmp_path: Path) -> None:
    far = run("pipeline", certified, "-o", tmp_path / "far.xlsx", "--to", "2028-12-31", "--json", "--lang", "zh")
    assert far.status == 0
    assert far.json["added"] == 6
    assert "新增审核任务 6 项" in far.err


def test_plan_places_what_falls_due_and_writes_it_into_the_book(run: Run, certified: Path, tmp_path: Path) -> None:
    out = tmp_path / "plan.xlsx"
    planned = run("plan", certified, "-o", out, "--json", "--time", "5")
    assert planned.status == 0, planned.err
    reading = _read(out)
    assert reading.body is not None
    assert [audit.id for audit in reading.body.audits] == ["=A1-S1-2028+B"]
    assert [row.audit for row in reading.body.previous] == ["=A1-S1-2028+B"]
    bare = run("plan", certified, "-o", tmp_path / "bare.xlsx", "--json", "--time", "5", "--no-pipeline")
    assert (bare.json["placed"], bare.json["unplaced"]) == (0, [])


def test_the_next_plan_settles_what_the_one_before_placed(run: Run, certified: Path, tmp_path: Path) -> None:
    out = tmp_path / "plan.xlsx"
    run("plan", certified, "-o", out, "--time", "5")
    later = run("plan", out, "--in-place", "--from", "2026-09-01", "--to", "2026-12-31", "--json", "--time", "5")
    assert later.status == 0, later.err
    reading = read_book(out, plan_from=date(2026, 9, 1), plan_to=date(2026, 12, 31), today=TODAY)
    assert reading.body is not None
    rows = {audit.id: audit for audit in reading.body.audits}
    assert set(rows) == {"=A1-S1-2028+B", "C-S1-2028"}
    assert rows["=A1-S1-2028+B"].lead in {"Li", "Wu"}
    assert rows["=A1-S1-2028+B"].start is not None
