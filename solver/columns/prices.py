"""What seats and options cost under given prices of rows: the bridge between a linear program and its teams."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

import numpy as np

from auditplan.solver.columns.network import Flow
from auditplan.solver.columns.plans import DEAR, TOO_DEAR, Floats, Team
from auditplan.solver.columns.teams import Best, TeamPricer, met_everywhere
from auditplan.solver.columns.times import Times
from auditplan.solver.facts import Facts, Ints, Seat
from auditplan.solver.needs import meets


@dataclass(slots=True, kw_only=True)
class Tariff:
    """Prices on top of a problem's own.

    levels: weight of each level's own prices. ticks: [person, tick], prefix sums of what being bound costs.
    ceilings: (person, index of the ceiling) → price of a tick of work in it. worked: per person, price of any tick
    of work. seats: (activity, role, person) → price of the seat. options: activity → price of each flat option.
    left_out: activity → price of leaving it out, on top of its own. least: whether time and money are those that no
    stay falls short of, whatever is linked with it, so that the prices are a relaxation; else those out and back.
    flow: prices of people's ways in a network, in place of those of ticks; time and money are then those between its
    nodes.
    constant: what the right-hand sides of the rows are worth."""

    levels: Floats
    ticks: Floats
    ceilings: dict[tuple[int, int], float] = field(default_factory=dict)
    worked: Floats
    seats: dict[tuple[int, int, int], float] = field(default_factory=dict)
    options: dict[int, Floats] = field(default_factory=dict)
    left_out: dict[int, float] = field(default_factory=dict)
    least: bool = False
    flow: Flow | None = None
    constant: float = 0.0


class ActivityPricer:
    """The prices of one activity's options and seats, and of its cheapest teams."""

    def __init__(self, facts: Facts, number: int, keep: set[int] | None) -> None:
        """keep: the flat options looked at; None: all."""
        self._facts, self.number = facts, number
        options = facts.options[number]
        self.flats: Ints = np.arange(len(options)) if keep is None else np.array(sorted(keep), dtype=np.int64)
        self.seats = [seat for seat in facts.seats[number] if seat.possible[self.flats].any()]
        self._persons = np.array([seat.resource for seat in self.seats], dtype=np.int64)
        self._times = Times(facts.presences[number], self._persons.tolist(), self.flats, every=keep is None)
        shape = (len(self.seats), len(self.flats))
        self._barred = np.zeros(shape, dtype=np.bool_)
        for row, seat in enumerate(self.seats):
            np.logical_not(seat.possible[self.flats], out=self._barred[row])
        self._worked = options.worked[self.flats].astype(np.float64)
        self._seat_costs = self._costs_of_seats()
        self._option_costs = self._costs_of_options()
        self.pricers: list[tuple[TeamPricer, Ints]] = []
        self.plain = all(
            candidate.beside is None for own in facts.problem.activities[number].roles for candidate in own
        )
        """Whether no seat needs somebody beside it, so that a priced team fits as it is."""
        activity = facts.problem.activities[number]
        met = meets(facts, self.number, self.seats, self.flats)
        everywhere = met_everywhere(self.seats, met)
        for mode in range(len(activity.modes)):
            at = np.flatnonzero(options.mode[self.flats] == mode)
            if len(at) and self.seats:
                pricer = TeamPricer(activity, mode, self.seats, met[:, at], everywhere)
                self.plain = self.plain and pricer.exact
                if pricer.plans:
                    self.pricers.append((pricer, at))

    def _costs_of_seats(self) -> Floats:
        """[level, seat]: the seats' own prices."""
        costs = np.zeros((self._facts.problem.levels, len(self.seats)))
        for row, seat in enumerate(self.seats):
            for level, price in seat.candidate.costs:
                costs[level, row] += price
        return costs

    def _costs_of_options(self) -> Floats:
        """[level, option]: the options' own prices, and what carrying out costs."""
        activity = self._facts.problem.activities[self.number]
        rows = [costs[self.flats] for costs in self._facts.options[self.number].costs]
        placed = np.array(activity.placed or (0,) * len(rows), dtype=np.float64)
        result: Floats = np.stack(rows).astype(np.float64) + placed[:, np.newaxis]
        return result

    def option_prices(self, tariff: Tariff) -> Floats:
        """Per option looked at, its price without any seat."""
        prices: Floats = tariff.levels @ self._option_costs
        extra = tariff.options.get(self.number)
        return prices if extra is None else prices + extra[self.flats]

    def seat_prices(self, tariff: Tariff) -> Floats:
        """[seat, option]: prices, DEAR where a seat is not possible."""
        if tariff.flow is not None:
            return self._priced_by_flow(tariff, tariff.flow)
        weight = float(tariff.levels[self._facts.problem.money])
        return self._with_rest(self._times.priced(tariff.ticks, weight, least=tariff.least), tariff)

    def _priced_by_flow(self, tariff: Tariff, flow: Flow) -> Floats:
        """The same with people's time and journeys priced by a network."""
        money = tariff.levels[self._facts.problem.money]
        rows = [
            flow.prices_of(self.number, seat.resource, self.flats)
            + money * flow.network.stays(self.number, seat.resource).money[self.flats]
            for seat in self.seats
        ]
        shape = (len(self.seats), len(self.flats))
        return self._with_rest(np.stack(rows) if rows else np.zeros(shape), tariff)

    def _with_rest(self, prices: Floats, tariff: Tariff) -> Floats:
        """Seat prices with all but time and journeys added."""
        problem, persons = self._facts.problem, self._persons[:, np.newaxis]
        prices += (tariff.levels @ self._seat_costs)[:, np.newaxis]
        prices += tariff.worked[persons] * self._worked
        for row, seat in enumerate(self.seats):
            extra = tariff.seats.get((self.number, seat.role, seat.resource))
            if extra:
                prices[row] += extra
            for index, ceiling in enumerate(problem.resources[seat.resource].ceilings):
                price = tariff.ceilings.get((seat.resource, index))
                if price:
                    prices[row] += price * self.counts(ceiling.mask)
        prices[self._barred] = DEAR
        return prices

    def beside(self, prices: Floats, usable: Sequence[Seat], tariff: Tariff) -> None:
        """Changes seat prices over all options to those beside what stands: only the seats of `usable` where they are
        possible, with what their journeys, nights and pay cost there."""
        at = {(seat.role, seat.resource): row for row, seat in enumerate(self.seats)}
        rows = [at[seat.role, seat.resource] for seat in usable]
        weight = float(tariff.levels[self._facts.problem.money])
        closed = np.ones(len(self.seats), dtype=np.bool_)
        closed[rows] = False
        prices[closed] = DEAR
        if not rows:
            return
        open_to = prices[rows]
        moneys = [seat.money for seat in usable if seat.money is not None]
        if weight and moneys:
            open_to += weight * (np.stack(moneys) - self._times.money(least=tariff.least)[rows])
        open_to[~np.stack([seat.possible for seat in usable])] = DEAR
        prices[rows] = open_to

    def counts(self, mask: int) -> Ints:
        """Per option looked at, the ticks of a mask that it works on."""
        return self._facts.counts(self.number, mask)[self.flats]

    def cheapest(self, tariff: Tariff) -> Offers:
        """The cheapest team under every option."""
        return self.offers(self.seat_prices(tariff), self.option_prices(tariff))

    def offers(self, seats: Floats, own: Floats) -> Offers:
        """The cheapest team under every option, from the prices of seats and of the options themselves."""
        total = np.full(len(self.flats), DEAR)
        found = []
        for pricer, at in self.pricers:
            best = pricer.cheapest(seats[:, at])
            total[at] = best.price + own[at]
            found.append(best)
        return Offers(total, seats, found)

    def team(self, offers: Offers, position: int) -> Team | None:
        """The cheapest team under the option at a position."""
        for (pricer, at), best in zip(self.pricers, offers.best, strict=True):
            inside = np.flatnonzero(at == position)
            if len(inside):
                return pricer.team(offers.seats[:, at], best, int(inside[0]))
        return None

    def several(self, seats: Floats, own: Floats, most: int, positions: Ints) -> list[tuple[int, Team]]:
        """Up to `most` (flat option, team) pairs, the cheapest by the prices given first: of the cheapest teams of
        each chief under each of the options at some positions (in order)."""
        looked: list[tuple[TeamPricer, Ints]] = []
        for pricer, at in self.pricers:
            inside = np.flatnonzero(np.isin(at, positions, assume_unique=True))
            if len(inside):
                looked.append((pricer.under(inside), at[inside]))
        offers = [pricer.offers(seats[:, at], own[at]) for pricer, at in looked]
        if not offers or most < 1:
            return []
        flat = np.concatenate([one.price for one in offers])
        edges = np.cumsum([0, *(len(one.price) for one in offers)])
        order = np.argpartition(flat, most - 1)[:most] if most < len(flat) else np.arange(len(flat))
        found = []
        for place in order[np.argsort(flat[order], kind="stable")].tolist():
            if flat[place] >= TOO_DEAR:
                break
            index = int(np.searchsorted(edges, place, side="right")) - 1
            pricer, at = looked[index]
            position, team = pricer.offered(offers[index], place - int(edges[index]), seats[:, at])
            if team is not None:
                found.append((int(self.flats[at[position]]), team))
        return found

    def all_within(self, tariff: Tariff, most: float) -> Iterator[tuple[int, Team]]:
        """Every (flat option, team) that costs at most `most`, seats that need not be filled left empty."""
        offers = self.cheapest(tariff)
        own = self.option_prices(tariff)
        for pricer, at in self.pricers:
            for position in np.flatnonzero(offers.price[at] <= most).tolist():
                column = int(at[position])
                rest = most - float(own[column])
                for team in pricer.all_within(offers.seats[:, column], position, rest):
                    yield int(self.flats[column]), team

    def with_each_seat(self, tariff: Tariff) -> Floats:
        """Per seat, a lower bound of the price of carrying out the activity with it taken."""
        seats, own = self.seat_prices(tariff), self.option_prices(tariff)
        found = np.full(len(self.seats), DEAR)
        for pricer, at in self.pricers:
            found = np.minimum(found, pricer.with_each(seats[:, at], own[at]))
        return found


@dataclass(frozen=True, slots=True)
class Offers:
    """The cheapest teams of an activity: price per option looked at, the seat prices behind them, and the best of
    each mode."""

    price: Floats
    seats: Floats
    best: list[Best]


def pricer_of(facts: Facts, number: int) -> ActivityPricer:
    """The pricer of an activity over all its options; made once."""
    known = facts.pricers.get(number)
    if isinstance(known, ActivityPricer):
        return known
    made = facts.pricers[number] = ActivityPricer(facts, number, None)
    return made
