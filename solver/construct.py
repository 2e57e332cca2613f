"""Construction: a complete solution by insertion, scarce and tight activities first. Never a dead end, since an
activity for which no room is found is left out."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from auditplan.solver.facts import Facts, Ints, Seat
from auditplan.solver.problem import Precedence, SamePerson
from auditplan.solver.solution import Choice, StopSignal
from auditplan.solver.state import State
from auditplan.solver.teams import find_team

TRIES = 24
"""Options tried in full for one activity, the cheapest first."""


def construct(facts: Facts, state: State, order: Sequence[int] | None = None, stop: StopSignal | None = None) -> None:
    """Inserts every activity that is left out, in order of need, where it costs least."""
    for number in order if order is not None else insertion_order(facts):
        if stop is not None and stop():
            return
        if state.choices[number] is None:
            choice = best_choice(facts, state, number)
            if choice is not None:
                state.place(number, choice)


def insertion_order(facts: Facts) -> list[int]:
    """Dear to leave out and hard to place first; a predecessor before what follows it."""
    problem = facts.problem
    weight = []
    for number, activity in enumerate(problem.activities):
        ways = sum(int(seat.possible.sum()) for seat in facts.seats[number] if seat.role == 0)
        dear = activity.left_out[0] if activity.left_out else 1 << 40
        weight.append((ways / max(dear, 1), number))
    ordered = [number for _, number in sorted(weight)]
    first: dict[int, list[int]] = {}
    for relation in problem.relations:
        if isinstance(relation, Precedence):
            first.setdefault(relation.second, []).append(relation.first)
    done: list[int] = []
    seen: set[int] = set()

    def visit(number: int) -> None:
        if number not in seen:
            seen.add(number)
            for earlier in first.get(number, ()):
                visit(earlier)
            done.append(number)

    for number in ordered:
        visit(number)
    return done


def best_choice(facts: Facts, state: State, number: int) -> Choice | None:
    """The cheapest way found to insert an activity into what is placed; None if none is found."""
    usable = usable_seats(facts, state, number)
    options = facts.options[number]
    if not len(options) or not usable:
        return None
    rank = _ranking(facts, number, usable)
    best: tuple[tuple[int, ...], Choice] | None = None
    tried = 0
    for flat in rank:
        seats = [seat for seat in usable if seat.possible[flat]]
        price = {(seat.role, seat.resource): _seat_price(facts, number, seat, flat) for seat in seats}
        team = find_team(facts, number, flat, seats, price)
        if team is None or not _paired(state, number, team):
            continue
        choice = Choice(int(options.mode[flat]), int(options.index[flat]), team)
        cost = _cost(facts, number, flat, choice)
        if best is None or cost < best[0]:
            best = cost, choice
        tried += 1
        if tried >= TRIES:
            break
    return None if best is None else best[1]


def usable_seats(
    facts: Facts, state: State, number: int, active: frozenset[int] = frozenset(), *, ceilings: bool = True
) -> list[Seat]:
    """The seats of an activity with the options that what is placed outside `active` leaves them."""
    banned, banned_seats = state.banned(number, active), state.banned_seats(number, active)
    allowed = state.allowed(number, active)
    found = []
    for seat in facts.seats[number]:
        person = seat.resource
        if person in banned or (seat.role, person) in banned_seats:
            continue
        possible = seat.possible & allowed & state.free_options(number, person)
        if ceilings:
            possible = possible & (state.room(number, person) >= 0)
        if possible.any():
            found.append(Seat(seat.role, seat.candidate, possible))
    return found


def _ranking(facts: Facts, number: int, usable: list[Seat]) -> list[int]:
    """The options that have somebody for every role, cheapest first by level, then by money."""
    activity, options = facts.problem.activities[number], facts.options[number]
    enough = np.ones(len(options), dtype=np.bool_)
    counts = [np.zeros(len(options), dtype=np.int64) for _ in activity.roles]
    money: Ints = np.full(len(options), np.iinfo(np.int64).max // 4, dtype=np.int64)
    for seat in usable:
        counts[seat.role] += seat.possible
        presence = facts.presences[number][seat.resource]
        money = np.minimum(money, np.where(seat.possible, presence.money, money))
    for role, count in enumerate(counts):
        least = np.array([mode.least[role] for mode in activity.modes], dtype=np.int64)
        enough &= count >= least[options.mode]
    keys = [options.start, money]
    keys += [costs for level, costs in reversed(list(enumerate(options.costs))) if level < facts.problem.money]
    order = np.lexsort(keys)
    return [int(flat) for flat in order if enough[flat]]


def _seat_price(facts: Facts, number: int, seat: Seat, flat: int) -> int:
    """What a seat costs, its levels folded into one figure for comparison within a team."""
    price = int(facts.presences[number][seat.resource].money[flat])
    for level, cost in seat.candidate.costs:
        price += cost * (1 << 24 if level < facts.problem.money else 1)
    return price


def _cost(facts: Facts, number: int, flat: int, choice: Choice) -> tuple[int, ...]:
    """A choice's own price on each level, deviations aside."""
    options = facts.options[number]
    figures = [int(costs[flat]) for costs in options.costs]
    for role, team in enumerate(choice.team):
        for person in team:
            figures[facts.problem.money] += int(facts.presences[number][person].money[flat])
            for candidate in facts.problem.activities[number].roles[role]:
                if candidate.resource == person:
                    for level, cost in candidate.costs:
                        figures[level] += cost
    return tuple(figures)


def _paired(state: State, number: int, team: tuple[tuple[int, ...], ...]) -> bool:
    """Whether a team has the same people in a role as where it must."""
    for relation in state.relations[number]:
        if isinstance(relation, SamePerson):
            other = state.choices[relation.second if relation.first == number else relation.first]
            if other is not None and other.team[relation.role] != team[relation.role]:
                return False
    return True
