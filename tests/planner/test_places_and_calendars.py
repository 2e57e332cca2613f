"""Working days with the Holidays sheet on top, and the ways between places: hours, half days, cost."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest

from auditplan.planner.calendar import Calendars
from auditplan.planner.domain import Audit, Auditor, AuditType, Body, Client, Holiday, HolidayKind, Place, TravelLink
from auditplan.planner.domain import Settings as BodySettings
from auditplan.planner.geography import Geography, MissingDistanceError

FIRST, LAST = date(2026, 1, 1), date(2026, 12, 31)


def _body(country: str = "CN", **more: Any) -> Body:
    return Body(settings=BodySettings(plan_from=FIRST, plan_to=LAST, today=FIRST, country=country), **more)


def _working(body: Body, first: date, last: date, country: str = "") -> int:
    calendar = Calendars(body).of(country)
    return sum(calendar.is_working(first + timedelta(days=day)) for day in range((last - first).days + 1))


@pytest.mark.parametrize(
    ("first", "last", "days"),
    [
        (date(2026, 1, 1), date(2026, 3, 31), 59),
        (date(2026, 4, 1), date(2026, 6, 30), 61),
        (date(2026, 7, 1), date(2026, 9, 30), 66),
        (date(2026, 10, 1), date(2026, 12, 31), 62),
    ],
)
def test_working_days_of_china_2026(first: date, last: date, days: int) -> None:
    """The State Council's notice for 2026."""
    assert _working(_body(), first, last) == days


@pytest.mark.parametrize("day", [(1, 4), (2, 14), (2, 28), (5, 9), (9, 20), (10, 10)])
def test_worked_weekends_of_china_2026(day: tuple[int, int]) -> None:
    calendar = Calendars(_body()).of("")
    assert calendar.is_working(date(2026, *day))
    assert calendar.is_make_up(date(2026, *day))


def test_the_sheet_goes_before_the_library() -> None:
    rows = (
        Holiday(day=date(2026, 2, 14), kind=HolidayKind.OFF),
        Holiday(day=date(2026, 3, 7), kind=HolidayKind.WORK, country="cn"),
        Holiday(day=date(2026, 3, 9), kind=HolidayKind.OFF, country="DE"),
        Holiday(day=date(2026, 3, 10), kind=HolidayKind.WORK, country="DE-BY"),
        Holiday(day=date(2026, 3, 10), kind=HolidayKind.OFF, country="DE"),
    )
    calendars = Calendars(_body(holidays=rows))
    china, bavaria = calendars.of(""), calendars.of("DE-BY")
    assert not china.is_working(date(2026, 2, 14))
    assert china.is_make_up(date(2026, 3, 7))
    assert china.is_working(date(2026, 3, 9))
    assert not bavaria.is_working(date(2026, 3, 9)), "a row for Germany holds in Bavaria"
    assert bavaria.is_working(date(2026, 3, 10)), "unless Bavaria has its own"
    assert calendars.of("cn").is_make_up(date(2026, 3, 7)), "letters small or large"


def test_subdivisions_have_days_of_their_own() -> None:
    """Epiphany is a holiday in Bavaria, not in Berlin."""
    calendars = Calendars(_body("DE"))
    assert not calendars.of("DE-BY").is_working(date(2026, 1, 6))
    assert calendars.of("DE-BE").is_working(date(2026, 1, 6))


def _codes(body: Body) -> list[tuple[str, str]]:
    return [(problem.code, problem.value) for problem in Calendars(body).problems(body)]


def test_what_is_not_known_is_told() -> None:
    later = BodySettings(plan_from=date(2030, 1, 1), plan_to=date(2030, 3, 31), today=FIRST)
    assert _codes(Body(settings=later)) == [("calendar-year-unknown", "CN")]
    typed = (Holiday(day=date(2030, 2, 2), kind=HolidayKind.WORK),)
    assert _codes(Body(settings=later, holidays=typed)) == []
    assert _codes(_body("XX")) == [("country-unknown", "XX")]
    assert _codes(_body(places=(Place(region="R", country="Freedonia"),))) == [("country-unknown", "Freedonia")]
    wrong = (Holiday(day=FIRST, kind=HolidayKind.OFF, country="YY"),)
    assert _codes(_body(holidays=wrong)) == [("country-unknown", "YY")]


@pytest.mark.parametrize(
    ("one", "other", "least", "most"),
    [
        ("上海", "杭州", 160, 240),
        ("北京", "上海", 1050, 1500),
        ("Berlin", "Munich", 480, 680),
        ("广州", "深圳", 90, 170),
    ],
)
def test_distances_of_known_cities(one: str, other: str, least: int, most: int) -> None:
    """Cost by kilometres at 1 a kilometre: the great circle with a detour, each way the same."""
    body = _body(places=(Place(region="one", city=one), Place(region="other", city=other)))
    geography = Geography(body)
    start, end = (geography.home(Auditor(id="A", name="A", region=region)) for region in ("one", "other"))
    assert least <= geography.link(start, end).cost / 100 <= most
    assert geography.link(start, end) == geography.link(end, start)


@pytest.mark.parametrize(("hours", "slots"), [(0.5, 0), (1.5, 0), (1.6, 1), (5.0, 1), (5.1, 2), (12.0, 2)])
def test_hours_decide_the_half_days(hours: float, slots: int) -> None:
    link = TravelLink(start="East", end="West", hours=hours, cost=Decimal("12.34"))
    body = _body(places=(Place(region="East"), Place(region="West")), travel=(link,))
    geography = Geography(body)
    east, west = (geography.home(Auditor(id="A", name="A", region=region)) for region in ("East", "West"))
    for one, other in ((east, west), (west, east)):
        assert geography.link(one, other).slots == slots
        assert geography.link(one, other).cost == 1234


def _audited(travel: tuple[TravelLink, ...] = ()) -> Body:
    """An auditor in one place that nobody knows and a client in another."""
    return _body(
        places=(Place(region="Here", city="Nowhereville"), Place(region="There", city="Elsewhereham")),
        auditors=(Auditor(id="A", name="A", region="Here"),),
        clients=(Client(id="C", name="C", region="There"),),
        audits=(
            Audit(id="T", client="C", type=AuditType.SURVEILLANCE, standards=("ISO 9001",), days=Decimal(1), due=LAST),
        ),
        travel=travel,
    )


def test_places_without_a_way_are_named() -> None:
    body = _audited()
    found = {problem.code: problem for problem in Geography(body).problems()}
    assert dict(found["distance-unknown"].parameters) == {"start": "Nowhereville", "end": "Elsewhereham"}
    assert found["distance-unknown"].stopping
    geography = Geography(body)
    home, site = geography.home(body.auditors[0]), geography.site(body.audits[0])
    with pytest.raises(MissingDistanceError):
        geography.link(home, site)


def test_a_region_where_every_row_has_a_city_needs_no_place_of_its_own() -> None:
    """A region of many cities; whoever is somewhere in it without a city needs its place."""
    body = _body(
        places=(Place(region="华东"),),
        auditors=(Auditor(id="A", name="A", region="华东", city="上海"),),
        clients=(Client(id="C", name="C", region="华东", city="宁波"),),
    )
    assert Geography(body).problems() == ()
    somewhere = replace(body, auditors=(*body.auditors, Auditor(id="B", name="B", region="华东")))
    assert [problem.code for problem in Geography(somewhere).problems()] == ["place-unknown"]


@pytest.mark.parametrize("names", [("Here", "There"), ("elsewhereham", "NOWHEREVILLE"), ("Nowhereville", "There")])
def test_a_row_of_travel_names_cities_or_regions(names: tuple[str, str]) -> None:
    link = TravelLink(start=names[0], end=names[1], hours=2.0, cost=Decimal(50))
    assert Geography(_audited((link,))).problems() == ()


@pytest.mark.parametrize(
    "place",
    [
        lambda: Place(region="R", city="苏州"),
        lambda: Place(region="苏州"),
        lambda: Place(region="R", city="苏州市"),
        lambda: Place(region="R", city="Suzhou"),
    ],
)
def test_known_cities_need_no_coordinates(place: Callable[[], Place]) -> None:
    geography = Geography(_body(places=(place(),)))
    site = geography.home(Auditor(id="A", name="A", region=place().region))
    assert site.latitude is not None
    assert site.latitude == pytest.approx(31.3, abs=0.2)
