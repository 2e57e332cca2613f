"""The sheets that are plain tables: Schedule, Assignments, Unplaced, Workload, Problems."""

from __future__ import annotations

from auditplan.io.messages import proposal
from auditplan.io.render import account_text, consequence_text, cost_text, problem_text, reason_text
from auditplan.io.render_fixes import fix_text
from auditplan.io.workbook import words
from auditplan.io.workbook.output.context import STATUS_COLOURS, TYPE_COLOURS, Context, TableWriter, money, safe
from auditplan.io.workbook.output.moved_cells import as_written
from auditplan.io.workbook.schema import ASSIGNMENTS, PROBLEMS, SCHEDULE, UNPLACED, WORKLOAD
from auditplan.planner.cycle.account import Accounts
from auditplan.planner.domain import Audit, Role
from auditplan.planner.plan import Placement, Seat, Unplaced
from auditplan.planner.problems import Severity

NOTE = {"author": "auditplan", "x_scale": 2.6, "y_scale": 1.4}
"""How notes look."""
SEVERITY_COLOURS = {Severity.ERROR: "#F4B6A6", Severity.WARNING: "#FBE3A2", Severity.NOTICE: "#E2EEF7"}


LEAD_FILL = "#DDE3F3"


def schedule(context: Context) -> None:
    """One row per placed audit."""
    table = TableWriter(context, SCHEDULE)
    keys = [column.key for column in SCHEDULE.columns]
    accounts = Accounts(context.body, context.facts.rules)
    for placement in context.plan.placements:
        audit = context.audit(placement)
        fills = {
            keys.index("type"): TYPE_COLOURS[audit.type],
            keys.index("status"): STATUS_COLOURS[placement.status],
        }
        table.add(_schedule_row(context, placement, audit), fills)
        lines = accounts.of(audit)
        if lines:
            table.page.write_comment(table.rows, keys.index("days"), safe(account_text(lines, context.language)), NOTE)
    _lists(context, table, keys)
    table.finish()


def _schedule_row(context: Context, placement: Placement, audit: Audit) -> list[object]:
    """The cells of one placed audit."""
    site = context.facts.geography.site(audit)
    comma = context.text("list-comma")
    previous = context.facts.lookup.previous.get(audit.id)
    lock = "" if previous is None or previous.lock is None else context.word(words.LOCKS, previous.lock)

    def names(role: Role) -> str:
        """The people of a role."""
        return comma.join(context.person(person) for person in placement.people(role))

    return [
        audit.id,
        context.client(audit),
        words.type_word(audit).written(context.language),
        comma.join(audit.standards),
        site.region,
        site.city,
        placement.start.day,
        context.word(words.PARTS, placement.start.part),
        placement.end.day,
        context.word(words.PARTS, placement.end.part),
        float(audit.days),
        context.person(placement.lead),
        names(Role.AUDITOR),
        names(Role.EXPERT),
        names(Role.TRAINEE),
        money(placement.travel_cost),
        audit.due,
        (audit.due - placement.end.day).days,
        context.word(words.AUDIT_STATUSES, placement.status),
        lock,
        _why(context, placement, audit),
    ]


def _why(context: Context, placement: Placement, audit: Audit) -> str:
    """Who covers what, where the dates stand in the window, and the next best team."""
    parts = []
    for seat in placement.seats:
        name = context.facts.lookup.auditors[seat.auditor].name
        role = words.role_word(audit, seat.role).written(context.language)
        parts.append(context.text("why-seat", name=name, role=role, covers=_covers(context, seat) or "–"))
    earliest = audit.earliest.isoformat() if audit.earliest else "–"
    slack = (audit.due - placement.end.day).days
    parts.append(context.text("why-window", earliest=earliest, due=audit.due.isoformat(), slack=slack))
    if placement.overrides:
        rules = context.text("list-comma").join(context.text(f"rule-{rule}") for rule in placement.overrides)
        parts.append(context.text("why-override", rules=rules))
    rival = next((rival for rival in context.notes.rivals if rival.audit == audit.id), None)
    if rival is not None and not rival.people:
        parts.append(context.text("why-no-rival"))
    elif rival is not None:
        people = context.text("list-comma").join(context.facts.lookup.auditors[person].name for person in rival.people)
        parts.append(context.text("why-rival", people=people, cost=cost_text(rival.more, context.language)))
    return context.text("why-join").join(parts)


def _covers(context: Context, seat: Seat) -> str:
    """What a person covers, standard by standard."""
    codes: dict[str, list[str]] = {}
    for standard, code in seat.covers:
        codes.setdefault(standard, []).extend([code] if code else [])
    comma = context.text("list-comma")
    return comma.join(f"{standard}: {'+'.join(own)}" if own else standard for standard, own in codes.items())


def _lists(context: Context, table: TableWriter, keys: list[str]) -> None:
    """Drop-down lists on the columns that a coordinator edits."""
    closed = {
        "lock": words.LOCKS,
        "status": words.AUDIT_STATUSES,
        "start_part": words.PARTS,
        "end_part": words.PARTS,
    }
    last = max(table.rows, 1)
    for key, choices in closed.items():
        source = [word.written(context.language) for word in choices.values()]
        rule = {"validate": "list", "source": source, "error_type": "warning"}
        table.page.data_validation(1, keys.index(key), last, keys.index(key), rule)
    origin = next((auditor.origin for auditor in context.body.auditors if auditor.origin), None)
    if origin is not None:
        letters = origin.cell("id").rstrip("0123456789")
        sheet = origin.sheet.replace("'", "''")
        people = f"='{sheet}'!${letters}$2:${letters}${len(context.body.auditors) + 50}"
        chosen = {"validate": "list", "source": people, "error_type": "warning"}
        table.page.data_validation(1, keys.index("lead"), last, keys.index("lead"), chosen)


def assignments(context: Context) -> None:
    """One row per audit and person."""
    table = TableWriter(context, ASSIGNMENTS)
    lead = [column.key for column in ASSIGNMENTS.columns].index("role")
    order = context.facts.lookup.order
    rows = [(placement, seat) for placement in context.plan.placements for seat in placement.seats]
    for placement, seat in sorted(rows, key=lambda pair: (order[pair[1].auditor], pair[0].start, pair[0].audit)):
        audit = context.audit(placement)
        worked = _worked(context, placement, audit)
        table.add(
            [
                context.person(seat.auditor),
                context.facts.lookup.auditors[seat.auditor].name,
                audit.id,
                context.client(audit),
                words.role_word(audit, seat.role).written(context.language),
                context.slot(placement.start),
                context.slot(placement.end),
                worked / 2,
                _covers(context, seat),
                _way_there(context, seat),
                _way_back(context, seat),
                seat.nights,
            ],
            {lead: LEAD_FILL} if seat.role is Role.LEAD else None,
        )
    table.finish()


def _worked(context: Context, placement: Placement, audit: Audit) -> int:
    """Slots that a placement works on."""
    return (context.facts.timeline.hull(placement.start, placement.end) & context.facts.open(audit)).bit_count()


def _way_there(context: Context, seat: Seat) -> str:
    """The way to a site as text: when, where to, how long; and where from, if not from home."""
    journey = seat.out
    if journey is None:
        return ""
    if journey.origin == journey.destination:
        return context.text("journey-stays", place=journey.destination)
    auditor = context.facts.lookup.auditors[seat.auditor]
    straight = journey.origin != context.facts.geography.home(auditor).label
    code = "journey-straight" if straight else "journey"
    when = context.slot(journey.slots[0]) if journey.slots else context.text("same-day")
    hours = f"{journey.hours:.1f}"
    return context.text(code, when=when, origin=journey.origin, place=journey.destination, hours=hours)


def _way_back(context: Context, seat: Seat) -> str:
    """The way home as text, or that one goes straight on."""
    journey = seat.back
    if journey is None:
        return context.text("journey-on") if seat.out is not None else ""
    when = context.slot(journey.slots[-1]) if journey.slots else context.text("same-day")
    return context.text(
        "journey", when=when, origin=journey.origin, place=journey.destination, hours=f"{journey.hours:.1f}"
    )


def unplaced(context: Context) -> None:
    """One row per audit left out."""
    table = TableWriter(context, UNPLACED)
    for left in context.plan.unplaced:
        audit = context.facts.lookup.audits[left.audit]
        reasons = context.text("why-join").join(reason_text(reason, context.language) for reason in left.reasons)
        table.add(
            [
                audit.id,
                context.client(audit),
                words.type_word(audit).written(context.language),
                audit.due,
                reasons,
                _smallest_fix(context, left),
                consequence_text(left, context.language),
            ],
            {2: TYPE_COLOURS[audit.type]},
        )
    table.finish()


def _smallest_fix(context: Context, left: Unplaced) -> str:
    """The smallest change that places an audit, with its cell; where none was found or looked for what the reason
    calls for, said to be no more than that."""
    fix = context.notes.fixes.get(left.audit)
    if fix is not None:
        return fix_text(fix, context.language)
    first = left.reasons[0]
    text = proposal(first.code, context.language, **dict(first.parameters))
    code = "unplaced-none" if left.audit in context.notes.barren else "unplaced-untried"
    return context.text(code, text=text, audit=left.audit)


def workload(context: Context) -> None:
    """One row per auditor."""
    table = TableWriter(context, WORKLOAD)
    facts = context.facts
    audits: dict[str, int] = {}
    travel: dict[str, int] = {}
    nights: dict[str, int] = {}
    cost: dict[str, int] = {}
    for placement in context.plan.placements:
        worked = _worked(context, placement, context.audit(placement))
        for seat in placement.seats:
            who = seat.auditor
            rate = round(facts.lookup.auditors[who].cost_per_day * 50)
            audits[who] = audits.get(who, 0) + worked
            ways = [way for way in (seat.out, seat.back) if way is not None]
            travel[who] = travel.get(who, 0) + sum(len(way.slots) for way in ways)
            nights[who] = nights.get(who, 0) + seat.nights
            cost[who] = cost.get(who, 0) + seat.travel_cost + worked * rate
    total = sum(facts.capacity(auditor) for auditor in context.body.auditors)
    needed = sum(audits.values())
    for auditor in context.body.auditors:
        capacity, days = facts.capacity(auditor) / 2, audits.get(auditor.id, 0) / 2
        share = capacity * needed / total if total else 0.0
        target = float(auditor.target_days) if auditor.target_days is not None else round(share * 2) / 2
        leave = (facts.leave(auditor) & facts.period()).bit_count() / 2
        use = round(100 * days / capacity, 1) if capacity else 0.0
        table.add(
            [
                context.person(auditor.id),
                auditor.name,
                capacity,
                days,
                travel.get(auditor.id, 0) / 2,
                leave,
                use,
                target,
                days - target,
                nights.get(auditor.id, 0),
                money(cost.get(auditor.id, 0)),
            ]
        )
    place = [column.key for column in WORKLOAD.columns].index("use")
    bar = {"type": "data_bar", "bar_color": "#9DC3E6", "bar_solid": True, "min_type": "num", "min_value": 0}
    bar.update({"max_type": "num", "max_value": 100})
    table.page.conditional_format(1, place, max(table.rows, 1), place, bar)
    table.finish()


def problems(context: Context) -> None:
    """One row per finding, with a link to its cell."""
    table = TableWriter(context, PROBLEMS)
    order = list(Severity)
    found = [as_written(context, problem) for problem in context.problems]
    for problem in sorted(found, key=lambda entry: order.index(entry.severity)):
        text, advice = problem_text(problem, context.language)
        severity = context.word(words.SEVERITIES, problem.severity)
        row = [severity, problem.sheet, problem.cell, problem.value, text, advice]
        table.add(row, {0: SEVERITY_COLOURS[problem.severity]})
        if problem.cell.lstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZ").isdigit() and problem.sheet:
            cell = problem.cell if problem.cell[0].isalpha() else f"A{problem.cell}"
            link = "internal:'{}'!{}".format(problem.sheet.replace("'", "''"), cell)
            style = context.format(font_color="#0563C1", underline=1)
            table.page.write_url(table.rows, 2, link, style, problem.cell)
    table.finish()
