"""Places of people and audits, and the way between two of them: hours, slots and cost."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from difflib import get_close_matches
from math import asin, cos, radians, sin, sqrt

from auditplan.planner.domain import Audit, AuditMode, Auditor, Body, Client, Place, TravelLink
from auditplan.planner.places import cities, city_key, city_names
from auditplan.planner.problems import Problem, Severity, problem_at

EARTH_RADIUS = 6371.0
"""Kilometres."""
DETOUR = 1.25
"""Kilometres travelled per kilometre as the crow flies (practice)."""
CAR_SPEED, TRAIN_SPEED, FLIGHT_SPEED = 70.0, 220.0, 700.0
"""Kilometres an hour from door to door, besides the fixed hours below (practice)."""
TRAIN_HOURS, FLIGHT_HOURS, FLIGHT_FROM = 1.5, 3.5, 800.0
"""Fixed hours of a train journey and a flight, and the least kilometres of a flight (practice)."""
SAME_DAY_HOURS, ONE_SLOT_HOURS = 1.5, 5.0
"""Up to so many hours a journey takes no slot, and one slot (workbook.md, Travel)."""

TRAVELLING = frozenset({AuditMode.ON_SITE, AuditMode.MIXED})
"""Modes that need a journey."""


class MissingDistanceError(LookupError):
    """Two places between which neither coordinates nor a row of Travel give a way."""


@dataclass(frozen=True, slots=True)
class Site:
    """A place: region and city as the workbook writes them, coordinates in degrees or None, country code."""

    region: str
    city: str
    latitude: float | None
    longitude: float | None
    country: str

    @property
    def label(self) -> str:
        """How to call it: the city, or the region where there is none."""
        return self.city or self.region


@dataclass(frozen=True, slots=True)
class Link:
    """A one-way journey: hours, half days that it takes, and cost in hundredths of the currency."""

    hours: float
    slots: int
    cost: int


NO_LINK = Link(0.0, 0, 0)


class Geography:
    """The places of a body and the ways between them."""

    def __init__(self, body: Body) -> None:
        """Indexes regions, cities and links; ways are computed when asked for."""
        self._body = body
        self._country = body.settings.country
        self._default: dict[str, Place] = {}
        self._rows: dict[tuple[str, str], Place] = {}
        for place in body.places:
            self._default.setdefault(place.region, place)
            self._rows.setdefault((place.region, city_key(place.city)), place)
        self._by_city: dict[str, Place] = {}
        for place in body.places:
            if place.city:
                self._by_city.setdefault(city_key(place.city), place)
        self._clients = {client.id: client for client in body.clients}
        self._links: dict[tuple[str, str], TravelLink] = {}
        for link in body.travel:
            pair = city_key(link.start), city_key(link.end)
            self._links.setdefault(pair, link)
            self._links.setdefault((pair[1], pair[0]), link)
        self._known: dict[tuple[Site, Site], Link] = {}
        self._sites: dict[tuple[str, str], Site] = {}

    def home(self, auditor: Auditor) -> Site:
        """Where an auditor lives."""
        return self._site(auditor.region, auditor.city)

    def site(self, audit: Audit) -> Site:
        """Where an audit takes place: its own region and city, else the client's."""
        client = self._clients[audit.client]
        if audit.region:
            return self._site(audit.region, audit.city)
        return self._site(client.region, audit.city or client.city)

    def link(self, start: Site, end: Site) -> Link:
        """The way between two places: the Travel sheet's, else computed from coordinates.

        Raises MissingDistanceError where neither gives it."""
        if _same(start, end):
            return NO_LINK
        if (start, end) not in self._known:
            self._known[start, end] = self._known[end, start] = self._find(start, end)
        return self._known[start, end]

    def problems(self) -> tuple[Problem, ...]:
        """Cities that nobody knows, and pairs of places without a way."""
        return (*self._unknown_places(), *self._missing_links())

    def _site(self, region: str, city: str) -> Site:
        """A place by region and city; without a city the region's own."""
        key = (region, city)
        if key not in self._sites:
            default = self._default.get(region)
            named = city or (default.city if default else "")
            row = self._rows.get((region, city_key(named))) or self._by_city.get(city_key(named))
            if row is None and not city:
                row = default
            self._sites[key] = self._located(region, named, row)
        return self._sites[key]

    def _located(self, region: str, city: str, row: Place | None) -> Site:
        """A place with the coordinates of its row, else of the packaged table under its city's or region's
        name."""
        default = self._default.get(region)
        country = (row.country if row else "") or (default.country if default else "") or self._country
        if row is not None and row.latitude is not None and row.longitude is not None:
            return Site(region, city, row.latitude, row.longitude, country)
        found = cities().get(city_key(city)) if city else cities().get(city_key(region))
        latitude, longitude = found if found is not None else (None, None)
        return Site(region, city, latitude, longitude, country)

    def _find(self, start: Site, end: Site) -> Link:
        """The way between two different places."""
        row = self._row(start, end)
        if row is not None and row.hours is not None and row.cost is not None:
            return _link(row.hours, row.cost)
        distance = kilometres(start, end)
        if distance is None:
            raise MissingDistanceError(f"{start.label} – {end.label}")
        hours = travel_hours(distance) if row is None or row.hours is None else row.hours
        cost = Decimal(str(round(distance, 1))) * self._body.settings.cost_per_km
        return _link(hours, cost if row is None or row.cost is None else row.cost)

    def _row(self, start: Site, end: Site) -> TravelLink | None:
        """The row of Travel for two places: by cities, by city and region, then by regions."""
        pairs = (
            (start.city, end.city),
            (start.city, end.region),
            (start.region, end.city),
            (start.region, end.region),
        )
        for one, other in pairs:
            row = self._links.get((city_key(one), city_key(other))) if one and other else None
            if row is not None:
                return row
        return None

    def _unknown_places(self) -> Iterable[Problem]:
        """Rows of Regions, auditors, clients and audits whose place has no coordinates and no row of Travel."""
        linked = {key for pair in self._links for key in pair}
        seen: set[tuple[str, str]] = set()
        used: list[Auditor | Client | Audit] = [*self._body.auditors, *self._body.clients]
        used += [audit for audit in self._body.audits if audit.region]
        bare = {one.region for one in used if not one.city}
        # the place of a region matters only where somebody is in the region without a city
        rows: list[Place | Auditor | Client | Audit] = [
            place for place in self._body.places if place.city or place.region in bare
        ]
        for owner in [*rows, *used]:
            region, city = owner.region, owner.city
            if (region, city) in seen or region not in self._default:
                continue
            seen.add((region, city))
            site = self._site(region, city)
            if site.latitude is None and not {city_key(site.city), city_key(site.region)} & linked:
                near = ", ".join(get_close_matches(site.label, city_names(), n=3, cutoff=0.5))
                yield problem_at(
                    owner.origin,
                    "city",
                    "place-unknown",
                    Severity.ERROR,
                    site.label,
                    near=near,
                )

    def _missing_links(self) -> Iterable[Problem]:
        """Pairs of an auditor's home and an audit's site without a way; each pair once."""
        homes = {self.home(auditor): auditor for auditor in reversed(self._body.auditors)}
        sites = {
            self.site(audit): audit
            for audit in reversed(self._body.audits)
            if audit.mode in TRAVELLING and audit.client in self._clients
        }
        for site, audit in sites.items():
            for home in homes:
                try:
                    self.link(home, site)
                except MissingDistanceError:
                    yield problem_at(
                        audit.origin,
                        "city",
                        "distance-unknown",
                        Severity.ERROR,
                        site.label,
                        start=home.label,
                        end=site.label,
                    )


def _same(start: Site, end: Site) -> bool:
    """Whether two places are one."""
    if start.city and end.city:
        return city_key(start.city) == city_key(end.city) and start.country == end.country
    return start.region == end.region and start.city == end.city


def kilometres(start: Site, end: Site) -> float | None:
    """Kilometres to travel between two places; None without coordinates. Great circle times the detour."""
    if None in (start.latitude, start.longitude, end.latitude, end.longitude):
        return None
    first, second = radians(start.latitude or 0.0), radians(end.latitude or 0.0)
    east = radians((end.longitude or 0.0) - (start.longitude or 0.0))
    chord = sin((second - first) / 2) ** 2 + cos(first) * cos(second) * sin(east / 2) ** 2
    return 2 * EARTH_RADIUS * asin(min(1.0, sqrt(chord))) * DETOUR


def travel_hours(distance: float) -> float:
    """Hours from door to door by the fastest of car, train and flight."""
    ways = [distance / CAR_SPEED, TRAIN_HOURS + distance / TRAIN_SPEED]
    if distance > FLIGHT_FROM:
        ways.append(FLIGHT_HOURS + distance / FLIGHT_SPEED)
    return round(min(ways), 2)


def _link(hours: float, cost: Decimal) -> Link:
    """A link with its slots by the hours: none up to 1.5, one up to 5, else two."""
    slots = 0 if hours <= SAME_DAY_HOURS else 1 if hours <= ONE_SLOT_HOURS else 2
    return Link(hours, slots, round(cost * 100))
