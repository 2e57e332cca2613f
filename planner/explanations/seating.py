"""The best team and stretch for one activity when everything else stands: exact, by enumeration.

With everybody else's time taken, what a person costs on a stretch does not depend on who else comes: their seat's own
prices, their way through all that they are bound by with this stay among it, their rate and their distance from the
target. So the stretches are looked at in the order of what they cost at least, and on each the teams by branch and
bound, groups with the fewest people first. `solver.check` states the same prices; tests hold the two together.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise

from auditplan.planner.explanations.teams import Ask, Prices, Search, Seat, Stretch, Teams, gains, plus
from auditplan.solver.journeys import Stay, span_mask, stay
from auditplan.solver.problem import Activity, Apart, Candidate, Precedence, Problem, Quota, Resource, SamePerson
from auditplan.solver.routes import anchored, route
from auditplan.solver.solution import Choice


@dataclass(frozen=True, slots=True)
class Found:
    """The best way, its prices on the levels, and whether nothing better is possible."""

    choice: Choice
    prices: Prices
    proven: bool


class Seating:
    """All ways to carry out one activity of a problem beside what its people are bound by. choices: how the other
    activities that relations tie it to stand; their people's time must be bound already. looked: how many stays of
    people were looked at so far."""

    def __init__(
        self, problem: Problem, number: int, choices: Sequence[Choice | None], activity: Activity | None = None
    ) -> None:
        """Prices are worked out when first asked for. activity: in place of the problem's own."""
        self._problem, self._number, self._choices = problem, number, choices
        self._activity = activity or problem.activities[number]
        self._bound: dict[int, tuple[list[Stay], int]] = {}
        self.looked = 0

    def best(self, ask: Ask) -> Found | None:
        """The best way as asked; None where there is none."""
        search = Search(ask)
        wanted = [one for one in self._stretches if ask.starting >> self._start(one) & 1]
        for stretch in sorted(wanted, key=lambda one: one.least):
            if search.spent or search.beaten(stretch.least):
                break
            Teams(self._activity, stretch, search).look()
        if search.best is None or search.prices is None:
            return None
        return Found(search.best, search.prices, not search.spent)

    def beside(self, choice: Choice) -> Found | None:
        """The best other team on the stretch of a choice; None where there is none."""
        search = Search(Ask(without=(choice.team,)))
        stretch = self._stretch(choice.mode, choice.option)
        if stretch is not None:
            Teams(self._activity, stretch, search).look()
        if search.best is None or search.prices is None:
            return None
        return Found(search.best, search.prices, not search.spent)

    def prices(self, choice: Choice | None) -> Prices | None:
        """What a choice costs here (None: being left out); None for one that is not open."""
        if choice is None:
            left_out = self._activity.left_out
            return None if left_out is None else tuple(left_out)
        mode = self._activity.modes[choice.mode]
        in_order = self._in_order(mode.starts[choice.option], mode.ends[choice.option])
        stretch = self._stretch(choice.mode, choice.option) if in_order else None
        seats = [(role, person) for role, team in enumerate(choice.team) for person in team]
        if stretch is None or any(seat not in stretch.seats for seat in seats):
            return None
        return plus(stretch.prices, *(stretch.seats[seat] for seat in seats))

    def _start(self, stretch: Stretch) -> int:
        """First tick of a stretch."""
        return self._activity.modes[stretch.mode].starts[stretch.option]

    @cached_property
    def _stretches(self) -> list[Stretch]:
        """Every option that relations leave open and that has somebody for every role."""
        found = []
        for mode, shape in enumerate(self._activity.modes):
            for option in range(len(shape.starts)):
                if self._in_order(shape.starts[option], shape.ends[option]):
                    stretch = self._stretch(mode, option)
                    if stretch is not None:
                        found.append(stretch)
        return found

    def _stretch(self, number: int, option: int) -> Stretch | None:
        """One option; None where a role has too few people."""
        mode = self._activity.modes[number]
        start, end = mode.starts[option], mode.ends[option]
        leaves = mode.leaves[option] if mode.leaves else end
        levels = range(self._problem.levels)
        own = tuple(mode.costs[level][option] if mode.costs and mode.costs[level] else 0 for level in levels)
        prices = plus(own, self._activity.placed) if self._activity.placed else own
        seats: dict[Seat, Prices] = {}
        people: dict[int, Prices | None] = {}
        least = prices
        for role, candidates in enumerate(self._activity.roles):
            for entry in candidates if mode.most[role] else ():
                person = entry.resource
                if (role, person) in self._barred or not _inside(entry, start, end):
                    continue
                if person not in people:
                    people[person] = self._person(person, start, end, leaves)
                price = people[person]
                if price is not None:
                    seats[role, person] = _charged(price, entry.costs)
            cheapest = sorted(price for (own_role, _), price in seats.items() if own_role == role)
            if len(cheapest) < mode.least[role]:
                return None
            least = plus(least, *cheapest[: mode.least[role]])
        least = plus(least, *gains(seats, mode.least, mode.most))
        return Stretch(number, option, span_mask(start, end), prices, seats, least)

    def _person(self, person: int, start: int, end: int, leaves: int) -> Prices | None:
        """What a person costs on a stretch beside all that they are bound by; None where they cannot come."""
        self.looked += 1
        problem, resource = self._problem, self._problem.resources[person]
        ticks = self._activity.slots & span_mask(start, end)
        if ticks & ~resource.free or not _within_ceilings(resource, ticks):
            return None
        own = stay(problem, resource, self._activity.place, self._activity.slots, start, end, leaves)
        if own is None:
            return None
        bound, cost = self._ways(person)
        stays = sorted((*bound, own), key=lambda one: (one.start, one.end))
        if any(later.start < earlier.end for earlier, later in pairwise(stays)):
            return None
        found = route(problem, resource, stays)
        if found is None:
            return None
        prices = [0] * problem.levels
        prices[problem.money] += found.cost - cost + ticks.bit_count() * resource.rate
        if resource.target is not None:
            away = abs(ticks.bit_count() - resource.target) - abs(resource.target)
            prices[problem.balance] += resource.deviation * away
        return tuple(prices)

    def _ways(self, person: int) -> tuple[list[Stay], int]:
        """What a person is bound by, and the price of their way through it."""
        if person not in self._bound:
            resource = self._problem.resources[person]
            bound = anchored(self._problem, resource)
            found = route(self._problem, resource, bound)
            self._bound[person] = bound, found.cost if found else 0
        return self._bound[person]

    @cached_property
    def _barred(self) -> frozenset[Seat]:
        """Seats that the teams of other activities forbid."""
        found: set[Seat] = set()
        every = [(role, entry.resource) for role, own in enumerate(self._activity.roles) for entry in own]
        for relation in self._problem.relations:
            if isinstance(relation, Quota):
                if self._number in relation.activities and self._led(relation) >= relation.most:
                    found.add((relation.role, relation.resource))
            elif isinstance(relation, Apart | SamePerson) and self._number in (relation.first, relation.second):
                other = relation.second if relation.first == self._number else relation.first
                choice = self._choices[other]
                if choice is None:
                    continue
                if isinstance(relation, Apart):
                    people = {person for team in choice.team for person in team}
                    found |= {seat for seat in every if seat[1] in people}
                elif isinstance(relation, SamePerson):
                    same = choice.team[relation.role]
                    found |= {seat for seat in every if seat[0] == relation.role and seat[1] not in same}
        return frozenset(found)

    def _led(self, relation: Quota) -> int:
        """In how many other activities the person of a quota fills its role."""
        others = (self._choices[other] for other in relation.activities if other != self._number)
        return sum(choice is not None and relation.resource in choice.team[relation.role] for choice in others)

    def _in_order(self, start: int, end: int) -> bool:
        """Whether a stretch comes after and before what it must."""
        for relation in self._problem.relations:
            if not isinstance(relation, Precedence) or self._number not in (relation.first, relation.second):
                continue
            before = relation.second == self._number
            choice = self._choices[relation.first if before else relation.second]
            if choice is None:
                if before:
                    return False
                continue
            other = self._problem.activities[relation.first if before else relation.second].modes[choice.mode]
            first = other.ends[choice.option] if before else end
            second = start if before else other.starts[choice.option]
            gap = second // self._problem.period - (first - 1) // self._problem.period
            if second < first or gap < relation.least or (relation.most is not None and gap > relation.most):
                return False
        return True


def _charged(price: Prices, costs: Sequence[tuple[int, int]]) -> Prices:
    """A person's prices with those of a seat."""
    prices = list(price)
    for level, own in costs:
        prices[level] += own
    return tuple(prices)


def _inside(entry: Candidate, start: int, end: int) -> bool:
    """Whether a candidate may take the seat on a stretch."""
    return not span_mask(start, end) & ~entry.during and bool(entry.starting >> start & 1)


def _within_ceilings(resource: Resource, ticks: int) -> bool:
    """Whether a person's ceilings leave room."""
    return all((ticks & ceiling.mask).bit_count() <= ceiling.most for ceiling in resource.ceilings)
