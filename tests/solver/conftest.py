"""Small problems for the solver's tests."""

from __future__ import annotations

from collections.abc import Callable
from random import Random

import pytest

from auditplan.solver.problem import (
    Activity,
    Apart,
    Candidate,
    Ceiling,
    Cover,
    Group,
    Leg,
    Mode,
    Precedence,
    Problem,
    Quota,
    Relation,
    Resource,
    SamePerson,
)

TICKS = 12


def mode(random: Random, size: int, length: int) -> Mode:
    """A mode of a team size whose options are every start, priced on level 1 and sometimes leaving early."""
    starts = tuple(range(2, TICKS - 2 - length))
    ends = tuple(start + length for start in starts)
    early = random.random() < 0.2 and length > 1
    leaves = tuple(end - 1 for end in ends) if early else ()
    prices = tuple(random.randrange(4) for _ in starts)
    return Mode(
        least=(1, size - 1),
        most=(1, size - 1 + random.randrange(2)),
        starts=starts,
        ends=ends,
        leaves=leaves,
        costs=((), prices, ()),
    )


def activity(random: Random, people: int) -> Activity:
    """An activity with one or two modes, candidates with masks, and groups."""
    masks = [-1, -1, -1, 0b1111_1111, 0b1111_1111_0000]
    roles = []
    for _ in range(2):
        entries = [person for person in range(people) if random.random() < 0.75]
        roles.append(
            tuple(
                Candidate(
                    resource=person,
                    during=random.choice(masks),
                    starting=random.choice(masks),
                    beside=1 if random.random() < 0.2 else None,
                    costs=((2, random.randrange(-2, 4)),),
                )
                for person in entries
            )
        )
    chosen = [person for person in range(people) if random.random() < 0.6]
    covers = tuple(Cover(resource=person, roles=(0, 1), during=random.choice(masks)) for person in chosen)
    helpers = tuple(Cover(resource=person, roles=(0,)) for person in range(people) if random.random() < 0.7)
    length = random.randrange(1, 4)
    modes = [mode(random, 1, length)]
    if random.random() < 0.5:
        modes.append(mode(random, 2, max(1, length - 1)))
    return Activity(
        slots=random.choice((-1, 0b1111_0111_1111)) & ((1 << TICKS) - 1),
        place=random.choice((None, 0, 1, 2)),
        modes=tuple(modes),
        roles=tuple(roles),
        groups=(Group(covers, required=random.random() < 0.5), Group(helpers, required=False)),
        left_out=(random.randrange(1, 6), 0, 0),
        placed=(0, 0, 2),
    )


def resource(random: Random) -> Resource:
    """A person, sometimes away, sometimes with ceilings, targets, rates."""
    every = (1 << TICKS) - 1
    return Resource(
        free=every & ~(1 << random.randrange(TICKS)) if random.random() < 0.5 else every,
        grid=every,
        home=random.randrange(2),
        busy=random.choice((0, 0, 0b11 << 8)),
        rate=random.choice((0, 0, 3)),
        most_nights=random.choice((None, None, 1, 2)),
        ceilings=(Ceiling(0b111111, 2),) if random.random() < 0.3 else (),
        target=random.choice((None, 2, 4)),
        deviation=random.choice((0, 1)),
    )


def relations(random: Random, activities: int, people: int) -> tuple[Relation, ...]:
    """Some relations of each kind."""
    found: list[Relation] = []
    if activities > 1:
        draw = random.random()
        if draw < 0.25:
            found.append(Precedence(0, 1, random.randrange(2), random.choice((None, 2))))
        elif draw < 0.4:
            found.append(SamePerson(0, 1, 0))
        elif draw < 0.55:
            found.append(Apart(0, 1))
    if random.random() < 0.2:
        found.append(Quota(random.randrange(people), 0, tuple(range(activities)), 1))
    return tuple(found)


def random_problem(seed: int) -> Problem:
    """A tiny problem with every feature somewhere."""
    random = Random(seed)
    people, activities = random.randrange(1, 4), random.randrange(1, 4)
    legs = {}
    for start in range(3):
        for end in range(3):
            if start != end:
                ticks = 0 if {start, end} == {0, 1} else 1
                legs[start, end] = Leg(ticks, 2 + start + end)
    return Problem(
        ticks=TICKS,
        period=2,
        levels=3,
        money=2,
        balance=2,
        resources=tuple(resource(random) for _ in range(people)),
        activities=tuple(activity(random, people) for _ in range(activities)),
        relations=relations(random, activities, people),
        legs=legs,
        night=5,
    )


@pytest.fixture
def make_problem() -> Callable[[int], Problem]:
    """A tiny random problem by seed."""
    return random_problem
