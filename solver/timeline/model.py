"""The exact model of a timeline, on CP-SAT: a whole number for each start, a number of people of each kind in each
role, and for each kind no more of them at once than there are. Jobs that are not free keep their people, and their
order among those who share them; their starts may move."""

from __future__ import annotations

from collections import defaultdict

from ortools.sat.python import cp_model

from auditplan.solver.timeline.jobs import Job, Seats, Timeline
from auditplan.solver.timeline.schedule import Schedule

Whole = cp_model.IntVar


class Model:
    """The model around one schedule, which it can only better."""

    def __init__(self, timeline: Timeline, around: Schedule, free: frozenset[int], *, crews: bool = True) -> None:
        """free: jobs whose people may change. crews: whether people matter at all; without them only what crowds can
        do in each tick is looked at, a relaxation."""
        self.model = cp_model.CpModel()
        self._timeline, self._around, self._free = timeline, around, free
        self._ends = _latest(timeline, around)
        self.starts = [self._start(number) for number in range(len(timeline.jobs))]
        self._intervals = [
            self.model.new_fixed_size_interval_var(start, job.duration, "")
            for start, job in zip(self.starts, timeline.jobs, strict=True)
        ]
        self._orders()
        self._crowds()
        self.counts: dict[int, dict[tuple[int, int], Whole]] = {}
        if crews:
            self._keep_order()
            self._kinds()
        self._price()

    def _start(self, number: int) -> Whole:
        """The start of a job."""
        job = self._timeline.jobs[number]
        start = self.model.new_int_var(job.first, max(job.first, self._ends[number]), "")
        self.model.add_hint(start, self._around.starts[number])
        return start

    def _orders(self) -> None:
        """What follows what."""
        for order in self._timeline.orders:
            first, second = self.starts[order.first], self.starts[order.second]
            self.model.add(second >= first + order.least)
            if order.most is not None:
                self.model.add(second <= first + order.most)

    def _crowds(self) -> None:
        """No crowd does more at once than it has people for."""
        for people, taken in self._timeline.crowds:
            intervals = [self._intervals[number] for number in taken]
            self.model.add_cumulative(intervals, list(taken.values()), people)

    def _keep_order(self) -> None:
        """Jobs that keep their people and share a kind stay in order."""
        jobs, around = self._timeline.jobs, self._around
        kinds = [{kind for _, kind in own} for own in around.seats]
        fixed = [number for number in range(len(jobs)) if number not in self._free]
        for first in fixed:
            end = around.starts[first] + jobs[first].duration
            for second in fixed:
                if end <= around.starts[second] and kinds[first] & kinds[second]:
                    self.model.add(self.starts[second] >= self.starts[first] + jobs[first].duration)

    def _kinds(self) -> None:
        """Who fills the roles, and that there are as many of each kind."""
        loads: dict[int, list[tuple[int, Whole | int]]] = defaultdict(list)
        for number, job in enumerate(self._timeline.jobs):
            if number in self._free:
                self._choose(number, job, loads)
                continue
            held: dict[int, int] = defaultdict(int)
            for (_, kind), count in self._around.seats[number].items():
                held[kind] += count
            for kind, count in held.items():
                loads[kind].append((number, count))
                self._open(number, job, kind, None)
        for kind, load in loads.items():
            people = len(self._timeline.kinds[kind])
            if people == 1:
                self._alone(load)
                continue
            intervals = [self._intervals[number] for number, _ in load]
            self.model.add_cumulative(intervals, [amount for _, amount in load], people)

    def _alone(self, load: list[tuple[int, Whole | int]]) -> None:
        """One person is in one place at a time."""
        intervals = []
        for number, amount in load:
            if isinstance(amount, int):
                intervals.append(self._intervals[number])
                continue
            length = self._timeline.jobs[number].duration
            start = self.starts[number]
            intervals.append(self.model.new_optional_fixed_size_interval_var(start, length, amount, ""))
        self.model.add_no_overlap(intervals)

    def _choose(self, number: int, job: Job, loads: dict[int, list[tuple[int, Whole | int]]]) -> None:
        """The numbers of people of a job that is free."""
        own: dict[tuple[int, int], Whole] = {}
        held = self._around.seats[number]
        for kind, roles in job.roles.items():
            people = len(self._timeline.kinds[kind])
            parts = []
            for role in roles:
                if job.demand[role]:
                    own[role, kind] = self.model.new_int_var(0, min(people, job.demand[role]), "")
                    self.model.add_hint(own[role, kind], held.get((role, kind), 0))
                    parts.append(own[role, kind])
            if not parts:
                continue
            total = parts[0]
            if len(parts) > 1:
                total = self.model.new_int_var(0, min(people, sum(job.demand[role] for role in roles)), "")
                self.model.add(sum(parts) == total)
                self.model.add_hint(total, sum(held.get((role, kind), 0) for role in roles))
            loads[kind].append((number, total))
            self._open(number, job, kind, total)
        for role, count in enumerate(job.demand):
            if count:
                self.model.add(sum(var for (of, _), var in own.items() if of == role) == count)
        self.counts[number] = own

    def _open(self, number: int, job: Job, kind: int, total: Whole | None) -> None:
        """A job starts only when the people of a kind in it are free."""
        if job.open[kind].all():
            return
        starts = cp_model.Domain.from_values([job.first + at for at in job.open[kind].nonzero()[0].tolist()])
        rule = self.model.add_linear_expression_in_domain(self.starts[number], starts)
        if total is not None:
            taken = self.model.new_bool_var("")
            self.model.add(total == 0).only_enforce_if(taken.negated())
            rule.only_enforce_if(taken)

    def _price(self) -> None:
        """The figure of the level; it never gets worse, which bounds every start by the way still to go."""
        jobs = self._timeline.jobs
        self.base = sum(job.base for job in jobs)
        self.price = sum((job.slope * start for job, start in zip(jobs, self.starts, strict=True) if job.slope), 0)
        now = sum(job.slope * start for job, start in zip(jobs, self._around.starts, strict=True))
        self.model.add(self.price <= now)

    def below(self, most: int) -> None:
        """Asks for a price below one."""
        self.model.add(self.price <= most - 1 - self.base)

    def near(self, starts: tuple[int, ...], width: int) -> None:
        """Every start at most `width` ticks from one, which is its hint in place of the model's own."""
        self.model.clear_hints()  # type: ignore[no-untyped-call]
        for variable, start in zip(self.starts, starts, strict=True):
            self.model.add_linear_constraint(variable, start - width, start + width)
            self.model.add_hint(variable, start)

    def minimise(self, *, early: bool) -> int:
        """Sets the objective: the price; with `early`, of two equal ones that with the earlier starts. Gives the
        weight of the price in it."""
        weight = 1
        if early:
            weight = sum(end - job.first for end, job in zip(self._ends, self._timeline.jobs, strict=True)) + 1
            self.model.minimize(weight * self.price + sum(self.starts))
        else:
            self.model.minimize(self.price)
        return weight

    def schedule(self, solver: cp_model.CpSolver) -> Schedule:
        """What a solve found."""
        starts = tuple(solver.value(start) for start in self.starts)
        seats = list(self._around.seats)
        for number, own in self.counts.items():
            found: Seats = {key: solver.value(var) for key, var in own.items()}
            seats[number] = {key: count for key, count in found.items() if count}
        return Schedule(starts, tuple(seats))


def _latest(timeline: Timeline, around: Schedule) -> list[int]:
    """Per job, the last start at which what must follow it can still be as early as the price so far asks, where one
    job alone is dear; else the last of its range."""
    dear = [number for number, job in enumerate(timeline.jobs) if job.slope]
    latest = {number: job.last for number, job in enumerate(timeline.jobs)}
    if len(dear) == 1:
        latest[dear[0]] = min(latest[dear[0]], around.starts[dear[0]])
    for number in reversed(timeline.sequence):
        for order in timeline.after[number]:
            latest[number] = min(latest[number], latest[order.second] - order.least)
    return [latest[number] for number in range(len(timeline.jobs))]
