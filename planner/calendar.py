"""Working days: the holiday library of each country, with the Holidays sheet on top day by day."""

from __future__ import annotations

from collections import defaultdict
from datetime import date, timedelta
from typing import Any

from auditplan.planner.domain import Body, HolidayKind
from auditplan.planner.problems import Problem, Severity, problem_at

SATURDAY = 6
WORKED_WEEKENDS_DECREED = frozenset({"CN"})
"""Countries whose worked weekends are decreed year by year, so that a later year is not known yet."""


class WorkingCalendar:
    """The working days of a country."""

    def __init__(self, country: str, years: range, sheet: dict[date, HolidayKind]) -> None:
        """`country`: a country or country-subdivision that the holiday library knows ("CN", "DE-BY").

        Raises ValueError for one that it does not know."""
        self.country = country
        self._sheet = sheet
        library = _library(country, years)
        self._off: frozenset[date] = frozenset(library)
        self._weekend: frozenset[int] = frozenset(day + 1 for day in library.weekend)
        self._worked: frozenset[date] = frozenset(library.weekend_workdays)

    def is_working(self, day: date) -> bool:
        """Whether people work on a day."""
        kind = self._sheet.get(day)
        if kind is not None:
            return kind is HolidayKind.WORK
        if day in self._worked:
            return True
        return day.isoweekday() not in self._weekend and day not in self._off

    def is_make_up(self, day: date) -> bool:
        """Whether a day is a weekend day that is worked (调休上班)."""
        return day.isoweekday() in self._weekend and self.is_working(day)

    def knows_worked_weekends(self, year: int) -> bool:
        """Whether the worked weekends of a year are known, by the library or by the Holidays sheet."""
        known = {day.year for day in self._worked}
        typed = {day.year for day, kind in self._sheet.items() if kind is HolidayKind.WORK}
        return year in known | typed


def _library(country: str, years: range) -> Any:
    """The holiday library's days of a country. Raises ValueError for an unknown one."""
    import holidays

    code, _, subdivision = country.partition("-")
    try:
        return holidays.country_holidays(code.upper(), subdiv=subdivision or None, years=years)
    except NotImplementedError as error:
        raise ValueError(f"no holidays are known for {country!r}") from error


def _code(country: str) -> str:
    """A country's code in the one way of writing it, with its subdivision as typed."""
    code, stroke, subdivision = country.strip().partition("-")
    return code.strip().upper() + stroke + subdivision.strip()


class Calendars:
    """The working calendars of every country that a body names."""

    def __init__(self, body: Body) -> None:
        """Nothing is looked up before it is asked for."""
        settings = body.settings
        self._default = settings.country
        self._years = range(settings.plan_from.year - 1, settings.plan_to.year + 2)
        self._period = range(settings.plan_from.year, settings.plan_to.year + 1)
        self._sheet: dict[str, dict[date, HolidayKind]] = defaultdict(dict)
        for row in body.holidays:
            self._sheet[_code(row.country or self._default)][row.day] = row.kind
        self._known: dict[str, WorkingCalendar] = {}

    def of(self, country: str) -> WorkingCalendar:
        """The calendar of a country; "" for that of Settings. Raises ValueError for an unknown one."""
        name = _code(country or self._default)
        if name not in self._known:
            # A row for a country holds in each part of it, unless the part has a row of its own.
            rows = {**self._sheet.get(name.partition("-")[0], {}), **self._sheet.get(name, {})}
            self._known[name] = WorkingCalendar(name, self._years, rows)
        return self._known[name]

    def problems(self, body: Body) -> tuple[Problem, ...]:
        """Unknown countries, and years whose worked weekends are not known yet."""
        found: list[Problem] = []
        seen: set[str] = set()
        named = [(body.settings.country, body.settings.origin, "country")]
        named += [(place.country, place.origin, "country") for place in body.places if place.country]
        used = {_code(country) for country, _, _ in named}
        named += [(row.country, row.origin, "country") for row in body.holidays if row.country]
        for country, origin, field in named:
            if _code(country) in seen:
                continue
            seen.add(_code(country))
            try:
                calendar = self.of(country)
            except ValueError:
                found.append(problem_at(origin, field, "country-unknown", Severity.ERROR, country))
                continue
            if _code(country) in used and _code(country).partition("-")[0] in WORKED_WEEKENDS_DECREED:
                found += [
                    problem_at(origin, field, "calendar-year-unknown", Severity.WARNING, country, year=year)
                    for year in self._period
                    if not calendar.knows_worked_weekends(year)
                ]
        return tuple(found)


def days_between(first: date, last: date) -> list[date]:
    """Every calendar day from `first` to `last`, inclusive."""
    return [first + timedelta(days=index) for index in range((last - first).days + 1)]
