"""Sheets read by the schema: which sheet is which, where its header is, and what its cells hold."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from difflib import get_close_matches

from auditplan.io.workbook import words
from auditplan.io.workbook.fold import clean, fold
from auditplan.io.workbook.grid import Grid, letter
from auditplan.io.workbook.schema import SHEETS, Column, Kind, Sheet
from auditplan.io.workbook.values import ValueProblem, date_order, read_value, text_of
from auditplan.planner.problems import Origin, Problem, Severity

HEADER_ROWS = 20
"""The header is looked for in so many rows."""


@dataclass(slots=True)
class Row:
    """One row of data: values by column key (blank ones missing), and where it stands. sound: whether every required
    value could be read."""

    origin: Origin
    values: dict[str, object]
    sound: bool = True


@dataclass(slots=True)
class Table:
    """One sheet that was read. language: that of its headers."""

    sheet: Sheet
    name: str
    rows: list[Row] = field(default_factory=list)
    language: str = "en"


@dataclass(slots=True)
class Findings:
    """Problems collected while reading."""

    problems: list[Problem] = field(default_factory=list)

    def add(
        self, code: str, severity: Severity, sheet: str, cell: str = "", value: object = "", **more: object
    ) -> None:
        """Notes one problem."""
        parameters = tuple((name, str(text)) for name, text in more.items())
        self.problems.append(
            Problem(
                code=code,
                severity=severity,
                sheet=sheet,
                cell=cell,
                value=text_of(value)[:200],
                parameters=parameters,
            )
        )


def identify(names: Iterable[str], findings: Findings) -> dict[str, str]:
    """Schema key → the book's own name of that sheet; near misses are pointed out."""
    known = {fold(form): sheet.key for sheet in SHEETS.values() for form in (sheet.en, sheet.zh, *sheet.also)}
    found: dict[str, str] = {}
    strange = []
    for name in names:
        key = known.get(fold(name))
        if key is None:
            strange.append(name)
        elif key in found:
            findings.add("sheet-twice", Severity.ERROR, name, first=found[key])
        else:
            found[key] = name
    missing = {
        fold(form): sheet for sheet in SHEETS.values() if sheet.key not in found for form in (sheet.en, sheet.zh)
    }
    for name in strange:
        near = get_close_matches(fold(name), list(missing), n=1, cutoff=0.75)
        if near:
            findings.add("sheet-near", Severity.WARNING, name, value=name, near=missing[near[0]].en)
    return found


def read_table(sheet: Sheet, grid: Grid, findings: Findings) -> Table:
    """The rows of one sheet."""
    table = Table(sheet, grid.name)
    header = _header(sheet, grid, findings)
    if header is None:
        return table
    number, columns, table.language = header
    shared = tuple((column.key, letter(index)) for index, column in columns.items())
    body = [row for row in grid.rows if row[0] > number]
    orders = {index: _order(body, index) for index, column in columns.items() if column.kind is Kind.DATE}
    merged = _merged_rows(grid, number, findings)
    for row_number, cells in body:
        if row_number in merged or _skipped(grid, row_number, cells, columns, findings):
            continue
        row = Row(Origin(grid.name, row_number, shared), {})
        for index, column in columns.items():
            value = cells[index] if index < len(cells) else None
            _cell(grid, row, column, value, orders.get(index), findings)
        if row.values or not row.sound:
            _required(sheet, row, findings)
            table.rows.append(row)
    _unique(sheet, table, findings)
    return table


def _header(sheet: Sheet, grid: Grid, findings: Findings) -> tuple[int, dict[int, Column], str] | None:
    """Row number, columns by index and language of the header: the first of the first rows that holds every required
    column."""
    required = {column.key for column in sheet.columns if column.required}
    best: tuple[int, dict[int, Column], str] | None = None
    for number, cells in grid.rows:
        if number > HEADER_ROWS:
            break
        columns, language = _match(sheet, cells)
        keys = {column.key for column in columns.values()}
        if required <= keys:
            _strange_headers(sheet, grid.name, number, cells, columns, findings)
            return number, columns, language
        if best is None or len(columns) > len(best[1]):
            best = number, columns, language
    if best is None or not best[1]:
        names = ", ".join(column.en for column in sheet.columns if column.required)
        findings.add("header-missing", Severity.ERROR, grid.name, columns=names)
        return None
    present = {column.key for column in best[1].values()}
    cells = next(cells for number, cells in grid.rows if number == best[0])
    for column in sheet.columns:
        if column.required and column.key not in present:
            near = get_close_matches(column.en, [clean(cell) for cell in cells if cell], n=1, cutoff=0.6)
            near = near or get_close_matches(column.zh, [clean(cell) for cell in cells if cell], n=1, cutoff=0.4)
            title = f"{column.en} / {column.zh}"
            near_text = near[0] if near else "–"
            findings.add("column-missing", Severity.ERROR, grid.name, str(best[0]), column=title, near=near_text)
    return None


def _match(sheet: Sheet, cells: tuple[object, ...]) -> tuple[dict[int, Column], str]:
    """The columns that a row of cells names, and the language most of them are in."""
    known = {fold(form): column for column in sheet.columns for form in (column.en, column.zh, *column.also)}
    columns: dict[int, Column] = {}
    chinese = 0
    for index, cell in enumerate(cells):
        column = known.get(fold(clean(cell).rstrip("*＊ "))) if isinstance(cell, str) else None
        if column is not None and column not in columns.values():
            columns[index] = column
            chinese += fold(column.zh) == fold(clean(cell).rstrip("*＊ "))
    return columns, "zh" if chinese * 2 > len(columns) else "en"


def _strange_headers(
    sheet: Sheet,
    name: str,
    number: int,
    cells: tuple[object, ...],
    columns: dict[int, Column],
    findings: Findings,
) -> None:
    """Points out headers that are nearly a column's, and columns named twice."""
    missing = [column for column in sheet.columns if column not in columns.values()]
    forms = {fold(form): column for column in missing for form in (column.en, column.zh)}
    titles = {fold(form) for column in columns.values() for form in (column.en, column.zh)}
    for index, cell in enumerate(cells):
        if index in columns or not isinstance(cell, str) or not clean(cell):
            continue
        where = f"{letter(index)}{number}"
        if fold(clean(cell)) in titles:
            findings.add("column-twice", Severity.WARNING, name, where, cell)
            continue
        near = get_close_matches(fold(cell), list(forms), n=1, cutoff=0.8)
        if near:
            title = f"{forms[near[0]].en} / {forms[near[0]].zh}"
            findings.add("column-near", Severity.WARNING, name, where, cell, near=title)


def _order(body: list[tuple[int, tuple[object, ...]]], index: int) -> bool | None:
    """Whether the cells of a column settle that days come first (True) or months (False)."""
    shown = {date_order(cells[index]) for _, cells in body if index < len(cells)} - {None}
    return shown.pop() if len(shown) == 1 else None


def _merged_rows(grid: Grid, header: int, findings: Findings) -> set[int]:
    """The rows below the header that hold merged cells; each range is an error."""
    rows: set[int] = set()
    for low, high, cell in grid.merged:
        if high > header:
            findings.add("merged-cells", Severity.ERROR, grid.name, cell)
            rows |= set(range(max(low, header + 1), high + 1))
        elif low == header:
            findings.add("merged-header", Severity.WARNING, grid.name, cell)
    return rows


def _skipped(
    grid: Grid, number: int, cells: tuple[object, ...], columns: dict[int, Column], findings: Findings
) -> bool:
    """Whether a row is blank in every known column, or a row of totals."""
    known = [cells[index] if index < len(cells) else None for index in sorted(columns)]
    addresses = {f"{letter(index)}{number}" for index in columns}
    if all(value is None or not str(value).strip() for value in known) and not addresses & grid.uncached:
        return True
    first = next((cell for cell in cells if cell is not None and str(cell).strip()), None)
    if isinstance(first, str) and fold(first).rstrip(":：") in {fold(word) for word in words.TOTALS}:
        findings.add("totals-row", Severity.NOTICE, grid.name, str(number), first)
        return True
    return False


def _cell(grid: Grid, row: Row, column: Column, value: object, day_first: bool | None, findings: Findings) -> None:
    """Reads one cell into its row."""
    cell = row.origin.cell(column.key)
    if value is None or (isinstance(value, str) and not value.strip()):
        if cell in grid.uncached:
            row.sound = False
            findings.add("formula-uncached", Severity.ERROR, grid.name, cell)
        return
    if isinstance(value, str) and value.startswith("#") and value.rstrip("!?").isupper() | (value == "#N/A"):
        row.sound = False
        findings.add("cell-error", Severity.ERROR, grid.name, cell, value)
        return
    try:
        row.values[column.key] = read_value(value, column, day_first=day_first)
    except ValueProblem as problem:
        row.sound = row.sound and not column.required
        findings.add(problem.code, Severity.ERROR, grid.name, cell, value, **problem.parameters)


def _required(sheet: Sheet, row: Row, findings: Findings) -> None:
    """Required cells that are blank; a blank one that can be computed is looked at later."""
    for column in sheet.columns:
        if column.required and column.key not in row.values and column.key not in COMPUTED:
            if row.sound:
                title = f"{column.en} / {column.zh}"
                findings.add(
                    "required-blank", Severity.ERROR, row.origin.sheet, row.origin.cell(column.key), column=title
                )
            row.sound = False


COMPUTED = frozenset({"days", "value"})
"""Required columns whose blank cells are computed or have a default."""


def _unique(sheet: Sheet, table: Table, findings: Findings) -> None:
    """Repeated identities: the later rows are errors and left away."""
    if not sheet.identity:
        return
    seen: dict[tuple[str, ...], int] = {}
    kept = []
    for row in table.rows:
        key = tuple(fold(text_of(row.values.get(part, ""))) for part in sheet.identity)
        if not any(key):
            kept.append(row)
        elif key in seen:
            cell, value = row.origin.cell(sheet.identity[0]), row.values.get(sheet.identity[0], "")
            findings.add("repeated", Severity.ERROR, table.name, cell, value, first=seen[key])
        else:
            seen[key] = row.origin.row
            kept.append(row)
    table.rows = kept
