"""The rows of the Rules sheet: every rule with its default, or with what the body made of it, and its source."""

from __future__ import annotations

from collections.abc import Iterable

from auditplan.io.messages import message
from auditplan.io.workbook import words
from auditplan.planner.cycle.rules import PROFILES
from auditplan.planner.domain import RuleKind, RuleSetting
from auditplan.planner.rulebook import RULES, Rule

OF_SETTINGS = frozenset({"moved", "swapped"})
"""Rules whose weight follows the Settings where the cell is blank."""


def rule_rows(settings: Iterable[RuleSetting], language: str) -> list[list[object]]:
    """A row for each rule, in the order of the rule book; those that name no known rule last. Columns: rule, on, kind,
    value, weight, source."""
    own = {row.rule: row for row in settings}
    rows = [_row(rule, own.pop(rule.id, RuleSetting(rule=rule.id)), language) for rule in RULES.values()]
    return rows + [[row.rule, None, None, row.value, row.weight, row.source] for row in own.values()]


def _row(rule: Rule, row: RuleSetting, language: str) -> list[object]:
    """The row of one rule."""
    on = (words.YES if row.on else words.NO).written(language) if rule.switchable or not row.on else None
    kind = row.kind or (RuleKind.HARD if rule.hard else None)
    weight = row.weight if row.weight is not None or rule.id in OF_SETTINGS else rule.weight
    return [
        rule.id,
        on,
        None if kind is None else words.RULE_KINDS[kind].written(language),
        row.value if row.value is not None else rule.value,
        weight,
        row.source or source(rule.id, language),
    ]


def source(rule: str, language: str) -> str:
    """Where a rule comes from, or what its number means."""
    profile, _, key = rule.partition(": ")
    if profile not in PROFILES:
        return message(f"source-{rule}", language)
    clause = message(f"source-clause-{profile}", language)
    if not key:
        return message("source-profile", language, clause=clause)
    meaning = message(f"source-number-{key}", language)
    return message("source-profile-number", language, meaning=meaning, clause=clause)
