"""How large models may be and how much work a job does: what cuts the engine's work into slices."""

from __future__ import annotations

WHOLE_MODEL = 90_000
"""Presence literals up to which the whole problem is given to the exact solver."""
SMALL_MODEL, SMALL_SLICE = 8_000, 16.0
"""Presence literals up to which the exact solver is tried alone first, and up to which slice."""
SLICE = 2.0
"""Deterministic work of one job of a round; exact solves of the whole double theirs each time."""
FIRST_EXACT = 1.0
COARSE_MODEL = 60_000
"""Presence literals up to which the coarse picture is solved."""
COARSE_SLICE, COARSE_ROUNDS = 3.0, 3
"""Deterministic work of the first coarse solve, each later one three times as long, and how many there are."""
POLL = 0.1
"""Seconds between looks at the clock and the stop signal."""
