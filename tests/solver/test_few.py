"""A few people of each activity: first where problems are large, and only they where there is no room for more."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from auditplan.solver.bounds import impossible
from auditplan.solver.check import violations
from auditplan.solver.construct import construct
from auditplan.solver.facts import Facts
from auditplan.solver.problem import Problem
from auditplan.solver.solution import Budget, Status
from auditplan.solver.solve import solve
from auditplan.solver.state import State


@pytest.fixture(params=[1, 2])
def few_first(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Every problem is large, so that a few people of each role are looked at first."""
    monkeypatch.setattr("auditplan.solver.facts.LARGE", 0)
    monkeypatch.setattr("auditplan.solver.facts.FEW_FIRST", request.param)


@pytest.fixture
def few_only(monkeypatch: pytest.MonkeyPatch) -> None:
    """No problem has room for everybody."""
    monkeypatch.setattr("auditplan.solver.facts.MOST_CELLS", 0)
    monkeypatch.setattr("auditplan.solver.facts.FEW_KEPT", 1)


@pytest.mark.usefixtures("few_first")
def test_what_few_leave_out_is_tried_with_everybody(make_problem: Callable[[int], Problem]) -> None:
    """A construction is sound, and nothing that anybody could still do is left out."""
    for seed in range(150):
        problem = make_problem(seed)
        facts = Facts(problem)
        state = State(facts)
        construct(facts, state)
        assert violations(problem, state.solution()) == ()
        placed = state.choices.copy()
        construct(Facts(problem), state)
        assert state.choices == placed, seed


@pytest.mark.usefixtures("few_only")
def test_no_proof_comes_from_a_few(make_problem: Callable[[int], Problem]) -> None:
    """A solution is sound, its bounds hold, and what nobody could do is told from what the few cannot."""
    optimal = 0
    for seed in range(60):
        problem = make_problem(seed)
        outcome = solve(problem, Budget(effort=0.5), seed=seed)
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr("auditplan.solver.facts.MOST_CELLS", 1 << 40)
            best = solve(problem, Budget(effort=30.0), seed=seed)
            assert best.status is Status.OPTIMAL
            never = impossible(Facts(problem))
        assert outcome.solution is not None
        assert violations(problem, outcome.solution) == ()
        assert set(outcome.impossible) <= never
        assert best.values <= outcome.values
        assert outcome.bounds[0] <= best.values[0]
        if outcome.status is Status.OPTIMAL:
            optimal += 1
            assert outcome.values == best.values
    assert optimal < 60


@pytest.mark.usefixtures("few_only")
def test_a_start_with_others_is_kept(make_problem: Callable[[int], Problem]) -> None:
    """A solution to begin with may hold people whom the facts leave aside."""
    for seed in range(40):
        problem = make_problem(seed)
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr("auditplan.solver.facts.MOST_CELLS", 1 << 40)
            best = solve(problem, Budget(effort=30.0), seed=seed)
        outcome = solve(problem, Budget(effort=0.5), seed=seed, start=best.solution)
        assert outcome.values == best.values


def test_known_facts_of_a_few_prove_nothing_of_everybody(
    make_problem: Callable[[int], Problem], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Facts made from those of a larger problem, of which only a few people were looked at, look at everybody where
    there is room for that."""
    monkeypatch.setattr("auditplan.solver.facts.FEW_KEPT", 1)
    for seed in range(15):
        problem = make_problem(seed)
        monkeypatch.setattr("auditplan.solver.facts.MOST_CELLS", 0)
        known = Facts(problem)
        list(known.seats)  # those of each activity are worked out now
        monkeypatch.setattr("auditplan.solver.facts.MOST_CELLS", 1 << 40)
        facts, anew = Facts(problem, known), Facts(problem)
        assert facts.whole
        for number in range(len(problem.activities)):
            assert [seat.candidate for seat in facts.seats[number]] == [seat.candidate for seat in anew.seats[number]]


def test_everybody_gets_a_look_once_few_are_no_help(make_problem: Callable[[int], Problem]) -> None:
    """A search among a few people ends with a look at everybody: bounds hold, and what is proven is the optimum."""
    for seed in range(4):
        problem = make_problem(seed)
        best = solve(problem, Budget(effort=30.0), seed=seed)
        assert best.status is Status.OPTIMAL
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr("auditplan.solver.facts.LARGE", 0)
            patch.setattr("auditplan.solver.facts.FEW_FIRST", 1)
            patch.setattr("auditplan.solver.solve.SMALL_MODEL", 0)
            patch.setattr("auditplan.solver.nearby.PATIENCE", 0.5)
            outcome = solve(problem, Budget(effort=15.0), seed=seed)
        assert outcome.status is Status.OPTIMAL, seed
        assert outcome.values == best.values, seed
