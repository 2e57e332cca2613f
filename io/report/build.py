"""Makes the page's content of a book: the body, the plan of its Schedule, and what the last run wrote."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

from auditplan.io.calendars.texts import clean, one_line
from auditplan.io.messages import message
from auditplan.io.report.chart import chart_of
from auditplan.io.report.load import heat_of
from auditplan.io.report.phrases import Phrases
from auditplan.io.report.view import Choice, Report, Row, Table
from auditplan.io.workbook import words
from auditplan.io.workbook.written import Written
from auditplan.planner.domain import AuditType, Body
from auditplan.planner.facts import Facts
from auditplan.planner.plan import Plan

HUNDREDTHS = 100


def report_of(body: Body, plan: Plan, written: Written, language: str) -> Report:
    """The content of the page. plan: of the Schedule; written: the planner's other sheets."""
    facts = Facts(body)
    phrases = Phrases(facts, language)
    settings = body.settings
    kinds = {facts.lookup.audits[placement.audit].type for placement in plan.placements}
    kinds |= {facts.lookup.audits[row["audit"]].type for row in written.unplaced if row["audit"] in facts.lookup.audits}
    regions = {auditor.region for auditor in body.auditors}
    regions |= {facts.geography.site(facts.lookup.audits[entry.audit]).region for entry in plan.placements}
    return Report(
        language=language,
        title=phrases.say("title", organisation=one_line(settings.organisation) or "auditplan"),
        period=phrases.say("period", first=settings.plan_from, last=settings.plan_to),
        figures=_figures(facts, plan, written, phrases),
        kinds=_kinds(facts, plan, written, phrases),
        months=_months(facts, plan, written, phrases),
        levels=_levels(written, phrases),
        run=_run(written, phrases),
        chart=chart_of(facts, plan, phrases),
        heat=heat_of(facts, plan, phrases),
        unplaced=_unplaced(facts, written, phrases),
        changes=_changes(facts, written, phrases),
        legend=tuple(Choice(value=kind.value, label=phrases.kind(kind)) for kind in AuditType if kind in kinds),
        regions=tuple(sorted(one_line(region) for region in regions)),
    )


def _figures(facts: Facts, plan: Plan, written: Written, phrases: Phrases) -> tuple[tuple[str, str], ...]:
    """What everybody asks for first."""
    settings, audits = facts.body.settings, facts.lookup.audits
    left = [audits[row["audit"]] for row in written.unplaced if row["audit"] in audits]
    seats = [seat for placement in plan.placements for seat in placement.seats]
    days = sum((audits[placement.audit].days for placement in plan.placements), start=0)
    currency = one_line(settings.currency)
    return (
        (phrases.say("placed"), f"{len(plan.placements):,}"),
        (phrases.say("unplaced"), f"{len(written.unplaced):,}"),
        (phrases.say("missed"), f"{sum(audit.due <= settings.plan_to for audit in left):,}"),
        (phrases.say("late"), f"{sum(audits[one.audit].due < one.end.day for one in plan.placements):,}"),
        (phrases.say("people"), f"{len({seat.auditor for seat in seats}):,}"),
        (phrases.say("person-days"), f"{float(days):,.1f}"),
        (phrases.say("travel", currency=currency), _money(sum(one.travel_cost for one in plan.placements))),
        (phrases.say("fees", currency=currency), _money(sum(one.fee for one in plan.placements))),
        (phrases.say("nights"), f"{sum(seat.nights for seat in seats):,}"),
    )


def _money(cents: int) -> str:
    """An amount without hundredths."""
    return f"{cents / HUNDREDTHS:,.0f}"


def _kinds(facts: Facts, plan: Plan, written: Written, phrases: Phrases) -> Table:
    """Placed and left out by type."""
    audits = facts.lookup.audits
    placed = Counter(audits[one.audit].type for one in plan.placements)
    left = Counter(audits[row["audit"]].type for row in written.unplaced if row["audit"] in audits)
    rows = tuple(
        Row(cells=(phrases.kind(kind), f"{placed[kind]:,}", f"{left[kind]:,}"), kind=kind.value)
        for kind in AuditType
        if placed[kind] or left[kind]
    )
    return Table(heads=(phrases.say("type"), phrases.say("placed"), phrases.say("unplaced")), rows=rows, numbers=1)


def _months(facts: Facts, plan: Plan, written: Written, phrases: Phrases) -> Table:
    """Placed by the month of the start, left out by the month of Due."""
    audits = facts.lookup.audits
    placed = Counter((one.start.day.year, one.start.day.month) for one in plan.placements)
    due = [audits[row["audit"]].due for row in written.unplaced if row["audit"] in audits]
    left = Counter((day.year, day.month) for day in due)
    rows = tuple(
        Row(
            cells=(
                phrases.say("month", year=month[0], month=f"{month[1]:02d}"),
                f"{placed[month]:,}",
                f"{left[month]:,}",
            )
        )
        for month in sorted({*placed, *left})
    )
    heads = (phrases.say("by-month"), phrases.say("placed"), phrases.say("unplaced-due"))
    return Table(heads=heads, rows=rows, numbers=1)


def _levels(written: Written, phrases: Phrases) -> Table | None:
    """Each level's figure, its proven bound and gap, as the last run wrote them."""
    if not written.levels:
        return None
    rows = tuple(
        Row(
            cells=(message(f"level-{level.name}", phrases.language), level.value, level.bound, _gap(level.gap, phrases))
        )
        for level in written.levels
    )
    heads = tuple(phrases.say(code) for code in ("level", "value", "bound", "gap"))
    return Table(heads=heads, rows=rows, numbers=1)


def _gap(text: str, phrases: Phrases) -> str:
    """A gap as the page says it: what is proven, in the page's language."""
    proven = {message("summary-proven", language) for language in ("en", "zh")}
    return message("summary-proven", phrases.language) if text in proven else one_line(text)


def _run(written: Written, phrases: Phrases) -> str:
    """How the plan came about; "" where the book does not say."""
    run: Mapping[str, str] = written.run
    if "version" not in run:
        return ""
    known = {key: one_line(run.get(key, "–")) for key in ("version", "when", "seed")}
    return phrases.say("run", checks=f"{written.checks:,}", **known)


def _unplaced(facts: Facts, written: Written, phrases: Phrases) -> Table:
    """What was left out, and why."""
    keys = ("audit", "client", "type", "due", "reason", "fix", "consequence")
    rows = []
    for row in written.unplaced:
        audit = facts.lookup.audits.get(row["audit"])
        known = {key: clean(row.get(key, "")) for key in keys}
        if audit is not None:
            kind = words.type_word(audit).written(phrases.language)
            known |= {"client": phrases.client(audit), "type": kind, "due": audit.due.isoformat()}
        rows.append(
            Row(
                cells=tuple(known[key] for key in keys),
                kind=audit.type.value if audit else "",
                region=one_line(facts.geography.site(audit).region) if audit else "",
                find=one_line(f"{known['audit']} {known['client']}").casefold(),
            )
        )
    heads = tuple(phrases.say("type" if key == "type" else f"column-{key}") for key in keys)
    return Table(heads=heads, rows=tuple(rows))


def _changes(facts: Facts, written: Written, phrases: Phrases) -> Table:
    """What differs from the plan before, and who must be told."""
    keys = ("audit", "client", "what", "old", "new", "told")
    rows = []
    for row in written.changes:
        audit = facts.lookup.audits.get(row["audit"])
        known = {key: clean(row.get(key, "")) for key in keys}
        known["client"] = phrases.client(audit) if audit else ""
        rows.append(
            Row(
                cells=tuple(known[key] for key in keys),
                kind=audit.type.value if audit else "",
                region=one_line(facts.geography.site(audit).region) if audit else "",
                find=one_line(f"{known['audit']} {known['client']} {known['told']}").casefold(),
            )
        )
    return Table(heads=tuple(phrases.say(f"column-{key}") for key in keys), rows=tuple(rows))
