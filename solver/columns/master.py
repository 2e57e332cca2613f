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
    """The program: columns are added, never taken away, so that each solve starts from the last basis."""

    def __init__(self, rows: Rows) -> None:
        """Starts with the rows, and with a column for leaving out each activity (very dear where it may not be)."""
        import highspy

        self._rows = rows
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
        and values of the columns; None where it was not solved within so many simplex iterations."""
        import highspy

        self._program.setOptionValue("simplex_iteration_limit", iterations)
        self._program.run()
        if self._program.getModelStatus() != highspy.HighsModelStatus.kOptimal:
            return None
        solution = self._program.getSolution()
        price = np.array(solution.row_dual)
        activities = len(self._rows.activity)
        price[activities:] = np.maximum(-price[activities:], 0.0)
        return float(self._program.getInfo().objective_function_value), price, np.array(solution.col_value)

    @property
    def iterations(self) -> int:
        """Simplex iterations of the last solve."""
        return int(self._program.getInfo().simplex_iteration_count)
