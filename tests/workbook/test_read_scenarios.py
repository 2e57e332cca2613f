"""The sheet Scenarios and `--set`: every change in both languages, and every error at its cell."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from auditplan.io.render import problem_text
from auditplan.io.workbook.read import Reading
from auditplan.io.workbook.read_scenarios import read_scenarios, set_rows
from auditplan.planner.domain import AuditType, Body, Role, RuleKind
from auditplan.planner.problems import Problem, Severity
from auditplan.planner.scenarios import changes
from auditplan.planner.scenarios.changes import Change
from auditplan.planner.scenarios.selection import Filter

Sheets = dict[str, Any]
Read = Callable[..., Reading]
Cells = tuple[str, Any, Any]

SURVEILLANCE = Filter(types=(AuditType.SURVEILLANCE,))
SEVERAL = Filter(types=(AuditType.STAGE_1, AuditType.STAGE_2), regions=("East",), codes=("17",))
FORMS: list[tuple[Change, Cells, Cells]] = [
    (
        changes.AddAuditors(number=2, like="A1"),
        ("add auditors", "like:Li Na", 2),
        ("增加审核员", "同：A1", "2 人"),
    ),
    (changes.AddAuditors(number=1, region="East"), ("Add Auditors", "east", None), ("增加审核员", "East", 1)),
    (
        changes.RemoveAuditor(auditor="A2", since=date(2027, 3, 1)),
        ("remove auditor", "Wang Wei", date(2027, 3, 1)),
        ("减少审核员", "A2", "2027年3月1日"),
    ),
    (changes.RemoveAuditor(auditor="A2"), ("remove auditor", "A2", None), ("减少审核员", "A2", "")),
    (
        changes.AddQualification(auditor="A2", standard="ISO 9001", codes=("17", "19.05"), role=Role.LEAD),
        ("add qualification", "A2", "ISO 9001:17,19.05:lead"),
        ("增加资质", "A2", "ISO 9001：17、19.05：组长"),
    ),
    (
        changes.AddQualification(auditor="A2", standard="ISO 9001:2015", codes=("*",), role=Role.AUDITOR),
        ("add qualification", "A2", "ISO 9001:2015:auditor"),
        ("增加资质", "A2", "ISO 9001:2015:审核员"),
    ),
    (
        changes.Absence(auditor="A1", start=date(2027, 3, 1), until=date(2027, 3, 31)),
        ("unavailable", "A1", "2027-03-01..2027-03-31"),
        ("不可用", "A1", "2027年3月1日至2027年3月31日"),
    ),
    (changes.Demand(percent=20), ("demand", "all", "+20 %"), ("业务量", "全部", "20％")),
    (
        changes.Demand(percent=-12.5, audits=SURVEILLANCE),
        ("demand", "type=surveillance", "-12.5 %"),
        ("业务量", "类型＝监督", "−12.5%"),
    ),
    (
        changes.WidenWindows(days=14, audits=SEVERAL),
        ("widen windows", "type=stage 1, stage 2; region=East; code=17", 14),
        ("放宽窗口", "类型=一阶段、二阶段；区域=East；专业代码=17", "14 天"),
    ),
    (
        changes.RemoteShare(percent=40, audits=Filter(standards=("ISO 9001",))),
        ("remote share", "standard=ISO 9001", "40 %"),
        ("远程比例", "标准=ISO 9001", "40"),
    ),
    (changes.TeamSize(smallest=1, largest=2), ("team size", None, "1..2"), ("组员人数", "所有", "1-2")),
    (changes.RuleChange(rule="sequence", on=False), ("rule", "sequence", "off"), ("规则", "sequence", "停用")),
    (changes.RuleChange(rule="window", kind=RuleKind.SOFT), ("rule", "window", "soft"), ("规则", "window", "软")),
    (changes.RuleChange(rule="rotation", number=Decimal(4)), ("rule", "Rotation", 4), ("规则", "rotation", "4")),
    (
        changes.NewPeriod(start=date(2027, 1, 1), end=date(2027, 12, 31)),
        ("period", None, "2027Q1..2027Q4"),
        ("计划期", None, "2027年第一季度至2027年第四季度"),
    ),
]
ERRORS: list[tuple[Cells, str, str]] = [
    (("xyzzy", "East", 1), "B2", "scenario-change-unknown"),
    (("hire auditors", "East", 1), "B2", "scenario-change-near"),
    (("add auditors", "Nowhere", 1), "C2", ""),
    (("add auditors", "like:Nobody", 1), "C2", ""),
    (("add auditors", "", 1), "C2", "scenario-blank"),
    (("add auditors", "East", "many"), "D2", "scenario-number"),
    (("add auditors", "East", 0), "D2", "scenario-number-limits"),
    (("add auditors", "East", 1.5), "D2", "scenario-whole"),
    (("remove auditor", "Li", None), "C2", ""),
    (("remove auditor", "A1", "soon"), "D2", ""),
    (("add qualification", "A1", "ISO 9001"), "D2", "scenario-qualification"),
    (("add qualification", "A1", None), "D2", "scenario-qualification"),
    (("unavailable", "A1", "2027-03-31..2027-03-01"), "D2", "scenario-reversed"),
    (("unavailable", "A1", None), "D2", "scenario-days"),
    (("demand", "surveillance", "+20 %"), "C2", "scenario-filter"),
    (("demand", "colour=red", "+20 %"), "C2", "scenario-filter-key"),
    (("demand", "type=surveilance", "+20 %"), "C2", "scenario-type"),
    (("demand", "region=Nowhere", "+20 %"), "C2", ""),
    (("demand", "type=", "+20 %"), "C2", "scenario-blank"),
    (("demand", "all", "-101 %"), "D2", "scenario-number-limits"),
    (("demand", "all", "lots"), "D2", "scenario-number"),
    (("demand", "all", None), "D2", "scenario-number"),
    (("widen windows", "all", "1000"), "D2", "scenario-number-limits"),
    (("remote share", "all", "120 %"), "D2", "scenario-number-limits"),
    (("team size", "all", "3..1"), "D2", "scenario-reversed"),
    (("rule", "windows", "soft"), "C2", "scenario-rule-unknown"),
    (("rule", "sequence", "soft"), "D2", "scenario-rule-hard"),
    (("rule", "sequence", "perhaps"), "D2", "scenario-rule-no-number"),
    (("period", None, "2027Q5"), "D2", ""),
    (("period", None, "2027Q3..2027Q1"), "D2", "scenario-reversed"),
]


def _read(read_sheets: Read, sheets: Sheets, name: str, header: list[str], *rows: Cells) -> Body:
    """The body of a book with some rows of one scenario."""
    reading = read_sheets({**sheets, name: [header, *(["s", *row] for row in rows)]})
    assert reading.body is not None, reading.problems
    return reading.body


def _plain(change: Change) -> Change:
    """A change without its place."""
    return replace(change, origin=None)


@pytest.mark.parametrize(("expected", "english_row", "chinese_row"), FORMS)
def test_every_change_in_both_languages(
    english: Sheets, read_sheets: Read, expected: Change, english_row: Cells, chinese_row: Cells
) -> None:
    for name, header, row in (
        ("Scenarios", ["Scenario", "Change", "Target", "Value"], english_row),
        ("情景", ["情景", "变化", "对象", "数值"], chinese_row),
    ):
        body = _read(read_sheets, english, name, header, row)
        scenarios, problems = read_scenarios(body, body.scenarios)
        assert [problem for problem in problems if problem.severity is Severity.ERROR] == []
        assert [_plain(change) for change in scenarios[0].changes] == [expected]


@pytest.mark.parametrize(("expected", "english_row", "chinese_row"), FORMS)
def test_set_takes_the_same(
    english: Sheets, read_sheets: Read, expected: Change, english_row: Cells, chinese_row: Cells
) -> None:
    reading = read_sheets(english)
    assert reading.body is not None
    for row in (english_row, chinese_row):
        typed = "; ".join("" if cell is None else str(cell).replace("；", ",").replace(";", ",") for cell in row)
        scenarios, _ = read_scenarios(reading.body, set_rows([typed], "s"))
        assert [_plain(change) for change in scenarios[0].changes] == [expected]


def _rendered(problem: Problem) -> None:
    """A problem has its texts in both languages."""
    for language in ("en", "zh"):
        assert all(problem_text(problem, language))


@pytest.mark.parametrize(("row", "cell", "code"), ERRORS)
def test_every_error_names_its_cell(english: Sheets, read_sheets: Read, row: Cells, cell: str, code: str) -> None:
    body = _read(read_sheets, english, "Scenarios", ["Scenario", "Change", "Target", "Value"], row)
    scenarios, problems = read_scenarios(body, body.scenarios)
    assert len(problems) == 1, problems
    problem = problems[0]
    assert (problem.sheet, problem.cell, problem.severity) == ("Scenarios", cell, Severity.ERROR)
    assert code in {"", problem.code}
    assert scenarios[0].changes == ()
    _rendered(problem)


def test_errors_come_all_at_once(english: Sheets, read_sheets: Read) -> None:
    header = ["Scenario", "Change", "Target", "Value"]
    body = _read(read_sheets, english, "Scenarios", header, *(row for row, _, _ in ERRORS[:6]))
    _, problems = read_scenarios(body, body.scenarios)
    assert [problem.cell[1:] for problem in problems] == ["2", "3", "4", "5", "6", "7"]


def test_an_error_of_set_says_which(english: Sheets, read_sheets: Read) -> None:
    reading = read_sheets(english)
    assert reading.body is not None
    _, problems = read_scenarios(reading.body, set_rows(["demand; all; +5 %", "demand; all; lots"], "s"))
    assert [(problem.sheet, problem.cell, problem.value) for problem in problems] == [("--set", "2", "lots")]


def test_a_filter_that_means_nothing_is_a_warning(english: Sheets, read_sheets: Read) -> None:
    header = ["Scenario", "Change", "Target", "Value"]
    body = _read(read_sheets, english, "Scenarios", header, ("demand", "type=spot check", "+20 %"))
    _, problems = read_scenarios(body, body.scenarios)
    assert [(one.cell, one.severity) for one in problems] == [("C2", Severity.WARNING)]


def test_rows_of_one_name_make_one_scenario(english: Sheets, read_sheets: Read) -> None:
    rows = [["More", "demand", "all", 0.2], ["more ", "add auditors", "East", 1], ["Other", "demand", "all", "5"]]
    reading = read_sheets({**english, "Scenarios": [["Scenario", "Change", "Target", "Value"], *rows]})
    assert reading.body is not None
    scenarios, problems = read_scenarios(reading.body, reading.body.scenarios)
    assert problems == ()
    assert [(one.name, len(one.changes)) for one in scenarios] == [("More", 2), ("Other", 1)]


def test_a_cell_formatted_as_percent(english: Sheets, read_sheets: Read, tmp_path: Any) -> None:
    """0.2 shown as 20 % is 20 %."""
    from openpyxl import load_workbook

    from auditplan.io.workbook.read import read_book

    header = ["Scenario", "Change", "Target", "Value"]
    _read(read_sheets, english, "Scenarios", header, ("demand", "all", 0.2))
    path = next(tmp_path.glob("*.xlsx"))
    book = load_workbook(path)
    book["Scenarios"]["D2"].number_format = "0%"
    book.save(path)
    reading = read_book(path, today=date(2026, 12, 1))
    assert reading.body is not None
    scenarios, problems = read_scenarios(reading.body, reading.body.scenarios)
    assert problems == ()
    assert _plain(scenarios[0].changes[0]) == changes.Demand(percent=20)
