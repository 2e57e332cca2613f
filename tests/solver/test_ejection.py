"""Ejection: weight takes the place of what is lighter, whatever stands in the way; every rule is kept."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from auditplan.solver.bounds import impossible
from auditplan.solver.check import values, violations
from auditplan.solver.construct import construct
from auditplan.solver.ejection import Ejection
from auditplan.solver.facts import Facts
from auditplan.solver.problem import (
    Activity,
    Candidate,
    Ceiling,
    Kept,
    Mode,
    Precedence,
    Problem,
    Relation,
    Resource,
)
from auditplan.solver.solution import Choice, Solution
from auditplan.solver.state import State

TICKS = 8
EVERY = (1 << TICKS) - 1


def work(weight: int | None, starts: range, length: int = 2, people: tuple[int, ...] = (0,)) -> Activity:
    """Work for one person, at no place."""
    mode = Mode(least=(1,), most=(1,), starts=tuple(starts), ends=tuple(start + length for start in starts))
    candidates = tuple(Candidate(resource=person) for person in people)
    left_out = None if weight is None else (weight, 0)
    return Activity(slots=EVERY, place=None, modes=(mode,), roles=(candidates,), left_out=left_out)


def problem_of(
    activities: list[Activity], relations: tuple[Relation, ...] = (), people: int = 1, most: int = TICKS
) -> Problem:
    """People who may work `most` ticks."""
    one = Resource(free=EVERY, grid=EVERY, home=0, ceilings=(Ceiling(EVERY, most),))
    return Problem(
        ticks=TICKS,
        period=2,
        levels=2,
        money=1,
        balance=1,
        resources=(one,) * people,
        activities=tuple(activities),
        relations=relations,
        legs={},
    )


def at(option: int, person: int = 0) -> Choice:
    """An option, and who does it."""
    return Choice(0, option, ((person,),))


def ejected(problem: Problem, *choices: Choice | None, seed: int = 0) -> Solution:
    """What ejection makes of a solution; sound."""
    begin = Solution(choices)
    assert not violations(problem, begin)
    movable = sorted(set(range(len(problem.activities))) - impossible(Facts(problem)))
    found = Ejection(Facts(problem), begin, movable, seed).run(5.0, lambda: False)
    assert not violations(problem, found)
    return found


def test_what_weighs_more_takes_the_place_of_what_weighs_less() -> None:
    found = ejected(problem_of([work(1, range(1)), work(9, range(1))]), at(0), None)
    assert found.choices == (None, at(0))


def test_what_weighs_less_pushes_nothing_out() -> None:
    found = ejected(problem_of([work(9, range(1)), work(1, range(1))]), at(0), None)
    assert found.choices == (at(0), None)


def test_what_was_pushed_out_looks_for_another_place() -> None:
    """The light one takes the only place of the heavy one, and has others."""
    found = ejected(problem_of([work(9, range(1)), work(1, range(5))]), None, at(0))
    assert all(choice is not None for choice in found.choices)


def test_a_chain_of_moves_places_everything() -> None:
    """Each has two places, and only the last may go where nothing is: all must move on by one."""
    chain = [work(3, range(0, 6, 2)[index : index + 2]) for index in range(2)]
    found = ejected(problem_of([work(3, range(1)), *chain, work(3, range(6, 7))]), None, at(0), at(0), at(0))
    assert all(choice is not None for choice in found.choices)


def test_a_ceiling_that_is_met_makes_the_lightest_work_go() -> None:
    """There is time for three, but the person may only work two of them."""
    activities = [work(4, range(1)), work(2, range(2, 3)), work(7, range(4, 5))]
    found = ejected(problem_of(activities, most=4), at(0), at(0), None)
    assert found.choices == (at(0), None, at(0))


def test_what_follows_goes_with_what_it_follows() -> None:
    """The heavy one needs the place of the first of a pair; the second cannot stay alone."""
    activities = [work(1, range(1)), work(2, range(4, 5)), work(9, range(1))]
    found = ejected(problem_of(activities, (Precedence(0, 1),)), at(0), at(0), None)
    assert found.choices == (None, None, at(0))


def test_a_pair_weighs_as_much_as_both() -> None:
    """Neither of the pair outweighs what stands in the way of its first, but both together do."""
    activities = [work(4, range(1)), work(4, range(4, 5)), work(6, range(1))]
    found = ejected(problem_of(activities, (Precedence(0, 1),)), None, None, at(0))
    assert found.choices == (at(0), at(0), None)


def test_what_may_not_be_left_out_outweighs_everything() -> None:
    begin = problem_of([work(99, range(1)), work(None, range(1))])
    found = Ejection(Facts(begin), Solution((at(0), None)), [0, 1], 0).run(5.0, lambda: False)
    assert found.choices == (None, at(0))


def test_choices_that_must_be_kept_are_left_alone() -> None:
    ways = ((0, 0, ((0,),)),)
    problem = problem_of([work(1, range(1)), work(9, range(1))], (Kept((0,), ways, 1),))
    assert ejected(problem, at(0), None).choices == (at(0), None)


def test_people_looked_at_later_on_get_their_turn(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where only a few people of each activity are looked at, more may be taken in between two runs."""
    monkeypatch.setattr("auditplan.solver.facts.MOST_CELLS", 0)
    monkeypatch.setattr("auditplan.solver.facts.FEW_KEPT", 1)
    facts = Facts(problem_of([work(2, range(1), people=(0, 1, 2)) for _ in range(3)], people=3))
    start = Solution((None, None, None))
    search = Ejection(facts, start, [0, 1, 2], seed=1)
    for number in range(3):
        monkeypatch.setitem(facts._crews, number, facts._people(number, frozenset({(0, 0)})))
    assert search.lost_in(search.run(1.0, lambda: False).choices) == 4
    for number in range(3):
        facts.admit(number, ((1,),))
        facts.admit(number, ((2,),))
    assert search.lost_in(search.run(0.1, lambda: False, patient=True).choices) == 0


def test_it_ends_at_once_when_told_to() -> None:
    problem = problem_of([work(1, range(1)), work(9, range(1))])
    begin = Solution((at(0), None))
    assert Ejection(Facts(problem), begin, [0, 1], 0).run(5.0, lambda: True) == begin
    assert Ejection(Facts(problem), begin, [0, 1], 0).run(0.0, lambda: False) == begin


@pytest.mark.parametrize("seed", range(60))
def test_never_worse_and_always_sound(seed: int, make_problem: Callable[[int], Problem]) -> None:
    """Random problems with every feature: from nothing, and from what insertion made of it; the same again with the
    same seed."""
    problem = make_problem(seed)
    facts = Facts(problem)
    state = State(facts)
    construct(facts, state)
    if violations(problem, state.solution()):
        pytest.skip("insertion looks at no such rule")
    for begin in (state.solution(), Solution((None,) * len(problem.activities))):
        found = ejected(problem, *begin.choices, seed=seed)
        assert values(problem, found)[0] <= values(problem, begin)[0]
        assert found == ejected(problem, *begin.choices, seed=seed)


@pytest.mark.parametrize("seed", range(12))
def test_from_nothing_it_finds_the_most_weight_on_one_line(seed: int) -> None:
    """Weights in places of their own, twice: the heavier of each two must stay, which is easy to say."""
    weights = [(7 * seed + 5 * place) % 11 + 1 for place in range(8)]
    activities = [work(weights[place], range(place // 2 * 2, place // 2 * 2 + 1)) for place in range(8)]
    found = ejected(problem_of(activities), *(None,) * 8, seed=seed)
    lost = sum(min(weights[place : place + 2]) for place in range(0, 8, 2))
    assert values(problem_of(activities), found)[0] == lost
    more_people = replace(problem_of(activities), resources=problem_of(activities, people=2).resources)
    assert values(more_people, ejected(more_people, *found.choices))[0] == lost
