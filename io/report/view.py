"""What stands on the page, ready to be shown: texts in the reader's language, places in percent."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Bar:
    """Something that somebody does in one go. left and width: in percent of the chart. kind: the value of the
    AuditType that it is for; travel: a journey. says: all that is known of it, one thing a line; find: what it is
    found by."""

    left: float
    width: float
    kind: str
    label: str
    says: str
    find: str
    audit: str
    region: str
    travel: bool = False
    lead: bool = False
    confirmed: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Lane:
    """One auditor. off and away: outlines of the half days on which they do not work, and of leave, in a box that
    is as wide as the chart has half days, and 1 high."""

    name: str
    region: str
    find: str
    off: str
    away: str
    bars: tuple[Bar, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """A month or a day in the head of the chart. left and width: in percent."""

    left: float
    width: float
    label: str
    off: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Chart:
    """Everybody's days. slots: half days from the first to the last. weeks: lines before Mondays, as of `Lane`."""

    slots: int
    months: tuple[Mark, ...]
    days: tuple[Mark, ...]
    weeks: str
    lanes: tuple[Lane, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class HeatCell:
    """A week of somebody. step: 0 (nothing) to 6 (more than there is); "" in text for no time at all."""

    text: str
    step: int
    says: str


@dataclass(frozen=True, slots=True, kw_only=True)
class HeatRow:
    """Somebody's weeks, and what they come to: texts under the heads of `Heat`."""

    name: str
    region: str
    find: str
    cells: tuple[HeatCell, ...]
    totals: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Heat:
    """How busy everybody is in each week."""

    weeks: tuple[str, ...]
    heads: tuple[str, ...]
    rows: tuple[HeatRow, ...]
    whole: HeatRow


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A row of a table. kind, region and find: as of `Bar`."""

    cells: tuple[str, ...]
    kind: str = ""
    region: str = ""
    find: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """A table. numbers: from which column on there are figures."""

    heads: tuple[str, ...]
    rows: tuple[Row, ...]
    numbers: int = 99


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """A choice of a list: its value and what it is called."""

    value: str
    label: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """The whole page. figures: what everybody asks for first, by name. levels: None where the book says nothing of a
    run; run: how the plan came about."""

    language: str
    title: str
    period: str
    figures: tuple[tuple[str, str], ...]
    kinds: Table
    months: Table
    levels: Table | None
    run: str
    chart: Chart
    heat: Heat
    unplaced: Table
    changes: Table
    legend: tuple[Choice, ...]
    regions: tuple[str, ...]
