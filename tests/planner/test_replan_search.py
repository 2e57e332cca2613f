"""How a re-plan makes room: what had to go comes back with as few moves as can be, and with what follows it."""

from __future__ import annotations

from auditplan.planner.replan_search import Search, changed_little
from auditplan.solver.facts import Facts
from auditplan.solver.problem import Activity, Candidate, Mode, Precedence, Problem, Resource
from auditplan.solver.solution import Budget, Choice, Solution

TICKS = 10
EVERY = (1 << TICKS) - 1


def _work(weight: int, starts: range) -> Activity:
    """Two ticks of one person, at no place."""
    mode = Mode(least=(1,), most=(1,), starts=tuple(starts), ends=tuple(start + 2 for start in starts))
    return Activity(slots=EVERY, place=None, modes=(mode,), roles=((Candidate(resource=0),),), left_out=(weight,) * 4)


def test_what_follows_comes_back_with_what_it_follows() -> None:
    """The graver of two left out follows the other, for which a third has to move: all three have their place."""
    first, second, other = _work(5, range(1)), _work(6, range(2, 8)), _work(7, range(3))
    problem = Problem(
        ticks=TICKS,
        period=2,
        levels=4,
        money=3,
        balance=3,
        resources=(Resource(free=EVERY, grid=EVERY, home=0),),
        activities=(first, second, other),
        relations=(Precedence(0, 1, 0, None),),
        legs={},
    )
    start = Solution((None, None, Choice(0, 0, ((0,),))))
    # Too little work is left for a search that may move anything.
    search = Search(budget=Budget(effort=2.0), seed=1, threads=1, listener=None, stop=None)
    outcome = changed_little(Facts(problem), start, frozenset({0, 1}), search)
    assert outcome.solution is not None
    assert None not in outcome.solution.choices
