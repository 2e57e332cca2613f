"""The cheapest team of one activity in one mode, under every option at once, for given prices of the seats.

A team is a *chief* (the role that takes exactly one person; where there is none, nobody), and others who meet the
groups that the chief does not meet, filled up with the cheapest. The price is exact where each person fits one of the
other roles only and no seat needs somebody beside it; else it is a lower bound, and so is every figure derived from it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from copy import copy
from dataclasses import dataclass

import numpy as np

from auditplan.solver.columns.plans import (
    DEAR,
    MOST_PATTERNS,
    TOO_DEAR,
    Class,
    Draw,
    Entry,
    Floats,
    Pattern,
    Plan,
    Team,
    combined,
    draws,
    price_at,
    row_of,
)
from auditplan.solver.facts import Ints, Seat
from auditplan.solver.needs import all_told, needs
from auditplan.solver.problem import Activity

Kind = tuple[int, int, Entry]
"""A seat's role, the groups that it meets (bits), and its entry."""


def met_everywhere(seats: Sequence[Seat], meets: Ints) -> list[Kind]:
    """The seats that meet the same groups under every option. meets: [seat, option], the groups as bits."""
    if not meets.shape[1]:
        return []
    same = np.flatnonzero((meets == meets[:, :1]).all(axis=1)).tolist()
    bits = meets[:, 0].tolist()
    return [(seats[row].role, bits[row], Entry(row, seats[row].resource, None)) for row in same]


@dataclass(frozen=True, slots=True)
class Best:
    """Per option, the price of the cheapest team, and its plan, chief and pattern as indices, [3, option]."""

    price: Floats
    where: Ints


@dataclass(frozen=True, slots=True)
class Offered:
    """The prices of the cheapest team of each chief under each option in one row, and per plan the tables behind."""

    price: Floats
    found: list[tuple[Floats, Ints]]


class TeamPricer:
    """The teams of one activity in one mode."""

    def __init__(
        self, activity: Activity, mode: int, seats: list[Seat], meets: Ints, everywhere: list[Kind] | None = None
    ) -> None:
        """Sorts the seats into classes and enumerates the patterns. meets: [seat, option], the needed groups that a
        seat meets, as bits. everywhere: what `met_everywhere` gives of all modes together, where it is known."""
        self.seats = seats
        self._activity = activity
        demand = activity.modes[mode]
        self._least, self._most = demand.least, demand.most
        self._chief = self._chief_role()
        self._optional = [role for role, least in enumerate(self._least) if self._most[role] > least]
        met_by_chance = self._met_by_spare_seats(meets)
        alone = all(cover.beside is None for group in activity.groups for cover in group.covers)
        self.exact = not met_by_chance and alone and all_told(activity)
        """Whether the teams meet every needed group as they come."""
        self._everything = ((1 << len(needs(activity))) - 1) & ~met_by_chance
        entries = self._entries(meets, met_everywhere(seats, meets) if everywhere is None else everywhere)
        self.plans = self._plans(entries)
        self._role_rows = [
            [row for row, seat in enumerate(seats) if seat.role == role] for role in range(len(self._least))
        ]

    def _chief_role(self) -> int | None:
        """The role with exactly one person that most people may fill."""
        single = [role for role, least in enumerate(self._least) if least == 1 == self._most[role]]
        return min(single, key=lambda role: (-len(self._activity.roles[role]), role), default=None)

    def _met_by_spare_seats(self, meets: Ints) -> int:
        """The groups, as bits, that a seat which need not be filled may meet: nobody else is asked to meet them, which
        is a relaxation."""
        bits = 0
        for row, seat in enumerate(self.seats):
            if seat.role in self._optional:
                bits |= int(np.bitwise_or.reduce(meets[row]))
        return bits

    def _entries(self, meets: Ints, everywhere: list[Kind]) -> list[Kind]:
        """Every seat that must be filled with the groups it meets."""
        found = [kind for kind in everywhere if self._least[kind[0]]]
        known = {kind[2].row for kind in everywhere}
        for row, seat in enumerate(self.seats):
            if row in known or not self._least[seat.role]:
                continue
            kinds = np.unique(meets[row]).tolist()
            for bits in kinds:
                where = None if len(kinds) == 1 else meets[row] == bits
                found.append((seat.role, bits, Entry(row, seat.resource, where)))
        return sorted(found, key=lambda kind: kind[2].row)

    def _plans(self, entries: list[Kind]) -> list[Plan]:
        """One plan for each set of groups that chiefs leave to the others."""
        left: dict[int, Plan] = {}
        for role, bits, entry in entries:
            if role == self._chief:
                left.setdefault(self._everything & ~bits, Plan([])).chiefs.append(entry)
        if self._chief is None:
            left[self._everything] = Plan([])
        for need, plan in sorted(left.items()):
            self._classify(plan, need, entries)
        return [plan for _, plan in sorted(left.items()) if plan.patterns]

    def _classify(self, plan: Plan, need: int, entries: list[Kind]) -> None:
        """The classes and patterns of a plan."""
        others = [item for item in entries if item[0] != self._chief]
        for aside in (need, 0):
            plan.classes = {}
            for role, bits, entry in others:
                plan.classes.setdefault((role, bits & aside), []).append(entry)
            plan.patterns = []
            for pattern in draws(self._least, self._chief, plan.classes, aside):
                plan.patterns.append(pattern)
                if len(plan.patterns) > MOST_PATTERNS:
                    break
            if len(plan.patterns) <= MOST_PATTERNS:
                self.exact = self.exact and aside == need
                return

    def cheapest(self, prices: Floats) -> Best:
        """Per option, the cheapest team. prices: [seat, option], DEAR where a seat is not possible."""
        size = prices.shape[1]
        best = Best(np.full(size, DEAR), np.zeros((3, size), dtype=np.int64))
        for index, plan in enumerate(self.plans):
            found, which = self._of_plan(plan, prices)
            chief = found.argmin(axis=0)
            price = found[chief, np.arange(size)]
            better = price < best.price
            best.price[better] = price[better]
            best.where[0, better] = index
            best.where[1, better] = chief[better]
            best.where[2, better] = which[chief, np.arange(size)][better]
        return Best(best.price + self._gains(prices), best.where)

    def _gains(self, prices: Floats) -> Floats:
        """What seats that need not be filled save at most."""
        total = np.zeros(prices.shape[1])
        for role in self._optional:
            rows = self._role_rows[role]
            if rows:
                spare = self._most[role] - self._least[role]
                gains = np.sort(np.minimum(prices[rows], 0.0), axis=0)[:spare]
                total += gains.sum(axis=0)
        return total

    def _of_plan(self, plan: Plan, prices: Floats) -> tuple[Floats, Ints]:
        """Per chief and option, the cheapest price and the pattern of it."""
        draws = {key: self._draw(entries, prices, self._largest(plan, key)) for key, entries in plan.classes.items()}
        chiefs: Sequence[Entry | None] = plan.chiefs or (None,)
        base = np.stack([row_of(entry, prices) if entry else np.zeros(prices.shape[1]) for entry in chiefs])
        sums: dict[tuple[Class, int], Floats] = {}
        best = np.full(base.shape, DEAR)
        which = np.zeros(base.shape, dtype=np.int64)
        for index, pattern in enumerate(plan.patterns):
            total = base
            for key, count in pattern:
                if (key, count) not in sums:
                    sums[key, count] = self._without_chiefs(plan, draws[key], count)
                total = total + sums[key, count]
            better = total < best
            best = np.where(better, total, best)
            which = np.where(better, index, which)
        return best, which

    def _largest(self, plan: Plan, key: Class) -> int:
        """The most that a pattern draws from a class."""
        return max((count for pattern in plan.patterns for own, count in pattern if own == key), default=0)

    def _draw(self, entries: list[Entry], prices: Floats, count: int) -> Draw:
        """The cheapest of a class, one more than are drawn at most."""
        table = np.stack([row_of(entry, prices) for entry in entries])
        order = np.argsort(table, axis=0, kind="stable")[: count + 1]
        cheapest = np.take_along_axis(table, order, axis=0)
        if len(order) < count + 1:
            cheapest = np.vstack([cheapest, np.full((count + 1 - len(order), table.shape[1]), DEAR)])
        persons = np.array([entry.person for entry in entries], dtype=np.int64)[order]
        sums = np.vstack([np.zeros((1, table.shape[1])), np.cumsum(cheapest, axis=0)])
        return Draw(cheapest, persons, sums)

    def _without_chiefs(self, plan: Plan, draw: Draw, count: int) -> Floats:
        """Per chief and option, the sum of the cheapest `count` of a class without the chief."""
        plain = draw.sums[count]
        if not plan.chiefs:
            alone: Floats = plain[np.newaxis]
            return alone
        chiefs = np.array([chief.person for chief in plan.chiefs], dtype=np.int64)
        inside = draw.persons[:count, np.newaxis] == chiefs[:, np.newaxis]
        own = np.where(inside, draw.prices[: len(inside), np.newaxis], 0.0).sum(axis=0)
        result: Floats = np.where(inside.any(axis=0), plain + draw.prices[count] - own, plain)
        return result

    def team(self, prices: Floats, best: Best, at: int) -> Team | None:
        """The cheapest team found under the option at position `at`; None: there is none. Seats that need not be
        filled are taken where they save."""
        if best.price[at] >= TOO_DEAR:
            return None
        plan, chief, pattern = best.where[:, at].tolist()
        return self._spell_out(self.plans[plan], chief, pattern, prices[:, at], at)

    def under(self, positions: Ints) -> TeamPricer:
        """The same teams, looked at under some options only."""
        narrowed = copy(self)
        if any(entry.where is not None for plan in self.plans for entry in plan.entries()):
            narrowed.plans = [plan.under(positions) for plan in self.plans]
        return narrowed

    def offers(self, prices: Floats, own: Floats) -> Offered:
        """The cheapest team of each chief under each option. own: the prices of the options."""
        found = [self._of_plan(plan, prices) for plan in self.plans]
        return Offered(np.concatenate([(best + own).ravel() for best, _ in found]), found)

    def offered(self, offers: Offered, at: int, prices: Floats) -> tuple[int, Team | None]:
        """The position of the option and the team of one entry of the prices of `offers`."""
        for plan, (best, which) in zip(self.plans, offers.found, strict=True):
            if at < best.size:
                chief, position = divmod(at, best.shape[1])
                pattern = int(which[chief, position])
                return position, self._spell_out(plan, chief, pattern, prices[:, position], position)
            at -= best.size
        raise IndexError(at)

    def all_within(self, prices: Floats, position: int, most: float) -> Iterator[Team]:
        """Every team under an option that costs at most `most`, seats that need not be filled left empty. prices: of
        the option's seats alone."""
        for plan in self.plans:
            chiefs: Sequence[Entry | None] = plan.chiefs or (None,)
            for chief in chiefs:
                price = 0.0 if chief is None else price_at(chief, prices, position)
                if price > most:
                    continue
                for pattern in plan.patterns:
                    yield from self._drawn(plan, pattern, chief, prices, position, most - price)

    def _drawn(
        self, plan: Plan, pattern: Pattern, chief: Entry | None, prices: Floats, position: int, most: float
    ) -> Iterator[Team]:
        """Every team of a chief and a pattern that costs at most `most` beside the chief."""
        pools = []
        for key, count in pattern:
            pool = sorted(
                (price_at(entry, prices, position), entry.person)
                for entry in plan.classes[key]
                if chief is None or entry.person != chief.person
            )
            pools.append((key[0], [pair for pair in pool if pair[0] <= most], count))
        team: list[list[int]] = [[] for _ in self._least]
        if chief is not None and self._chief is not None:
            team[self._chief].append(chief.person)
        yield from combined(pools, 0, team, most)

    def _spell_out(self, plan: Plan, chief: int, pattern: int, column: Floats, at: int) -> Team | None:
        """The people of a plan's chief and pattern."""
        team: list[list[int]] = [[] for _ in self._least]
        if plan.chiefs and self._chief is not None:
            team[self._chief].append(plan.chiefs[chief].person)
        for key, count in plan.patterns[pattern]:
            taken = {person for people in team for person in people}
            pool = [
                (column[entry.row], entry.row, entry.person)
                for entry in plan.classes[key]
                if (entry.where is None or entry.where[at])
                and entry.person not in taken
                and column[entry.row] < TOO_DEAR
            ]
            if len(pool) < count:
                return None
            team[key[0]] += [person for _, _, person in (sorted(pool)[:count] if count > 1 else [min(pool)])]
        self._take_gains(team, column)
        return tuple(tuple(sorted(people)) for people in team)

    def _take_gains(self, team: list[list[int]], column: Floats) -> None:
        """Fills seats that need not be filled with people who save."""
        for role in self._optional:
            for row in sorted(self._role_rows[role], key=lambda row: (column[row], row)):
                person = self.seats[row].resource
                if column[row] >= 0 or len(team[role]) >= self._most[role]:
                    break
                if all(person not in people for people in team):
                    team[role].append(person)

    def with_each(self, prices: Floats, own: Floats) -> Floats:
        """Per seat, a lower bound over all options of the price of a team that the seat is taken in and of the option
        itself. own: the prices of the options."""
        found = np.full(len(self.seats), DEAR)
        rest = own + self._gains(prices)
        for plan in self.plans:
            best, _ = self._of_plan(plan, prices)
            for index, entry in enumerate(plan.chiefs):
                found[entry.row] = min(found[entry.row], float((best[index] + rest).min()))
            self._with_others(plan, prices, rest, found)
        for role in self._optional:
            least = self.cheapest(prices).price + own
            for row in self._role_rows[role]:
                extra = float((least + prices[row]).min())
                found[row] = min(found[row], extra) if self._least[role] else extra
        return found

    def _with_others(self, plan: Plan, prices: Floats, own: Floats, found: Floats) -> None:
        """The same for everyone but the chiefs: in each pattern the dearest of a class makes room."""
        chiefs: Sequence[Entry | None] = plan.chiefs or (None,)
        base = np.stack([row_of(entry, prices) if entry else np.zeros(prices.shape[1]) for entry in chiefs])
        draws = {key: self._draw(entries, prices, self._largest(plan, key)) for key, entries in plan.classes.items()}
        sums: dict[tuple[Class, int], Floats] = {}
        persons = np.array([entry.person if entry else -1 for entry in chiefs])
        for pattern in plan.patterns:
            for key, count in pattern:
                for drawn_from in ((key, count - 1), *pattern):
                    if drawn_from not in sums:
                        sums[drawn_from] = self._without_chiefs(plan, draws[drawn_from[0]], drawn_from[1])
            for key, _ in pattern:
                rest = base + own
                for other, drawn in pattern:
                    rest = rest + sums[other, drawn - 1 if other == key else drawn]
                self._charge(plan.classes[key], rest, persons, prices, found)

    def _charge(self, entries: list[Entry], rest: Floats, chiefs: Ints, prices: Floats, found: Floats) -> None:
        """Prices with each of a class added to the cheapest rest of a team."""
        lowest = rest.min(axis=0)
        for entry in entries:
            mine = chiefs == entry.person
            floor = lowest if not mine.any() else rest[~mine].min(axis=0, initial=DEAR)
            found[entry.row] = min(found[entry.row], float((floor + row_of(entry, prices)).min()))
