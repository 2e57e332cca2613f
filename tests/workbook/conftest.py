"""Books for the tests of reading, written cell by cell, so that each says exactly what it holds."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from auditplan.io.messages import message, proposal
from auditplan.io.workbook.read import Reading, read_book
from auditplan.planner.problems import Problem

Rows = Sequence[Sequence[Any]]
Sheets = dict[str, Rows]
ReadSheets = Callable[..., Reading]

ENGLISH: Sheets = {
    "Settings": [
        ["Setting", "Value"],
        ["Plan from", date(2027, 1, 4)],
        ["Plan to", date(2027, 3, 31)],
        ["Today", date(2026, 12, 1)],
    ],
    "Regions": [["Region", "City"], ["East", "Shanghai"], ["East", "Hangzhou"], ["North", "Beijing"]],
    "Auditors": [
        ["Auditor", "Name", "Region"],
        ["A1", "Li Na", "East"],
        ["A2", "Wang Wei", "North"],
    ],
    "Qualifications": [
        ["Auditor", "Standard", "Codes", "Role"],
        ["A1", "ISO 9001", "17;19.05", "lead"],
        ["A2", "ISO 9001", "*", "auditor"],
    ],
    "Clients": [["Client", "Name", "Region"], ["C1", "Acme", "East"], ["C2", "Bolt", "North"]],
    "Audits": [
        [
            "Audit",
            "Client",
            "Type",
            "Standards",
            "Codes",
            "Days",
            "Earliest",
            "Due",
            "After",
            "Lead",
            "Team",
            "Start",
        ],
        ["T1", "C1", "stage 1", "ISO 9001", "17", 2, "2027-01-04", "2027-02-26", None, None, None, None],
        ["T2", "C1", "stage 2", "ISO 9001", "17", 4.5, "2027-01-18", "2027-03-26", "T1", "A1", "A2", None],
    ],
}
"""The smallest book that has no problem, in English."""

CHINESE: Sheets = {
    "设置": [["设置项", "值"], ["计划开始", date(2027, 1, 4)], ["计划结束", date(2027, 3, 31)]],
    "区域": [["区域", "城市"], ["华东", "上海"], ["华北", "北京"]],
    "审核员": [["审核员", "姓名", "区域"], ["A1", "李娜", "华东"], ["A2", "王伟", "华北"]],
    "资质": [
        ["审核员", "标准", "专业代码", "角色"],
        ["李娜", "GB/T 27922", "17；19.05", "组长"],
        ["王伟", "GB/T 27922", "*", "审核员"],
    ],
    "客户": [["客户", "名称", "区域"], ["C1", "宏达", "华东"]],
    "审核任务": [
        ["任务号", "客户", "类型", "标准", "专业代码", "人日", "最早", "截止"],
        ["T1", "宏达", "监督", "GB/T 27922", "17", 2, "2027年1月4日", "2027.2.26"],
    ],
}
"""The same in Chinese."""


def write_sheets(path: Path, sheets: Mapping[str, Rows], *, date1904: bool = False) -> Path:
    """A workbook of rows; dates are written as dates, ("=…", result) as a formula with its result."""
    import xlsxwriter

    book = xlsxwriter.Workbook(path, {"default_date_format": "yyyy-mm-dd", "date_1904": date1904})
    for name, rows in sheets.items():
        sheet = book.add_worksheet(name)
        for row, cells in enumerate(rows):
            for column, value in enumerate(cells):
                if isinstance(value, tuple):
                    sheet.write_formula(row, column, value[0], None, value[1])
                elif isinstance(value, str):
                    sheet.write_string(row, column, value)
                elif isinstance(value, date):
                    sheet.write_datetime(row, column, value)
                elif value is not None:
                    sheet.write(row, column, value)
    book.close()
    return path


@pytest.fixture
def english() -> Sheets:
    """A fresh copy of the smallest English book, to be changed."""
    return {name: [list(row) for row in rows] for name, rows in ENGLISH.items()}


@pytest.fixture
def chinese() -> Sheets:
    """A fresh copy of the smallest Chinese book, to be changed."""
    return {name: [list(row) for row in rows] for name, rows in CHINESE.items()}


@pytest.fixture
def write_book(tmp_path: Path) -> Callable[..., Path]:
    """Writes sheets to a file."""

    def write(sheets: Mapping[str, Rows], name: str = "book.xlsx", *, date1904: bool = False) -> Path:
        return write_sheets(tmp_path / name, sheets, date1904=date1904)

    return write


@pytest.fixture
def read_sheets(write_book: Callable[..., Path]) -> ReadSheets:
    """Writes sheets to a file and reads it back; every problem must have its texts in both languages."""

    def read(sheets: Mapping[str, Rows], *, date1904: bool = False, **more: Any) -> Reading:
        reading = read_book(write_book(sheets, date1904=date1904), **{"today": date(2026, 12, 1), **more})
        for problem in reading.problems:
            assert_rendered(problem)
        return reading

    return read


def assert_rendered(problem: Problem) -> None:
    """Text and proposal of a problem can be written in both languages from its parameters alone."""
    parameters = dict(problem.parameters)
    for language in ("en", "zh"):
        assert message(problem.code, language, **parameters)
        assert proposal(problem.code, language, **parameters)


@pytest.fixture
def found() -> Callable[[Reading], list[tuple[str, str, str]]]:
    """Code, sheet and cell of each problem of a reading."""

    def places(reading: Reading) -> list[tuple[str, str, str]]:
        return [(problem.code, problem.sheet, problem.cell) for problem in reading.problems]

    return places
