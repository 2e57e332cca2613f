"""What differs between two plans, in words."""

from __future__ import annotations

from auditplan.io.messages import message
from auditplan.io.workbook import words
from auditplan.planner.changes import Change, Difference, What
from auditplan.planner.domain import Body
from auditplan.planner.plan import Slot


def change_lines(change: Change, language: str) -> list[tuple[str, str, str]]:
    """One line per difference: what, old, new."""
    return [
        (what_text(difference.what, language), _side(difference, language, new=False), _side(difference, language))
        for difference in change.differences
    ]


def what_text(what: What, language: str) -> str:
    """What differs, in a word or two."""
    return message(f"change-{what.value.replace(' ', '-')}", language)


def told_names(change: Change, body: Body, language: str) -> list[str]:
    """Who must be told, by name; the client last."""
    names = {auditor.id: auditor.name for auditor in body.auditors}
    clients = {client.id: client.name for client in body.clients}
    found = [names.get(person, person) for person in change.people]
    if change.client and change.client_id:
        name = clients.get(change.client_id, change.client_id)
        found.append(message("change-client", language, client=name))
    return found


def _side(difference: Difference, language: str, *, new: bool = True) -> str:
    """One side of a difference; – for none."""
    time = difference.new_time if new else difference.old_time
    people = difference.new_people if new else difference.old_people
    parts = [] if time is None else [time_text(*time, language)]
    parts += [message("list-comma", language).join(people)] if people else []
    return "; ".join(parts) or "–"


def time_text(start: Slot, end: Slot, language: str) -> str:
    """From when to when."""
    first, last = (f"{slot.day.isoformat()} {words.PARTS[slot.part].written(language)}" for slot in (start, end))
    return f"{first} – {last}" if start != end else first
