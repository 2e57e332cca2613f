"""Scenarios and capacity as `--json` shows them. The keys are the contract with scripts."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from auditplan.io.cli.figures import HUNDREDTHS, bottleneck_figures, plan_figures
from auditplan.planner.problems import Problem

if TYPE_CHECKING:
    from auditplan.planner.capacity.advice import Advised
    from auditplan.planner.capacity.study import Capacity
    from auditplan.planner.plan import Plan
    from auditplan.planner.scenarios.study import Outcome, Study


def study_figures(
    study: Study, problems: Iterable[Problem], target: Path, seconds: Mapping[str, float]
) -> dict[str, object]:
    """base, and scenarios by name: the figures of `plan --json`, more of them, and the difference from the base.
    seconds: to read the book and to write the comparison, both once for all of them."""
    found = _Common(tuple(problems), target, seconds)
    base = study.base.plan
    assert base is not None
    scenarios: dict[str, object] = {}
    for outcome in study.scenarios:
        assert outcome.scenario is not None
        scenarios[outcome.scenario.name] = _outcome(outcome, found, base)
    return {
        "base": _outcome(study.base, found, None),
        "scenarios": scenarios,
        "unfinished": list(study.unfinished),
        "output": str(target),
    }


@dataclass(frozen=True, slots=True)
class _Common:
    """What all plans of a study have in common."""

    problems: tuple[Problem, ...]
    target: Path
    seconds: Mapping[str, float]


def _outcome(outcome: Outcome, common: _Common, base: Plan | None) -> dict[str, object]:
    """One plan's figures; only its problems where there is no plan."""
    from auditplan.io.cli.books import count
    from auditplan.planner.scenarios.compare import figures

    plan = outcome.plan
    if plan is None:
        return {"status": "unplannable", "problems": count(outcome.answer.problems)}
    problems, seconds = (*common.problems, *outcome.answer.problems), {**common.seconds, **dict(plan.seconds)}
    made = plan_figures(plan, problems, seconds, common.target)
    own = figures(outcome.body, plan)
    made |= {
        "placed_by_type": {kind.value: number for kind, number in own.placed if number},
        "left_out_by_type": {kind.value: number for kind, number in own.left_out if number},
        "overdue": own.overdue,
        "days_needed": own.days_needed,
        "days_available": own.days_available,
        "days_planned": round(own.days_planned, 2),
        "use": round(own.use, 4),
    }
    if base is not None:
        made["difference"] = _difference(base, plan)
    return made


def _difference(base: Plan, plan: Plan) -> dict[str, object]:
    """From the base: how many more are placed, and each level with what is certain of it."""
    from auditplan.planner.scenarios.compare import differences, moves

    levels: dict[str, object] = {}
    for entry in differences(base, plan):
        unit = HUNDREDTHS if entry.level == "money" else 1
        numbers = {"value": entry.value, "least": entry.least, "most": entry.most}
        scaled = {name: number / unit if unit > 1 else number for name, number in numbers.items()}
        levels[entry.level] = {**scaled, "proven": entry.certain}
    return {
        "placed": len(plan.placements) - len(base.placements),
        "left_out": len(plan.unplaced) - len(base.unplaced),
        "levels": levels,
        "changed": sum(1 for _ in moves(base, plan)),
    }


def capacity_figures(found: Capacity, problems: Iterable[Problem], target: Path) -> dict[str, object]:
    """Load by month, bottlenecks, headroom, whom to hire and train."""
    from auditplan.io.cli.books import count

    load = found.load
    months = [month.isoformat()[:7] for month in load.months]
    return {
        "months": months,
        "needed": [round(days, 2) for days in load.needed_all],
        "available": [round(days, 2) for days in load.available_all],
        "load": [
            {
                "standard": row.standard,
                "code": row.code,
                "region": row.region,
                "role": row.role,
                "needed": [round(days, 2) for days in load.needed[row]],
                "available": [round(days, 2) for days in load.available[row]],
            }
            for row in load.needed
        ],
        "bottlenecks": bottleneck_figures(found.bottlenecks),
        "headroom": [
            {
                "standard": entry.standard,
                "audits": entry.audits,
                "fits": entry.fits,
                "percent": round(entry.percent, 2),
                "lost": entry.lost,
                "proven": entry.proven,
                "at_least": entry.reached,
                "left_out": entry.left_out,
            }
            for entry in found.headroom
        ],
        "hire": _advised(found.hire),
        "train": _advised(found.train),
        "problems": count(problems),
        "output": str(target),
    }


def _advised(advised: Advised) -> dict[str, object]:
    """Candidates, best first, and whether nobody else can be better."""
    return {
        "best": [
            {
                "region": entry.candidate.region,
                "auditor": entry.candidate.auditor,
                "standard": entry.candidate.standard,
                "code": entry.candidate.code,
                "role": entry.candidate.role.value,
                "cost": entry.cost,
                "rescued": entry.rescued,
                "audits": entry.audits,
                "proven": entry.proven,
            }
            for entry in advised.best
        ],
        "complete": advised.complete,
        "solved": advised.solved,
        "out_of": advised.out_of,
    }
