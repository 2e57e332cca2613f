"""The sheet Last plan: the planner's memory of the plan that it wrote, so that the next run sees what a coordinator
typed over it and what nobody touched. It is very hidden, like Invites: Excel's menus do not show it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

from auditplan.io.calendars.changes import State
from auditplan.io.workbook.columns import Kind, Sheet
from auditplan.io.workbook.columns import make_column as _c
from auditplan.io.workbook.invites import INVITES, STATES
from auditplan.io.workbook.output.context import safe
from auditplan.io.workbook.read_cells import RawSheet, read_sheet
from auditplan.io.workbook.read_package import Package
from auditplan.io.workbook.read_spelling import fold
from auditplan.io.workbook.read_tables import find_table
from auditplan.planner.domain import AuditStatus, Lock, Part, PlannedAudit, Rival, WrittenPlan

MEMORY = Sheet(
    key="memory",
    en="Last plan",
    zh="上次排程",
    written=True,
    columns=(
        _c("audit", "Audit", "任务号", required=True, width=18),
        _c("state", "State", "状态", required=True),
        _c("mark", "Mark", "标记", required=True, width=20),
        _c("start", "Start", "开始", width=14),
        _c("end", "End", "结束", width=14),
        _c("lead", "Lead", "组长"),
        _c("team", "Team", "组员", width=24),
        _c("experts", "Experts", "技术专家"),
        _c("trainees", "Trainees", "实习"),
        _c("status", "Status", "排程状态"),
        _c("lock", "Lock", "锁定", Kind.COUNT),
        _c("rival", "Next best team", "次选组", width=24),
    ),
)
PLACED, LEFT_OUT, OTHER, WHOLE = "placed", "left out", "other", "whole"
"""States of a row; WHOLE is the one row about the input as a whole, with the proven bounds."""
NONE = "–"
SEPARATOR = "\n"
"""Between names: it never stands in one."""
STANDING = frozenset(
    fold(word) for state in (State.SENT, State.SENDING) for word in (STATES[state].en, STATES[state].zh)
)
"""How the states of an invitation are written that may stand in a calendar."""


def write_memory(book: Any, written: WrittenPlan, language: str) -> None:
    """Adds the sheet to a workbook that is being built."""
    page = book.add_worksheet(MEMORY.name(language))
    for index, column in enumerate(MEMORY.columns):
        page.set_column(index, index, column.width)
        page.write_string(0, index, column.name(language))
    for number, cells in enumerate(_cells(written), start=1):
        for index, text in enumerate(cells):
            if text:
                page.write_string(number, index, safe(text))


def _cells(written: WrittenPlan) -> Iterator[tuple[str, ...]]:
    """The rows of the sheet as text."""
    bounds = SEPARATOR.join(str(bound) for bound in written.bounds)
    yield ("*", WHOLE, written.inputs, "", "", "", bounds)
    rows = {row.audit: row for row in written.rows}
    left_out = set(written.left_out)
    marks = dict(written.marks)
    rivals = {rival.audit: rival for rival in written.rivals}
    for audit in dict.fromkeys((*marks, *rows)):
        mark, row = marks.get(audit, "–"), rows.get(audit)
        if row is None:
            yield (audit, LEFT_OUT if audit in left_out else OTHER, mark)
            continue
        teams = (SEPARATOR.join(people) for people in (row.team, row.experts, row.trainees))
        start, end = f"{row.start} {row.start_part.value}", f"{row.end} {row.end_part.value}"
        lock = str(row.lock.value) if row.lock else ""
        rival = _rival_text(rivals[audit]) if audit in rivals else ""
        yield (audit, PLACED, mark, start, end, row.lead, *teams, row.status.value, lock, rival)


def _rival_text(rival: Rival) -> str:
    """A next best team as a cell keeps it: what it costs more on each level, then the people; – for none."""
    return SEPARATOR.join((" ".join(str(amount) for amount in rival.more) or NONE, *rival.people))


def _rival(audit: str, text: str) -> Rival:
    """A next best team that was kept. Raises ValueError."""
    more, *people = text.split(SEPARATOR)
    return Rival(
        audit=audit,
        people=tuple(people),
        more=tuple(int(amount) for amount in more.split()) if more != NONE else (),
    )


def read_memory(package: Package) -> WrittenPlan | None:
    """What a book remembers of the plan in it; None for one without the sheet, or with one that cannot be read: then
    its Schedule is the plan before, and nothing counts as typed over it."""
    raw = _sheet(package, MEMORY)
    table = find_table(MEMORY, raw)[0] if raw is not None else None
    if table is None:
        return None
    rows: list[PlannedAudit] = []
    left_out: list[str] = []
    marks: list[tuple[str, str]] = []
    rivals: list[Rival] = []
    inputs, bounds = "", tuple[int, ...]()
    try:
        for _, cells in table.rows:
            texts = {column.key: str(cells.get(at, "")) for at, column in table.columns.items()}
            if texts["state"] == WHOLE:
                inputs = texts["mark"]
                bounds = tuple(int(text) for text in texts.get("team", "").split(SEPARATOR) if text)
                continue
            marks.append((texts["audit"], texts["mark"]))
            if texts["state"] == PLACED:
                rows.append(_row(texts))
                rivals += [_rival(texts["audit"], texts["rival"])] if texts.get("rival") else []
            elif texts["state"] == LEFT_OUT:
                left_out.append(texts["audit"])
    except (KeyError, ValueError):
        return None
    return WrittenPlan(
        rows=tuple(rows),
        left_out=tuple(left_out),
        marks=tuple(marks),
        inputs=inputs,
        bounds=bounds,
        rivals=tuple(rivals),
    )


def _row(texts: dict[str, str]) -> PlannedAudit:
    """A row that was written. Raises KeyError and ValueError."""
    start, start_part = texts["start"].split(" ")
    end, end_part = texts["end"].split(" ")
    return PlannedAudit(
        audit=texts["audit"],
        start=date.fromisoformat(start),
        start_part=Part(start_part),
        end=date.fromisoformat(end),
        end_part=Part(end_part),
        lead=texts["lead"],
        team=_names(texts["team"]),
        experts=_names(texts["experts"]),
        trainees=_names(texts["trainees"]),
        status=AuditStatus(texts["status"]),
        lock=Lock(int(texts["lock"])) if texts["lock"] else None,
    )


def _names(text: str) -> tuple[str, ...]:
    """Names of a cell."""
    return tuple(name for name in text.split(SEPARATOR) if name)


def invited_audits(package: Package) -> frozenset[str]:
    """The audits that somebody has an invitation to, by the sheet Invites. A memory that cannot be read counts as none
    here: the command that invites refuses it."""
    raw = _sheet(package, INVITES)
    table = find_table(INVITES, raw)[0] if raw is not None else None
    if table is None:
        return frozenset()
    at = {column.key: number for number, column in table.columns.items()}
    return frozenset(
        str(cells[at["audit"]])
        for _, cells in table.rows
        if at["audit"] in cells and fold(str(cells.get(at["state"], ""))) in STANDING
    )


def _sheet(package: Package, sheet: Sheet) -> RawSheet | None:
    """A sheet of a package by its name in either language."""
    names = {fold(sheet.en), fold(sheet.zh)}
    found = next(((name, part) for name, part in package.sheets if fold(name) in names), None)
    return None if found is None else read_sheet(package, *found)
