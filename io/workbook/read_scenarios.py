"""Rows of Scenarios, and changes typed on the command line, as changes of a body; every problem at once."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from typing import TypeVar

from auditplan.io.workbook.read_references import References, resolve
from auditplan.io.workbook.read_spelling import fold, nearest, tidy
from auditplan.io.workbook.scenario_filters import read_filter
from auditplan.io.workbook.scenario_values import days, ends, number, percent, qualification, sizes, whole
from auditplan.io.workbook.schema import SCENARIOS
from auditplan.io.workbook.values_error import UnfitValueError
from auditplan.io.workbook.words_scenarios import CHANGES, LIKE, OFF, ON
from auditplan.planner.domain import Body, RuleKind, ScenarioChange
from auditplan.planner.problems import Origin, Problem, Severity, problem_at
from auditplan.planner.rulebook import RULES
from auditplan.planner.scenarios import changes
from auditplan.planner.scenarios.changes import Change, Scenario
from auditplan.planner.scenarios.selection import EVERYTHING, Filter, selected

Value = TypeVar("Value")
SET = "--set"
"""Where changes typed on the command line come from."""
MOST_PEOPLE = 500
"""More than this in one row is taken for a slip."""
_FILTERED = (changes.Demand, changes.WidenWindows, changes.RemoteShare, changes.TeamSize)
_KINDS = {fold(name): kind for kind, word in CHANGES.items() for name in (word.en, word.zh, *word.also)}


@dataclass(frozen=True, slots=True)
class _Names:
    """What a change may refer to."""

    auditors: References
    regions: References


class _FieldError(Exception):
    """A value that cannot be taken, and in which column."""

    def __init__(self, field: str, error: UnfitValueError) -> None:
        """Keeps both."""
        super().__init__(field)
        self.field, self.error = field, error


def read_scenarios(body: Body, rows: Iterable[ScenarioChange]) -> tuple[tuple[Scenario, ...], tuple[Problem, ...]]:
    """The scenarios in the order in which they are first named, and what is wrong with their rows: errors for rows
    that cannot be read (they are left away), warnings for filters that mean no audit."""
    found: dict[str, Scenario] = {}
    names = _names(body)
    problems: list[Problem] = []
    for row in rows:
        key = fold(row.scenario)
        known = found.setdefault(key, Scenario(name=tidy(row.scenario)))
        try:
            change = _change(row, names)
        except _FieldError as wrong:
            problems.append(_problem(row, wrong))
            continue
        found[key] = replace(known, changes=(*known.changes, change))
        wanted = change.audits if isinstance(change, _FILTERED) else EVERYTHING
        if wanted != EVERYTHING and not selected(body, wanted):
            problems.append(problem_at(row.origin, "target", "scenario-nothing", Severity.WARNING, row.target))
    return tuple(found.values()), tuple(problems)


def _problem(row: ScenarioChange, wrong: _FieldError) -> Problem:
    """What is wrong with a row, at its cell. Its column is named in the language of the sheet's own name."""
    given, error = getattr(row, wrong.field), wrong.error
    column = SCENARIOS.column(wrong.field)
    title = column.zh if row.origin is not None and fold(row.origin.sheet) == fold(SCENARIOS.zh) else column.en
    parameters = {"column": title, "given": given, **error.parameters}
    return problem_at(row.origin, wrong.field, error.code, error.severity, given, stops=False, **parameters)


def set_rows(given: Iterable[str], scenario: str) -> tuple[ScenarioChange, ...]:
    """Changes typed as `CHANGE; TARGET; VALUE` on the command line, as rows of one scenario. Without a target
    `CHANGE; VALUE` will do."""
    rows = []
    for nth, text in enumerate(given, start=1):
        parts = [tidy(part) for part in tidy(text).split(";")]
        change, target, value = (parts[0], "", parts[1]) if len(parts) == 2 else (*parts, "", "")[:3]
        place = Origin(SET, nth)
        rows.append(ScenarioChange(scenario=scenario, change=change, target=target, value=value, origin=place))
    return tuple(rows)


def _names(body: Body) -> _Names:
    """The body's people and regions."""
    people = References((auditor.id, auditor.name) for auditor in body.auditors)
    return _Names(people, References((place.region, "") for place in body.places))


def _change(row: ScenarioChange, names: _Names) -> Change:
    """One row. Raises _FieldError."""
    kind = _KINDS.get(fold(row.change))
    if kind is None:
        near = nearest(row.change, [name for word in CHANGES.values() for name in (word.en, word.zh)], 0.4)
        if near:
            raise _FieldError("change", UnfitValueError("scenario-change-near", given=tidy(row.change), near=near))
        known = ", ".join(f"{word.en} / {word.zh}" for word in CHANGES.values())
        raise _FieldError("change", UnfitValueError("scenario-change-unknown", given=tidy(row.change), known=known))
    return replace(_READERS[kind](row, names), origin=row.origin)


def _take(row: ScenarioChange, field: str, reader: Callable[[str], Value]) -> Value:
    """A cell as a reader takes it. Raises _FieldError."""
    text = tidy(getattr(row, field))
    try:
        return reader(text)
    except UnfitValueError as error:
        raise _FieldError(field, error) from error


def _filter(row: ScenarioChange, names: _Names) -> Filter:
    """The audits that a row is about."""
    return _take(row, "target", lambda text: read_filter(text, names.regions))


def _person(row: ScenarioChange, names: _Names) -> str:
    """The auditor that a row is about."""
    return _take(row, "target", lambda text: resolve(_given(text), [names.auditors]))


def _given(text: str) -> str:
    """A text that must not be blank."""
    if not text:
        raise UnfitValueError("scenario-blank")
    return text


def _add_auditors(row: ScenarioChange, names: _Names) -> Change:
    """How many, and like whom or where."""
    count = _take(row, "value", lambda text: whole(text or "1", 1, MOST_PEOPLE))
    head, colon, tail = tidy(row.target).partition(":")
    if colon and fold(head) in {fold(word) for word in LIKE}:
        person = _take(row, "target", lambda _: resolve(_given(tail.strip()), [names.auditors]))
        return changes.AddAuditors(number=count, like=person)
    region = _take(row, "target", lambda text: resolve(_given(text), [names.regions]))
    return changes.AddAuditors(number=count, region=region)


def _remove_auditor(row: ScenarioChange, names: _Names) -> Change:
    """Who, and from when on."""
    since = _take(row, "value", lambda text: days(text)[0] if text else None)
    return changes.RemoveAuditor(auditor=_person(row, names), since=since)


def _add_qualification(row: ScenarioChange, names: _Names) -> Change:
    """Who, and for what."""
    person = _person(row, names)
    standard, codes, role = _take(row, "value", qualification)
    return changes.AddQualification(auditor=person, standard=standard, codes=codes, role=role)


def _absence(row: ScenarioChange, names: _Names) -> Change:
    """Who, and when."""
    person = _person(row, names)
    start, until = _take(row, "value", days)
    return changes.Absence(auditor=person, start=start, until=until)


def _demand(row: ScenarioChange, names: _Names) -> Change:
    """How much more or less of what."""
    wanted = _filter(row, names)
    return changes.Demand(percent=_take(row, "value", lambda text: percent(text, -100, 1000)), audits=wanted)


def _widen_windows(row: ScenarioChange, names: _Names) -> Change:
    """How many days, of what."""
    wanted = _filter(row, names)
    return changes.WidenWindows(days=_take(row, "value", lambda text: whole(text, -366, 366)), audits=wanted)


def _remote_share(row: ScenarioChange, names: _Names) -> Change:
    """How much of what."""
    wanted = _filter(row, names)
    return changes.RemoteShare(percent=_take(row, "value", lambda text: percent(text, 0, 100)), audits=wanted)


def _team_size(row: ScenarioChange, names: _Names) -> Change:
    """From how many to how many, of what."""
    wanted = _filter(row, names)
    smallest, largest = _take(row, "value", sizes)
    return changes.TeamSize(smallest=smallest, largest=largest, audits=wanted)


def _rule(row: ScenarioChange, names: _Names) -> Change:
    """Which rule, and what becomes of it. Only what the sheet Rules may change may be changed here."""
    del names
    name = _take(row, "target", _rule_id)
    return _take(row, "value", lambda text: _rule_value(name, text))


def _rule_id(text: str) -> str:
    """The id of a rule."""
    known = {fold(rule): rule for rule in RULES}
    if fold(text) not in known:
        raise UnfitValueError("scenario-rule-unknown", given=text, near=nearest(text, RULES, 0.3) or "window")
    return known[fold(text)]


def _rule_value(name: str, text: str) -> changes.RuleChange:
    """on, off, hard, soft or a number. Raises UnfitValueError for what the rule cannot be."""
    rule, folded = RULES[name], fold(text)
    if folded in {fold(word) for word in OFF}:
        if not rule.switchable:
            raise UnfitValueError("scenario-rule-always", rule=name)
        return changes.RuleChange(rule=name, on=False)
    if folded in {fold(word) for word in ON}:
        return changes.RuleChange(rule=name, on=True)
    if folded in {"soft", "软"}:
        if not rule.softable:
            raise UnfitValueError("scenario-rule-hard", rule=name)
        return changes.RuleChange(rule=name, kind=RuleKind.SOFT)
    if folded in {"hard", "硬"}:
        return changes.RuleChange(rule=name, kind=RuleKind.HARD)
    if rule.value is None and rule.weight is None:
        raise UnfitValueError("scenario-rule-no-number", rule=name, given=text)
    return changes.RuleChange(rule=name, number=number(text, 0, 1e9))


def _period(row: ScenarioChange, names: _Names) -> Change:
    """From when to when."""
    del names
    start, end = _take(row, "value" if tidy(row.value) else "target", ends)
    return changes.NewPeriod(start=start, end=end)


_READERS: dict[type[Change], Callable[[ScenarioChange, _Names], Change]] = {
    changes.AddAuditors: _add_auditors,
    changes.RemoveAuditor: _remove_auditor,
    changes.AddQualification: _add_qualification,
    changes.Absence: _absence,
    changes.Demand: _demand,
    changes.WidenWindows: _widen_windows,
    changes.RemoteShare: _remote_share,
    changes.TeamSize: _team_size,
    changes.RuleChange: _rule,
    changes.NewPeriod: _period,
}
