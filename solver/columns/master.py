"""The linear program over the columns found so far, solved by HiGHS."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

import numpy as np

from auditplan.solver.columns.aims import Column
from auditplan.solver.columns.plans import Floats
from auditplan.solver.columns.rows import Rows

if TYPE_CHECKING:
    import highspy

PRIMAL = 4
"""HiGHS's primal simplex: new columns leave the last basis feasible for it."""
SIMPLEX_WORK = 5e-4
"""Work of one simplex iteration, in core-seconds (measured)."""
KEPT_EACH = 12
"""Columns per activity that are kept at least where many have to go: those of the least reduced cost."""
INTERIOR_TOLERANCE = 1e-4
"""Relative gap at which interior points end: bounds hold at any prices."""
INTERIOR_WORK = 4e-7
"""Work of one interior-point iteration for each entry of the program, in core-seconds (measured: 2.5e-7 on a medium
body, 4e-7 and more on a tight one)."""


def _silent_program() -> highspy.Highs:
    """An empty program that prints nothing. Since 1.12 HiGHS greets on standard output as soon as its callbacks are
    enabled, which its Python class does while it is made."""
    import highspy

    class Silent(highspy.Highs):
        """Silenced before its callbacks are enabled."""

        def enableCallbacks(self) -> None:  # noqa: N802 - HiGHS's name
            self.setOptionValue("output_flag", False)
            super().enableCallbacks()  # type: ignore[no-untyped-call]

    return Silent()  # type: ignore[no-untyped-call]


class Master:
    """The program: columns are added, so that each simplex solve starts from the last basis. Where that
    takes too many iterations (tight bodies are degenerate) interior points take over for good: many times faster
    there, and prices from the middle of the optimal ones lead to better columns than those of a corner.

    work: of the last solve, in core-seconds."""

    def __init__(self, rows: Rows, *, corner: bool = False) -> None:
        """Starts with the rows. corner: whether interior points go on to a corner, where fewer columns have shares."""
        import highspy

        self._rows = rows
        self._interior, self._corner = False, corner
        self._reduced = np.array([])
        self.work = 0.0
        self._program: highspy.Highs = _silent_program()
        self._program.setOptionValue("threads", 1)
        self._program.setOptionValue("random_seed", 0)
        self._program.setOptionValue("solver", "simplex")
        self._program.setOptionValue("simplex_strategy", PRIMAL)
        nothing = np.array([], dtype=np.int32)
        activities = len(rows.activity)
        for row, limit in enumerate(rows.limit):
            low = limit if row < activities else -highspy.kHighsInf
            self._program.addRow(low, limit, 0, nothing, np.array([]))
        self.columns: list[Column | None] = []
        self._known: set[Column] = set()
        for person, pair in rows.deviation.items():
            price = rows.facts.problem.resources[person].deviation
            self._add(float(price), {pair[0]: -1.0, pair[1]: -1.0}, None)
        for cost, entries, fixed in rows.arcs():
            self._add(cost, entries, None, fixed=fixed)

    def leave_out(self, number: int, price: float) -> None:
        """A column for leaving an activity out."""
        self._add(price, self._rows.left_out(number), None)

    def add(self, columns: Iterable[Column]) -> int:
        """Adds columns that are not known yet; how many they were."""
        added = 0
        for column in columns:
            if column not in self._known:
                self._known.add(column)
                self._add(self._rows.cost(column, self._rows.aim.level), self._rows.entries(column), column)
                added += 1
        return added

    def _add(self, cost: float, entries: dict[int, float], column: Column | None, *, fixed: bool = False) -> None:
        """One column. fixed: it is taken, whatever it costs."""
        import highspy

        index = np.array(list(entries), dtype=np.int32)
        values = np.array(list(entries.values()))
        low, high = (1.0, 1.0) if fixed else (0.0, highspy.kHighsInf)
        self._program.addCol(cost, low, high, len(index), index, values)
        self.columns.append(column)

    def solve(self, iterations: int) -> tuple[float, Floats, Floats] | None:
        """Optimum, prices of the rows (of limits: what a unit less costs, at least 0; of activities: what they cost)
        and values of the columns; None where it was not solved. iterations: of the simplex method, before interior
        points take over."""
        self.work = 0.0
        if not (self._interior or self._simplex(iterations)):
            self._interior = True
        if self._interior and not self._interior_points():
            return None
        solution = self._program.getSolution()
        self._reduced = np.array(solution.col_dual)
        price = np.array(solution.row_dual)
        activities = len(self._rows.activity)
        price[activities:] = np.maximum(-price[activities:], 0.0)
        return float(self._program.getInfo().objective_function_value), price, np.array(solution.col_value)

    def _simplex(self, iterations: int) -> bool:
        """Solves from the last basis; whether it came to the end."""
        self._program.setOptionValue("simplex_iteration_limit", iterations)
        solved = self._run()
        self.work += SIMPLEX_WORK * max(0, int(self._program.getInfo().simplex_iteration_count))
        return solved

    def _interior_points(self) -> bool:
        """Solves from scratch, without a corner at the end; whether it came to the end."""
        self._program.setOptionValue("solver", "ipm")
        self._program.setOptionValue("run_crossover", "on" if self._corner else "off")
        self._program.setOptionValue("presolve", "off")
        self._program.setOptionValue("ipm_optimality_tolerance", INTERIOR_TOLERANCE)
        self._prune()
        self._program.clearSolver()
        self._run()
        rounds = max(1, int(self._program.getInfo().ipm_iteration_count))
        self.work += INTERIOR_WORK * rounds * int(self._program.getNumNz())
        solution = self._program.getSolution()
        return bool(solution.dual_valid and np.isfinite(solution.row_dual).all())

    def _prune(self) -> None:
        """Lets the dearest columns go once they are twice those to keep: interior points take longer with each."""
        keep = KEPT_EACH * len(self._rows.activity)
        if len(self._known) < 2 * keep:
            return
        reduced = np.full(len(self.columns), -np.inf)  # what came since the last solve stays
        reduced[: len(self._reduced)] = self._reduced
        candidates = np.flatnonzero([column is not None for column in self.columns])
        order = candidates[np.argsort(reduced[candidates], kind="stable")]
        gone = np.sort(order[keep:])
        self._program.deleteCols(len(gone), gone.astype(np.int32))
        dropped = set(gone.tolist())
        self._known -= {column for at in dropped if (column := self.columns[at]) is not None}
        self.columns = [column for at, column in enumerate(self.columns) if at not in dropped]

    def _run(self) -> bool:
        """Runs HiGHS; whether the optimum was found."""
        import highspy

        self._program.run()
        return bool(self._program.getModelStatus() == highspy.HighsModelStatus.kOptimal)
