"""The words of the trade for after-sales service: 审查员, 文件审查, 现场审查, 评定."""

from __future__ import annotations

from contextlib import closing
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from auditplan.io.workbook.read import read_book
from auditplan.io.workbook.read_spelling import fold
from auditplan.io.workbook.template import write_template
from auditplan.io.workbook.words import AUDIT_TYPES, SERVICE_TYPES, role_word, type_word
from auditplan.io.workbook.write import RunInfo, write_plan
from auditplan.planner.cycle.pipeline import run_pipeline
from auditplan.planner.demo import demo_body
from auditplan.planner.domain import Audit, AuditType, Body, Client, Qualification, Role, RuleSetting
from auditplan.planner.planning import make_plan
from auditplan.solver.solution import Budget


def _service(kind: AuditType, standard: str = "GB/T 27922-2011") -> Audit:
    """An audit of a kind."""
    return Audit(id="T1", client="K", type=kind, standards=(standard,), days=Decimal(2), due=date(2027, 3, 19))


def _column(page: Any, title: str) -> set[object]:
    """What stands below a header."""
    head, *rows = page.iter_rows(values_only=True)
    return {row[head.index(title)] for row in rows}


@pytest.mark.parametrize("kind", list(AuditType))
def test_every_word_of_the_trade_is_read_back(kind: AuditType) -> None:
    word = type_word(_service(kind)).zh
    known = {fold(name): member for member, entry in AUDIT_TYPES.items() for name in (entry.zh, *entry.also)}
    assert known[fold(word)] is kind


def test_services_are_reviewed_and_systems_are_audited() -> None:
    kinds = (AuditType.DOCUMENT_REVIEW, AuditType.INITIAL, AuditType.DECISION)
    assert [type_word(_service(kind)).zh for kind in kinds] == ["文件审查", "现场审查", "评定"]
    assert type_word(_service(AuditType.DOCUMENT_REVIEW, "ISO 9001")).zh == "文件审核"
    assert role_word(_service(AuditType.INITIAL), Role.AUDITOR).zh == "审查员"
    assert role_word(_service(AuditType.INITIAL, "ISO 9001"), Role.AUDITOR).zh == "审核员"
    assert {word.en for word in SERVICE_TYPES.values()} <= {word.en for word in AUDIT_TYPES.values()}


def test_a_chinese_plan_of_a_service_speaks_the_trades_language(tmp_path: Path) -> None:
    base = demo_body("small", "zh", 1)
    people = base.auditors[:3]
    rows = tuple(
        Qualification(auditor=person.id, standard="GB/T 27922", role=role)
        for person, role in zip(people, (Role.LEAD, Role.AUDITOR, Role.DECISION), strict=True)
    )
    client = Client(id="K", name="客户", region=people[0].region)
    body = Body(
        settings=replace(base.settings, language="zh"),
        auditors=people,
        places=base.places,
        clients=(client,),
        qualifications=rows,
        audits=(replace(_service(AuditType.INITIAL), smallest_team=2, largest_team=2),),
        rules=(RuleSetting(rule="decision: corrections", value=Decimal(3)),),
    )
    made = run_pipeline(body)
    plan = make_plan(made.body, Budget(seconds=5)).plan
    source, target = tmp_path / "a.xlsx", tmp_path / "b.xlsx"
    write_template(source, "zh", body=made.body)
    write_plan(source, target, made.body, plan, (), language="zh", run=RunInfo(version="1", when="now"))
    with closing(openpyxl.load_workbook(target, read_only=True)) as book:
        kinds, roles = _column(book["排程"], "类型"), _column(book["派工"], "角色")
    assert kinds == {"文件审查", "现场审查", "评定"}
    assert roles == {"组长", "审查员"}
    assert read_book(target, today=base.settings.today).body is not None
