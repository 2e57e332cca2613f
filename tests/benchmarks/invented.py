"""Bodies and problems for the benchmarks, made by code from a seed: tight ones, large ones, and ones far from home."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from random import Random

from auditplan.planner.compile import Compiler
from auditplan.planner.demo import body as demo
from auditplan.planner.demo import demo_body
from auditplan.planner.demo.sizes import SIZES, Size
from auditplan.planner.domain import (
    Audit,
    Auditor,
    AuditType,
    Body,
    Client,
    Place,
    Qualification,
    Role,
    Settings,
    Unavailability,
)
from auditplan.planner.facts import Facts
from auditplan.solver.problem import Problem

FIRST = date(2027, 3, 1)
"""A Monday; six weeks without a holiday follow in Japan's calendar but for 22 March."""
WEEKS = 6
LAST = FIRST + timedelta(weeks=WEEKS, days=-3)
CODES = [str(number) for number in range(1, 29)]
WEIGHTS = [1 / (1 + rank) ** 0.8 for rank in range(len(CODES))]
STANDARDS = [f"STANDARD {letter}" for letter in "ABCD"]
DAYS = [1, 1.5, 2, 2.5, 3, 3.5, 4, 5, 6, 8]
DAY_WEIGHTS = [6, 8, 14, 14, 14, 10, 12, 10, 8, 4]

LARGEST = Size(
    certificates=66_000,
    full_time=600,
    part_time=400,
    visits=8000,
    needed=27_000,
    available=31_500,
    regions=31,
    window=40,
    fixed=0.0,
    overdue=0.03,
)
"""A thousand people and eight thousand visits."""


def compiled(body: Body) -> Problem:
    """A body as the solver sees it."""
    return Compiler(Facts(body)).compile().problem


def counted(problem: Problem) -> Problem:
    """The same problem where leaving out any one activity weighs 1."""
    ones = (1,) + (0,) * (problem.levels - 1)
    return replace(problem, activities=tuple(replace(activity, left_out=ones) for activity in problem.activities))


def tight(auditors: int, audits: int, seed: int) -> Problem:
    """One place, one type, four standards, 28 codes by a skewed law; about 1,500 days of 50 people; level 1 counts."""
    random = Random(f"tight/{auditors}/{audits}/{seed}")
    people = tuple(Auditor(id=f"P{number:03d}", name=f"P{number:03d}", region="Home") for number in range(auditors))
    rows = [row for person in people for row in _codes(random, person.id)]
    body = Body(
        settings=Settings(
            plan_from=FIRST,
            plan_to=FIRST + timedelta(weeks=WEEKS, days=-3),
            today=FIRST - timedelta(days=60),
            country="JP",
        ),
        auditors=people,
        qualifications=tuple(rows),
        places=(Place(region="Home", latitude=35.0, longitude=135.0),),
        clients=tuple(Client(id=f"C{number:04d}", name=f"C{number:04d}", region="Home") for number in range(audits)),
        audits=tuple(_audit(random, number) for number in range(audits)),
        unavailable=tuple(_leave(random, person.id) for person in people if random.random() < 0.3),
    )
    return counted(compiled(body))


def _codes(random: Random, person: str) -> list[Qualification]:
    """What a person holds: two of four standards, five to nine codes, a lead in three of five."""
    role = Role.LEAD if random.random() < 0.6 else Role.AUDITOR
    wanted, codes = random.randrange(10, 17), set[str]()
    while len(codes) < wanted:
        codes.add(random.choices(CODES, [weight**0.5 for weight in WEIGHTS])[0])
    held = tuple(sorted(codes, key=int))
    standards = random.sample(STANDARDS, 2)
    return [Qualification(auditor=person, standard=standard, role=role, codes=held) for standard in standards]


def _audit(random: Random, number: int) -> Audit:
    """An audit of half a day's multiple with one or two codes and a window of one to four weeks."""
    first = random.randrange(0, (WEEKS - 1) * 7)
    length = random.randrange(9, 28)
    codes = sorted({random.choices(CODES, WEIGHTS)[0] for _ in range(random.choice((1, 1, 1, 2)))}, key=int)
    return Audit(
        id=f"T{number:04d}",
        client=f"C{number:04d}",
        type=AuditType.SURVEILLANCE,
        standards=(random.choice(STANDARDS),),
        codes=tuple(codes),
        days=Decimal(str(random.choices(DAYS, DAY_WEIGHTS)[0])),
        earliest=FIRST + timedelta(days=first),
        due=min(FIRST + timedelta(days=first + length), LAST),
    )


def _leave(random: Random, person: str) -> Unavailability:
    """A few days off."""
    start = FIRST + timedelta(days=random.randrange(WEEKS * 7))
    return Unavailability(auditor=person, start=start, until=start + timedelta(days=random.randrange(1, 5)))


def demonstration(size: str, seed: int) -> Problem:
    """A demonstration body of a size; "largest" is several times the largest that `new --demo` makes."""
    if size == "largest":
        SIZES.setdefault("largest", LARGEST)
    return compiled(demo_body(size, "zh", seed))


def grown(times: int, seed: int) -> Problem:
    """A body like `small`, with so many times its people and visits."""
    small = SIZES["small"]
    name = f"small x {times}"
    SIZES[name] = replace(
        small,
        certificates=small.certificates * times,
        full_time=small.full_time * times,
        part_time=small.part_time * times,
        visits=small.visits * times,
        needed=small.needed * times,
        available=small.available * times,
        regions=min(31, small.regions * times),
        fixed=0.0,
    )
    return compiled(demo_body(name, "zh", seed))


def far_body(auditors: int = 16, audits: int = 90, seed: int = 1) -> Body:
    """Clients in five clusters far from the one town where everybody lives: short audits, long ways, so that going
    on from one client to the next saves most of the money."""
    random = Random(f"far/{auditors}/{audits}/{seed}")
    clusters = {"West": (43.8, 87.6), "South": (22.8, 108.4), "North": (45.8, 126.6), "Coast": (24.5, 118.1)}
    clusters["Plateau"] = (36.6, 101.8)
    places = [Place(region="Home", city="", latitude=34.3, longitude=108.9)]
    for name, (latitude, longitude) in clusters.items():
        for town in range(4):
            spot = (latitude + random.uniform(-0.6, 0.6), longitude + random.uniform(-0.6, 0.6))
            places.append(Place(region=name, city=f"{name} {town + 1}", latitude=spot[0], longitude=spot[1]))
    people = tuple(Auditor(id=f"P{number:02d}", name=f"P{number:02d}", region="Home") for number in range(auditors))
    rows = [
        Qualification(auditor=person.id, standard="ISO 9001", role=Role.LEAD if random.random() < 0.7 else Role.AUDITOR)
        for person in people
    ]
    sites = [place for place in places if place.region != "Home"]
    clients, jobs = [], []
    for number in range(audits):
        site = random.choice(sites)
        clients.append(Client(id=f"C{number:03d}", name=f"C{number:03d}", region=site.region, city=site.city))
        jobs.append(_far_audit(random, number))
    return Body(
        settings=Settings(
            plan_from=demo.FIRST, plan_to=demo.LAST, today=demo.TODAY, country="JP", longest_span=Decimal(4)
        ),
        auditors=people,
        qualifications=tuple(rows),
        places=tuple(places),
        clients=tuple(clients),
        audits=tuple(jobs),
    )


def _far_audit(random: Random, number: int) -> Audit:
    """A short audit with a wide window."""
    first = demo.FIRST + timedelta(days=random.randrange(0, 40))
    return Audit(
        id=f"T{number:03d}",
        client=f"C{number:03d}",
        type=AuditType.SURVEILLANCE,
        standards=("ISO 9001",),
        codes=("17",),
        days=Decimal(random.choice(("1", "1.5", "2", "2", "3"))),
        largest_team=2,
        earliest=first,
        due=first + timedelta(days=45),
    )


def far(seed: int) -> Problem:
    """The body far from home as the solver sees it."""
    return compiled(far_body(seed=seed))
