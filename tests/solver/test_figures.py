"""Figures that are kept up to date, against those from scratch."""

from __future__ import annotations

from collections.abc import Callable
from random import Random

from auditplan.solver.check import values
from auditplan.solver.construct import best_choice, construct
from auditplan.solver.facts import Facts
from auditplan.solver.figures import Figures
from auditplan.solver.problem import Problem
from auditplan.solver.state import State


def test_kept_figures_are_those_from_scratch(make_problem: Callable[[int], Problem]) -> None:
    """After any activities are removed and others inserted, the figures are those of `values`."""
    for seed in range(50):
        problem, random = make_problem(seed), Random(seed)
        facts = Facts(problem)
        state = State(facts)
        construct(facts, state)
        counted = Figures(state)
        assert counted.now() == values(problem, state.solution()), seed
        for _ in range(6):
            number = random.randrange(len(problem.activities))
            if state.choices[number] is not None:
                state.remove(number)
            elif (choice := best_choice(facts, state, number)) is not None:
                state.place(number, choice)
            if random.random() < 0.7:
                assert counted.now() == values(problem, state.solution()), seed
