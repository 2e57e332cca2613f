"""Improvement: large-neighbourhood search whose repairs are exact over many columns. Every step keeps or betters the
solution, level by level."""

from __future__ import annotations

from dataclasses import dataclass
from random import Random

from auditplan.solver.columns.aims import Aim, Column, Linking
from auditplan.solver.columns.collect import cheap_columns
from auditplan.solver.columns.prices import Tariff
from auditplan.solver.columns.restricted import solve_columns
from auditplan.solver.columns.rows import Rows
from auditplan.solver.exact import Limit
from auditplan.solver.facts import Facts
from auditplan.solver.figures import Figures
from auditplan.solver.search import neighbourhood
from auditplan.solver.solution import Solution
from auditplan.solver.state import State

COLUMNS = 1500
"""Columns of one repair, shared among its activities."""
FEWEST, MOST = 16, 120
"""Columns of one activity."""
LARGEST = 60.0
"""Activities freed at most."""
STEP_WORK = 0.6
"""Deterministic work of one repair at most."""
AMONG, AMONG_MONEY = 0.25, 0.6
"""How often a repair may link any two of its columns, before the money level and from there on; else only with what
stands."""
LINKS = 250
"""Links of one person in a repair at most."""
OVERHEAD = 6e-3
"""Work counted for each activity of a repair besides its solve."""


@dataclass(frozen=True, slots=True)
class Ground:
    """What a run of the search stands on: the seats and options that may be used, the activities that must be carried
    out, the level to better, the earlier ones that keep-sets do not hold, and the prices that guide it."""

    facts: Facts
    keep: dict[int, set[int]]
    forced: frozenset[int]
    level: int
    open_levels: tuple[int, ...]
    tariff: Tariff


class Improver:
    """A search that goes on from a solution; its neighbourhoods grow when they are solved to the end and shrink
    when they are not."""

    def __init__(self, movable: list[int], seed: int) -> None:
        """movable: the activities that may be freed."""
        self._movable = movable
        self._random = Random(seed)
        self._size = 12.0

    def run(self, ground: Ground, solution: Solution, figures: tuple[int, ...], limit: Limit) -> tuple[Solution, float]:
        """Repairs neighbourhoods until the limit's work is done; gives the best solution and the work done. Earlier
        levels than the ground's never get worse."""
        state = State(ground.facts, solution)
        counted, work = Figures(state), 0.0
        while work < limit.work and not limit.stopped and self._movable:
            size = round(self._random.triangular(min(6.0, self._size), self._size))
            active = neighbourhood(ground.facts, state, self._random, size, self._movable)
            better, spent = self._repair(ground, counted, state, active, figures, limit)
            work += spent + OVERHEAD * len(active)
            if better is not None:
                figures = better
        return state.solution(), work

    def _repair(
        self,
        ground: Ground,
        counted: Figures,
        state: State,
        active: tuple[int, ...],
        figures: tuple[int, ...],
        limit: Limit,
    ) -> tuple[tuple[int, ...] | None, float]:
        """Solves one neighbourhood; keeps the repair if it is better. Gives its figures, and the work done."""
        facts = ground.facts
        before = {number: state.choices[number] for number in active}
        free = frozenset(active)
        aim = Aim(
            active=active,
            forced=frozenset(number for number in active if number in ground.forced or state.needed(number, free)),
            keep=ground.keep,
            level=ground.level,
            ceilings={},
        )
        held = {number: _held(state, number) for number in active}
        journeys = _journeys(state, held)
        for number in active:
            state.remove(number)
        columns = self._columns(ground, state, held)
        aim.ceilings.update(_ceilings(Rows(facts, aim, state, ()), ground, held, journeys))
        among = self._random.random() < (AMONG_MONEY if ground.level >= facts.problem.money else AMONG)
        held_columns = frozenset(column for column in held.values() if column is not None)
        rows = Rows(facts, aim, state, columns, linking=Linking(held_columns, among, LINKS))
        inner = Limit(STEP_WORK, limit.seconds, limit.running, limit.stopped)
        result = solve_columns(rows, columns, before, self._random.randrange(1 << 30), inner)
        ended = ground.level in result.proven
        self._size = min(self._size * 1.04 + 0.1, LARGEST) if ended else max(self._size * 0.93, 5.0)
        after = result.choices or before
        for number in active:
            choice = after.get(number)
            if choice is not None:
                state.place(number, choice)
        found = counted.now()
        if found < figures:
            return found, result.work
        for number in active:
            state.remove(number)
        for number, choice in before.items():
            if choice is not None:
                state.place(number, choice)
        return None, result.work

    def _columns(self, ground: Ground, state: State, held: dict[int, Column | None]) -> list[Column]:
        """The columns of a repair: those held, and cheap ones."""
        most = min(max(COLUMNS // max(len(held), 1), FEWEST), MOST)
        found: dict[Column, None] = {}
        free, tariff = frozenset(held), ground.tariff
        for number, own in held.items():
            if own is not None:
                found[own] = None
            keep = ground.keep.get(number)
            cheap = cheap_columns(ground.facts, state, number, keep, tariff, most, self._random, free)
            found |= dict.fromkeys(cheap)
        return list(found)


def _held(state: State, number: int) -> Column | None:
    """The column that an activity is carried out by."""
    choice = state.choices[number]
    return None if choice is None else Column(number, state.option(number, choice), choice.team)


def _journeys(state: State, held: dict[int, Column | None]) -> int:
    """What all routes cost besides the ways out and back for what is held."""
    total = sum(state.itinerary(person).cost for person in range(len(state.facts.problem.resources)))
    for number, column in held.items():
        if column is not None:
            presences = state.facts.presences[number]
            people = (person for team in column.team for person in team)
            total -= sum(presences[person].stay(column.flat).cost for person in people)
    return total


def _ceilings(rows: Rows, ground: Ground, held: dict[int, Column | None], journeys: int) -> dict[int, int]:
    """What the freed activities cost on the levels that must not get worse, and on that of money all journeys."""
    found = {}
    for level in ground.open_levels:
        total = float(journeys if level == ground.facts.problem.money else 0)
        for number, column in held.items():
            left_out = ground.facts.problem.activities[number].left_out or ()
            total += rows.cost(column, level) if column is not None else sum(left_out[level : level + 1])
        found[level] = round(total)
    return found
