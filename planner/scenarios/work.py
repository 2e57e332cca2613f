"""Changes of the work: how much there is, when it may run, how it is done, and the rules it obeys."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

from auditplan.planner.domain import Audit, AuditMode, AuditStatus, Body, Client, RuleSetting
from auditplan.planner.rulebook import RULES
from auditplan.planner.scenarios.changes import (
    Demand,
    NewPeriod,
    RemoteShare,
    RuleChange,
    TeamSize,
    WidenWindows,
)
from auditplan.planner.scenarios.selection import FIXED, Filter, chains, rank, selected, share

NEW = "+"


def demand(body: Body, change: Demand) -> Body:
    """More audits, of new clients like those there are, or fewer."""
    number = share(len(selected(body, change.audits)), abs(change.percent))
    return grown(body, change.audits, number) if change.percent > 0 else shrunk(body, change.audits, number)


def grown(body: Body, wanted: Filter, number: int) -> Body:
    """At least `number` audits more of those wanted, by copying chains of audits in a fixed order, each for a new
    client like its own; beyond their number they are copied again. What n brings is among what n + 1 brings."""
    meant = {audit.id for audit in selected(body, wanted)}
    sources = [chain for chain in chains(body.audits) if any(audit.id in meant for audit in chain)]
    audits, clients = list(body.audits), {client.id: client for client in body.clients}
    taken = {audit.id for audit in audits}
    added, turn = 0, 0
    while added < number and sources:
        turn += 1
        for chain in sources:
            if added >= number:
                break
            label = turn
            while any(f"{audit.id} {NEW}{label}" in taken for audit in chain):
                label += 1
            copies = _copies(chain, label, clients)
            taken |= {audit.id for audit in copies}
            audits += copies
            added += sum(audit.id in meant for audit in chain)
    return replace(body, audits=tuple(audits), clients=tuple(clients.values()))


def _copies(chain: tuple[Audit, ...], label: int, clients: dict[str, Client]) -> list[Audit]:
    """A chain once more, for new clients; nothing of it is fixed. Done and cancelled links of it count as open."""
    inside = {audit.id for audit in chain}

    def renamed(name: str) -> str:
        """A reference within the chain."""
        return f"{name} {NEW}{label}" if name in inside else ""

    found = []
    for audit in chain:
        client = clients[audit.client]
        name = f"{client.id} {NEW}{label}"
        clients.setdefault(name, replace(client, id=name, name=f"{client.name} {NEW}{label}", email="", origin=None))
        found.append(
            replace(
                audit,
                id=renamed(audit.id),
                client=name,
                after=renamed(audit.after),
                same_team_as=renamed(audit.same_team_as),
                not_team_of=renamed(audit.not_team_of),
                lead="",
                team=(),
                start=None,
                status=AuditStatus.OPEN,
                origin=None,
            )
        )
    return found


def shrunk(body: Body, wanted: Filter, number: int) -> Body:
    """At most `number` audits fewer of those wanted, chains as a whole; what is confirmed or done stays."""
    meant = {audit.id for audit in selected(body, wanted)}
    gone: set[str] = set()
    left = number
    for chain in chains(body.audits):
        hit = sum(audit.id in meant for audit in chain)
        if hit and hit <= left and not any(audit.status in FIXED for audit in chain):
            gone |= {audit.id for audit in chain}
            left -= hit
    if not gone:
        return body
    audits = tuple(audit for audit in body.audits if audit.id not in gone)
    return replace(body, audits=audits, previous=tuple(row for row in body.previous if row.audit not in gone))


def widen_windows(body: Body, change: WidenWindows) -> Body:
    """Both ends of the window; what is not up for planning in this period stays so."""
    days, end = timedelta(days=change.days), body.settings.plan_to
    meant = {audit.id for audit in selected(body, change.audits)}

    def widened(audit: Audit) -> Audit:
        """An audit with its window."""
        if audit.id not in meant or not change.days:
            return audit
        earliest = audit.earliest
        if earliest is not None:
            outside = earliest > end
            earliest = max(earliest - days, end + timedelta(days=1)) if outside else earliest - days
        return replace(audit, earliest=earliest, due=max(audit.due + days, date.min))

    return replace(body, audits=tuple(widened(audit) for audit in body.audits))


def remote_share(body: Body, change: RemoteShare) -> Body:
    """So many of the audits remote: those that are already, then others in a fixed order."""
    meant = [audit for audit in selected(body, change.audits) if audit.mode is not AuditMode.DESK]
    meant.sort(key=lambda audit: (audit.mode is not AuditMode.REMOTE, rank(audit.id)))
    number = share(len(meant), change.percent)
    remote = {audit.id for audit in meant[:number]}
    site = {audit.id for audit in meant[number:] if audit.mode is AuditMode.REMOTE}

    def moved(audit: Audit) -> Audit:
        """An audit with its mode."""
        if audit.status in FIXED:
            return audit
        mode = AuditMode.REMOTE if audit.id in remote else AuditMode.ON_SITE if audit.id in site else audit.mode
        return replace(audit, mode=mode)

    return replace(body, audits=tuple(moved(audit) for audit in body.audits))


def team_size(body: Body, change: TeamSize) -> Body:
    """Other limits of the size."""
    meant = {audit.id for audit in selected(body, change.audits)}
    audits = tuple(
        replace(audit, smallest_team=change.smallest, largest_team=change.largest) if audit.id in meant else audit
        for audit in body.audits
    )
    return replace(body, audits=audits)


def rule(body: Body, change: RuleChange) -> Body:
    """A row of Rules: the one there is, changed, or a new one. A number is the rule's value, or its weight where it
    has no value."""
    row = next((row for row in body.rules if row.rule == change.rule), RuleSetting(rule=change.rule))
    changed = replace(row, on=row.on if change.on is None else change.on, kind=change.kind or row.kind)
    if change.number is not None:
        number: Decimal = change.number
        valued = RULES[change.rule].value is not None
        changed = replace(changed, value=number) if valued else replace(changed, weight=number)
    if row in body.rules:
        return replace(body, rules=tuple(changed if other == row else other for other in body.rules))
    return replace(body, rules=(*body.rules, changed))


def new_period(body: Body, change: NewPeriod) -> Body:
    """Other first and last days."""
    return replace(body, settings=replace(body.settings, plan_from=change.start, plan_to=change.end))
