"""A whole solution from a linear program's fractions: its columns by their share, as far as they fit beside each other,
then for each activity still open the cheapest column at the program's prices that fits."""

from __future__ import annotations

from collections.abc import Callable
from random import Random

from auditplan.solver.check import violations
from auditplan.solver.columns.aims import Aim, Column
from auditplan.solver.columns.collect import cheap_columns
from auditplan.solver.columns.prices import Tariff
from auditplan.solver.construct import paired, usable_seats
from auditplan.solver.facts import Facts
from auditplan.solver.solution import Choice, Solution
from auditplan.solver.state import State

SMALLEST_SHARE = 0.02
"""Share from which a column of the program is tried as it is."""
CHANCE = 0.5
"""How far chance moves a share, relative to it."""
ROUNDING_WORK = 1.5e-3
"""Work of one activity's rounding, in core-seconds (measured)."""


def rounded(
    facts: Facts, aim: Aim, used: dict[Column, float], tariff: Tariff, seed: int, stopped: Callable[[], bool]
) -> Solution | None:
    """The solution; None where it breaks a rule that insertion does not look at, or somebody said stop."""
    state, random = State(facts), Random(seed)
    shares = {one: share * (1.0 + CHANCE * random.random()) for one, share in used.items() if share >= SMALLEST_SHARE}
    for column in sorted(shares, key=lambda one: (-shares[one], one.number, one.flat, one.team)):
        if stopped():
            return None
        if state.choices[column.number] is None and fits_beside(facts, state, column):
            state.place(column.number, choice_of(facts, column))
    fill(facts, aim, state, tariff, random, stopped)
    solution = state.solution()
    return None if stopped() or violations(facts.problem, solution) else solution


def fill(facts: Facts, aim: Aim, state: State, tariff: Tariff, random: Random, stopped: Callable[[], bool]) -> None:
    """Places what is still open where it fits and costs least at the tariff."""
    for number in _by_need(facts, aim, state):
        if stopped():
            return
        keep = aim.keep.get(number)
        for column in cheap_columns(facts, state, number, keep, tariff, 4, random):
            if paired(state, number, column.team):
                state.place(number, choice_of(facts, column))
                break


def _by_need(facts: Facts, aim: Aim, state: State) -> list[int]:
    """The activities still open: a predecessor first, then the dearest to leave out, then those with few ways."""
    open_ones = [number for number in aim.active if state.choices[number] is None]
    after = {number: len(facts.predecessors.get(number, ())) for number in open_ones}

    def need(number: int) -> tuple[int, int, int, int]:
        left_out = facts.problem.activities[number].left_out
        ways = sum(int(seat.possible.sum()) for seat in facts.seats[number])
        return after[number], -left_out[aim.level] if left_out else -(1 << 40), ways, number

    return sorted(open_ones, key=need)


def fits_beside(facts: Facts, state: State, column: Column, active: frozenset[int] = frozenset()) -> bool:
    """Whether every seat of a column is free beside what stands. active: what is still to be decided with it."""
    team = {person for members in column.team for person in members}
    seats = usable_seats(facts, state, column.number, active, people=team).singly()
    usable = {(seat.role, seat.resource): seat for seat in seats}
    for role, members in enumerate(column.team):
        for person in members:
            seat = usable.get((role, person))
            if seat is None or not seat.possible[column.flat]:
                return False
    return paired(state, column.number, column.team)


def choice_of(facts: Facts, column: Column) -> Choice:
    """A column as a choice."""
    options = facts.options[column.number]
    return Choice(int(options.mode[column.flat]), int(options.index[column.flat]), column.team)
