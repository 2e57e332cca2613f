"""The rows of the Rules sheet: every rule with its default, or with what the body made of it, and its source."""

from __future__ import annotations

from collections.abc import Iterable

from auditplan.io.messages import LANGUAGES, message
from auditplan.io.workbook import words
from auditplan.io.workbook.read_spelling import fold
from auditplan.planner.cycle.rules import PROFILES
from auditplan.planner.domain import RuleKind, RuleSetting
from auditplan.planner.rulebook import RULES, Rule, changes

OF_SETTINGS = frozenset({"moved", "swapped"})
"""Rules whose weight follows the Settings where the cell is blank."""


def rule_rows(settings: Iterable[RuleSetting], language: str) -> list[list[object]]:
    """A row for each rule, in the order of the rule book: as the body has it, else its default; those that name no
    known rule last. Columns: rule, on, kind, value, weight, source."""
    own = {row.rule: row for row in settings}
    rows = [_own(own.pop(rule.id), language) if rule.id in own else _default(rule, language) for rule in RULES.values()]
    return rows + [[row.rule, None, None, row.value, row.weight, row.source] for row in own.values()]


def _default(rule: Rule, language: str) -> list[object]:
    """The row of a rule that the body says nothing about."""
    on = words.YES.written(language) if rule.switchable else None
    kind = words.RULE_KINDS[RuleKind.HARD].written(language) if rule.hard else None
    weight = None if rule.id in OF_SETTINGS else rule.weight
    return [rule.id, on, kind, rule.value, weight, source(rule.id, language)]


def _own(row: RuleSetting, language: str) -> list[object]:
    """The row of a body, as it is; what is blank stays so."""
    on = None if row.on else words.NO.written(language)
    kind = None if row.kind is None else words.RULE_KINDS[row.kind].written(language)
    return [row.rule, on, kind, row.value, row.weight, row.source or source(row.rule, language)]


def listed(row: RuleSetting) -> bool:
    """Whether a row as read only is the list's own: the default, with the source that the planner wrote beside it."""
    return not changes(row) and fold(row.source) in {fold(source(row.rule, language)) for language in LANGUAGES}


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
