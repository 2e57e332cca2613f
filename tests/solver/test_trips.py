"""Trips: routes against every way to go home or straight on, insertion against the checker, the engine against brute
force on problems full of journeys."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise, product
from random import Random

import pytest

from auditplan.solver.check import values, violations
from auditplan.solver.columns.aims import Aim
from auditplan.solver.columns.generation import Generation
from auditplan.solver.facts import Facts
from auditplan.solver.journeys import Stay, nights_between, stay
from auditplan.solver.problem import Activity, Anchor, Candidate, Leg, Mode, Problem, Resource
from auditplan.solver.routes import home_between, link, route
from auditplan.solver.solution import Budget, Choice, Solution
from auditplan.solver.solve import solve
from auditplan.solver.state import State
from auditplan.solver.timetable import Timetable

TICKS = 28
"""Two weeks of two half days; the last four ticks of each are no working time."""
WORKING = sum(1 << tick for tick in range(TICKS) if tick % 14 < 10)


def _resource(random: Random) -> Resource:
    """A person at place 0 or 1, with a day off now and then, a ceiling of nights, and something that stands."""
    free = WORKING
    for _ in range(random.randrange(3)):
        free &= ~(1 << random.randrange(TICKS))
    anchors: tuple[Anchor, ...] = ()
    if random.random() < 0.4:
        start = random.choice((4, 5, 6, 16, 18))
        anchors = (Anchor(random.randrange(4), WORKING, start, start + 2, start + 2),)
    return Resource(
        free=free,
        grid=WORKING,
        home=random.randrange(2),
        anchors=anchors,
        rate=random.choice((0, 3)),
        most_nights=random.choice((None, 3, 5, 6)),
    )


def _activity(random: Random, people: int, lengths: tuple[int, ...]) -> Activity:
    """Work of one or two people somewhere, at a few possible times."""
    length = random.choice(lengths)
    starts = tuple(sorted(random.sample(range(3, TICKS - 6), 4)))
    early = random.random() < 0.15
    ends = tuple(start + length for start in starts)
    size = 2 if people > 1 and random.random() < 0.3 else 1
    mode = Mode(
        least=(size,),
        most=(size,),
        starts=starts,
        ends=ends,
        leaves=tuple(end - 1 for end in ends) if early and length > 1 else (),
    )
    return Activity(
        slots=WORKING,
        place=random.choice((None, 0, 1, 2, 2, 3, 3)),
        modes=(mode,),
        roles=(tuple(Candidate(resource=person) for person in range(people) if random.random() < 0.8),),
        left_out=(random.randrange(1, 4), 0),
    )


def trip_problem(seed: int, most: int = 4) -> Problem:
    """Two far places, near each other or not, and homes from which one of them may be near."""
    random = Random(seed)
    people = random.randrange(1, 3)
    legs = {}
    for start in range(4):
        for end in range(start):
            ticks = random.choice((0, 1, 1, 2))
            one = Leg(ticks, random.randrange(2, 40))
            legs[start, end] = legs[end, start] = one
    resources = tuple(_resource(random) for _ in range(people))
    problem = Problem(
        ticks=TICKS,
        period=2,
        levels=2,
        money=1,
        balance=1,
        resources=resources,
        activities=tuple(_activity(random, people, (1, 2, 3)) for _ in range(random.randrange(2, most))),
        legs=legs,
        night=random.choice((0, 3, 8)),
    )
    return replace(problem, resources=tuple(_reachable(problem, resource) for resource in resources))


def _reachable(problem: Problem, resource: Resource) -> Resource:
    """A person without what cannot stand."""
    kept = tuple(
        one
        for one in resource.anchors
        if stay(problem, resource, one.place, one.slots, one.start, one.end, one.leaves) is not None
        and not WORKING & ~resource.free & ((1 << one.end) - (1 << one.start))
    )
    return replace(resource, anchors=kept)


def _random_stays(problem: Problem, random: Random) -> list[Stay]:
    """Stays of the first person that do not overlap at work."""
    found: list[Stay] = []
    tick = 2
    while tick < TICKS - 4 and len(found) < 5:
        start, length = tick + random.randrange(4), random.randrange(1, 3)
        place = random.randrange(4)
        end = start + length
        away = stay(problem, problem.resources[0], place, WORKING, start, end, end)
        if away is not None:
            found.append(away)
            tick = end
        tick += 1
    return found


def _cheapest(problem: Problem, stays: list[Stay]) -> int | None:
    """The least price over every way to go home or straight on."""
    resource = problem.resources[0]
    best: int | None = None
    for ways in product((False, True), repeat=max(0, len(stays) - 1)):
        links = [link(problem, resource, one, other) for one, other in pairwise(stays)]
        home = [home_between(one, other) for one, other in pairwise(stays)]
        if any(way and not link for way, link in zip(ways, links, strict=True)):
            continue
        if any(not way and not there for way, there in zip(ways, home, strict=True)):
            continue
        cost = sum(one.cost for one in stays)
        cost -= sum(found.saving for way, found in zip(ways, links, strict=True) if way and found is not None)
        begin = 0
        sound = True
        for at in range(len(stays)):
            if at and not ways[at - 1]:
                begin = at
            nights = nights_between(stays[begin].first, stays[at].back, problem.period)
            last = at + 1 == len(stays) or not ways[at]
            if last and begin != at and resource.most_nights is not None:
                sound &= nights <= resource.most_nights
        if sound and (best is None or cost < best):
            best = cost
    return best


@pytest.mark.parametrize("chunk", range(4))
def test_routes_are_the_cheapest(chunk: int) -> None:
    """A route costs what the best of all ways costs, and there is none just when no way is sound."""
    several = 0
    for seed in range(chunk * 250, chunk * 250 + 250):
        problem = trip_problem(seed)
        stays = _random_stays(problem, Random(seed))
        found = route(problem, problem.resources[0], stays)
        assert (None if found is None else found.cost) == _cheapest(problem, stays), seed
        several += found is not None and any(found.linked)
    assert several > 10


@pytest.mark.parametrize("chunk", range(4))
def test_insertion_agrees_with_the_checker(chunk: int) -> None:
    """Where somebody fits beside what stands, and what it costs more, as the checker sees it."""
    seen = 0
    for seed in range(chunk * 60, chunk * 60 + 60):
        problem = trip_problem(seed, most=6)
        facts, random = Facts(problem), Random(seed)
        state = State(facts)
        for number in random.sample(range(len(problem.activities)), len(problem.activities)):
            seen += _insert(problem, facts, state, number, random)
    assert seen > 100


def _insert(problem: Problem, facts: Facts, state: State, number: int, random: Random) -> int:
    """Compares every option of an activity with the checker's word, then takes one that fits."""
    options = facts.options[number]
    good: list[Choice] = []
    before = state.solution()
    several = Timetable(facts.stays)
    for block in facts.presences[number].blocks:
        both = several.fitting(block, range(len(block.people)), state.itinerary)
        for person, *found in zip(block.people, *both, strict=True):
            fits, money = state.fitting(number, person)
            assert fits.tolist() == found[0].tolist()
            assert money[fits].tolist() == found[1][fits].tolist()
    for person, presence in sorted(facts.presences[number].items()):
        fits, money = state.fitting(number, person)
        for flat in range(len(options)):
            choice = Choice(int(options.mode[flat]), int(options.index[flat]), ((person,),))
            trial = Solution(tuple(choice if at == number else one for at, one in enumerate(before.choices)))
            broken = {one.code for one in violations(problem, trial)} - {"demand"}
            assert bool(fits[flat]) == (not broken), (number, person, flat, broken)
            if fits[flat] and problem.resources[person].most_nights is None:
                extra = values(problem, trial)[1] - values(problem, before)[1]
                assert money[flat] == extra, (number, person, flat)
            if fits[flat]:
                good.append(choice)
        assert presence.possible.shape == fits.shape
    if good:
        state.place(number, random.choice(good))
    return len(good)


def _best(problem: Problem) -> tuple[int, ...]:
    """The least figures over every solution."""
    return min(_figures(problem))


def _figures(problem: Problem) -> list[tuple[int, ...]]:
    """The figures of every solution."""
    options: list[list[Choice | None]] = []
    for activity in problem.activities:
        people = [candidate.resource for candidate in activity.roles[0]]
        size = activity.modes[0].least[0]
        teams = [(person,) for person in people] if size == 1 else [(0, 1)] if len(people) == 2 else []
        ways: list[Choice | None] = [None]
        ways += [Choice(0, option, (team,)) for option in range(len(activity.modes[0].starts)) for team in teams]
        options.append(ways)
    return [values(problem, Solution(chosen)) for chosen in product(*options) if _sound(problem, chosen)]


def _sound(problem: Problem, chosen: tuple[Choice | None, ...]) -> bool:
    """Whether choices break nothing."""
    return not violations(problem, Solution(chosen))


def _compare(seed: int, monkeypatch: pytest.MonkeyPatch, *, columns: bool) -> bool:
    """The engine against brute force; whether the best plan has somebody go straight on."""
    problem = trip_problem(seed)
    best = _best(problem)
    if columns:
        monkeypatch.setattr("auditplan.solver.solve.SMALL_MODEL", -1)
    outcome = solve(problem, Budget(effort=20.0), seed=seed)
    assert outcome.solution is not None
    assert violations(problem, outcome.solution) == ()
    assert outcome.values == best, seed
    assert all(bound <= value for bound, value in zip(outcome.bounds, best, strict=True)), seed
    state = State(Facts(problem), outcome.solution)
    routes = [state.itinerary(person).route for person in range(len(problem.resources))]
    return any(found is not None and any(found.linked) for found in routes)


@pytest.mark.parametrize("columns", [False, True])
def test_engine_equals_brute_force(monkeypatch: pytest.MonkeyPatch, *, columns: bool) -> None:
    """The exact model, and prices with columns and repairs, find and prove what brute force finds."""
    assert sum(_compare(seed, monkeypatch, columns=columns) for seed in range(40)) > 5


@pytest.mark.slow
@pytest.mark.parametrize("columns", [False, True])
@pytest.mark.parametrize("chunk", range(8))
def test_engine_equals_brute_force_widely(monkeypatch: pytest.MonkeyPatch, chunk: int, *, columns: bool) -> None:
    """The same on several hundred more."""
    for seed in range(100 + chunk * 40, 140 + chunk * 40):
        _compare(seed, monkeypatch, columns=columns)


@pytest.mark.parametrize("network", [True, False])
@pytest.mark.parametrize("straight", [True, False])
def test_what_stands_is_in_the_bound_of_money(
    monkeypatch: pytest.MonkeyPatch, *, straight: bool, network: bool
) -> None:
    """Journeys to what stands already are in the bound, whole where nobody goes straight on; and it stays a bound."""
    if not network:
        monkeypatch.setattr("auditplan.solver.columns.rows.MOST_OPTIONS", -1)
    held = 0
    for seed in range(40):
        problem = replace(trip_problem(seed, 3), straight=straight)
        facts, active = Facts(problem), tuple(range(len(problem.activities)))
        aim = Aim(active=active, forced=frozenset(), keep={}, level=problem.money, ceilings={})
        generation = Generation(facts, aim, (None,) * len(active), least=straight)
        generation.run(1e6, lambda: False)
        least = min(figures[problem.money] for figures in _figures(problem))
        assert generation.relaxed.bound <= least + 1e-3, seed
        standing = facts.stays.anchors_money(least=straight)
        if not straight or not generation.rows.network:
            assert generation.relaxed.bound >= standing - 1e-3, seed
        held += standing > 0
    assert held > 10
