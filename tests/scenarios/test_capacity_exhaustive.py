"""What `capacity` says, against exhaustive search: every candidate solved for, growth tried audit by audit, every set
of asks looked at."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from itertools import combinations

import pytest

from auditplan.planner.capacity.advice import Advised, Costs, advise
from auditplan.planner.capacity.bottlenecks import bottlenecks
from auditplan.planner.capacity.candidates import Candidate, candidates
from auditplan.planner.capacity.flow import Network
from auditplan.planner.capacity.headroom import headroom, sound_part
from auditplan.planner.capacity.needs import KINDS, Needs, least_lost, needs_of
from auditplan.planner.capacity.promise import Promise
from auditplan.planner.capacity.study import standards_of
from auditplan.planner.compile import Compiler
from auditplan.planner.domain import Body
from auditplan.planner.facts import Facts
from auditplan.planner.plan import Plan
from auditplan.planner.scenarios.jobs import Job, work
from auditplan.planner.scenarios.selection import EVERYTHING, Filter, selected
from auditplan.planner.scenarios.work import grown
from auditplan.solver.solution import Budget

MakeBody = Callable[..., Body]
EFFORT = Budget(effort=30)
WANTED = 5
TOO_HARD = {30}
"""Bodies that no solver at hand proves within minutes once they are grown: ten audits for three people, one over."""
SEEDS = [0, 3, 7, 13, *(pytest.param(seed, marks=pytest.mark.slow) for seed in range(20, 56) if seed not in TOO_HARD)]


def _best(body: Body) -> Plan:
    """A plan whose first level is proven."""
    plan = work(Job(key="", body=body, budget=EFFORT, target=-1)).plan
    assert plan is not None
    assert plan.levels[0].bound == plan.levels[0].value, "the body is not small enough"
    return plan


def _needs(body: Body) -> Needs:
    """A body's needs."""
    return needs_of(Compiler(Facts(body)).compile())


def _exhaustive(body: Body, plan: Plan, among: Sequence[Candidate]) -> dict[Candidate, int]:
    """What each candidate rescues."""
    today = plan.levels[0].value
    return {candidate: today - _best(candidate.applied(body)).levels[0].value for candidate in among}


def _ranked(rescued: dict[Candidate, int]) -> list[int]:
    """The best rescues; of a qualification in several regions the best one."""
    best: dict[tuple[object, ...], int] = {}
    for who, points in rescued.items():
        key = (who.auditor, who.standard, who.code, who.role)
        best[key] = max(points, best.get(key, 0))
    return sorted((points for points in best.values() if points > 0), reverse=True)[:WANTED]


@pytest.mark.parametrize("seed", SEEDS)
def test_advice_is_that_of_solving_for_everybody(random_body: MakeBody, seed: int) -> None:
    body = random_body(seed)
    plan, needs = _best(body), _needs(body)
    everybody = list(candidates(body))
    rescued = _exhaustive(body, plan, everybody)
    promise = Promise(needs, plan)
    assert all(rescued[candidate] <= promise.most(candidate) + 1e-6 for candidate in everybody), "no bound"
    hire, train = advise(body, plan, needs, EFFORT, wanted=WANTED, most=len(everybody))
    for advised, among in (
        (hire, [candidate for candidate in everybody if candidate.region]),
        (train, [candidate for candidate in everybody if candidate.auditor]),
    ):
        assert advised.complete
        assert [advice.rescued for advice in advised.best] == _ranked({one: rescued[one] for one in among})
        assert all(advice.rescued == rescued[advice.candidate] and advice.proven for advice in advised.best)
        assert advised.out_of == len(among)


def test_most_candidates_need_no_solve(random_body: MakeBody) -> None:
    """On the whole: a body may be so tight that everybody helps."""
    found: list[Advised] = []
    for seed in (0, 2, 4, 5, 6):
        body = random_body(seed)
        found += advise(body, _best(body), _needs(body), EFFORT, most=1000)
    assert all(advised.complete for advised in found)
    assert sum(advised.solved for advised in found) < 0.5 * sum(advised.out_of for advised in found)


def test_a_limit_of_solves_is_said(random_body: MakeBody) -> None:
    body = random_body(3)
    hire, _ = advise(body, _best(body), _needs(body), EFFORT, costs=Costs(hire=10.0), most=1)
    assert (hire.solved, hire.complete) == (1, False)


def _room(body: Body, today: int, wanted: Filter) -> int:
    """How many audits more fit, tried one by one up to twice as many."""
    fits = 0
    while fits < len(selected(body, wanted)) and _best(grown(body, wanted, fits + 1)).levels[0].value <= today:
        fits += 1
    return fits


@pytest.mark.parametrize("seed", SEEDS)
def test_headroom_is_that_of_trying_one_by_one(random_body: MakeBody, seed: int) -> None:
    body = random_body(seed)
    plan = _best(body)
    rest = sound_part(body, plan)
    today = plan.levels[0].value - sum(entry.consequence for entry in plan.unplaced if entry.never)
    for room in headroom(body, plan, EFFORT, standards=standards_of(rest)):
        wanted = Filter(standards=(room.standard,)) if room.standard else EVERYTHING
        assert room.fits == _room(rest, today, wanted)
        assert room.reached or room.proven
        assert room.audits == len(selected(rest, wanted))


def _given(network: Network, needs: Needs, chosen: Sequence[int]) -> int:
    """What people can give to some asks, slice by slice: what `Network` takes for it."""
    total = 0
    for person in {person for number in chosen for person in network.asks[number].people}:
        giver, given, union = needs.givers[person], 0, 0
        for ask in network.asks:
            union |= ask.ticks if person in ask.people else 0
        ticks = [network.asks[number].ticks for number in chosen if person in network.asks[number].people]
        for mask, most in giver.slices:
            asked = sum(min(most, (mask & own).bit_count()) for own in ticks)
            given += min(most, asked, (mask & union).bit_count())
        total += min(giver.most, given)
    return total


def _sets(numbers: range) -> Iterator[tuple[int, ...]]:
    """All sets but the empty one."""
    for size in range(1, len(numbers) + 1):
        yield from combinations(numbers, size)


@pytest.mark.parametrize("seed", range(25))
def test_the_tightest_set_is_the_tightest_of_all(random_body: MakeBody, seed: int) -> None:
    needs = _needs(random_body(seed, audits=8))
    for kind in KINDS:
        network = needs.network(kind)
        if not network.asks:
            continue
        chosen, asked, given = network.tightest(range(len(network.asks)))
        assert asked == sum(network.asks[number].amount for number in chosen)
        assert given == _given(network, needs, sorted(chosen))
        for some in _sets(range(len(network.asks))):
            amount = sum(network.asks[number].amount for number in some)
            assert amount * given <= asked * _given(network, needs, some), "a tighter set"


@pytest.mark.parametrize("seed", range(20))
def test_a_bottleneck_that_is_too_tight_proves_a_loss(random_body: MakeBody, seed: int) -> None:
    body = random_body(seed, audits=10)
    lost = {entry.audit for entry in _best(body).unplaced}
    for found in bottlenecks(_needs(body)):
        assert found.needed <= found.available or lost & set(found.audits)


def test_a_bottleneck_names_who_is_short_of_days(make_body: MakeBody) -> None:
    """Seven audits of three days: the four that are due in the first week ask for twelve person-days, and both people
    together have ten."""
    body = make_body(7)
    tight = bottlenecks(_needs(body))[0]
    assert (len(tight.audits), tight.people, tight.needed, tight.available) == (4, ("P0", "P1"), 12.0, 10.0)
    assert len(_best(body).unplaced) == 3


@pytest.mark.parametrize("seed", range(20))
def test_no_plan_is_better_than_the_flows_allow(random_body: MakeBody, seed: int) -> None:
    body = random_body(seed, audits=10)
    assert least_lost(_needs(body)) <= _best(body).levels[0].value
