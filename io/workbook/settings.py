"""The Settings sheet: rows of key and value, in either language."""

from __future__ import annotations

from dataclasses import fields
from datetime import date
from difflib import get_close_matches
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from auditplan.io.workbook.fold import fold
from auditplan.io.workbook.schema import SETTINGS_KEYS, Column
from auditplan.io.workbook.tables import Findings, Table
from auditplan.io.workbook.values import ValueProblem, read_value, text_of
from auditplan.planner.domain import Settings
from auditplan.planner.problems import Origin, Severity

LONGEST_PERIOD = 731
"""Days of a planning period at most."""


def read_settings(
    table: Table | None, findings: Findings, *, plan_from: date | None, plan_to: date | None, today: date
) -> Settings | None:
    """The settings, with what the command line says on top; None without a planning period."""
    values: dict[str, object] = {"today": today}
    cells: dict[str, Origin] = {}
    for row in table.rows if table else ():
        column = _column(text_of(row.values.get("setting", "")))
        if column is None:
            _unknown(row.origin, text_of(row.values.get("setting", "")), findings)
        elif "value" in row.values:
            _value(column, row.values["value"], row.origin, values, findings)
            cells[column.key] = row.origin
    values.update({key: day for key, day in (("plan_from", plan_from), ("plan_to", plan_to)) if day})
    if "plan_from" not in values or "plan_to" not in values:
        findings.add("period-missing", Severity.ERROR, table.name if table else "")
        return None
    start, end = values["plan_from"], values["plan_to"]
    assert isinstance(start, date)
    assert isinstance(end, date)
    if start > end or (end - start).days > LONGEST_PERIOD:
        name = table.name if table else ""
        findings.add("period-wrong", Severity.ERROR, name, _cell(cells, "plan_to"), end, start=start)
        return None
    _time_zone(values, cells, findings)
    _hours(values, cells, findings)
    known = {entry.name for entry in fields(Settings)}
    origin = _origin(cells)
    return Settings(**{key: value for key, value in values.items() if key in known}, origin=origin)  # type: ignore[arg-type]


def _column(name: str) -> Column | None:
    """The key that a row names."""
    folded = fold(name)
    return next((column for column in SETTINGS_KEYS if folded in {fold(column.en), fold(column.zh)}), None)


def _unknown(origin: Origin, name: str, findings: Findings) -> None:
    """A key that is not known."""
    forms = {fold(form): form for column in SETTINGS_KEYS for form in (column.en, column.zh)}
    near = get_close_matches(fold(name), list(forms), n=1, cutoff=0.5)
    proposal = forms[near[0]] if near else "–"
    findings.add("setting-unknown", Severity.WARNING, origin.sheet, origin.cell("setting"), name, near=proposal)


def _value(column: Column, value: object, origin: Origin, values: dict[str, object], findings: Findings) -> None:
    """One value in its kind."""
    try:
        values[column.key] = read_value(value, column)
    except ValueProblem as problem:
        cell = origin.cell("value")
        findings.add(problem.code, Severity.ERROR, origin.sheet, cell, value, **problem.parameters)


def _time_zone(values: dict[str, object], cells: dict[str, Origin], findings: Findings) -> None:
    """A time zone that exists."""
    name = values.get("time_zone")
    if name is None:
        return
    try:
        ZoneInfo(str(name))
    except (ZoneInfoNotFoundError, ValueError, OSError):
        sheet = cells["time_zone"].sheet
        findings.add("time-zone-unknown", Severity.ERROR, sheet, _cell(cells, "time_zone"), name)
        values.pop("time_zone")


def _hours(values: dict[str, object], cells: dict[str, Origin], findings: Findings) -> None:
    """The hours of a day in order."""
    keys = ("day_starts", "lunch_starts", "lunch_ends", "day_ends")
    defaults = {entry.name: entry.default for entry in fields(Settings)}
    times = [values.get(key, defaults[key]) for key in keys]
    if not (times[0] < times[1] <= times[2] < times[3]):  # type: ignore[operator]
        sheet = next((cells[key].sheet for key in keys if key in cells), "")
        where = next((_cell(cells, key) for key in keys if key in cells), "")
        findings.add("hours-order", Severity.ERROR, sheet, where)
        for key in keys:
            values.pop(key, None)


def _cell(cells: dict[str, Origin], key: str) -> str:
    """The cell of a setting's value."""
    return cells[key].cell("value") if key in cells else ""


def _origin(cells: dict[str, Origin]) -> Origin | None:
    """The row that stands for the settings: that of the country, else the first."""
    chosen = cells.get("country") or next(iter(cells.values()), None)
    return (
        None
        if chosen is None
        else Origin(chosen.sheet, chosen.row, (("country", chosen.cell("value").rstrip("0123456789")),))
    )
