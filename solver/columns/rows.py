"""The rows of the linear program over columns: what they mean, what a column adds to each, and what prices of them say.

One row for each activity (carried out once or left out); for each person and tick at which a stay may begin (bound
by one stay at most: two stays overlap just when one holds the first tick of the other; of stays only what no link can
spare them); for each ceiling, quota, pair of teams apart, same people, order in time, and level that must not get
worse. Where deviations are minimised, two rows for each target. In whole numbers the rows are exact, but for people's
time: there, given columns, come links (`solver.trips`).
"""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from auditplan.solver.columns.aims import Aim, Column, Linking
from auditplan.solver.columns.linking import links_between
from auditplan.solver.columns.network import Flow, Network
from auditplan.solver.columns.plans import Floats
from auditplan.solver.columns.prices import Tariff
from auditplan.solver.columns.ticks import first_ticks
from auditplan.solver.columns.wishes import wishes
from auditplan.solver.facts import Facts
from auditplan.solver.problem import Apart, Precedence, Quota, SamePerson
from auditplan.solver.state import State

MOST_OPTIONS, MOST_NODES = 16_000, 20_000
"""Options of all activities and nodes up to which people's ways are a network in a relaxation; else they take only the
ticks and the money that no link could spare them."""


@dataclass(slots=True)
class _Order:
    """A row of a precedence: what the options of its two activities add to it."""

    first: int
    second: int
    of_first: Floats
    of_second: Floats


_NONE: tuple[list[int], int] = ([], 0)


class Rows:
    """The numbering of the rows, their right-hand sides, and the entries of columns: limits, but for activities."""

    def __init__(
        self,
        facts: Facts,
        aim: Aim,
        state: State | None = None,
        columns: Sequence[Column] | None = None,
        *,
        least: bool = True,
        linking: Linking | None = None,
    ) -> None:
        """Lays out the rows. state: what stands besides the active activities; None: nothing. Options and seats that
        it closes are not looked at here. columns: the only ones there will be; None: any may come; then with `least`
        a stay takes only what no link can spare it, which is a relaxation, else everybody goes home after each.
        linking: which links there are between columns; None: all."""
        self.facts, self.aim = facts, aim
        self._state = state if state is not None else State(facts)
        problem = facts.problem
        self.limit: list[float] = []
        self.activity = {number: self._row(1.0) for number in aim.active}
        self.least = columns is None and least
        self.links = {} if columns is None else links_between(facts, aim, self._state, columns, linking or Linking())
        self.network = self._network() if self.least else None
        free = columns is None and self.network is None
        self._ticks: dict[int, tuple[list[int], int]] = self._tick_rows() if free else {}
        self.apart = facts.stays.anchors_money(least=self.least) if free and state is None else 0
        worked = self._state.worked
        people = {seat.resource for number in aim.active for seat in facts.seats[number]}
        self._ceilings = {
            (person, index): self._row(ceiling.most - (worked[person] & ceiling.mask).bit_count())
            for person, resource in enumerate(problem.resources)
            for index, ceiling in enumerate(resource.ceilings)
            if person in people
        }
        self.scale = {level: max(1.0, abs(most)) for level, most in aim.ceilings.items()}
        self._levels = {
            level: self._row((most - (self.apart if level == problem.money else 0)) / self.scale[level])
            for level, most in sorted(aim.ceilings.items())
        }
        self._seats: dict[tuple[int, int, int], list[tuple[int, float]]] = defaultdict(list)
        self._out: dict[int, list[tuple[int, float]]] = defaultdict(list)
        self._orders: dict[int, _Order] = {}
        self._of_activity: dict[int, list[int]] = defaultdict(list)
        self._relations()
        asked = [] if columns is None else wishes(self._state, aim.active)
        self._wishes = [(self._row(-fewest), ways) for ways, fewest in asked]
        self.deviation: dict[int, tuple[int, int]] = {}
        if aim.level == problem.balance:
            for person, resource in enumerate(problem.resources):
                if resource.target is not None and resource.deviation and person in people:
                    left = resource.target - worked[person].bit_count()
                    self.deviation[person] = self._row(left), self._row(-left)

    @property
    def of_levels(self) -> set[int]:
        """The rows of levels that must not get worse."""
        return set(self._levels.values())

    @property
    def offset(self) -> float:
        """What the level's figure holds besides columns, where people's ways are not a network."""
        return float(self.apart) if self.aim.level == self.facts.problem.money else 0.0

    @property
    def count(self) -> int:
        """Number of rows."""
        return len(self.limit)

    def _row(self, limit: float) -> int:
        """A new row."""
        self.limit.append(float(limit))
        return self.count - 1

    def _network(self) -> Network | None:
        """The network of everybody's ways, with a row for each node; None where it would be too large, nobody could go
        straight on from anywhere, or no money is asked for (there the ticks alone bound as well, and sooner)."""
        if self.aim.level < self.facts.problem.money:
            return None
        looked_at = {number: self.aim.looked_at(number, len(self.facts.options[number])) for number in self.aim.active}
        if not self.facts.linked or sum(map(len, looked_at.values())) > MOST_OPTIONS:
            return None
        network = Network(self.facts, looked_at)
        if network.count > MOST_NODES:
            return None
        self._nodes = self.count
        self.limit += [0.0] * network.count
        for source in network.sources:
            self.limit[self._nodes + source] = 1.0
        return network

    def arcs(self) -> Iterator[tuple[float, dict[int, float], bool]]:
        """Price, entries, and whether it is taken in any case, of each arc of the network besides columns."""
        if self.network is None:
            return
        money = self.facts.problem.money
        row = self._levels.get(money)
        weight = float(self.aim.level == money)
        for arcs, fixed in ((self.network.arcs, False), (self.network.fixed, True)):
            for arc in arcs:
                entries = {self._nodes + arc.tail: 1.0, self._nodes + arc.head: -1.0}
                if row is not None and arc.cost:
                    entries[row] = arc.cost / self.scale[money]
                yield weight * arc.cost, entries, fixed

    def _tick_rows(self) -> dict[int, tuple[list[int], int]]:
        """Person → the ticks at which one of two or more stays may begin, and the row of the first of them; the others
        follow it."""
        rows: dict[int, tuple[list[int], int]] = {}
        for person, ticks in first_ticks(self.facts, self.aim, least=self.least).items():
            rows[person] = ticks, self.count
            self.limit += [1.0] * len(ticks)
        return rows

    @property
    def standing(self) -> int:
        """Price of the journeys of whatever stands, each out and back for those who have columns."""
        total = 0
        for person in range(len(self.facts.problem.resources)):
            own = self._state.itinerary(person)
            total += sum(stay.cost for stay, _ in own.stays) if person in self.links else own.cost
        return total

    def _relations(self) -> None:
        """Rows of quotas, teams apart and orders in time."""
        inside = set(self.aim.active)
        for relation in self.facts.problem.relations:
            if isinstance(relation, Quota):
                self._quota(relation, inside)
            elif isinstance(relation, Apart) and relation.first in inside and relation.second in inside:
                both = set(self.facts.presences[relation.first]) & set(self.facts.presences[relation.second])
                for person in sorted(both):
                    row = self._row(1.0)
                    for number in (relation.first, relation.second):
                        for role in range(len(self.facts.problem.activities[number].roles)):
                            self._seats[number, role, person].append((row, 1.0))
            elif isinstance(relation, SamePerson) and relation.first in inside and relation.second in inside:
                self._same(relation)
            elif isinstance(relation, Precedence) and relation.first in inside and relation.second in inside:
                self._order(relation)

    def _quota(self, relation: Quota, inside: set[int]) -> None:
        """One row for the activities of a quota that are decided here."""
        choices = self._state.choices
        others = (choices[number] for number in relation.activities if number not in inside)
        taken = sum(choice is not None and relation.resource in choice.team[relation.role] for choice in others)
        row = self._row(relation.most - taken)
        for number in relation.activities:
            if number in inside:
                self._seats[number, relation.role, relation.resource].append((row, 1.0))

    def _same(self, relation: SamePerson) -> None:
        """Two rows for each person: in the role here only if there too, or if the other activity is left out."""
        pairs = ((relation.first, relation.second), (relation.second, relation.first))
        people = {
            seat.resource for number in pairs[0] for seat in self.facts.seats[number] if seat.role == relation.role
        }
        for here, there in pairs:
            for person in sorted(people):
                row = self._row(0.0)
                self._seats[here, relation.role, person].append((row, 1.0))
                self._seats[there, relation.role, person].append((row, -1.0))
                self._out[there].append((row, -1.0))

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
            people = [person for team in column.team for person in team]
            if self.network is not None:
                return total + sum(int(self.network.stays(column.number, one).money[column.flat]) for one in people)
            presences = [facts.presences[column.number][person] for person in people]
            total += sum(int((one.least_money if self.least else one.money)[column.flat]) for one in presences)
        return total

    def entries(self, column: Column) -> dict[int, float]:
        """Row → what a column adds to it."""
        number, flat = column.number, column.flat
        found = {row: -1.0 for row, ways in self._wishes if (number, flat, column.team) in ways}
        found[self.activity[number]] = 1.0
        for level, row in self._levels.items():
            found[row] = self.cost(column, level) / self.scale[level]
        for row in self._of_activity.get(number, ()):
            order = self._orders[row]
            value = (order.of_first if order.first == number else order.of_second)[flat]
            if value:
                found[row] = found.get(row, 0.0) + float(value)
        for role, team in enumerate(column.team):
            for person in team:
                for row, value in self._seats.get((number, role, person), ()):
                    found[row] = found.get(row, 0.0) + value
                found.update(self._bound(number, flat, person))
        return found

    def _bound(self, number: int, flat: int, person: int) -> dict[int, float]:
        """The rows of a person's time."""
        presence = self.facts.presences[number][person]
        first, last = int(presence.first[flat]), int(presence.last[flat])
        if self.least:
            first, last = int(presence.least_first[flat]), int(presence.least_last[flat])
        ticks, base = self._ticks.get(person, _NONE)
        if self.network is not None:
            own = self.network.stays(number, person)
            found = {self._nodes + int(own.start[flat]): 1.0, self._nodes + int(own.end[flat]): -1.0}
        else:
            found = dict.fromkeys(range(base + bisect_left(ticks, first), base + bisect_left(ticks, last)), 1.0)
        for index, ceiling in enumerate(self.facts.problem.resources[person].ceilings):
            worked = int(self.facts.counts(number, ceiling.mask)[flat])
            if worked:
                found[self._ceilings[person, index]] = float(worked)
        if person in self.deviation:
            over, under = self.deviation[person]
            load = float(self.facts.options[number].worked[flat])
            found[over], found[under] = load, -load
        return found

    def left_out(self, number: int) -> dict[int, float]:
        """Row → what leaving an activity out adds to it."""
        found = {self.activity[number]: 1.0}
        prices = self.facts.problem.activities[number].left_out or ()
        for level, row in self._levels.items():
            if prices and prices[level]:
                found[row] = prices[level] / self.scale[level]
        for row, value in self._out.get(number, ()):
            found[row] = found.get(row, 0.0) + value
        return found

    def tariff(self, price: Floats) -> Tariff:
        """What prices of the rows (at least 0; the activities' are not looked at) mean for seats and options."""
        problem = self.facts.problem
        levels = np.zeros(problem.levels)
        levels[self.aim.level] = 1.0
        for level, row in self._levels.items():
            levels[level] = price[row] / self.scale[level]
        worked = np.zeros(len(problem.resources))
        flow = self._flow(price, float(levels[problem.money]))
        if flow is not None:
            price = price.copy()
            price[self._nodes : self._nodes + len(flow.prices)] = flow.prices
        tariff = Tariff(levels=levels, ticks=self._tick_prices(price), worked=worked, least=self.least, flow=flow)
        tariff.ceilings = {key: float(price[row]) for key, row in self._ceilings.items() if price[row] > 0}
        for person, (over, under) in self.deviation.items():
            tariff.worked[person] = price[over] - price[under]
        for key, entries in self._seats.items():
            tariff.seats[key] = sum(float(price[row]) * value for row, value in entries)
        for number, entries in self._out.items():
            tariff.left_out[number] = sum(float(price[row]) * value for row, value in entries)
        for row, order in self._orders.items():
            if price[row] > 0:
                for number, values in ((order.first, order.of_first), (order.second, order.of_second)):
                    known = tariff.options.get(number)
                    tariff.options[number] = price[row] * values + (0.0 if known is None else known)
        limits = np.array(self.limit)
        free = len(self.activity)
        tariff.constant = self.offset - float(price[free:] @ limits[free:])
        if flow is not None:
            tariff.constant += flow.standing(float(levels[problem.money]))
        return tariff

    def _flow(self, price: Floats, weight: float) -> Flow | None:
        """The network's part of prices of the rows."""
        if self.network is None:
            return None
        own = price[self._nodes : self._nodes + self.network.count]
        return Flow(self.network, self.network.project(own, weight))

    def _tick_prices(self, price: Floats) -> Floats:
        """[person, tick]: prefix sums of the prices of being bound."""
        problem = self.facts.problem
        table = np.zeros((len(problem.resources), problem.ticks + 1))
        for person, (ticks, base) in self._ticks.items():
            table[person, np.array(ticks) + 1] = price[base : base + len(ticks)]
        result: Floats = np.cumsum(table, axis=1)
        return result
