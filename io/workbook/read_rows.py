"""The rows of a table as values by key, with every problem of their cells."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field

from auditplan.io.workbook.read_cells import CellValue, ErrorText, NoValue
from auditplan.io.workbook.read_references import References, resolve, resolve_several
from auditplan.io.workbook.read_spelling import fold
from auditplan.io.workbook.read_tables import Table
from auditplan.io.workbook.read_values import Setup, as_text, read_value
from auditplan.io.workbook.schema import Column, Kind, Sheet
from auditplan.io.workbook.values_dates import order_of
from auditplan.io.workbook.values_error import UnfitValueError
from auditplan.planner.problems import Origin, Problem, Severity

MAY_BE_BLANK = {("audits", "days"), ("settings", "value")}
"""Cells of required columns that have a default of their own."""
_CACHE = 200_000


@dataclass(slots=True, kw_only=True)
class Row:
    """A data row. values: by key, blank and faulty cells left out. faulty: keys of the cells that could not
    be taken. usable False: a required cell is faulty or blank, so that no object can be made of it."""

    origin: Origin
    values: dict[str, object] = field(default_factory=dict)
    faulty: set[str] = field(default_factory=set)
    usable: bool = True

    def text(self, key: str) -> str:
        """A text value, empty where there is none."""
        value = self.values.get(key, "")
        return value if isinstance(value, str) else ""


def read_rows(table: Table, language: str, *, date1904: bool) -> tuple[list[Row], list[Problem]]:
    """All rows of a table, with the problems of their cells. References stay text."""
    readers = {
        number: (column, _reader(table, number, column, language, date1904=date1904))
        for number, column in sorted(table.columns.items())
    }
    required = [column.key for column in table.sheet.columns if column.required]
    rows: list[Row] = []
    problems: list[Problem] = []
    places = table.places
    for number, cells in table.rows:
        row = Row(origin=Origin(table.name, number, places))
        for place, (column, reader) in readers.items():
            cell = cells.get(place)
            if cell is None:
                continue
            value = reader(cell)
            if isinstance(value, UnfitValueError):
                row.faulty.add(column.key)
                problems.append(_cell_problem(row.origin, column, cell, value, table))
            elif value is not None and value != "":
                row.values[column.key] = value
        problems.extend(_missing(row, table, required))
        rows.append(row)
    return rows, [*problems, *_repeated(rows, table)]


def _reader(
    table: Table, number: int, column: Column, language: str, *, date1904: bool
) -> Callable[[CellValue], object]:
    """A column's reader, which remembers what it has read and returns problems instead of raising them."""
    order = _order(table, number) if column.kind is Kind.DATE else None
    setup = Setup(language=language, date1904=date1904, order=order)
    known: dict[tuple[type, CellValue], object] = {}

    def read(cell: CellValue) -> object:
        key = (type(cell), cell)
        if key not in known:
            if len(known) > _CACHE:
                known.clear()
            try:
                known[key] = read_value(cell, column, setup)
            except UnfitValueError as problem:
                known[key] = problem
        return known[key]

    return read


def _order(table: Table, number: int) -> str | None:
    """Whether day or month comes first in a column of dates, by its texts."""
    return order_of(cell for _, cells in table.rows if isinstance(cell := cells.get(number), str))


def _cell_problem(origin: Origin, column: Column, cell: CellValue, found: UnfitValueError, table: Table) -> Problem:
    """A problem of a cell; one that only warns leaves the row usable, as does one in an optional column."""
    shown = "" if isinstance(cell, NoValue) else str(cell) if isinstance(cell, ErrorText) else as_text(cell)
    parameters = {"column": table.titles.get(column.key, column.en), "given": shown, **found.parameters}
    return Problem(
        code=found.code,
        severity=found.severity,
        sheet=origin.sheet,
        cell=origin.cell(column.key),
        value=shown,
        parameters=tuple(parameters.items()),
    )


def _missing(row: Row, table: Table, required: list[str]) -> Iterator[Problem]:
    """Required cells of a row that are blank. A cell under a merge is the merge's problem, not its own."""
    for key in required:
        if key in row.values or (table.sheet.key, key) in MAY_BE_BLANK:
            continue
        row.usable = False
        if key in row.faulty or _hidden(row, key, table):
            row.faulty.add(key)
            continue
        yield Problem(
            code="read-cell-blank",
            severity=Severity.ERROR,
            sheet=table.name,
            cell=row.origin.cell(key),
            parameters=(("column", table.titles[key]),),
        )


def _hidden(row: Row, key: str, table: Table) -> bool:
    """Whether a merged range hides a row's cell."""
    number = next(number for number, column in table.columns.items() if column.key == key)
    return (row.origin.row, number) in table.covered


def _repeated(rows: list[Row], table: Table) -> Iterator[Problem]:
    """Rows whose identity another row has already, be that one faulty or not; those are not used."""
    keys = [key for key in table.sheet.identity if key in table.titles]
    if not keys or keys[0] not in table.titles:
        return
    seen: dict[tuple[str, ...], int] = {}
    for row in rows:
        identity = tuple(fold(str(row.values.get(key, ""))) for key in keys)
        if row.faulty & set(keys) or not any(identity):
            continue
        if identity in seen:
            row.usable = False
            shown = " · ".join(str(row.values[key]) for key in keys if key in row.values)
            yield Problem(
                code="read-row-repeated",
                severity=Severity.ERROR,
                sheet=table.name,
                cell=row.origin.cell(keys[0]),
                value=shown,
                parameters=(("given", shown), ("first", str(seen[identity])), ("column", table.titles[keys[0]])),
            )
        else:
            seen[identity] = row.origin.row


def resolve_rows(
    sheet: Sheet, rows: list[Row], titles: Mapping[str, str], books: Mapping[str, References]
) -> list[Problem]:
    """Replaces the texts of references by the ids that they mean, in place; with a problem for each that
    means none or several."""
    problems: list[Problem] = []
    for column in sheet.columns:
        if column.kind not in {Kind.REFERENCE, Kind.REFERENCES}:
            continue
        targets = [books[key] for key in column.refers]
        known: dict[str, tuple[object, list[UnfitValueError]]] = {}
        for row in rows:
            text = row.text(column.key)
            if not text:
                continue
            if text not in known:
                known[text] = _resolved(text, column, targets)
            value, found = known[text]
            problems.extend(_reference_problem(row, column, text, item, titles) for item in found)
            _put(row, column, value)
    return problems


def _resolved(text: str, column: Column, targets: list[References]) -> tuple[object, list[UnfitValueError]]:
    """The id or ids of a text, with what is wrong with it."""
    if column.kind is Kind.REFERENCES:
        return resolve_several(text, targets[0])
    try:
        return resolve(text, targets), []
    except UnfitValueError as problem:
        return "", [problem]


def _put(row: Row, column: Column, value: object) -> None:
    """Sets a resolved reference; without one the cell is faulty and, if required, the row of no use."""
    if value:
        row.values[column.key] = value
        return
    del row.values[column.key]
    row.faulty.add(column.key)
    row.usable = row.usable and not column.required


def _reference_problem(
    row: Row, column: Column, text: str, found: UnfitValueError, titles: Mapping[str, str]
) -> Problem:
    """The problem of a reference."""
    return Problem(
        code=found.code,
        severity=found.severity,
        sheet=row.origin.sheet,
        cell=row.origin.cell(column.key),
        value=text,
        parameters=(("column", titles.get(column.key, column.en)), *found.parameters.items()),
    )
