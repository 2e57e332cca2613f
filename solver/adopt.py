"""Choices made elsewhere as a sound solution: each is placed in turn where it fits beside what was placed before it."""

from __future__ import annotations

from collections.abc import Sequence

from auditplan.solver.check import violations
from auditplan.solver.construct import paired, usable_seats
from auditplan.solver.facts import Facts
from auditplan.solver.problem import Problem
from auditplan.solver.solution import Choice, Solution
from auditplan.solver.state import State
from auditplan.solver.teams import fits


def adopt(facts: Facts, wishes: Sequence[tuple[int, Choice]]) -> Solution:
    """A sound solution of pairs of an activity and how it should be carried out, the earlier pairs first; what does
    not fit is left out. What an activity must follow may come later in the order."""
    whole = together(facts.problem, wishes)
    if whole is not None:
        return whole
    state = State(facts)
    left = list(wishes)
    while left:
        waiting = [(number, choice) for number, choice in left if not placed_as(facts, state, number, choice)]
        if len(waiting) == len(left):
            break
        left = waiting
    return state.solution()


def placed_as(facts: Facts, state: State, number: int, choice: Choice) -> bool:
    """Places a choice if it fits; whether it did."""
    flat = state.option(number, choice)
    possible = {(seat.role, seat.resource): seat.possible for seat in usable_seats(facts, state, number)}
    seats = [(role, person) for role, team in enumerate(choice.team) for person in team]
    if not all(seat in possible and possible[seat][flat] for seat in seats):
        return False
    if not fits(facts, number, flat, choice.team) or not paired(state, number, choice.team):
        return False
    state.place(number, choice)
    return True


def together(problem: Problem, wishes: Sequence[tuple[int, Choice]]) -> Solution | None:
    """All of them at once; None where something stands against it."""
    choices: list[Choice | None] = [None] * len(problem.activities)
    for number, choice in wishes:
        choices[number] = choice
    solution = Solution(tuple(choices))
    return None if violations(problem, solution) else solution
