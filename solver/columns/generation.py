"""Column generation: a linear program over the columns known, priced out activity by activity, until its optimum meets
the Lagrangian bound at its prices (Gilmore and Gomory 1961; smoothing of prices after Wentges 1997).

The Lagrangian bound is valid at any prices, also where the search for teams is a relaxation and also when the work ends
early. At the best prices, an option or a seat whose cheapest team costs so much more than the activity's cheapest that
the bound would pass the best solution's figure is never needed again (reduced-cost fixing).
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field

import numpy as np

from auditplan.solver.columns.aims import Aim, Column
from auditplan.solver.columns.master import Master
from auditplan.solver.columns.plans import TOO_DEAR, Floats
from auditplan.solver.columns.prices import ActivityPricer, Tariff, pricer_of
from auditplan.solver.columns.rows import Rows
from auditplan.solver.facts import Facts
from auditplan.solver.solution import Choice, StoppedError, StopSignal, unless
from auditplan.solver.state import State

COLUMNS_EACH = 3
"""Columns added for one activity in one pricing."""
SMOOTHING = 0.3
"""Share of the best prices so far in the prices that columns are sought at."""
RECENT = 1000
"""How many of the last columns are worth a whole-number solve."""
TOLERANCE = 1e-6
PRICING_WORK = 2.5e-7
"""Work of pricing one seat under one option, in core-seconds (measured)."""
MOST_ITERATIONS = 3_000
"""Simplex iterations of one solve before interior points take over."""


@dataclass(slots=True)
class Relaxed:
    """What column generation knows: a proven bound of the level's figure without the part of the activities left out
    for good, the prices behind it, the optimum of the last linear program with its prices, and whether nothing is left
    to find. used: what share of which column the last program takes."""

    bound: float = -math.inf
    price: Floats | None = None
    latest: Floats | None = None
    optimum: float = math.inf
    ended: bool = False
    work: float = 0.0
    used: dict[Column, float] = field(default_factory=dict)

    @property
    def whole_bound(self) -> float:
        """The least whole figure at or above the bound, with room for rounding errors."""
        slack = 1e-6 * max(1.0, abs(self.bound))
        return -((-(self.bound - slack)) // 1) if self.bound > -1e18 else self.bound


class Generation:
    """One linear program under way; `run` goes on with it."""

    def __init__(
        self,
        facts: Facts,
        aim: Aim,
        choices: tuple[Choice | None, ...],
        *,
        least: bool = True,
        known: Sequence[Column] = (),
        stop: StopSignal | None = None,
    ) -> None:
        """choices: a sound solution, whose columns the program starts with. least: see `Rows`; without, the bound is
        one only for those who go home after each stay. known: more columns to start with. Raises StoppedError once
        stop says yes: of a large problem all this takes long."""
        self._facts, self.aim = facts, aim
        self.pricers = {
            number: ActivityPricer(facts, number, aim.keep[number]) if number in aim.keep else pricer_of(facts, number)
            for number in unless(stop, aim.active)
        }
        self.rows = Rows(facts, aim, least=least)
        self._cells = sum(len(pricer.seats) * len(pricer.flats) for pricer in self.pricers.values())
        self._master = Master(self.rows)
        self.relaxed = Relaxed()
        self._leave_out(stop)
        state = State(facts)
        for number in aim.active:
            choice = choices[number]
            if choice is not None:
                self._master.add([Column(number, state.option(number, choice), choice.team)])
        self._master.add(known)
        self._first = True

    def _leave_out(self, stop: StopSignal | None) -> None:
        """Columns for leaving out; those of activities that must be carried out only keep the program feasible."""
        self._left_out: dict[int, float] = {}
        dear = self._dearest(stop)
        for number in self.aim.active:
            prices = self._facts.problem.activities[number].left_out
            if number not in self.aim.forced and prices is not None:
                self._left_out[number] = float(prices[self.aim.level])
                self._master.leave_out(number, self._left_out[number])
            else:
                self._master.leave_out(number, dear)

    def _dearest(self, stop: StopSignal | None) -> float:
        """More than any activity is worth."""
        tariff = self.rows.tariff(np.zeros(self.rows.count))
        worst = 1.0
        for pricer in unless(stop, self.pricers.values()):
            prices = pricer.cheapest(tariff).price
            some = prices[prices < TOO_DEAR]
            worst += float(some.max(initial=0.0))
        return 10.0 * worst

    def run(self, work: float, stopped: StopSignal) -> Relaxed:
        """Goes on until nothing is left to find, the work is done, or somebody says stop."""
        with suppress(StoppedError):
            self._go_on(self.relaxed.work + work, stopped)
        return self.relaxed

    def _go_on(self, limit: float, stopped: StopSignal) -> None:
        """The same up to some work in all. Raises StoppedError in the midst of a step that takes long."""
        relaxed = self.relaxed
        if self._first:
            self._first = False
            self._price(np.zeros(self.rows.count), None, stopped)
        while not relaxed.ended and relaxed.work < limit and not stopped():
            solved = self._master.solve(MOST_ITERATIONS)
            relaxed.work += self._master.work
            if solved is None:
                relaxed.ended = True
                break
            relaxed.optimum, price, values = solved[0] + self.rows.offset, *solved[1:]
            relaxed.latest = price
            self._note(values)
            self._step(price, stopped)

    def _note(self, values: Floats) -> None:
        """Remembers which columns the program uses."""
        used = np.flatnonzero(values > TOLERANCE).tolist()
        columns = self._master.columns
        self.relaxed.used = {columns[at]: float(values[at]) for at in used if columns[at] is not None}  # type: ignore[misc]

    def _step(self, price: Floats, stopped: StopSignal) -> None:
        """Prices out, first at smoothed prices, then at the program's own where those found nothing."""
        relaxed = self.relaxed
        smoothed = None
        if relaxed.price is not None:
            smoothed = SMOOTHING * relaxed.price + (1 - SMOOTHING) * price
        added = 0 if smoothed is None else self._price(smoothed, price, stopped)
        if not added:
            added = self._price(price, price, stopped)
        close = relaxed.optimum - relaxed.bound <= max(1e-4 * abs(relaxed.optimum), 1e-5)
        relaxed.ended = not added or close

    def _price(self, price: Floats, own: Floats | None, stopped: StopSignal) -> int:
        """Prices every activity at some prices; adds the columns that cost less than the activity does at the
        program's `own` prices, and takes the bound."""
        relaxed = self.relaxed
        tariff = self.rows.tariff(price)
        bound, columns = tariff.constant, []
        for number, pricer in unless(stopped, self.pricers.items()):
            offers = pricer.cheapest(tariff)
            least = float(offers.price.min(initial=math.inf))
            least = min(least, self.left_out_price(number, tariff))
            bound += least
            most = math.inf if own is None else float(own[self.rows.activity[number]])
            for position in _best(offers.price, most - TOLERANCE * max(1.0, abs(most))):
                team = pricer.team(offers, position)
                if team is not None:
                    columns.append(Column(number, int(pricer.flats[position]), team))
        relaxed.work += self._cells * PRICING_WORK
        if bound > relaxed.bound:
            relaxed.bound, relaxed.price = bound, price
        return self._master.add(columns)

    def columns(self) -> list[Column]:
        """The columns of the program that its last optimum uses, and those found since."""
        recent = [column for column in self._master.columns[-RECENT:] if column is not None]
        return [*self.relaxed.used, *recent]

    def known(self) -> list[Column]:
        """Every column of the program."""
        return [column for column in self._master.columns if column is not None]

    def tariff(self) -> Tariff:
        """The best prices as prices of seats and options."""
        price = self.relaxed.price
        return self.rows.tariff(np.zeros(self.rows.count) if price is None else price)

    def guide(self) -> Tariff | None:
        """The last program's prices, which tell the scarce from the plenty long before they bound anything; None:
        there are none yet."""
        price = self.relaxed.latest
        return None if price is None else self.rows.tariff(price)

    def left_out_price(self, number: int, tariff: Tariff) -> float:
        """What leaving out costs at a tariff."""
        prices = self._facts.problem.activities[number].left_out
        if number not in self._left_out or prices is None:
            return math.inf
        own = sum(weight * price for weight, price in zip(tariff.levels, prices, strict=True))
        return float(own + tariff.left_out.get(number, 0.0))


def _best(prices: Floats, most: float) -> list[int]:
    """The positions of the cheapest options, as far as they are below `most`."""
    if not len(prices):
        return []
    order = np.argsort(prices, kind="stable")[:COLUMNS_EACH]
    return [int(position) for position in order if prices[position] < min(most, TOO_DEAR)]
