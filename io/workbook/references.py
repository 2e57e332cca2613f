"""References between rows: an id or, where it is unique, a name becomes the id."""

from __future__ import annotations

from collections import defaultdict
from difflib import get_close_matches

from auditplan.io.workbook.fold import fold
from auditplan.io.workbook.schema import Column, Kind
from auditplan.io.workbook.tables import Findings, Row, Table
from auditplan.io.workbook.values import text_of
from auditplan.planner.problems import Severity

_KEYS = {"auditors": ("id", "name"), "clients": ("id", "name"), "audits": ("id",), "regions": ("region",)}


class References:
    """The ids and names that rows may refer to."""

    def __init__(self, tables: dict[str, Table]) -> None:
        """Indexes the sheets that are referred to."""
        self._ids: dict[str, dict[str, str]] = defaultdict(dict)
        self._names: dict[str, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
        for sheet, keys in _KEYS.items():
            table = tables.get(sheet)
            for row in table.rows if table else ():
                own = text_of(row.values.get(keys[0], ""))
                if own:
                    self._ids[sheet].setdefault(fold(own), own)
                for key in keys[1:]:
                    name = text_of(row.values.get(key, ""))
                    if name and own not in self._names[sheet][fold(name)]:
                        self._names[sheet][fold(name)].append(own)

    def resolve(self, table: Table, column: Column, row: Row, findings: Findings) -> None:
        """Replaces a cell's references by ids; those that cannot be found are errors."""
        value = row.values.get(column.key)
        if value is None:
            return
        many = column.kind is Kind.REFERENCES
        texts = list(value) if isinstance(value, tuple) else [text_of(value)]
        found = []
        for text in texts:
            one = self._find(table, column, row, str(text), findings)
            if one is not None:
                found.append(one)
        if len(found) < len(texts):
            row.sound = row.sound and not column.required
            row.values.pop(column.key)
        if found and (many or len(found) == len(texts)):
            row.values[column.key] = tuple(found) if many else found[0]

    def sheets_of(self, column: Column, identity: str) -> list[str]:
        """Which of the sheets that a column refers to hold an id."""
        return [sheet for sheet in column.refers if fold(identity) in self._ids[sheet]]

    def _find(self, table: Table, column: Column, row: Row, text: str, findings: Findings) -> str | None:
        """The id that a text means; None after noting why there is none."""
        key, cell = fold(text), row.origin.cell(column.key)
        direct = [self._ids[sheet][key] for sheet in column.refers if key in self._ids[sheet]]
        named = [own for sheet in column.refers for own in self._names[sheet].get(key, ())]
        matches = list(dict.fromkeys(direct or named))
        if len(matches) == 1 and len(direct) <= 1:
            return matches[0]
        if len(matches) > 1 or len(direct) > 1:
            both = ", ".join(matches if len(matches) > 1 else [*direct])
            findings.add("reference-ambiguous", Severity.ERROR, table.name, cell, text, both=both)
            return None
        pool = {form: own for sheet in column.refers for form, own in self._forms(sheet).items()}
        near = get_close_matches(key, list(pool), n=1, cutoff=0.5)
        proposal = pool[near[0]] if near else "–"
        severity = Severity.WARNING if table.sheet.written else Severity.ERROR
        findings.add("reference-unknown", severity, table.name, cell, text, near=proposal)
        return None

    def _forms(self, sheet: str) -> dict[str, str]:
        """Every spelling that a sheet's rows can be referred to by, with how it is written."""
        forms = dict(self._ids[sheet])
        for name, owners in self._names[sheet].items():
            forms.setdefault(name, f"{name} ({owners[0]})")
        return forms
