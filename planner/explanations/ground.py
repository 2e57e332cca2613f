"""What explanations stand on: a body, its plan as a solution, and small problems cut out of the whole.

Two worlds are asked about. *Alone*: an audit with what it must follow and what is firm, everything else left away;
what is impossible there is impossible in every plan. *Standing*: an audit beside the plan as it is, which nothing else
leaves; there prices are exact.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import cached_property

from auditplan.planner.compile import Compiled, Compiler
from auditplan.planner.decode import placements_of
from auditplan.planner.domain import Body, RuleSetting
from auditplan.planner.explanations.narrowing import part_of, unpriced, without_level
from auditplan.planner.explanations.seating import Seating
from auditplan.planner.explanations.teams import Ask
from auditplan.planner.facts import Facts
from auditplan.planner.firm import Firm
from auditplan.planner.narrow import ancestors
from auditplan.planner.plan import Placement
from auditplan.planner.preferences import CHANGES
from auditplan.planner.rulebook import RULES, RuleBook
from auditplan.planner.scenarios.start import start_of
from auditplan.planner.timeline import bits
from auditplan.planner.trips import anchor_of
from auditplan.solver.problem import Activity, Problem, Resource
from auditplan.solver.solution import Budget, Choice, Solution
from auditplan.solver.solve import solve

CHANGE_PRICES = ("moved", "moved day", "swapped")
SMALL_EFFORT = 4.0
"""Deterministic work of one small solve at most."""


def without_change_prices(body: Body) -> Body:
    """The body in which changes cost nothing: what a choice costs is asked as when the plan was made."""
    rules = RuleBook(body.rules)
    known = {row.rule: row for row in body.rules}
    free = tuple(
        replace(known[name], weight=Decimal(0)) if name in known else RuleSetting(rule=name, weight=Decimal(0))
        for name in CHANGE_PRICES
        if name in RULES and rules.weight(name)
    )
    names = {row.rule for row in free}
    return replace(body, rules=(*(row for row in body.rules if row.rule not in names), *free))


@dataclass(frozen=True, slots=True)
class Part:
    """A small problem and the activities of the whole that it is about, in order. start: how they stand; kept: those
    that may not be left out."""

    problem: Problem
    numbers: tuple[int, ...]
    start: Solution
    kept: frozenset[int] = frozenset()

    def index(self, number: int) -> int:
        """The place of an activity of the whole."""
        return self.numbers.index(number)

    def activity(self, number: int) -> Activity:
        """An activity of the whole as it is here."""
        return self.problem.activities[self.index(number)]

    def with_activity(self, number: int, activity: Activity) -> Part:
        """The same with another shape of one activity, which is left out at the start."""
        at = self.index(number)
        activities, choices = list(self.problem.activities), list(self.start.choices)
        activities[at], choices[at] = activity, None
        return replace(
            self, problem=replace(self.problem, activities=tuple(activities)), start=Solution(tuple(choices))
        )


@dataclass(frozen=True, slots=True)
class Settled:
    """What a small solve found: a solution, its figures, and on how many levels from the first on it is proven. work:
    the deterministic work it took."""

    solution: Solution
    values: tuple[int, ...]
    proven: int
    work: float = 0.0

    def choice(self, part: Part, number: int) -> Choice | None:
        """What it chose for an activity of the whole; None too where something that must stand would fall."""
        if any(self.solution.choices[part.index(other)] is None for other in part.kept):
            return None
        return self.solution.choices[part.index(number)]


def settle(part: Part, effort: float = SMALL_EFFORT) -> Settled:
    """Solves a small problem."""
    outcome = solve(part.problem, Budget(effort=effort), threads=1, start=part.start)
    solution = outcome.solution or part.start
    proven = 0
    while outcome.solution and proven < len(outcome.values) and outcome.bounds[proven] >= outcome.values[proven]:
        proven += 1
    return Settled(solution, outcome.values, proven, outcome.work)


class Ground:
    """One body with one plan. Placements that do not hold in the body (any more) count as left out."""

    def __init__(self, body: Body, placements: Iterable[Placement], compiled: Compiled | None = None) -> None:
        """Compiles the body. compiled: where that was done already, with prices on changes or without."""
        self.body = body
        self._hopeless: dict[int, bool] = {}
        self._seatings: dict[int, Seating] = {}
        self._rooms: dict[int, bool] = {}
        if compiled is None:
            compiled = Compiler(Facts(without_change_prices(body))).compile()
        self.facts = compiled.facts
        self.compiler = Compiler(self.facts, compiled.firm).like(compiled.sites)
        self.compiled = replace(compiled, problem=without_level(compiled.problem, CHANGES))
        self.problem = self.compiled.problem
        self.index = {audit.id: number for number, audit in enumerate(self.compiled.audits)}
        self.solution = start_of(self.compiled, placements)
        self.placements = {placement.audit: placement for placement in placements_of(self.compiled, self.solution)}

    def alone(self, number: int) -> Part:
        """An audit and what it must follow, all free; beside them only what is firm."""
        numbers = tuple(sorted({number, *ancestors(self.problem, [number])}))
        return Part(part_of(self.problem, numbers), numbers, Solution((None,) * len(numbers)))

    def hopeless(self, number: int) -> bool:
        """Whether an audit cannot be placed whatever else is planned (proven)."""
        if number not in self._hopeless:
            part = self.alone(number)
            found = settle(replace(part, problem=unpriced(part.problem)))
            self._hopeless[number] = found.proven > 0 and found.choice(part, number) is None
        return self._hopeless[number]

    def seating(self, number: int) -> Seating:
        """Every way to place an audit with all others standing as they are."""
        if number not in self._seatings:
            problem = replace(self.problem, resources=self.bound(number))
            self._seatings[number] = Seating(problem, number, self.solution.choices)
        return self._seatings[number]

    def knows_room(self, number: int) -> bool:
        """Whether `room` was asked before."""
        return number in self._rooms

    def room(self, number: int) -> bool:
        """Whether an audit finds a place with all others standing as they are."""
        if number not in self._rooms:
            self._rooms[number] = self.seating(number).best(Ask()) is not None
        return self._rooms[number]

    def bound(self, number: int) -> tuple[Resource, ...]:
        """The people, bound by every placed audit but one; firm ones bind them already."""
        own = self.placements.get(self.compiled.audits[number].id)
        if own is None:
            return self._bound
        team = self._people(own)
        others = [one for one in self.decided if one is not own and team & self._people(one)]
        apart = fold(self.compiled, others)
        return tuple(apart[person] if person in team else bound for person, bound in enumerate(self._bound))

    def _people(self, placement: Placement) -> set[int]:
        """The team of a placement, by number."""
        return {self.facts.lookup.order[seat.auditor] for seat in placement.seats}

    @cached_property
    def _bound(self) -> tuple[Resource, ...]:
        """The people, bound by every placed audit."""
        return fold(self.compiled, self.decided)

    @cached_property
    def decided(self) -> tuple[Placement, ...]:
        """The placed audits that are not firm."""
        return tuple(self.placements[audit.id] for audit in self.compiled.audits if audit.id in self.placements)

    def more(self, number: int, prices: tuple[int, ...]) -> tuple[int, ...]:
        """What a way to place an audit costs more than the plan on each level."""
        now = self.seating(number).prices(self.solution.choices[number])
        assert now is not None  # the plan is sound
        return tuple(other - own for other, own in zip(prices, now, strict=True))

    def placement(self, number: int, choice: Choice) -> Placement:
        """An audit placed as chosen, all others standing: with journeys that follow on theirs."""
        people = {person for team in choice.team for person in team}
        choices: list[Choice | None] = [
            own if own is not None and any(person in people for team in own.team for person in team) else None
            for own in self.solution.choices
        ]
        choices[number] = choice
        audit = self.compiled.audits[number].id
        found = placements_of(self.compiled, Solution(tuple(choices)))
        return next(placement for placement in found if placement.audit == audit)


def fold(compiled: Compiled, placements: Iterable[Placement]) -> tuple[Resource, ...]:
    """The people of a compiled body, bound by some placements of its audits as they are by firm ones: other audits may
    follow on them or lead to them."""
    facts, people = compiled.facts, list(compiled.problem.resources)
    places = {
        audit.id: activity.place for audit, activity in zip(compiled.audits, compiled.problem.activities, strict=True)
    }
    for placement in placements:
        audit = facts.lookup.audits[placement.audit]
        ticks = facts.timeline.hull(placement.start, placement.end) & facts.open(audit)
        firm = Firm(audit, placement, tuple(facts.timeline.slot(tick) for tick in bits(ticks)))
        for seat in placement.seats:
            person = facts.lookup.order[seat.auditor]
            own, place = people[person], places[audit.id]
            anchor = anchor_of(facts, firm, own.home if place is None else place)
            people[person] = replace(
                own,
                anchors=tuple(sorted((*own.anchors, anchor), key=lambda entry: (entry.start, entry.end))),
                target=None if own.target is None else own.target - ticks.bit_count(),
                ceilings=tuple(
                    replace(entry, most=max(0, entry.most - (ticks & entry.mask).bit_count())) for entry in own.ceilings
                ),
            )
    return tuple(people)
