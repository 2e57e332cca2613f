"""Rows that were read become domain objects."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import fields
from decimal import Decimal
from typing import Any

from auditplan.io.workbook import words
from auditplan.io.workbook.fold import fold
from auditplan.io.workbook.references import References
from auditplan.io.workbook.schema import AUDITORS, CLIENTS, UNAVAILABLE, Kind, Sheet
from auditplan.io.workbook.tables import Findings, Row, Table
from auditplan.io.workbook.values import text_of
from auditplan.planner import domain
from auditplan.planner.audit_time import computed_days
from auditplan.planner.problems import Severity
from auditplan.planner.rulebook import RULES

_CLASSES: dict[str, tuple[str, Any]] = {
    "auditors": ("auditors", domain.Auditor),
    "qualifications": ("qualifications", domain.Qualification),
    "regions": ("places", domain.Place),
    "travel": ("travel", domain.TravelLink),
    "clients": ("clients", domain.Client),
    "certificates": ("certificates", domain.Certificate),
    "audits": ("audits", domain.Audit),
    "unavailable": ("unavailable", domain.Unavailability),
    "holidays": ("holidays", domain.Holiday),
    "conflicts": ("conflicts", domain.Conflict),
    "history": ("history", domain.HistoryEntry),
    "rules": ("rules", domain.RuleSetting),
    "scenarios": ("scenarios", domain.ScenarioChange),
    "schedule": ("previous", domain.PlannedAudit),
}


def build_body(settings: domain.Settings, tables: dict[str, Table], findings: Findings) -> domain.Body:
    """The body of every sound row."""
    references = References(tables)
    parts: dict[str, tuple[object, ...]] = {}
    for key, table in tables.items():
        if key not in _CLASSES:
            continue
        for row in table.rows:
            for column in table.sheet.columns:
                if column.kind in {Kind.REFERENCE, Kind.REFERENCES}:
                    references.resolve(table, column, row, findings)
        attribute, made = _CLASSES[key]
        special = _SPECIAL.get(key)
        objects = []
        for row in table.rows:
            if row.sound and (special is None or special(row, tables, findings)):
                objects.append(_object(made, table.sheet, row))
        parts[attribute] = tuple(objects)
    return domain.Body(settings=settings, **parts)  # type: ignore[arg-type]


def _object(made: Any, sheet: Sheet, row: Row) -> object:
    """A domain object from a row's values; what is blank keeps its default."""
    names = {entry.name: entry for entry in fields(made)}
    values: dict[str, object] = {"origin": row.origin}
    for key, value in row.values.items():
        if key in names:
            values[key] = _fitted(value, str(names[key].type), sheet, key)
    return made(**values)


def _fitted(value: object, kind: str, sheet: Sheet, key: str) -> object:
    """A value in the type that its field has."""
    if isinstance(value, Decimal) and kind.startswith("float"):
        return float(value)
    if kind.startswith("str") and not isinstance(value, str):
        return text_of(value)
    return value


def _auditor(row: Row, tables: dict[str, Table], findings: Findings) -> bool:
    """Name defaults to the id; dates in order."""
    row.values.setdefault("name", row.values["id"])
    _ordered(row, "active_from", "active_to", findings)
    return True


def _client(row: Row, tables: dict[str, Table], findings: Findings) -> bool:
    """Name defaults to the id."""
    row.values.setdefault("name", row.values["id"])
    return True


def _qualification(row: Row, tables: dict[str, Table], findings: Findings) -> bool:
    """Dates in order."""
    return _ordered(row, "valid_from", "valid_to", findings)


def _certificate(row: Row, tables: dict[str, Table], findings: Findings) -> bool:
    """Decided before it expires."""
    return _ordered(row, "decision_date", "expiry_date", findings)


def _audit(row: Row, tables: dict[str, Table], findings: Findings) -> bool:
    """Team sizes, gaps, windows and references to itself; Days computed where they are blank."""
    values, origin = row.values, row.origin
    smallest, largest = values.get("smallest_team", 1), values.get("largest_team", 4)
    assert isinstance(smallest, int)
    assert isinstance(largest, int)
    if smallest > largest:
        if "largest_team" in values:
            findings.add("team-sizes", Severity.ERROR, origin.sheet, origin.cell("largest_team"), largest)
            return False
        values["largest_team"] = smallest
    low, high = values.get("gap_from", 0), values.get("gap_to")
    if isinstance(low, int) and isinstance(high, int) and low > high:
        findings.add("gap-order", Severity.ERROR, origin.sheet, origin.cell("gap_to"), high, low=low)
        return False
    for key in ("after", "same_team_as", "not_team_of"):
        if values.get(key) == values["id"]:
            findings.add("refers-to-itself", Severity.ERROR, origin.sheet, origin.cell(key), values["id"])
            values.pop(key)
    earliest, due = values.get("earliest"), values["due"]
    if earliest is not None and earliest > due:  # type: ignore[operator]
        findings.add("window-empty", Severity.WARNING, origin.sheet, origin.cell("due"), due, earliest=earliest)
    lead, team = values.get("lead"), values.get("team", ())
    if isinstance(team, tuple) and lead in team:
        values["team"] = tuple(person for person in team if person != lead)
    return "days" in values or _days(row, tables, findings)


def _days(row: Row, tables: dict[str, Table], findings: Findings) -> bool:
    """Days computed from the client's personnel, by IAF MD 5."""
    clients = tables.get("clients")
    own = (
        next((entry for entry in clients.rows if entry.values.get("id") == row.values["client"]), None)
        if clients
        else None
    )
    personnel = own.values.get("personnel") if own else None
    days = None
    if isinstance(personnel, int):
        kind = row.values["type"]
        standards = row.values["standards"]
        assert isinstance(kind, domain.AuditType)
        assert isinstance(standards, tuple)
        days = computed_days(kind, standards, personnel)
    cell = row.origin.cell("days")
    if days is None:
        findings.add("days-blank", Severity.ERROR, row.origin.sheet, cell)
        return False
    findings.add("days-computed", Severity.NOTICE, row.origin.sheet, cell, days=days, personnel=personnel)
    row.values["days"] = days
    return True


def _unavailable(row: Row, tables: dict[str, Table], findings: Findings) -> bool:
    """Who is an auditor or a client; To defaults to From."""
    row.values.setdefault("until", row.values["start"])
    if not _ordered(row, "start", "until", findings):
        return False
    who = str(row.values["who"])
    auditors = {fold(text_of(entry.values.get("id", ""))) for entry in tables["auditors"].rows}
    row.values["auditor" if fold(who) in auditors else "client"] = who
    return True


def _holiday(row: Row, tables: dict[str, Table], findings: Findings) -> bool:
    """Kind defaults to off."""
    row.values.setdefault("kind", domain.HolidayKind.OFF)
    return True


def _conflict(row: Row, tables: dict[str, Table], findings: Findings) -> bool:
    """Reasons that mean something: consultancy, objection."""
    reason = fold(str(row.values.get("reason", "")))
    for key, word in (("consultancy", words.CONSULTANCY), ("objection", words.OBJECTION)):
        row.values[key] = any(fold(form) in reason for form in (word.en, word.zh, *word.also)) and bool(reason)
    return _ordered(row, "start", "until", findings)


def _rule(row: Row, tables: dict[str, Table], findings: Findings) -> bool:
    """A known id; off or soft only where that may be."""
    from difflib import get_close_matches

    origin, name = row.origin, fold(str(row.values["rule"]))
    ids = {fold(rule): rule for rule in RULES}
    if name not in ids:
        near = get_close_matches(name, list(ids), n=1, cutoff=0.5)
        proposal = ids[near[0]] if near else "–"
        findings.add("rule-unknown", Severity.WARNING, origin.sheet, origin.cell("rule"), name, near=proposal)
        return False
    rule = RULES[ids[name]]
    row.values["rule"] = rule.id
    if row.values.get("on") is False and not rule.switchable:
        findings.add("rule-stays-on", Severity.WARNING, origin.sheet, origin.cell("on"), rule.id)
    if row.values.get("kind") is domain.RuleKind.SOFT and rule.hard and not rule.softable:
        findings.add("rule-stays-hard", Severity.WARNING, origin.sheet, origin.cell("kind"), rule.id)
    return True


def _schedule(row: Row, tables: dict[str, Table], findings: Findings) -> bool:
    """The plan before: parts and the end have defaults; a row without a lead says nothing."""
    values = row.values
    values.setdefault("start_part", domain.Part.AM)
    values.setdefault("end", values["start"])
    values.setdefault("end_part", domain.Part.PM)
    if "lead" not in values:
        return False
    return True


def _ordered(row: Row, first: str, last: str, findings: Findings) -> bool:
    """Two dates in order, where both are there."""
    start, end = row.values.get(first), row.values.get(last)
    if start is not None and end is not None and start > end:  # type: ignore[operator]
        findings.add("dates-order", Severity.ERROR, row.origin.sheet, row.origin.cell(last), end, first=start)
        return False
    return True


_SPECIAL: dict[str, Callable[[Row, dict[str, Table], Findings], bool]] = {
    AUDITORS.key: _auditor,
    CLIENTS.key: _client,
    "qualifications": _qualification,
    "certificates": _certificate,
    "audits": _audit,
    UNAVAILABLE.key: _unavailable,
    "holidays": _holiday,
    "conflicts": _conflict,
    "rules": _rule,
    "schedule": _schedule,
}
