"""The numbers of the certification cycle that a body may change on its Rules sheet, with their sources.

A profile has a rule under its own name: switched off, its certificates follow the default (iso-17021 always holds);
Value is the day from which it holds as a number (20260101). Its numbers stand under `PROFILE: NAME`. domain.md holds
the facts and how sure each is (V read in a published source, S in a secondary one, P practice).
"""

from __future__ import annotations

from decimal import Decimal

from auditplan.planner.rule import PRACTICE, Rule

ISO = "iso-17021"
QMS_2016 = "cnca-qms-2016"
QMS_2025 = "cnca-qms-2025"
EMS_OHSMS_2026 = "cnca-ems-ohsms-2026"
SERVICE = "service-27922"
PROFILES = (ISO, QMS_2016, QMS_2025, EMS_OHSMS_2026, SERVICE)
"""Every profile by name."""

_CLAUSES = {
    ISO: "ISO/IEC 17021-1:2015 9.1.3 (V)",
    QMS_2016: "CNCA QMS rules of 2016 (S)",
    QMS_2025: "CNCA-QMS-01:2025 (S)",
    EMS_OHSMS_2026: "CNCA announcement 2026 No. 2 (S)",
    SERVICE: "GB/T 27922, the body's own filed rule (S)",
}
_HOLDS = {ISO: "19000101", QMS_2016: "20160101", QMS_2025: "20260101", EMS_OHSMS_2026: "20260301", SERVICE: "19000101"}
_SAME = {
    "cycle": ("36", "months of a cycle; ISO/IEC 17021-1:2015 9.1.3.2 (V)"),
    "surveillances": ("2", "surveillances of a cycle"),
    "first": ("12", "months from the anchor to the first surveillance at the latest"),
    "lead": ("90", "days before Due from which a visit may take place; P, editable"),
    "target": ("30", "days before Due that the visit is aimed at; P, editable"),
    "margin": ("60", "days before expiry at which the recertification audit has to be over; P, editable"),
    "withdrawal": ("6", "months of suspension until the certificate is withdrawn; S"),
}
_OWN = {
    ISO: {"anchor": "0", "calendar year": "1", "interval": "0", "restoration": "6"},
    QMS_2016: {"anchor": "0", "calendar year": "1", "interval": "15", "restoration": "6"},
    QMS_2025: {"anchor": "1", "calendar year": "0", "interval": "12", "restoration": "0"},
    EMS_OHSMS_2026: {"anchor": "1", "calendar year": "0", "interval": "12", "restoration": "0"},
    SERVICE: {"anchor": "0", "calendar year": "0", "interval": "12", "restoration": "0"},
}
_MEANING = {
    "anchor": "0 decision date, 1 issue date",
    "calendar year": "1: a surveillance in every calendar year but that of recertification",
    "interval": "months from one surveillance to the next at the latest; 0 no limit",
    "restoration": "months after expiry in which a certificate may be restored; ISO/IEC 17021-1:2015 9.6.3.2.5 (V)",
}


def _number(name: str, value: str, source: str, *, switchable: bool = True) -> Rule:
    """A number that a body may change."""
    return Rule(id=name, hard=False, value=Decimal(value), source=source, switchable=switchable)


def _fixed(name: str, value: str, source: str) -> Rule:
    """A number that is always needed."""
    return _number(name, value, source, switchable=False)


def _of_profile(profile: str) -> list[Rule]:
    """The rules of a profile."""
    holds = f"{_CLAUSES[profile]}; Value: holds from (yyyymmdd)"
    found = [_number(profile, _HOLDS[profile], holds, switchable=profile != ISO)]
    found += [_number(f"{profile}: {key}", value, source) for key, (value, source) in _SAME.items()]
    own = _OWN[profile].items()
    found += [_number(f"{profile}: {key}", value, f"{_MEANING[key]}; {_CLAUSES[profile]}") for key, value in own]
    return found


CYCLE_RULES: tuple[Rule, ...] = (
    *(rule for profile in PROFILES for rule in _of_profile(profile)),
    _number("pipeline ahead", "30", "days after the period of which what falls due is generated too; " + PRACTICE),
    _number("combined visits", "60", "days that the Dues of one client's certificates lie apart at most; " + PRACTICE),
    _number("sampling", "1", "off: all sites at initial and recertification, 30 percent a year; IAF MD 1 (V)"),
    _number("reduction", "0", "percent off the audit time, at most 30; IAF MD 5:2019 (V)"),
    _number("interpolation", "0", "1: audit time straight between the bands of a table instead of in steps; P"),
    _number("integration", "0", "percent off several standards in one visit, at most 20; IAF MD 11 (V)"),
    _number("decision: corrections", "14", "days between an audit and its decision; " + PRACTICE),
    _fixed("decision: within", "60", "days after an audit's Due in which its decision is made; " + PRACTICE),
    _number("decision: days", "0.5", "person-days of a decision; " + PRACTICE),
    _fixed("days: surveillance", "2.5", "person-days where nothing says more; domain.md, sizes (P)"),
    _fixed("days: recertification", "5", "person-days where nothing says more; domain.md, sizes (P)"),
    _fixed("days: service initial", "3", "person-days on site, GB/T 27922, with outlets and call-backs (P)"),
    _fixed("days: service surveillance", "1.5", "person-days, GB/T 27922, reduced scope (P)"),
    _fixed("days: service recertification", "3", "person-days, GB/T 27922, with outlets and call-backs (P)"),
    _fixed("days: service document review", "0.5", "person-days, GB/T 27922: half to one (P)"),
    _number("spot checks", "0", "percent of the GB/T 27922 certificates with a check without notice, per year (P)"),
    _fixed("days: spot check", "1", "person-days; " + PRACTICE),
    _fixed("days: follow-up", "1", "person-days; " + PRACTICE),
)
"""The rules of the cycle, for the Rules sheet."""
