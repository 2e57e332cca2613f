"""The Summary sheet: the plan at a glance, how good it is, and which rules were checked."""

from __future__ import annotations

from collections import Counter
from typing import Any

from auditplan.io.workbook import words
from auditplan.io.workbook.output.context import LINE, Context, money, paged, safe, text_length
from auditplan.io.workbook.output.moved_cells import as_written
from auditplan.io.workbook.rule_rows import source
from auditplan.io.workbook.schema import SUMMARY
from auditplan.planner.compliance import Compliance, State, compliance_of
from auditplan.planner.domain import AuditStatus, AuditType
from auditplan.planner.holding import Held
from auditplan.planner.overrides import OVERRIDE
from auditplan.planner.problems import Severity, problem_at

COLUMNS, LABEL, WIDTH = 6, 44, 16
"""Columns of the page, the width of the first, and that of the others."""
MOST_OVERRIDES = 40
"""Overrides that are listed; all are in Problems."""


def summary(context: Context) -> None:
    """Sections one under another."""
    page = context.book.add_worksheet(SUMMARY.name(context.language))
    page.set_column(0, 0, LABEL)
    page.set_column(1, COLUMNS - 1, WIDTH)
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
    if context.notes.changed is not None:
        changed, least = context.notes.changed
        proven = context.text("summary-proven") if least >= changed else f"{(changed - least) / changed:.2%}"
        rows.append([context.text("summary-changed"), changed, least, proven])
    heads = [context.text(f"summary-{key}") for key in ("level", "value", "bound", "gap")]
    return _section(context, page, row, heads, rows)


def _rules(context: Context, page: Any, row: int) -> int:
    """How often each hard rule was checked on this plan and what stands against it, with the clause that it comes
    from; one that is off or soft says so. Then each override with what holds it."""
    found = compliance_of(context.body, context.plan, context.problems)
    rows: list[list[object]] = []
    for record in found.rules:
        name = context.text(f"rule-{record.rule}")
        shown = name if record.state is State.HARD else context.text(f"summary-rule-{record.state.value}", rule=name)
        rows.append([shown, record.checks, record.overrides, source(record.rule, context.language)])
    rows.append([context.text("summary-all"), found.checks, len(found.overrides), context.text("summary-verified")])
    heads = [context.text(f"summary-{key}") for key in ("rule", "checks", "overrides", "source")]
    row = _wide(context, page, row, heads, rows, (3,))
    return _overrides(context, page, row + 1, found)


def _overrides(context: Context, page: Any, row: int, found: Compliance) -> int:
    """Every override: the audit, the rule, who breaks it, and by whose choice it stands, with the cell."""
    rows: list[list[object]] = []
    for override in found.overrides[:MOST_OVERRIDES]:
        audit = context.facts.lookup.audits[override.audit]
        client = context.client(audit)
        place = problem_at(override.held.origin, override.held.field, OVERRIDE, Severity.NOTICE)
        cell = as_written(context, place)
        people = context.text("list-comma").join(override.people)
        held = _held_by(context, override.held)
        if cell.cell:
            held = context.text("summary-held", by=held, sheet=cell.sheet, cell=cell.cell)
        named = context.text("summary-audit-of", audit=audit.id, client=client)
        rows.append([named, people or "–", context.text(f"rule-{override.rule}"), "", held])
    left = len(found.overrides) - len(rows)
    if left > 0 or not rows:
        rows.append([context.text("summary-more" if left > 0 else "summary-no-overrides", number=left), "", "", "", ""])
    heads = [context.text(f"summary-{key}") for key in ("override", "person", "broken")]
    return _wide(context, page, row, [*heads, "", context.text("summary-held-by")], rows, (2, 4))


def _held_by(context: Context, held: Held) -> str:
    """What holds an override, in words."""
    if held.lock is not None:
        return context.text("summary-held-lock", lock=context.word(words.LOCKS, held.lock))
    return context.text(f"summary-held-{held.code}")


def _wide(
    context: Context, page: Any, row: int, heads: list[str], rows: list[list[object]], wide: tuple[int, ...]
) -> int:
    """A table in which some columns reach to the next one of them, the last to the edge of the page."""
    end = _section(context, page, row, heads, rows)
    head = context.format(bold=True, bg_color="#1F4E79", font_color="#FFFFFF", border=1)
    cell = context.format(border=1, border_color="#BFBFBF", text_wrap=True)
    spans = list(zip(wide, (*wide[1:], COLUMNS), strict=True))
    widths = {at: WIDTH * (following - at) for at, following in spans}
    lines: list[list[object]] = [list(heads), *rows]
    for offset, values in enumerate(lines):
        for place, following in spans:
            text = safe(str(values[place]))
            page.merge_range(row + offset, place, row + offset, following - 1, text, head if offset == 0 else cell)
        needed = (
            -(-text_length(str(value)) * 11 // (widths.get(at, WIDTH if at else LABEL) * 10))
            for at, value in enumerate(values)
        )
        page.set_row(row + offset, LINE * max(1, *needed))
    return end


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
