"""A small body for the cycle: one client, one auditor, certificates as a test gives them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from auditplan.planner.domain import (
    Auditor,
    Body,
    Certificate,
    Client,
    Place,
    Qualification,
    Role,
    RuleSetting,
    Settings,
)


def _certificate(**fields: Any) -> Certificate:
    """A certificate of ISO 9001, decided on 15 March 2026 for three years."""
    values: dict[str, Any] = {
        "id": "A1",
        "client": "K1",
        "standards": ("ISO 9001",),
        "decision_date": date(2026, 3, 15),
        "expiry_date": date(2029, 3, 14),
        "profile": "iso-17021",
    }
    return Certificate(**{**values, **fields})


def _body(*certificates: Certificate, rules: tuple[RuleSetting, ...] = (), **fields: Any) -> Body:
    """A body whose first quarter of 2027 is planned on 1 December 2026."""
    values: dict[str, Any] = {
        "settings": Settings(plan_from=date(2027, 1, 4), plan_to=date(2027, 3, 31), today=date(2026, 12, 1)),
        "auditors": (Auditor(id="Li", name="Li", region="North"), Auditor(id="Wu", name="Wu", region="North")),
        "qualifications": tuple(
            Qualification(auditor=person, standard=standard, role=Role.LEAD)
            for person in ("Li", "Wu")
            for standard in ("ISO 9001", "ISO 14001", "GB/T 27922")
        ),
        "places": (Place(region="North", city="", latitude=40.0, longitude=116.0, country="CN"),),
        "clients": (
            Client(id="K1", name="K1", region="North", personnel=55),
            Client(id="K2", name="K2", region="North"),
        ),
    }
    return Body(certificates=certificates, rules=rules, **{**values, **fields})


@pytest.fixture
def certificate() -> Callable[..., Certificate]:
    """Makes certificates."""
    return _certificate


@pytest.fixture
def body() -> Callable[..., Body]:
    """Makes bodies."""
    return _body
