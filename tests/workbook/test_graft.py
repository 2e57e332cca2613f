"""A plan in a book with everything in it: every other part stays byte for byte, and a second plan adds nothing."""

from __future__ import annotations

import zipfile
from datetime import date
from pathlib import Path

import openpyxl
import pytest
import xlsxwriter

from auditplan.io.workbook.graft import graft
from auditplan.io.workbook.read import read_book
from auditplan.io.workbook.template import write_template
from auditplan.io.workbook.write import RunInfo, write_plan
from auditplan.planner.demo import demo_body
from auditplan.planner.planning import make_plan
from auditplan.solver.solution import Budget

CHANGING = {"xl/workbook.xml", "xl/_rels/workbook.xml.rels", "[Content_Types].xml", "xl/styles.xml"}
PIXEL = bytes.fromhex(
    "89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c4890000000d49444154789c63000100000005"
    "00010d0a2db40000000049454e44ae426082"
)


def _rich(path: Path, picture: Path) -> None:
    """A book with a chart, a picture, a text box, sparklines, data bars, lists, names and comments."""
    picture.write_bytes(PIXEL)
    book = xlsxwriter.Workbook(str(path))
    page = book.add_worksheet("Own")
    page.write_column(0, 0, [1, 2, 3])
    page.write_formula(3, 0, "=SUM(A1:A3)", None, 6)
    chart = book.add_chart({"type": "column"})
    chart.add_series({"values": "=Own!$A$1:$A$3"})
    page.insert_chart("C2", chart)
    page.insert_image("H2", str(picture))
    page.insert_textbox("C20", "text")
    page.insert_button("H20", {"caption": "press"})
    page.add_sparkline("B1", {"range": "Own!A1:A3"})
    page.conditional_format("A1:A3", {"type": "data_bar", "data_bar_2010": True})
    page.data_validation("D1", {"validate": "list", "source": ["a", "b"]})
    page.write_comment("A1", "note")
    page.print_area("A1:F30")
    book.define_name("mine", "=Own!$A$1:$A$3")
    book.define_name("Own!local", "=Own!$A$2")
    book.close()


def _parts(path: Path) -> dict[str, bytes]:
    """Every part of a package."""
    with zipfile.ZipFile(path) as package:
        return {name: package.read(name) for name in package.namelist()}


def _fresh(path: Path) -> None:
    """A book as the planner builds it, with one sheet."""
    book = xlsxwriter.Workbook(str(path))
    page = book.add_worksheet("Schedule")
    page.write_string(0, 0, "=not a formula", book.add_format({"bg_color": "#CFE8F7", "num_format": "0.000"}))
    page.add_table(1, 0, 3, 1, {"name": "auditplan_schedule"})
    page.print_area("A1:B4")
    book.close()


@pytest.mark.filterwarnings("ignore:.*extension is not supported.*:UserWarning")
def test_every_other_part_stays(tmp_path: Path) -> None:
    """Parts that are not the planner's keep their bytes; a second graft replaces the first."""
    source, fresh, target = tmp_path / "own.xlsx", tmp_path / "fresh.xlsx", tmp_path / "out.xlsx"
    _rich(source, tmp_path / "p.png")
    _fresh(fresh)
    graft(source, fresh, target, ["Schedule", "排程"])
    before, after = _parts(source), _parts(target)
    assert {name for name in before if before[name] != after.get(name)} <= CHANGING
    again = tmp_path / "again.xlsx"
    graft(target, fresh, again, ["schedule", "排程"])
    assert set(_parts(again)) == set(after)
    book = openpyxl.load_workbook(again)
    assert book.sheetnames == ["Own", "Schedule"]
    assert book["Schedule"]["A1"].value == "=not a formula"
    assert book["Schedule"]["A1"].data_type != "f"
    book.close()


@pytest.mark.parametrize("language", ["en", "zh"])
def test_plan_is_read_back(tmp_path: Path, language: str) -> None:
    """A written plan reads back as the plan before, and writing it again changes nothing in the list of parts."""
    source, target = tmp_path / "book.xlsx", tmp_path / "book.planned.xlsx"
    write_template(source, language, demo_body("small", language))
    reading = read_book(source, today=date(2026, 11, 23))
    assert reading.body is not None
    result = make_plan(reading.body, Budget(effort=0.1))
    run = RunInfo("0", "2026-11-23")
    problems = (*reading.problems, *result.problems)
    write_plan(source, target, reading.body, result.plan, problems, language=language, run=run)
    again = read_book(target, today=date(2026, 11, 23))
    assert again.body is not None
    assert {row.audit for row in again.body.previous} == {entry.audit for entry in result.plan.placements}
    names = set(_parts(target))
    write_plan(target, target, again.body, result.plan, problems, language=language, run=run)
    assert set(_parts(target)) == names
