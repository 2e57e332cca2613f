"""The Summary sheet: the plan at a glance, how good it is, and which rules were checked."""

from __future__ import annotations

from collections import Counter
from typing import Any

from auditplan.io.workbook import words
from auditplan.io.workbook.output.context import Context, money, paged, safe
from auditplan.io.workbook.schema import SUMMARY
from auditplan.planner.domain import AuditStatus, AuditType


def summary(context: Context) -> None:
    """Sections one under another."""
    page = context.book.add_worksheet(SUMMARY.name(context.language))
    page.set_column(0, 0, 44)
    page.set_column(1, 5, 16)
    page.hide_gridlines(2)
    row = _title(context, page)
    for section in (_figures, _by_type, _by_month, _quality, _rules, _run):
        row = section(context, page, row + 1)
    page.set_paper(9)
    page.fit_to_pages(1, 1)
    paged(page)


def _title(context: Context, page: Any) -> int:
    """Whose plan, for when."""
    settings = context.body.settings
    head = context.format(bold=True, font_size=16, font_color="#1F4E79")
    title = context.text("summary-title", organisation=settings.organisation or "auditplan")
    _put(page, 0, [title], head)
    period = context.text("summary-period", first=settings.plan_from, last=settings.plan_to)
    _put(page, 1, [period], context.format(italic=True))
    return 2


def _put(page: Any, row: int, values: list[object], style: Any) -> None:
    """One row of cells."""
    for index, value in enumerate(values):
        if isinstance(value, int | float):
            page.write_number(row, index, value, style)
        else:
            page.write_string(row, index, safe(str(value)), style)


def _section(context: Context, page: Any, row: int, heads: list[str], rows: list[list[object]]) -> int:
    """A small table under a heading."""
    _put(page, row, list(heads), context.format(bold=True, bg_color="#1F4E79", font_color="#FFFFFF", border=1))
    cell = context.format(border=1, border_color="#BFBFBF", num_format="#,##0.##;-#,##0.##", text_wrap=True)
    for offset, values in enumerate(rows, start=1):
        _put(page, row + offset, values, cell)
    return row + len(rows) + 1


def _figures(context: Context, page: Any, row: int) -> int:
    """The figures that everybody asks for first."""
    plan = context.plan
    travel = sum(placement.travel_cost for placement in plan.placements)
    fees = sum(placement.fee for placement in plan.placements)
    settings = context.body.settings
    facts, standing = context.facts, {AuditStatus.DONE, AuditStatus.CANCELLED}
    late = sum(context.audit(placement).due < placement.end.day for placement in plan.placements)
    due = sum(audit.due <= settings.plan_to for audit in context.body.audits if audit.status not in standing)
    missed = sum(facts.lookup.audits[entry.audit].due <= settings.plan_to for entry in plan.unplaced)
    nights = sum(seat.nights for placement in plan.placements for seat in placement.seats)
    rows: list[list[object]] = [
        [context.text("summary-placed"), len(plan.placements)],
        [context.text("summary-unplaced"), len(plan.unplaced)],
        [context.text("summary-never"), sum(left.never for left in plan.unplaced)],
        [context.text("summary-outside"), len(plan.outside)],
        [context.text("summary-due"), due],
        [context.text("summary-missed"), missed],
        [context.text("summary-late"), late],
        [context.text("summary-travel", currency=settings.currency), money(travel)],
        [context.text("summary-fees", currency=settings.currency), money(fees)],
        [context.text("summary-nights"), nights],
    ]
    return _section(context, page, row, [context.text("summary-figures"), context.text("summary-value")], rows)


def _by_type(context: Context, page: Any, row: int) -> int:
    """Placed and left out by kind of audit."""
    placed = Counter(context.audit(placement).type for placement in context.plan.placements)
    left = Counter(context.facts.lookup.audits[entry.audit].type for entry in context.plan.unplaced)
    rows: list[list[object]] = [
        [context.word(words.AUDIT_TYPES, kind), placed[kind], left[kind]]
        for kind in AuditType
        if placed[kind] or left[kind]
    ]
    heads = [context.text("summary-type"), context.text("summary-placed"), context.text("summary-unplaced")]
    return _section(context, page, row, heads, rows)


def _by_month(context: Context, page: Any, row: int) -> int:
    """Placed by the month of the start, left out by the month of Due."""
    placed = Counter(f"{entry.start.day:%Y-%m}" for entry in context.plan.placements)
    left = Counter(f"{context.facts.lookup.audits[entry.audit].due:%Y-%m}" for entry in context.plan.unplaced)
    rows: list[list[object]] = [[month, placed[month], left[month]] for month in sorted({*placed, *left})]
    heads = [context.text("summary-month"), context.text("summary-placed"), context.text("summary-unplaced-due")]
    return _section(context, page, row, heads, rows)


def _quality(context: Context, page: Any, row: int) -> int:
    """Each level's figure, its proven bound and gap."""
    rows: list[list[object]] = []
    for level in context.plan.levels:
        scale = 100 if level.name == "money" else 1
        proven = context.text("summary-proven") if level.bound >= level.value else f"{level.gap:.2%}"
        rows.append([context.text(f"level-{level.name}"), level.value / scale, level.bound / scale, proven])
    heads = [context.text(f"summary-{key}") for key in ("level", "value", "bound", "gap")]
    return _section(context, page, row, heads, rows)


def _rules(context: Context, page: Any, row: int) -> int:
    """How often each hard rule was checked on this plan, and what stands against it: by the coordinator's choice, or
    since the rule was made soft. One that is off says so."""
    overrides = Counter(rule for placement in context.plan.placements for rule in placement.overrides)
    rules = context.facts.rules
    if rules.soft("window"):
        late = (entry for entry in context.plan.placements if context.audit(entry).due < entry.end.day)
        overrides["window"] += sum("window" not in entry.overrides for entry in late)
    rows: list[list[object]] = []
    for rule, count in context.plan.checks:
        state = "off" if not rules.on(rule) else "soft" if rules.soft(rule) else "hard"
        name = context.text(f"rule-{rule}")
        shown = name if state == "hard" else context.text(f"summary-rule-{state}", rule=name)
        rows.append([shown, count, overrides[rule]])
    heads = [context.text(f"summary-{key}") for key in ("rule", "checks", "overrides")]
    return _section(context, page, row, heads, rows)


def _run(context: Context, page: Any, row: int) -> int:
    """How the plan came about."""
    seconds = dict(context.plan.seconds)
    rows: list[list[object]] = [
        [context.text("summary-version"), context.run.version],
        [context.text("summary-when"), context.run.when],
        [context.text("summary-seed"), context.plan.seed],
        [context.text("summary-effort"), round(context.plan.effort, 1)],
        [context.text("summary-seconds"), round(sum(seconds.values()), 1)],
    ]
    return _section(context, page, row, [context.text("summary-run"), context.text("summary-value")], rows)
