"""Columns worth having: the cheapest of an activity beside what stands, and all that a proof needs."""

from __future__ import annotations

from collections.abc import Callable
from random import Random

import numpy as np

from auditplan.solver.columns.aims import Aim, Column
from auditplan.solver.columns.generation import Generation
from auditplan.solver.columns.plans import DEAR, TOO_DEAR, Floats
from auditplan.solver.columns.prices import Tariff, pricer_of
from auditplan.solver.construct import usable_seats
from auditplan.solver.facts import Facts, Ints
from auditplan.solver.problem import Activity, SamePerson
from auditplan.solver.state import State
from auditplan.solver.teams import fits

PROMISING, DRAWN = 24, 24
"""Options looked at for cheap columns: the most promising, and others drawn at random."""


def cheap_columns(
    facts: Facts,
    state: State,
    number: int,
    keep: set[int] | None,
    tariff: Tariff,
    most: int,
    random: Random,
    active: frozenset[int] = frozenset(),
) -> list[Column]:
    """Columns of an activity that fit beside what stands: up to `most`, the cheapest at a tariff under
    the most promising options and some drawn at random. active: what is decided together with the activity, so that
    no relation between them closes anything here."""
    pricer = pricer_of(facts, number)
    usable = usable_seats(facts, state, number, active).singly()
    if not usable:
        return []
    seats = pricer.seat_prices(tariff)
    pricer.beside(seats, usable, tariff)
    own = pricer.option_prices(tariff)
    if keep is not None:
        closed = np.ones(len(own), dtype=np.bool_)
        closed[sorted(keep)] = False
        own = np.where(closed, DEAR, own)
    positions = _positions(seats, own, random)
    pairs = pricer.several(seats, own, most, positions)
    return [Column(number, flat, team) for flat, team in pairs if pricer.plain or fits(facts, number, flat, team)]


def _positions(seats: Floats, own: Floats, random: Random) -> Ints:
    """The options to look at: those whose cheapest seat and own price promise most, and some drawn at random."""
    promise = own + seats.min(axis=0)
    order = np.argsort(promise, kind="stable")
    order = order[promise[order] < TOO_DEAR]
    best, rest = order[:PROMISING], order[PROMISING:]
    drawn = random.sample(range(len(rest)), min(DRAWN, len(rest)))
    return np.sort(np.concatenate([best, rest[sorted(drawn)]]))


def all_columns(
    facts: Facts, generation: Generation, most: float, limit: int, stopped: Callable[[], bool]
) -> list[Column] | None:
    """Every column that a solution may hold whose own part of the level is at most `most` (reduced-cost fixing); None
    where they are more than `limit`, or somebody said stop. Seats that need not be filled stay empty; see
    `complete`."""
    relaxed = generation.relaxed
    spare = most - relaxed.bound + 1e-6 * max(1.0, abs(most))
    tariff = generation.tariff()
    found: list[Column] = []
    for number, pricer in generation.pricers.items():
        prices = pricer.cheapest(tariff).price
        base = min(float(prices.min(initial=np.inf)), generation.left_out_price(number, tariff))
        for flat, team in pricer.all_within(tariff, min(base + spare, TOO_DEAR)):
            if pricer.plain or fits(facts, number, flat, team):
                found.append(Column(number, flat, team))
            if len(found) > limit or stopped():
                return None
    return found


def complete(facts: Facts, aim: Aim) -> bool:
    """Whether `all_columns` holds enough for a proof: whoever takes a seat that need not be filled can leave it, and
    nothing gets worse on the levels up to the aim's."""
    roles = {relation.role for relation in facts.problem.relations if isinstance(relation, SamePerson)}
    return all(_spare_seats_idle(facts.problem.activities[number], aim.level, roles) for number in aim.active)


def _spare_seats_idle(activity: Activity, level: int, needed: set[int]) -> bool:
    """Whether seats of an activity that need not be filled neither save anything nor meet a group. needed: roles that
    other activities look at."""
    spare = {role for mode in activity.modes for role, least in enumerate(mode.least) if mode.most[role] > least}
    if spare & needed or any(spare & set(cover.roles) for group in activity.groups for cover in group.covers):
        return False
    return all(
        price >= 0
        for role in spare
        for candidate in activity.roles[role]
        for on, price in candidate.costs
        if on <= level
    )
