"""What the last run wrote into a book besides the Schedule: what was left out, what changed, how good the plan is."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from auditplan.io.messages import LANGUAGES, catalogue, message
from auditplan.io.workbook.columns import Sheet
from auditplan.io.workbook.package_safety import UnreadableError
from auditplan.io.workbook.read_cells import Cells, NoValue, RawSheet, read_sheet
from auditplan.io.workbook.read_package import Package, load_package
from auditplan.io.workbook.read_spelling import fold
from auditplan.io.workbook.read_tables import match_headers
from auditplan.io.workbook.schema import CHANGES, SUMMARY, UNPLACED
from auditplan.planner.plan import LEVELS

Texts = Mapping[str, str]
"""The cells of a row by the keys of its columns."""
RUN = ("version", "when", "seed", "effort")
"""What the Summary says of a run: keys of its labels."""


@dataclass(frozen=True, slots=True, kw_only=True)
class WrittenLevel:
    """A level of the objective as the Summary shows it."""

    name: str
    value: str
    bound: str
    gap: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """The planner's own sheets, as they stand. run: what is known of the run, by the keys of `RUN`; checks: how many
    the verifier made."""

    unplaced: tuple[Texts, ...] = ()
    changes: tuple[Texts, ...] = ()
    levels: tuple[WrittenLevel, ...] = ()
    run: Texts = field(default_factory=dict)
    checks: int = 0


def read_written(path: Path) -> Written:
    """The planner's sheets of a book; nothing of those that are not there or that somebody changed beyond reading."""
    try:
        package = load_package(path)
        with package.archive:
            summary = _sheet(package, SUMMARY)
            labels = list(_labelled(summary)) if summary is not None else []
            return Written(
                unplaced=tuple(_rows(package, UNPLACED)),
                changes=tuple(_rows(package, CHANGES)),
                levels=_levels(labels),
                run=_run(labels),
                checks=_checks(labels),
            )
    except UnreadableError:
        return Written()


def _sheet(package: Package, sheet: Sheet) -> RawSheet | None:
    """A sheet by either of its names."""
    names = {fold(sheet.en), fold(sheet.zh)}
    found = next(((name, part) for name, part in package.sheets if fold(name) in names), None)
    return read_sheet(package, *found) if found is not None else None


def _rows(package: Package, sheet: Sheet) -> Iterator[Texts]:
    """The rows of a table below its header."""
    raw = _sheet(package, sheet)
    if raw is None or not raw.rows:
        return
    (_, header), *rows = raw.rows
    columns = match_headers(sheet, header)
    for _, cells in rows:
        row = {column.key: _text(cells, at) for at, column in columns.items()}
        if row.get("audit"):
            yield row


def _text(cells: Cells, at: int) -> str:
    """A cell as text; a whole number without its point."""
    value = cells.get(at, "")
    if isinstance(value, NoValue):
        return ""
    if isinstance(value, float):
        return f"{value:,.0f}" if value == round(value) else f"{value:,.2f}"
    return str(value)


def _labelled(raw: RawSheet) -> Iterator[tuple[str, tuple[str, ...]]]:
    """The rows of the Summary: the label as it is compared, and the cells after it."""
    for _, cells in raw.rows:
        yield fold(_text(cells, 1)), tuple(_text(cells, at) for at in range(2, 5))


def _known(code: str, **parameters: object) -> set[str]:
    """How a label is written in each language, as it is compared."""
    return {fold(message(code, language, **parameters)) for language in LANGUAGES}


def _levels(labels: list[tuple[str, tuple[str, ...]]]) -> tuple[WrittenLevel, ...]:
    """The levels, most important first."""
    found = []
    for name in LEVELS:
        known = _known(f"level-{name}")
        value = next((cells for label, cells in labels if label in known), None)
        if value is not None:
            found.append(WrittenLevel(name=name, value=value[0], bound=value[1], gap=value[2]))
    return tuple(found)


def _run(labels: list[tuple[str, tuple[str, ...]]]) -> Texts:
    """What is said of the run."""
    found = {}
    for key in RUN:
        known = _known(f"summary-{key}")
        value = next((cells[0] for label, cells in labels if label in known and cells[0]), None)
        if value is not None:
            found[key] = value
    return found


def _checks(labels: list[tuple[str, tuple[str, ...]]]) -> int:
    """How many checks the verifier made, of all rules."""
    rules = [code for code in catalogue("en") if code.startswith("rule-")]
    known = {label for code in rules for label in _known(code)}
    total = 0
    for label, cells in labels:
        digits = cells[0].replace(",", "")
        if label in known and digits.isdecimal():
            total += int(digits)
    return total
