"""Four traps in a demonstration body: audits that cannot be placed, each for a reason of its own."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

from auditplan.planner.demo.staff import ranked_codes
from auditplan.planner.demo.words import Wording
from auditplan.planner.domain import Audit, AuditType, Body, Client, Conflict, Qualification, Role

TRAP_STANDARD = "ISO 22000:2018"


def with_traps(body: Body, wording: Wording, cities: tuple[str, ...]) -> Body:
    """Four audits that cannot be placed, each for a reason of its own."""
    quality, code = wording.standards[0], ranked_codes()[0]
    clients, audits = list(body.clients), list(body.audits)
    rows, conflicts = list(body.qualifications), list(body.conflicts)
    city, lapsing, barred = cities[0], body.auditors[0].id, body.auditors[1].id
    start, due = date(2027, 2, 22), date(2027, 3, 19)
    for number, (kind, name) in enumerate(wording.traps.items()):
        client = Client(id=f"TRAP-C{number + 1}", name=name, region=city)
        clients.append(client)
        standard = {"lead": TRAP_STANDARD, "lapse": "ISO 50001:2018", "conflict": "ISO 27001:2022"}.get(kind, quality)
        audits.append(
            Audit(
                id=f"TRAP-{kind.upper()}",
                client=client.id,
                type=AuditType.SURVEILLANCE,
                standards=(standard,),
                codes=(code,) if kind == "window" else (),
                days=Decimal(2),
                earliest=date(2027, 3, 20) if kind == "window" else start,
                due=due,
            )
        )
    rows.append(Qualification(auditor=lapsing, standard=TRAP_STANDARD, role=Role.AUDITOR))
    rows.append(
        Qualification(auditor=lapsing, standard="ISO 50001:2018", role=Role.LEAD, valid_to=start + timedelta(days=0))
    )
    rows.append(Qualification(auditor=barred, standard="ISO 27001:2022", role=Role.LEAD))
    until = date(due.year - 2, due.month, due.day) + timedelta(days=20)
    conflicts.append(
        Conflict(
            auditor=barred,
            client="TRAP-C3",
            reason=wording.consultancy,
            consultancy=True,
            until=until,
        )
    )
    return replace(
        body,
        clients=tuple(clients),
        audits=tuple(audits),
        qualifications=tuple(rows),
        conflicts=tuple(conflicts),
    )
