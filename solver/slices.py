"""How large models may be and how much work a job does: what cuts the engine's work into slices."""

from __future__ import annotations

WHOLE_MODEL = 15_000
"""Presence literals up to which all that may still be needed is given to the exact solver."""
SMALL_MODEL, SMALL_SLICE = 2_000, 4.0
"""Presence literals up to which the exact solver is tried alone first, and up to which slice."""
FIRST_SLICE, LAST_SLICE, GROWTH = 0.5, 4.0, 1.3
"""Deterministic work of one job of the first round, of the last, and how much it grows from round to round."""
FIRST_EXACT = 1.5
"""Deterministic work of the first exact solve of a level; later ones get more."""
FIRST_WHOLE = 8.0
"""Deterministic work of the first solve over all columns that may still be needed."""
LONGEST_EXACT = 40.0
"""Deterministic work of an exact solve at most."""
POLL = 0.1
"""Seconds between looks at the clock and the stop signal."""
EFFORT_OF_INSERTION = 2.5e-3
"""Work of inserting one activity, in core-seconds (measured)."""
ROUND_WORK = 0.02
"""Work of starting and merging a round, in core-seconds (measured)."""
EJECTION_EACH, EJECTION_SHARE = 0.04, 0.35
"""Work of ejection at most: core-seconds for each activity, and a share of the seconds left after construction; it
seldom needs so much."""
MOST_FRUITLESS = 10
"""Jobs of ejection in a row without a better solution, after which it gets its turn more seldom."""
ADAPTING = 8
"""Rounds, each of one job alone, in which a solution of another problem is fitted to this one."""
