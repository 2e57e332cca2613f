"""The checker: what a solution must obey and what it costs, stated plainly and without a solver.

It is the executable specification of the problem. Every solution that the engine returns is checked by it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from auditplan.solver.journeys import Stay, span_mask, stay
from auditplan.solver.problem import Activity, Apart, Candidate, Kept, Mode, Precedence, Problem, Quota, SamePerson
from auditplan.solver.routes import anchored, home_between, link, route
from auditplan.solver.solution import Choice, Solution


@dataclass(frozen=True, slots=True)
class Violation:
    """What is broken (a code) in which activity."""

    code: str
    activity: int


@dataclass(frozen=True, slots=True)
class Stretch:
    """A choice spelled out."""

    mode: Mode
    start: int
    end: int
    leaves: int


def stretch_of(activity: Activity, choice: Choice) -> Stretch:
    """The stretch that a choice stands for."""
    mode = activity.modes[choice.mode]
    leaves = mode.leaves or mode.ends
    return Stretch(mode, mode.starts[choice.option], mode.ends[choice.option], leaves[choice.option])


def violations(problem: Problem, solution: Solution) -> tuple[Violation, ...]:
    """Everything that a solution breaks; empty if it is sound."""
    found: list[Violation] = []
    stays = _all_stays(problem, solution)
    for number, choice in enumerate(solution.choices):
        activity = problem.activities[number]
        if choice is None:
            if activity.left_out is None:
                found.append(Violation("left out", number))
            continue
        found += [Violation(code, number) for code in _broken(problem, activity, choice)]
        found += [Violation("stay", number) for away in stays[number].values() if away is None]
    for person, own in _itineraries(problem, stays).items():
        found += _route_broken(problem, person, own)
    found += _ceilings(problem, solution)
    found += _relations(problem, solution)
    return tuple(found)


def _broken(problem: Problem, activity: Activity, choice: Choice) -> Iterator[str]:
    """What one choice breaks by itself."""
    stretch = stretch_of(activity, choice)
    hull = span_mask(stretch.start, stretch.end)
    people = [person for team in choice.team for person in team]
    if len(set(people)) < len(people):
        yield "one role each"
    for role, team in enumerate(choice.team):
        if not stretch.mode.least[role] <= len(team) <= stretch.mode.most[role]:
            yield "demand"
        for person in team:
            candidate = _candidate(activity, role, person)
            if candidate is None or hull & ~candidate.during or not candidate.starting >> stretch.start & 1:
                yield "candidate"
            elif candidate.beside is not None and not _met(activity, candidate.beside, choice, hull):
                yield "beside"
            if activity.slots & hull & ~problem.resources[person].free:
                yield "free"
    for number, group in enumerate(activity.groups):
        if group.required and not _met(activity, number, choice, hull):
            yield "group"


def _candidate(activity: Activity, role: int, person: int) -> Candidate | None:
    """A person's entry in a role."""
    return next((entry for entry in activity.roles[role] if entry.resource == person), None)


def _met(activity: Activity, number: int, choice: Choice, hull: int) -> bool:
    """Whether some seat of a group is taken, inside its mask and beside what it needs."""
    return any(
        any(cover.resource in choice.team[role] for role in cover.roles)
        and not hull & ~cover.during
        and (cover.beside is None or _met(activity, cover.beside, choice, hull))
        for cover in activity.groups[number].covers
    )


def _stays(problem: Problem, activity: Activity, choice: Choice) -> dict[int, Stay | None]:
    """The stay of each person of a team."""
    stretch = stretch_of(activity, choice)
    return {
        person: stay(
            problem,
            problem.resources[person],
            activity.place,
            activity.slots,
            stretch.start,
            stretch.end,
            stretch.leaves,
        )
        for team in choice.team
        for person in team
    }


def _all_stays(problem: Problem, solution: Solution) -> dict[int, dict[int, Stay | None]]:
    """The stays of each activity that is carried out."""
    pairs = enumerate(zip(problem.activities, solution.choices, strict=True))
    return {number: _stays(problem, activity, choice) for number, (activity, choice) in pairs if choice is not None}


def _itineraries(problem: Problem, stays: dict[int, dict[int, Stay | None]]) -> dict[int, list[tuple[Stay, int]]]:
    """Person → their stays in order with the activities they are for; −1 for what they are bound to already. stays: of
    each activity that is carried out, by person."""
    found: dict[int, list[tuple[Stay, int]]] = defaultdict(list)
    for person, resource in enumerate(problem.resources):
        for bound in anchored(problem, resource):
            found[person].append((bound, -1))
    for number, theirs in stays.items():
        for person, away in theirs.items():
            if away is not None:
                found[person].append((away, number))
    for own in found.values():
        own.sort(key=lambda pair: (pair[0].start, pair[0].end))
    return found


def _route_broken(problem: Problem, person: int, own: list[tuple[Stay, int]]) -> list[Violation]:
    """Two stays of one person that cannot follow each other, or else a trip with too many nights."""
    resource = problem.resources[person]
    found = []
    for (earlier, before), (later, number) in pairwise(own):
        apart = home_between(earlier, later) or link(problem, resource, earlier, later) is not None
        if later.start < earlier.end or not apart:
            found.append(Violation("overlap", max(before, number)))
    if not found and route(problem, resource, [away for away, _ in own]) is None:
        found.append(Violation("nights", max(number for _, number in own)))
    return found


def work(problem: Problem, solution: Solution) -> dict[int, int]:
    """Person → mask of the ticks that they work."""
    worked: dict[int, int] = defaultdict(int)
    for activity, choice in zip(problem.activities, solution.choices, strict=True):
        if choice is not None:
            stretch = stretch_of(activity, choice)
            for team in choice.team:
                for person in team:
                    worked[person] |= activity.slots & span_mask(stretch.start, stretch.end)
    return worked


def _ceilings(problem: Problem, solution: Solution) -> list[Violation]:
    """A person's work over a ceiling."""
    worked = work(problem, solution)
    return [
        Violation("ceiling", person)
        for person, resource in enumerate(problem.resources)
        for ceiling in resource.ceilings
        if (worked.get(person, 0) & ceiling.mask).bit_count() > ceiling.most
    ]


def _relations(problem: Problem, solution: Solution) -> list[Violation]:
    """Relations that are broken."""
    found = []
    for relation in problem.relations:
        if isinstance(relation, Quota):
            taken = sum(
                choice is not None and relation.resource in choice.team[relation.role]
                for choice in (solution.choices[number] for number in relation.activities)
            )
            if taken > relation.most:
                found.append(Violation("quota", relation.activities[0]))
            continue
        if isinstance(relation, Kept):
            if kept(relation, solution.choices) < relation.least:
                found.append(Violation("kept", relation.activities[0]))
            continue
        first, second = solution.choices[relation.first], solution.choices[relation.second]
        if isinstance(relation, Precedence):
            if second is not None and not _in_order(problem, relation, first, second):
                found.append(Violation("precedence", relation.second))
        elif first is not None and second is not None:
            if isinstance(relation, SamePerson) and first.team[relation.role] != second.team[relation.role]:
                found.append(Violation("same person", relation.second))
            if isinstance(relation, Apart) and _people(first) & _people(second):
                found.append(Violation("apart", relation.second))
    return found


def kept(relation: Kept, choices: Sequence[Choice | None], outside: Collection[int] = ()) -> int:
    """How many activities are carried out as a relation says; those of `outside` are not counted."""
    return sum(
        number not in outside and choices[number] == Choice(*way)
        for number, way in zip(relation.activities, relation.ways, strict=True)
    )


def _people(choice: Choice) -> set[int]:
    """Everyone in a team."""
    return {person for team in choice.team for person in team}


def _in_order(problem: Problem, relation: Precedence, first: Choice | None, second: Choice) -> bool:
    """Whether the second activity follows the first as it must."""
    if first is None:
        return False
    end = stretch_of(problem.activities[relation.first], first).end
    start = stretch_of(problem.activities[relation.second], second).start
    gap = start // problem.period - (end - 1) // problem.period
    return start >= end and gap >= relation.least and (relation.most is None or gap <= relation.most)


def values(problem: Problem, solution: Solution) -> tuple[int, ...]:
    """The figure of a sound solution on each level, from scratch."""
    figures = [0] * problem.levels
    for activity, choice in zip(problem.activities, solution.choices, strict=True):
        for level, price in enumerate(own_prices(problem, activity, choice)):
            figures[level] += price
    figures[problem.money] += _journeys(problem, solution)
    figures[problem.balance] += _deviation(problem, solution)
    return tuple(figures)


def own_prices(problem: Problem, activity: Activity, choice: Choice | None) -> tuple[int, ...]:
    """What one choice adds to each level by itself: journeys, nights and deviations from targets are not in it."""
    if choice is None:
        return activity.left_out or ()
    figures = [0] * problem.levels
    for level, price in enumerate(activity.placed):
        figures[level] += price
    mode = activity.modes[choice.mode]
    for level, prices in enumerate(mode.costs):
        figures[level] += prices[choice.option] if prices else 0
    for role, team in enumerate(choice.team):
        for person in team:
            candidate = _candidate(activity, role, person)
            for level, price in candidate.costs if candidate else ():
                figures[level] += price
    worked = (activity.slots & span_mask(*_span(activity, choice))).bit_count()
    figures[problem.money] += worked * sum(problem.resources[person].rate for person in _people(choice))
    return tuple(figures)


def _journeys(problem: Problem, solution: Solution) -> int:
    """The price of everybody's cheapest route; out and back where there is none."""
    total = 0
    for person, own in _itineraries(problem, _all_stays(problem, solution)).items():
        stays = [away for away, _ in own]
        found = route(problem, problem.resources[person], stays)
        total += sum(away.cost for away in stays) if found is None else found.cost
    return total


def _span(activity: Activity, choice: Choice) -> tuple[int, int]:
    """Start and end of a choice."""
    stretch = stretch_of(activity, choice)
    return stretch.start, stretch.end


def _deviation(problem: Problem, solution: Solution) -> int:
    """The price of all deviations from targets."""
    worked = work(problem, solution)
    return deviation(problem, [worked.get(person, 0) for person in range(len(problem.resources))])


def deviation(problem: Problem, worked: Sequence[int]) -> int:
    """The same of the ticks that each person works."""
    return sum(
        resource.deviation * abs(ticks.bit_count() - resource.target)
        for resource, ticks in zip(problem.resources, worked, strict=True)
        if resource.target is not None
    )
