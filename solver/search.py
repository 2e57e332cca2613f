"""Neighbourhoods: which activities to free together, so that an exact solve of them may find something better."""

from __future__ import annotations

from random import Random

from auditplan.solver.facts import Facts
from auditplan.solver.state import State

KINDS = ("left out", "person", "time", "kin", "random")


def neighbourhood(facts: Facts, state: State, random: Random, size: int, movable: list[int]) -> tuple[int, ...]:
    """About `size` activities of `movable`, in order."""
    left_out = [number for number in movable if state.choices[number] is None]
    kind = random.choice(KINDS if left_out else KINDS[1:])
    if len(movable) <= size:
        return tuple(movable)
    seed = random.choice(left_out) if kind == "left out" else random.choice(movable)
    if kind == "random":
        return tuple(sorted(random.sample(movable, size)))
    score = {number: random.random() for number in movable}
    people = _people(facts, state, seed)
    if kind == "person":
        people = {random.choice(sorted(people))} if people else people
    low, high = _window(facts, state, seed)
    for number in movable:
        choice = state.choices[number]
        if choice is None:
            shared = len(people & set(facts.presences[number])) > 0
            score[number] += 0.8 * shared
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
            score[number] += 1.0 * bool(people & set(facts.presences[number])) + 0.5 * near
    score[seed] = 99.0
    chosen = sorted(movable, key=lambda number: (-score[number], number))[:size]
    return tuple(sorted(chosen))


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
    reach = 10 * facts.problem.period
    if choice is not None:
        start = int(options.start[state.option(number, choice)])
        return start - reach, start + reach
    if not len(options):
        return 0, facts.problem.ticks
    return int(options.start.min()), int(options.end.max())
