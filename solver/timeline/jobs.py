"""When a problem is a timeline: every activity must be carried out, in one mode, with starts in a row, and the level to
better charges nothing but starts. Then a start is one whole number instead of a literal for each option, and people
who can fill the same seats at the same times are one *kind* of which only the number matters: stays that overlap
nowhere more often than a kind has people can always be dealt out to those people (interval graphs are perfect).
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from auditplan.solver.facts import Bools, Facts
from auditplan.solver.problem import Activity, Precedence, Problem

Seats = dict[tuple[int, int], int]
"""(role, kind) → how many of the kind fill the role."""


@dataclass(frozen=True, slots=True)
class Job:
    """An activity on the timeline.

    first, last: the range of its start. duration: ticks. demand: people per role. slope, base: its price is
    slope × start + base. open: kind → per start, whether its people are free; only kinds that have a role here.
    roles: kind → the roles that it may fill."""

    number: int
    first: int
    last: int
    duration: int
    demand: tuple[int, ...]
    slope: int
    base: int
    open: dict[int, Bools]
    roles: dict[int, tuple[int, ...]]


@dataclass(frozen=True, slots=True)
class Order:
    """`second` starts at least `least` and at most `most` ticks after the start of `first` (None: no limit)."""

    first: int
    second: int
    least: int
    most: int | None


@dataclass(frozen=True)
class Timeline:
    """jobs: one per activity, in their order. kinds: the people of each kind. orders: what follows what."""

    jobs: tuple[Job, ...]
    kinds: tuple[tuple[int, ...], ...]
    orders: tuple[Order, ...]
    ticks: int

    @cached_property
    def before(self) -> dict[int, list[Order]]:
        """Job → the orders that it is the second of."""
        found: dict[int, list[Order]] = defaultdict(list)
        for order in self.orders:
            found[order.second].append(order)
        return found

    @cached_property
    def after(self) -> dict[int, list[Order]]:
        """Job → the orders that it is the first of."""
        found: dict[int, list[Order]] = defaultdict(list)
        for order in self.orders:
            found[order.first].append(order)
        return found

    @cached_property
    def tails(self) -> list[int]:
        """Per job, the ticks from its start to the last end that must follow it."""
        known: dict[int, int] = {}
        for number in reversed(self.sequence):
            ends = [known[order.second] + order.least for order in self.after[number]]
            known[number] = max([self.jobs[number].duration, *ends])
        return [known[number] for number in range(len(self.jobs))]

    @cached_property
    def sequence(self) -> list[int]:
        """The jobs in an order in which every first comes before its second; shorter where orders form a cycle."""
        open_orders = {number: len(self.before[number]) for number in range(len(self.jobs))}
        ready = [number for number, count in open_orders.items() if not count]
        done: list[int] = []
        while ready:
            number = ready.pop()
            done.append(number)
            for order in self.after[number]:
                open_orders[order.second] -= 1
                if not open_orders[order.second]:
                    ready.append(order.second)
        return done

    @cached_property
    def crowds(self) -> list[tuple[int, dict[int, int]]]:
        """See `crowds_of`."""
        return crowds_of(self)


MOST_CLASSES, MOST_CROWDS = 10, 40
"""Sets of kinds that fill the same seats up to which every union is looked at; unions kept."""


def crowds_of(timeline: Timeline) -> list[tuple[int, dict[int, int]]]:
    """(people, job → how many of them it takes at least): unions of the sets of kinds that may fill a role, the busiest
    first. At no tick can jobs take more of a union than it has (Hall 1935): what holds of all unions at every tick
    is all that there is to the seats, but for people who would change seats in the middle of a job."""
    seats: dict[frozenset[int], dict[int, int]] = defaultdict(lambda: defaultdict(int))
    for index, job in enumerate(timeline.jobs):
        for role, count in enumerate(job.demand):
            if count:
                seats[frozenset(kind for kind, roles in job.roles.items() if role in roles)][index] += count
    unions = _unions(sorted(seats, key=sorted))
    found = []
    for union in unions:
        people = sum(len(timeline.kinds[kind]) for kind in union)
        taken: dict[int, int] = defaultdict(int)
        for kinds, jobs in seats.items():
            if kinds <= union:
                for index, count in jobs.items():
                    taken[index] += count
        if sum(taken.values()) > people:
            energy = sum(count * timeline.jobs[index].duration for index, count in taken.items())
            found.append((-energy / people, sorted(union), people, dict(taken)))
    return [(people, taken) for _, _, people, taken in sorted(found, key=lambda entry: entry[:2])[:MOST_CROWDS]]


def _unions(classes: list[frozenset[int]]) -> set[frozenset[int]]:
    """All unions of a few sets, or those of one, two and all of many."""
    unions = set(classes) | {frozenset().union(*classes)}
    rounds = len(classes) if len(classes) <= MOST_CLASSES else 1
    for _ in range(rounds):
        unions |= {union | one for union in unions for one in classes}
    return unions


def timeline_of(facts: Facts, level: int) -> Timeline | None:
    """The timeline of a problem whose first level is to be bettered; None where it is none."""
    problem = facts.problem
    if level != 0 or not problem.activities or problem.balance == 0:
        return None
    if any(resource.ceilings for resource in problem.resources):
        return None
    orders = _orders(facts)
    if orders is None or not all(_plain(facts, number) for number in range(len(problem.activities))):
        return None
    kinds = _kinds(facts)
    if kinds is None:
        return None
    of_person = {person: kind for kind, people in enumerate(kinds) for person in people}
    jobs = tuple(_job(facts, number, of_person) for number in range(len(problem.activities)))
    timeline = Timeline(jobs, kinds, orders, problem.ticks)
    return timeline if len(timeline.sequence) == len(jobs) else None


def _plain(facts: Facts, number: int) -> bool:
    """Whether an activity must be carried out, in one mode whose starts lie in a row and whose price on the first
    level is a line, by people who need no journey and nobody beside them."""
    activity, options = facts.problem.activities[number], facts.options[number]
    if activity.left_out is not None or len(activity.modes) != 1 or not len(options):
        return False
    if activity.groups or any(candidate.beside is not None for role in activity.roles for candidate in role):
        return False
    return _in_a_row(facts, number) and _free_of_charge(facts, number, activity)


def _in_a_row(facts: Facts, number: int) -> bool:
    """Whether starts lie in a row with one length, one slope, and stays that are the stretch itself."""
    options = facts.options[number]
    prices = options.costs[0]
    slopes = np.diff(prices)
    even = bool((np.diff(options.start) == 1).all() and len(np.unique(options.end - options.start)) == 1)
    line = not len(slopes) or bool((slopes == slopes[0]).all() and slopes[0] >= 0)
    stays = all(
        bool((presence.first == options.start).all() and (presence.last == options.end).all())
        for presence in facts.presences[number].values()
    )
    return even and line and stays


def _free_of_charge(facts: Facts, number: int, activity: Activity) -> bool:
    """Whether nobody's seat has a price on the first level."""
    if any(level == 0 for role in activity.roles for candidate in role for level, _ in candidate.costs):
        return False
    return facts.problem.money != 0 or not any(presence.money.any() for presence in facts.presences[number].values())


def _orders(facts: Facts) -> tuple[Order, ...] | None:
    """The precedences as distances of starts; None where there are other relations, or distances that are no whole
    periods."""
    problem = facts.problem
    found = []
    for relation in problem.relations:
        if not isinstance(relation, Precedence) or not _measurable(problem, relation):
            return None
        first = facts.options[relation.first]
        if not len(first):
            return None
        length = int(first.end[0] - first.start[0])
        least = length + max(relation.least - 1, 0)
        most = None if relation.most is None else length - 1 + relation.most
        found.append(Order(relation.first, relation.second, least, most))
    return tuple(found)


def _measurable(problem: Problem, relation: Precedence) -> bool:
    """Whether a precedence is a distance in ticks."""
    return problem.period == 1 or (relation.least == 0 and relation.most is None)


def _kinds(facts: Facts) -> tuple[tuple[int, ...], ...] | None:
    """People by what they may fill when; None where somebody may fill one role of an activity at other times than
    another."""
    entries: dict[int, list[tuple[int, int, bytes]]] = defaultdict(list)
    times: dict[tuple[int, int], bytes] = {}
    for number, seats in enumerate(facts.seats):
        for seat in seats:
            possible = seat.possible.tobytes()
            entries[seat.resource].append((number, seat.role, possible))
            if times.setdefault((number, seat.resource), possible) != possible:
                return None
    alike: dict[tuple[tuple[int, int, bytes], ...], list[int]] = defaultdict(list)
    for person in sorted(entries):
        alike[tuple(entries[person])].append(person)
    return tuple(tuple(people) for people in alike.values())


def _job(facts: Facts, number: int, of_person: dict[int, int]) -> Job:
    """One activity on the timeline."""
    activity, options = facts.problem.activities[number], facts.options[number]
    open_to: dict[int, Bools] = {}
    roles: dict[int, list[int]] = defaultdict(list)
    for seat in facts.seats[number]:
        kind = of_person[seat.resource]
        open_to[kind] = seat.possible
        if seat.role not in roles[kind]:
            roles[kind].append(seat.role)
    prices = options.costs[0]
    slope = int(prices[1] - prices[0]) if len(prices) > 1 else 0
    placed = activity.placed[0] if activity.placed else 0
    return Job(
        number=number,
        first=int(options.start[0]),
        last=int(options.start[-1]),
        duration=int(options.end[0] - options.start[0]),
        demand=activity.modes[0].least,
        slope=slope,
        base=int(prices[0]) - slope * int(options.start[0]) + placed,
        open=open_to,
        roles={kind: tuple(own) for kind, own in roles.items()},
    )
