"""What is particular about audits: person-days that are worked out, and the Schedule that was read back."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from datetime import date
from typing import Any

from auditplan.io.workbook import read_objects
from auditplan.io.workbook.read_references import References
from auditplan.io.workbook.read_rows import Row, read_rows, resolve_rows
from auditplan.io.workbook.read_tables import Table
from auditplan.io.workbook.schema import SCHEDULE
from auditplan.planner.cycle.times import Worked, complexities, worked_out
from auditplan.planner.problems import Problem, Severity, problem_at
from auditplan.planner.rulebook import RuleBook

_READ_BACK = frozenset(
    {"audit", "start", "start_part", "end", "end_part", "lead", "team", "experts", "trainees", "status", "lock"}
)
"""Keys of the Schedule's columns that a coordinator may edit; the others are the planner's own remarks."""

SCHEDULE_PEOPLE = replace(
    SCHEDULE,
    columns=tuple(column for column in SCHEDULE.columns if column.key in _READ_BACK - {"audit"}),
)
"""The Schedule as far as it refers to people; its audits may be such as stand in no sheet."""


def read_schedule(
    table: Table, language: str, books: Mapping[str, References], *, date1904: bool
) -> tuple[list[Row], list[Problem]]:
    """The rows of the Schedule sheet. A row whose audit is gone is dropped with a warning."""
    columns = {number: column for number, column in table.columns.items() if column.key in _READ_BACK}
    rows, problems = read_rows(replace(table, columns=columns), language, date1904=date1904)
    for row in rows:
        problems.extend(_resolve_audit(row, books["audits"], books["certificates"]))
        problems.extend(_odd_end(row))
    usable = [row for row in rows if row.usable]
    problems.extend(resolve_rows(SCHEDULE_PEOPLE, usable, table.titles, books))
    return rows, problems


def _resolve_audit(row: Row, audits: References, certificates: References) -> Iterator[Problem]:
    """Finds the audit of a row. Audits that the planner makes of certificates begin with the certificate's id
    and stand in no sheet: they are kept as they are."""
    text = row.text("audit")
    if not row.usable or not text:
        return
    found = audits.find(text)
    if len(found) == 1:
        row.values["audit"] = found[0]
        return
    if certificates.begins(text):
        return
    row.usable = False
    if audits.known:
        yield problem_at(row.origin, "audit", "read-schedule-audit-unknown", Severity.WARNING, text, given=text)


def _odd_end(row: Row) -> Iterator[Problem]:
    """A span without an end, or with one before its start: worked out anew by the planner."""
    start, end = row.values.get("start"), row.values.get("end")
    if not row.usable or not isinstance(start, date) or "end" in row.faulty:
        return
    if not isinstance(end, date):
        yield problem_at(row.origin, "end", "read-schedule-without-end", Severity.NOTICE, audit=row.text("audit"))
    elif end < start:
        yield problem_at(
            row.origin, "end", "read-schedule-end-before-start", Severity.NOTICE, end, start=start, end=end
        )


def fill_days(rows: Mapping[str, list[Row]], table: Table | None) -> list[Problem]:
    """Works out the person-days of audits without any, in place, from the client's personnel and complexity
    (domain.md, Audit time); with a problem for those where that cannot be done."""
    blank = [row for row in rows.get("audits", ()) if row.usable and "days" not in row.values]
    if not blank or table is None:
        return []
    work_out = _reckoner(rows)
    problems: list[Problem] = []
    for row in blank:
        worked = None if "days" in row.faulty else work_out(row.values)
        if worked is not None:
            row.values.update(days=worked.days, computed=True)
            continue
        row.usable = False
        if "days" not in row.faulty:
            column = table.titles["days"]
            problems.append(problem_at(row.origin, "days", "read-days-unknown", Severity.ERROR, column=column))
    return problems


def _reckoner(rows: Mapping[str, list[Row]]) -> Callable[[Mapping[str, Any]], Worked | None]:
    """What works out the days of a row of Audits, from the rows of the other sheets."""
    personnel: dict[Any, Any] = {row.values.get("id"): row.values.get("personnel") for row in rows.get("clients", ())}
    known: dict[Any, list[tuple[Any, Any]]] = defaultdict(list)
    for row in rows.get("certificates", ()):
        known[row.values.get("client")].append((row.values.get("standards", ()), row.values.get("complexity")))
    own = read_objects.make(rows.get("audit_time", ()), read_objects.time_row)
    rules = RuleBook(read_objects.make(rows.get("rules", ()), read_objects.rule_setting))

    def work_out(values: Mapping[str, Any]) -> Worked | None:
        """The days of one row."""
        complexity = complexities(known.get(values["client"], ()))
        people = personnel.get(values["client"])
        return worked_out(values["type"], values["standards"], people, complexity, own, rules)

    return work_out
