"""Profiles: which rules of the cycle hold for a certificate, by its own choice or by standard, country and date."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from auditplan.planner.cycle.rules import EMS_OHSMS_2026, ISO, PROFILES, QMS_2016, QMS_2025, SERVICE
from auditplan.planner.domain import Certificate
from auditplan.planner.qualification import standard_key
from auditplan.planner.rulebook import RuleBook

CHINA = "CN"
_QUALITY = frozenset({"ISO9001", "GB/T19001"})
_ENVIRONMENT_AND_SAFETY = frozenset({"ISO14001", "GB/T24001", "ISO45001", "GB/T45001"})
_SERVICE = frozenset({"GB/T27922"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Profile:
    """The rules of the cycle for some certificates. Spans of months: cycle, first, interval (0: no limit),
    withdrawal, restoration; of days: lead, target, margin. from_issue: whether the cycle counts from the issue
    date instead of the decision."""

    id: str
    holds_from: date
    cycle: int
    surveillances: int
    first: int
    lead: int
    target: int
    margin: int
    withdrawal: int
    restoration: int
    interval: int
    calendar_year: bool
    from_issue: bool


class Profiles:
    """The profiles as a body has them."""

    def __init__(self, rules: RuleBook) -> None:
        """Reads their numbers from the rules."""
        self._on = {name for name in PROFILES if name == ISO or rules.on(name)}
        self._profiles = {name: _profile(name, rules) for name in PROFILES}
        self._folded = {"".join(name.split()).lower(): name for name in PROFILES}

    def named(self, text: str) -> Profile | None:
        """The profile of a name as typed; None for a name that is none."""
        name = self._folded.get("".join(text.split()).lower())
        return None if name is None else self._profiles[name]

    def of(self, certificate: Certificate, country: str, when: date) -> Profile:
        """The profile of what falls due of a certificate about a day: that of its column Profile, else by
        standard, country and date. A national profile holds in China only; elsewhere, and for other schemes,
        ISO/IEC 17021-1."""
        named = self.named(certificate.profile) if certificate.profile else None
        if named is not None and named.id in self._on:
            return named
        families = {standard_key(standard)[0] for standard in certificate.standards}
        for name in _candidates(families, country):
            if name in self._on and self._profiles[name].holds_from <= when:
                return self._profiles[name]
        return self._profiles[ISO]


def is_service(certificate: Certificate) -> bool:
    """Whether a certificate is one of after-sales service (GB/T 27922)."""
    return serves(certificate.standards)


def serves(standards: Iterable[str]) -> bool:
    """Whether after-sales service (GB/T 27922) is among some standards."""
    return any(standard_key(standard)[0] in _SERVICE for standard in standards)


def _candidates(families: set[str], country: str) -> tuple[str, ...]:
    """Profiles that may hold for some families of standards, the newest first."""
    if families & _SERVICE:
        return (SERVICE,)
    if country.upper().split("-")[0] != CHINA:
        return ()
    if families & _QUALITY:
        return (QMS_2025, QMS_2016)
    return (EMS_OHSMS_2026,) if families & _ENVIRONMENT_AND_SAFETY else ()


def _profile(name: str, rules: RuleBook) -> Profile:
    """A profile with the numbers of the rules; what is switched off counts as 0."""

    def number(key: str) -> int:
        """A number of the profile."""
        rule = f"{name}: {key}"
        return int(rules.value(rule)) if rules.on(rule) else 0

    return Profile(
        id=name,
        holds_from=_day(int(rules.value(name))),
        cycle=max(1, number("cycle")),
        surveillances=number("surveillances"),
        first=number("first"),
        lead=number("lead"),
        target=number("target"),
        margin=number("margin"),
        withdrawal=number("withdrawal"),
        restoration=number("restoration"),
        interval=number("interval"),
        calendar_year=bool(number("calendar year")),
        from_issue=bool(number("anchor")),
    )


def _day(number: int) -> date:
    """A day written as yyyymmdd; always, for a number that is none."""
    try:
        return date(number // 10000, number // 100 % 100, number % 100)
    except ValueError:
        return date.min
