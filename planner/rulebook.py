"""The rules that a plan obeys: their ids, their defaults with sources, and what a body changed about them."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal

from auditplan.planner.cycle.rules import CYCLE_RULES
from auditplan.planner.domain import RuleKind, RuleSetting
from auditplan.planner.rule import PRACTICE as PRACTICE
from auditplan.planner.rule import Rule as Rule


def _hard(name: str, source: str, *, switchable: bool = False, softable: bool = False) -> Rule:
    """A hard rule without a number."""
    return Rule(id=name, hard=True, source=source, switchable=switchable, softable=softable)


def _weight(name: str, weight: str, source: str, value: str | None = None) -> Rule:
    """A weight of the objective."""
    number = None if value is None else Decimal(value)
    return Rule(id=name, hard=False, weight=Decimal(weight), value=number, source=source)


HARD_RULES: tuple[Rule, ...] = (
    _hard("overlap", "nobody is in two places at once"),
    _hard("availability", "calendars of people and clients"),
    _hard("window", "ISO/IEC 17021-1:2015 9.1.3; the body's contract with the client", softable=True),
    _hard("lead", "ISO/IEC 17021-1:2015 9.2.2"),
    _hard("coverage", "ISO/IEC 17021-1:2015 7.1, 9.2.2"),
    _hard("counting", "ISO/IEC 17021-1:2015 9.1.4"),
    _hard("validity", "ISO/IEC 17021-1:2015 7.2"),
    _hard("conflict", "ISO/IEC 17021-1:2015 5.2.10", switchable=True),
    _hard("objection", "ISO/IEC 17021-1:2015 9.2.3", switchable=True),
    Rule(id="rotation", hard=True, value=Decimal(6), source="the body's own limit"),
    _hard("supervised", "ISO/IEC 17021-1:2015 9.2.2", switchable=True),
    _hard("independence", "ISO/IEC 17021-1:2015 9.5.1.1", switchable=True),
    _hard("sequence", "ISO/IEC 17021-1:2015 9.3.1", switchable=True),
    _hard("ceilings", "the body's own limit", switchable=True),
    _hard("full-time", "the body's own rule", switchable=True),
    _hard("fixed", "the coordinator's choice"),
)
"""The hard rules of a plan, in the order in which they are reported."""

NUMBERS: tuple[Rule, ...] = (
    Rule(id="cooling-off", hard=True, value=Decimal(12), source="months; " + PRACTICE),
    _weight("left out: recertification", "100", "an expired certificate; " + PRACTICE),
    _weight("left out: surveillance", "60", "suspension when overdue; " + PRACTICE),
    _weight("left out: initial", "40", PRACTICE),
    _weight("left out: special", "50", PRACTICE),
    _weight("left out: other", "30", PRACTICE),
    _weight("left out: due later", "0.2", "share of the weight when Due lies after the period; " + PRACTICE),
    _weight("due margin", "3", "a day nearer to Due than the value in days; " + PRACTICE, value="7"),
    _weight("target", "1", "a day further from Target than the value in days; " + PRACTICE, value="7"),
    _weight("late", "100", "a day after Due, where window is soft; " + PRACTICE),
    _weight("moved", "400", "an audit that is moved; the setting Cost per change"),
    _weight("moved day", "20", "each day that it is moved; " + PRACTICE),
    _weight("swapped", "400", "a person who is swapped; the setting Cost per change"),
    _weight("proposed", "2", "factor on changes of what is proposed; " + PRACTICE),
    _weight("confirmed", "10", "factor on changes of what is confirmed or invited; " + PRACTICE),
    _weight("balance", "10", "a percent of capacity away from the target; " + PRACTICE),
    _weight("continuity", "20", "another lead than last time; " + PRACTICE),
    _weight("preferred", "5", "a start outside the client's months or on an avoided weekday; " + PRACTICE),
    _weight("scarce", "10", "a holder of a scarce code on an audit that does not need it; " + PRACTICE),
    Rule(id="trips", hard=False, source="straight on from one client to the next where that is cheaper; " + PRACTICE),
    _weight("trainee", "30", "a trainee's seat that stays empty; " + PRACTICE),
)
"""Numbers and weights besides."""

RULES: dict[str, Rule] = {rule.id: rule for rule in (*HARD_RULES, *NUMBERS, *CYCLE_RULES)}
"""Every id that the Rules sheet may name."""


def changes(row: RuleSetting) -> bool:
    """Whether a row of the Rules sheet says anything else than the default: the sheet lists every rule."""
    rule = RULES.get(row.rule)
    if rule is None:
        return True
    same_kind = row.kind is None or (row.kind is RuleKind.HARD) == rule.hard
    return not (row.on and same_kind and row.value in {None, rule.value} and row.weight in {None, rule.weight})


class RuleBook:
    """The rules as a body has them: defaults, with the rows of its Rules sheet on top."""

    def __init__(self, settings: Iterable[RuleSetting]) -> None:
        """Rows that name no known rule are ignored here; the checks report them."""
        self._changed = {row.rule: row for row in settings if row.rule in RULES}

    def on(self, rule: str) -> bool:
        """Whether a rule holds. Raises KeyError for an unknown id."""
        row = self._changed.get(rule)
        return row is None or row.on or not RULES[rule].switchable

    def soft(self, rule: str) -> bool:
        """Whether a hard rule was made soft, so that it may be broken at a price."""
        row = self._changed.get(rule)
        return RULES[rule].softable and row is not None and row.kind is RuleKind.SOFT

    def value(self, rule: str) -> Decimal:
        """The number of a rule. Raises KeyError for an unknown id, ValueError for a rule without a number."""
        row = self._changed.get(rule)
        value = row.value if row is not None and row.value is not None else RULES[rule].value
        if value is None:
            raise ValueError(f"the rule {rule!r} has no number")
        return value

    def weight(self, rule: str, default: Decimal | None = None) -> Decimal:
        """The weight of a rule, 0 where it is off. default: goes before the rule's own where the body set none. Raises
        KeyError, ValueError like `value`."""
        if not self.on(rule):
            return Decimal(0)
        row = self._changed.get(rule)
        own = RULES[rule].weight if default is None else default
        weight = row.weight if row is not None and row.weight is not None else own
        if weight is None:
            raise ValueError(f"the rule {rule!r} has no weight")
        return weight
