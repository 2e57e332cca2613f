"""Where the schema's sheets and columns are in a book: sheets by name, headers by row, data rows below."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from auditplan.io.workbook import words
from auditplan.io.workbook.read_cells import Cells, CellValue, Merge, RawSheet, letters
from auditplan.io.workbook.read_spelling import fold, nearest, tidy
from auditplan.io.workbook.schema import INPUT_SHEETS, SCHEDULE, SHEETS, Column, Sheet
from auditplan.planner.problems import Problem, Severity

HEADER_ROWS = 20
"""A header stands in one of the first so many rows (workbook.md, Values)."""
READ_SHEETS: tuple[Sheet, ...] = (*INPUT_SHEETS, SCHEDULE)
_BRACKETED = re.compile(r"[(（\[【].*?[)）\]】]")
_DECORATION = "*＊:：#★"
_ALIKE = 0.76
"""How alike (0 to 1) a name must be to one of the schema to be taken for a slip of the pen."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """A sheet of the schema found in a book. columns: the schema's column of each column of the sheet.
    titles: each key's header as typed. rows: the data rows, by number."""

    sheet: Sheet
    name: str
    columns: dict[int, Column]
    titles: dict[str, str]
    rows: tuple[tuple[int, Cells], ...]
    covered: frozenset[tuple[int, int]] = frozenset()
    """Cells, by row and column, that a merged range hides."""

    @property
    def places(self) -> tuple[tuple[str, str], ...]:
        """Each key with the letters of its column."""
        return tuple((column.key, letters(number)) for number, column in sorted(self.columns.items()))


def find_sheets(names: Iterable[str]) -> tuple[dict[str, str], list[Problem]]:
    """The book's name of each sheet that is read, by key; with problems for those that are missing, double or
    nearly named."""
    present = list(names)
    by_fold = {fold(title): sheet for sheet in SHEETS.values() for title in (sheet.en, sheet.zh, *sheet.also)}
    found: dict[str, str] = {}
    problems: list[Problem] = []
    strangers: list[str] = []
    for name in present:
        sheet = by_fold.get(fold(name))
        if sheet is None:
            strangers.append(name)
        elif sheet.key in found:
            other = found[sheet.key]
            problems.append(_problem("read-sheet-twice", Severity.ERROR, name, first=other, second=name))
        else:
            found[sheet.key] = name
    problems.extend(_absent(found, strangers))
    return {sheet.key: found[sheet.key] for sheet in SHEETS.values() if sheet.key in found}, problems


def _absent(found: dict[str, str], strangers: list[str]) -> Iterator[Problem]:
    """Required sheets that are missing, and sheets whose name is nearly that of one that is missing."""
    for sheet in READ_SHEETS:
        if sheet.key in found:
            continue
        near = next((name for title in (sheet.en, sheet.zh) if (name := _near(title, strangers))), "")
        title = f"{sheet.en} / {sheet.zh}"
        if sheet.required:
            code = "read-sheet-missing-near" if near else "read-sheet-missing"
            more = {"near": near} if near else {}
            yield _problem(code, Severity.ERROR, near, title=title, **more)
        elif near:
            yield _problem("read-sheet-near", Severity.WARNING, near, title=title, given=near)


def _near(title: str, names: Iterable[str]) -> str:
    """The name that is nearly a title: a slip of the pen, or the title with something around it."""
    options = list(names)
    close = nearest(title, options, _ALIKE)
    if close:
        return close
    folded = fold(title)
    long = len(folded) > 4 or not folded.isascii()
    return next((name for name in options if long and folded in fold(name) and len(fold(name)) < 20), "")


def find_table(sheet: Sheet, raw: RawSheet) -> tuple[Table | None, list[Problem]]:
    """A sheet's header and data rows. None, with a problem, where no row holds the required columns."""
    required = {column.key for column in sheet.columns if column.required}
    best_row, best = 0, dict[int, Column]()
    for number, cells in raw.rows:
        if number > HEADER_ROWS:
            break
        columns = match_headers(sheet, cells)
        if len({column.key for column in columns.values()}) > len({column.key for column in best.values()}):
            best_row, best = number, columns
        if required <= {column.key for column in columns.values()}:
            return _table(sheet, raw, number, columns)
    if not raw.rows and not sheet.required:
        return None, []
    return None, [_header_missing(sheet, raw, best_row, best)]


def _table(sheet: Sheet, raw: RawSheet, header: int, matched: dict[int, Column]) -> tuple[Table, list[Problem]]:
    """A table below its header row, with what is odd about the header, the merges and the totals."""
    problems: list[Problem] = []
    cells = next(cells for number, cells in raw.rows if number == header)
    columns: dict[int, Column] = {}
    titles: dict[str, str] = {}
    for number, column in sorted(matched.items()):
        place = f"{letters(number)}{header}"
        if column.key in titles:
            problems.append(
                _problem(
                    "read-column-twice", Severity.WARNING, raw.name, place, cells[number], title=titles[column.key]
                )
            )
            continue
        columns[number] = column
        titles[column.key] = " ".join(tidy(str(cells[number])).split())
    problems.extend(_near_headers(sheet, raw.name, header, cells, columns))
    problems.extend(_merged_headers(raw, header, columns))
    rows, totals = _data_rows(raw, header, columns)
    problems.extend(_problem("read-row-of-totals", Severity.NOTICE, raw.name, str(number)) for number in totals)
    merges, covered = _merged_cells(raw, columns, {number for number, _ in rows})
    problems.extend(merges)
    table = Table(sheet=sheet, name=raw.name, columns=columns, titles=titles, rows=rows, covered=covered)
    return table, problems


def match_headers(sheet: Sheet, cells: Cells) -> dict[int, Column]:
    """The schema's column of each cell of a row that names one."""
    names = header_names(sheet)
    found: dict[int, Column] = {}
    for number, value in cells.items():
        if isinstance(value, str):
            column = next((names[form] for form in _forms(value) if form in names), None)
            if column is not None:
                found[number] = column
    return found


def header_names(sheet: Sheet) -> dict[str, Column]:
    """The folded names of a sheet's columns; both languages in one cell count too."""
    names: dict[str, Column] = {}
    for column in sheet.columns:
        both = (
            column.en + column.zh,
            column.zh + column.en,
            f"{column.en}/{column.zh}",
            f"{column.zh}/{column.en}",
        )
        for name in (column.en, column.zh, *column.also, *both):
            names.setdefault(fold(name), column)
    return names


def _forms(value: str) -> tuple[str, ...]:
    """A header as typed, without marks around it, and without what stands in brackets."""
    whole = fold(value)
    plain = whole.strip(_DECORATION)
    inside = "".join(_BRACKETED.findall(plain)).strip("()[]【】")
    return whole, plain, _BRACKETED.sub("", plain).strip(_DECORATION), _BRACKETED.sub("", plain) + inside


def _header_missing(sheet: Sheet, raw: RawSheet, row: int, found: dict[int, Column]) -> Problem:
    """That the required columns are missing, with the headers that nearly name them."""
    keys = {column.key for column in found.values()}
    missing = [column for column in sheet.columns if column.required and column.key not in keys]
    cells = next((cells for number, cells in raw.rows if number == row), {})
    strangers = [str(value) for number, value in cells.items() if number not in found and isinstance(value, str)]
    near = [name for column in missing if (name := _near_header(column, strangers))]
    titles = ", ".join(f"{column.en} / {column.zh}" for column in missing)
    if near:
        more = {"title": titles, "near": ", ".join(dict.fromkeys(near))}
        return _problem("read-column-missing-near", Severity.ERROR, raw.name, str(row or 1), **more)
    return _problem("read-column-missing", Severity.ERROR, raw.name, str(row or 1), title=titles)


def _near_header(column: Column, names: list[str]) -> str:
    """The header that is nearly a column's name."""
    return nearest(column.en, names, _ALIKE) or nearest(column.zh, names, _ALIKE)


def _near_headers(sheet: Sheet, name: str, header: int, cells: Cells, columns: dict[int, Column]) -> Iterator[Problem]:
    """Headers that are nearly those of columns which the sheet lacks."""
    keys = {column.key for column in columns.values()}
    absent = [column for column in sheet.columns if column.key not in keys]
    for number, value in cells.items():
        if number in columns or not isinstance(value, str) or match_headers(sheet, {number: value}):
            continue
        for column in absent:
            if _near_header(column, [value]):
                title = f"{column.en} / {column.zh}"
                place = f"{letters(number)}{header}"
                given = tidy(value)
                yield _problem("read-column-near", Severity.WARNING, name, place, given, title=title, given=given)
                break


def _merged_headers(raw: RawSheet, header: int, columns: dict[int, Column]) -> Iterator[Problem]:
    """Merged ranges that hold a column's header."""
    for merge in raw.merges:
        if merge.top <= header <= merge.bottom and any(merge.left <= number <= merge.right for number in columns):
            yield _problem("read-header-merged", Severity.NOTICE, raw.name, merge.address)


def _data_rows(
    raw: RawSheet, header: int, columns: dict[int, Column]
) -> tuple[tuple[tuple[int, Cells], ...], list[int]]:
    """The rows below the header that hold something in a known column, and the numbers of totals rows."""
    rows: list[tuple[int, Cells]] = []
    totals: list[int] = []
    for number, cells in raw.rows:
        if number <= header:
            continue
        if _is_total(cells):
            totals.append(number)
        elif any(column in columns and not is_blank(value) for column, value in cells.items()):
            rows.append((number, cells))
    return tuple(rows), totals


_TOTALS = frozenset(fold(word) for word in words.TOTALS)


def _is_total(cells: Cells) -> bool:
    """Whether a row's first filled cell says that it sums up the others."""
    first = next((cells[column] for column in sorted(cells) if not is_blank(cells[column])), None)
    return isinstance(first, str) and fold(first).strip(":：") in _TOTALS


def is_blank(value: CellValue | None) -> bool:
    """Whether a cell holds nothing but spaces."""
    return value is None or (isinstance(value, str) and not tidy(value))


def _merged_cells(
    raw: RawSheet, columns: dict[int, Column], rows: set[int]
) -> tuple[list[Problem], frozenset[tuple[int, int]]]:
    """A problem for each merged range that touches data, and the cells that such ranges hide."""
    problems: list[Problem] = []
    covered: set[tuple[int, int]] = set()
    for merge in raw.merges:
        touched = [number for number in columns if merge.left <= number <= merge.right]
        inside = [row for row in rows if merge.top <= row <= merge.bottom] if touched else []
        if not inside:
            continue
        problems.append(_merge_problem(raw.name, merge))
        covered.update((row, number) for row in inside for number in touched)
        covered.discard((merge.top, merge.left))
    return problems, frozenset(covered)


def _merge_problem(sheet: str, merge: Merge) -> Problem:
    """That a range must not be merged."""
    return _problem("read-cells-merged", Severity.ERROR, sheet, merge.address)


def _problem(
    code: str, severity: Severity, sheet: str, cell: str = "", value: object = "", **parameters: str
) -> Problem:
    """A problem of a sheet or its header."""
    return Problem(
        code=code,
        severity=severity,
        sheet=sheet,
        cell=cell,
        value=str(value),
        parameters=tuple(parameters.items()),
    )
