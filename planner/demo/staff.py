"""The people of a demonstration body: auditors, their qualifications, leave."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from random import Random

from auditplan.planner.demo.sizes import Size
from auditplan.planner.demo.words import Wording
from auditplan.planner.domain import Auditor, Employment, Qualification, Role, Unavailability

CODES = (
    "03",
    "04",
    "06",
    "07",
    "09",
    "12",
    "13",
    "14",
    "15",
    "16",
    "17",
    "18",
    "19",
    "20",
    "22",
    "23",
    "24",
    "28",
    "29",
    "30",
    "31",
    "32",
    "33",
    "34",
    "35",
    "37",
    "38",
    "39",
)
"""Twenty-eight of the 39 IAF codes, from common to scarce in the order of `CODE_WEIGHTS`."""

CODE_WEIGHTS = tuple(round(100 / (1 + rank) ** 0.8) for rank in range(len(CODES)))
SCARCE_FROM = 22
"""Codes from this rank on are scarce."""


def ranked_codes() -> tuple[str, ...]:
    """The codes from common to scarce: metal, trade, construction and the like first."""
    common = ("17", "29", "28", "35", "18", "19", "14", "03", "34", "33", "31", "12")
    return (*common, *(code for code in CODES if code not in common))


def staff(random: Random, size: Size, wording: Wording, cities: tuple[str, ...]) -> list[Auditor]:
    """Full-time people first, then part-timers and contractors; half of them live in the three largest places."""
    people: list[Auditor] = []
    total = size.full_time + size.part_time
    names: set[str] = set()
    working = size.available / (size.full_time + size.part_time * 0.42)
    for number in range(total):
        full = number < size.full_time
        name = _name(random, wording, names)
        weights = [1 / (1 + rank) ** 0.7 for rank in range(len(cities))]
        city = cities[number % len(cities)] if number < len(cities) else random.choices(cities, weights)[0]
        contract = not full and number % 3 == 0
        share = 1.0 if full else random.choice((0.3, 0.4, 0.5))
        people.append(
            Auditor(
                id=f"A{number + 1:03d}",
                name=name,
                email=f"auditor{number + 1:03d}@example.com",
                employment=Employment.FULL_TIME if full else Employment.CONTRACT if contract else Employment.PART_TIME,
                region=city,
                max_days=Decimal(round(working * share * 2)) / 2,
                working_days=_weekdays(random, full=full),
                cost_per_day=Decimal(random.choice((800, 1000, 1200))) if contract else Decimal(0),
            )
        )
    return people


def _weekdays(random: Random, *, full: bool) -> frozenset[int]:
    """All five for full-time people; part-timers often lack a day or two."""
    if full or random.random() < 0.5:
        return frozenset({1, 2, 3, 4, 5})
    return frozenset(random.choice(((1, 2, 3, 4), (2, 3, 4, 5), (1, 2, 3), (3, 4, 5))))


def _name(random: Random, wording: Wording, taken: set[str]) -> str:
    """A name that nobody has yet."""
    for _ in range(200):
        name = wording.name.format(surname=random.choice(wording.surnames), given=random.choice(wording.given))
        if name not in taken:
            taken.add(name)
            return name
    taken.add(name := f"{name} {len(taken)}")
    return name


def qualifications(random: Random, people: list[Auditor], wording: Wording, until: date) -> list[Qualification]:
    """Two thirds lead ISO 9001; the others' standards are rarer; every code has at least two holders, and the
    scarce ones not many more."""
    quality, environment, safety, service = wording.standards
    codes = ranked_codes()
    held: dict[str, set[str]] = {}
    for number, person in enumerate(people):
        wanted = 16 if number < len(people) // 4 else random.choice((9, 11, 13))
        drawn = {codes[rank] for rank in range(len(codes)) if random.random() < wanted / (10 + rank * 2.0)}
        held[person.id] = drawn or {codes[0]}
    for rank, code in enumerate(codes):
        holders = [person for person in people if code in held[person.id]]
        least = max(2, len(people) // (6 if rank < SCARCE_FROM else 12))
        while len(holders) < least:
            first = rank * 7 + len(holders) * 3
            turns = (people[(first + step) % len(people)] for step in range(len(people)))
            person = next(person for person in turns if code not in held[person.id])
            held[person.id].add(code)
            holders = [entry for entry in people if code in held[entry.id]]
    rows: list[Qualification] = []
    for number, person in enumerate(people):
        lead = number % 3 != 2
        own = tuple(sorted(held[person.id]))
        ends = until + timedelta(days=random.randrange(60, 900))
        for share, standard in ((1.0, quality), (0.72, environment), (0.6, safety)):
            if random.random() < share or number < 4:
                role = Role.LEAD if lead else Role.AUDITOR
                rows.append(_row(person, standard, role, own, ends))
        if number % 3 == 0 or number == 1:
            rows.append(_row(person, service, Role.LEAD if number % 2 == 0 else Role.AUDITOR, ("*",), ends))
        if number % 6 == 5 or number == 2:
            rows += [_row(person, standard, Role.DECISION, ("*",), ends) for standard in wording.standards]
        if not lead and number % 4 == 1:
            rows.append(_row(person, safety, Role.TRAINEE, own, ends))
    return rows


def _row(person: Auditor, standard: str, role: Role, codes: tuple[str, ...], ends: date) -> Qualification:
    """One row, valid for three years."""
    starts = date(ends.year - 3, ends.month, min(ends.day, 28))
    return Qualification(auditor=person.id, standard=standard, role=role, codes=codes, valid_from=starts, valid_to=ends)


def leave(random: Random, people: list[Auditor], wording: Wording, first: date, last: date) -> list[Unavailability]:
    """A stretch of leave for two thirds of the people, half a day for a few."""
    rows = []
    for person in people:
        if random.random() < 0.67:
            start = first + timedelta(days=random.randrange((last - first).days - 6))
            until = start + timedelta(days=random.choice((0, 1, 2, 4)))
            rows.append(
                Unavailability(auditor=person.id, start=start, until=until, reason=random.choice(wording.leave))
            )
    return rows
