"""The workbook of `capacity`: months, heat map, bottlenecks, headroom, whom to hire and train, with charts."""

from __future__ import annotations

from pathlib import Path

from auditplan.io.workbook.study_book import COLOURS, NUMBER, PERCENT, WHOLE, StudyBook, add_series, study_book
from auditplan.io.workbook.words import ROLES
from auditplan.planner.capacity.advice import Advised
from auditplan.planner.capacity.headroom import Headroom
from auditplan.planner.capacity.load import Load, Row
from auditplan.planner.capacity.study import Capacity
from auditplan.planner.domain import Body, Role

COLD, MILD, HOT = "#DDF1E8", "#FFF2CC", "#D55E00"
"""Of the heat map: nothing to do, full, over full."""


def write_capacity(target: Path, body: Body, found: Capacity, language: str) -> None:
    """Writes a capacity study. Raises OSError like any write."""
    with study_book(target, language) as book:
        _months(book, found.load)
        _heat(book, found.load)
        _bottlenecks(book, found)
        _headroom(book, found.headroom)
        _advice(book, body, found)


def _months(book: StudyBook, load: Load) -> None:
    """All work against everybody, month by month, with a chart."""
    headers = [book.text(f"capacity-{name}") for name in ("month", "needed", "available", "load")]
    rows: list[list[object]] = []
    for month, needed, available in zip(load.months, load.needed_all, load.available_all, strict=True):
        rows.append([f"{month:%Y-%m}", needed, available, needed / available if available else None])
    page = book.table("capacity-sheet-months", headers, rows, ["", NUMBER, NUMBER, PERCENT], widths=(12, 18, 18, 12))
    title, up = book.text("capacity-chart-months"), book.text("capacity-unit-days")
    chart = book.chart("column", title, book.text("capacity-month"), up)
    add_series(chart, page, [1, 2], len(rows))
    page.insert_chart(1, 5, chart)


def _heat(book: StudyBook, load: Load) -> None:
    """Needed, available and load of every row and month; the loads coloured."""
    months = [f"{month:%Y-%m}" for month in load.months]
    headers = [book.text(f"capacity-{name}") for name in ("standard", "code", "region", "role")]
    headers += [book.text("capacity-load-of", month=month) for month in [*months, book.text("capacity-all")]]
    for name in ("needed", "available"):
        headers += [f"{book.text(f'capacity-{name}')} {month}" for month in months]
    rows = [[*_labels(book, row), *_loads(load, row), *load.needed[row], *load.available[row]] for row in load.needed]
    count = len(months)
    patterns = ["", "", "", "", *[PERCENT] * (count + 1), *[NUMBER] * (2 * count)]
    page = book.table("capacity-sheet-heat", headers, rows, patterns, frozen=4, widths=(22, 12, 14, 14))
    scale: dict[str, object] = {"type": "3_color_scale", "min_type": "num", "mid_type": "num", "max_type": "num"}
    scale |= {"min_value": 0, "mid_value": 0.8, "max_value": 1.2}
    scale |= {"min_color": COLD, "mid_color": MILD, "max_color": HOT}
    if rows:
        page.conditional_format(1, 4, len(rows), 4 + count, scale)


def _labels(book: StudyBook, row: Row) -> list[str]:
    """What a row is about."""
    region = row.region or book.text("capacity-everywhere")
    return [row.standard, row.code or "–", region, ROLES[Role(row.role)].written(book.language)]


def _loads(load: Load, row: Row) -> list[float | None]:
    """Needed of available by month and in all. Where nobody is, any work is far too much: shown as 999 %."""
    needed, available = load.needed[row], load.available[row]
    pairs = [*zip(needed, available, strict=True), (sum(needed), sum(available))]
    return [None if not need else (need / have if have else 9.99) for need, have in pairs]


def _bottlenecks(book: StudyBook, found: Capacity) -> None:
    """The sets that prove where it is tight."""
    names = ("kind", "audits", "people", "needed", "available", "load", "codes", "named-audits", "named-people", "says")
    headers = [book.text(f"capacity-{name}") for name in names]
    rows: list[list[object]] = []
    for entry in found.bottlenecks:
        numbers = {"audits": len(entry.audits), "people": len(entry.people)}
        says = book.text("capacity-proof", needed=f"{entry.needed:g}", available=f"{entry.available:g}", **numbers)
        says = book.text("capacity-proof-over", proof=says) if entry.needed > entry.available else says
        codes = ", ".join(f"{standard}:{code}" if code else standard for standard, code in entry.pairs)
        use = entry.needed / entry.available if entry.available else 9.99
        row = [book.text(f"capacity-kind-{entry.kind}"), len(entry.audits), len(entry.people)]
        row += [entry.needed, entry.available, use, codes]
        rows.append([*row, ", ".join(entry.audits), ", ".join(entry.people), says])
    patterns = ["", WHOLE, WHOLE, NUMBER, NUMBER, PERCENT, "", "", "", ""]
    widths = (20, 10, 10, 14, 14, 10, 30, 50, 40, 80)
    book.table("capacity-sheet-bottlenecks", headers, rows, patterns, widths=widths)


def certainty(room: Headroom) -> str:
    """The code of what says how certain a headroom is, and why there is none."""
    if room.left_out and not room.fits:
        return "capacity-none-proven" if room.proven else "capacity-none"
    if room.reached:
        return "capacity-at-least"
    if room.proven:
        return "capacity-proven"
    return "capacity-loss-from" if room.lost else "capacity-not-proven"


def _headroom(book: StudyBook, rooms: tuple[Headroom, ...]) -> None:
    """Growth before one more audit is lost, with a chart."""
    names = ("standard", "audits", "growth", "fits", "lost", "certain")
    headers = [book.text(f"capacity-{name}") for name in names]
    rows: list[list[object]] = []
    for room in rooms:
        name = room.standard or book.text("capacity-all-work")
        how = book.text(certainty(room), lost=room.lost, left_out=room.left_out)
        rows.append([name, room.audits, room.percent / 100, room.fits, room.lost, how])
    patterns = ["", WHOLE, PERCENT, WHOLE, WHOLE, ""]
    page = book.table("capacity-sheet-headroom", headers, rows, patterns, widths=(26, 12, 16, 16, 18, 60))
    title, up = book.text("capacity-chart-headroom"), book.text("capacity-unit-growth")
    chart = book.chart("column", title, book.text("capacity-standard"), up, pattern=PERCENT)
    add_series(chart, page, [2], len(rows))
    chart.set_legend({"none": True})
    page.insert_chart(len(rows) + 2, 0, chart)


def _advice(book: StudyBook, body: Body, found: Capacity) -> None:
    """Whom to hire and whom to train, best first."""
    currency = body.settings.currency
    names = ("do", "who", "standard", "code", "role", "audits-rescued", "points", "cost", "worth", "certain")
    headers = [book.text(f"capacity-{name}", currency=currency) for name in names]
    rows = [*_advised(book, found.hire, "hire"), *_advised(book, found.train, "train")]
    patterns = ["", "", "", "", "", WHOLE, WHOLE, WHOLE, "0.00", ""]
    page = book.table("capacity-sheet-advice", headers, rows, patterns, widths=(14, 20, 22, 12, 14, 14, 14, 14, 18, 30))
    note = book.book.add_format({"text_wrap": False, "italic": True})
    for place, (name, advised) in enumerate((("hire", found.hire), ("train", found.train))):
        code = "capacity-complete" if advised.complete else "capacity-incomplete"
        what = book.text(f"capacity-{name}")
        says = book.text(code, what=what, solved=advised.solved, out_of=advised.out_of)
        page.write_string(len(rows) + 2 + place, 0, says, note)
    if rows:
        title, up = book.text("capacity-chart-advice"), book.text("capacity-unit-worth", currency=currency)
        chart = book.chart("column", title, book.text("capacity-who"), up, pattern="General")
        name, last = page.get_name(), len(rows)
        values = {"name": [name, 0, 8], "categories": [name, 1, 1, last, 4], "values": [name, 1, 8, last, 8]}
        chart.add_series({**values, "fill": {"color": COLOURS[0]}, "gap": 60})
        chart.set_legend({"none": True})
        page.insert_chart(len(rows) + 6, 0, chart)


def _advised(book: StudyBook, advised: Advised, what: str) -> list[list[object]]:
    """A row each."""
    rows: list[list[object]] = []
    for entry in advised.best:
        who = entry.candidate
        certain = book.text("capacity-proven" if entry.proven else "capacity-not-proven")
        role = ROLES[who.role].written(book.language)
        place = [book.text(f"capacity-{what}"), who.auditor or who.region, who.standard, who.code, role]
        rows.append([*place, entry.audits, entry.rescued, entry.cost, entry.worth, certain])
    return rows
