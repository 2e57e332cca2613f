"""The best team on one stretch, by branch and bound: who leads first, then the groups with the fewest people."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from auditplan.solver.problem import Activity, Candidate
from auditplan.solver.solution import Choice

Prices = tuple[int, ...]
Seat = tuple[int, int]
"""Role and person."""
MOST_NODES = 20_000
"""Partial teams looked at for one question at most; beyond, the answer is the best so far, and not proven."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ask:
    """What is asked of the activity. starting: mask of the ticks at which it may start (−1: any); person: who must be
    in the team, in one of `roles` (None: any); without: whole teams that do not count."""

    starting: int = -1
    person: int | None = None
    roles: tuple[int, ...] | None = None
    without: tuple[tuple[tuple[int, ...], ...], ...] = ()


@dataclass(slots=True)
class Search:
    """How one question stands."""

    ask: Ask
    best: Choice | None = None
    prices: Prices | None = None
    nodes: int = 0

    @property
    def spent(self) -> bool:
        """Whether no more may be looked at."""
        return self.nodes >= MOST_NODES

    def beaten(self, prices: Prices) -> bool:
        """Whether what costs at least so much cannot be better."""
        return self.prices is not None and prices >= self.prices


@dataclass(frozen=True, slots=True)
class Stretch:
    """One option with the prices that it has whoever comes, and what each seat costs on it."""

    mode: int
    option: int
    hull: int
    prices: Prices
    seats: dict[Seat, Prices]
    least: Prices


@dataclass(slots=True)
class Teams:
    """Looks for the best team on one stretch."""

    activity: Activity
    stretch: Stretch
    search: Search
    _open: dict[Seat, Prices] = field(default_factory=dict)
    _seen: set[frozenset[Seat]] = field(default_factory=set)

    def look(self) -> None:
        """Every lead in the order of price; what is possible beside depends on who leads."""
        leads = sorted((price, person) for (role, person), price in self.stretch.seats.items() if role == 0)
        for price, person in leads:
            if self.search.spent:
                return
            team = frozenset({(0, person)})
            self._open = {
                seat: cost
                for seat, cost in self.stretch.seats.items()
                if seat[0] != 0 and seat[1] != person and self._beside(seat, team)
            }
            self._seen.clear()
            if self._beside((0, person), team):
                self._grow(team, plus(self.stretch.prices, price))

    def _beside(self, seat: Seat, team: frozenset[Seat]) -> bool:
        """Whether what a seat needs beside it is there, given who leads."""
        entry = _entry(self.activity, seat)
        return entry.beside is None or self._met(entry.beside, team | {seat})

    def _met(self, number: int, team: frozenset[Seat]) -> bool:
        """Whether a group is met by a team."""
        return any(
            any((role, cover.resource) in team for role in cover.roles)
            and not self.stretch.hull & ~cover.during
            and (cover.beside is None or self._met(cover.beside, team))
            for cover in self.activity.groups[number].covers
        )

    def _grow(self, team: frozenset[Seat], prices: Prices) -> None:
        """Adds a seat to a partial team, or takes it if it is complete."""
        self.search.nodes += 1
        if team in self._seen or self.search.spent:
            return
        self._seen.add(team)
        if self.search.beaten(self._least(team, prices)):
            return
        for price, seat in self._next(team):
            self._grow(team | {seat}, plus(prices, price))
        if self._complete(team) and not self.search.beaten(prices):
            roles = range(len(self.activity.roles))
            people = tuple(tuple(sorted(person for own, person in team if own == role)) for role in roles)
            if people not in self.search.ask.without:
                self.search.best = Choice(self.stretch.mode, self.stretch.option, people)
                self.search.prices = prices

    def _room(self, team: frozenset[Seat]) -> list[int]:
        """How many more each role may take."""
        most = self.activity.modes[self.stretch.mode].most
        return [most[role] - sum(own == role for own, _ in team) for role in range(len(most))]

    def _least(self, team: frozenset[Seat], prices: Prices) -> Prices:
        """What a partial team costs at least when it is complete."""
        mode, taken = self.activity.modes[self.stretch.mode], {person for _, person in team}
        own = {seat: cost for seat, cost in self._open.items() if seat[1] not in taken}
        counts = [sum(role == at for role, _ in team) for at in range(len(mode.least))]
        least = [max(0, count - counts[role]) for role, count in enumerate(mode.least)]
        most = [count - counts[role] for role, count in enumerate(mode.most)]
        for role, count in enumerate(least):
            cheapest = sorted(cost for (at, _), cost in own.items() if at == role)[:count]
            prices = plus(prices, *cheapest)
        return plus(prices, *gains(own, least, most))

    def _next(self, team: frozenset[Seat]) -> list[tuple[Prices, Seat]]:
        """The seats that may come next, the cheapest first: those that meet the unmet group with the fewest, else the
        person asked for, else any of the first role with room."""
        room, taken = self._room(team), {person for _, person in team}
        able = {seat: cost for seat, cost in self._open.items() if room[seat[0]] > 0 and seat[1] not in taken}
        wanted: list[set[Seat]] = []
        for number, group in enumerate(self.activity.groups):
            if group.required and not self._met(number, team):
                wanted.append({seat for seat in able if self._met(number, team | {seat})})
        if not self._asked(team):
            roles = self.search.ask.roles
            wanted.append(
                {seat for seat in able if seat[1] == self.search.ask.person and (not roles or seat[0] in roles)}
            )
        if wanted:
            chosen = min(wanted, key=len)
        else:
            open_roles = [role for role in range(len(room)) if any(seat[0] == role for seat in able)]
            chosen = {seat for seat in able if open_roles and seat[0] == open_roles[0]}
        return sorted((able[seat], seat) for seat in chosen)

    def _asked(self, team: frozenset[Seat]) -> bool:
        """Whether the person asked for is there."""
        ask = self.search.ask
        return ask.person is None or any(
            person == ask.person and (not ask.roles or role in ask.roles) for role, person in team
        )

    def _complete(self, team: frozenset[Seat]) -> bool:
        """Whether a team has all that it needs."""
        least = self.activity.modes[self.stretch.mode].least
        return (
            self._asked(team)
            and all(sum(own == role for own, _ in team) >= count for role, count in enumerate(least))
            and all(self._met(number, team) for number, group in enumerate(self.activity.groups) if group.required)
        )


def plus(first: Prices, *others: Prices) -> Prices:
    """Prices added level by level."""
    return tuple(map(sum, zip(first, *others, strict=True)))


def gains(seats: dict[Seat, Prices], least: Sequence[int], most: Sequence[int]) -> Iterator[Prices]:
    """The seats beyond the least of a role that make it cheaper."""
    for role, count in enumerate(most):
        if count > least[role]:
            own = sorted(price for (at, _), price in seats.items() if at == role)[least[role] : count]
            yield from (price for price in own if price < tuple([0] * len(price)))


def _entry(activity: Activity, seat: Seat) -> Candidate:
    """A person's entry in a role."""
    return next(entry for entry in activity.roles[seat[0]] if entry.resource == seat[1])
