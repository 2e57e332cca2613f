"""The pipeline: certificates become rows of Audits. A second run adds nothing; what a coordinator edited is kept."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from decimal import Decimal

from auditplan.planner.cycle.chains import chains
from auditplan.planner.cycle.demand import Demand
from auditplan.planner.cycle.evidence import CYCLIC, covers, settled
from auditplan.planner.cycle.mark import Mark, differences, fingerprint, marked, read_mark
from auditplan.planner.cycle.outlets import Outlets, site_visits
from auditplan.planner.cycle.spots import completed, spot_checks
from auditplan.planner.cycle.times import differing_days
from auditplan.planner.cycle.visits import Due, grouped, overlapping, visit, whole_days, with_fields
from auditplan.planner.domain import Audit, AuditStatus, Body
from auditplan.planner.problems import Problem, Severity, problem_at
from auditplan.planner.rulebook import RuleBook

NEAR = 183
"""A typed row whose Due lies within so many days of a step's limit is that step."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Pipeline:
    """What the pipeline did. body: with every row as it is now. added: new rows; changed: rows of the book with new
    values (their origin says where); settled: rows that were placed ahead of the period, with what is to be written of
    that; linked: typed rows that now follow a generated one (their After was blank), and typed spot checks
    that now keep away from the announced team; kept: ids of rows that differ
    from their certificates and were left alone."""

    body: Body
    added: tuple[Audit, ...]
    changed: tuple[Audit, ...]
    settled: tuple[Audit, ...]
    linked: tuple[Audit, ...] = ()
    kept: tuple[str, ...]
    problems: tuple[Problem, ...]


def run_pipeline(body: Body, until: date | None = None) -> Pipeline:
    """Generates what falls due of the certificates by `until` (default: the end of the period and the days of the
    rule `pipeline ahead`), and settles what the plan before placed ahead of the period."""
    body, rows = settled(body)
    rules = RuleBook(body.rules)
    demand = Demand(body, rules)
    ahead = int(rules.value("pipeline ahead")) if rules.on("pipeline ahead") else 0
    run = _Run(body, rules, demand, until or body.settings.plan_to + timedelta(days=ahead))
    run.reconcile()
    run.generate()
    body, spots = run.sites_and_spots()
    links = chains(body, rules)
    now = {**links.linked, **links.changed, **links.apart}
    audits = [now.get(audit.id, audit) for audit in body.audits]
    new = {audit.id for audit in run.added}
    apart = {name: audit for name, audit in links.apart.items() if name not in new}
    return Pipeline(
        body=replace(body, audits=(*audits, *links.added)),
        added=(*(now.get(audit.id, audit) for audit in run.added), *links.added),
        changed=tuple({**run.changed, **links.changed, **apart}.values()),
        settled=tuple(rows.values()),
        linked=tuple(audit for audit in {**spots, **links.linked}.values() if audit.id not in new),
        kept=tuple(run.kept),
        problems=(*demand.told(), *run.problems, *links.problems, *differing_days(body, rules)),
    )


@dataclass(slots=True)
class _Run:
    """One run."""

    body: Body
    rules: RuleBook
    demand: Demand
    horizon: date
    added: list[Audit] = field(default_factory=list)
    changed: dict[str, Audit] = field(default_factory=dict)
    kept: list[str] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    served: set[str] = field(default_factory=set)
    ids: set[str] = field(default_factory=set)
    outlets: Outlets = field(init=False)
    whole: dict[str, Decimal] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Sorts the sites."""
        self.outlets = Outlets(self.body, self.rules)

    def _visit(self, group: list[Due], identity: str = "") -> Audit:
        """The row of a visit; its days with all sites are kept."""
        audit = visit(group, self.rules, self.demand.day, identity, self.outlets)
        if not identity:
            audit = self._named(audit)
        self.whole[audit.id] = whole_days(group, self.rules)
        return audit

    def reconcile(self) -> None:
        """The generated rows that there are: up to date, kept as edited, or dropped; typed rows serve the steps that
        they are."""
        self.ids = {audit.id for audit in self.body.audits}
        typed: dict[str, list[Audit]] = {}
        for audit in self.body.audits:
            mark = read_mark(audit.generated)
            if mark is not None:
                self._generated(audit, mark)
            elif audit.type in CYCLIC and audit.status not in {AuditStatus.CANCELLED, AuditStatus.DONE}:
                typed.setdefault(audit.client, []).append(audit)
        for due in self.demand.dues:
            self._serve(due, typed.get(due.certificate.client, ()))

    def _serve(self, due: Due, rows: Iterable[Audit]) -> None:
        """A typed row of the client with the same type, the standards, and about the same day is the step."""
        if due.step.id in self.served:
            return
        for row in rows:
            near = abs((row.due - due.step.aim).days) <= NEAR or abs((row.due - due.due).days) <= NEAR
            if row.type is due.step.type and near and covers(row, due.certificate):
                self.served.add(due.step.id)
                return

    def _generated(self, audit: Audit, mark: Mark) -> None:
        """One generated row of the book."""
        if mark.dropped and audit.status is AuditStatus.CANCELLED:
            self._revive(audit, mark)
            return
        self.served.update(mark.steps)
        if audit.status is AuditStatus.DONE:
            return
        dues = [due for step in mark.steps if (due := self.demand.by_step.get(step)) is not None]
        if audit.status is AuditStatus.CANCELLED:
            for due in dues:
                self._say(audit, "status", "pipeline-cancelled", Severity.WARNING, date=due.due)
            return
        edited = fingerprint(audit) != mark.fingerprint
        whole = len(dues) == len(mark.steps) and overlapping(dues)
        if whole:
            self._update(audit, self._visit(dues, audit.id), edited=edited)
        elif not mark.steps[0].startswith("~"):
            self._drop(audit, mark, edited=edited)

    def _revive(self, audit: Audit, mark: Mark) -> None:
        """A row that the pipeline dropped and that is due again."""
        dues = [due for step in mark.steps if (due := self.demand.by_step.get(step)) is not None]
        if dues and len(dues) == len(mark.steps) and overlapping(dues) and not self.served & set(mark.steps):
            self.served.update(mark.steps)
            expected = self._visit(dues, audit.id)
            self.changed[audit.id] = replace(with_fields(audit, expected), status=AuditStatus.OPEN)

    def _update(self, audit: Audit, expected: Audit, *, edited: bool) -> None:
        """A row that is due still: follows its certificate unless it was edited or is confirmed."""
        found = differences(audit, expected)
        if not found:
            return
        if edited or audit.status is not AuditStatus.OPEN:
            self.kept.append(audit.id)
            for name in found:
                own, other = getattr(audit, name), getattr(expected, name)
                self._say(audit, name, "pipeline-kept", Severity.NOTICE, own=_shown(own), expected=_shown(other))
            return
        self.changed[audit.id] = with_fields(audit, expected)

    def _drop(self, audit: Audit, mark: Mark, *, edited: bool) -> None:
        """A row that no certificate asks for any more: cancelled, unless somebody worked on it. What is still due of it
        is generated anew."""
        if edited or audit.status is not AuditStatus.OPEN:
            self.kept.append(audit.id)
            self._say(audit, "id", "pipeline-not-due", Severity.WARNING)
            return
        self.served.difference_update(mark.steps)
        dropped = marked(audit, mark.steps, dropped=True)
        self.changed[audit.id] = replace(dropped, status=AuditStatus.CANCELLED)
        done = self.demand.done.issuperset(mark.steps)
        self._say(audit, "id", "pipeline-overtaken" if done else "pipeline-dropped", Severity.NOTICE)

    def generate(self) -> None:
        """New rows for every step that no row serves."""
        missing = [due for due in self.demand.dues if due.step.id not in self.served]
        for group in grouped(missing, self.rules, self.horizon):
            self.added.append(self._visit(group))

    def sites_and_spots(self) -> tuple[Body, dict[str, Audit]]:
        """The body with every row so far, those of sampled sites and spot checks among them, and the typed spot checks
        that were completed, by id."""
        audits = self.split(self.changed.get(audit.id, audit) for audit in self.body.audits)
        sites = site_visits((*audits, *self.added), self.whole, self.outlets, self.body.settings)
        self.added += sites.added
        self.problems += sites.problems
        audits = [sites.changed.get(audit.id, audit) for audit in audits]
        added, changed = spot_checks(replace(self.body, audits=(*audits, *self.added)), self.rules, self.horizon)
        self.added += added
        self.changed |= {**sites.changed, **changed}
        spots = completed((*audits, *self.added))
        now = {**changed, **spots}
        return replace(self.body, audits=(*(now.get(audit.id, audit) for audit in audits), *self.added)), spots

    def split(self, audits: Iterable[Audit]) -> list[Audit]:
        """Typed rows whose days were worked out and whose client has sites: those days are for all of them. Rows with
        typed days stay as they are; what IAF MD 1 asks for is told."""
        found = []
        rows = list(audits)
        for audit in rows:
            number = 0 if audit.generated or audit.status is not AuditStatus.OPEN else self.outlets.number(audit)
            if number and self.outlets.apart(audit, rows):
                if audit.computed:
                    self.whole[audit.id] = audit.days
                    audit = self.outlets.central(audit, audit.days)
                else:
                    names = ", ".join(site.site for site in self.outlets.sample(audit).sites)
                    self._say(audit, "days", "sites-typed", Severity.NOTICE, number=number, sites=names)
            found.append(audit)
        return found

    def _named(self, audit: Audit) -> Audit:
        """A row under an id of its own: a dropped row may hold the first one."""
        identity, number = audit.id, 2
        while identity in self.ids:
            identity, number = f"{audit.id}.{number}", number + 1
        self.ids.add(identity)
        return replace(audit, id=identity)

    def _say(self, audit: Audit, name: str, code: str, severity: Severity, **parameters: object) -> None:
        """A problem of a row."""
        shown = {key: _shown(value) for key, value in parameters.items()}
        self.problems.append(
            problem_at(audit.origin, name, code, severity, audit.id, stops=None, audit=audit.id, **shown)
        )


def _shown(value: object) -> str:
    """A value as it is shown in a message."""
    if isinstance(value, tuple):
        return ", ".join(str(item) for item in value) or "–"
    return "–" if value is None or value == "" else str(getattr(value, "value", value))


def only_settled(body: Body) -> Pipeline:
    """A body without a look at its certificates: only what the plan before placed ahead of the period is settled."""
    body, rows = settled(body)
    return Pipeline(body=body, added=(), changed=(), settled=tuple(rows.values()), kept=(), problems=())


def with_certificates(body: Body) -> Body:
    """A body with the audits that fall due of its certificates: what the what-if commands plan."""
    return run_pipeline(body).body
