"""The very hidden sheet Last plan: what was written comes back, whatever Excel or a coordinator does to the rest."""

from __future__ import annotations

import zipfile
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
import xlsxwriter

from auditplan.io.workbook.memory import MEMORY, invited_audits, read_memory, write_memory
from auditplan.io.workbook.read_package import load_package
from auditplan.planner.domain import (
    Audit,
    AuditStatus,
    AuditType,
    Body,
    Lock,
    Part,
    PlannedAudit,
    Rival,
    Settings,
    WrittenPlan,
)
from auditplan.planner.marks import audit_mark, inputs_mark

ROW = PlannedAudit(
    audit="T-1",
    start=date(2027, 3, 1),
    start_part=Part.AM,
    end=date(2027, 3, 2),
    end_part=Part.PM,
    lead="李 明",
    team=("Wu, Jr.", "=1+1"),
    experts=("E;x",),
    status=AuditStatus.CONFIRMED,
    lock=Lock.DATE | Lock.TEAM,
)
WRITTEN = WrittenPlan(
    rows=(ROW,),
    left_out=("T-2", "T-3"),
    marks=(("T-1", "aa"), ("T-2", "bb"), ("T-3", "cc"), ("T-4", "dd")),
    inputs="ff",
    bounds=(0, -3, 12),
    rivals=(Rival(audit="T-1", people=("=Li", "Wu, jr."), more=(0, 0, 0, -4500, 12)),),
)


def _book(path: Path, written: WrittenPlan, language: str = "en") -> Path:
    """A book with the sheet alone."""
    book = xlsxwriter.Workbook(str(path), {"strings_to_formulas": False, "strings_to_numbers": False})
    write_memory(book, written, language)
    book.close()
    return path


@pytest.mark.parametrize("language", ["en", "zh"])
def test_comes_back_as_it_was(tmp_path: Path, language: str) -> None:
    """Names with separators and formulas in them, locks of two parts."""
    package = load_package(_book(tmp_path / "book.xlsx", WRITTEN, language))
    with package.archive:
        assert read_memory(package) == WRITTEN
        assert invited_audits(package) == frozenset()


def test_that_there_was_no_other_team_comes_back(tmp_path: Path) -> None:
    """It is not the same as nothing known about another team."""
    none = replace(WRITTEN, rivals=(Rival(audit="T-1"),))
    package = load_package(_book(tmp_path / "book.xlsx", none))
    with package.archive:
        assert read_memory(package) == none


def test_a_damaged_memory_is_none(tmp_path: Path) -> None:
    """A book whose memory cannot be read has none: its Schedule is the plan before."""
    path = tmp_path / "book.xlsx"
    book = xlsxwriter.Workbook(str(path))
    page = book.add_worksheet(MEMORY.en)
    for row, cells in enumerate((("Audit", "State", "Mark", "Start"), ("T1", "placed", "x", "soon"))):
        for column, text in enumerate(cells):
            page.write_string(row, column, text)
    book.close()
    package = load_package(path)
    with package.archive:
        assert read_memory(package) is None


def _audit(**more: object) -> Audit:
    """An audit."""
    fields: dict[str, object] = {
        "id": "T1",
        "client": "C",
        "type": AuditType.INITIAL,
        "standards": ("ISO 9001",),
        "days": Decimal("1.5"),
        "due": date(2027, 3, 1),
        **more,
    }
    return Audit(**fields)  # type: ignore[arg-type]


def test_marks_say_whether_somebody_edited() -> None:
    """They depend on what is said, not on how it is spelled, nor on a status that rose or the day of the run."""
    mark = audit_mark(_audit())
    assert mark == audit_mark(_audit(days=Decimal("1.50")))
    assert mark == audit_mark(_audit(status=AuditStatus.CONFIRMED))
    assert mark != audit_mark(_audit(due=date(2027, 3, 2)))
    assert mark != audit_mark(_audit(standards=("ISO 14001",)))
    settings = Settings(plan_from=date(2027, 1, 4), plan_to=date(2027, 3, 31), today=date(2026, 11, 1))
    later = Settings(plan_from=date(2027, 1, 4), plan_to=date(2027, 3, 31), today=date(2026, 12, 1))
    assert inputs_mark(Body(settings=settings, audits=(_audit(),))) == inputs_mark(
        Body(settings=later, audits=(_audit(status=AuditStatus.DONE),), previous=(ROW,))
    )
    assert inputs_mark(Body(settings=settings, audits=(_audit(),))) != inputs_mark(
        Body(settings=settings, audits=(_audit(status=AuditStatus.CANCELLED),))
    )


def test_hidden_in_a_planned_book(tmp_path: Path) -> None:
    """Excel's menus do not show it."""
    from auditplan.io.cli import main
    from auditplan.io.workbook.template import write_template

    path = tmp_path / "book.xlsx"
    write_template(path, "en")
    assert main(["plan", str(path), "--time", "1", "--quiet"]) == 0
    with zipfile.ZipFile(tmp_path / "book.planned.xlsx") as package:
        book = package.read("xl/workbook.xml").decode()
    sheet = next(part for part in book.split("<sheet ") if 'name="Last plan"' in part)
    assert 'state="veryHidden"' in sheet
