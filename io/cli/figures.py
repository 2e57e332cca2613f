"""A plan, and bottlenecks, as `--json` shows them. The keys are the contract with scripts."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from auditplan.io.cli.books import count
from auditplan.planner.plan import Level, Plan
from auditplan.planner.problems import Problem

if TYPE_CHECKING:
    from auditplan.planner.capacity.bottlenecks import Bottleneck

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


def bottleneck_figures(found: Iterable[Bottleneck]) -> list[dict[str, object]]:
    """Sets of audits that only a few people can serve."""
    return [
        {
            "kind": entry.kind,
            "audits": list(entry.audits),
            "people": list(entry.people),
            "codes": [f"{standard}:{code}" if code else standard for standard, code in entry.pairs],
            "needed": entry.needed,
            "available": entry.available,
        }
        for entry in found
    ]


def _figure(level: Level, value: int) -> int | float:
    """A level's figure in its own unit."""
    return value / HUNDREDTHS if level.name == "money" else value
