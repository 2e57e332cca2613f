"""Who must stay away from a client and when: conflicts, objections, rotation and cooling-off."""

from __future__ import annotations

import calendar
from collections import defaultdict
from collections.abc import Iterable
from datetime import date

from auditplan.planner.domain import Body, Conflict, HistoryEntry, Role
from auditplan.planner.qualification import standard_key
from auditplan.planner.rulebook import RuleBook

CONSULTANCY_YEARS = 2
"""Years that a person who consulted for a client stays away (ISO/IEC 17021-1:2015 5.2.10)."""

Period = tuple[date | None, date | None]


def add_months(day: date, months: int) -> date:
    """The same day of the month some months later; the last day of a shorter month."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def conflict_period(conflict: Conflict) -> Period:
    """The days on which a conflict is in force, inclusive; consultancy ends two years after its end."""
    until = conflict.until
    if conflict.consultancy and until is not None:
        until = add_months(until, 12 * CONSULTANCY_YEARS)
    return conflict.start, until


class Barring:
    """The conflicts and the leads' chains of a body, indexed."""

    def __init__(self, body: Body, rules: RuleBook) -> None:
        """Indexes conflicts by auditor and client, and history by client and standard."""
        self._rules = rules
        self._conflicts: dict[tuple[str, str], list[Conflict]] = defaultdict(list)
        for conflict in body.conflicts:
            if rules.on("objection" if conflict.objection else "conflict"):
                self._conflicts[conflict.auditor, conflict.client].append(conflict)
        self._history: dict[tuple[str, str], list[HistoryEntry]] = defaultdict(list)
        for entry in sorted(body.history, key=lambda item: item.day, reverse=True):
            if entry.role in {Role.LEAD, None}:
                self._history[entry.client, standard_key(entry.standard)[0]].append(entry)

    def conflicts(self, auditor: str, client: str) -> list[Conflict]:
        """The conflicts and objections between an auditor and a client that count."""
        return self._conflicts.get((auditor, client), [])

    def chain(self, auditor: str, client: str, standard: str) -> int:
        """How many of the latest audits of a client and standard the auditor has led in a row."""
        return len(_run(self._of(client, standard), auditor)) if self._rules.on("rotation") else 0

    def cooling(self, auditor: str, client: str, standard: str) -> Period | None:
        """The days on which the auditor may not lead there because a chain reached the limit; None: none."""
        if not (self._rules.on("rotation") and self._rules.on("cooling-off")):
            return None
        entries = self._of(client, standard)
        own = [index for index, entry in enumerate(entries) if entry.auditor == auditor]
        if not own:
            return None
        run = _run(entries[own[0] :], auditor)
        if len(run) < int(self._rules.value("rotation")):
            return None
        return run[0].day, add_months(run[0].day, int(self._rules.value("cooling-off")))

    def last_lead(self, client: str) -> str:
        """Who led the client's latest audit; "" where history does not say."""
        latest = [entries[0] for (owner, _), entries in self._history.items() if owner == client]
        return max(latest, key=lambda entry: entry.day).auditor if latest else ""

    def last_leads(self) -> dict[str, str]:
        """Client → who led its latest audit."""
        latest: dict[str, HistoryEntry] = {}
        for (client, _), entries in self._history.items():
            if client not in latest or entries[0].day > latest[client].day:
                latest[client] = entries[0]
        return {client: entry.auditor for client, entry in latest.items()}

    def _of(self, client: str, standard: str) -> list[HistoryEntry]:
        """History of a client for a standard, newest first; entries without a standard count for any."""
        family = standard_key(standard)[0]
        exact = self._history.get((client, family), [])
        loose = self._history.get((client, ""), []) if family else []
        if not loose:
            return exact
        return sorted((*exact, *loose), key=lambda entry: entry.day, reverse=True)


def _run(entries: Iterable[HistoryEntry], auditor: str) -> list[HistoryEntry]:
    """The entries at the head of a history that are the auditor's."""
    run: list[HistoryEntry] = []
    for entry in entries:
        if entry.auditor != auditor:
            break
        run.append(entry)
    return run
