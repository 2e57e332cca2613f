"""The Calendar sheet: auditors down, days across, a month a page of A3."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

from auditplan.io.workbook import words
from auditplan.io.workbook.output.context import TYPE_COLOURS, Context, paged, safe, text_length
from auditplan.io.workbook.schema import CALENDAR
from auditplan.planner.domain import Auditor, AuditType
from auditplan.planner.plan import Slot

FIRST_COLUMN, FIRST_ROW = 2, 3
CLOSED, LEAVE = "#E6E6E6", "#C6C6C6"
REGION_WIDTH, NAME_WIDTH, DAY_WIDTH, CLOSED_WIDTH = 8.5, 12.0, 8.0, 2.7
LETTERS = 10
"""Letters of a line in the cell of a day; a wide sign counts twice."""
LINE, LEAST_HEIGHT, MOST_HEIGHT = 10.5, 24, 76
"""Heights in points: of a line, and of a row at least and at most."""
SHEET_WIDTH = 1050
"""Points across A3 between the margins, and a little to spare: programs differ in the width of a column."""
TRAVEL = {"pattern": 14, "bg_color": "#FFFFFF", "fg_color": "#D9B36C"}
"""Hatched: a journey beside the kinds, which have plain fills."""

Entry = tuple[Slot, str, AuditType]


def calendar(context: Context) -> None:
    """The grid, its headings and its legend."""
    page = context.book.add_worksheet(CALENDAR.name(context.language))
    days = _days(context)
    _headings(context, page, days)
    grid = _Grid(context)
    people = sorted(enumerate(context.body.auditors), key=lambda pair: (pair[1].region, pair[0]))
    for row, (_, auditor) in enumerate(people, start=FIRST_ROW):
        name = context.format(bold=True, border=1, border_color="#BFBFBF", text_wrap=True)
        region = context.format(border=1, border_color="#BFBFBF", text_wrap=True)
        page.write_string(row, 0, safe(auditor.region), region)
        page.write_string(row, 1, safe(auditor.name), name)
        most = 1
        for column, day in enumerate(days, start=FIRST_COLUMN):
            text, fill = grid.cell(auditor, day)
            most = max(most, _lines(text))
            style = context.format(font_size=8, text_wrap=True, border=1, border_color="#BFBFBF", **fill)
            if text:
                page.write_string(row, column, safe(text), style)
            else:
                page.write_blank(row, column, None, style)
        page.set_row(row, min(MOST_HEIGHT, max(LEAST_HEIGHT, most * LINE + 3)))
    _legend(context, page, FIRST_ROW + len(people) + 1)
    _print_setup(context, page, days, FIRST_ROW + len(people))


def _days(context: Context) -> list[date]:
    """Every day of the period."""
    settings = context.body.settings
    return [
        settings.plan_from + timedelta(days=index) for index in range((settings.plan_to - settings.plan_from).days + 1)
    ]


def _lines(text: str) -> int:
    """How many lines a text takes in the cell of a day, whose words are not broken unless they are too long."""
    lines = 0
    for part in text.split("\n"):
        lines += 1
        room = LETTERS
        for word in part.split(" "):
            width = text_length(word)
            if width > room and room < LETTERS:
                lines += 1
                room = LETTERS
            lines += max(0, width - 1) // LETTERS
            room = LETTERS - width % LETTERS - 1
    return lines


class _Grid:
    """What each person does on each day."""

    def __init__(self, context: Context) -> None:
        """Per person and day: the audits they work on, and the half days of journeys."""
        self._context = context
        self._entries: dict[tuple[str, date], list[Entry]] = defaultdict(list)
        self._travel: dict[tuple[str, date], list[Slot]] = defaultdict(list)
        timeline = context.facts.timeline
        for placement in context.plan.placements:
            audit = context.audit(placement)
            mask = timeline.hull(placement.start, placement.end) & context.facts.open(audit)
            slots = [timeline.slot(tick) for tick in range(mask.bit_length()) if mask >> tick & 1]
            for seat in placement.seats:
                for slot in slots:
                    self._entries[seat.auditor, slot.day].append((slot, context.client(audit), audit.type))
                for way in (seat.out, seat.back):
                    for slot in way.slots if way else ():
                        self._travel[seat.auditor, slot.day].append(slot)

    def cell(self, auditor: Auditor, day: date) -> tuple[str, dict[str, object]]:
        """Text and fill of a cell: clients and journeys in order of time, a half day marked as such, the colour of
        the first audit's kind; without work the word for leave, or the shade of a day off."""
        entries = sorted(self._entries.get((auditor.id, day), ()), key=lambda entry: entry[0])
        travel = self._travel.get((auditor.id, day), [])
        if entries or travel:
            text = "\n".join(label for _, label in sorted(self._labels(entries, travel)))
            return text, {"bg_color": TYPE_COLOURS[entries[0][2]]} if entries else {**TRAVEL}
        facts = self._context.facts
        mask = facts.timeline.mask(day, day)
        leave = facts.leave(auditor) & mask
        if leave and facts.calendars.of(facts.geography.home(auditor).country).is_working(day):
            slots = [facts.timeline.slot(tick) for tick in range(leave.bit_length()) if leave >> tick & 1]
            return self._half(slots, self._context.text("calendar-leave")), {"bg_color": LEAVE}
        return "", {"bg_color": "#FFFFFF" if facts.free(auditor) & mask else CLOSED}

    def _labels(self, entries: list[Entry], travel: list[Slot]) -> Iterator[tuple[Slot, str]]:
        """The lines of a cell, each with its first half day."""
        for client in dict.fromkeys(name for _, name, _ in entries):
            slots = [slot for slot, name, _ in entries if name == client]
            yield slots[0], self._half(slots, client)
        if travel:
            yield min(travel), self._half(travel, self._context.text("calendar-travel"))

    def _half(self, slots: list[Slot], label: str) -> str:
        """A label, marked if it is for half a day only."""
        half = "" if len(set(slots)) > 1 else self._context.word(words.PARTS, slots[0].part) + " "
        return half + label


def _headings(context: Context, page: Any, days: list[date]) -> None:
    """Months, ISO weeks and days."""
    head = context.format(bold=True, align="center", bg_color="#1F4E79", font_color="#FFFFFF", border=1)
    week = context.format(align="center", bg_color="#DDEBF7", font_size=8, border=1, border_color="#BFBFBF")
    write = page.write_string
    write(2, 0, context.text("calendar-region"), head)
    write(2, 1, context.text("calendar-auditor"), head)
    _bands(page, 0, [context.text("calendar-month", year=day.year, month=f"{day.month:02d}") for day in days], head)
    # Weeks end with the month, so that each page of a month has whole ones.
    weeks = [(day.month, context.text("calendar-week", week=day.isocalendar().week)) for day in days]
    _bands(page, 1, [label for _, label in weeks], week, weeks)
    calendar_of = context.facts.calendars.of(context.body.settings.country)
    for index, day in enumerate(days):
        working = calendar_of.is_working(day)
        label = f"{words.WEEKDAYS[day.isoweekday() - 1].written(context.language)[-3:]}\n{day.day}"
        style = context.format(
            align="center",
            bg_color="#FFFFFF" if working else CLOSED,
            font_size=8,
            text_wrap=True,
            border=1,
            border_color="#BFBFBF",
        )
        write(2, FIRST_COLUMN + index, label, style)
        page.set_column(FIRST_COLUMN + index, FIRST_COLUMN + index, DAY_WIDTH if working else CLOSED_WIDTH)
    page.set_row(2, 26)
    page.set_column(0, 0, REGION_WIDTH)
    page.set_column(1, 1, NAME_WIDTH)
    page.freeze_panes(FIRST_ROW, FIRST_COLUMN)


def _bands(page: Any, row: int, labels: list[str], style: object, keys: list[tuple[int, str]] | None = None) -> None:
    """Equal labels side by side as one merged heading; keys: what must be equal, if not the labels."""
    same: list[object] = list(keys or labels)
    start = 0
    for index in range(1, len(labels) + 1):
        if index == len(labels) or same[index] != same[start]:
            low, high = FIRST_COLUMN + start, FIRST_COLUMN + index - 1
            if low == high:
                page.write_string(row, low, labels[start], style)
            else:
                page.merge_range(row, low, row, high, labels[start], style)
            start = index


def _legend(context: Context, page: Any, row: int) -> None:
    """What the colours mean."""
    entries: list[tuple[str, dict[str, object]]] = []
    for kind, colour in TYPE_COLOURS.items():
        entries.append((context.word(words.AUDIT_TYPES, kind), {"bg_color": colour}))
    entries.append((context.text("calendar-travel"), {**TRAVEL}))
    entries.append((context.text("calendar-leave"), {"bg_color": LEAVE}))
    entries.append((context.text("calendar-closed"), {"bg_color": CLOSED}))
    for index, (label, fill) in enumerate(entries):
        style = context.format(border=1, border_color="#BFBFBF", font_size=9, **fill)
        page.write_string(row + index, 1, label, style)


def _print_setup(context: Context, page: Any, days: list[date], last: int) -> None:
    """A3 across, a month wide, with as many pages down as the people need; names and dates on each page."""
    page.set_landscape()
    page.set_paper(8)
    # Excel minds no breaks between pages where it fits a sheet to them: the scale of the widest month is set instead.
    page.set_print_scale(_scale(context, days))
    page.repeat_columns(0, 1)
    page.repeat_rows(0, 2)
    paged(page)
    months = [index for index, day in enumerate(days) if day.day == 1 and index]
    page.set_v_pagebreaks([FIRST_COLUMN + index for index in months])
    page.print_area(0, 0, last + 14, FIRST_COLUMN + len(days) - 1)


def _scale(context: Context, days: list[date]) -> int:
    """The percentage at which the widest month fits on a page."""
    calendar_of = context.facts.calendars.of(context.body.settings.country)
    widths: dict[tuple[int, int], float] = defaultdict(float)
    for day in days:
        widths[day.year, day.month] += _points(DAY_WIDTH if calendar_of.is_working(day) else CLOSED_WIDTH)
    widest = max(widths.values()) + _points(REGION_WIDTH) + _points(NAME_WIDTH)
    return max(10, min(100, int(100 * SHEET_WIDTH / widest)))


def _points(width: float) -> float:
    """The points of a column's width. A figure is seven pixels wide in Calibri, nine in what stands for it."""
    return (width * 8.8 + 5) * 0.75
