"""A plan as `--json` shows it. The keys are the contract with scripts."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path

from auditplan.io.cli.books import count
from auditplan.planner.plan import Level, Plan
from auditplan.planner.problems import Problem

HUNDREDTHS = 100
"""Units of the level `money` in one of the currency."""
SECONDS = ("read", "build", "solve", "write")


def plan_figures(
    plan: Plan, problems: Iterable[Problem], seconds: Mapping[str, float], target: Path
) -> dict[str, object]:
    """The figures of a plan; money is in units of the currency, the other levels in points."""
    return {
        "placed": len(plan.placements),
        "unplaced": [entry.audit for entry in plan.unplaced],
        "levels": {level.name: _figure(level, level.value) for level in plan.levels},
        "bounds": {level.name: _figure(level, level.bound) for level in plan.levels},
        "gap": plan.gap,
        "status": "optimal" if plan.optimal else "feasible",
        "verified": plan.verified,
        "seconds": {name: round(seconds.get(name, 0.0), 3) for name in SECONDS},
        "problems": count(problems),
        "output": str(target),
        "seed": plan.seed,
    }


def _figure(level: Level, value: int) -> int | float:
    """A level's figure in its own unit."""
    return value / HUNDREDTHS if level.name == "money" else value
