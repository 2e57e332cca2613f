"""How the audits of a body refer to each other."""

from __future__ import annotations

from collections import defaultdict

from auditplan.planner.domain import Audit, AuditType


class Links:
    """How audits refer to each other, both ways."""

    def __init__(self, audits: tuple[Audit, ...]) -> None:
        """following: those whose After names an audit; paired: whose `Same team as` names it; judged: those that a
        decision follows, directly or over several steps; kept_from: those that must share nobody with it."""
        after = {audit.id: audit.after for audit in audits}
        self.following: dict[str, list[Audit]] = defaultdict(list)
        self.paired: dict[str, list[str]] = defaultdict(list)
        self.judged: dict[str, list[str]] = defaultdict(list)
        self.kept_from: dict[str, list[str]] = defaultdict(list)
        for audit in audits:
            self.following[audit.after].append(audit)
            self.paired[audit.same_team_as].append(audit.id)
            if audit.not_team_of:
                self.kept_from[audit.not_team_of].append(audit.id)
            step = audit.after if audit.type is AuditType.DECISION else ""
            while step in after and step not in self.judged[audit.id]:
                self.judged[audit.id].append(step)
                self.kept_from[step].append(audit.id)
                step = after[step]
