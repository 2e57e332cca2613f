"""Diving: a whole solution from a linear program, step by step. Of its columns those with the largest shares are kept,
the program of what is still open is solved again beside them, with new columns at its own prices, and so on."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import replace
from random import Random

from auditplan.solver.check import violations
from auditplan.solver.columns.aims import Aim, Column
from auditplan.solver.columns.collect import cheap_columns
from auditplan.solver.columns.generation import Generation
from auditplan.solver.columns.master import Master
from auditplan.solver.columns.prices import Tariff
from auditplan.solver.columns.rounding import choice_of, fill, fits_beside
from auditplan.solver.columns.rows import Rows
from auditplan.solver.facts import Facts
from auditplan.solver.solution import Solution
from auditplan.solver.state import State

KEPT = 0.15
"""Share of the open activities that are settled in one step."""
SURE = 0.95
"""Share from which a column is kept in any case."""
NEW_EACH = 10
"""New columns of each open activity in one step."""
LEAST = 1e-3
"""Share from which a column goes into the next step's program."""
STEP_WORK = 3e-3
"""Work of one open activity in one step besides the program's, in core-seconds (measured on a tight body in one place;
three times as much on a medium one)."""
MOST_ITERATIONS = 2_000


class Dive:
    """One dive, that goes on from where it stood; `run` gives its solution. work: done so far, in core-seconds. ended:
    whether it came to its end."""

    def __init__(
        self,
        facts: Facts,
        generation: Generation,
        guide: Tariff,
        seed: int,
        most: float = math.inf,
        *,
        beside: tuple[Solution, frozenset[int]] | None = None,
    ) -> None:
        """guide: the prices to begin with. most: work after which what is open is filled at once. beside: a solution
        and what of it is decided anew; the rest of it stands."""
        self._facts, self._aim, self._guide = facts, generation.aim, guide
        self._random = Random(seed)
        self._state = State(facts)
        self._open = list(generation.aim.active)
        self._columns = dict.fromkeys(one for one, share in generation.relaxed.used.items() if share > LEAST)
        if beside is not None:
            self._stand(*beside)
        self._most = most
        self.work = 0.0
        self.ended = False

    def _stand(self, solution: Solution, free: frozenset[int]) -> None:
        """Places what stands; of the columns stay those of the program that fit beside it, and the solution's own."""
        whole = State(self._facts, solution)
        own: dict[Column, None] = {}
        for number, choice in enumerate(solution.choices):
            if choice is not None and number not in free:
                self._state.place(number, choice)
            elif choice is not None:
                own[Column(number, whole.option(number, choice), choice.team)] = None
        self._open = sorted(free)
        fitting = (
            one for one in self._columns if one.number in free and fits_beside(self._facts, self._state, one, free)
        )
        self._columns = own | dict.fromkeys(fitting, None)

    def run(self, work: float, stopped: Callable[[], bool]) -> Solution | None:
        """Goes on for some work. Once it is `ended` the solution, from there filled at once where a program was not
        solved; None where somebody said stop, or a rule is broken that insertion does not look at."""
        limit = self.work + work
        while self._open and self.work < self._most and not stopped():
            if self.work >= limit:
                return None
            shares = self._shares(stopped)
            if shares is None or not self._settle(shares):
                break
        self.ended = True
        if stopped():
            return None
        fill(self._facts, self._aim, self._state, self._guide, self._random, stopped)
        solution = self._state.solution()
        return None if violations(self._facts.problem, solution) else solution

    def _shares(self, stopped: Callable[[], bool]) -> dict[Column, float] | None:
        """The shares of the columns in the program of what is open, after new columns at its prices."""
        self._price(stopped)
        if stopped():
            return None
        rows = Rows(self._facts, self._open_aim(), self._state, least=False)
        master = Master(rows, corner=True)
        for number in self._open:
            prices = self._facts.problem.activities[number].left_out
            master.leave_out(number, float(prices[self._aim.level]) if prices else DEAREST)
        master.add(self._columns)
        solved = master.solve(MOST_ITERATIONS)
        self.work += master.work
        if solved is None:
            return None
        _, price, values = solved
        self._guide = rows.tariff(price)
        pairs = zip(master.columns, values.tolist(), strict=True)
        return {column: share for column, share in pairs if column is not None and share > LEAST}

    def _open_aim(self) -> Aim:
        """What is still open."""
        return replace(self._aim, active=tuple(self._open))

    def _price(self, stopped: Callable[[], bool]) -> None:
        """New columns of what is open, the cheapest at the last prices that fit beside what is settled."""
        still = frozenset(self._open)
        for number in self._open:
            if stopped():
                return
            keep = self._aim.keep.get(number)
            own = cheap_columns(self._facts, self._state, number, keep, self._guide, NEW_EACH, self._random, still)
            self._columns |= dict.fromkeys(own)
        self.work += STEP_WORK * len(self._open)

    def _settle(self, shares: dict[Column, float]) -> int:
        """Keeps the columns with the largest shares; how many they were."""
        most, settled = max(1, math.ceil(KEPT * len(self._open))), 0
        for column in sorted(shares, key=lambda one: (-shares[one], one.number, one.flat, one.team)):
            if settled >= most and shares[column] < SURE:
                break
            if self._state.choices[column.number] is None and fits_beside(self._facts, self._state, column):
                self._state.place(column.number, choice_of(self._facts, column))
                settled += 1
        self._open = [number for number in self._open if self._state.choices[number] is None]
        still = frozenset(self._open)
        self._columns = dict.fromkeys(
            one for one in shares if one.number in still and fits_beside(self._facts, self._state, one, still)
        )
        return settled


DEAREST = 1e7
"""What leaving out an activity weighs in a dive that must be carried out."""
