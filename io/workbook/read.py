"""A workbook becomes a body and a list of problems: all of them at once, nothing thrown."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path

from auditplan.io.workbook.build import build_body
from auditplan.io.workbook.errors import WorkbookError
from auditplan.io.workbook.grid import read_grids, sheet_names
from auditplan.io.workbook.package import open_package
from auditplan.io.workbook.schema import INPUT_SHEETS, SCHEDULE, SHEETS, Sheet
from auditplan.io.workbook.settings import read_settings
from auditplan.io.workbook.tables import Findings, Table, identify, read_table
from auditplan.planner.domain import Body
from auditplan.planner.problems import Problem, Severity

READ: tuple[Sheet, ...] = (*INPUT_SHEETS, SCHEDULE)


@dataclass(frozen=True, slots=True)
class Reading:
    """What came of reading. body: None where there is no telling what to plan. language: "en" or "zh", of Settings or
    of the headers. sheets: schema key → the sheet's own name in the book."""

    body: Body | None
    problems: tuple[Problem, ...]
    language: str
    sheets: dict[str, str]

    @property
    def stopped(self) -> bool:
        """Whether a plan must not be made."""
        return self.body is None or any(problem.stopping for problem in self.problems)


def read_book(path: Path, *, plan_from: date | None = None, plan_to: date | None = None, today: date) -> Reading:
    """Reads a workbook. plan_from, plan_to: the period, in place of that of Settings. today: the date of the run,
    where Settings names none. Never raises for what is in the file."""
    findings = Findings()
    try:
        with open_package(path) as package:
            names = identify(sheet_names(path), findings)
            wanted = {names[sheet.key] for sheet in READ if sheet.key in names}
            grids = read_grids(path, package, wanted)
    except WorkbookError as error:
        parameters = tuple(error.parameters.items())
        problem = Problem(code=error.code, severity=Severity.ERROR, value=path.name, parameters=parameters)
        return Reading(None, (problem,), "en", {})
    tables = {
        sheet.key: read_table(sheet, grids[names[sheet.key]], findings)
        for sheet in READ
        if sheet.key in names and names[sheet.key] in grids
    }
    missing = [sheet for sheet in READ if sheet.required and sheet.key not in tables]
    for sheet in missing:
        findings.add("sheet-missing", Severity.ERROR, sheet.en, name=f"{sheet.en} / {sheet.zh}")
    settings = read_settings(tables.get("settings"), findings, plan_from=plan_from, plan_to=plan_to, today=today)
    language = _language(settings.language if settings else "", tables)
    for sheet in READ:
        tables.setdefault(sheet.key, Table(SHEETS[sheet.key], sheet.name(language)))
    body = None if settings is None else build_body(settings, tables, findings)
    if body is not None:
        check_cycles(body, findings)
    return Reading(body, tuple(findings.problems), language, names)


def _language(setting: str, tables: dict[str, Table]) -> str:
    """The book's language: that of Settings, else that of most headers."""
    folded = setting.strip().lower()
    if folded.startswith(("zh", "中", "cn", "chinese")):
        return "zh"
    if folded.startswith(("en", "英")):
        return "en"
    chinese = sum(table.language == "zh" for table in tables.values())
    return "zh" if chinese * 2 > len(tables) else "en"


def check_cycles(body: Body, findings: Findings) -> None:
    """Audits that follow each other in a circle."""
    after = {audit.id: audit.after for audit in body.audits}
    told: set[str] = set()
    for audit in body.audits:
        seen = [audit.id]
        while after.get(seen[-1]) and after[seen[-1]] not in seen:
            seen.append(after[seen[-1]])
        if after.get(seen[-1]) == audit.id and audit.id not in told:
            told |= set(seen)
            origin = audit.origin
            cell = origin.cell("after") if origin else ""
            sheet = origin.sheet if origin else ""
            findings.add("after-circle", Severity.ERROR, sheet, cell, audit.id, circle=" → ".join(seen))
