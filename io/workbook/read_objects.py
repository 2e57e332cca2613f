"""Domain objects of rows: a maker a sheet. A blank cell is left to the domain object's own default."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any, TypeVar

from auditplan.io.workbook import words
from auditplan.io.workbook.read_rows import Row
from auditplan.io.workbook.read_spelling import fold
from auditplan.io.workbook.schema import Column, Kind, Sheet
from auditplan.planner.domain import (
    Audit,
    Auditor,
    Certificate,
    Client,
    Conflict,
    HistoryEntry,
    Holiday,
    Part,
    Place,
    PlannedAudit,
    Qualification,
    RuleSetting,
    ScenarioChange,
    SiteRow,
    TimeRow,
    TravelLink,
    Unavailability,
)
from auditplan.planner.rulebook import RULES

Made = TypeVar("Made")
_CONSULTANCY = tuple(fold(word) for word in (words.CONSULTANCY.en, words.CONSULTANCY.zh, *words.CONSULTANCY.also))
_OBJECTION = tuple(fold(word) for word in (words.OBJECTION.en, words.OBJECTION.zh, *words.OBJECTION.also))
_RULES = {fold(name): name for name in RULES}


def make(rows: Iterable[Row], maker: Callable[[Row], Made]) -> tuple[Made, ...]:
    """The objects of the usable rows, in order."""
    return tuple(maker(row) for row in rows if row.usable)


def forget_unusable(sheets: Iterable[Sheet], rows: Mapping[str, list[Row]]) -> None:
    """Takes references to rows that could not be used out of those that can, in place: a row whose required
    reference is gone is of no use either. The problem is told once, where it began.

    sheets: those referred to before those that refer."""
    if all(row.usable for found in rows.values() for row in found):
        return
    alive: dict[str, set[object]] = {}
    for sheet in sheets:
        columns = [column for column in sheet.columns if column.kind in {Kind.REFERENCE, Kind.REFERENCES}]
        found = rows.get(sheet.key, [])
        _keep(found, [column for column in columns if sheet.key not in column.refers], alive)
        identity = "region" if sheet.key == "regions" else "id"
        alive[sheet.key] = {row.values.get(identity) for row in found if row.usable}
        _keep(found, [column for column in columns if sheet.key in column.refers], alive)


def _keep(rows: Iterable[Row], columns: Iterable[Column], alive: Mapping[str, set[object]]) -> None:
    """Keeps of the references in some columns what still is there."""
    for column in columns:
        there = {identity for sheet in column.refers for identity in alive.get(sheet, ())}
        for row in rows:
            value = row.values.get(column.key)
            if isinstance(value, tuple):
                row.values[column.key] = tuple(item for item in value if item in there)
            elif value is not None and value not in there:
                del row.values[column.key]
                row.usable = row.usable and not column.required


def _values(row: Row) -> dict[str, Any]:
    """A row's values, as arguments."""
    return {**row.values, "origin": row.origin}


def auditor(row: Row) -> Auditor:
    """An auditor; the name is the id where there is none."""
    return Auditor(**{"name": row.values["id"], **_values(row)})


def client(row: Row) -> Client:
    """A client; the name is the id where there is none."""
    return Client(**{"name": row.values["id"], **_values(row)})


def qualification(row: Row) -> Qualification:
    """A qualification."""
    return Qualification(**_values(row))


def place(row: Row) -> Place:
    """A place of a region."""
    values = _values(row)
    for key in ("latitude", "longitude"):
        number = values.pop(key, None)
        # Where one of the two is faulty, the other says nothing.
        if number is not None and not row.faulty & {"latitude", "longitude"}:
            values[key] = float(number)
    return Place(**values)


def travel_link(row: Row) -> TravelLink:
    """A way between two places."""
    values = _values(row)
    if "hours" in values:
        values["hours"] = float(values["hours"])
    return TravelLink(**values)


def certificate(row: Row) -> Certificate:
    """A certificate."""
    return Certificate(**_values(row))


def audit(row: Row) -> Audit:
    """An audit; its lead is no second member of its team."""
    values = _values(row)
    if "team" in values:
        values["team"] = tuple(member for member in values["team"] if member != values.get("lead"))
    return Audit(**values)


def unavailability(row: Row, auditors: Mapping[str, Auditor]) -> Unavailability:
    """When an auditor or a client is not to be had; a single day without an end."""
    values = _values(row)
    who = values.pop("who")
    values["auditor" if who in auditors else "client"] = who
    values.setdefault("until", values["start"])
    return Unavailability(**values)


def holiday(row: Row) -> Holiday:
    """A day that overrides the holiday library."""
    return Holiday(**_values(row))


def conflict(row: Row) -> Conflict:
    """Who must stay away from whom; the reason says whether it is consultancy or the client's objection."""
    reason = fold(row.text("reason"))
    return Conflict(
        **_values(row),
        consultancy=any(word in reason for word in _CONSULTANCY),
        objection=any(word in reason for word in _OBJECTION),
    )


def history_entry(row: Row) -> HistoryEntry:
    """A past audit."""
    return HistoryEntry(**_values(row))


def rule_setting(row: Row) -> RuleSetting:
    """A changed rule, its id as the rule book spells it."""
    values = _values(row)
    values["rule"] = _RULES.get(fold(values["rule"]), values["rule"])
    return RuleSetting(**values)


def scenario_change(row: Row) -> ScenarioChange:
    """A change of a scenario, as typed."""
    return ScenarioChange(**_values(row))


def time_row(row: Row) -> TimeRow:
    """A row of an audit time table."""
    return TimeRow(**_values(row))


def site_row(row: Row) -> SiteRow:
    """A place of a client."""
    return SiteRow(**_values(row))


def planned_audit(row: Row) -> PlannedAudit:
    """A row of the plan before. An end that is blank or before the start is the start's own half day: the
    coordinator typed another start, and the planner works the span out anew."""
    values = _values(row)
    values.setdefault("lead", "")
    values.setdefault("start_part", Part.AM)
    values.setdefault("end", values["start"])
    values.setdefault("end_part", Part.PM)
    if values["end"] < values["start"]:
        values["end"] = values["start"]
    return PlannedAudit(**values)
