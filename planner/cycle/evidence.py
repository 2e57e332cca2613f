"""What is known to have taken place: audits done, and those of the plan before that lie behind the period."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from datetime import date

from auditplan.planner.cycle.course import Event
from auditplan.planner.cycle.mark import read_mark
from auditplan.planner.domain import Audit, AuditStatus, AuditType, Body, Certificate
from auditplan.planner.qualification import standard_key

CYCLIC = frozenset({AuditType.SURVEILLANCE, AuditType.RECERTIFICATION})


def settled(body: Body) -> tuple[Body, dict[str, Audit]]:
    """The body with those audits done that the plan before placed ahead of the period, and their rows as they are to
    be written: with Start, Lead and Team of the Schedule, and the status done where they are over by today. An audit
    that was cancelled in the Schedule is so in its own row too: the row of the Schedule goes.

    What lies before the period is not planned again; without this the Schedule of the next period, which replaces the
    one before, would forget that it was placed at all."""
    settings = body.settings
    before = {row.audit: row for row in body.previous if row.end < settings.plan_from}
    cancelled = {row.audit for row in body.previous if row.status is AuditStatus.CANCELLED}
    rows: dict[str, Audit] = {}
    audits = []
    for audit in body.audits:
        row = before.get(audit.id)
        if audit.status in {AuditStatus.DONE, AuditStatus.CANCELLED}:
            audits.append(audit)
        elif audit.id in cancelled:
            rows[audit.id] = replace(audit, status=AuditStatus.CANCELLED)
            audits.append(rows[audit.id])
        elif row is not None:
            kept = replace(audit, start=row.start, lead=row.lead, team=row.team)
            over = row.end < settings.today
            rows[audit.id] = replace(kept, status=AuditStatus.DONE if over else row.status)
            audits.append(replace(kept, status=AuditStatus.DONE))
        elif _lies_behind(audit, settings.plan_from):
            audits.append(replace(audit, status=AuditStatus.DONE))
        else:
            audits.append(audit)
    previous = tuple(row for row in body.previous if row.audit not in cancelled)
    return replace(body, audits=tuple(audits), previous=previous), rows


def _lies_behind(audit: Audit, first: date) -> bool:
    """Whether a row was settled in an earlier run: it has a start before the period and a lead. A typed one that is
    still open is left to the coordinator, who may have mistyped it."""
    settled_before = bool(audit.generated) or audit.status is not AuditStatus.OPEN
    return audit.start is not None and audit.start < first and bool(audit.lead) and settled_before


class Evidence:
    """The audits of each certificate that took place."""

    def __init__(self, body: Body) -> None:
        """Looks through the certificates and the rows of Audits that are done."""
        self._by_step: dict[str, list[Event]] = defaultdict(list)
        self._by_client: dict[str, list[Audit]] = defaultdict(list)
        for audit in body.audits:
            mark = read_mark(audit.generated)
            if audit.status is not AuditStatus.DONE:
                continue
            if mark is None:
                self._by_client[audit.client].append(audit)
                continue
            for step in mark.steps:
                certificate, key = split_step(step)
                self._by_step[certificate].append(Event(day=audit.start or audit.due, type=audit.type, step=key))

    def of(self, certificate: Certificate) -> list[Event]:
        """What took place of a certificate: its Last audit, its generated rows, and typed rows of its client that
        cover its standards."""
        events = list(self._by_step.get(certificate.id, ()))
        if certificate.last_audit is not None and not self._same_day(events, certificate):
            events.append(Event(day=certificate.last_audit, type=certificate.last_type))
        for audit in self._by_client.get(certificate.client, ()):
            if audit.type in CYCLIC and covers(audit, certificate):
                events.append(Event(day=audit.start or audit.due, type=audit.type))
        return events

    @staticmethod
    def _same_day(events: list[Event], certificate: Certificate) -> bool:
        """Whether Last audit is one of the generated rows, told a second time."""
        last = certificate.last_audit
        return last is not None and any(abs((event.day - last).days) <= 45 for event in events)


def split_step(step: str) -> tuple[str, str]:
    """Certificate and key of a step's id: the key is its last two parts."""
    rest, _, year = step.rpartition("-")
    certificate, _, key = rest.rpartition("-")
    return certificate, f"{key}-{year}"


def covers(audit: Audit, certificate: Certificate | Audit) -> bool:
    """Whether an audit has every standard of a certificate, or of another audit."""
    own = {standard_key(standard)[0] for standard in audit.standards}
    return own >= {standard_key(standard)[0] for standard in certificate.standards}
