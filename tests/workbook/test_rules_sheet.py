"""The Rules sheet: every rule, profile, limit and weight with its source; what is changed on it counts."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from auditplan.io.workbook.read import Reading, read_book
from auditplan.io.workbook.rule_rows import rule_rows, source
from auditplan.io.workbook.template import write_template
from auditplan.io.workbook.write import RunInfo, write_plan
from auditplan.planner.demo import demo_body
from auditplan.planner.domain import Audit, AuditMode, AuditType, Role, RuleKind, RuleSetting
from auditplan.planner.planning import make_plan
from auditplan.planner.rulebook import RULES, RuleBook
from auditplan.solver.solution import Budget

TODAY = date(2026, 12, 1)


def _rows(path: Path, sheet: str) -> list[tuple[Any, ...]]:
    """The cells of a sheet."""
    with closing(openpyxl.load_workbook(path, read_only=True)) as book:
        return list(book[sheet].iter_rows(values_only=True))


@pytest.mark.parametrize(("language", "sheet"), [("en", "Rules"), ("zh", "规则")])
def test_every_rule_stands_on_the_sheet_with_its_source(language: str, sheet: str, tmp_path: Path) -> None:
    path = tmp_path / "new.xlsx"
    write_template(path, language, body=demo_body("small", language, 1))
    rows = _rows(path, sheet)[1:]
    assert [row[0] for row in rows] == list(RULES)
    assert all(row[5] for row in rows)
    reading = read_book(path, today=TODAY)
    assert reading.body is not None
    assert reading.body.rules == demo_body("small", language, 1).rules
    assert not [problem for problem in reading.problems if problem.sheet == sheet]


@pytest.mark.parametrize("rule", list(RULES))
def test_every_rule_has_a_source_in_both_languages(rule: str) -> None:
    assert all(source(rule, language).strip() for language in ("en", "zh"))


def test_a_change_on_the_sheet_is_read(tmp_path: Path) -> None:
    path = tmp_path / "new.xlsx"
    write_template(path, "en")
    book = openpyxl.load_workbook(path)
    page = book["Rules"]
    rows = {row[0].value: row for row in page.iter_rows(min_row=2)}
    rows["iso-17021: lead"][3].value = 120
    rows["cnca-qms-2025"][1].value = "no"
    rows["left out: surveillance"][4].value = 75
    rows["window"][2].value = "soft"
    book.save(path)
    reading = read_book(path, today=TODAY)
    assert reading.body is not None
    assert [row.rule for row in reading.body.rules] == [
        "window",
        "rotation",  # the example row of a new book
        "left out: surveillance",
        "iso-17021: lead",
        "cnca-qms-2025",
    ]
    rules = RuleBook(reading.body.rules)
    assert rules.value("iso-17021: lead") == Decimal(120)
    assert rules.weight("left out: surveillance") == Decimal(75)
    assert rules.soft("window")
    assert not rules.on("cnca-qms-2025")


def test_a_percentage_beyond_the_document_is_told(english: dict[str, Any], read_sheets: Callable[..., Reading]) -> None:
    english["Rules"] = [["Rule", "Value"], ["reduction", 45], ["integration", 20]]
    found = [problem for problem in read_sheets(english).problems if problem.sheet == "Rules"]
    assert [(problem.code, problem.cell) for problem in found] == [("read-rule-value-cut", "B2")]


def test_the_sheet_keeps_what_it_does_not_know() -> None:

    own = RuleSetting(rule="our own", value=Decimal(3), source="house rule")
    assert rule_rows([own], "en")[-1] == ["our own", None, None, Decimal(3), None, "house rule"]


@pytest.mark.parametrize(
    ("row", "shown", "broken"),
    [
        (RuleSetting(rule="ceilings", on=False), "Ceilings of days and nights (off)", 0),
        (RuleSetting(rule="window", kind=RuleKind.SOFT), "Inside the window (soft)", 1),
    ],
)
def test_the_summary_says_which_rules_are_off_or_soft(
    row: RuleSetting, shown: str, broken: int, tmp_path: Path
) -> None:
    base = demo_body("small", "en", 1)
    lead = next(held.auditor for held in base.qualifications if held.role is Role.LEAD)
    standard = next(held.standard for held in base.qualifications if held.auditor == lead)
    late = Audit(
        id="T",
        client=base.clients[0].id,
        type=AuditType.SPECIAL,
        standards=(standard,),
        days=Decimal(1),
        due=date(2026, 12, 31),
        mode=AuditMode.DESK,
    )
    settings = replace(base.settings, plan_from=date(2027, 1, 4), plan_to=date(2027, 1, 31))
    body = replace(base, settings=settings, audits=(late,), rules=(row,), conflicts=(), history=())
    source, target = tmp_path / "a.xlsx", tmp_path / "b.xlsx"
    write_template(source, "en", body=body)
    plan = make_plan(body, Budget(seconds=3)).plan
    write_plan(source, target, body, plan, (), language="en", run=RunInfo(version="1", when="now"))
    [found] = [line for line in _rows(target, "Summary") if line[0] == shown]
    assert found[2] == broken
