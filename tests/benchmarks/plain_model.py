"""The straightforward model's variables and constraints: see `straightforward`."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field

from ortools.sat.python import cp_model

from auditplan.solver.journeys import Stay, span_mask, stay
from auditplan.solver.problem import Activity, Apart, Candidate, Kept, Precedence, Problem, Quota, Relation

Literal = cp_model.IntVar
Linear = cp_model.LinearExpr | int


@dataclass(frozen=True, slots=True)
class Option:
    """One way in time: the mode, its index there, and its ticks."""

    mode: int
    index: int
    start: int
    end: int
    leaves: int
    worked: int


@dataclass(slots=True)
class Work:
    """The variables of one activity. options: every way in time. kinds: (mode, length) → chosen, and the options of
    that kind. option: the index of the option, made when first needed. seats: (role, person) → taken."""

    options: list[Option]
    placed: Literal
    start: cp_model.IntVar
    end: cp_model.IntVar
    length: cp_model.IntVar
    modes: list[Literal] = field(default_factory=list)
    kinds: dict[tuple[int, int], tuple[Literal, list[int]]] = field(default_factory=dict)
    option: cp_model.IntVar | None = None
    seats: dict[tuple[int, int], Literal] = field(default_factory=dict)
    persons: dict[int, Literal] = field(default_factory=dict)
    stays: dict[int, list[Stay | None]] = field(default_factory=dict)
    columns: dict[tuple[int, ...], cp_model.IntVar] = field(default_factory=dict)


class PlainModel:
    """The model of one problem."""

    def __init__(self, problem: Problem) -> None:
        """Builds everything but the prices, which are built level by level."""
        self.problem = problem
        self.model = cp_model.CpModel()
        self._intervals: dict[int, list[cp_model.IntervalVar]] = defaultdict(list)
        self.at_rest: dict[int, int] = {}
        self.works = [self._work(activity) for activity in problem.activities]
        for activity, work in zip(problem.activities, self.works, strict=True):
            self._people(activity, work)
            self._groups(activity, work)
        for intervals in self._intervals.values():
            self.model.add_no_overlap(intervals)
        for person in sorted(self._intervals):
            self._ceilings(person)
        for relation in problem.relations:
            self._relation(relation)

    def _work(self, activity: Activity) -> Work:
        """Start, end, mode and length of an activity."""
        model, options = self.model, _options(activity)
        starts = cp_model.Domain.from_values([option.start for option in options] or [0])
        ends = cp_model.Domain.from_values([option.end for option in options] or [0])
        lengths = sorted({option.end - option.start for option in options}) or [0]
        work = Work(
            options=options,
            placed=model.new_bool_var(""),
            start=model.new_int_var_from_domain(starts, ""),
            end=model.new_int_var_from_domain(ends, ""),
            length=model.new_int_var_from_domain(cp_model.Domain.from_values(lengths), ""),
            modes=[model.new_bool_var("") for _ in activity.modes],
        )
        if activity.left_out is None:
            model.add(work.placed == 1)
        model.add(sum(work.modes) == work.placed)
        model.add(work.end == work.start + work.length).only_enforce_if(work.placed)
        kinds: dict[tuple[int, int], list[int]] = defaultdict(list)
        for index, option in enumerate(options):
            kinds[option.mode, option.end - option.start].append(index)
        for (mode, length), inside in kinds.items():
            chosen = model.new_bool_var("")
            work.kinds[mode, length] = chosen, inside
            model.add(work.length == length).only_enforce_if(chosen)
            own = cp_model.Domain.from_values([options[index].start for index in inside])
            model.add_linear_expression_in_domain(work.start, own).only_enforce_if(chosen)
        for number, mode_chosen in enumerate(work.modes):
            model.add(sum(chosen for (mode, _), (chosen, _) in work.kinds.items() if mode == number) == mode_chosen)
        return work

    def prices(self, level: int) -> list[Linear]:
        """Everything that is charged on a level."""
        prices: list[Linear] = []
        for activity, work in zip(self.problem.activities, self.works, strict=True):
            left_out = activity.left_out[level] if activity.left_out else 0
            carried_out = activity.placed[level] if activity.placed else 0
            prices += [left_out * (1 - work.placed), carried_out * work.placed]
            prices.append(self._if(work.placed, work, [_price(activity, option, level) for option in work.options]))
            for role, candidates in enumerate(activity.roles):
                for candidate in candidates:
                    seat = work.seats[role, candidate.resource]
                    prices += [price * seat for on, price in candidate.costs if on == level]
            if level == self.problem.money:
                prices += [self._money(work, person) for person in work.persons]
        if level == self.problem.balance:
            prices += [self._deviation(person) for person in sorted(self._intervals)]
        return prices

    def _money(self, work: Work, person: int) -> Linear:
        """Journeys, nights and rate of a person in an activity."""
        rate = self.problem.resources[person].rate
        stays = zip(work.stays[person], work.options, strict=True)
        row = [0 if one is None else one.cost + rate * option.worked for one, option in stays]
        return self._if(work.persons[person], work, row)

    def _within(self, work: Work, inside: Iterable[int], conditions: list[Literal]) -> None:
        """Where all conditions hold, the option is one of these."""
        allowed = set(inside)
        if len(allowed) == len(work.options):
            return
        for chosen, own in work.kinds.values():
            kept = [work.options[index].start for index in own if index in allowed]
            if not kept:
                self.model.add_bool_or([condition.negated() for condition in (*conditions, chosen)])
            elif len(kept) < len(own):
                domain = cp_model.Domain.from_values(kept)
                self.model.add_linear_expression_in_domain(work.start, domain).only_enforce_if([*conditions, chosen])

    def _column(self, work: Work, row: list[int]) -> Linear:
        """A figure that depends on the option alone."""
        if len(set(row)) <= 1:
            return row[0] if row else 0
        key = tuple(row)
        if key not in work.columns:
            if work.option is None:
                work.option = self._numbered(work)
            figure = self.model.new_int_var_from_domain(cp_model.Domain.from_values(row), "")
            self.model.add_element(work.option, row, figure)
            work.columns[key] = figure
            self.at_rest[figure.index] = row[0]
        return work.columns[key]

    def _numbered(self, work: Work) -> cp_model.IntVar:
        """The index of the option, tied to kind and start by a table."""
        kind = self.model.new_int_var(0, len(work.kinds), "")
        option = self.model.new_int_var(0, len(work.options) - 1, "")
        rows = []
        for number, (chosen, inside) in enumerate(work.kinds.values(), start=1):
            self.model.add(kind == number).only_enforce_if(chosen)
            rows += [(number, work.options[index].start, index) for index in inside]
        self.model.add(kind == 0).only_enforce_if(work.placed.negated())
        rows += [(0, start, 0) for start in sorted({option.start for option in work.options})]
        self.model.add_allowed_assignments([kind, work.start, option], rows)
        return option

    def _if(self, condition: Literal, work: Work, row: list[int]) -> Linear:
        """A figure by option that counts only under a condition."""
        column = self._column(work, row)
        if isinstance(column, int):
            return column * condition
        figure = self.model.new_int_var(min(0, *row), max(0, *row), "")
        self.model.add(figure == column).only_enforce_if(condition)
        self.model.add(figure == 0).only_enforce_if(condition.negated())
        return figure

    def _people(self, activity: Activity, work: Work) -> None:
        """Seats, their counts by mode, and each person's interval."""
        for role, candidates in enumerate(activity.roles):
            for candidate in candidates:
                self._seat(work, role, candidate)
            seats = [seat for (own, _), seat in work.seats.items() if own == role]
            self.model.add(sum(seats) == 0).only_enforce_if(work.placed.negated())
            for mode, chosen in zip(activity.modes, work.modes, strict=True):
                self.model.add_linear_constraint(sum(seats), mode.least[role], mode.most[role]).only_enforce_if(chosen)
        for person in sorted({person for _, person in work.seats}):
            seats = [seat for (_, own), seat in work.seats.items() if own == person]
            present = self.model.new_bool_var("")
            self.model.add(sum(seats) == present)
            work.persons[person] = present
            self._presence(activity, work, person, present)

    def _seat(self, work: Work, role: int, candidate: Candidate) -> None:
        """One person in one role, where the option allows it."""
        seat = self.model.new_bool_var("")
        work.seats[role, candidate.resource] = seat
        inside = [
            index
            for index, option in enumerate(work.options)
            if candidate.starting >> option.start & 1 and not span_mask(option.start, option.end) & ~candidate.during
        ]
        self._within(work, inside, [seat])

    def _presence(self, activity: Activity, work: Work, person: int, present: Literal) -> None:
        """A person's stay: when it is possible, how long it binds, what it costs."""
        problem, resource = self.problem, self.problem.resources[person]
        stays = [
            stay(problem, resource, activity.place, activity.slots, option.start, option.end, option.leaves)
            if not activity.slots & span_mask(option.start, option.end) & ~resource.free
            else None
            for option in work.options
        ]
        work.stays[person] = stays
        self._within(work, [index for index, one in enumerate(stays) if one is not None], [present])
        pairs = list(zip(stays, work.options, strict=True))
        first: Linear = work.start
        last: Linear = work.end
        size = work.length
        if any(one is not None and (one.start, one.end) != (option.start, option.end) for one, option in pairs):
            first = self._column(work, [option.start if one is None else one.start for one, option in pairs])
            last = self._column(work, [option.end if one is None else one.end for one, option in pairs])
            lengths = {one.end - one.start for one in stays if one is not None}
            size = self.model.new_int_var_from_domain(cp_model.Domain.from_values(sorted(lengths)), "")
        interval = self.model.new_optional_interval_var(first, size, last, present, "")
        self._intervals[person].append(interval)

    def _groups(self, activity: Activity, work: Work) -> None:
        """Coverage, and conditions that seats and covers refer to."""
        met = [self.model.new_bool_var("") for _ in activity.groups]
        for number, group in enumerate(activity.groups):
            literals = []
            for cover in group.covers:
                for role in cover.roles:
                    seat = work.seats.get((role, cover.resource))
                    if seat is None:
                        continue
                    inside = [
                        index
                        for index, option in enumerate(work.options)
                        if not span_mask(option.start, option.end) & ~cover.during
                    ]
                    if len(inside) == len(work.options) and cover.beside is None:
                        literals.append(seat)
                        continue
                    counts = self.model.new_bool_var("")
                    self.model.add_implication(counts, seat)
                    self._within(work, inside, [counts])
                    if cover.beside is not None:
                        self.model.add_implication(counts, met[cover.beside])
                    literals.append(counts)
            self.model.add_bool_or([*literals, met[number].negated()])
            if group.required:
                self.model.add_implication(work.placed, met[number])
        for role, candidates in enumerate(activity.roles):
            for candidate in candidates:
                if candidate.beside is not None:
                    self.model.add_implication(work.seats[role, candidate.resource], met[candidate.beside])

    def _ceilings(self, person: int) -> None:
        """The ceilings of a person that can be met at all."""
        resource = self.problem.resources[person]
        for ceiling in resource.ceilings:
            if (ceiling.mask & resource.free).bit_count() > ceiling.most:
                self.model.add(sum(self._load(person, ceiling.mask)) <= ceiling.most)

    def _deviation(self, person: int) -> Linear:
        """The deviation of a person from the target."""
        ticks, resource = self.problem.ticks, self.problem.resources[person]
        if resource.target is None or not resource.deviation:
            return 0
        away = self.model.new_int_var(0, 2 * ticks + abs(resource.target), "")
        load = sum(self._load(person, (1 << ticks) - 1))
        self.model.add(away >= load - resource.target)
        self.model.add(away >= resource.target - load)
        return resource.deviation * away

    def _load(self, person: int, mask: int) -> list[Linear]:
        """The ticks that a person works within a mask, activity by activity."""
        found = []
        for activity, work in zip(self.problem.activities, self.works, strict=True):
            if person in work.persons:
                row = [
                    (activity.slots & span_mask(option.start, option.end) & mask).bit_count() for option in work.options
                ]
                if any(row):
                    found.append(self._if(work.persons[person], work, row))
        return found

    def _relation(self, relation: Relation) -> None:
        """One relation between activities; bodies that are planned for the first time keep nothing."""
        model = self.model
        assert not isinstance(relation, Kept)
        if isinstance(relation, Precedence):
            self._precedence(relation)
        elif isinstance(relation, Quota):
            seats = [self.works[number].seats.get((relation.role, relation.resource)) for number in relation.activities]
            model.add(sum(seat for seat in seats if seat is not None) <= relation.most)
        else:
            first, second = self.works[relation.first], self.works[relation.second]
            if isinstance(relation, Apart):
                for person in first.persons.keys() & second.persons.keys():
                    model.add_bool_or([first.persons[person].negated(), second.persons[person].negated()])
                return
            both = [first.placed, second.placed]
            people = {person for work in (first, second) for role, person in work.seats if role == relation.role}
            for person in sorted(people):
                one, other = first.seats.get((relation.role, person), 0), second.seats.get((relation.role, person), 0)
                model.add(one == other).only_enforce_if(both)

    def _precedence(self, relation: Precedence) -> None:
        """Second after first, so many periods later."""
        model, period = self.model, self.problem.period
        first, second = self.works[relation.first], self.works[relation.second]
        model.add_implication(second.placed, first.placed)
        model.add(second.start >= first.end).only_enforce_if(second.placed)
        if not relation.least and relation.most is None:
            return
        begun = self._column(second, [option.start // period for option in second.options] or [0])
        ended = self._column(first, [(option.end - 1) // period for option in first.options] or [0])
        model.add(begun - ended >= relation.least).only_enforce_if(second.placed)
        if relation.most is not None:
            model.add(begun - ended <= relation.most).only_enforce_if(second.placed)


def _options(activity: Activity) -> list[Option]:
    """Every option of every mode."""
    return [
        Option(number, index, start, end, (mode.leaves or mode.ends)[index], _worked(activity, start, end))
        for number, mode in enumerate(activity.modes)
        for index, (start, end) in enumerate(zip(mode.starts, mode.ends, strict=True))
    ]


def _worked(activity: Activity, start: int, end: int) -> int:
    """Ticks worked in a stretch."""
    return (activity.slots & span_mask(start, end)).bit_count()


def _price(activity: Activity, option: Option, level: int) -> int:
    """What an option costs on a level."""
    costs = activity.modes[option.mode].costs
    return costs[level][option.index] if costs and costs[level] else 0
