"""The course of a certificate: the audits of its present cycle, with the days that its profile sets them."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from math import ceil

from auditplan.planner.cycle.months import add_months, year_end
from auditplan.planner.cycle.profiles import Profile
from auditplan.planner.domain import AuditType, Certificate

DAY = timedelta(days=1)
EARLY = 200
"""Days that a recertification may be decided before the old cycle ends; a decision from longer ago belongs to an
earlier cycle."""
LATE = 31
"""Days that a cycle may begin before the decision: rounding, and dates of issue."""
YEAR = 12
MONTH = 365.25 / 12
"""Days of a month on average."""
ProfileOn = Callable[[date], Profile]


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """An audit of a certificate that took place, or is planned to. step: the key of the step that it was made for,
    "" where that is not known. type None: not known, counts as surveillance."""

    day: date
    type: AuditType | None = None
    step: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """An audit that the cycle asks for. key: S1, S2 … or R, with the year in which the cycle ends. limit: the last
    day by the profile; aim: the day that the step is about (before the limit where the profile sets a calendar year);
    last: the last day on which it still is of use (withdrawal, expiry or the end of restoration)."""

    certificate: str
    key: str
    type: AuditType
    earliest: date
    target: date
    aim: date
    limit: date
    suspended: date | None
    last: date
    done: bool
    profile: str

    @property
    def id(self) -> str:
        """The step's own name, stable as long as its cycle."""
        return f"{self.certificate}-{self.key}"


def anchor(certificate: Certificate, profile: Profile) -> date:
    """The day from which the present cycle counts.

    The decision (or issue) date where it belongs to the cycle that ends at expiry; the beginning of that cycle where
    it does not: a cycle that is under way under an older decision, or a certificate transferred with its old
    cycle. A late recertification counts from its own decision, though the expiry stays that of the old cycle."""
    start = add_months(certificate.expiry_date + DAY, -profile.cycle)
    own = certificate.decision_date
    if profile.from_issue and certificate.issue_date is not None:
        own = certificate.issue_date
    away = (own - start).days
    late = certificate.last_type is AuditType.RECERTIFICATION and 0 < away <= 186
    return own if -EARLY <= away <= LATE or late else start


def course(certificate: Certificate, profile_on: ProfileOn, events: Iterable[Event]) -> tuple[Step, ...]:
    """The steps of a certificate's present cycle, in order. profile_on: the profile that holds for what falls due
    about a day; events: what took place or is planned, in any order."""
    leading = profile_on(certificate.expiry_date)
    begin = anchor(certificate, profile_on(add_months(certificate.decision_date, leading.first)))
    known = sorted((event for event in events if event.day > begin or event.step), key=lambda event: event.day)
    cycle = _Cycle(certificate, begin, certificate.expiry_date, tuple(known))
    steps: list[Step] = []
    previous: date | None = None
    for number in range(1, cycle.surveillances(leading) + 1):
        step, previous = _surveillance(cycle, profile_on(add_months(begin, number * YEAR)), number, previous)
        steps.append(step)
    last = steps[-1] if steps else None
    steps.append(_recertification(cycle, leading, previous if last is not None and last.done else None))
    return tuple(steps)


@dataclass(frozen=True, slots=True)
class _Cycle:
    """A certificate's present cycle, and what is known of it, by day."""

    certificate: Certificate
    begin: date
    expiry: date
    events: tuple[Event, ...]

    def surveillances(self, profile: Profile) -> int:
        """How many surveillances the cycle has: those of the profile; more where it is longer than three years, since a
        recertification was decided early: one for each calendar year between, or one every interval."""
        if profile.calendar_year:
            return max(profile.surveillances, self.expiry.year - self.begin.year - 1)
        if not profile.interval:
            return profile.surveillances
        months = (self.expiry - timedelta(days=profile.margin) - self.begin).days / MONTH
        return max(profile.surveillances, ceil(months / profile.interval) - 1)

    def index(self, profile: Profile, day: date) -> int:
        """The number of the surveillance that an audit on a day counts for; 0 for none."""
        if not profile.calendar_year:
            return max(1, round((day - self.begin).days / (YEAR * MONTH)))
        # A cycle from 1 January to 31 December has one calendar year less between.
        shift = max(0, profile.surveillances - (self.expiry.year - self.begin.year - 1))
        index = day.year - self.begin.year + shift
        return min(index, 1) if day <= add_months(self.begin, profile.first) else index

    @property
    def recertified(self) -> bool:
        """Whether the recertification took place."""
        key = f"R-{self.expiry.year}"
        opens = add_months(self.expiry, -YEAR)
        return any(
            event.step == key or (event.type is AuditType.RECERTIFICATION and not event.step and event.day > opens)
            for event in self.events
        )


def _surveillance(cycle: _Cycle, profile: Profile, number: int, previous: date | None) -> tuple[Step, date]:
    """A surveillance, and the day from which the next one counts."""
    certificate, begin = cycle.certificate, cycle.begin
    key = f"S{number}-{cycle.expiry.year}"
    nominal = add_months(begin, number * YEAR)
    limit = _limit(cycle, profile, number, previous)
    aim = limit
    if profile.calendar_year and number > 1:
        aim = min(limit, max(nominal, add_months(previous, 10) if previous else nominal))
    after = previous or begin
    earliest = max(aim - timedelta(days=profile.lead), after + DAY)
    last = add_months(limit, profile.withdrawal)
    took_place, day = _taken_place(cycle, profile, number, key)
    step = Step(
        certificate=certificate.id,
        key=key,
        type=AuditType.SURVEILLANCE,
        earliest=min(earliest, limit),
        target=max(min(earliest, limit), aim - timedelta(days=profile.target if aim == limit else 0)),
        aim=aim,
        limit=limit,
        suspended=limit + DAY,
        last=min(last, certificate.expiry_date) if certificate.expiry_date > limit else last,
        done=took_place,
        profile=profile.id,
    )
    return step, day or limit


def _limit(cycle: _Cycle, profile: Profile, number: int, previous: date | None) -> date:
    """The last day of a surveillance. A rule asks for nothing before it holds."""
    begin = cycle.begin
    if number == 1:
        limit = add_months(begin, profile.first)
        # An audit in the year of the decision is the first in time, but each calendar year after it needs its own.
        early = [event.day for event in cycle.events if _unnamed(event) and cycle.index(profile, event.day) == 0]
        if profile.calendar_year and early:
            limit = year_end(begin.year + 1)
            if profile.interval:
                limit = min(limit, add_months(early[-1], profile.interval))
        return max(limit, profile.holds_from)
    limits = []
    if profile.calendar_year:
        limits.append(year_end(min(begin.year + number, max(cycle.expiry.year - 1, begin.year + 1))))
    if profile.interval and previous is not None:
        limits.append(add_months(previous, profile.interval))
    return max(min(limits, default=add_months(begin, number * YEAR)), profile.holds_from)


def _unnamed(event: Event) -> bool:
    """Whether an audit is a surveillance that was made for no step in particular; a follow-up or spot check is none."""
    return not event.step and event.type in {None, AuditType.SURVEILLANCE}


def _taken_place(cycle: _Cycle, profile: Profile, number: int, key: str) -> tuple[bool, date | None]:
    """Whether a surveillance took place, and when. An audit that was made for no step in particular counts for the
    one that it lies nearest to; those before it took place too, or the certificate would not stand."""
    own = next((event.day for event in cycle.events if event.step == key), None)
    if own is not None:
        return True, own
    for event in filter(_unnamed, cycle.events):
        at = cycle.index(profile, event.day)
        if at >= number:
            return True, event.day if at == number else None
    return cycle.recertified, None


def _recertification(cycle: _Cycle, profile: Profile, previous: date | None) -> Step:
    """The recertification: over early enough for corrections and the decision before expiry, and where the profile
    limits the interval no longer than that after the last surveillance. previous: the day of that, None where it has
    not taken place."""
    limit = cycle.expiry - timedelta(days=profile.margin)
    if profile.interval and not profile.calendar_year and previous is not None:
        limit = min(limit, add_months(previous, profile.interval))
    earliest = limit - timedelta(days=profile.lead)
    return Step(
        certificate=cycle.certificate.id,
        key=f"R-{cycle.expiry.year}",
        type=AuditType.RECERTIFICATION,
        earliest=earliest,
        target=max(earliest, limit - timedelta(days=profile.target)),
        aim=limit,
        limit=limit,
        suspended=None,
        last=add_months(cycle.expiry, profile.restoration),
        done=cycle.recertified,
        profile=profile.id,
    )
