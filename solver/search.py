"""Neighbourhoods: which activities to free together, so that an exact solve of them may find something better."""

from __future__ import annotations

import math
from random import Random

import numpy as np

from auditplan.solver.columns.aims import Column
from auditplan.solver.columns.plans import TOO_DEAR
from auditplan.solver.columns.prices import Tariff, pricer_of
from auditplan.solver.facts import Facts
from auditplan.solver.problem import Apart, Precedence, SamePerson
from auditplan.solver.state import State

REACH = 10
"""Periods before and after an activity that count as near."""
NOISE = 3.0
"""Chance in the wish of an activity that is left out, in ticks that others would have to give up."""
KINDS = ("left out", "left out", "left out", "person", "time", "kin", "random")


def neighbourhood(facts: Facts, state: State, random: Random, size: int, movable: list[int]) -> tuple[int, ...]:
    """About `size` activities of `movable`, in order."""
    left_out = [number for number in movable if state.choices[number] is None]
    kind = random.choice(KINDS if left_out else KINDS[3:])
    if len(movable) <= size:
        return tuple(movable)
    seed = _weighty(facts, left_out, random) if kind == "left out" else random.choice(movable)
    if kind == "random":
        return tuple(sorted(random.sample(movable, size)))
    score = {number: random.random() for number in movable}
    people = _people(facts, state, seed)
    low, high = _window(facts, state, seed)
    blockers: set[int] = set()
    if kind == "left out":
        wish = cheapest_wish(facts, state, seed, random)
        if wish is not None:
            blockers = blocking(facts, state, wish)
            people = {person for number in (*blockers,) for person in _people(facts, state, number)}
            people |= {person for team in wish.team for person in team}
            start = int(facts.options[seed].start[wish.flat])
            low, high = start - REACH * facts.problem.period, start + REACH * facts.problem.period
    if kind == "person":
        people = {random.choice(sorted(people))} if people else people
    for number in movable:
        choice = state.choices[number]
        if choice is None:
            score[number] += 0.8 * _shared(facts, people, number)
            continue
        team = {person for members in choice.team for person in members}
        start = int(facts.options[number].start[state.option(number, choice)])
        near = low <= start < high
        if kind in {"left out", "person"}:
            score[number] += 2.0 * bool(team & people) + 1.0 * near
        elif kind == "time":
            score[number] += 2.0 * near + 0.5 * bool(team & people)
        else:
            score[number] += 1.5 * (facts.problem.activities[number].place == facts.problem.activities[seed].place)
            score[number] += 1.0 * _shared(facts, people, number) + 0.5 * near
    for number in blockers | _tied(state, seed):
        score[number] = score.get(number, -math.inf) + 50.0
    score[seed] = 99.0
    chosen = sorted(movable, key=lambda number: (-score[number], number))[:size]
    return tuple(sorted(chosen))


def _shared(facts: Facts, people: set[int], number: int) -> bool:
    """Whether any of some people could be in the team of an activity."""
    return not people.isdisjoint(facts.presences[number])


def _tied(state: State, number: int) -> set[int]:
    """What a relation of two ties an activity to: what it follows, whose team it must not have, or must."""
    pairs = (one for one in state.relations[number] if isinstance(one, Precedence | Apart | SamePerson))
    return {number for pair in pairs for number in (pair.first, pair.second)} - {number}


def _people(facts: Facts, state: State, number: int) -> set[int]:
    """The team of an activity, or all who could be in it where it is left out."""
    choice = state.choices[number]
    if choice is None:
        return set(facts.presences[number])
    return {person for team in choice.team for person in team}


def _window(facts: Facts, state: State, number: int) -> tuple[int, int]:
    """The ticks around an activity: two weeks or so around its start, or all its options where it is left out."""
    options = facts.options[number]
    choice = state.choices[number]
    reach = REACH * facts.problem.period
    if choice is not None:
        start = int(options.start[state.option(number, choice)])
        return start - reach, start + reach
    if not len(options):
        return 0, facts.problem.ticks
    return int(options.start.min()), int(options.end.max())


def _weighty(facts: Facts, left_out: list[int], random: Random) -> int:
    """One of those left out, the dearer the likelier."""
    weights = [1 + sum((facts.problem.activities[number].left_out or (0,))[:1]) for number in left_out]
    return random.choices(left_out, weights)[0]


def cheapest_wish(facts: Facts, state: State, number: int, random: Random) -> Column | None:
    """Where an activity that is left out would take the least time from others, with some chance in it; None: it fits
    nowhere."""
    pricer = pricer_of(facts, number)
    problem = facts.problem
    people = sorted(facts.presences[number])
    ticks = np.zeros((len(problem.resources), problem.ticks + 1))
    for person in people:
        ticks[person] = state.bound_prefix(person)
    tariff = Tariff(levels=np.zeros(problem.levels), ticks=ticks, worked=np.zeros(len(problem.resources)))
    own = np.array([random.random() * NOISE for _ in range(len(pricer.flats))])
    seats = pricer.seat_prices(tariff)
    noise = np.array([random.random() * NOISE for _ in range(len(seats))])
    offers = pricer.offers(seats + noise[:, np.newaxis], own)
    if not len(offers.price) or offers.price.min() >= TOO_DEAR:
        return None
    position = int(offers.price.argmin())
    team = pricer.team(offers, position)
    return None if team is None else Column(number, int(pricer.flats[position]), team)


def blocking(facts: Facts, state: State, wish: Column) -> set[int]:
    """What is placed where a wish would need the same people at the same time."""
    found: set[int] = set()
    needed = {person: facts.presences[wish.number][person] for team in wish.team for person in team}
    for number, choice in enumerate(state.choices):
        if choice is None:
            continue
        flat: int | None = None
        for person in (person for team in choice.team for person in team if person in needed):
            flat = state.option(number, choice) if flat is None else flat
            own, theirs = needed[person], facts.presences[number][person]
            if own.first[wish.flat] < theirs.last[flat] and theirs.first[flat] < own.last[wish.flat]:
                found.add(number)
    return found
