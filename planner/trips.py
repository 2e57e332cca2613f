"""Trips: how everybody travels through all their audits of a plan, home in between or straight on to the next site.

planning.md, Travel: a person who goes on to a next audit within the same stay saves the way home and back and pays the
nights between; which way is the cheaper one is decided by `auditplan.solver.routes`. What is written here is whose
stays are looked at together, and what becomes of them in the seats of a plan.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from auditplan.planner.domain import Audit, Auditor
from auditplan.planner.facts import Facts
from auditplan.planner.firm import Firm
from auditplan.planner.geography import TRAVELLING, Site
from auditplan.planner.legs import leg_of
from auditplan.planner.plan import Journey, Placement, Seat, Slot
from auditplan.planner.timeline import TICKS_A_DAY, bits
from auditplan.planner.travel import night_price, on_site, slots_between
from auditplan.solver import problem as scheduling
from auditplan.solver.journeys import Stay, nights_between, stay
from auditplan.solver.routes import Route, link, route


@dataclass(frozen=True, slots=True)
class Visit:
    """One person's part in a placed audit: the audit and the slots it works on, in order."""

    audit: Audit
    slots: tuple[Slot, ...]


@dataclass(frozen=True, slots=True)
class Booked:
    """What firm audits take of a person's time. busy: ticks at which nothing else may touch them; together: the firm
    audits of the period that other audits may follow on or lead to; worked: ticks that they work."""

    busy: int
    worked: int
    together: tuple[Firm, ...]


class Tour:
    """One person's sites, numbered for the solver: 0 is home."""

    def __init__(self, facts: Facts, auditor: Auditor, *, busy: int = 0) -> None:
        """busy: what the person is bound by besides the visits that will be asked for."""
        self._facts, self._auditor = facts, auditor
        self._home = facts.geography.home(auditor)
        self._numbers: dict[Site, int] = {self._home: 0}
        self._legs: dict[tuple[int, int], scheduling.Leg] = {}
        self.resource = scheduling.Resource(
            free=facts.free(auditor),
            grid=facts.grid(auditor),
            home=0,
            busy=busy,
            most_nights=auditor.max_nights if facts.rules.on("ceilings") else None,
        )
        self.problem = scheduling.Problem(
            ticks=facts.timeline.ticks,
            period=TICKS_A_DAY,
            levels=1,
            money=0,
            balance=0,
            resources=(self.resource,),
            activities=(),
            legs=self._legs,
            night=night_price(facts),
            straight=facts.rules.on("trips"),
        )

    def stay(self, visit: Visit) -> Stay | None:
        """The stay for a visit; None where the person could not go there from home."""
        timeline = self._facts.timeline
        start, end = timeline.tick(visit.slots[0]), timeline.tick(visit.slots[-1]) + 1
        leaves = timeline.tick(on_site(visit.audit, visit.slots)[-1]) + 1
        mask = timeline.mask_of_slots(visit.slots)
        return stay(self.problem, self.resource, self._place(visit.audit), mask, start, end, leaves)

    def route(self, stays: Sequence[Stay]) -> Route | None:
        """The cheapest way through stays."""
        return route(self.problem, self.resource, stays)

    def _place(self, audit: Audit) -> int | None:
        """The number of an audit's site; None where nobody travels."""
        if audit.mode not in TRAVELLING:
            return None
        site = self._facts.geography.site(audit)
        if site not in self._numbers:
            number = self._numbers[site] = len(self._numbers)
            for other, known in list(self._numbers.items()):
                leg = leg_of(self._facts, other, site)
                if leg is not None:
                    self._legs[known, number] = self._legs[number, known] = leg
        return self._numbers[site]

    def seats(self, visits: Sequence[tuple[Visit, Seat]], stays: Sequence[Stay], found: Route) -> list[Seat]:
        """The seats with the journeys of a route."""
        linked = (False, *found.linked, False)
        seats = []
        for at, (visit, seat) in enumerate(visits):
            before = (visits[at - 1][0], stays[at - 1]) if linked[at] else None
            seats.append(self._seat(visit, seat, stays[at], before, onward=linked[at + 1]))
        return seats

    def _seat(self, visit: Visit, seat: Seat, own: Stay, before: tuple[Visit, Stay] | None, *, onward: bool) -> Seat:
        """One seat: the way there from home or from the site before, and the way home unless one goes on."""
        geography = self._facts.geography
        site, period = geography.site(visit.audit), TICKS_A_DAY
        if own.place is None:
            return self._from_home(visit, seat, own)
        home = geography.link(self._home, site)
        begin, cost = own.first, own.enter
        out = self._journey(self._home, site, own.first, own.start)
        if before is not None:
            way = link(self.problem, self.resource, before[1], own)
            assert way is not None
            begin, cost = before[1].end - 1, way.cost
            out = self._journey(geography.site(before[0].audit), site, way.first, own.start)
        end = own.end if onward else own.back
        nights = nights_between(begin, end, period)
        if onward:
            return replace(seat, out=out, back=None, nights=nights, travel_cost=cost + own.inside)
        back = Journey(
            origin=site.label,
            destination=self._home.label,
            hours=home.hours,
            slots=slots_between(self._facts, self.resource.grid, own.end, own.last),
            cost=home.cost,
        )
        return replace(seat, out=out, back=back, nights=nights, travel_cost=cost + own.inside + own.leave)

    def _from_home(self, visit: Visit, seat: Seat, own: Stay) -> Seat:
        """Journeys of a stay that is slept at home: none, or there and back each day."""
        site = self._facts.geography.site(visit.audit)
        if visit.audit.mode not in TRAVELLING or site == self._home:
            return replace(seat, out=None, back=None, nights=0, travel_cost=0)
        way = self._facts.geography.link(self._home, site)
        out = Journey(origin=self._home.label, destination=site.label, hours=way.hours, slots=(), cost=way.cost)
        back = replace(out, origin=site.label, destination=self._home.label)
        return replace(seat, out=out, back=back, nights=0, travel_cost=own.inside)

    def _journey(self, origin: Site, site: Site, first: int, start: int) -> Journey:
        """A way that ends when work begins; from a site to itself none, which says that one stays on."""
        way = self._facts.geography.link(origin, site)
        slots = slots_between(self._facts, self.resource.grid, first, start)
        return Journey(origin=origin.label, destination=site.label, hours=way.hours, slots=slots, cost=way.cost)


def by_person(firm: Mapping[str, Firm]) -> dict[str, list[Firm]]:
    """Firm audits by those who are in their teams."""
    found: dict[str, list[Firm]] = defaultdict(list)
    for one in firm.values():
        for person in dict.fromkeys(one.people):
            found[person].append(one)
    return found


def booked(facts: Facts, auditor: Auditor, own: Sequence[Firm]) -> Booked:
    """What a person's firm audits take of them. Those of the period are looked at together with the audits to be
    decided, unless they are at odds with each other (a choice of the coordinator's): then they stand as they are."""
    inside = tuple(sorted((one for one in own if in_period(facts, one.placement)), key=lambda one: one.slots[0]))
    worked = 0
    for one in own:
        worked |= facts.timeline.mask_of_slots(one.slots)
    busy = _hulls(facts, auditor, (one for one in own if one not in inside))
    tour = Tour(facts, auditor, busy=busy)
    stays = [tour.stay(Visit(one.audit, one.slots)) for one in inside if _on_the_line(facts, one)]
    sound = [one for one in stays if one is not None]
    if len(sound) == len(inside) and tour.route(sound) is not None:
        return Booked(busy, worked, inside)
    return Booked(busy | _hulls(facts, auditor, inside), worked, ())


def in_period(facts: Facts, placement: Placement) -> bool:
    """Whether a placement touches the planning period."""
    settings = facts.body.settings
    return placement.end.day >= settings.plan_from and placement.start.day <= settings.plan_to


def _on_the_line(facts: Facts, firm: Firm) -> bool:
    """Whether every slot of a firm audit lies on the line of ticks."""
    timeline = facts.timeline
    return timeline.tick(firm.slots[0]) >= 0 and timeline.tick(firm.slots[-1]) < timeline.ticks


def _hulls(facts: Facts, auditor: Auditor, firms: Iterable[Firm]) -> int:
    """The ticks of firm audits with their journeys out and back."""
    mask = 0
    for firm in firms:
        for seat in firm.placement.seats:
            if seat.auditor == auditor.id:
                mask |= facts.timeline.hull(*hull_of(firm.placement.start, firm.placement.end, seat))
    return mask


def hull_of(start: Slot, end: Slot, seat: Seat) -> tuple[Slot, Slot]:
    """From a person's first slot to the last, journeys included."""
    first = seat.out.slots[0] if seat.out and seat.out.slots else start
    last = seat.back.slots[-1] if seat.back and seat.back.slots else end
    return first, last


def with_journeys(facts: Facts, placements: Iterable[Placement], firm: Mapping[str, Firm]) -> tuple[Placement, ...]:
    """The same placements with everybody's journeys, nights and prices. Firm audits that are at odds with each other,
    and people of whom a way through everything is not to be had, keep those that they have."""
    found = list(placements)
    seats: dict[str, list[tuple[int, int]]] = defaultdict(list)
    for at, placement in enumerate(found):
        for place, seat in enumerate(placement.seats):
            seats[seat.auditor].append((at, place))
    changed: dict[tuple[int, int], Seat] = {}
    firms = by_person(firm)
    for person, own in seats.items():
        auditor = facts.lookup.auditors[person]
        known = booked(facts, auditor, firms.get(person, ()))
        together = {one.audit.id for one in known.together}
        asked = [key for key in own if found[key[0]].audit not in firm or found[key[0]].audit in together]
        changed |= _travelled(facts, auditor, known.busy, found, asked, firm)
    return tuple(
        replace(placement, seats=tuple(changed.get((at, place), seat) for place, seat in enumerate(placement.seats)))
        for at, placement in enumerate(found)
    )


def _travelled(
    facts: Facts,
    auditor: Auditor,
    busy: int,
    placements: Sequence[Placement],
    keys: Sequence[tuple[int, int]],
    firm: Mapping[str, Firm],
) -> dict[tuple[int, int], Seat]:
    """One person's seats, by placement and place in it, with journeys; nothing where there is no way."""
    ordered = sorted(keys, key=lambda key: (placements[key[0]].start, placements[key[0]].end))
    tour = Tour(facts, auditor, busy=busy)
    visits = [(_visit(facts, placements[at], firm), placements[at].seats[place]) for at, place in ordered]
    stays = [one for visit, _ in visits if (one := tour.stay(visit)) is not None]
    found = tour.route(stays) if len(stays) == len(visits) else None
    if found is None:
        return {}
    return dict(zip(ordered, tour.seats(visits, stays, found), strict=True))


def _visit(facts: Facts, placement: Placement, firm: Mapping[str, Firm]) -> Visit:
    """A placement as a visit."""
    audit = facts.lookup.audits[placement.audit]
    if placement.audit in firm:
        return Visit(audit, firm[placement.audit].slots)
    ticks = bits(facts.timeline.hull(placement.start, placement.end) & facts.open(audit))
    return Visit(audit, tuple(facts.timeline.slot(tick) for tick in ticks))


def anchor_of(facts: Facts, firm: Firm, place: int) -> scheduling.Anchor:
    """A firm audit as the solver sees it. place: the number of its site, or of the person's home where nobody
    travels."""
    timeline = facts.timeline
    return scheduling.Anchor(
        place=place,
        slots=timeline.mask_of_slots(firm.slots),
        start=timeline.tick(firm.slots[0]),
        end=timeline.tick(firm.slots[-1]) + 1,
        leaves=timeline.tick(on_site(firm.audit, firm.slots)[-1]) + 1,
    )
