"""Rules of the team: who leads, who counts, what is covered, who must stay away, and how often one may lead."""

from __future__ import annotations

from collections import defaultdict
from datetime import date

from auditplan.planner.domain import AuditType, Employment, HistoryEntry, Role
from auditplan.planner.verification.record import Record
from auditplan.planner.verification.world import Placed, World, family, lead_as, seated_as


def lead(world: World, entry: Placed, record: Record) -> None:
    """lead: exactly one, who holds `lead` for the first standard; validity: on every day of the span."""
    leads = entry.seats(Role.LEAD)
    record.check(len(leads) == 1, "lead", entry.audit.id)
    for seat in leads:
        _holds(world, entry, seat.auditor, [entry.audit.standards[0]], lead_as(entry.audit), "lead", record)


def counting(world: World, entry: Placed, record: Record) -> None:
    """counting: as many leads and auditors as the size, each qualified for a standard; as many experts as asked for,
    no more trainees than that; nobody twice."""
    audit, seats = entry.audit, entry.placement.seats
    size = len(entry.seats(Role.LEAD, Role.AUDITOR))
    record.check(audit.smallest_team <= size <= audit.largest_team, "counting", audit.id, detail=f"size {size}")
    record.check(len(entry.seats(Role.EXPERT)) == audit.experts, "counting", audit.id, detail="experts")
    record.check(len(entry.seats(Role.TRAINEE)) <= audit.trainees, "counting", audit.id, detail="trainees")
    record.check(len({seat.auditor for seat in seats}) == len(seats), "counting", audit.id, detail="twice")
    for seat in seats:
        roles = {Role.EXPERT: (Role.EXPERT,), Role.TRAINEE: (Role.TRAINEE,)}.get(seat.role, seated_as(audit))
        _holds(world, entry, seat.auditor, list(audit.standards), roles, "counting", record)


def _holds(
    world: World,
    entry: Placed,
    person: str,
    standards: list[str],
    roles: tuple[Role, ...],
    rule: str,
    record: Record,
) -> None:
    """A person holds a role for one of some standards; a lapsed one breaks validity, none breaks the rule."""
    days = entry.days()
    if any(world.holds(person, standard, roles, None, days) for standard in standards):
        record.check(True, rule, entry.audit.id, person)
        record.check(True, "validity", entry.audit.id, person)
    elif any(world.ever_holds(person, standard, roles, None) for standard in standards):
        record.check(False, "validity", entry.audit.id, person)
    else:
        record.check(False, rule, entry.audit.id, person)


def coverage(world: World, entry: Placed, record: Record) -> None:
    """coverage: each standard by a lead or auditor, each code by them or by an expert beside a lead qualified for
    the standard."""
    audit, days = entry.audit, entry.days()
    working = [seat.auditor for seat in entry.seats(Role.LEAD, Role.AUDITOR)]
    experts = [seat.auditor for seat in entry.seats(Role.EXPERT)]
    roles = seated_as(audit)
    for standard in audit.standards:
        own = any(world.holds(person, standard, roles, None, days) for person in working)
        ever = any(world.ever_holds(person, standard, roles, None) for person in working)
        record.check(own, "validity" if ever else "coverage", audit.id, detail=standard)
        led = world.holds(entry.placement.lead, standard, roles, None, days) or not world.rules.on("supervised")
        for code in audit.codes:
            covered = any(world.holds(person, standard, roles, code, days) for person in working)
            covered = covered or (
                led and any(world.holds(person, standard, (Role.EXPERT,), code, days) for person in experts)
            )
            ever = any(world.ever_holds(person, standard, roles, code) for person in working)
            record.check(covered, "validity" if ever else "coverage", audit.id, detail=f"{standard}: {code}")
    for seat in entry.placement.seats:
        held = (Role.EXPERT,) if seat.role is Role.EXPERT else roles
        for standard, code in seat.covers:
            true = world.holds(seat.auditor, standard, held, code or None, days) and seat.role is not Role.TRAINEE
            record.check(true, "coverage", audit.id, seat.auditor, f"said to cover {standard}: {code}")


def supervised(world: World, entry: Placed, record: Record) -> None:
    """supervised: an expert or trainee beside a lead who is qualified for the standard that they are here for."""
    if not world.rules.on("supervised"):
        return
    days = entry.days()
    for seat in entry.seats(Role.EXPERT, Role.TRAINEE):
        beside = any(
            world.holds(seat.auditor, standard, (seat.role,), None, days)
            and world.holds(entry.placement.lead, standard, seated_as(entry.audit), None, days)
            for standard in entry.audit.standards
        )
        record.check(beside, "supervised", entry.audit.id, seat.auditor)


def full_time(world: World, entry: Placed, record: Record) -> None:
    """full-time: one of the leads and auditors, where Settings asks for it."""
    if world.settings.full_time_member and world.rules.on("full-time"):
        seats = entry.seats(Role.LEAD, Role.AUDITOR)
        there = any(world.auditors[seat.auditor].employment is Employment.FULL_TIME for seat in seats)
        record.check(there, "full-time", entry.audit.id)


def conflict(world: World, entry: Placed, record: Record) -> None:
    """conflict, objection: nobody with one in force on the first day; consultancy stays in force two years more."""
    first = entry.placement.start.day
    team = {seat.auditor for seat in entry.placement.seats}
    hit: dict[str, set[str]] = defaultdict(set)
    for row in world.body.conflicts:
        if row.client != entry.audit.client or row.auditor not in team:
            continue
        until = row.until
        if row.consultancy and until is not None:
            until = _years_later(until, 2)
        if (row.start is None or row.start <= first) and (until is None or first <= until):
            hit["objection" if row.objection else "conflict"].add(row.auditor)
    for rule in ("conflict", "objection"):
        if world.rules.on(rule):
            for person in sorted(team):
                record.check(person not in hit[rule], rule, entry.audit.id, person)


def _years_later(day: date, years: int) -> date:
    """The same day some years later; 28 February for the 29th in a year without one."""
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return day.replace(year=day.year + years, day=28)


def rotation(world: World, record: Record) -> None:
    """rotation: no longer a chain as lead than the limit, history and plan together, and none while cooling off."""
    if not world.rules.on("rotation"):
        return
    most = int(world.rules.value("rotation"))
    months = int(world.rules.value("cooling-off")) if world.rules.on("cooling-off") else None
    history: dict[tuple[str, str], list[HistoryEntry]] = defaultdict(list)
    for row in sorted(world.body.history, key=lambda row: row.day, reverse=True):
        if row.role is None or row.role is Role.LEAD:
            history[row.client, family(row.standard)[0]].append(row)
    led: dict[tuple[str, str, str], list[Placed]] = defaultdict(list)
    for entry in world.placed:
        for standard in sorted({family(name)[0] for name in entry.audit.standards}):
            led[entry.placement.lead, entry.audit.client, standard].append(entry)
    for (person, client, standard), entries in led.items():
        rows = history[client, standard] + (history[client, ""] if standard else [])
        rows.sort(key=lambda row: row.day, reverse=True)
        chain = 0
        while chain < len(rows) and rows[chain].auditor == person:
            chain += 1
        for entry in entries:
            if entry.audit.id in world.standing:
                continue
            record.check(chain + len(entries) <= most, "rotation", entry.audit.id, person)
            cooling = months is not None and _cooling(rows, person, most, months, entry.placement.start.day)
            record.check(not cooling, "rotation", entry.audit.id, person, "cooling off")


def _cooling(rows: list[HistoryEntry], person: str, most: int, months: int, day: date) -> bool:
    """Whether a person's latest chain reached the limit less than so many months before a day."""
    latest = next((index for index, row in enumerate(rows) if row.auditor == person), None)
    if latest is None:
        return False
    chain = 0
    while latest + chain < len(rows) and rows[latest + chain].auditor == person:
        chain += 1
    return chain >= most and rows[latest].day <= day <= _months_later(rows[latest].day, months)


def _months_later(day: date, months: int) -> date:
    """The same day some months later, or the last of a shorter month."""
    month = day.month - 1 + months
    year, month = day.year + month // 12, month % 12 + 1
    for last in (day.day, 30, 29, 28):
        try:
            return date(year, month, min(day.day, last))
        except ValueError:
            continue
    raise AssertionError("every month has a 28th")


def independence(world: World, record: Record) -> None:
    """independence: nobody of an audit's team in its decision, nor in a team that must be another."""
    if not world.rules.on("independence"):
        return
    for entry in world.placed:
        if entry.audit.id in world.standing:
            continue
        others = [entry.audit.not_team_of] if entry.audit.not_team_of else []
        step = entry.audit.after if entry.audit.type is AuditType.DECISION else ""
        while step and step in world.audits and step not in others:
            others.append(step)
            step = world.audits[step].after
        for other in others:
            placed, row = world.by_id.get(other), world.audits.get(other)
            done = {row.lead, *row.team} if row is not None and other in world.standing else set()
            if placed is not None or done:
                there = {seat.auditor for seat in placed.placement.seats} if placed is not None else done
                shared = {seat.auditor for seat in entry.placement.seats} & there
                record.check(not shared, "independence", entry.audit.id, ", ".join(sorted(shared)), other)
