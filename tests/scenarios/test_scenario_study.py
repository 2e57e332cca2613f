"""Scenarios planned from the base on: the same figures whoever does the work, and whatever happens to the workers."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from threading import Event
from typing import Any

import distributed
import pytest

from auditplan.planner.domain import Body
from auditplan.planner.planning import make_plan
from auditplan.planner.scenarios import changes
from auditplan.planner.scenarios.changes import Scenario
from auditplan.planner.scenarios.cluster import Cluster
from auditplan.planner.scenarios.compare import differences, figures, moves
from auditplan.planner.scenarios.crew import Crew, CrewLostError, Processes
from auditplan.planner.scenarios.jobs import Step
from auditplan.planner.scenarios.study import Effort, Study, run_study
from auditplan.solver.solution import Budget

MakeBody = Callable[..., Body]
EFFORT = Effort(base=Budget(effort=1), scenario=Budget(effort=1), threads=1)
SCENARIOS = (
    Scenario(name="same", changes=(changes.Demand(percent=0),)),
    Scenario(name="more", changes=(changes.Demand(percent=50),)),
    Scenario(name="gone", changes=(changes.RemoveAuditor(auditor="P0"),)),
    Scenario(name="hire", changes=(changes.AddAuditors(number=1, like="P0"),)),
)

HARD = tuple(Scenario(name=f"{more}", changes=(changes.Demand(percent=more),)) for more in (400, 500, 600))
LONGER = Effort(base=Budget(effort=1), scenario=Budget(effort=2), threads=1)
"""Long enough for a worker to be killed in the middle."""


def _plain(study: Study) -> list[tuple[object, ...]]:
    """What must be the same."""
    plans = [study.base.plan, *(outcome.plan for outcome in study.scenarios)]
    return [(plan.placements, plan.levels, plan.effort) for plan in plans if plan is not None]


@pytest.fixture
def alone(make_body: MakeBody) -> Study:
    """The study without any other process."""
    return run_study(make_body(5), SCENARIOS, EFFORT)


def test_processes_give_the_same(make_body: MakeBody, alone: Study) -> None:
    for workers in (1, 2):
        assert _plain(run_study(make_body(5), SCENARIOS, EFFORT, Processes(workers))) == _plain(alone)


def test_what_changes_nothing_is_the_base(alone: Study) -> None:
    same, base = alone.scenarios[0].plan, alone.base.plan
    assert same is not None
    assert same == base
    assert all(entry.value == 0 for entry in differences(same, same))
    assert list(moves(same, same)) == []


def test_differences_are_certain_only_where_bounds_say_so(make_body: MakeBody) -> None:
    effort = Effort(base=Budget(effort=6), scenario=Budget(effort=6), threads=1)
    study = run_study(make_body(4), SCENARIOS[2:3], effort)
    base, gone = study.base.plan, study.scenarios[0].plan
    assert base is not None
    assert gone is not None
    first = differences(base, gone)[0]
    assert first.certain
    assert first.value > 0
    loose = replace(base, levels=(replace(base.levels[0], bound=0), *base.levels[1:]))
    later = differences(loose, replace(gone, levels=(replace(gone.levels[0], bound=0), *gone.levels[1:])))
    assert not any(entry.certain for entry in later), "an open first level leaves the later ones open too"


def test_figures_add_up(make_body: MakeBody, alone: Study) -> None:
    body = make_body(5)
    assert alone.base.plan is not None
    found = figures(body, alone.base.plan)
    assert found.placed_all + found.left_out_all == len(body.audits)
    assert found.days_planned == sum(float(audit.days) for audit in body.audits) - 3 * found.left_out_all


def test_a_base_that_still_holds_is_never_lost(make_body: MakeBody) -> None:
    """With a start, no search at all is needed to be as good as the start."""
    body = make_body(4)
    plan = make_plan(body, Budget(effort=2), threads=1).plan
    again = make_plan(body, Budget(effort=0.001), threads=1, start=plan.placements).plan
    assert [level.value for level in again.levels] <= [level.value for level in plan.levels]


def test_a_stop_leaves_the_rest_away(make_body: MakeBody) -> None:
    asked = Event()

    def told(step: Step) -> None:
        """Stops when the first scenario has ended."""
        if step.done and step.key == "more":
            asked.set()

    study = run_study(make_body(5), SCENARIOS, EFFORT, told=told, stop=asked.is_set)
    assert [outcome.scenario.name for outcome in study.scenarios if outcome.scenario] == ["same", "more"]
    assert study.unfinished == ("gone", "hire")


def _children() -> set[int]:
    """The processes that this one has begun."""
    with open(f"/proc/{os.getpid()}/task/{os.getpid()}/children", encoding="ascii") as file:  # noqa: PTH123
        return {int(number) for number in file.read().split()}


@pytest.mark.skipif(not os.path.exists("/proc/self/task"), reason="needs Linux")  # noqa: PTH110
def test_a_worker_that_dies_is_replaced(make_body: MakeBody, alone: Study) -> None:
    before, killed = _children(), list[int]()

    def told(step: Step) -> None:
        """Kills a worker once one has begun to tell."""
        if step.key and not killed and not step.done:
            killed.extend(_workers(before))
            os.kill(killed[-1], signal.SIGKILL)

    study = run_study(make_body(5), SCENARIOS, EFFORT, Processes(2), told=told)
    assert killed
    assert _plain(study) == _plain(alone)


def _workers(before: set[int]) -> list[int]:
    """The processes of a pool, without multiprocessing's own helper."""
    found = []
    for number in sorted(_children() - before):
        with open(f"/proc/{number}/cmdline", encoding="utf-8") as file:  # noqa: PTH123
            if "spawn_main" in file.read():
                found.append(number)
    return found


@pytest.fixture
def local() -> Iterator[Any]:
    """A Dask cluster of two worker processes on this machine."""
    with distributed.LocalCluster(  # type: ignore[no-untyped-call]
        n_workers=2, threads_per_worker=1, processes=True, dashboard_address="127.0.0.1:0", silence_logs=50
    ) as cluster:
        yield cluster


@pytest.mark.slow
def test_a_cluster_gives_the_same_though_a_worker_is_killed(make_body: MakeBody, local: Any) -> None:
    killed: list[int] = []

    def told(step: Step) -> None:
        """Kills a worker in the middle of its work: the first that tells of a plan."""
        if step.key and not step.done and not killed:
            busy = next(state for state in local.scheduler.workers.values() if state.processing)
            killed.append(local.workers[busy.name].process.pid)
            os.kill(killed[0], signal.SIGKILL)

    crew: Crew = Cluster(local.scheduler_address)
    with crew:
        study = run_study(make_body(20), HARD, LONGER, crew, told=told)
    assert killed
    assert _plain(study) == _plain(run_study(make_body(20), HARD, LONGER))


@pytest.mark.slow
def test_a_stop_reaches_the_workers_of_a_cluster(make_body: MakeBody, local: Any) -> None:
    """Those who have begun answer with the best they have; the rest is left away."""
    asked, told = Event(), []

    def hear(step: Step) -> None:
        """Stops once somebody is at work on a scenario."""
        told.append(step.key)
        if step.key and not step.done:
            asked.set()

    long = replace(LONGER, scenario=Budget(effort=1000))
    study = run_study(make_body(20), HARD, long, Cluster(local.scheduler_address), told=hear, stop=asked.is_set)
    planned = [outcome.scenario.name for outcome in study.scenarios if outcome.scenario and outcome.plan]
    assert 1 <= len(planned) <= 2
    assert sorted([*planned, *study.unfinished]) == ["400", "500", "600"]


def test_a_cluster_that_is_not_there_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("auditplan.planner.scenarios.cluster.TIMEOUT", 0.3)
    for address in ("tcp://127.0.0.1:9", "nonsense://x"):
        with pytest.raises(CrewLostError), Cluster(address).open():
            pass
        with pytest.raises(CrewLostError), Cluster(address):
            pass


@pytest.mark.skipif(not os.path.exists("/proc/self/task"), reason="needs Linux")  # noqa: PTH110
def test_workers_end_with_whoever_handed_out_the_jobs() -> None:
    """However that ended: here by a signal that nothing can catch."""
    program = (
        "import os\n"
        "from auditplan.planner.scenarios.crew import Processes\n"
        "if __name__ == '__main__':\n"
        "    with Processes(1) as crew, crew.open() as desk:\n"
        "        print(desk.executor.submit(os.getpid).result(), flush=True)\n"
        "        os.kill(os.getpid(), 9)\n"
    )
    ran = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, timeout=120, check=False)
    worker = int(ran.stdout)
    end = time.monotonic() + 60
    while os.path.exists(f"/proc/{worker}"):  # noqa: PTH110
        with open(f"/proc/{worker}/stat", encoding="ascii") as file:  # noqa: PTH123
            if file.read().rsplit(")", 1)[1].split()[0] == "Z":
                break
        assert time.monotonic() < end
        time.sleep(0.05)
