"""The Settings sheet: a row a setting, in either language, over the defaults of workbook.md."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from auditplan.io.workbook.read_cells import CellValue, NoValue
from auditplan.io.workbook.read_spelling import fold, nearest
from auditplan.io.workbook.read_tables import Table, is_blank
from auditplan.io.workbook.read_values import Setup, as_text, read_value
from auditplan.io.workbook.schema import SETTINGS_KEYS, Column
from auditplan.io.workbook.values_dates import order_of
from auditplan.io.workbook.values_error import UnfitValueError
from auditplan.planner.domain import Settings
from auditplan.planner.problems import Origin, Problem, Severity, problem_at

LONGEST_PERIOD = 731
"""Days of the longest planning period: two years."""
_LANGUAGES = {"zh": "zh", "中文": "zh", "汉语": "zh", "chinese": "zh", "zh-cn": "zh", "zh_cn": "zh"}
_LANGUAGES |= {"en": "en", "英文": "en", "英语": "en", "english": "en", "en-us": "en", "en-gb": "en"}


@dataclass(frozen=True, slots=True)
class SettingsOrigin(Origin):
    """Where settings came from: each has a row of its own, so `columns` holds whole addresses."""

    def cell(self, field: str) -> str:
        """The address of a setting's value; empty for one that the sheet lacks."""
        return next((address for name, address in self.columns if name == field), "")


@dataclass(slots=True, kw_only=True)
class SettingsRows:
    """The values that the sheet gives, by key, the address of each, and the keys of those that are faulty."""

    sheet: str = ""
    values: dict[str, Any] = field(default_factory=dict)
    addresses: dict[str, str] = field(default_factory=dict)
    faulty: set[str] = field(default_factory=set)

    @property
    def origin(self) -> SettingsOrigin:
        """The place of each setting."""
        return SettingsOrigin(self.sheet, 0, tuple(sorted(self.addresses.items())))


def settings_language(table: Table | None) -> str:
    """The language that the sheet asks for; empty where it asks for none that is known."""
    if table is None:
        return ""
    names = {fold(name) for column in SETTINGS_KEYS if column.key == "language" for name in (column.en, column.zh)}
    for key, value, _, _ in _pairs(table):
        if fold(key) in names and value is not None:
            return _LANGUAGES.get(fold(as_text(value)), "")
    return ""


def read_settings_rows(table: Table | None, language: str, *, date1904: bool) -> tuple[SettingsRows, list[Problem]]:
    """The settings that a sheet gives, with its problems; none without a sheet."""
    found = SettingsRows(sheet=table.name if table else "")
    if table is None:
        return found, []
    names = {fold(name): column for column in SETTINGS_KEYS for name in (column.en, column.zh, *column.also)}
    problems: list[Problem] = []
    seen: dict[str, str] = {}
    order = order_of(value for _, value, _, _ in _pairs(table) if isinstance(value, str))
    setup = Setup(language=language, date1904=date1904, order=order)
    for key, value, key_address, address in _pairs(table):
        column = names.get(fold(key).strip(":*"))
        if column is None:
            problems.append(_unknown(table, key, key_address))
        elif column.key in seen:
            more = (("given", key), ("first", seen[column.key]), ("column", key))
            problems.append(_problem("read-row-repeated", table, key_address, key, more))
        else:
            seen[column.key] = key_address.lstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZ")
            found.addresses[column.key] = address
            problems.extend(_take(found, table, column, value, setup))
    return found, problems


def _pairs(table: Table) -> Iterator[tuple[str, CellValue | None, str, str]]:
    """Key, value, and the address of each, of every row that has a key."""
    places = {column.key: number for number, column in table.columns.items()}
    addresses = dict(table.places)
    for row, cells in table.rows:
        key, value = cells.get(places["setting"]), cells.get(places["value"])
        if key is not None and not is_blank(key) and not isinstance(key, NoValue):
            blank = None if is_blank(value) else value
            yield as_text(key), blank, f"{addresses['setting']}{row}", f"{addresses['value']}{row}"


def _take(
    found: SettingsRows, table: Table, column: Column, value: CellValue | None, setup: Setup
) -> Iterator[Problem]:
    """Puts a setting's value in its place, or says what is wrong with it."""
    if value is None:
        return
    try:
        found.values[column.key] = _read(value, column, setup)
    except UnfitValueError as problem:
        found.faulty.add(column.key)
        shown = "" if isinstance(value, NoValue) else as_text(value)
        more = {"column": column.name(setup.language), "given": shown, **problem.parameters}
        place = found.addresses[column.key]
        yield _problem(problem.code, table, place, shown, tuple(more.items()), problem.severity)


def _read(value: CellValue, column: Column, setup: Setup) -> object:
    """A setting's value. Raises UnfitValueError."""
    read = read_value(value, column, setup)
    if column.key == "language":
        language = _LANGUAGES.get(fold(str(read)))
        if language is None:
            raise UnfitValueError("read-language-unknown", given=read)
        return language
    if column.key == "time_zone":
        return _time_zone(str(read))
    return read


def _time_zone(name: str) -> str:
    """A time zone that exists. Raises UnfitValueError."""
    from zoneinfo import ZoneInfo, available_timezones

    try:
        ZoneInfo(name)
    except (KeyError, ValueError, OSError) as error:
        near = nearest(name, sorted(available_timezones()), 0.4) or "Asia/Shanghai"
        raise UnfitValueError("read-time-zone-unknown", given=name, near=near) from error
    return name


def make_settings(
    found: SettingsRows, *, plan_from: date | None, plan_to: date | None, today: date, language: str
) -> tuple[Settings | None, list[Problem]]:
    """The settings, what the command line says before what the sheet says; None without a period."""
    values = dict(found.values)
    values.setdefault("today", today)
    if plan_from is not None:
        values["plan_from"] = plan_from
    if plan_to is not None:
        values["plan_to"] = plan_to
    problems = list(_check_period(values, found))
    if problems or not {"plan_from", "plan_to"} <= values.keys():
        return None, problems
    values["language"] = language
    settings = Settings(**values, origin=found.origin)
    return settings, list(_check_hours(settings))


def _check_period(values: dict[str, Any], found: SettingsRows) -> Iterator[Problem]:
    """A period that is missing, reversed or too long."""
    keys = ("plan_from", "plan_to")
    # A value that is there but cannot be read has its problem already.
    missing = [key for key in keys if key not in values and key not in found.faulty]
    titles = {column.key: f"{column.en} / {column.zh}" for column in SETTINGS_KEYS}
    if missing:
        named = ", ".join(titles[key] for key in missing)
        yield problem_at(found.origin, missing[0], "read-period-missing", Severity.ERROR, title=named)
    if not all(key in values for key in keys):
        return
    start, end = values["plan_from"], values["plan_to"]
    if start > end:
        yield problem_at(found.origin, "plan_to", "read-period-reversed", Severity.ERROR, end, start=start, end=end)
    elif (end - start).days >= LONGEST_PERIOD:
        yield problem_at(found.origin, "plan_to", "read-period-too-long", Severity.ERROR, end, start=start, end=end)


def _check_hours(settings: Settings) -> Iterator[Problem]:
    """Hours of the working day that are not in order."""
    fields = ("day_starts", "lunch_starts", "lunch_ends", "day_ends")
    times = [getattr(settings, name) for name in fields]
    if not times[0] < times[1] <= times[2] < times[3]:
        place = next((name for name in fields if settings.origin and settings.origin.cell(name)), fields[0])
        shown = ", ".join(f"{moment:%H:%M}" for moment in times)
        yield problem_at(settings.origin, place, "read-hours-out-of-order", Severity.ERROR, shown, times=shown)


def _unknown(table: Table, key: str, address: str) -> Problem:
    """A setting that nobody knows."""
    near = nearest(key, [name for column in SETTINGS_KEYS for name in (column.en, column.zh)], 0.5)
    code = "read-setting-unknown-near" if near else "read-setting-unknown"
    more = (("given", key), *((("near", near),) if near else ()))
    return _problem(code, table, address, key, more, Severity.WARNING)


def _problem(
    code: str,
    table: Table,
    cell: str,
    value: str,
    parameters: tuple[tuple[str, str], ...],
    severity: Severity = Severity.ERROR,
) -> Problem:
    """A problem of a cell of the sheet."""
    return Problem(code=code, severity=severity, sheet=table.name, cell=cell, value=value, parameters=parameters)
