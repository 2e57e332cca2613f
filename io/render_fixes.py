"""Fixes as texts, and as edits of cells and rows of the book, in the reader's language."""

from __future__ import annotations

from datetime import date, time
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from auditplan.io.messages import message
from auditplan.io.workbook.columns import Sheet
from auditplan.io.workbook.schema import SETTINGS_KEYS, SHEETS
from auditplan.io.workbook.template import ATTRIBUTES, setting_value, shown_value

if TYPE_CHECKING:
    from auditplan.planner.explanations.changes import Edit
    from auditplan.planner.explanations.results import Fix

_SHEET_OF = {attribute: key for key, attribute in ATTRIBUTES.items()} | {"previous": "schedule"}
NAMED = 5
"""Audits named in one text at most."""


def fix_text(fix: Fix, language: str) -> str:
    """What to change, with its cell; who must move for it, and whether it is certain."""
    text = message(fix.code, language, **dict(fix.parameters))
    if fix.cell:
        text = message("with-cell", language, text=text, sheet=fix.sheet, cell=fix.cell)
    if fix.moved:
        others = ", ".join(fix.moved[:NAMED]) + (" …" if len(fix.moved) > NAMED else "")
        text = message("fix-moved", language, text=text, others=others)
    return text if fix.proven else message("fix-unproven", language, text=text)


def edit_figures(edit: Edit, language: str) -> dict[str, object]:
    """An edit as `--json` shows it: a cell with its value, a new row by column, or a row to delete."""
    sheet = SHEETS[_SHEET_OF.get(edit.collection, edit.collection or "settings")]
    found: dict[str, object] = {"sheet": edit.sheet or sheet.name(language)}
    if edit.field:
        column, value = _value(sheet, edit, language)
        return {**found, "cell": edit.cell, "column": column, "value": _plain(value)}
    if edit.item is None:
        return {**found, "delete_row": edit.row}
    values = {
        column.name(language): _plain(value)
        for column in sheet.columns
        if (value := shown_value(edit.item, sheet, column, language)) is not None and value != ""
    }
    return {**found, "new_row": values}


def _value(sheet: Sheet, edit: Edit, language: str) -> tuple[str, object]:
    """The header and the new value of a cell."""
    if not edit.collection:
        setting = next(column for column in SETTINGS_KEYS if column.key == edit.field)
        return setting.name(language), setting_value(setting, language, edit.item)
    key = {"auditor": "who", "client": "who"}.get(edit.field, edit.field) if sheet.key == "unavailable" else edit.field
    column = sheet.column(key)
    return column.name(language), shown_value(edit.item, sheet, column, language)


def _plain(value: Any) -> object:
    """A value that JSON knows."""
    if isinstance(value, Decimal):
        return float(value)
    return value.isoformat() if isinstance(value, date | time) else value
