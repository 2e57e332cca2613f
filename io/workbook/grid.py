"""The cells of a workbook as they stand: sheets with rows, formulas without a result, merged ranges."""

from __future__ import annotations

import re
import zipfile
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from auditplan.io.workbook.errors import WorkbookError

MOST_ROWS, MOST_COLUMNS = 200_000, 400
"""Rows and columns of a sheet that are looked at."""

_FORMULA = re.compile(rb'<c r="([A-Z]+\d+)"[^>]*>\s*<f[^>]*?(?:/>|>[^<]*</f>)\s*(?:<v\s*/>|<v></v>)?\s*</c>')
_MERGE = re.compile(rb'<mergeCell ref="([A-Z]+)(\d+):([A-Z]+)(\d+)"')


@dataclass(slots=True)
class Grid:
    """One sheet: (row number, values) for each row that holds anything; letters by column index; cells whose formula
    has no stored result; rows with merged cells, as (first row, last row, first cell)."""

    name: str
    rows: list[tuple[int, tuple[object, ...]]] = field(default_factory=list)
    uncached: set[str] = field(default_factory=set)
    merged: list[tuple[int, int, str]] = field(default_factory=list)


def sheet_names(path: Path) -> list[str]:
    """The sheets of a workbook, in order. Raises WorkbookError."""
    book = _load(path)
    try:
        return list(book.sheetnames)
    finally:
        book.close()


def read_grids(path: Path, package: zipfile.ZipFile, wanted: set[str]) -> dict[str, Grid]:
    """The wanted sheets of a workbook. Raises WorkbookError for a damaged one."""
    book = _load(path)
    try:
        return {name: _grid(book[name], name, package) for name in book.sheetnames if name in wanted}
    except WorkbookError:
        raise
    except Exception as error:  # a damaged part can fail anywhere inside the library
        raise WorkbookError("file-damaged", file=path.name) from error
    finally:
        book.close()


def _load(path: Path) -> Any:
    """The workbook in read-only mode, values only."""
    import openpyxl

    try:
        return openpyxl.load_workbook(path, read_only=True, data_only=True, keep_links=False)
    except Exception as error:  # whatever the library trips over, the file is at fault
        raise WorkbookError("file-damaged", file=path.name) from error


def _grid(sheet: Any, name: str, package: zipfile.ZipFile) -> Grid:
    """One sheet's cells."""
    grid = Grid(name)
    if not hasattr(sheet, "_worksheet_path"):
        return grid
    sheet.reset_dimensions()
    for number, row in enumerate(sheet.iter_rows(values_only=True, max_col=MOST_COLUMNS), start=1):
        if number > MOST_ROWS:
            break
        if any(value is not None and value != "" for value in row):
            grid.rows.append((number, row))
    raw = package.read(sheet._worksheet_path)
    if b"<f" in raw:
        grid.uncached = {match.group(1).decode() for match in _FORMULA.finditer(raw)}
    for match in _MERGE.finditer(raw):
        first, low, _, high = match.groups()
        grid.merged.append((int(low), int(high), f"{first.decode()}{low.decode()}"))
    return grid


def letter(index: int) -> str:
    """The letters of a column by its index from 0."""
    letters = ""
    index += 1
    while index:
        index, rest = divmod(index - 1, 26)
        letters = chr(65 + rest) + letters
    return letters
