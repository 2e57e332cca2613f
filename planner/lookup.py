"""A body's objects by id."""

from __future__ import annotations

from auditplan.planner.domain import Audit, Auditor, Body, Client, PlannedAudit


class Lookup:
    """Auditors, clients, audits and rows of the plan before, by id; `order` is the place of an auditor in the
    Auditors sheet and `audit_order` that of an audit in the Audits sheet."""

    def __init__(self, body: Body) -> None:
        """Indexes a body once."""
        self.auditors: dict[str, Auditor] = {auditor.id: auditor for auditor in body.auditors}
        self.clients: dict[str, Client] = {client.id: client for client in body.clients}
        self.audits: dict[str, Audit] = {audit.id: audit for audit in body.audits}
        self.previous: dict[str, PlannedAudit] = {row.audit: row for row in body.previous}
        self.order: dict[str, int] = {auditor.id: index for index, auditor in enumerate(body.auditors)}
        self.audit_order: dict[str, int] = {audit.id: index for index, audit in enumerate(body.audits)}
