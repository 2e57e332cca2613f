"""A workbook to fill in: every input sheet with headers, notes, drop-down lists and formats; with a body's rows, or
with one example row a sheet. All of it follows the schema."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import fields
from datetime import date, datetime, time
from decimal import Decimal
from enum import Enum
from pathlib import Path
from typing import Any

from auditplan.io.files import whole_file
from auditplan.io.messages import LANGUAGES, catalogue, message
from auditplan.io.workbook import words
from auditplan.io.workbook.example import example_body
from auditplan.io.workbook.rule_rows import rule_rows
from auditplan.io.workbook.schema import INPUT_SHEETS, SETTINGS_KEYS, SHEETS, Column, Kind, Sheet
from auditplan.io.workbook.values_dates import FIRST, LAST
from auditplan.planner.domain import Body, Settings

ROWS = 5000
"""Rows below the header that lists and formats reach at least."""

ATTRIBUTES = {
    "regions": "places",
    "travel": "travel",
}
_TEXT_KINDS = {Kind.CODES, Kind.TEXT, Kind.STANDARD, Kind.STANDARDS, Kind.REFERENCE, Kind.REFERENCES, Kind.EMAIL}


def write_template(path: Path, language: str, body: Body | None = None) -> None:
    """Writes a workbook in a language ("en" or "zh"): a body's own rows, or an example that plans at once."""
    import xlsxwriter

    shown = body if body is not None else example_body(language)
    with whole_file(path) as target:
        book = xlsxwriter.Workbook(str(target), {"strings_to_formulas": False, "strings_to_urls": False})
        book.set_properties({"created": datetime(2026, 1, 1)})  # noqa: DTZ001 - the same bytes every time
        book.set_size(2400, 1400)
        formats = _formats(book)
        _guide(book, language, formats)
        for sheet in INPUT_SHEETS:
            _sheet(book, sheet, language, shown, formats, example=body is None)
        book.close()


A4_WIDTH = 180
"""Widths of columns that can still be read when they are printed on A4; wider sheets are printed on A3."""


def _formats(book: Any) -> dict[str, Any]:
    """The cell formats by purpose."""
    font = {"font_name": "Calibri", "font_size": 11, "valign": "top"}
    return {
        "required": book.add_format({**font, "bold": True, "bg_color": "#1F4E79", "font_color": "white", "border": 1}),
        "optional": book.add_format({**font, "bold": True, "bg_color": "#DDEBF7", "border": 1}),
        "text": book.add_format({**font, "num_format": "@"}),
        "date": book.add_format({**font, "num_format": "yyyy-mm-dd", "align": "left"}),
        "time": book.add_format({**font, "num_format": "hh:mm", "align": "left"}),
        "number": book.add_format({**font, "num_format": "General", "align": "left"}),
        "title": book.add_format({"bold": True, "font_size": 16, "font_color": "#1F4E79"}),
        "wrap": book.add_format({**font, "text_wrap": True}),
    }


def _guide(book: Any, language: str, formats: dict[str, Any]) -> None:
    """The first sheet: how to fill in the book."""
    sheet = book.add_worksheet(message("guide-sheet", language))
    sheet.hide_gridlines(2)
    sheet.fit_to_pages(1, 0)
    sheet.set_column(0, 0, 100)
    sheet.write_string(0, 0, message("guide-title", language), formats["title"])
    for row, line in enumerate(message("guide-text", language).strip().splitlines(), start=2):
        sheet.write_string(row, 0, line, formats["wrap"])


def _sheet(book: Any, sheet: Sheet, language: str, body: Body, formats: dict[str, Any], *, example: bool) -> None:
    """One input sheet. example: the body is the template's own, whose Today is that of the run."""
    page = book.add_worksheet(sheet.name(language))
    page.freeze_panes(1, 1)
    page.set_landscape()
    page.set_paper(8 if sum(column.width for column in sheet.columns) > A4_WIDTH else 9)
    page.fit_to_pages(1, 0)
    page.repeat_rows(0)
    rows = _rows(sheet, language, body)
    if sheet.key == "settings" and example:
        rows = [[name, None if name == _today(language) else value] for name, value in rows]
    last = max(ROWS, len(rows) + 1000)
    for index, column in enumerate(sheet.columns):
        header = formats["required" if column.required else "optional"]
        page.write_string(0, index, column.name(language), header)
        page.write_comment(0, index, note(sheet, column, language), {"x_scale": 2.2, "y_scale": 1.6})
        page.set_column(index, index, column.width, _format_of(column, formats))
        rule = _rule(sheet, column, language, body)
        if rule is not None:
            page.data_validation(1, index, last, index, rule)
    for number, row in enumerate(rows, start=1):
        for index, value in enumerate(row):
            _write(page, number, index, value, _format_of(sheet.columns[index], formats), formats)
    if sheet.key == "settings":
        for number, column in enumerate(SETTINGS_KEYS, start=1):
            page.write_comment(number, 0, note(sheet, column, language), {"x_scale": 2.2})
            own = _closed(LANGUAGES) if column.key == "language" else _rule(sheet, column, language, body)
            if own is not None:
                page.data_validation(number, 1, number, 1, own)


def note(sheet: Sheet, column: Column, language: str) -> str:
    """The note of a column: what it is for, what its cells hold, and whether it must be filled in."""
    texts = catalogue(language)
    parts = [texts[code] for code in (f"note-{sheet.key}-{column.key}",) if code in texts]
    parts.append(message(f"kind-{column.kind.name.lower()}", language))
    if column.choices is not None:
        parts.append(" · ".join(word.written(language) for word in column.choices.values()))
    if column.limits is not None:
        low, high = (f"{limit:,.0f}" if limit == int(limit) else f"{limit:g}" for limit in column.limits)
        parts.append(message("note-limits", language, low=low, high=high))
    parts.append(message("note-required" if column.required else "note-optional", language))
    return "\n".join(parts)


def _format_of(column: Column, formats: dict[str, Any]) -> Any:
    """The format of a column's cells."""
    if column.kind is Kind.DATE:
        return formats["date"]
    if column.kind is Kind.TIME:
        return formats["time"]
    return formats["text" if column.kind in _TEXT_KINDS else "number"]


def _rule(sheet: Sheet, column: Column, language: str, body: Body) -> dict[str, Any] | None:
    """The drop-down list, or the check, of a column's cells."""
    if column.choices is not None:
        return _closed([word.written(language) for word in column.choices.values()])
    if column.kind is Kind.YES_NO:
        return _closed(_yes_no(language))
    if sheet.key == "rules" and column.key == "rule":
        return _named("rules", "A", language, body, loose=False)
    if column.kind in {Kind.REFERENCE, Kind.REFERENCES}:
        # One of several, or one of two sheets: what the list lacks is as good.
        loose = column.kind is Kind.REFERENCES or len(column.refers) > 1
        return _named(column.refers[0], "A", language, body, loose=loose)
    if column.key == "city" and sheet.key != "regions":
        return _named("regions", "B", language, body, loose=True)
    if sheet.key == "travel" and column.key in {"start", "end"}:
        return _named("regions", "A", language, body, loose=True)
    if column.kind is Kind.DATE:
        bounds = {"minimum": FIRST, "maximum": LAST}
        return {"validate": "date", "criteria": "between", **bounds, "error_type": "warning"}
    return None


def _closed(entries: Sequence[str]) -> dict[str, Any]:
    """A list of fixed words; other spellings are allowed after a warning, since the reader knows more of them."""
    return {"validate": "list", "source": list(entries), "error_type": "warning"}


def _yes_no(language: str) -> list[str]:
    """Yes and no."""
    return [words.YES.written(language), words.NO.written(language)]


def _named(key: str, letter: str, language: str, body: Body, *, loose: bool) -> dict[str, Any]:
    """A list of what stands in a column of another sheet. loose: other entries only get a hint."""
    target = SHEETS[key]
    last = max(ROWS, len(_rows(target, language, body)) + 1000)
    source = f"='{target.name(language)}'!${letter}$2:${letter}${last}"
    kind = "information" if loose else "warning"
    return {"validate": "list", "source": source, "error_type": kind, "ignore_blank": True}


def _today(language: str) -> str:
    """The name of the setting Today."""
    return next(column.name(language) for column in SETTINGS_KEYS if column.key == "today")


def _rows(sheet: Sheet, language: str, body: Body) -> list[list[object]]:
    """The cells of a sheet's rows."""
    if sheet.key == "settings":
        return [[column.name(language), setting_value(column, language, body.settings)] for column in SETTINGS_KEYS]
    if sheet.key == "rules":
        return rule_rows(body.rules, language)
    objects = getattr(body, ATTRIBUTES.get(sheet.key, sheet.key))
    return [[shown_value(entry, sheet, column, language) for column in sheet.columns] for entry in objects]


def setting_value(column: Column, language: str, settings: Settings) -> object:
    """A setting's value."""
    value = getattr(settings, column.key)
    return words.YES.written(language) if value is True else words.NO.written(language) if value is False else value


def shown_value(entry: Any, sheet: Sheet, column: Column, language: str) -> object:
    """A field as it is written into a cell; defaults are left blank."""
    if sheet.key == "unavailable" and column.key == "who":
        return entry.auditor or entry.client
    value = getattr(entry, column.key)
    default = next((item.default for item in fields(entry) if item.name == column.key), None)
    if value == default and not column.required and not isinstance(value, bool):
        return None
    if column.key == "name" and value == entry.id:
        return None
    if value is None or (isinstance(value, bool) and value == default and not column.required):
        return None
    if isinstance(value, bool):
        return (words.YES if value else words.NO).written(language)
    if isinstance(value, Enum) and column.choices is not None:
        return column.choices[value].written(language)
    if isinstance(value, frozenset):
        return _set(column, value, language)
    if isinstance(value, tuple):
        return message("list-comma", language).join(value)
    return value


def _set(column: Column, value: frozenset[int], language: str) -> str:
    """Weekdays or months as a list."""
    if column.kind is Kind.MONTHS:
        return message("list-comma", language).join(str(month) for month in sorted(value))
    return message("list-comma", language).join(words.WEEKDAYS[day - 1].written(language) for day in sorted(value))


def _write(page: Any, row: int, index: int, value: object, style: Any, formats: dict[str, Any]) -> None:
    """One cell; text is always written as text, never as a formula."""
    if value is None or value == "":
        return
    if isinstance(value, datetime | date):
        page.write_datetime(row, index, value, formats["date"])
    elif isinstance(value, time):
        page.write_datetime(row, index, value, formats["time"])
    elif isinstance(value, int | float | Decimal):
        page.write_number(row, index, float(value), formats["number"])
    else:
        page.write_string(row, index, str(value), style)
