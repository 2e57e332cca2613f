"""Construction: a complete solution by insertion, scarce and tight activities first. Never a dead end, since an
activity for which no room is found is left out."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from contextlib import nullcontext

import numpy as np

from auditplan.solver.arrays import Floats
from auditplan.solver.cheapest import Cheapest, Team, Usable
from auditplan.solver.facts import Facts
from auditplan.solver.problem import Precedence, SamePerson
from auditplan.solver.solution import Choice, StopSignal
from auditplan.solver.state import State
from auditplan.solver.teams import find_team, fits

TRIES = 24
"""Options tried for one activity, the cheapest first."""
BEFORE_MONEY = float(1 << 27)
"""Weight of levels before money, against money."""


def construct(facts: Facts, state: State, order: Sequence[int] | None = None, stop: StopSignal | None = None) -> None:
    """Inserts every activity that is left out, in order of need, where it costs least: of a large problem with the few
    people of `Facts.few` first, then what is left with everybody."""
    if order is not None:
        _insert(facts, state, order, stop)
        return
    order, few = insertion_order(facts), facts.few
    if few is not facts:
        near = State(few, state.solution())
        _insert(few, near, order, stop)
        for number in order:
            choice = near.choices[number]
            if choice is not None and state.choices[number] is None:
                state.place(number, choice)
    elif not facts.whole:
        _insert(facts, state, order, stop)
    _insert(facts, state, order, stop, everybody=not facts.whole)


def _insert(
    facts: Facts, state: State, order: Sequence[int], stop: StopSignal | None, *, everybody: bool = False
) -> None:
    """Inserts what is left out, one after the other. everybody: whether also those are looked at whom the facts leave
    aside."""
    for number in order:
        if stop is not None and stop():
            return
        if state.choices[number] is None:
            with facts.everybody(number) if everybody else nullcontext():
                choice = best_choice(facts, state, number)
            if choice is not None:
                facts.admit(number, choice.team)
                state.place(number, choice)


def insertion_order(facts: Facts) -> tuple[int, ...]:
    """Dear to leave out and hard to place first; a predecessor before what follows it."""
    if facts.order is None:
        facts.order = tuple(_order(facts))
    return facts.order


def _order(facts: Facts) -> list[int]:
    """The order of insertion, worked out."""
    problem = facts.problem
    weight = []
    for number, activity in enumerate(problem.activities):
        seats = [seat.possible for seat in facts.few.seats[number] if seat.role == 0]
        ways = sum(map(np.count_nonzero, seats))
        if not facts.few.whole and seats:
            ways = ways * max(len(activity.roles[0]), len(seats)) // len(seats)
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
    options = facts.options[number]
    if not len(options):
        return None
    usable = usable_seats(facts, state, number)
    if not usable.seats:
        return None
    cheapest = Cheapest.beside(facts, number, usable, _weights(facts))
    for flat, cheap, _ in cheapest.ways(TRIES):
        team: Team | None = cheap
        if not fits(facts, number, flat, cheap):
            seats = [seat for seat, possible in zip(usable.seats, usable.possible[:, flat], strict=True) if possible]
            team = find_team(facts, number, flat, seats, cheapest.price(flat))
        if team is not None and paired(state, number, team):
            return Choice(int(options.mode[flat]), int(options.index[flat]), team)
    return None


def _weights(facts: Facts) -> Floats:
    """Weights that fold the levels into one figure, whatever comes before money far above it."""
    problem = facts.problem
    return np.array([BEFORE_MONEY if level < problem.money else 1.0 for level in range(problem.levels)])


def usable_seats(
    facts: Facts,
    state: State,
    number: int,
    active: frozenset[int] = frozenset(),
    *,
    people: Collection[int] | None = None,
) -> Usable:
    """The seats of an activity with the options that what is placed outside `active` leaves them, and their price
    beside it. people: whose seats are asked for (None: everybody's)."""
    banned, banned_seats = state.banned(number, active), state.banned_seats(number, active)
    seats = [
        seat
        for seat in facts.seats[number]
        if (people is None or seat.resource in people)
        and seat.resource not in banned
        and (seat.role, seat.resource) not in banned_seats
    ]
    if not seats:
        nothing = np.zeros((0, len(facts.options[number])), dtype=np.int64)
        return Usable([], nothing.astype(np.bool_), nothing)
    fitting = state.fitting_all(number, dict.fromkeys(seat.resource for seat in seats))
    possible = np.stack([seat.possible for seat in seats])
    possible &= state.allowed(number, active)
    possible &= np.stack([fitting[seat.resource][0] for seat in seats])
    room = state.room(number, fitting)
    for row, seat in enumerate(seats if room else ()):
        if seat.resource in room:
            possible[row] &= room[seat.resource]
    some = np.flatnonzero(possible.any(axis=1)).tolist()
    money = [fitting[seats[row].resource][1] for row in some]
    return Usable(
        [seats[row] for row in some], possible[some], np.stack(money) if some else possible[:0].astype(np.int64)
    )


def paired(state: State, number: int, team: tuple[tuple[int, ...], ...]) -> bool:
    """Whether a team has the same people in a role as where it must."""
    for relation in state.relations[number]:
        if isinstance(relation, SamePerson):
            other = state.choices[relation.second if relation.first == number else relation.first]
            if other is not None and other.team[relation.role] != team[relation.role]:
                return False
    return True
