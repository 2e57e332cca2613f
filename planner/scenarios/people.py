"""Changes of people: who joins, who leaves, who is qualified for more, who is away."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import date, timedelta

from auditplan.planner.domain import (
    Audit,
    Auditor,
    AuditStatus,
    Body,
    Employment,
    PlannedAudit,
    Qualification,
    Unavailability,
)
from auditplan.planner.scenarios.changes import Absence, AddAuditors, AddQualification, RemoveAuditor

NEW = "+"
"""Between the name of the model and the number of the new one: no id typed by hand is likely to hold it."""


def add_auditors(body: Body, change: AddAuditors) -> Body:
    """People of their own, who have nothing planned and no history; ids `Li +1`, `Li +2`, …"""
    stem = change.like or change.region
    taken = {auditor.id for auditor in body.auditors}
    auditors, rows = list(body.auditors), list(body.qualifications)
    model = _model(body, change)
    held = _held(body, change)
    number = 0
    for _ in range(change.number):
        number += 1
        while f"{stem} {NEW}{number}" in taken:
            number += 1
        name = f"{stem} {NEW}{number}"
        taken.add(name)
        auditors.append(replace(model, id=name, name=name))
        rows += [replace(row, auditor=name, origin=None) for row in held]
    return replace(body, auditors=tuple(auditors), qualifications=tuple(rows))


def _model(body: Body, change: AddAuditors) -> Auditor:
    """What the new people are like; a full-time person of the region's own place where none is named."""
    plain = Auditor(id="", name="", region=change.region, employment=Employment.FULL_TIME)
    found = next((auditor for auditor in body.auditors if auditor.id == change.like), plain)
    return replace(found, email="", active_from=None, active_to=None, origin=None)


def _held(body: Body, change: AddAuditors) -> tuple[Qualification, ...]:
    """The qualifications of the model, held from the start. In a region: those that at least half of
    its people hold, or all of its people's if there are none such."""
    if change.like:
        rows = [row for row in body.qualifications if row.auditor == change.like]
        return tuple(replace(row, valid_from=None) for row in rows)
    people = {auditor.id for auditor in body.auditors if auditor.region == change.region}
    people = people or {auditor.id for auditor in body.auditors}
    rows = [row for row in body.qualifications if row.auditor in people]
    plain = [replace(row, auditor="", valid_from=None, valid_to=None, origin=None) for row in rows]
    count = Counter(plain)
    common = tuple(row for row in dict.fromkeys(plain) if 2 * count[row] >= len(people))
    return common or tuple(dict.fromkeys(plain))


def add_qualification(body: Body, change: AddQualification) -> Body:
    """One row more."""
    row = Qualification(auditor=change.auditor, standard=change.standard, role=change.role, codes=change.codes)
    return replace(body, qualifications=(*body.qualifications, row))


def absence(body: Body, change: Absence) -> Body:
    """One row more of Unavailable."""
    row = Unavailability(auditor=change.auditor, start=change.start, until=change.until)
    return replace(body, unavailable=(*body.unavailable, row))


def remove_auditor(body: Body, change: RemoveAuditor) -> Body:
    """Active to the day before. What was fixed for the person from then on is open again: otherwise the plan would
    keep them where the coordinator put them, and hide the loss."""
    since = change.since or body.settings.plan_from
    last = since - timedelta(days=1)

    def leaving(auditor: Auditor) -> Auditor:
        """The person with the day on which they leave."""
        if auditor.id != change.auditor:
            return auditor
        return replace(auditor, active_to=last if auditor.active_to is None else min(last, auditor.active_to))

    return replace(
        body,
        auditors=tuple(leaving(auditor) for auditor in body.auditors),
        audits=tuple(_released(audit, change.auditor, since) for audit in body.audits),
        previous=tuple(_row_released(row, change.auditor, since) for row in body.previous),
    )


def _released(audit: Audit, person: str, since: date) -> Audit:
    """An audit without what was fixed for a person who has left by then."""
    if person not in (audit.lead, *audit.team) or audit.status is AuditStatus.DONE:
        return audit
    if audit.start is not None and audit.start < since:
        return audit
    status = AuditStatus.PROPOSED if audit.status is AuditStatus.CONFIRMED else audit.status
    team = tuple(other for other in audit.team if other != person)
    return replace(audit, lead="" if audit.lead == person else audit.lead, team=team, status=status)


def _row_released(row: PlannedAudit, person: str, since: date) -> PlannedAudit:
    """A row of the plan before that no longer holds a person where they have left by then."""
    if person not in (row.lead, *row.team, *row.experts, *row.trainees) or row.end < since:
        return row
    status = row.status if row.status is AuditStatus.DONE else AuditStatus.PROPOSED
    return replace(row, status=status, lock=None, typed=None, invited=False)
