"""Some audits of a demonstration body fixed beforehand, as a coordinator would have: a lead who lives near, a team
that covers everything, days on which all of them are free. What was fixed holds together: the verifier says so."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from random import Random

from auditplan.planner.barring import Barring
from auditplan.planner.domain import Audit, Auditor, AuditStatus, Body, Role
from auditplan.planner.facts import Facts, week_start
from auditplan.planner.firm import firm_audits, working_roles
from auditplan.planner.plan import Plan, Slot
from auditplan.planner.timeline import bits
from auditplan.planner.travel import stay_of
from auditplan.planner.verify import verify
from auditplan.planner.windows import open_sizes, span_of, stretches, window

DAYS_EACH = 3
"""Person-days of one member of a team, about."""
NEAREST, LEADS, DAYS = 40, 6, 6
"""How many people and leads, nearest first, and how many days are tried for each audit."""
SHARE = 0.6
"""Share of a person's time that may be taken beforehand."""


def fix_some(body: Body, random: Random, share: float) -> Body:
    """The body with about this share of its audits confirmed with start, lead and team.

    Only audits without ties to others are fixed, all of them starting in the morning: that is what the sheet can
    say."""
    tied = {audit.after for audit in body.audits} | {audit.same_team_as for audit in body.audits}
    loose = [
        audit
        for audit in body.audits
        if not audit.after and audit.id not in tied and audit.due >= body.settings.plan_from
    ]
    picked = random.sample(loose, min(len(loose), round(share * len(body.audits))))
    desk = _Desk(Facts(body), random)
    fixed = {audit.id: chosen for audit in picked if (chosen := desk.fix(audit)) is not None}
    for name in _broken(body, fixed):
        del fixed[name]
    return replace(body, audits=tuple(fixed.get(audit.id, audit) for audit in body.audits))


def _broken(body: Body, fixed: dict[str, Audit]) -> set[str]:
    """The fixed audits that break a rule after all."""
    alone = replace(body, audits=tuple(fixed.values()))
    placements = tuple(firm.placement for firm in firm_audits(Facts(alone)).values())
    return {violation.audit for violation in verify(alone, Plan(placements=placements, unplaced=())).violations}


class _Desk:
    """Fixes one audit after the other."""

    def __init__(self, facts: Facts, random: Random) -> None:
        """Nobody has anything to do yet."""
        self._facts, self._random = facts, random
        self._barring = Barring(facts.body, facts.rules)
        self._busy: dict[str, int] = {}
        self._weeks: Counter[tuple[str, object]] = Counter()
        self._worked: Counter[str] = Counter()
        self._last = facts.body.settings.plan_to

    def fix(self, audit: Audit) -> Audit | None:
        """The audit with day, lead and team; None if none of the tries works out."""
        people = self._facts.body.auditors
        near = sorted(people, key=lambda person: (self._hours(person, audit), self._worked[person.id]))
        able = [
            person
            for person in near
            if self._counts(person, audit) and not self._barring.conflicts(person.id, audit.client)
        ][:NEAREST]
        leads = [person for person in able if self._leads(person, audit)][:LEADS]
        for slots, size in self._ways(audit) if leads else ():
            members = [person for person in able if self._free(person, audit, slots)]
            for lead in leads:
                team = self._team(audit, lead, members, size) if lead in members else None
                if team is not None:
                    return self._book(audit, slots, team)
        return None

    def _hours(self, person: Auditor, audit: Audit) -> float:
        """How far a person lives from an audit."""
        geography = self._facts.geography
        return geography.link(geography.home(person), geography.site(audit)).hours

    def _ways(self, audit: Audit) -> Iterator[tuple[tuple[Slot, ...], int]]:
        """A few spans from a morning on, with the size of the team; the usual size first."""
        facts, settings = self._facts, self._facts.body.settings
        usual = max(audit.smallest_team, round(audit.days / DAYS_EACH))
        open_ticks, bounds = facts.open(audit), window(audit, settings, soft=False)
        for size in sorted(open_sizes(audit, settings), key=lambda size: abs(size - usual))[:2]:
            found = stretches(audit, size, open_ticks, bounds, facts.timeline, settings)
            mornings = [index for index, start in enumerate(found.starts) if start % 2 == 0]
            for index in sorted(self._random.sample(mornings, min(DAYS, len(mornings)))):
                ticks = bits(open_ticks & ((1 << found.ends[index]) - (1 << found.starts[index])))
                assert len(ticks) == span_of(audit, size)
                yield tuple(facts.timeline.slot(tick) for tick in ticks), size

    def _leads(self, person: Auditor, audit: Audit) -> bool:
        """Whether a person may lead an audit on any day of the period."""
        resting = any(self._barring.cooling(person.id, audit.client, standard) for standard in audit.standards)
        roles = (Role.DECISION,) if Role.DECISION in working_roles(audit) else (Role.LEAD,)
        return not resting and self._holds(person, audit.standards[0], roles)

    def _counts(self, person: Auditor, audit: Audit) -> bool:
        """Whether a person is qualified for one of the standards."""
        return any(self._holds(person, standard, working_roles(audit)) for standard in audit.standards)

    def _holds(self, person: Auditor, standard: str, roles: tuple[Role, ...], code: str | None = None) -> bool:
        """Whether a person holds one of the roles from before the period until after it."""
        rows = self._facts.qualifications.rows(person.id, standard, roles, code)
        first = self._facts.body.settings.plan_from
        return any(
            (row.valid_from is None or row.valid_from <= first) and (row.valid_to is None or row.valid_to >= self._last)
            for row in rows
        )

    def _free(self, person: Auditor, audit: Audit, slots: tuple[Slot, ...]) -> bool:
        """Whether a person has time for a span, its journeys, and under the ceilings."""
        facts, taken = self._facts, self._taken(person, audit, slots)
        own = facts.timeline.mask_of_slots(slots) | (taken & facts.grid(person))
        week = self._weeks[person.id, week_start(slots[0].day)] + len(slots)
        return (
            not taken & self._busy.get(person.id, 0)
            and not own & ~facts.free(person)
            and week <= 2 * person.max_days_per_week
            and self._worked[person.id] + len(slots) <= SHARE * facts.capacity(person)
            and stay_of(facts, person, audit, slots).nights <= person.max_nights
        )

    def _taken(self, person: Auditor, audit: Audit, slots: tuple[Slot, ...]) -> int:
        """The ticks that a person is bound, from the first of the way out to the last of the way back."""
        stay = stay_of(self._facts, person, audit, slots)
        out = stay.out.slots if stay.out is not None else ()
        back = stay.back.slots if stay.back is not None else ()
        every = (*out, *slots, *back)
        return self._facts.timeline.hull(every[0], every[-1])

    def _team(self, audit: Audit, lead: Auditor, members: list[Auditor], size: int) -> list[Auditor] | None:
        """A lead and the nearest others, as many as there should be, who cover everything; None if they do not."""
        team = [lead]
        wanted = [(standard, code) for standard in audit.standards for code in (None, *audit.codes)]
        for standard, code in wanted:
            if not any(self._holds(person, standard, working_roles(audit), code) for person in team):
                holders = [one for one in members if self._holds(one, standard, working_roles(audit), code)]
                team += [one for one in holders if one not in team][:1]
        team += [person for person in members if person not in team][: max(0, size - len(team))]
        covered = all(
            any(self._holds(person, standard, working_roles(audit), code) for person in team)
            for standard, code in wanted
        )
        return team if covered and len(team) == size else None

    def _book(self, audit: Audit, slots: tuple[Slot, ...], team: list[Auditor]) -> Audit:
        """The audit as confirmed, and its people's time taken."""
        for person in team:
            taken = self._taken(person, audit, slots)
            self._busy[person.id] = self._busy.get(person.id, 0) | taken
            self._worked[person.id] += len(slots)
            self._weeks[person.id, week_start(slots[0].day)] += len(slots)
        names = tuple(person.id for person in team)
        return replace(audit, start=slots[0].day, lead=names[0], team=names[1:], status=AuditStatus.CONFIRMED)
