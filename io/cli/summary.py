"""What became of the audits, for a person: placed and left out with reasons, cost, and how good the plan is."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator

from rich.console import RenderableType
from rich.table import Table
from rich.text import Text

from auditplan.io.cli.books import count
from auditplan.io.cli.progress import HUNDREDTHS
from auditplan.io.cli.screen import table
from auditplan.io.cli.talk import Talk, plain
from auditplan.io.render import figure
from auditplan.io.workbook.schema import UNPLACED
from auditplan.io.workbook.words import AUDIT_TYPES
from auditplan.planner.domain import Audit, AuditType, Body
from auditplan.planner.plan import Plan, Unplaced
from auditplan.planner.problems import Problem

SHOWN = 8
"""Audits left out that are shown on the screen; all are in the book."""


def plan_summary(talk: Talk, body: Body, plan: Plan, problems: Iterable[Problem]) -> Iterator[RenderableType]:
    """The parts of the summary, in the order in which a coordinator wants to know."""
    audits = {audit.id: audit for audit in body.audits}
    placed, left_out = len(plan.placements), len(plan.unplaced)
    code = "cli-summary-all" if not left_out else "cli-summary-some"
    yield Text(talk.text(code, placed=placed, total=placed + left_out, left_out=left_out), style="bold")
    if plan.outside:
        yield Text(talk.text("cli-summary-outside", number=len(plan.outside)))
    yield _types(talk, audits, plan)
    if plan.unplaced:
        yield _left_out(talk, body, audits, plan.unplaced[:SHOWN])
        if left_out > SHOWN:
            yield Text(talk.text("cli-summary-more", number=left_out - SHOWN))
    yield Text(_money(talk, body, plan))
    yield Text(_quality(talk, plan))
    yield Text(talk.text("cli-summary-verified", checks=f"{sum(number for _, number in plan.checks):,}"))
    numbers = count(problems)
    if any(numbers.values()):
        yield Text(talk.text("cli-summary-problems", **numbers))


def _types(talk: Talk, audits: dict[str, Audit], plan: Plan) -> Table:
    """How many audits of each type are placed and left out, with the days placed."""
    placed = Counter(audits[entry.audit].type for entry in plan.placements)
    left_out = Counter(audits[entry.audit].type for entry in plan.unplaced)
    days: Counter[AuditType] = Counter()
    for entry in plan.placements:
        days[audits[entry.audit].type] += audits[entry.audit].days  # type: ignore[assignment]
    headers = [talk.text(f"cli-column-{name}") for name in ("type", "placed", "left-out", "days")]
    rows = [
        (AUDIT_TYPES[kind].written(talk.language), str(placed[kind]), str(left_out[kind]), f"{days[kind]:.1f}")
        for kind in AuditType
        if placed[kind] or left_out[kind]
    ]
    return table(headers, rows, numbers_from=1)


def _left_out(talk: Talk, body: Body, audits: dict[str, Audit], unplaced: Iterable[Unplaced]) -> Table:
    """The audits left out, with the reasons and what follows."""
    from auditplan.io.render import consequence_text, reason_text

    clients = {client.id: client.name for client in body.clients}
    headers = [UNPLACED.column(key).name(talk.language) for key in ("audit", "client", "due", "reason", "consequence")]
    rows = []
    for entry in unplaced:
        audit = audits[entry.audit]
        reasons = "\n".join(reason_text(reason, talk.language) for reason in entry.reasons[:2])
        after = consequence_text(entry, talk.language)
        rows.append((audit.id, clients[audit.client], audit.due.isoformat(), plain(reasons), after))
    return table(headers, rows)


def _money(talk: Talk, body: Body, plan: Plan) -> str:
    """Journeys, nights and day rates."""
    travel = sum(entry.travel_cost for entry in plan.placements)
    fees = sum(entry.fee for entry in plan.placements)
    nights = sum(seat.nights for entry in plan.placements for seat in entry.seats)
    return talk.text(
        "cli-summary-money",
        travel=f"{travel / HUNDREDTHS:,.0f}",
        fees=f"{fees / HUNDREDTHS:,.0f}",
        currency=plain(body.settings.currency),
        nights=nights,
    )


def _quality(talk: Talk, plan: Plan) -> str:
    """How much better a plan could be: nothing, where it is proven; else the first level that is open."""
    level = next((level for level in plan.levels if level.bound < level.value), None)
    if plan.optimal or level is None:
        return talk.text("cli-summary-optimal")
    return talk.text(
        "cli-summary-gap",
        level=talk.text(f"cli-level-{level.name}"),
        value=figure(level.name, level.value),
        bound=figure(level.name, level.bound),
        gap=f"{level.gap:.1%}",
    )
