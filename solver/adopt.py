"""Choices made elsewhere as a sound solution: each is placed in turn where it fits beside what was placed before it."""

from __future__ import annotations

from collections.abc import Sequence

from auditplan.solver.check import violations
from auditplan.solver.construct import paired, usable_seats
from auditplan.solver.facts import Facts
from auditplan.solver.problem import Problem
from auditplan.solver.solution import Choice, Solution
from auditplan.solver.state import State, members
from auditplan.solver.teams import fits

ROUNDS = 6
"""How often what hangs on something doubtful is looked for at most."""


def adopt(facts: Facts, wishes: Sequence[tuple[int, Choice]]) -> Solution:
    """A sound solution of pairs of an activity and how it should be carried out, the earlier pairs first; what does
    not fit is left out. What an activity must follow may come later in the order."""
    whole = together(facts.problem, wishes)
    if whole is not None:
        return whole
    doubtful, begin = _doubtful(facts.problem, wishes), None
    for _ in range(ROUNDS):  # what follows something doubtful is found broken once that is taken away
        kept = [pair for pair in wishes if pair[0] not in doubtful]
        broken = [one for one in violations(facts.problem, _all(facts.problem, kept)) if one.code != "left out"]
        if not broken:
            begin = _all(facts.problem, kept)
            break
        doubtful |= {violation.activity for violation in broken}
    state = State(facts, begin)
    left = [pair for pair in wishes if begin is None or pair[0] in doubtful]
    while left:
        waiting = [(number, choice) for number, choice in left if not placed_as(facts, state, number, choice)]
        if len(waiting) == len(left):
            break
        left = waiting
    return state.solution()


def _doubtful(problem: Problem, wishes: Sequence[tuple[int, Choice]]) -> set[int]:
    """The activities that may have to give way: those in which something is broken when all stand as wished, and those
    later in order that share people with them or hang together with them."""
    found_broken = violations(problem, _all(problem, wishes))
    broken = {violation.activity for violation in found_broken if violation.code != "ceiling"}
    tied: dict[int, set[int]] = {number: set() for number in broken}
    for relation in problem.relations:
        named = members(relation)
        for number in broken.intersection(named):
            tied[number].update(named)
    found, hanging = set(broken), set[int]()
    people = {violation.activity for violation in found_broken if violation.code == "ceiling"}
    for number, choice in wishes:
        team = {person for role in choice.team for person in role}
        if number in broken:
            people |= team
            hanging |= tied[number]
        elif number in hanging or people & team:
            found.add(number)
    return found


def placed_as(facts: Facts, state: State, number: int, choice: Choice) -> bool:
    """Places a choice if it fits; whether it did."""
    flat = state.option(number, choice)
    seats = [(role, person) for role, team in enumerate(choice.team) for person in team]
    facts.admit(number, choice.team)
    usable = usable_seats(facts, state, number, people={person for _, person in seats})
    possible = {(seat.role, seat.resource): row for seat, row in zip(usable.seats, usable.possible, strict=True)}
    if not all(seat in possible and possible[seat][flat] for seat in seats):
        return False
    if not fits(facts, number, flat, choice.team) or not paired(state, number, choice.team):
        return False
    state.place(number, choice)
    return True


def together(problem: Problem, wishes: Sequence[tuple[int, Choice]]) -> Solution | None:
    """All of them at once; None where something stands against it."""
    solution = _all(problem, wishes)
    return None if violations(problem, solution) else solution


def _all(problem: Problem, wishes: Sequence[tuple[int, Choice]]) -> Solution:
    """All of them, sound or not."""
    choices: list[Choice | None] = [None] * len(problem.activities)
    for number, choice in wishes:
        choices[number] = choice
    return Solution(tuple(choices))
