"""Problems cut down for a purpose; the numbers of activities stay, so that choices mean the same in all of them."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace

from auditplan.solver.problem import Activity, Leg, Precedence, Problem, Resource
from auditplan.solver.solution import Choice, Solution


def without(problem: Problem, numbers: Collection[int]) -> Problem:
    """The problem in which some activities cannot be carried out."""
    return replace(
        problem,
        activities=tuple(
            replace(activity, modes=()) if number in numbers else activity
            for number, activity in enumerate(problem.activities)
        ),
    )


def placing(problem: Problem, prices: Mapping[int, int]) -> Problem:
    """The problem of placing some activities, each at its price for leaving it out, and nothing else: what they must
    follow may be carried out, all others not. Everything else is free of charge."""
    wanted = set(prices) | ancestors(problem, prices)
    activities = tuple(
        _free_of_charge(activity, prices.get(number, 0), problem.levels)
        if number in wanted
        else replace(activity, modes=(), left_out=(0,) * problem.levels)
        for number, activity in enumerate(problem.activities)
    )
    legs = {pair: Leg(leg.ticks, 0) for pair, leg in problem.legs.items()}
    people = tuple(_unpaid(resource) for resource in problem.resources)
    return replace(problem, activities=activities, resources=people, legs=legs, night=0)


def _free_of_charge(activity: Activity, price: int, levels: int) -> Activity:
    """An activity that costs nothing but being left out, on the first level."""
    return replace(
        activity,
        modes=tuple(replace(mode, costs=()) for mode in activity.modes),
        roles=tuple(tuple(replace(entry, costs=()) for entry in candidates) for candidates in activity.roles),
        left_out=(price, *[0] * (levels - 1)),
        placed=(),
    )


def _unpaid(resource: Resource) -> Resource:
    """A person without rate and target."""
    return replace(resource, rate=0, target=None, deviation=0)


def ancestors(problem: Problem, numbers: Iterable[int]) -> set[int]:
    """The activities that some must follow, however far back."""
    first: dict[int, list[int]] = {}
    for relation in problem.relations:
        if isinstance(relation, Precedence):
            first.setdefault(relation.second, []).append(relation.first)
    found: set[int] = set()
    left = list(numbers)
    while left:
        for earlier in first.get(left.pop(), ()):
            if earlier not in found:
                found.add(earlier)
                left.append(earlier)
    return found


def pinned(problem: Problem, solution: Solution, free: Collection[int]) -> Problem:
    """The problem in which everything but `free` is carried out as in a solution or not at all. What is best in it is
    sound in the whole problem too (see `released`), but its bounds are not bounds of the whole."""
    return replace(
        problem,
        activities=tuple(
            activity if number in free else as_chosen(activity, choice)
            for number, (activity, choice) in enumerate(zip(problem.activities, solution.choices, strict=True))
        ),
    )


def as_chosen(activity: Activity, choice: Choice | None) -> Activity:
    """An activity with one option and one team, or none."""
    if choice is None:
        return replace(activity, modes=(), roles=tuple(() for _ in activity.roles))
    mode, at = activity.modes[choice.mode], choice.option
    only = replace(
        mode,
        starts=(mode.starts[at],),
        ends=(mode.ends[at],),
        leaves=mode.leaves[at : at + 1],
        costs=tuple(prices[at : at + 1] for prices in mode.costs),
    )
    people = {person for team in choice.team for person in team}
    return replace(
        activity,
        modes=(only,),
        roles=tuple(
            tuple(entry for entry in candidates if entry.resource in team)
            for candidates, team in zip(activity.roles, choice.team, strict=True)
        ),
        groups=tuple(
            replace(group, covers=tuple(cover for cover in group.covers if cover.resource in people))
            for group in activity.groups
        ),
    )


def as_pinned(solution: Solution, free: Collection[int]) -> Solution:
    """A solution of the whole problem as one of the pinned."""
    return Solution(
        tuple(
            choice if choice is None or number in free else Choice(0, 0, choice.team)
            for number, choice in enumerate(solution.choices)
        )
    )


def released(found: Solution, begun: Solution, free: Collection[int]) -> Solution:
    """A solution of the pinned problem as one of the whole; begun: what was pinned."""
    return Solution(
        tuple(
            choice if choice is None or number in free else old
            for number, (choice, old) in enumerate(zip(found.choices, begun.choices, strict=True))
        )
    )
