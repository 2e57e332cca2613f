"""Scheduling problems with something forced, forbidden, kept or left away: pure functions from problem to problem."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace

from auditplan.solver.problem import (
    Activity,
    Apart,
    Candidate,
    Cover,
    Group,
    Mode,
    Precedence,
    Problem,
    Quota,
    Relation,
    SamePerson,
)


def with_options(activity: Activity, kept: Callable[[Mode, int], bool]) -> Activity:
    """An activity with only the options for which `kept` holds."""
    return replace(activity, modes=tuple(_with_options(mode, kept) for mode in activity.modes))


def _with_options(mode: Mode, kept: Callable[[Mode, int], bool]) -> Mode:
    """One mode with some of its options."""
    chosen = [number for number in range(len(mode.starts)) if kept(mode, number)]

    def some(values: Sequence[int]) -> tuple[int, ...]:
        """The entries of the options kept; nothing of an empty row."""
        return tuple(values[number] for number in chosen) if values else ()

    return replace(
        mode,
        starts=some(mode.starts),
        ends=some(mode.ends),
        leaves=some(mode.leaves),
        costs=tuple(some(prices) for prices in mode.costs),
    )


def starting_in(activity: Activity, mask: int) -> Activity:
    """An activity that starts at one of the ticks of a mask."""
    return with_options(activity, lambda mode, number: bool(mask >> mode.starts[number] & 1))


def with_person(activity: Activity, person: int, roles: Iterable[int] | None = None) -> Activity:
    """An activity whose team has a person in one of some roles (None: any)."""
    seats = tuple(range(len(activity.roles)) if roles is None else roles)
    group = Group((Cover(resource=person, roles=seats),))
    return replace(activity, groups=(*activity.groups, group))


def without_group(activity: Activity, number: int) -> Activity:
    """An activity in which a group need not be met (references to it keep their meaning)."""
    groups = list(activity.groups)
    groups[number] = replace(groups[number], required=False)
    return replace(activity, groups=tuple(groups))


def part_of(problem: Problem, numbers: Sequence[int]) -> Problem:
    """The problem of some activities only, with the relations that hold among them. A quota counts those kept."""
    place = {number: index for index, number in enumerate(numbers)}
    relations = [_among(relation, place) for relation in problem.relations]
    return replace(
        problem,
        activities=tuple(problem.activities[number] for number in numbers),
        relations=tuple(relation for relation in relations if relation is not None),
    )


def _among(relation: Relation, place: dict[int, int]) -> Relation | None:
    """A relation with the activities' new numbers; None where one of its two is not there."""
    if isinstance(relation, Quota):
        kept = tuple(place[number] for number in relation.activities if number in place)
        return replace(relation, activities=kept) if len(kept) > relation.most else None
    if not isinstance(relation, Precedence | SamePerson | Apart):
        return None  # a budget of changes counts over the whole only
    if relation.first not in place or relation.second not in place:
        return None
    return replace(relation, first=place[relation.first], second=place[relation.second])


def unpriced(problem: Problem, besides: int | None = None) -> Problem:
    """The problem in which only leaving something out costs anything: for asking whether something can be at all.
    besides: another level whose prices of options and seats stay."""
    activities = tuple(
        replace(
            activity,
            modes=tuple(replace(mode, costs=_only(mode.costs, besides)) for mode in activity.modes),
            roles=tuple(
                tuple(replace(entry, costs=tuple(one for one in entry.costs if one[0] == besides)) for entry in entries)
                for entries in activity.roles
            ),
            left_out=_first_only(activity.left_out),
            placed=(),
        )
        for activity in problem.activities
    )
    people = tuple(replace(person, rate=0, target=None, deviation=0) for person in problem.resources)
    legs = {pair: replace(leg, cost=0) for pair, leg in problem.legs.items()}
    return replace(problem, activities=activities, resources=people, legs=legs, night=0)


def without_level(problem: Problem, level: int) -> Problem:
    """The problem in which one level costs nothing, as far as options, seats and activities are priced on it."""

    def free(prices: tuple[int, ...]) -> tuple[int, ...]:
        """An activity's own prices."""
        return tuple(0 if at == level else price for at, price in enumerate(prices))

    activities = tuple(
        replace(
            activity,
            modes=tuple(
                replace(mode, costs=tuple(() if at == level else prices for at, prices in enumerate(mode.costs)))
                for mode in activity.modes
            ),
            roles=tuple(tuple(_seat_without(entry, level) for entry in entries) for entries in activity.roles),
            left_out=None if activity.left_out is None else free(activity.left_out),
            placed=free(activity.placed),
        )
        for activity in problem.activities
    )
    return replace(problem, activities=activities)


def _seat_without(entry: Candidate, level: int) -> Candidate:
    """A candidate whose seat costs nothing on a level."""
    if not entry.costs:
        return entry
    left = tuple(one for one in entry.costs if one[0] != level)
    return entry if len(left) == len(entry.costs) else replace(entry, costs=left)


def _only(costs: tuple[tuple[int, ...], ...], level: int | None) -> tuple[tuple[int, ...], ...]:
    """A mode's prices on one level."""
    return () if level is None else tuple(prices if at == level else () for at, prices in enumerate(costs))


def _first_only(prices: tuple[int, ...] | None) -> tuple[int, ...] | None:
    """The price of leaving out on the first level; at least 1."""
    return None if prices is None else (max(1, prices[0]), *[0] * (len(prices) - 1))
