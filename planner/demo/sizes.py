"""How large demonstration bodies are: the last table of domain.md."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Size:
    """Figures per quarter. fixed: share of visits fixed at the start; window: median window in days."""

    certificates: int
    full_time: int
    part_time: int
    visits: int
    needed: int
    available: int
    regions: int
    window: int
    fixed: float
    overdue: float


SIZES = {
    "small": Size(
        certificates=320,
        full_time=6,
        part_time=6,
        visits=60,
        needed=205,
        available=310,
        regions=5,
        window=60,
        fixed=0.15,
        overdue=0.0,
    ),
    "medium": Size(
        certificates=2600,
        full_time=25,
        part_time=25,
        visits=350,
        needed=1190,
        available=1425,
        regions=13,
        window=45,
        fixed=0.25,
        overdue=0.0,
    ),
    "large": Size(
        certificates=19000,
        full_time=180,
        part_time=120,
        visits=2300,
        needed=7800,
        available=9360,
        regions=31,
        window=40,
        fixed=0.35,
        overdue=0.03,
    ),
}
