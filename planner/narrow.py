"""Problems cut down for a purpose; the numbers of activities stay, so that choices mean the same in all of them."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace

from auditplan.solver.problem import Activity, Leg, Precedence, Problem, Resource


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
