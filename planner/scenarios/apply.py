"""A scenario applied to a body: a pure function, so that any command can run on what comes out."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from auditplan.planner.domain import Body
from auditplan.planner.scenarios import changes as kinds
from auditplan.planner.scenarios import people, work
from auditplan.planner.scenarios.changes import ORDER, Change, Scenario
from auditplan.planner.scenarios.selection import Filter

_APPLY: dict[type[Change], Callable[[Body, Any], Body]] = {
    kinds.NewPeriod: work.new_period,
    kinds.RuleChange: work.rule,
    kinds.WidenWindows: work.widen_windows,
    kinds.RemoteShare: work.remote_share,
    kinds.TeamSize: work.team_size,
    kinds.Demand: work.demand,
    kinds.AddAuditors: people.add_auditors,
    kinds.AddQualification: people.add_qualification,
    kinds.Absence: people.absence,
    kinds.RemoveAuditor: people.remove_auditor,
}


def apply_change(body: Body, change: Change) -> Body:
    """One change."""
    return _APPLY[type(change)](body, change)


def as_it_is(body: Body) -> Body:
    """The body itself."""
    return body


def apply_scenario(body: Body, scenario: Scenario, prepare: Callable[[Body], Body] = as_it_is) -> Body:
    """All changes of a scenario, in an order of their own, so that the order of the rows does not matter: by kind,
    the wider filter before the narrower, and only rows about the very same thing in the order given.

    prepare: what is done with a body once its period is known: what falls due of certificates in it, say."""
    body = prepare(in_its_period(body, scenario))
    for change in sorted(scenario.changes, key=_place):
        if not isinstance(change, kinds.NewPeriod):
            body = apply_change(body, change)
    return body


def in_its_period(body: Body, scenario: Scenario) -> Body:
    """The body over the period that a scenario asks for; the rest of the scenario is not applied."""
    for change in scenario.changes:
        if isinstance(change, kinds.NewPeriod):
            body = apply_change(body, change)
    return body


def _place(change: Change) -> tuple[int, int, str]:
    """Where a change comes in the order."""
    audits = getattr(change, "audits", None)
    narrowness = audits.narrowness if isinstance(audits, Filter) else 0
    return ORDER.index(type(change)), narrowness, _subject(change, audits)


def _subject(change: Change, audits: Filter | None) -> str:
    """What a change is about; two rows about the same thing keep their order."""
    if audits is not None:
        names = [kind.value for kind in audits.types]
        return "|".join(map("/".join, (names, audits.standards, audits.regions, audits.codes)))
    if isinstance(change, kinds.AddQualification):
        return "|".join((change.auditor, change.standard, "/".join(change.codes), change.role.value))
    if isinstance(change, kinds.Absence):
        return f"{change.auditor}|{change.start}|{change.until}"
    if isinstance(change, kinds.NewPeriod):
        return ""
    if isinstance(change, kinds.RuleChange):
        return change.rule
    if isinstance(change, kinds.AddAuditors):
        return f"{change.like}|{change.region}"
    return change.auditor if isinstance(change, kinds.RemoveAuditor) else ""
