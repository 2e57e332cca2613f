"""A body that keeps certificates only is planned for four quarters in a row, each from the book of the one before."""

from __future__ import annotations

import json
from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from random import Random
from typing import Any

import openpyxl
import pytest

from auditplan.io.workbook.read import read_book
from auditplan.io.workbook.template import write_template
from auditplan.planner.cycle.mark import read_mark
from auditplan.planner.cycle.months import add_months
from auditplan.planner.demo import demo_body
from auditplan.planner.domain import Audit, AuditStatus, AuditType, Body, Certificate

Run = Callable[..., Any]
QUARTERS = ("2027Q1", "2027Q2", "2027Q3", "2027Q4")


def _spread(certificate: Certificate, random: Random) -> Certificate:
    """A certificate anywhere in its three years, with the surveillances behind it carried out."""
    decided = date(2026, 12, 1) - timedelta(days=random.randrange(1020))
    behind = [
        day for months in (12, 24) if (day := add_months(decided, months) - timedelta(days=20)) < date(2026, 12, 1)
    ]
    return replace(
        certificate,
        decision_date=decided,
        issue_date=decided,
        expiry_date=add_months(decided, 36) - timedelta(days=1),
        last_audit=max(behind, default=None),
        last_type=AuditType.SURVEILLANCE if behind else None,
    )


def _only_certificates(size: str, most: int) -> Body:
    """An invented body without a single typed audit."""
    body = demo_body(size, "en", 3)
    random = Random(3)
    kept = tuple(_spread(row, random) for row in body.certificates[:most])
    settings = replace(body.settings, today=date(2026, 12, 1))
    return replace(body, settings=settings, audits=(), certificates=kept, history=(), conflicts=(), unavailable=())


def _quarters(run: Run, path: Path, body: Body, seconds: str) -> None:
    """Plans four quarters, and holds after each that every step in sight is placed or listed."""
    write_template(path, "en", body=body)
    told: set[str] = set()
    for number, quarter in enumerate(QUARTERS):
        planned = run("plan", path, "--in-place", "--quarter", quarter, "--time", seconds, "--json")
        assert planned.status == 0, planned.err
        figures = json.loads(planned.out[planned.out.index("{") :])
        assert figures["verified"]
        first = add_months(date(2027, 1, 1), 3 * number)
        last = add_months(first, 3) - timedelta(days=1)
        reading = read_book(path, plan_from=first, plan_to=last, today=body.settings.today)
        assert reading.body is not None
        told |= _told(path)
        _hold(reading.body, {row.audit for row in reading.body.previous} | set(figures["unplaced"]), told)
        seen = {step.rsplit("-", 2)[0] for audit in reading.body.audits for step in _steps(audit)}
        due = {row.id for row in body.certificates if _is_due(row, last)}
        assert due <= seen


def _steps(audit: Audit) -> tuple[str, ...]:
    """The steps of certificates, or the audit, that a row was made for."""
    mark = read_mark(audit.generated)
    assert mark is not None
    return mark.steps


def _hold(body: Body, listed: set[str], told: set[str]) -> None:
    """Every row is placed or listed as left out, took place before, lies after the period, or was cancelled and told
    about (what belongs to an audit is cancelled with it); no step has two rows."""
    rows = {audit.id: audit for audit in body.audits}
    for audit in body.audits:
        settled = audit.start is not None and audit.start < body.settings.plan_from
        later = (audit.earliest or body.settings.plan_to) > body.settings.plan_to
        owner = rows.get(_steps(audit)[0].partition(":")[2], audit)
        cancelled = owner.status is audit.status is AuditStatus.CANCELLED
        names = {owner.id, *(step.rsplit("-", 2)[0] for step in _steps(owner))}
        assert settled or later or audit.id in listed or (cancelled and names & told), audit
    standing = [step for audit in body.audits if audit.status is not AuditStatus.CANCELLED for step in _steps(audit)]
    assert len(standing) == len(set(standing))


def _told(path: Path) -> set[str]:
    """The values that the sheet Problems names."""
    with closing(openpyxl.load_workbook(path, read_only=True)) as book:
        rows = list(book["Problems"].iter_rows(values_only=True))
    return {str(value) for row in rows for value in row if value is not None}


def _is_due(certificate: Certificate, last: date) -> bool:
    """Whether a surveillance of a certificate falls due by a day, whatever its profile."""
    first = add_months(certificate.decision_date, 12)
    return certificate.last_audit is None and first <= last


def test_a_small_body_of_certificates_is_planned_for_four_quarters(run: Run, tmp_path: Path) -> None:
    _quarters(run, tmp_path / "small.xlsx", _only_certificates("small", 24), "2")


@pytest.mark.slow
def test_a_medium_body_of_certificates_is_planned_for_four_quarters(run: Run, tmp_path: Path) -> None:
    _quarters(run, tmp_path / "medium.xlsx", _only_certificates("medium", 1200), "15")
