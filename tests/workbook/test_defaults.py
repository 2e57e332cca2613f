"""What is missing or blank has the default that the contract gives, whether the column is there or not."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import fields
from datetime import date, time
from decimal import Decimal
from typing import Any

import pytest

from auditplan.io.workbook.read import Reading
from auditplan.io.workbook.schema import SETTINGS_KEYS, SHEETS
from auditplan.planner.domain import (
    AuditMode,
    AuditStatus,
    AuditType,
    Body,
    CertificateStatus,
    Employment,
    Role,
)
from auditplan.planner.facts import Facts

Read = Callable[..., Reading]
REQUIRED: dict[str, list[Any]] = {
    "regions": ["East"],
    "auditors": ["A1", "East"],
    "qualifications": ["A1", "ISO 9001", "lead"],
    "travel": ["East", "West"],
    "clients": ["C1", "East"],
    "certificates": ["Z1", "C1", "ISO 9001", date(2026, 3, 10), date(2029, 3, 9)],
    "audits": ["T1", "C1", "surveillance", "ISO 9001", 2, date(2027, 3, 26)],
    "unavailable": ["A1", date(2027, 1, 5)],
    "holidays": [date(2027, 1, 1), "off"],
    "conflicts": ["A1", "C1"],
    "history": ["C1", "A1", date(2026, 3, 9)],
    "rules": ["rotation"],
    "scenarios": ["More", "demand"],
}
"""The required cells of a row a sheet, in the order of the schema."""
DEFAULTS: dict[str, dict[str, Any]] = {
    "auditors": {
        "name": "A1",
        "email": "",
        "employment": Employment.FULL_TIME,
        "city": "",
        "max_days": None,
        "max_days_per_week": Decimal(5),
        "max_nights": 10,
        "target_days": None,
        "working_days": frozenset({1, 2, 3, 4, 5}),
        "cost_per_day": Decimal(0),
        "languages": (),
        "active_from": None,
        "active_to": None,
    },
    "qualifications": {"codes": ("*",), "role": Role.LEAD, "valid_from": None, "valid_to": None},
    "places": {"city": "", "latitude": None, "longitude": None, "country": ""},
    "travel": {"hours": None, "cost": None},
    "clients": {"name": "C1", "sites": 1, "preferred_months": frozenset(), "holidays_worked": True, "personnel": None},
    "certificates": {"codes": (), "issue_date": None, "last_audit": None, "status": CertificateStatus.VALID},
    "audits": {
        "type": AuditType.SURVEILLANCE,
        "codes": (),
        "smallest_team": 1,
        "largest_team": 4,
        "earliest": None,
        "target": None,
        "mode": AuditMode.ON_SITE,
        "region": "",
        "city": "",
        "after": "",
        "gap_from": 0,
        "gap_to": None,
        "experts": 0,
        "trainees": 0,
        "priority": 3,
        "unannounced": False,
        "lead": "",
        "team": (),
        "start": None,
        "status": AuditStatus.OPEN,
    },
    "unavailable": {"until": date(2027, 1, 5), "part": None, "reason": ""},
    "holidays": {"country": ""},
    "conflicts": {"start": None, "until": None, "consultancy": False, "objection": False},
    "history": {"standard": "", "role": None},
    "rules": {"on": True, "kind": None, "value": None, "weight": None},
    "scenarios": {"target": "", "value": "", "note": ""},
}
SETTINGS: dict[str, Any] = {
    "today": date(2026, 12, 1),
    "organisation": "",
    "organiser_email": "",
    "time_zone": "Asia/Shanghai",
    "country": "CN",
    "day_starts": time(9),
    "lunch_starts": time(12),
    "lunch_ends": time(13),
    "day_ends": time(17),
    "currency": "CNY",
    "longest_span": Decimal(5),
    "across_weekends": False,
    "freeze_days": 14,
    "cost_per_km": Decimal(1),
    "night_away": Decimal(350),
    "cost_per_change": Decimal(400),
    "full_time_member": False,
    "reminder": 0,
}


def _sheets(language: str, *, blank: bool) -> dict[str, Any]:
    """A book of required cells; blank: with every other column there, and nothing in it."""
    found: dict[str, Any] = {}
    for key, values in REQUIRED.items():
        sheet = SHEETS[key]
        columns = [column for column in sheet.columns if column.required or blank]
        cells = iter(values)
        row = [next(cells) if column.required else None for column in columns]
        found[sheet.name(language)] = [[column.name(language) for column in columns], row]
    names = {column.key: column.name(language) for column in SETTINGS_KEYS}
    settings: list[list[Any]] = [[column.name(language) for column in SHEETS["settings"].columns]]
    settings += [[names["plan_from"], date(2027, 1, 4)], [names["plan_to"], date(2027, 3, 31)]]
    settings += [[name, None] for key, name in names.items() if blank and not key.startswith("plan_")]
    return {**found, SHEETS["settings"].name(language): settings}


@pytest.fixture(params=[("en", False), ("en", True), ("zh", False), ("zh", True)])
def body(request: pytest.FixtureRequest, read_sheets: Read) -> tuple[str, Body]:
    """A language, and the body of such a book in it."""
    language, blank = request.param
    reading = read_sheets(_sheets(language, blank=blank))
    assert not reading.stopping, reading.problems
    assert reading.body is not None
    return language, reading.body


def test_settings(body: tuple[str, Body]) -> None:
    language, read = body
    settings = read.settings
    assert {key: getattr(settings, key) for key in SETTINGS} == SETTINGS
    assert settings.language == language, "that of the headers"
    assert {item.name for item in fields(settings)} == {*SETTINGS, "plan_from", "plan_to", "language", "origin"}


@pytest.mark.parametrize("key", DEFAULTS)
def test_rows(body: tuple[str, Body], key: str) -> None:
    [row] = getattr(body[1], key)
    assert {name: getattr(row, name) for name in DEFAULTS[key]} == DEFAULTS[key]


def test_what_a_person_has_by_default(body: tuple[str, Body]) -> None:
    """Max days: the working days of the period; the home: the region's own place."""
    facts = Facts(body[1])
    [auditor] = body[1].auditors
    calendar = facts.calendars.of("")
    days = [date.fromordinal(day) for day in range(date(2027, 1, 4).toordinal(), date(2027, 4, 1).toordinal())]
    working = sum(calendar.is_working(day) and day.isoweekday() <= 5 for day in days)
    made_up = sum(calendar.is_make_up(day) for day in days)
    assert facts.capacity(auditor) / 2 == working + made_up - 1, "one day of absence"
