"""A schedule of a timeline, what it costs, and the people behind it."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

from auditplan.solver.facts import Facts
from auditplan.solver.solution import Choice, Solution
from auditplan.solver.timeline.jobs import Seats, Timeline


@dataclass(frozen=True, slots=True)
class Schedule:
    """Per job, its start and how many of which kind fill which role."""

    starts: tuple[int, ...]
    seats: tuple[Seats, ...]


def price(timeline: Timeline, schedule: Schedule) -> int:
    """The figure of the first level."""
    return sum(job.slope * start + job.base for job, start in zip(timeline.jobs, schedule.starts, strict=True))


def dealt_out(timeline: Timeline, schedule: Schedule) -> Solution:
    """The schedule with people: in order of start, whoever of a kind has been free the shortest goes first."""
    free: dict[int, list[tuple[int, int]]] = {
        kind: [(0, person) for person in people] for kind, people in enumerate(timeline.kinds)
    }
    teams: dict[int, dict[int, list[int]]] = {}
    for index in sorted(range(len(timeline.jobs)), key=lambda index: (schedule.starts[index], index)):
        job, start = timeline.jobs[index], schedule.starts[index]
        teams[index] = defaultdict(list)
        for (role, kind), count in sorted(schedule.seats[index].items()):
            ready = sorted(
                (entry for entry in free[kind] if entry[0] <= start), key=lambda entry: (-entry[0], entry[1])
            )
            for entry in ready[:count]:
                free[kind].remove(entry)
                free[kind].append((start + job.duration, entry[1]))
                teams[index][role].append(entry[1])
    return Solution(
        tuple(
            Choice(0, start - job.first, tuple(tuple(sorted(teams[index][role])) for role in range(len(job.demand))))
            for index, (job, start) in enumerate(zip(timeline.jobs, schedule.starts, strict=True))
        )
    )


def counted(timeline: Timeline, facts: Facts, solution: Solution) -> Schedule | None:
    """A solution as a schedule; None where something is left out, or a seat is taken that need not be."""
    of_person = {person: kind for kind, people in enumerate(timeline.kinds) for person in people}
    starts, seats = [], []
    for job, choice in zip(timeline.jobs, solution.choices, strict=True):
        if choice is None or tuple(len(team) for team in choice.team) != job.demand:
            return None
        own: Seats = defaultdict(int)
        for role, team in enumerate(choice.team):
            for person in team:
                own[role, of_person[person]] += 1
        starts.append(int(facts.options[job.number].start[choice.option]))
        seats.append(dict(own))
    return Schedule(tuple(starts), tuple(seats))
