"""The Calendar sheet: auditors down, days across, printable on A3."""

from __future__ import annotations

from collections import defaultdict
from datetime import date, timedelta
from typing import Any

from auditplan.io.workbook import words
from auditplan.io.workbook.output.context import TYPE_COLOURS, Context, safe
from auditplan.io.workbook.schema import CALENDAR
from auditplan.planner.domain import AuditType
from auditplan.planner.plan import Slot

FIRST_COLUMN, FIRST_ROW = 2, 3
CLOSED, LEAVE, TRAVEL = "#EDEDED", "#D6CFC7", "#F3E9D2"

Entry = tuple[Slot, str, AuditType]


def calendar(context: Context) -> None:
    """The grid, its headings and its legend."""
    page = context.book.add_worksheet(CALENDAR.name(context.language))
    days = _days(context)
    _headings(context, page, days)
    entries, travel = _entries(context)
    people = sorted(enumerate(context.body.auditors), key=lambda pair: (pair[1].region, pair[0]))
    for row, (_, auditor) in enumerate(people, start=FIRST_ROW):
        name = context.format(bold=True, border=1, border_color="#BFBFBF")
        page.write_string(row, 0, safe(auditor.region), context.format(border=1, border_color="#BFBFBF"))
        page.write_string(row, 1, safe(auditor.name), name)
        page.set_row(row, 40)
        free, leave = context.facts.free(auditor), context.facts.leave(auditor)
        for index, day in enumerate(days):
            mask = context.facts.timeline.mask(day, day)
            shade = LEAVE if leave & mask else CLOSED if not free & mask else "#FFFFFF"
            _day(context, page, (row, FIRST_COLUMN + index), entries[auditor.id, day], travel[auditor.id, day], shade)
    _legend(context, page, FIRST_ROW + len(people) + 1)
    _print_setup(page, days, FIRST_ROW + len(people))


def _days(context: Context) -> list[date]:
    """Every day of the period."""
    settings = context.body.settings
    return [
        settings.plan_from + timedelta(days=index) for index in range((settings.plan_to - settings.plan_from).days + 1)
    ]


def _entries(
    context: Context,
) -> tuple[dict[tuple[str, date], list[Entry]], dict[tuple[str, date], list[Slot]]]:
    """Per person and day: the audits they work on, and the half days of journeys."""
    entries: dict[tuple[str, date], list[Entry]] = defaultdict(list)
    travel: dict[tuple[str, date], list[Slot]] = defaultdict(list)
    for placement in context.plan.placements:
        audit = context.audit(placement)
        mask = context.facts.timeline.hull(placement.start, placement.end) & context.facts.open(audit)
        slots = [context.facts.timeline.slot(tick) for tick in range(mask.bit_length()) if mask >> tick & 1]
        for seat in placement.seats:
            for slot in slots:
                entries[seat.auditor, slot.day].append((slot, context.client(audit), audit.type))
            for way in (seat.out, seat.back):
                for slot in way.slots if way else ():
                    travel[seat.auditor, slot.day].append(slot)
    return entries, travel


def _day(
    context: Context,
    page: Any,
    cell: tuple[int, int],
    entries: list[Entry],
    travel: list[Slot],
    shade: str,
) -> None:
    """One cell of the grid: the client's name, a half day marked as such, the colour of the kind."""
    row, column = cell
    parts = []
    for client in dict.fromkeys(name for _, name, _ in entries):
        slots = [slot for slot, name, _ in entries if name == client]
        half = "" if len(slots) > 1 else context.word(words.PARTS, slots[0].part) + " "
        parts.append(half + client)
    if travel and not entries:
        parts.append(context.text("calendar-travel"))
    fill = TYPE_COLOURS[entries[0][2]] if entries else TRAVEL if travel else shade
    pattern: dict[str, object] = {"bg_color": fill}
    if travel and not entries:
        pattern = {"pattern": 14, "bg_color": "#FFFFFF", "fg_color": "#D9B36C"}
    style = context.format(font_size=7, text_wrap=True, border=1, border_color="#D0D0D0", **pattern)
    if parts:
        page.write_string(row, column, safe("\n".join(parts)), style)
    else:
        page.write_blank(row, column, None, style)


def _headings(context: Context, page: Any, days: list[date]) -> None:
    """Months, ISO weeks and days."""
    head = context.format(bold=True, align="center", bg_color="#1F4E79", font_color="#FFFFFF", border=1)
    week = context.format(align="center", bg_color="#DDEBF7", font_size=8, border=1, border_color="#BFBFBF")
    write = page.write_string
    write(2, 0, context.text("calendar-region"), head)
    write(2, 1, context.text("calendar-auditor"), head)
    _bands(page, 0, [f"{day.year}-{day.month:02d}" for day in days], head)
    _bands(page, 1, [context.text("calendar-week", week=day.isocalendar().week) for day in days], week)
    calendar_of = context.facts.calendars.of(context.body.settings.country)
    for index, day in enumerate(days):
        working = calendar_of.is_working(day)
        label = f"{words.WEEKDAYS[day.isoweekday() - 1].written(context.language)[-3:]}\n{day.day}"
        fill = "#FFFFFF" if working else CLOSED
        style = context.format(
            align="center", bg_color=fill, font_size=8, text_wrap=True, border=1, border_color="#BFBFBF"
        )
        write(2, FIRST_COLUMN + index, label, style)
        page.set_column(FIRST_COLUMN + index, FIRST_COLUMN + index, 9 if working else 3)
    page.set_row(2, 26)
    page.set_column(0, 0, 10)
    page.set_column(1, 1, 16)
    page.freeze_panes(FIRST_ROW, FIRST_COLUMN)


def _bands(page: Any, row: int, labels: list[str], style: object) -> None:
    """Equal labels side by side as one merged heading."""
    start = 0
    for index in range(1, len(labels) + 1):
        if index == len(labels) or labels[index] != labels[start]:
            low, high = FIRST_COLUMN + start, FIRST_COLUMN + index - 1
            if low == high:
                page.write_string(row, low, labels[start], style)
            else:
                page.merge_range(row, low, row, high, labels[start], style)
            start = index


def _legend(context: Context, page: Any, row: int) -> None:
    """What the colours mean."""
    write = page.write_string
    entries = [(context.word(words.AUDIT_TYPES, kind), colour) for kind, colour in TYPE_COLOURS.items()]
    entries += [
        (context.text("calendar-travel"), TRAVEL),
        (context.text("calendar-leave"), LEAVE),
        (context.text("calendar-closed"), CLOSED),
    ]
    for index, (label, colour) in enumerate(entries):
        write(row + index, 1, label, context.format(bg_color=colour, border=1, border_color="#BFBFBF"))


def _print_setup(page: Any, days: list[date], last: int) -> None:
    """A3 across, a month a page, names repeated."""
    page.set_landscape()
    page.set_paper(8)
    page.fit_to_pages(0, 1)
    page.repeat_columns(0, 1)
    page.repeat_rows(0, 2)
    page.set_margins(0.3, 0.3, 0.4, 0.4)
    months = [index for index, day in enumerate(days) if day.day == 1 and index]
    page.set_v_pagebreaks([FIRST_COLUMN + index for index in months])
    page.print_area(0, 0, last + 14, FIRST_COLUMN + len(days) - 1)
