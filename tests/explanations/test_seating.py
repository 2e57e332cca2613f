"""The best place of one audit beside a plan: its prices are the checker's, and the solver finds nothing better."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from auditplan.planner.demo import demo_body
from auditplan.planner.explanations.ground import Ground
from auditplan.planner.explanations.seating import Found
from auditplan.planner.explanations.teams import Ask
from auditplan.planner.planning import make_plan
from auditplan.solver.check import values, violations
from auditplan.solver.problem import Problem
from auditplan.solver.solution import Budget, Choice, Solution
from auditplan.solver.solve import solve


def _with(ground: Ground, number: int, choice: Choice | None) -> Solution:
    """The plan with another choice for one audit."""
    choices = list(ground.solution.choices)
    choices[number] = choice
    return Solution(tuple(choices))


def _sound_and_priced(ground: Ground, number: int, found: Found) -> None:
    """The checker accepts a way, and says the same of what it costs more."""
    after = _with(ground, number, found.choice)
    assert violations(ground.problem, after) == ()
    more = zip(values(ground.problem, after), values(ground.problem, ground.solution), strict=True)
    assert tuple(new - old for new, old in more) == ground.more(number, found.prices)


def _pinned(ground: Ground, number: int) -> Problem:
    """The problem in which all others are carried out as they stand, or not at all."""
    activities = []
    for other, (activity, choice) in enumerate(zip(ground.problem.activities, ground.solution.choices, strict=True)):
        if other == number:
            activities.append(activity)
        elif choice is None:
            activities.append(replace(activity, modes=()))
        else:
            mode = activity.modes[choice.mode]
            one = slice(choice.option, choice.option + 1)
            only = replace(
                mode,
                starts=mode.starts[one],
                ends=mode.ends[one],
                leaves=mode.leaves[one],
                costs=tuple(prices[one] for prices in mode.costs),
            )
            roles = tuple(
                tuple(entry for entry in candidates if entry.resource in team)
                for candidates, team in zip(activity.roles, choice.team, strict=True)
            )
            activities.append(replace(activity, modes=(only,), roles=roles, left_out=None))
    return replace(ground.problem, activities=tuple(activities))


def _solver_agrees(ground: Ground, number: int) -> None:
    """All others pinned, the solver finds what the search finds."""
    bare = _with(ground, number, None)
    if any(v.code == "precedence" for v in violations(ground.problem, bare)):
        return  # something follows it: without it the rest would not be sound
    outcome = solve(_pinned(ground, number), Budget(effort=20), threads=1)
    found = ground.seating(number).best(Ask())
    assert outcome.solution is not None
    assert (found is None) == (outcome.solution.choices[number] is None)
    if found is not None:
        assert values(ground.problem, _with(ground, number, found.choice)) <= outcome.values


@pytest.mark.parametrize("seed", range(12))
def test_the_best_place_is_the_best(planned: Callable[[int], Ground], seed: int) -> None:
    ground = planned(seed)
    for number in range(len(ground.compiled.audits)):
        found = ground.seating(number).best(Ask())
        if found is not None:
            assert found.proven
            _sound_and_priced(ground, number, found)
        if not any(choice is None for choice in ground.solution.choices):
            _solver_agrees(ground, number)


@pytest.mark.slow
@pytest.mark.parametrize("chunk", range(5))
def test_the_best_place_is_the_best_widely(planned: Callable[[int], Ground], chunk: int) -> None:
    for seed in range(2000 + 40 * chunk, 2040 + 40 * chunk):
        ground = planned(seed)
        for number in range(len(ground.compiled.audits)):
            found = ground.seating(number).best(Ask())
            if found is not None:
                _sound_and_priced(ground, number, found)
            _solver_agrees(ground, number)


def test_prices_of_a_whole_body_are_the_checkers() -> None:
    """With trips, teams and ceilings of an invented body: every day and every person, as the checker prices them."""
    body = demo_body("small", "en", 2)
    ground = Ground(body, make_plan(body, Budget(effort=2)).plan.placements)
    placed = [number for number, choice in enumerate(ground.solution.choices) if choice is not None]
    checked = 0
    for number in placed[::9]:
        choice = ground.solution.choices[number]
        assert choice is not None
        asks = [Ask(), Ask(without=(choice.team,)), *(Ask(person=person) for person in range(0, len(body.auditors), 3))]
        for ask in asks:
            found = ground.seating(number).best(ask)
            if found is not None:
                _sound_and_priced(ground, number, found)
                assert found.choice.team not in ask.without
                checked += 1
    assert checked >= 15


def test_what_is_dearer_is_never_called_the_best(planned: Callable[[int], Ground]) -> None:
    """The plan itself is one of the ways: the best one costs no more."""
    for seed in range(30, 40):
        ground = planned(seed)
        for number, choice in enumerate(ground.solution.choices):
            found = ground.seating(number).best(Ask())
            if choice is not None:
                assert found is not None
                assert ground.more(number, found.prices) <= (0,) * ground.problem.levels


def test_the_search_may_end_early_and_says_so(
    planned: Callable[[int], Ground], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Beyond its limit the best so far is given, not called proven."""
    from auditplan.planner.explanations import teams

    ground = planned(3)
    numbers = [number for number, choice in enumerate(ground.solution.choices) if choice is not None]
    monkeypatch.setattr(teams, "MOST_NODES", 1)
    founds = [replace(found) for number in numbers if (found := ground.seating(number).best(Ask())) is not None]
    assert all(not found.proven for found in founds)
