"""What every sheet written needs: the body, the plan, the language, formats and colours."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from auditplan.io.messages import message
from auditplan.io.workbook import words
from auditplan.io.workbook.schema import Sheet
from auditplan.planner.domain import Audit, AuditStatus, AuditType, Body
from auditplan.planner.explanations.noted import Notes
from auditplan.planner.facts import Facts
from auditplan.planner.plan import Placement, Plan, Slot
from auditplan.planner.problems import Problem

TYPE_COLOURS = {
    AuditType.SURVEILLANCE: "#C8D9F5",
    AuditType.RECERTIFICATION: "#F8BC46",
    AuditType.INITIAL: "#8CB595",
    AuditType.STAGE_1: "#DCFFBD",
    AuditType.STAGE_2: "#9AD89E",
    AuditType.SPECIAL: "#C0A8E6",
    AuditType.FOLLOW_UP: "#C8A3BF",
    AuditType.SPOT_CHECK: "#EDF218",
    AuditType.DOCUMENT_REVIEW: "#ADA0FE",
    AuditType.DECISION: "#EA9F6D",
}
"""Fills that stay apart for protan, deutan and tritan eyes too (a test simulates them), under black letters."""

STATUS_COLOURS = {
    AuditStatus.PROPOSED: "#FFFFFF",
    AuditStatus.CONFIRMED: "#A9C9EE",
    AuditStatus.DONE: "#CFCFCF",
    AuditStatus.OPEN: "#EDF218",
    AuditStatus.CANCELLED: "#9A9A9A",
}
LINE = 15
"""Height of a line of text, in points."""
A4_WIDTH = 180
"""Widths of columns that can still be read when they are printed on A4; wider sheets are printed on A3."""
WRAPPED = 30
"""Columns from this width on wrap their text."""
FONT = {"font_name": "Calibri", "font_size": 10, "valign": "vcenter"}


@dataclass(frozen=True, slots=True)
class RunInfo:
    """What is said about a run in Summary: the planner's version, and when it ran."""

    version: str
    when: str


@dataclass(slots=True)
class Context:
    """One writing. notes: next best teams and smallest fixes."""

    book: Any
    body: Body
    plan: Plan
    problems: Sequence[Problem]
    language: str
    run: RunInfo
    notes: Notes = field(default_factory=Notes)
    facts: Facts = field(init=False)
    _formats: dict[tuple[tuple[str, object], ...], Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Derives the facts once."""
        self.facts = Facts(self.body)

    def format(self, **options: object) -> Any:
        """A cell format, made once."""
        asked = tuple(options.items())
        if asked not in self._formats:
            key = tuple(sorted({**FONT, **options}.items()))
            if key not in self._formats:
                self._formats[key] = self.book.add_format(dict(key))
            self._formats[asked] = self._formats[key]
        return self._formats[asked]

    def text(self, code: str, **parameters: object) -> str:
        """A text of the catalogues."""
        return message(code, self.language, **parameters)

    def word(self, choices: words.Words, member: Any) -> str:
        """A member of a closed list."""
        return choices[member].written(self.language)

    def person(self, identity: str) -> str:
        """How a person is called in the book: by the id, which the coordinator typed."""
        return identity

    def client(self, audit: Audit) -> str:
        """A client's name."""
        return self.facts.lookup.clients[audit.client].name

    def audit(self, placement: Placement) -> Audit:
        """The audit of a placement."""
        return self.facts.lookup.audits[placement.audit]

    def slot(self, slot: Slot) -> str:
        """A half day as text."""
        return f"{slot.day.isoformat()} {self.word(words.PARTS, slot.part)}"


def money(cents: int) -> float:
    """An amount in units of the currency."""
    return cents / 100


class TableWriter:
    """A sheet that is one table: header, rows, filters, frozen first row."""

    def __init__(self, context: Context, sheet: Sheet, *, frozen: int = 1) -> None:
        """Starts the sheet with its header."""
        self.context, self.sheet = context, sheet
        self.page = context.book.add_worksheet(sheet.name(context.language))
        self.page.freeze_panes(1, frozen)
        self.rows = 0
        for index, column in enumerate(sheet.columns):
            self.page.set_column(index, index, column.width)
        # The button of the filter covers the end of a header.
        tight = any(text_length(column.name(context.language)) + 4 > column.width for column in sheet.columns)
        self.page.set_row(0, LINE * (2 if tight else 1) + 3)

    def add(self, values: Sequence[object], fills: dict[int, str] | None = None) -> None:
        """Adds a row; fills: column index → colour."""
        self.rows += 1
        self.page.set_row(self.rows, LINE * self._lines(values))
        for index, value in enumerate(values):
            fill = (fills or {}).get(index)
            extra: dict[str, object] = {} if fill is None else {"bg_color": fill}
            self._cell(self.rows, index, value, extra)

    def height(self, values: Sequence[object]) -> int:
        """How many lines the cells of a row need, line breaks counted."""
        most = 1
        for column, value in zip(self.sheet.columns, values, strict=True):
            lines = [-(-text_length(line) * 11 // (column.width * 10)) for line in str(value or "").split("\n")]
            most = max(most, sum(max(1, line) for line in lines))
        return min(most, 24)

    def _lines(self, values: Sequence[object]) -> int:
        """How many lines the fullest cell needs."""
        most = 1
        for column, value in zip(self.sheet.columns, values, strict=True):
            if isinstance(value, str) and _wraps(value, column.width):
                most = max(most, -(-text_length(value) * 11 // (column.width * 10)))
        return min(most, 12)

    def _cell(self, row: int, index: int, value: object, extra: dict[str, object]) -> None:
        """One cell by the type of its value; text is never a formula."""
        context = self.context
        if value is None or value == "":
            self.page.write_blank(row, index, None, context.format(**extra))
        elif isinstance(value, date):
            moment = datetime(value.year, value.month, value.day)  # noqa: DTZ001 - a date only
            style = context.format(num_format="yyyy-mm-dd", align="left", **extra)
            self.page.write_datetime(row, index, moment, style)
        elif isinstance(value, int | float):
            pattern = _pattern(value, amount=self.sheet.columns[index].key in AMOUNTS)
            style = context.format(num_format=pattern + "_)", align="right", **extra)
            self.page.write_number(row, index, value, style)
        else:
            text = safe(str(value))
            style = context.format(text_wrap=_wraps(text, self.sheet.columns[index].width), **extra)
            self.page.write_string(row, index, text, style)

    def finish(self) -> None:
        """Makes the rows a table."""
        columns = [{"header": column.name(self.context.language)} for column in self.sheet.columns]
        options = {
            "name": f"auditplan_{self.sheet.key}",
            "columns": columns,
            "style": "Table Style Light 1",
            "banded_rows": False,
        }
        self.page.add_table(0, 0, max(self.rows, 1), len(columns) - 1, options)
        header = self.context.format(bold=True, bg_color="#1F4E79", font_color="#FFFFFF", border=1, text_wrap=True)
        for index, column in enumerate(self.sheet.columns):
            self.page.write_string(0, index, column.name(self.context.language), header)
        self.page.set_landscape()
        self.page.set_paper(8 if sum(column.width for column in self.sheet.columns) > A4_WIDTH else 9)
        self.page.fit_to_pages(1, 0)
        self.page.repeat_rows(0)
        paged(self.page)


def paged(page: Any) -> None:
    """Narrow margins, and a foot with the sheet's name and the number of the page."""
    page.set_margins(left=0.4, right=0.4, top=0.4, bottom=0.6)
    page.set_footer("&L&A&R&P / &N", {"margin": 0.25})


AMOUNTS = frozenset({"travel_cost", "cost"})
"""Keys of columns that hold amounts of money."""


def _pattern(value: float, *, amount: bool) -> str:
    """How a number is shown: amounts with two digits behind the point, others with as many as they have."""
    if amount:
        return "#,##0.00"
    return "#,##0" if value == round(value) else "#,##0.0" if value == round(value, 1) else "#,##0.00"


_WIDE = re.compile(r"[^\x00-\u2e7f]")
"""Signs that take the room of two letters."""


def text_length(text: str) -> int:
    """The width of a text in letters; a wide sign counts twice."""
    return len(text) if text.isascii() else len(text) + len(_WIDE.findall(text))


def _wraps(text: str, width: float) -> bool:
    """Whether a text is broken into lines: in wide columns, and wherever it would be cut off."""
    return width >= WRAPPED or text_length(text) > width or "\n" in text


_UNFIT = re.compile(r"[\x00-\x08\x0b-\x1f\ufffe\uffff]")
"""Signs that no sheet can hold."""
LONGEST_CELL = 32_000
"""Characters that a cell may hold (Excel's limit is 32,767)."""


def safe(text: str) -> str:
    """A text that a cell can hold: no control characters, not too long."""
    kept = _UNFIT.sub("", text)
    return kept if len(kept) <= LONGEST_CELL else kept[:LONGEST_CELL] + "…"
