"""The workbook of `whatif`: figures with differences, charts, and the placements that change per scenario."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from auditplan.io.workbook.study_book import NUMBER, PERCENT, SIGNED, WHOLE, StudyBook, add_series, study_book
from auditplan.io.workbook.words import AUDIT_TYPES, PARTS, type_word
from auditplan.planner.plan import LEVELS, Placement, Slot
from auditplan.planner.scenarios.compare import Difference, Figures, differences, figures, moves
from auditplan.planner.scenarios.study import Outcome, Study

A3 = 8
"""Paper for a wide table, as Excel numbers it."""
MANY = 8
"""More plans than this ask for charts of the whole width."""
_OWN = ("placed", "left-out", "overdue", "needed", "available", "planned", "use", "travel", "fees")
_AGAINST = ("more", "worse", "worse-certain", "dearer", "dearer-certain")
_PATTERNS = (WHOLE, WHOLE, WHOLE, NUMBER, NUMBER, NUMBER, PERCENT, WHOLE, WHOLE)


def write_comparison(target: Path, study: Study, language: str) -> None:
    """Writes the comparison of a study whose base has a plan. Raises OSError like any write."""
    with study_book(target, language) as book:
        outcomes = [study.base, *(outcome for outcome in study.scenarios if outcome.plan is not None)]
        own = [figures(outcome.body, outcome.plan) for outcome in outcomes if outcome.plan is not None]
        _figures(book, study, outcomes, own)
        _differences(book, study)
        _moves(book, study)


def _name(book: StudyBook, outcome: Outcome) -> str:
    """A scenario's name, or that of the base."""
    return book.text("whatif-base") if outcome.scenario is None else outcome.scenario.name


def _figures(book: StudyBook, study: Study, outcomes: list[Outcome], own: list[Figures]) -> None:
    """A row each, with the difference from the base of what counts most; charts below and on a sheet of their own."""
    currency = study.base.body.settings.currency
    kinds = [kind for kind, _ in own[0].placed if any(dict(found.placed)[kind] for found in own)]
    headers = [book.text("whatif-scenario")]
    headers += [book.text(f"whatif-column-{name}", currency=currency) for name in _OWN]
    headers += [book.text(f"whatif-column-{name}", currency=currency) for name in _AGAINST]
    headers += [book.text("whatif-placed-of", type=AUDIT_TYPES[kind].written(book.language)) for kind in kinds]
    rows = []
    for outcome, found in zip(outcomes, own, strict=True):
        counts = dict(found.placed)
        against = _against(book, study, outcome, found.placed_all - own[0].placed_all)
        rows.append([_name(book, outcome), *_values(found), *against, *(counts[kind] for kind in kinds)])
    patterns = ["", *_PATTERNS, SIGNED, SIGNED, "", SIGNED, "", *[WHOLE] * len(kinds)]
    page = book.table("whatif-sheet-figures", headers, rows, patterns, widths=(30, *[12] * (len(headers) - 1)))
    page.set_paper(A3)
    _charts(book, page, len(rows), len(kinds), currency)


def _against(book: StudyBook, study: Study, outcome: Outcome, placed: int) -> list[object]:
    """The differences from the base that count most, each with whether it is proven; blank for the base itself."""
    if study.base.plan is None or outcome.plan is None or outcome is study.base:
        return [None] * len(_AGAINST)
    levels = {entry.level: entry for entry in differences(study.base.plan, outcome.plan)}
    lost, money = levels["left_out"], levels["money"]
    return [placed, lost.value, _proven(book, lost), money.value / 100, _proven(book, money)]


def _proven(book: StudyBook, entry: Difference) -> str:
    """Whether a difference is proven."""
    return book.text("whatif-proven" if entry.certain else "whatif-not-proven")


def _values(found: Figures) -> list[object]:
    """The figures in the order of the columns; money in units of the currency."""
    return [
        found.placed_all,
        found.left_out_all,
        found.overdue,
        found.days_needed,
        found.days_available,
        found.days_planned,
        found.use,
        found.travel / 100,
        found.fees / 100,
    ]


def _charts(book: StudyBook, page: Any, rows: int, kinds: int, currency: str) -> None:
    """Audits by type, person-days, money and audits lost; each with its units."""
    sheet = book.page("whatif-sheet-charts")
    sheet.fit_to_pages(1, 1)
    across = book.text("whatif-scenario")
    first_kind = 1 + len(_OWN) + len(_AGAINST)
    plans = (
        ("column", "audits", list(range(first_kind, first_kind + kinds)), True),
        ("column", "days", [4, 5, 6], False),
        ("column", "money", [8, 9], True),
        ("column", "lost", [2, 3], False),
    )
    for place, (kind, name, columns, stacked) in enumerate(plans):
        title, up = book.text(f"whatif-chart-{name}"), book.text(f"whatif-unit-{name}", currency=currency)
        chart = book.chart(kind, title, across, up, stacked=stacked)
        add_series(chart, page, columns, rows)
        if rows > MANY:
            chart.set_size({"width": 1440, "height": 420})
            sheet.insert_chart(22 * place, 0, chart)
        else:
            sheet.insert_chart(20 * (place // 2), 12 * (place % 2), chart)


def _differences(book: StudyBook, study: Study) -> None:
    """Every level's difference from the base, with what is certain of it."""
    headers = [book.text(f"whatif-{name}") for name in ("scenario", "level", "base", "here", "difference")]
    headers += [book.text(f"whatif-{name}") for name in ("least", "most", "certain")]
    currency = study.base.body.settings.currency
    rows: list[list[object]] = []
    base = study.base.plan
    for outcome in study.scenarios:
        if outcome.plan is None or base is None:
            continue
        pairs = zip(differences(base, outcome.plan), base.levels, outcome.plan.levels, strict=True)
        for number, (entry, before, after) in enumerate(pairs):
            unit = 100 if entry.level == "money" else 1
            name = book.text(f"whatif-level-{LEVELS[number].replace('_', '-')}", currency=currency)
            numbers = (before.value, after.value, entry.value, entry.least, entry.most)
            rows.append([_name(book, outcome), name, *(value / unit for value in numbers), _proven(book, entry)])
    patterns = ["", "", WHOLE, WHOLE, SIGNED, SIGNED, SIGNED, ""]
    book.table("whatif-sheet-differences", headers, rows, patterns, widths=(30, 32, 14, 14, 14, 22, 22, 16))


def _moves(book: StudyBook, study: Study) -> None:
    """The placements that differ from the base's."""
    headers = [book.text(f"whatif-{name}") for name in ("scenario", "audit", "client", "type", "what", "base", "here")]
    rows: list[list[object]] = []
    for outcome in study.scenarios:
        if outcome.plan is None or study.base.plan is None:
            continue
        audits = {audit.id: audit for body in (study.base.body, outcome.body) for audit in body.audits}
        clients = {client.id: client.name for client in (*study.base.body.clients, *outcome.body.clients)}
        for move in moves(study.base.plan, outcome.plan):
            audit = audits[move.audit]
            what = book.text(f"whatif-move-{move.kind}")
            kind = type_word(audit).written(book.language)
            before, after = _placed(book, move.before), _placed(book, move.after)
            rows.append([_name(book, outcome), audit.id, clients[audit.client], kind, what, before, after])
    widths = (30, 18, 30, 16, 18, 44, 44)
    book.table("whatif-sheet-moves", headers, rows, [""] * len(headers), frozen=2, widths=widths)


def _placed(book: StudyBook, placement: Placement | None) -> str:
    """When and with whom."""
    if placement is None:
        return "–"
    people = ", ".join(seat.auditor for seat in placement.seats)
    return f"{_slot(book, placement.start)} – {_slot(book, placement.end)}: {people}"


def _slot(book: StudyBook, slot: Slot) -> str:
    """A half day."""
    return f"{slot.day.isoformat()} {PARTS[slot.part].written(book.language)}"
