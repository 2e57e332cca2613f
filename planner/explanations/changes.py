"""Single changes of a body as pure values, and the same change as edits of cells and rows of the book."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, fields, replace
from typing import Any

from auditplan.planner.capacity.candidates import Candidate as Joining
from auditplan.planner.domain import Body
from auditplan.planner.problems import Origin
from auditplan.planner.scenarios.apply import apply_change
from auditplan.planner.scenarios.changes import AddAuditors, AddQualification, RuleChange


@dataclass(frozen=True, slots=True, kw_only=True)
class SetFields:
    """Other values of some fields of one row. collection: a field of Body ("" for Settings); row: the object as it
    is; values: pairs of field and new value."""

    collection: str
    row: Any
    values: tuple[tuple[str, Any], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ReplaceRow:
    """One row replaced by others, or by none."""

    collection: str
    row: Any
    by: tuple[Any, ...] = ()


BodyChange = SetFields | ReplaceRow | AddQualification | AddAuditors | RuleChange | Joining
"""A single change: of a row, of who is there and what they hold, or of a rule's number."""


def person_of(change: BodyChange) -> str:
    """The one person of whom alone a change says something; "" where it is about anything else."""
    if isinstance(change, AddQualification):
        return change.auditor
    if isinstance(change, SetFields) and change.collection in {"auditors", "qualifications"}:
        return str(change.row.id if change.collection == "auditors" else change.row.auditor)
    if isinstance(change, ReplaceRow) and change.collection == "unavailable":
        return str(change.row.auditor)
    return ""


def applied(body: Body, change: BodyChange) -> Body:
    """The body with a change. Raises ValueError for a row that is not there."""
    if isinstance(change, SetFields):
        if not change.collection:
            return replace(body, settings=replace(body.settings, **dict(change.values)))
        return _with_row(body, change.collection, change.row, (replace(change.row, **dict(change.values)),))
    if isinstance(change, ReplaceRow):
        return _with_row(body, change.collection, change.row, change.by)
    if isinstance(change, Joining):
        return change.applied(body)
    return apply_change(body, change)


def _with_row(body: Body, collection: str, row: Any, by: tuple[Any, ...]) -> Body:
    """The body with a row replaced where it stands."""
    rows = list(getattr(body, collection))
    place = next((number for number, own in enumerate(rows) if own is row), None)
    place = rows.index(row) if place is None else place
    rows[place : place + 1] = by
    changed: dict[str, Any] = {collection: tuple(rows)}
    return replace(body, **changed)


@dataclass(frozen=True, slots=True, kw_only=True)
class Edit:
    """One edit of the book. field set: that cell of a row gets the value that `item` has; item alone: a new row for it;
    neither: the row is deleted. collection: a field of Body ("": Settings); sheet: as its owner named it ("" where the
    body did not come from a book)."""

    collection: str
    sheet: str = ""
    cell: str = ""
    row: int = 0
    field: str = ""
    item: Any = None


COLLECTIONS = tuple(field.name for field in fields(Body) if field.name not in {"settings", "written"})
_UNSAID = {"origin", "generated", "computed", "typed", "ended", "invited"}


def edits(before: Body, after: Body) -> tuple[Edit, ...]:
    """The edits that make the book of one body that of another."""
    found = list(_cells("", before.settings, after.settings)) if before.settings != after.settings else []
    for name in COLLECTIONS:
        own, other = getattr(before, name), getattr(after, name)
        if own != other:
            found += _rows(name, own, other)
    return tuple(found)


def _rows(name: str, own: tuple[Any, ...], other: tuple[Any, ...]) -> Iterator[Edit]:
    """The edits of one sheet: what is equal at both ends stays; between, rows are paired in order."""
    start = 0
    while start < min(len(own), len(other)) and own[start] == other[start]:
        start += 1
    end = 0
    while end < min(len(own), len(other)) - start and own[-1 - end] == other[-1 - end]:
        end += 1
    old, new = own[start : len(own) - end], other[start : len(other) - end]
    sheet = next((row.origin.sheet for row in own if row.origin), "")
    for row, changed in zip(old, new, strict=False):
        yield from _cells(name, row, changed)
    for row in new[len(old) :]:
        yield Edit(collection=name, sheet=sheet, item=row)
    for row in old[len(new) :]:
        origin: Origin | None = row.origin
        yield Edit(collection=name, sheet=sheet, row=origin.row if origin else 0)


def _cells(name: str, row: Any, changed: Any) -> Iterator[Edit]:
    """The cells in which two rows differ."""
    for field in fields(row):
        if field.name not in _UNSAID and getattr(row, field.name) != getattr(changed, field.name):
            origin: Origin | None = row.origin
            sheet, cell = (origin.sheet, origin.cell(field.name)) if origin else ("", "")
            yield Edit(
                collection=name,
                sheet=sheet,
                cell=cell,
                row=origin.row if origin else 0,
                field=field.name,
                item=changed,
            )
