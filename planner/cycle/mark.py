"""The mark of a generated row: the steps that it was made of, and a fingerprint by which an edit is seen."""

from __future__ import annotations

from dataclasses import dataclass, replace
from hashlib import sha256

from auditplan.planner.domain import Audit, AuditStatus
from auditplan.planner.qualification import code_key, standard_key

_JOIN, _SIGN, _DROPPED = " + ", " #", " ×"
FIELDS = (
    "client",
    "type",
    "standards",
    "codes",
    "days",
    "smallest_team",
    "largest_team",
    "earliest",
    "due",
    "target",
    "mode",
    "after",
    "gap_from",
    "gap_to",
    "same_team_as",
    "not_team_of",
    "experts",
    "trainees",
    "priority",
    "unannounced",
)
"""What the pipeline writes. Lead, Team, Start and Status are the coordinator's from the beginning."""


@dataclass(frozen=True, slots=True)
class Mark:
    """steps: ids of the steps. dropped: whether the pipeline itself cancelled the row."""

    steps: tuple[str, ...]
    fingerprint: str
    dropped: bool = False

    def text(self) -> str:
        """The mark as it stands in the cell."""
        return _JOIN.join(self.steps) + _SIGN + self.fingerprint + (_DROPPED if self.dropped else "")


def read_mark(text: str) -> Mark | None:
    """A mark as read; None for a typed row and for a text that is no mark."""
    steps, sign, rest = text.strip().rpartition(_SIGN.strip())
    if not sign:
        return None
    dropped = rest.endswith(_DROPPED.strip())
    return Mark(tuple(step.strip() for step in steps.split(_JOIN)), rest.rstrip(_DROPPED).strip(), dropped)


def fingerprint(audit: Audit) -> str:
    """A short hash of what the pipeline writes into a row; the same whatever way a value is spelled."""
    values = [_plain(name, getattr(audit, name)) for name in FIELDS]
    return sha256("\x1f".join(values).encode()).hexdigest()[:10]


def marked(audit: Audit, steps: tuple[str, ...], *, dropped: bool = False) -> Audit:
    """A row with its mark."""
    return replace(audit, generated=Mark(steps, fingerprint(audit), dropped).text())


def untouched(row: Audit) -> bool:
    """Whether a row still is as the pipeline made it, and nobody confirmed or cancelled it."""
    mark = read_mark(row.generated)
    return mark is not None and row.status is AuditStatus.OPEN and fingerprint(row) == mark.fingerprint


def refreshed(row: Audit, expected: Audit, steps: tuple[str, ...]) -> Audit | None:
    """A row of the book as it is expected now, with what is the coordinator's of it; None where it stays: nothing
    differs, or somebody worked on it. One that the pipeline itself cancelled is opened again."""
    mark = read_mark(row.generated)
    dropped = mark is not None and mark.dropped and row.status is AuditStatus.CANCELLED
    if not dropped and not (untouched(row) and differences(row, expected)):
        return None
    kept = replace(expected, id=row.id, lead=row.lead, team=row.team, start=row.start, origin=row.origin)
    return marked(kept, steps)


def differences(own: Audit, other: Audit) -> tuple[str, ...]:
    """The fields in which two rows differ."""
    return tuple(name for name in FIELDS if _plain(name, getattr(own, name)) != _plain(name, getattr(other, name)))


def _plain(name: str, value: object) -> str:
    """A value in one spelling."""
    if name == "standards" and isinstance(value, tuple):
        return ";".join(":".join(standard_key(standard)) for standard in value)
    if name == "codes" and isinstance(value, tuple):
        return ";".join(".".join(code_key(code)) for code in value)
    if name == "days":
        return f"{value:f}".rstrip("0").rstrip(".") if "." in f"{value:f}" else f"{value:f}"
    return str(value)
