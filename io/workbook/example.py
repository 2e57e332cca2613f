"""The example of the template: one row a sheet, which plans at once."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from auditplan.io.messages import message
from auditplan.planner import domain


def example_body(language: str) -> domain.Body:
    """A body of one auditor, one client, one certificate and one audit."""

    def word(key: str) -> str:
        """A word of the example in the language."""
        return message(f"example-{key}", language)

    city = word("city")
    return domain.Body(
        settings=domain.Settings(
            plan_from=date(2027, 1, 4),
            plan_to=date(2027, 3, 31),
            today=date(2026, 11, 23),
            organisation=word("organisation"),
            country=word("country"),
            time_zone=word("zone"),
            currency=word("currency"),
            language=language,
        ),
        auditors=(
            domain.Auditor(
                id=word("auditor"),
                name=word("auditor"),
                region=city,
                email="auditor@example.com",
                max_days=Decimal(40),
            ),
        ),
        qualifications=(
            domain.Qualification(
                auditor=word("auditor"),
                standard="ISO 9001:2015",
                role=domain.Role.LEAD,
                codes=("17", "19"),
                valid_from=date(2025, 6, 1),
                valid_to=date(2028, 5, 31),
            ),
        ),
        places=(domain.Place(region=city, city=city),),
        travel=(domain.TravelLink(start=city, end=word("other-city"), hours=2.0, cost=Decimal(150)),),
        clients=(domain.Client(id="C001", name=word("client"), region=city, contact=word("contact"), personnel=55),),
        **_work(language),
    )


def _work(language: str) -> dict[str, Any]:
    """The example's certificate, audit, and what stands in their way."""

    def word(key: str) -> str:
        """A word of the example in the language."""
        return message(f"example-{key}", language)

    return {
        "certificates": (
            domain.Certificate(
                id="CERT-001",
                client="C001",
                standards=("ISO 9001:2015",),
                codes=("17",),
                decision_date=date(2026, 3, 10),
                expiry_date=date(2029, 3, 9),
            ),
        ),
        "audits": (
            domain.Audit(
                id="T001",
                client="C001",
                type=domain.AuditType.SURVEILLANCE,
                standards=("ISO 9001:2015",),
                codes=("17",),
                days=Decimal(2),
                earliest=date(2027, 1, 11),
                due=date(2027, 3, 10),
            ),
        ),
        "sites": (domain.SiteRow(client="C001", site=word("site"), region=word("city"), central=True),),
        "audit_time": (domain.TimeRow(scheme="QMS", low=1, high=5, days=Decimal("1.5")),),
        **_bounds(language),
    }


def _bounds(language: str) -> dict[str, Any]:
    """What limits the example's plan, and a what-if question about it."""

    def word(key: str) -> str:
        """A word of the example in the language."""
        return message(f"example-{key}", language)

    return {
        "unavailable": (
            domain.Unavailability(
                auditor=word("auditor"), start=date(2027, 1, 18), until=date(2027, 1, 20), reason=word("leave")
            ),
        ),
        "holidays": (domain.Holiday(day=date(2027, 1, 1), kind=domain.HolidayKind.OFF),),
        "conflicts": (
            domain.Conflict(
                auditor=word("auditor"),
                client="C001",
                reason=word("consultancy"),
                consultancy=True,
                until=date(2020, 12, 31),
            ),
        ),
        "history": (
            domain.HistoryEntry(
                client="C001",
                auditor=word("auditor"),
                day=date(2026, 2, 20),
                standard="ISO 9001:2015",
                role=domain.Role.LEAD,
            ),
        ),
        "rules": (domain.RuleSetting(rule="rotation", value=Decimal(6), source=word("source")),),
        "scenarios": (
            domain.ScenarioChange(
                scenario=word("scenario"), change=word("change"), target=word("target"), value="+15 %"
            ),
        ),
    }
