"""The whole-number program over given columns, solved by CP-SAT: what the columns at hand can do at best."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Sequence

from ortools.sat.python import cp_model

from auditplan.solver.columns.aims import Column
from auditplan.solver.columns.rows import Rows
from auditplan.solver.exact import FOUND, Limit, Result
from auditplan.solver.solution import Choice
from auditplan.solver.trips import Trips

BUILD_WORK = 1e-4
"""Work of building one column with its rows, in core-seconds (measured)."""


def solve_columns(
    rows: Rows, columns: Sequence[Column], hint: dict[int, Choice | None], seed: int, limit: Limit
) -> Result:
    """Minimises the rows' level over whole columns. hint: the choices to start from; their columns must be among
    `columns`. The bound in the result holds for these columns."""
    model = _Model(rows, columns)
    model.hint(hint)
    result = Result(work=BUILD_WORK * len(columns), whole=all(own.whole for own in rows.links.values()))
    solver = cp_model.CpSolver()
    solver.parameters.num_workers = 1
    solver.parameters.random_seed = seed
    solver.parameters.linearization_level = 2
    solver.parameters.cp_model_probing_level = 0  # takes longer than the search (measured)
    solver.parameters.symmetry_level = 0
    solver.parameters.catch_sigint_signal = False  # the interrupt is the caller's: it comes as the stop signal
    solver.parameters.max_deterministic_time = max(limit.work - result.work, 0.05)
    if limit.seconds is not None:
        solver.parameters.max_time_in_seconds = max(limit.seconds(), 0.01)
    limit.running.append(solver)
    status = solver.solve(model.model)
    limit.running.remove(solver)
    result.work += solver.response_proto.deterministic_time
    result.infeasible = status == cp_model.INFEASIBLE
    if status in FOUND:
        level = rows.aim.level
        result.choices = model.choices(solver)
        result.values[level] = round(solver.objective_value)
        result.bounds[level] = min(math.ceil(solver.best_objective_bound - 1e-6), result.values[level])
        if status == cp_model.OPTIMAL:
            result.proven.add(level)
    return result


class _Model:
    """The program: one literal for each column, one for each activity that may be left out."""

    def __init__(self, rows: Rows, columns: Sequence[Column]) -> None:
        """Builds it."""
        self.model = cp_model.CpModel()
        self._money = rows.facts.problem.money
        self._rows, self._columns = rows, columns
        self._literals = [self.model.new_bool_var("") for _ in columns]
        self._out = {
            number: self.model.new_bool_var("")
            for number in rows.aim.active
            if number not in rows.aim.forced and rows.facts.problem.activities[number].left_out is not None
        }
        self._entries: dict[int, list[tuple[cp_model.IntVar, float]]] = defaultdict(list)
        self._costs: dict[int, list[tuple[cp_model.IntVar, int]]] = defaultdict(list)
        for column, literal in zip(columns, self._literals, strict=True):
            self._enter(rows.entries(column), literal)
            for level in (rows.aim.level, *rows.aim.ceilings):
                self._costs[level].append((literal, round(rows.cost(column, level))))
        for number, literal in self._out.items():
            self._enter(rows.left_out(number), literal)
            prices = rows.facts.problem.activities[number].left_out or ()
            for level in (rows.aim.level, *rows.aim.ceilings):
                self._costs[level].append((literal, prices[level]))
        self._trips = self._travel()
        self._deviations()
        self._state_rows()
        self.model.minimize(self._total(rows.aim.level))

    def _enter(self, entries: dict[int, float], literal: cp_model.IntVar) -> None:
        """What a literal adds to the rows."""
        for row, value in entries.items():
            self._entries[row].append((literal, value))

    def _travel(self) -> dict[int, Trips]:
        """Everybody's time, with the links between their stays."""
        rows, problem = self._rows, self._rows.facts.problem
        taken: dict[tuple[int, int, int], list[cp_model.IntVar]] = defaultdict(list)
        for column, literal in zip(self._columns, self._literals, strict=True):
            for person in (person for team in column.team for person in team):
                taken[person, column.number, column.flat].append(literal)
        found = {}
        for person, own in rows.links.items():
            literals = [[] if item.fixed else taken[person, item.number, item.flat] for item in own.items]
            found[person] = Trips(self.model, problem, person, own, literals)
        for level in (rows.aim.level, *rows.aim.ceilings):
            if level == self._money:
                self._costs[level] += [price for trips in found.values() for price in trips.prices]
        return found

    def _total(self, level: int) -> cp_model.LinearExpr:
        """The figure of a level."""
        terms = self._costs[level]
        total = cp_model.LinearExpr.weighted_sum([literal for literal, _ in terms], [price for _, price in terms])
        expression: cp_model.LinearExpr = total + (self._rows.standing if level == self._money else 0)
        return expression

    def _deviations(self) -> None:
        """A variable for each person's distance from their target."""
        rows = self._rows
        for person, (over, under) in rows.deviation.items():
            reach = round(abs(rows.limit[over]) + sum(abs(value) for _, value in self._entries[over]))
            away = self.model.new_int_var(0, reach, "")
            for row in (over, under):
                self._entries[row].append((away, -1.0))
            self._costs[rows.aim.level].append((away, rows.facts.problem.resources[person].deviation))

    def _state_rows(self) -> None:
        """Every row as a constraint; levels in whole prices."""
        rows = self._rows
        apart = set(rows.activity.values()) | rows.of_levels
        for row in rows.activity.values():
            self.model.add_exactly_one([literal for literal, _ in self._entries[row]])
        for level, most in rows.aim.ceilings.items():
            self.model.add(self._total(level) <= most)
        for row, entries in self._entries.items():
            if row in apart:
                continue
            limit = math.floor(rows.limit[row] + 1e-9)
            if limit == 1 and all(value == 1.0 for _, value in entries):
                self.model.add_at_most_one([literal for literal, _ in entries])
                continue
            terms = cp_model.LinearExpr.weighted_sum(
                [literal for literal, _ in entries], [round(value) for _, value in entries]
            )
            self.model.add(terms <= limit)

    def hint(self, choices: dict[int, Choice | None]) -> None:
        """Tells the solver where to start."""
        options = self._rows.facts.options
        taken: set[tuple[int, int, int]] = set()
        for column, literal in zip(self._columns, self._literals, strict=True):
            choice, own = choices.get(column.number), options[column.number]
            same = choice is not None and choice.team == column.team
            if same and choice is not None:
                same = own.mode[column.flat] == choice.mode and own.index[column.flat] == choice.option
            self.model.add_hint(literal, bool(same))
            if same:
                taken |= {(person, column.number, column.flat) for team in column.team for person in team}
        for number, literal in self._out.items():
            self.model.add_hint(literal, choices.get(number) is None)
        for person, trips in self._trips.items():
            trips.hint([item.fixed or (person, item.number, item.flat) in taken for item in trips.items])

    def choices(self, solver: cp_model.CpSolver) -> dict[int, Choice | None]:
        """What a solve chose for each activity."""
        found: dict[int, Choice | None] = dict.fromkeys(self._rows.aim.active)
        for column, literal in zip(self._columns, self._literals, strict=True):
            if solver.boolean_value(literal):
                options = self._rows.facts.options[column.number]
                mode, index = int(options.mode[column.flat]), int(options.index[column.flat])
                found[column.number] = Choice(mode, index, column.team)
        return found
