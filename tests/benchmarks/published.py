"""The published instances of multi-skill project scheduling, as problems of the solver and of PyJobShop.

Each activity's skills become roles, a worker's mastery makes a candidate, precedence a relation; a last dummy
activity, for which a clock that nobody else needs is the only candidate, costs its start: the makespan. Nothing may
be left out.
"""

from __future__ import annotations

import csv
import re
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from auditplan.solver.problem import Activity, Candidate, Mode, Precedence, Problem, Resource

if TYPE_CHECKING:
    from auditplan.solver.solution import Solution


@dataclass(frozen=True, slots=True, kw_only=True)
class Instance:
    """One file. Activities are numbered from 0, dummies of length 0 included; demand[activity][skill]."""

    name: str
    durations: tuple[int, ...]
    demand: tuple[tuple[int, ...], ...]
    mastery: tuple[tuple[bool, ...], ...]
    precedence: tuple[tuple[int, int], ...]
    best: int
    proven: bool
    subset: str


def instances(folder: Path) -> list[Instance]:
    """Every instance of the table of best known values, in its order."""
    with (folder / "best_known.csv").open(encoding="utf-8", newline="") as table:
        rows = list(csv.DictReader(table))
    return [_instance(folder, row) for row in rows]


def _instance(folder: Path, row: dict[str, str]) -> Instance:
    """One file with its row."""
    text = re.sub(r"%.*", "", (folder / row["instance"]).read_text(encoding="utf-8"))
    fields = {name: body.strip() for name, body in re.findall(r"(\w+)\s*=\s*(.*?);", text, re.DOTALL)}
    pairs = zip(_numbers(fields["pred"]), _numbers(fields["succ"]), strict=True)
    return Instance(
        name=row["instance"].removesuffix(".dzn").removeprefix("inst_"),
        durations=tuple(_numbers(fields["dur"])),
        demand=_matrix(fields["sreq"]),
        mastery=tuple(tuple(bool(entry) for entry in line) for line in _matrix(fields["mastery"])),
        precedence=tuple((first - 1, second - 1) for first, second in pairs),
        best=int(row["makespan"]),
        proven=row["proven_optimal"] == "yes",
        subset=row["set"],
    )


def _numbers(text: str) -> list[int]:
    """The numbers of a list; true and false as 1 and 0."""
    words = re.findall(r"-?\d+|true|false", text)
    return [int(word) if word not in {"true", "false"} else int(word == "true") for word in words]


def _matrix(text: str) -> tuple[tuple[int, ...], ...]:
    """The rows of a matrix [| a, b | c, d |]."""
    rows = (_numbers(line) for line in text.strip("[]").split("|"))
    return tuple(tuple(row) for row in rows if row)


def problem_of(instance: Instance) -> Problem:
    """An instance as a problem; its horizon is the sum of all durations, one after the other."""
    horizon = sum(instance.durations)
    ticks = horizon + 1
    every = (1 << ticks) - 1
    workers = len(instance.mastery)
    real = [number for number, duration in enumerate(instance.durations) if duration]
    place = {number: index for index, number in enumerate(real)}
    end = len(real)
    relations = [
        Precedence(place[first], place[second])
        for first, second in instance.precedence
        if first in place and second in place
    ]
    relations += [Precedence(index, end) for index in range(end)]
    return Problem(
        ticks=ticks,
        period=1,
        levels=3,
        money=1,
        balance=2,
        resources=tuple(Resource(free=every, grid=every, home=0) for _ in range(workers + 1)),
        activities=(*(_activity(instance, number, horizon) for number in real), _clock(workers, horizon)),
        relations=tuple(relations),
        legs={},
    )


def _activity(instance: Instance, number: int, horizon: int) -> Activity:
    """One activity: a role for each skill that it needs."""
    duration = instance.durations[number]
    needs = [(skill, count) for skill, count in enumerate(instance.demand[number]) if count]
    starts = tuple(range(horizon - duration + 1))
    counts = tuple(count for _, count in needs)
    mode = Mode(least=counts, most=counts, starts=starts, ends=tuple(start + duration for start in starts))
    roles = tuple(
        tuple(Candidate(resource=worker) for worker, row in enumerate(instance.mastery) if row[skill])
        for skill, _ in needs
    )
    return Activity(slots=(1 << (horizon + 1)) - 1, place=None, modes=(mode,), roles=roles)


def _clock(worker: int, horizon: int) -> Activity:
    """The last activity: one tick long, dear by its start."""
    starts = tuple(range(horizon + 1))
    ends = tuple(start + 1 for start in starts)
    mode = Mode(least=(1,), most=(1,), starts=starts, ends=ends, costs=(starts, (), ()))
    slots = (1 << (horizon + 1)) - 1
    return Activity(slots=slots, place=None, modes=(mode,), roles=((Candidate(resource=worker),),))


def makespan(problem: Problem, solution: Solution) -> int:
    """The latest end of an activity that takes time."""
    ends = (
        activity.modes[choice.mode].ends[choice.option]
        for activity, choice in zip(problem.activities[:-1], solution.choices[:-1], strict=True)
        if choice is not None
    )
    return max(ends, default=0)


def pyjobshop(instance: Instance, seconds: float, threads: int) -> tuple[int | None, int | None, float]:
    """PyJobShop's makespan, its bound, and the seconds taken.

    It knows no skills: every worker that an activity needs is a task of its own with one mode for each worker who
    masters the skill, and the tasks of an activity start together."""
    from pyjobshop import Model

    begun = time.monotonic()
    model = Model()
    workers = [model.add_machine() for _ in instance.mastery]
    first: dict[int, object] = {}
    for number, duration in enumerate(instance.durations):
        tasks = []
        for skill, count in enumerate(instance.demand[number]):
            for _ in range(count):
                task = model.add_task()
                for worker, row in enumerate(instance.mastery):
                    if row[skill]:
                        model.add_mode(task, workers[worker], duration=duration)
                tasks.append(task)
        if not tasks:
            continue
        first[number] = tasks[0]
        for task in tasks[1:]:
            model.add_start_at_start(tasks[0], task)
    for before, after in instance.precedence:
        if before in first and after in first:
            model.add_end_before_start(first[before], first[after])
    result = model.solve(solver="ortools", time_limit=seconds, num_workers=threads, display=False)
    found = result.status.value in {"Optimal", "Feasible"}
    bound = round(result.lower_bound) if found else None
    return round(result.objective) if found else None, bound, time.monotonic() - begun
