"""Problems cut down for a purpose; the numbers of activities stay, so that choices mean the same in all of them."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace

from auditplan.solver.problem import Activity, Leg, Mode, Precedence, Problem, Resource
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


def pinned(activity: Activity, choice: Choice) -> Activity:
    """An activity that is carried out in one way only."""
    mode = activity.modes[choice.mode]
    one = slice(choice.option, choice.option + 1)
    only = Mode(
        least=tuple(len(team) for team in choice.team),
        most=tuple(len(team) for team in choice.team),
        starts=mode.starts[one],
        ends=mode.ends[one],
        leaves=mode.leaves[one],
        costs=tuple(prices[one] for prices in mode.costs),
    )
    roles = tuple(
        tuple(candidate for candidate in candidates if candidate.resource in team)
        for candidates, team in zip(activity.roles, choice.team, strict=True)
    )
    return replace(activity, modes=(only,), roles=roles)


def standing(problem: Problem, solution: Solution, free: Collection[int]) -> tuple[Problem, Solution]:
    """The problem in which everything that a solution carries out stands as it is and must stay; what it leaves out is
    free if it is in `free`, else it stays out. With the solution in terms of that problem."""
    activities, choices = [], list(solution.choices)
    for number, (activity, choice) in enumerate(zip(problem.activities, solution.choices, strict=True)):
        if choice is not None:
            activities.append(replace(pinned(activity, choice), left_out=None))
            choices[number] = replace(choice, mode=0, option=0)
        else:
            activities.append(activity if number in free else replace(activity, modes=()))
    return replace(problem, activities=tuple(activities)), Solution(tuple(choices))


def back(pins: Solution, solution: Solution) -> Solution:
    """A solution of a problem with pins in terms of the whole problem. pins: what was pinned, in those terms."""
    return Solution(
        tuple(one if one is not None else other for one, other in zip(pins.choices, solution.choices, strict=True))
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
