"""A rule that is off stands against nobody in explanations: the bodies that try each rule in model and verifier."""

from __future__ import annotations

import sys
from collections.abc import Callable
from dataclasses import replace
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path

from auditplan.planner.domain import Body, RuleSetting
from auditplan.planner.explanations.ground import Ground
from auditplan.planner.explanations.results import Question
from auditplan.planner.explanations.whynot import WhyNots
from auditplan.planner.planning import make_plan
from auditplan.solver.solution import Budget


def _cases() -> dict[str, Callable[[], Body]]:
    """Rule → a body that leaves its audit no way as long as the rule is on."""
    path = Path(__file__).parents[1] / "planner" / "test_rules_switched.py"
    spec = spec_from_file_location("bodies_of_switched_rules", path)
    assert spec is not None
    assert spec.loader is not None
    module = module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    cases: dict[str, Callable[[], Body]] = module.CASES
    return cases


def _possible(body: Body) -> list[bool]:
    """Per person, whether nothing stands against them in the audit."""
    ground = Ground(body, make_plan(body, Budget(effort=2)).plan.placements)
    answers = [WhyNots(ground).ask(Question(audit="T", auditor=auditor.id)) for auditor in body.auditors]
    assert all(answer.possible == (not answer.against) for answer in answers)
    return [answer.possible is True for answer in answers]


def test_why_not_honours_a_rule_that_is_off() -> None:
    cases = _cases()
    assert len(cases) == 9
    for rule, made in cases.items():
        strict = made()
        kept = tuple(row for row in strict.rules if row.rule != rule)
        loose = replace(strict, rules=(*kept, RuleSetting(rule=rule, on=False)))
        assert not any(_possible(strict)), rule
        assert any(_possible(loose)), rule
