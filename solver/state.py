"""A solution being built: who is bound when, so that an activity can be placed or removed cheaply."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from copy import copy

import numpy as np

from auditplan.solver.facts import Bools, Facts, Ints, prefix
from auditplan.solver.itinerary import Itinerary
from auditplan.solver.journeys import span_mask
from auditplan.solver.presence import Block
from auditplan.solver.problem import Apart, Kept, Precedence, Quota, Relation, SamePerson
from auditplan.solver.routes import anchored
from auditplan.solver.solution import Choice, Solution
from auditplan.solver.timetable import Timetable

ANCHOR = -1
"""In place of an activity: what a person is bound to already."""

MANY = 6
"""People from whom on it is quicker to look at all of them at once."""


class State:
    """The choices made so far, with everything that the next choice depends on."""

    def __init__(self, facts: Facts, solution: Solution | None = None) -> None:
        """Starts from a solution, or from nothing placed."""
        self.facts = facts
        problem = facts.problem
        self.choices: list[Choice | None] = [None] * len(problem.activities)
        self._known: dict[int, Itinerary] = {}
        self._timetable: Timetable | None = None
        self._fits: dict[tuple[int, int], tuple[Itinerary, tuple[Bools, Ints]]] | None = None
        self.worked: list[int] = [0] * len(problem.resources)
        self._clear: dict[int, Ints] = {}
        self.relations: dict[int, list[Relation]] = defaultdict(list)
        for relation in problem.relations:
            for number in members(relation):
                self.relations[number].append(relation)
        for number, choice in enumerate(solution.choices if solution else ()):
            if choice is not None:
                self.place(number, choice)

    def solution(self) -> Solution:
        """The choices as they stand."""
        return Solution(tuple(self.choices))

    def option(self, number: int, choice: Choice) -> int:
        """The flat index of a choice's option."""
        return self.facts.first_of[number][choice.mode] + choice.option

    def place(self, number: int, choice: Choice) -> None:
        """Puts an activity where a choice says; it must be left out so far."""
        self.choices[number] = choice
        self._bind(number, choice, add=True)

    def remove(self, number: int) -> None:
        """Leaves an activity out."""
        choice = self.choices[number]
        if choice is not None:
            self._bind(number, choice, add=False)
            self.choices[number] = None

    def _bind(self, number: int, choice: Choice, *, add: bool) -> None:
        """Binds or releases the people of a choice."""
        flat = self.option(number, choice)
        options = self.facts.options[number]
        slots = self.facts.problem.activities[number].slots
        ticks = slots & span_mask(int(options.start[flat]), int(options.end[flat]))
        for person in (person for team in choice.team for person in team):
            own = self.itinerary(person)
            if add:
                self._known[person] = own.with_stay(self.facts.presence(number, person).stay(flat), number)
                self.worked[person] |= ticks
            else:
                self._known[person] = own.without(number)
                self.worked[person] &= ~ticks
            self._clear.pop(person, None)

    def itinerary(self, person: int) -> Itinerary:
        """A person's stays."""
        if person not in self._known:
            bound = anchored(self.facts.problem, self.facts.problem.resources[person])
            stays = tuple((stay, ANCHOR) for stay in bound)
            self._known[person] = Itinerary(self.facts.stays, person, stays)
        return self._known[person]

    def bound_prefix(self, person: int) -> Ints:
        """Prefix counts of the ticks at which a person is bound, if they went home after every stay."""
        if person not in self._clear:
            mask = self.facts.problem.resources[person].busy
            for stay, _ in self.itinerary(person).stays:
                mask |= span_mask(stay.first, stay.last)
            self._clear[person] = prefix(mask, self.facts.problem.ticks)
        return self._clear[person]

    def fitting(self, number: int, person: int) -> tuple[Bools, Ints]:
        """Per option, whether a person could be there beside all they are bound to, and what that costs more."""
        now = self.itinerary(person)
        if self._fits is None:
            return now.fitting(self.facts.presences[number][person])
        known = self._fits.get((number, person))
        if known is None or known[0] is not now:
            known = self._fits[number, person] = now, now.fitting(self.facts.presences[number][person])
        return known[1]

    def fitting_all(self, number: int, people: Collection[int]) -> dict[int, tuple[Bools, Ints]]:
        """The same of several people."""
        if self._fits is not None or len(people) < MANY:
            return {person: self.fitting(number, person) for person in people}
        if self._timetable is None:
            self._timetable = Timetable(self.facts.stays)
        rows: dict[int, tuple[Block, list[int]]] = {}
        for person in people:
            block, at = self.facts.presences[number].where[person]
            rows.setdefault(id(block), (block, []))[1].append(at)
        found: dict[int, tuple[Bools, Ints]] = {}
        for block, own in rows.values():
            both = self._timetable.fitting(block, own, self.itinerary)
            found |= zip((block.people[at] for at in own), zip(*both, strict=True), strict=True)
        return found

    def remembering(self) -> State:
        """The same, which from now on remembers what fits: for where a few activities are asked about again and again
        (it would fill the memory where all are)."""
        self._fits = {}
        return self

    def apart(self) -> State:
        """A state with the same choices, to be changed by itself."""
        other = copy(self)
        other.choices, other.worked, other.relations = [*self.choices], [*self.worked], self.relations.copy()
        other._known, other._clear, other._timetable = {**self._known}, {**self._clear}, None
        other._fits = None if self._fits is None else {**self._fits}
        return other

    def room(self, number: int, people: Iterable[int]) -> dict[int, Bools]:
        """Of those people whose ceilings do not leave room for every option: per option, whether they do."""
        slots = self.facts.problem.activities[number].slots
        longest = int(self.facts.options[number].worked.max(initial=0))
        found: dict[int, Bools] = {}
        for person in people:
            for ceiling in self.facts.problem.resources[person].ceilings:
                left = ceiling.most - (self.worked[person] & ceiling.mask).bit_count()
                if left < longest and slots & ceiling.mask:
                    open_to = self.facts.counts(number, ceiling.mask) <= left
                    found[person] = found[person] & open_to if person in found else open_to
        return found

    def allowed(self, number: int, active: frozenset[int] = frozenset()) -> Bools:
        """Per option, whether the precedences with activities outside `active` allow it."""
        options = self.facts.options[number]
        mask = np.ones(len(options), dtype=np.bool_)
        for relation in self.relations[number]:
            if not isinstance(relation, Precedence):
                continue
            if relation.second == number and relation.first not in active:
                mask &= self._after(relation, options.start)
            elif relation.first == number and relation.second not in active:
                mask &= self._before(relation, options.end)
        return mask

    def needed(self, number: int, active: frozenset[int]) -> bool:
        """Whether something placed outside `active` would fall with the activity."""
        return any(
            isinstance(relation, Precedence)
            and relation.first == number
            and relation.second not in active
            and self.choices[relation.second] is not None
            for relation in self.relations[number]
        )

    def banned(self, number: int, active: frozenset[int] = frozenset()) -> set[int]:
        """People whom another team outside `active` keeps out."""
        found: set[int] = set()
        for relation in self.relations[number]:
            if isinstance(relation, Apart):
                other = relation.second if relation.first == number else relation.first
                choice = self.choices[other]
                if other not in active and choice is not None:
                    found |= {person for team in choice.team for person in team}
        return found

    def banned_seats(self, number: int, active: frozenset[int] = frozenset()) -> set[tuple[int, int]]:
        """Seats (role, person) that quotas or the same team elsewhere forbid, given what is outside `active`."""
        found: set[tuple[int, int]] = set()
        for relation in self.relations[number]:
            if isinstance(relation, Quota):
                others = [other for other in relation.activities if other not in active and other != number]
                if self._taken(relation, others) >= relation.most:
                    found.add((relation.role, relation.resource))
            elif isinstance(relation, SamePerson):
                other = relation.second if relation.first == number else relation.first
                choice = self.choices[other]
                if other not in active and choice is not None:
                    found |= {
                        (relation.role, seat.resource)
                        for seat in self.facts.seats[number]
                        if seat.role == relation.role and seat.resource not in choice.team[relation.role]
                    }
        return found

    def _taken(self, relation: Quota, numbers: list[int]) -> int:
        """In how many activities the person of a quota fills its role."""
        return sum(
            choice is not None and relation.resource in choice.team[relation.role]
            for choice in (self.choices[number] for number in numbers)
        )

    def _after(self, relation: Precedence, start: Ints) -> Bools:
        """Which starts follow the first activity of a precedence as it stands."""
        choice = self.choices[relation.first]
        if choice is None:
            return np.zeros(len(start), dtype=np.bool_)
        end = int(self.facts.options[relation.first].end[self.option(relation.first, choice)])
        gap = start // self.facts.problem.period - (end - 1) // self.facts.problem.period
        mask = (start >= end) & (gap >= relation.least)
        return mask if relation.most is None else mask & (gap <= relation.most)

    def _before(self, relation: Precedence, end: Ints) -> Bools:
        """Which ends come before the second activity of a precedence as it stands."""
        choice = self.choices[relation.second]
        if choice is None:
            return np.ones(len(end), dtype=np.bool_)
        start = int(self.facts.options[relation.second].start[self.option(relation.second, choice)])
        gap = start // self.facts.problem.period - (end - 1) // self.facts.problem.period
        mask = (end <= start) & (gap >= relation.least)
        return mask if relation.most is None else mask & (gap <= relation.most)


def members(relation: Relation) -> tuple[int, ...]:
    """The activities that a relation speaks of."""
    if isinstance(relation, Quota | Kept):
        return relation.activities
    return relation.first, relation.second
