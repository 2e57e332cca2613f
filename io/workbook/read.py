"""A workbook as a body: the one entry for reading, with every problem at once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from auditplan.io.workbook import read_objects
from auditplan.io.workbook.checks import check_body
from auditplan.io.workbook.memory import invited_audits, read_memory
from auditplan.io.workbook.package_safety import UnreadableError
from auditplan.io.workbook.read_audits import SCHEDULE_PEOPLE, fill_days, read_schedule
from auditplan.io.workbook.read_cells import read_sheet
from auditplan.io.workbook.read_package import Package, load_package
from auditplan.io.workbook.read_references import References
from auditplan.io.workbook.read_rows import Row, read_rows, resolve_rows
from auditplan.io.workbook.read_settings import make_settings, read_settings_rows, settings_language
from auditplan.io.workbook.read_spelling import fold
from auditplan.io.workbook.read_tables import READ_SHEETS, Table, find_sheets, find_table
from auditplan.io.workbook.rule_rows import listed
from auditplan.io.workbook.schema import INPUT_SHEETS, SHEETS
from auditplan.planner.domain import Body, Settings
from auditplan.planner.problems import Problem, Severity
from auditplan.planner.wishes import ignored_ends, with_typed

REFERRED = ("regions", "auditors", "clients", "audits", "certificates")
"""Sheets whose rows others name, those before those that name them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """What a workbook says. body: made of the good rows; None where there is no period or a required sheet
    is missing. problems: all of them, in the order of the sheets. language: "en" or "zh". sheets: the
    book's own names of the schema's sheets, by key."""

    body: Body | None
    problems: tuple[Problem, ...]
    language: str
    sheets: dict[str, str]

    @property
    def stopping(self) -> bool:
        """Whether a plan must not be made."""
        return any(problem.stopping for problem in self.problems)


def read_book(path: Path, *, plan_from: date | None = None, plan_to: date | None = None, today: date) -> Reading:
    """Reads a workbook. plan_from and plan_to, inclusive, go before those of its Settings; today counts where
    Settings has none. Never raises for what a file holds: a file that cannot be read is one problem."""
    try:
        package = load_package(path)
        with package.archive:
            return _read(package, plan_from, plan_to, today)
    except UnreadableError as error:
        parameters = tuple((name, str(text)) for name, text in error.parameters.items())
        problem = Problem(
            code=error.code, severity=Severity.ERROR, sheet="", cell="", value=path.name, parameters=parameters
        )
        return Reading(body=None, problems=(problem,), language="en", sheets={})


def _read(package: Package, plan_from: date | None, plan_to: date | None, today: date) -> Reading:
    """Reads an opened workbook. Raises UnreadableError."""
    parts = dict(reversed(package.sheets))
    sheets, problems = find_sheets(name for name, _ in package.sheets)
    tables: dict[str, Table] = {}
    for sheet in READ_SHEETS:
        if sheet.key in sheets:
            name = sheets[sheet.key]
            table, found = find_table(sheet, read_sheet(package, name, parts[name]))
            problems.extend(found)
            if table is not None:
                tables[sheet.key] = table
    language = settings_language(tables.get("settings")) or _language(tables)
    given, found = read_settings_rows(tables.get("settings"), language, date1904=package.date1904)
    problems.extend(found)
    settings, found = make_settings(given, plan_from=plan_from, plan_to=plan_to, today=today, language=language)
    problems.extend(found)
    body, found = _read_body(tables, settings, language, date1904=package.date1904, today=today)
    problems.extend(found)
    if body is not None:
        body = _remembering(package, body)
        problems.extend(ignored_ends(body))
        body = with_typed(body)
    return Reading(body=body, problems=_ordered(problems, sheets), language=language, sheets=sheets)


def _remembering(package: Package, body: Body) -> Body:
    """The body with what the book remembers of its plan, and who was invited to what."""
    invited = invited_audits(package)
    rows = tuple(replace(row, invited=row.audit in invited) for row in body.previous)
    return replace(body, previous=rows, written=read_memory(package))


def _language(tables: Mapping[str, Table]) -> str:
    """The language of most headers."""
    chinese = total = 0
    for table in tables.values():
        for key, title in table.titles.items():
            total += 1
            chinese += fold(title) == fold(table.sheet.column(key).zh)
    return "zh" if chinese * 2 > total else "en"


def _read_body(
    tables: Mapping[str, Table], settings: Settings | None, language: str, *, date1904: bool, today: date
) -> tuple[Body | None, list[Problem]]:
    """The body of all tables but Settings, and their problems; without settings or a required sheet only the
    problems."""
    problems: list[Problem] = []
    rows: dict[str, list[Row]] = {}
    for sheet in READ_SHEETS:
        if sheet.key in tables and sheet.key not in {"settings", "schedule"}:
            rows[sheet.key], found = read_rows(tables[sheet.key], language, date1904=date1904)
            problems.extend(found)
    books = {key: _references(key, rows) for key in REFERRED}
    for key, found_rows in rows.items():
        problems.extend(resolve_rows(SHEETS[key], found_rows, tables[key].titles, books))
    if "schedule" in tables:
        rows["schedule"], found = read_schedule(tables["schedule"], language, books, date1904=date1904)
        problems.extend(found)
    problems.extend(fill_days(rows, tables.get("audits")))
    doubtful = {row.text("auditor") for row in rows.get("qualifications", ()) if row.faulty}
    others = [sheet for sheet in INPUT_SHEETS if sheet.key not in REFERRED]
    read_objects.forget_unusable([*(SHEETS[key] for key in REFERRED), *others, SCHEDULE_PEOPLE], rows)
    # Checks need a body; without a period one is made up for them, so that all problems come at once.
    body = _make_body(rows, settings or Settings(plan_from=today, plan_to=today, today=today))
    problems.extend(problem for problem in check_body(body) if not _explained(problem, doubtful))
    complete = settings is not None and all(sheet.key in tables for sheet in READ_SHEETS if sheet.required)
    return body if complete else None, problems


def _explained(problem: Problem, doubtful: set[str]) -> bool:
    """Whether a problem only follows from another: who has no qualification left because those rows are faulty."""
    return problem.code == "read-auditor-without-qualification" and problem.value in doubtful


def _references(key: str, rows: Mapping[str, list[Row]]) -> References:
    """The ids and names of a sheet's rows, of the faulty ones too: what refers to them is not at fault."""
    identity = "region" if key == "regions" else "id"
    named = [(str(row.values[identity]), row.text("name")) for row in rows.get(key, ()) if identity in row.values]
    return References(named, known=key in rows)


def _make_body(rows: Mapping[str, list[Row]], settings: Settings) -> Body:
    """The domain objects of the usable rows."""
    made = read_objects.make
    auditors = made(rows.get("auditors", ()), read_objects.auditor)
    known = {auditor.id: auditor for auditor in auditors}
    return Body(
        settings=settings,
        auditors=auditors,
        qualifications=made(rows.get("qualifications", ()), read_objects.qualification),
        places=made(rows.get("regions", ()), read_objects.place),
        travel=made(rows.get("travel", ()), read_objects.travel_link),
        clients=made(rows.get("clients", ()), read_objects.client),
        certificates=made(rows.get("certificates", ()), read_objects.certificate),
        audits=made(rows.get("audits", ()), read_objects.audit),
        audit_time=made(rows.get("audit_time", ()), read_objects.time_row),
        sites=made(rows.get("sites", ()), read_objects.site_row),
        unavailable=made(rows.get("unavailable", ()), lambda row: read_objects.unavailability(row, known)),
        holidays=made(rows.get("holidays", ()), read_objects.holiday),
        conflicts=made(rows.get("conflicts", ()), read_objects.conflict),
        history=made(rows.get("history", ()), read_objects.history_entry),
        rules=tuple(row for row in made(rows.get("rules", ()), read_objects.rule_setting) if not listed(row)),
        scenarios=made(rows.get("scenarios", ()), read_objects.scenario_change),
        previous=made(rows.get("schedule", ()), read_objects.planned_audit),
    )


def _ordered(problems: list[Problem], sheets: Mapping[str, str]) -> tuple[Problem, ...]:
    """Problems by sheet, in the schema's order, and by row; those of the file first."""
    order = {name: at for at, key in enumerate(SHEETS) if (name := sheets.get(key)) is not None}
    return tuple(sorted(problems, key=lambda problem: (order.get(problem.sheet, -1), _row(problem.cell))))


def _row(cell: str) -> int:
    """The row of a cell or range."""
    digits = "".join(letter for letter in cell.partition(":")[0] if letter.isdigit())
    return int(digits or 0)
