"""What there is to note of a plan, for whoever writes its sheets: light to load, since every reading of a book is."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from auditplan.planner.domain import Rival

if TYPE_CHECKING:
    from auditplan.planner.explanations.results import Fix


@dataclass(frozen=True, slots=True, kw_only=True)
class Notes:
    """rivals: of placed audits; fixes: the smallest found for each audit left out, by id; barren: audits left out for
    which no single change was found; changed: how many audits of the plan before differ, and how many have to (None:
    there was no plan before)."""

    rivals: tuple[Rival, ...] = ()
    fixes: dict[str, Fix] = field(default_factory=dict)
    barren: frozenset[str] = frozenset()
    changed: tuple[int, int] | None = None
