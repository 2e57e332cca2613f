"""A team for one activity in one option: a small search over seats that meets demands and groups."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from auditplan.solver.facts import Facts, Seat
from auditplan.solver.journeys import span_mask
from auditplan.solver.problem import Activity, Group

NODES = 400
"""Steps of one search; a team that needs more is left to the exact model."""


@dataclass(slots=True)
class _Search:
    """One search under way."""

    activity: Activity
    hull: int
    least: tuple[int, ...]
    most: tuple[int, ...]
    seats: list[list[Seat]]
    price: dict[tuple[int, int], int]
    nodes: int = NODES


def find_team(
    facts: Facts, number: int, flat: int, seats: Sequence[Seat], price: dict[tuple[int, int], int]
) -> tuple[tuple[int, ...], ...] | None:
    """A cheap team for option `flat` from the seats that are free then; None if the search finds none.

    price: what each (role, person) costs. Seats that a needed group lacks are filled first, cheapest next."""
    activity = facts.problem.activities[number]
    options = facts.options[number]
    mode = activity.modes[int(options.mode[flat])]
    by_role: list[list[Seat]] = [[] for _ in activity.roles]
    for seat in seats:
        by_role[seat.role].append(seat)
    if any(len(pool) < least for pool, least in zip(by_role, mode.least, strict=True)):
        return None
    hull = span_mask(int(options.start[flat]), int(options.end[flat]))
    search = _Search(activity, hull, mode.least, mode.most, by_role, price)
    team: tuple[list[int], ...] = tuple([] for _ in activity.roles)
    if not _fill(search, team):
        return None
    _welcome(search, team)
    return tuple(tuple(sorted(people)) for people in team)


def possible_alone(facts: Facts, number: int, flat: int, team: tuple[tuple[int, ...], ...]) -> bool:
    """Whether an activity could be carried out so if nothing else were; what it must follow is not looked at."""
    possible = {(seat.role, seat.resource): seat.possible for seat in facts.seats[number]}
    seats = [(role, person) for role, people in enumerate(team) for person in people]
    return all(seat in possible and possible[seat][flat] for seat in seats) and fits(facts, number, flat, team)


def fits(facts: Facts, number: int, flat: int, team: tuple[tuple[int, ...], ...]) -> bool:
    """Whether a team of an activity's candidates meets the needed groups under an option, and everyone has beside them
    whom they need."""
    activity, options = facts.problem.activities[number], facts.options[number]
    hull = span_mask(int(options.start[flat]), int(options.end[flat]))
    if any(group.required and not _met(activity, group, team, hull) for group in activity.groups):
        return False
    return all(
        candidate.beside is None or met(activity, candidate.beside, team, hull)
        for role, people in enumerate(team)
        for candidate in activity.roles[role]
        if candidate.resource in people
    )


def met(activity: Activity, number: int, team: Sequence[Sequence[int]], hull: int) -> bool:
    """Whether a team meets a group in a stretch."""
    return _met(activity, activity.groups[number], team, hull)


def _met(activity: Activity, group: Group, team: Sequence[Sequence[int]], hull: int) -> bool:
    """Whether a seat of a group is taken."""
    for cover in group.covers:
        if hull & ~cover.during:
            continue
        if any(cover.resource in team[role] for role in cover.roles) and (
            cover.beside is None or met(activity, cover.beside, team, hull)
        ):
            return True
    return False


def _fill(search: _Search, team: tuple[list[int], ...]) -> bool:
    """Fills the seats that must be filled, so that every needed group is met at the end."""
    search.nodes -= 1
    if search.nodes < 0:
        return False
    unmet = [
        group
        for group in search.activity.groups
        if group.required and not _met(search.activity, group, team, search.hull)
    ]
    role = next((role for role, people in enumerate(team) if len(people) < search.least[role]), None)
    if role is None:
        return not unmet and _beside(search, team)
    open_seats = sum(search.least) - sum(len(people) for people in team)
    taken = {person for people in team for person in people}
    pool = [seat for seat in search.seats[role] if seat.resource not in taken]
    gains = {seat.resource: _gain(search, unmet, role, seat.resource) for seat in pool}
    if open_seats == 1 and unmet:
        pool = [seat for seat in pool if gains[seat.resource] == len(unmet)]
    pool.sort(key=lambda seat: (-gains[seat.resource], search.price[role, seat.resource], seat.resource))
    for seat in pool:
        team[role].append(seat.resource)
        if _fill(search, team):
            return True
        team[role].pop()
        if search.nodes < 0:
            return False
    return False


def _gain(search: _Search, unmet: list[Group], role: int, person: int) -> int:
    """How many unmet groups a person would meet in a role, leaving aside what must be beside them."""
    return sum(
        any(
            cover.resource == person and role in cover.roles and not search.hull & ~cover.during
            for cover in group.covers
        )
        for group in unmet
    )


def _beside(search: _Search, team: tuple[list[int], ...]) -> bool:
    """Whether everyone has beside them whom they need."""
    for role, people in enumerate(team):
        for seat in search.seats[role]:
            beside = seat.candidate.beside
            if seat.resource in people and beside is not None and not met(search.activity, beside, team, search.hull):
                return False
    return True


def _welcome(search: _Search, team: tuple[list[int], ...]) -> None:
    """Fills seats that may be filled by people whose price is negative."""
    for role, pool in enumerate(search.seats):
        for seat in sorted(pool, key=lambda seat: (search.price[role, seat.resource], seat.resource)):
            if len(team[role]) >= search.most[role] or search.price[role, seat.resource] >= 0:
                break
            if any(seat.resource in people for people in team):
                continue
            beside = seat.candidate.beside
            if beside is None or met(search.activity, beside, team, search.hull):
                team[role].append(seat.resource)
