"""The rows of the linear program over columns: which rules they stand for, what a column adds to each, and what
prices of the rows mean for seats and options.

One row for each activity (carried out once or left out); for each person and tick at which a stay may begin (bound
by one stay at most: two stays overlap just when one holds the first tick of the other); for each ceiling, quota,
pair of teams apart, order in time, and level that must not get worse. Where deviations are minimised, two rows for
each target. Relations that no such row states (the same person in two teams) are left aside: a relaxation.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

import numpy as np

from auditplan.solver.columns.prices import Tariff
from auditplan.solver.columns.teams import Floats
from auditplan.solver.facts import Facts
from auditplan.solver.problem import Apart, Precedence, Quota


@dataclass(frozen=True, slots=True)
class Column:
    """An activity carried out under a flat option by a team (people of each role)."""

    number: int
    flat: int
    team: tuple[tuple[int, ...], ...]


@dataclass(frozen=True, slots=True)
class Aim:
    """What a linear program is about: the activities that may be carried out (all others are left out), those of
    them that must be, the options they may use (None: all), the level minimised, and what earlier levels may cost
    at most, without the part of the activities that are left out for good."""

    active: tuple[int, ...]
    forced: frozenset[int]
    keep: dict[int, set[int]]
    level: int
    ceilings: dict[int, int]


@dataclass(slots=True)
class _Order:
    """A row of a precedence: what the options of its two activities add to it."""

    first: int
    second: int
    of_first: Floats
    of_second: Floats


class Rows:
    """The numbering of the rows, their right-hand sides, and the entries of columns. Every row but those of the
    activities is an upper limit."""

    def __init__(self, facts: Facts, aim: Aim) -> None:
        """Lays out the rows."""
        self.facts, self.aim = facts, aim
        problem = facts.problem
        self.limit: list[float] = []
        self.activity = {number: self._row(1.0) for number in aim.active}
        self._ticks: dict[int, dict[int, int]] = self._tick_rows()
        self._ceilings = {
            (person, index): self._row(ceiling.most)
            for person, resource in enumerate(problem.resources)
            for index, ceiling in enumerate(resource.ceilings)
        }
        self.scale = {level: max(1.0, abs(most)) for level, most in aim.ceilings.items()}
        self._levels = {level: self._row(most / self.scale[level]) for level, most in sorted(aim.ceilings.items())}
        self._quotas: dict[tuple[int, int, int], list[int]] = defaultdict(list)
        self._apart: dict[tuple[int, int], list[int]] = defaultdict(list)
        self._orders: dict[int, _Order] = {}
        self._of_activity: dict[int, list[int]] = defaultdict(list)
        self._relations()
        self.deviation: dict[int, tuple[int, int]] = {}
        if aim.level == problem.balance:
            for person, resource in enumerate(problem.resources):
                if resource.target is not None and resource.deviation:
                    self.deviation[person] = self._row(resource.target), self._row(-resource.target)

    @property
    def count(self) -> int:
        """Number of rows."""
        return len(self.limit)

    def _row(self, limit: float) -> int:
        """A new row."""
        self.limit.append(float(limit))
        return len(self.limit) - 1

    def _tick_rows(self) -> dict[int, dict[int, int]]:
        """Person → tick → row, for each tick at which one of two or more stays may begin."""
        starts: dict[int, dict[int, set[int]]] = defaultdict(lambda: defaultdict(set))
        for number in self.aim.active:
            flats = _looked_at(self.facts, self.aim, number)
            for person, presence in self.facts.presences[number].items():
                for tick in np.unique(presence.first[flats][presence.possible[flats]]).tolist():
                    starts[person][tick].add(number)
        rows: dict[int, dict[int, int]] = {}
        for person, by_tick in sorted(starts.items()):
            if len(set().union(*by_tick.values())) > 1:
                rows[person] = {tick: self._row(1.0) for tick in sorted(by_tick)}
        return rows

    def _relations(self) -> None:
        """Rows of quotas, teams apart and orders in time."""
        inside = set(self.aim.active)
        for relation in self.facts.problem.relations:
            if isinstance(relation, Quota):
                row = self._row(relation.most)
                for number in relation.activities:
                    self._quotas[number, relation.role, relation.resource].append(row)
            elif isinstance(relation, Apart) and relation.first in inside and relation.second in inside:
                both = set(self.facts.presences[relation.first]) & set(self.facts.presences[relation.second])
                for person in sorted(both):
                    row = self._row(1.0)
                    self._apart[relation.first, person].append(row)
                    self._apart[relation.second, person].append(row)
            elif isinstance(relation, Precedence) and relation.second in inside:
                self._order(relation)

    def _order(self, relation: Precedence) -> None:
        """Rows of one precedence: for each start of the second activity, whatever starts by then needs a first that
        has ended in time; with a longest gap also the other way round. The last of them says that the second needs
        the first."""
        period = self.facts.problem.period
        first, second = self.facts.options[relation.first], self.facts.options[relation.second]
        end, start = first.end, second.start
        for tick in np.unique(start).tolist():
            gap = tick // period - (end - 1) // period
            early = (end <= tick) & (gap >= relation.least)
            self._order_row(relation, early, start <= tick)
            if relation.most is not None:
                self._order_row(relation, gap <= relation.most, start >= tick)

    def _order_row(self, relation: Precedence, of_first: np.ndarray, of_second: np.ndarray) -> None:
        """One row of a precedence."""
        row = self._row(0.0)
        order = _Order(relation.first, relation.second, -of_first.astype(np.float64), of_second.astype(np.float64))
        self._orders[row] = order
        self._of_activity[relation.first].append(row)
        self._of_activity[relation.second].append(row)

    def cost(self, column: Column, level: int) -> float:
        """What a column costs on a level."""
        facts, activity = self.facts, self.facts.problem.activities[column.number]
        total = float(facts.options[column.number].costs[level][column.flat])
        total += activity.placed[level] if activity.placed else 0
        for role, team in enumerate(column.team):
            for candidate in activity.roles[role]:
                if candidate.resource in team:
                    total += sum(price for on, price in candidate.costs if on == level)
        if level == facts.problem.money:
            people = (person for team in column.team for person in team)
            total += sum(int(facts.presences[column.number][person].money[column.flat]) for person in people)
        return total

    def entries(self, column: Column) -> dict[int, float]:
        """Row → what a column adds to it."""
        number, flat = column.number, column.flat
        found: dict[int, float] = {self.activity[number]: 1.0}
        for level, row in self._levels.items():
            found[row] = self.cost(column, level) / self.scale[level]
        for row in self._of_activity.get(number, ()):
            order = self._orders[row]
            value = (order.of_first if order.first == number else order.of_second)[flat]
            if value:
                found[row] = found.get(row, 0.0) + float(value)
        for role, team in enumerate(column.team):
            for person in team:
                for row in (*self._quotas.get((number, role, person), ()), *self._apart.get((number, person), ())):
                    found[row] = found.get(row, 0.0) + 1.0
                found.update(self._bound(number, flat, person))
        return found

    def _bound(self, number: int, flat: int, person: int) -> dict[int, float]:
        """The rows of a person's time."""
        presence = self.facts.presences[number][person]
        first, last = int(presence.first[flat]), int(presence.last[flat])
        own = self._ticks.get(person, {})
        found = {row: 1.0 for tick, row in own.items() if first <= tick < last}
        for index, ceiling in enumerate(self.facts.problem.resources[person].ceilings):
            worked = int(self.facts.counts(number, ceiling.mask)[flat])
            if worked:
                found[self._ceilings[person, index]] = float(worked)
        if person in self.deviation:
            over, under = self.deviation[person]
            worked = float(self.facts.options[number].worked[flat])
            found[over], found[under] = worked, -worked
        return found

    def left_out(self, number: int) -> dict[int, float]:
        """Row → what leaving an activity out adds to it."""
        found = {self.activity[number]: 1.0}
        prices = self.facts.problem.activities[number].left_out or ()
        for level, row in self._levels.items():
            if prices and prices[level]:
                found[row] = prices[level] / self.scale[level]
        return found

    def tariff(self, price: Floats) -> Tariff:
        """What prices of the rows (at least 0; the activities' are not looked at) mean for seats and options."""
        problem = self.facts.problem
        levels = np.zeros(problem.levels)
        levels[self.aim.level] = 1.0
        for level, row in self._levels.items():
            levels[level] = price[row] / self.scale[level]
        tariff = Tariff(levels=levels, ticks=self._tick_prices(price), worked=np.zeros(len(problem.resources)))
        tariff.ceilings = {key: float(price[row]) for key, row in self._ceilings.items() if price[row] > 0}
        for person, (over, under) in self.deviation.items():
            tariff.worked[person] = price[over] - price[under]
        for (number, role, person), rows in self._quotas.items():
            tariff.seats[number, role, person] = sum(float(price[row]) for row in rows)
        self._apart_prices(tariff, price)
        for row, order in self._orders.items():
            if price[row] > 0:
                for number, values in ((order.first, order.of_first), (order.second, order.of_second)):
                    known = tariff.options.get(number)
                    tariff.options[number] = price[row] * values + (0.0 if known is None else known)
        limits = np.array(self.limit)
        free = len(self.activity)
        tariff.constant = -float(price[free:] @ limits[free:])
        return tariff

    def _apart_prices(self, tariff: Tariff, price: Floats) -> None:
        """Prices of rows that keep teams apart, on every seat of the person."""
        for (number, person), rows in self._apart.items():
            extra = sum(float(price[row]) for row in rows)
            if extra > 0:
                for role in range(len(self.facts.problem.activities[number].roles)):
                    key = number, role, person
                    tariff.seats[key] = tariff.seats.get(key, 0.0) + extra

    def _tick_prices(self, price: Floats) -> Floats:
        """[person, tick]: prefix sums of the prices of being bound."""
        problem = self.facts.problem
        table = np.zeros((len(problem.resources), problem.ticks + 1))
        for person, rows in self._ticks.items():
            for tick, row in rows.items():
                table[person, tick + 1] = price[row]
        result: Floats = np.cumsum(table, axis=1)
        return result


def _looked_at(facts: Facts, aim: Aim, number: int) -> list[int]:
    """The options of an activity that may be used."""
    kept = aim.keep.get(number)
    return list(range(len(facts.options[number]))) if kept is None else sorted(kept)
