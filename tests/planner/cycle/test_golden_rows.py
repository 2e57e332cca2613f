"""Golden tables (falls_due.txt): for each profile certificates with the rows that are generated of them, Earliest,
Target and Due, and with the ladder that is told."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from auditplan.planner.cycle.pipeline import run_pipeline
from auditplan.planner.cycle.rules import PROFILES, SERVICE
from auditplan.planner.domain import AuditType, Body, Certificate, CertificateStatus
from auditplan.planner.problems import Problem

TABLES = (Path(__file__).parent / "falls_due.txt").read_text(encoding="utf-8").split("\n## ")[1:]
CASES = [
    pytest.param(head.split(" | ")[0], row, id=f"{head.split(' | ')[1]}: {row.split('|')[0].strip()}")
    for head, *rows in (table.strip().splitlines() for table in TABLES)
    for row in rows
]
LADDER = ("due", "suspended", "withdrawn", "expiry", "restore")


def _day(text: str) -> date | None:
    """A day of a table; None for a dash."""
    return None if text == "-" else date.fromisoformat(text)


def _told(problem: Problem) -> str:
    """A problem as the table has it: code, and the dates of its ladder."""
    parameters = dict(problem.parameters)
    days = [parameters[name] for name in LADDER if name in parameters]
    return " ".join([problem.code.removeprefix("pipeline-"), *days])


def _body(make: Callable[..., Certificate], body: Callable[..., Body], profile: str, cells: list[str]) -> Body:
    """A body with a row's certificate on the day of the row."""
    fields = dict(zip(("decision_date", "issue_date", "expiry_date", "last_audit"), map(_day, cells[3:7]), strict=True))
    certificate = make(
        **fields,
        last_type=None if cells[7] == "-" else AuditType(cells[7]),
        status=CertificateStatus(cells[8]),
        profile="" if profile == "-" else profile,
        standards=("GB/T 27922",) if profile == SERVICE else ("ISO 9001",),
    )
    made = body(certificate)
    first, last = _day(cells[1]), _day(cells[2])
    assert first is not None
    assert last is not None
    return replace(made, settings=replace(made.settings, plan_from=first, plan_to=last, today=first))


@pytest.mark.parametrize(("profile", "row"), CASES)
def test_what_falls_due_and_what_follows(
    profile: str, row: str, certificate: Callable[..., Certificate], body: Callable[..., Body]
) -> None:
    cells = [cell.strip() for cell in row.split("|")]
    made = run_pipeline(_body(certificate, body, profile, cells))
    rows = [
        f"{audit.id.split('-')[1]} {audit.earliest} {audit.target} {audit.due}"
        for audit in made.added
        if not audit.generated.startswith("~")
    ]
    assert (" ; ".join(rows) or "-") == cells[9]
    told = [_told(problem) for problem in made.problems if problem.code != "chain-no-decision"]
    assert (" ; ".join(told) or "-") == cells[10]


def test_every_profile_has_its_table() -> None:
    sizes = Counter(case.values[0] for case in CASES)
    assert set(sizes) == {*PROFILES, "-"}
    assert all(sizes[profile] >= 13 for profile in PROFILES)  # beside the 27 of courses.txt
