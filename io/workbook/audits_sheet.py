"""The Audits sheet of a book: rows that the pipeline adds below its last one or changes; nothing else in it.

Only the sheet's own part changes, an Excel table over it (which grows), and the styles where a date has none yet.
"""

from __future__ import annotations

import posixpath
import zipfile
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import Enum
from pathlib import Path
from typing import TYPE_CHECKING, Any

from lxml import etree

from auditplan.io.messages import message
from auditplan.io.workbook import graft
from auditplan.io.workbook.errors import WorkbookError
from auditplan.io.workbook.notes import read_notes, write_notes
from auditplan.io.workbook.package_safety import UnreadableError
from auditplan.io.workbook.read_cells import Cells, column_number, letters, read_sheet
from auditplan.io.workbook.read_package import DATE, load_package
from auditplan.io.workbook.read_tables import HEADER_ROWS, find_sheets, match_headers
from auditplan.io.workbook.schema import AUDITS, Column
from auditplan.io.workbook.words import NO, YES, type_word
from auditplan.planner.domain import Audit, AuditType
from auditplan.planner.problems import Origin

if TYPE_CHECKING:
    from auditplan.planner.cycle.pipeline import Pipeline

EPOCH, EPOCH_1904 = date(1899, 12, 30), date(1904, 1, 1)
_TEXT_SPACE = "{http://www.w3.org/XML/1998/namespace}space"

LINKED = {AuditType.SPOT_CHECK: frozenset({"not_team_of", "unannounced"})}
FOLLOWING = frozenset({"after"})
"""What is written into a typed spot check, and into any other typed row that now follows a generated one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditsSheet:
    """Where the Audits sheet of a book is and what it looks like. columns: number by key of the schema; `generated`
    stands beside the last header where the book has no such column. header, last: rows of the header and of the last
    filled cell. notes: those of the planner's own that stand on it, by cell."""

    name: str
    part: str
    header: int
    last: int
    columns: dict[str, int]
    added_column: bool
    formats: tuple[str, ...]
    date1904: bool
    notes: dict[str, str]

    def origin(self, row: int) -> Origin:
        """Where the cells of a row are."""
        return Origin(self.name, row, tuple((key, letters(number)) for key, number in self.columns.items()))


def audits_sheet(path: Path) -> AuditsSheet:
    """Finds the Audits sheet of a book. Raises WorkbookError where there is none."""
    try:
        package = load_package(path)
    except UnreadableError as error:
        raise WorkbookError(error.code, **error.parameters) from error
    with package.archive:
        sheets, _ = find_sheets(name for name, _ in package.sheets)
        name = sheets.get(AUDITS.key, "")
        part = dict(reversed(package.sheets)).get(name, "")
        raw = read_sheet(package, name, part) if part else None
        header = _header(raw.rows) if raw else None
        if raw is None or header is None:
            raise WorkbookError("file-damaged", file=path.name)
        number, cells = header
        columns: dict[str, int] = {}
        for place, column in match_headers(AUDITS, cells).items():
            columns.setdefault(column.key, place)
        added = "generated" not in columns
        columns.setdefault("generated", max(cells) + 1)
        last = max(row for row, _ in raw.rows)
        return AuditsSheet(
            name=name,
            part=part,
            header=number,
            last=last,
            columns=columns,
            added_column=added,
            formats=package.formats,
            date1904=package.date1904,
            notes=read_notes(graft.Package(package.archive), part),
        )


def _header(rows: Iterable[tuple[int, Cells]]) -> tuple[int, Cells] | None:
    """The header row: the first that holds the required columns."""
    required = {column.key for column in AUDITS.columns if column.required}
    for number, cells in rows:
        if number > HEADER_ROWS:
            return None
        if required <= {column.key for column in match_headers(AUDITS, cells).values()}:
            return number, cells
    return None


SETTLED = frozenset({"start", "lead", "team", "status"})
"""What is written into a row that was placed ahead of the period."""


def write_rows(
    source: Path, target: Path, sheet: AuditsSheet, pipeline: Pipeline, language: str, notes: Mapping[str, str]
) -> None:
    """Copies `source` to `target` with rows added below the last one, in order, and the changed ones (by their origin)
    rewritten. Cells that hold formulas stay. notes: cell → how its days came about. Raises WorkbookError for a book
    that must not be written."""
    with zipfile.ZipFile(source) as archive:
        if any(name.startswith("_xmlsignatures/") for name in archive.namelist()):
            raise WorkbookError("file-signed", file=source.name)
        package = graft.Package(archive)
        page = _Page(package, sheet, language)
        page.head()
        every = frozenset(sheet.columns)
        rows = [(audit, SETTLED) for audit in pipeline.settled]
        rows += [(audit, LINKED.get(audit.type, FOLLOWING)) for audit in pipeline.linked]
        rows += [(audit, every) for audit in pipeline.changed]
        for audit, keys in rows:
            if audit.origin is not None:
                page.put(audit.origin.row, audit, keys)
        for place, audit in enumerate(pipeline.added, start=sheet.last + 1):
            page.put(place, audit, every)
        page.finish(sheet.last + len(pipeline.added), notes)
        package.write(target)


class _Page:
    """The sheet's XML while it is written."""

    def __init__(self, package: graft.Package, sheet: AuditsSheet, language: str) -> None:
        """Reads the part and indexes its rows."""
        self._package, self._sheet, self._language = package, sheet, language
        self._root = graft.parse(package.read(sheet.part))
        self._space = etree.QName(self._root).namespace or graft.MAIN
        data = self._root.find(self._tag("sheetData"))
        if data is None:
            data = etree.SubElement(self._root, self._tag("sheetData"))
        self._data = data
        self._rows = {int(row.get("r", "0")): row for row in data}
        self._styles = self._column_styles()
        self._date_style: str | None = None
        self._order = sorted(sheet.columns.items(), key=lambda pair: pair[1])

    def _tag(self, name: str) -> str:
        """A name in the sheet's own namespace."""
        return f"{{{self._space}}}{name}"

    def _column_styles(self) -> dict[int, str]:
        """The style of each column's cells: that of the last data row, else the column's own."""
        styles: dict[int, str] = {}
        for column in self._root.iter(self._tag("col")):
            if column.get("style"):
                first, last = int(column.get("min", "1")), int(column.get("max", "1"))
                styles.update(dict.fromkeys(range(first, min(last, first + 500) + 1), column.get("style", "0")))
        model = self._rows.get(self._sheet.last) if self._sheet.last > self._sheet.header else None
        for cell in model if model is not None else ():
            if cell.get("s"):
                styles[_column(cell)] = cell.get("s", "0")
        return styles

    def head(self) -> None:
        """The header of the planner's own column, where the book has none."""
        if not self._sheet.added_column:
            return
        number = self._sheet.columns["generated"]
        row = self._row(self._sheet.header)
        beside = next((cell for cell in row if _column(cell) == number - 1), None)
        style = None if beside is None else beside.get("s")
        self._set(row, number, AUDITS.column("generated").name(self._language), style)

    def put(self, place: int, audit: Audit, keys: frozenset[str]) -> None:
        """Writes some fields of an audit into a row."""
        row = self._row(place)
        row.attrib.pop("spans", None)
        own = {_column(cell): cell for cell in row}
        for key, number in self._order:
            if key not in keys:
                continue
            value, cell = self._value(AUDITS.column(key), getattr(audit, key), audit), own.get(number)
            style = self._styles.get(number) if cell is None or cell.get("s") is None else cell.get("s")
            if isinstance(value, date):
                value, style = self._serial(value), self._dated(style)
            if cell is not None or value is not None:
                own[number] = self._set(row, number, value, style)

    def _value(self, column: Column, value: Any, audit: Audit) -> object:
        """A field as a cell holds it; defaults are left blank."""
        if column.key == "id":
            return audit.id
        default = Audit.__dataclass_fields__[column.key].default
        if value is None or (value == default and not column.required):
            return None
        if isinstance(value, bool):
            return (YES if value else NO).written(self._language)
        if isinstance(value, AuditType):
            return type_word(audit).written(self._language)
        if isinstance(value, Enum) and column.choices is not None:
            return column.choices[value].written(self._language)
        if isinstance(value, tuple):
            return message("list-comma", self._language).join(value) or None
        return float(value) if isinstance(value, int | Decimal) else value

    def _serial(self, day: date) -> float:
        """A day as the book counts it."""
        return float((day - (EPOCH_1904 if self._sheet.date1904 else EPOCH)).days)

    def _dated(self, style: str | None) -> str:
        """A style that shows a date: the cell's own if it does, else one made for the purpose."""
        number = int(style or 0)
        if number < len(self._sheet.formats) and self._sheet.formats[number] == DATE:
            return str(number)
        if self._date_style is None:
            shown = [place for place, kind in enumerate(self._sheet.formats) if kind == DATE]
            self._date_style = str(shown[0]) if shown else self._new_date_style()
        return self._date_style

    def _new_date_style(self) -> str:
        """Adds a style for dates to the book."""
        part = "xl/styles.xml"
        root = graft.parse(self._package.read(part))
        formats = next(child for child in root if etree.QName(child).localname == "cellXfs")
        made = etree.SubElement(formats, formats[0].tag if len(formats) else self._tag("xf"))
        for key, text in (("numFmtId", "14"), ("fontId", "0"), ("fillId", "0"), ("borderId", "0"), ("xfId", "0")):
            made.set(key, text)
        made.set("applyNumberFormat", "1")
        formats.set("count", str(len(formats)))
        self._package.changed[part] = graft.serialise(root)
        return str(len(formats) - 1)

    def _row(self, place: int) -> etree._Element:
        """A row of the sheet, made in its place if there is none."""
        if place not in self._rows:
            row = etree.Element(self._tag("row"), r=str(place))
            before = max((number for number in self._rows if number < place), default=None) if self._rows else None
            if before is None:
                self._data.insert(0, row)
            else:
                self._rows[before].addnext(row)
            self._rows[place] = row
        return self._rows[place]

    def _set(self, row: etree._Element, number: int, value: object, style: str | None) -> etree._Element:
        """Sets a cell, in its place among the others. A formula stays."""
        cell = self._cell(row, number)
        if cell.find(self._tag("f")) is not None:
            return cell
        for child in list(cell):
            cell.remove(child)
        cell.attrib.pop("t", None)
        if style is not None:
            cell.set("s", style)
        if isinstance(value, float):
            etree.SubElement(cell, self._tag("v")).text = f"{value:g}" if abs(value) < 1e5 else repr(value)
        elif value is not None:
            cell.set("t", "inlineStr")
            text = etree.SubElement(etree.SubElement(cell, self._tag("is")), self._tag("t"))
            text.text = str(value)
            text.set(_TEXT_SPACE, "preserve")
        return cell

    def _cell(self, row: etree._Element, number: int) -> etree._Element:
        """A cell of a row, made in its place if there is none; most often behind the last one."""
        after = row[-1] if len(row) else None
        while after is not None and _column(after) > number:
            after = after.getprevious()
        if after is not None and _column(after) == number:
            return after
        cell = etree.Element(self._tag("c"), r=f"{letters(number)}{row.get('r')}")
        if after is None:
            row.insert(0, cell)
        else:
            after.addnext(cell)
        return cell

    def finish(self, last: int, notes: Mapping[str, str]) -> None:
        """Writes the part back, with its notes, its size and the tables over it grown."""
        write_notes(self._package, self._sheet.part, self._root, notes)
        widest = max(self._sheet.columns.values())
        for dimension in self._root.iter(self._tag("dimension")):
            dimension.set("ref", _grown(dimension.get("ref", "A1"), last, widest))
        self._package.changed[self._sheet.part] = graft.serialise(self._root)
        for part in self._tables():
            root = graft.parse(self._package.read(part))
            if _top(root.get("ref", "A1")) == self._sheet.header:
                for element in (root, *root.iter("{*}autoFilter")):
                    element.set("ref", _grown(element.get("ref", "A1"), last, 0))
                self._package.changed[part] = graft.serialise(root)

    def _tables(self) -> list[str]:
        """The parts of the tables over the sheet."""
        folder, name = posixpath.split(self._sheet.part)
        rels = f"{folder}/_rels/{name}.rels"
        if rels not in self._package.names():
            return []
        return [
            posixpath.normpath(posixpath.join(folder, relation.get("Target", "")))
            if not relation.get("Target", "").startswith("/")
            else relation.get("Target", "")[1:]
            for relation in graft.parse(self._package.read(rels))
            if (relation.get("Type") or "").endswith("/table")
        ]


def _column(cell: etree._Element) -> int:
    """The column of a cell."""
    return column_number(cell.get("r", "A1").rstrip("0123456789"))


def _top(reference: str) -> int:
    """The first row of a range."""
    return int("".join(sign for sign in reference.partition(":")[0] if sign.isdigit()) or 0)


def _grown(reference: str, last: int, widest: int) -> str:
    """A range that reaches to a row and a column at least."""
    first, _, end = reference.partition(":")
    end = end or first
    row = int("".join(sign for sign in end if sign.isdigit()) or 1)
    column = column_number("".join(sign for sign in end if sign.isalpha()))
    return f"{first}:{letters(max(column, widest))}{max(row, last)}"
