"""The one place where a body becomes a scheduling problem."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from functools import cached_property

from auditplan.planner.barring import Barring
from auditplan.planner.change_prices import ChangePrices
from auditplan.planner.compiled import Compiled as Compiled
from auditplan.planner.consequence import consequence
from auditplan.planner.domain import Audit, AuditStatus
from auditplan.planner.eligibility import EXPERT, LEAD, MEMBER, SEATS, TRAINEE, Eligibility, Seats
from auditplan.planner.facts import Facts
from auditplan.planner.firm import Firm, done_before, done_by, firm_audits
from auditplan.planner.fixed import Fixed, fixed_of
from auditplan.planner.geography import TRAVELLING, Site
from auditplan.planner.legs import legs_of
from auditplan.planner.links import Links
from auditplan.planner.persons import Persons
from auditplan.planner.plan import LEVELS, Slot
from auditplan.planner.preferences import BALANCE, CHANGES, MONEY, Scarcity, latenesses, preferences
from auditplan.planner.qualification import standard_key
from auditplan.planner.timeline import TICKS_A_DAY, bits
from auditplan.planner.travel import night_price
from auditplan.planner.windows import Bounds, Stretches, open_sizes, stretches, window
from auditplan.solver import problem as scheduling
from auditplan.solver.solution import StopSignal, unless


class Compiler:
    """Builds the problem of one body."""

    def __init__(self, facts: Facts, firm: dict[str, Firm] | None = None) -> None:
        """Sorts the audits into firm, outside and to be decided. firm: where it is known already which stand."""
        self.facts = facts
        self._rules = facts.rules
        self._settings = facts.body.settings
        self._barring = Barring(facts.body, facts.rules)
        self._last_leads = self._barring.last_leads()
        self._eligibility = Eligibility(facts.body, facts.qualifications, self._barring, facts.rules)
        self.firm = firm_audits(facts) if firm is None else firm
        self.outside = tuple(audit.id for audit in facts.body.audits if self._is_outside(audit))
        self.audits = tuple(
            audit
            for audit in facts.body.audits
            if audit.id not in self.firm
            and audit.id not in self.outside
            and audit.status not in {AuditStatus.CANCELLED, AuditStatus.DONE}
        )
        self.index = {audit.id: number for number, audit in enumerate(self.audits)}
        self._sites: dict[Site, int] = {}
        self._links = Links(facts.body.audits)

    @cached_property
    def _slots(self) -> list[Slot]:
        """The slot of every tick."""
        return [self.facts.timeline.slot(tick) for tick in range(self.facts.timeline.ticks)]

    @cached_property
    def _days(self) -> list[int]:
        """The ordinal of the day of every tick."""
        return [slot.day.toordinal() for slot in self._slots]

    @cached_property
    def scarcity(self) -> Scarcity:
        """Who holds what few hold."""
        return Scarcity(self.facts.body, self.facts.qualifications)

    def compile(self, stop: StopSignal | None = None) -> Compiled:
        """The whole problem. Raises StoppedError once stop says yes."""
        activities = tuple(self.activity(audit) for audit in unless(stop, self.audits))
        persons = Persons(self.facts, self.firm, self.audits, self.place)
        resources = tuple(
            persons.resource(auditor, self._number(self.facts.geography.home(auditor)))
            for auditor in self.facts.body.auditors
        )
        problem = scheduling.Problem(
            ticks=self.facts.timeline.ticks,
            period=TICKS_A_DAY,
            levels=len(LEVELS),
            money=MONEY,
            balance=BALANCE,
            resources=resources,
            activities=activities,
            relations=tuple(self._relations(activities)),
            legs=legs_of(self.facts, self._sites, activities, resources),
            night=night_price(self.facts),
            straight=self._rules.on("trips"),
        )
        together = frozenset(one.id for one in self.facts.body.auditors if persons.booked(one).together)
        return Compiled(problem, self.audits, self.firm, self.outside, self.facts, together, self._sites)

    def _is_outside(self, audit: Audit) -> bool:
        """Whether an audit cannot start before the period ends, so that there is nothing to plan yet."""
        return audit.earliest is not None and audit.earliest > self._settings.plan_to

    def fixed(self, audit: Audit) -> Fixed:
        """What is fixed of an audit."""
        return fixed_of(audit, self.facts.lookup.previous.get(audit.id), self._settings)

    def bounds(self, audit: Audit) -> Bounds | None:
        """window, sequence, fixed: when an audit may run, given what stands; None: not at all, since what it follows
        is not planned in this period."""
        fixed = self.fixed(audit)
        bounds = window(audit, self._settings, soft=self._rules.soft("window"), past=fixed.day is not None)
        if fixed.day is not None:
            day = fixed.day
            bounds = replace(
                bounds,
                start_from=max(bounds.start_from, day.day),
                start_to=min(bounds.start_to, day.day),
            )
            if not fixed.half_open:
                bounds = replace(bounds, exactly=day)
        if not self._rules.on("sequence"):
            return bounds
        if audit.after:
            if audit.after in self.firm:
                bounds = bounds.following(self.firm[audit.after].slots[-1], audit.gap_from, audit.gap_to)
            elif audit.after in self.outside:
                return None
            elif (end := done_before(self.facts.lookup.audits.get(audit.after))) is not None:
                bounds = bounds.following(end, audit.gap_from, audit.gap_to)
        for other in self._links.following[audit.id]:
            if other.id in self.firm:
                bounds = bounds.preceding(self.firm[other.id].slots[0], other.gap_from, other.gap_to)
        return bounds

    def activity(self, audit: Audit) -> scheduling.Activity:
        """An audit as an activity."""
        seats = self._eligibility.seats(audit)
        fixed = self.fixed(audit)
        self._apply_fixed(fixed, seats)
        self._keep_apart(audit, seats)
        prices = self._change_prices(audit)
        roles = tuple(
            tuple(self._priced(audit, role, candidate, prices) for candidate in candidates)
            for role, candidates in enumerate(seats.roles)
        )
        open_ticks = self.facts.open(audit)
        place = self.place(audit)
        return scheduling.Activity(
            slots=open_ticks,
            place=place,
            modes=self._modes(audit, fixed, open_ticks, prices),
            roles=roles,
            groups=tuple(seats.groups),
            left_out=self._left_out(audit, prices),
            placed=(0, 0, prices.idle if prices else 0, 0, round(self._rules.weight("trainee")) * audit.trainees),
        )

    def _left_out(self, audit: Audit, prices: ChangePrices | None) -> tuple[int, ...]:
        """What leaving an audit out costs on each level."""
        weight = consequence(audit, self._settings, self._rules)
        return weight, 0, prices.dropped if prices else 0, 0, 0

    def _change_prices(self, audit: Audit) -> ChangePrices | None:
        """Level 3: the prices of an audit of the plan before."""
        previous = self.facts.lookup.previous.get(audit.id)
        return None if previous is None else ChangePrices(previous, self._rules, self._settings)

    def place(self, audit: Audit) -> int | None:
        """The place of an audit that people travel to."""
        if audit.mode not in TRAVELLING:
            return None
        return self._number(self.facts.geography.site(audit))

    def like(self, sites: dict[Site, int], scarcity: Scarcity | None = None) -> Compiler:
        """This compiler with what was worked out before: how places are numbered, and who holds what few hold (which
        only decides prices)."""
        self._sites = sites
        if scarcity is not None:
            self.__dict__["scarcity"] = scarcity
        return self

    def _number(self, site: Site) -> int:
        """The number of a place."""
        return self._sites.setdefault(site, len(self._sites))

    def _modes(
        self, audit: Audit, fixed: Fixed, open_ticks: int, prices: ChangePrices | None
    ) -> tuple[scheduling.Mode, ...]:
        """One mode for each open team size."""
        bounds = self.bounds(audit)
        sizes = open_sizes(audit, self._settings)
        if fixed.exact:
            experts = audit.experts if fixed.experts is None else 0
            sizes = [size for size in sizes if size == 1 + len(fixed.team) - experts] or sizes[:0]
        if bounds is None:
            return ()
        modes = []
        for size in sizes:
            found = stretches(audit, size, open_ticks, bounds, self.facts.timeline, self._settings)
            if found.starts:
                modes.append(self._mode(audit, size, found, prices, open_ticks))
        return tuple(modes)

    def _mode(
        self, audit: Audit, size: int, found: Stretches, prices: ChangePrices | None, open_ticks: int
    ) -> scheduling.Mode:
        """A team size with its stretches and their prices on the levels."""
        rules, days, slots = self._rules, self._days, self._slots
        client = self.facts.lookup.clients[audit.client]
        shrunk = prices.shrinking(size) if prices else 0
        firsts, lasts = [days[start] for start in found.starts], [days[end - 1] for end in found.ends]
        late = latenesses(audit, firsts, lasts, rules)
        moved, liked = [shrunk] * len(late), [0] * len(late)
        if prices is not None:
            moved = [shrunk + prices.moving(slots[start]) for start in found.starts]
        if client.preferred_months or client.avoid_weekdays:
            liked = preferences(client, firsts, lasts, {days[tick] for tick in bits(open_ticks)}, rules)
        return scheduling.Mode(
            least=(1, size - 1, audit.experts, 0),
            most=(1, size - 1, audit.experts, audit.trainees),
            starts=found.starts,
            ends=found.ends,
            leaves=found.leaves,
            costs=((), tuple(late), tuple(moved), (), tuple(liked)),
        )

    def _priced(
        self, audit: Audit, role: int, candidate: scheduling.Candidate, prices: ChangePrices | None
    ) -> scheduling.Candidate:
        """A candidate with what the seat costs on the levels."""
        person = self.facts.body.auditors[candidate.resource].id
        costs: list[tuple[int, int]] = []
        if prices is not None:
            swap = prices.seating(person, SEATS[role])
            costs += [(CHANGES, swap)] if swap else []
        points = 0
        last = self._last_leads.get(audit.client)
        if role == LEAD and last is not None and last != person:
            points += round(self._rules.weight("continuity"))
        if role in {LEAD, MEMBER} and self.scarcity.wasted(person, audit):
            points += round(self._rules.weight("scarce"))
        if role == TRAINEE:
            points -= round(self._rules.weight("trainee"))
        costs += [(BALANCE, points)] if points else []
        if not costs:
            return candidate
        return self._eligibility.candidate(
            candidate.resource, candidate.during, candidate.starting, candidate.beside, tuple(costs)
        )

    def _apply_fixed(self, fixed: Fixed, seats: Seats) -> None:
        """fixed: the lead and the members that the coordinator chose."""
        number = self.facts.lookup.order
        if fixed.lead:
            _only(seats, LEAD, {number[fixed.lead]})
            for role in (MEMBER, EXPERT, TRAINEE):
                _without(seats, role, {number[fixed.lead]})
        team = {number[person] for person in fixed.team}
        named = {EXPERT: fixed.experts, TRAINEE: fixed.trainees}
        if fixed.exact:
            _only(seats, MEMBER, team)
            for role, people in named.items():
                _only(seats, role, team if people is None else {number[person] for person in people})
        anywhere: tuple[int, ...] = (LEAD, MEMBER, EXPERT, TRAINEE)
        members = [(person, anywhere) for person in sorted(team)]
        for role, people in named.items():
            members += [(number[person], (role,)) for person in people or ()]
        for person, roles in members:
            cover = scheduling.Cover(resource=person, roles=roles)
            seats.groups.append(scheduling.Group((cover,)))

    def _keep_apart(self, audit: Audit, seats: Seats) -> None:
        """independence, sequence: people of firm audits who must not be here, and the lead who must."""
        barred: set[str] = set()
        for other in self._apart_from(audit):
            barred |= set(self.firm[other].people) if other in self.firm else done_by(self.facts, other)
        people = {self.facts.lookup.order[person] for person in barred}
        for role in range(len(SEATS)):
            _without(seats, role, people)
        for other in self._paired_with(audit):
            if other in self.firm:
                _only(seats, LEAD, {self.facts.lookup.order[self.firm[other].placement.lead]})

    def _apart_from(self, audit: Audit) -> list[str]:
        """independence: the audits whose teams must share nobody with this one's."""
        if not self._rules.on("independence"):
            return []
        return [*self._own_apart(audit), *self._links.kept_from[audit.id]]

    def _paired_with(self, audit: Audit) -> list[str]:
        """Audits that must have the same lead."""
        if not self._rules.on("sequence"):
            return []
        found = [audit.same_team_as] if audit.same_team_as else []
        return found + self._links.paired[audit.id]

    def _relations(self, activities: tuple[scheduling.Activity, ...]) -> list[scheduling.Relation]:
        """sequence, independence and rotation among the audits to be decided."""
        found: list[scheduling.Relation] = []
        cancelled = {audit.id for audit in self.facts.body.audits if audit.status is AuditStatus.CANCELLED}
        for number, audit in enumerate(self.audits):
            if self._rules.on("sequence"):
                if audit.after in self.index and audit.after not in cancelled:
                    first = self.index[audit.after]
                    found.append(scheduling.Precedence(first, number, audit.gap_from, audit.gap_to))
                if audit.same_team_as in self.index:
                    found.append(scheduling.SamePerson(self.index[audit.same_team_as], number, LEAD))
            if self._rules.on("independence"):
                apart = {self.index[other] for other in self._own_apart(audit) if other in self.index}
                found += [scheduling.Apart(other, number) for other in sorted(apart)]
        return found + self._quotas(activities)

    def _own_apart(self, audit: Audit) -> list[str]:
        """The audits that this audit itself names or judges."""
        named = [audit.not_team_of] if audit.not_team_of else []
        return named + self._links.judged[audit.id]

    def _quotas(self, activities: tuple[scheduling.Activity, ...]) -> list[scheduling.Relation]:
        """rotation: a lead's chain in history, and what they lead in the plan, within the limit."""
        if not self._rules.on("rotation"):
            return []
        most, led = int(self._rules.value("rotation")), self._led()
        groups: dict[tuple[str, str], list[int]] = {}
        for number, audit in enumerate(self.audits):
            for family in sorted({standard_key(standard)[0] for standard in audit.standards}):
                groups.setdefault((audit.client, family), []).append(number)
        found: list[scheduling.Relation] = []
        for (client, family), numbers in groups.items():
            leads = {entry.resource for number in numbers for entry in activities[number].roles[LEAD]}
            for lead in sorted(leads):
                person = self.facts.body.auditors[lead].id
                left = most - self._barring.chain(person, client, family) - led[person, client, family]
                if left < len(numbers):
                    found.append(scheduling.Quota(lead, LEAD, tuple(numbers), max(0, left)))
        return found

    def _led(self) -> Counter[tuple[str, str, str]]:
        """How many firm audits of a client and standard family a person leads, by the three."""
        return Counter(
            (firm.placement.lead, firm.audit.client, family)
            for firm in self.firm.values()
            for family in {standard_key(standard)[0] for standard in firm.audit.standards}
        )


def _only(seats: Seats, role: int, people: set[int]) -> None:
    """Nobody but these may take a role."""
    seats.roles[role][:] = [entry for entry in seats.roles[role] if entry.resource in people]


def _without(seats: Seats, role: int, people: set[int]) -> None:
    """None of these may take a role."""
    seats.roles[role][:] = [entry for entry in seats.roles[role] if entry.resource not in people]
