"""What the solver answers: who does what when, what it costs on each level, and the proven bounds."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from enum import Enum
from typing import TypeVar

Item = TypeVar("Item")


@dataclass(frozen=True, slots=True)
class Choice:
    """One activity carried out: the mode, the index of the option in it, and the people of each role
    (sorted, one tuple per role)."""

    mode: int
    option: int
    team: tuple[tuple[int, ...], ...]


@dataclass(frozen=True, slots=True)
class Solution:
    """One entry per activity; None: left out."""

    choices: tuple[Choice | None, ...]


class Status(Enum):
    """How an outcome stands."""

    OPTIMAL = "optimal"
    """Every level is proven."""
    FEASIBLE = "feasible"
    """A solution with bounds that do not all meet it."""
    INFEASIBLE = "infeasible"
    """Proven that there is none (only where something may not be left out)."""
    UNKNOWN = "unknown"
    """None found yet (only where something may not be left out)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """The answer.

    values: figure of the solution on each level. bounds: proven lower bound on each level, among all
    solutions that are as good on the levels before. work: deterministic work done, about core-seconds.
    """

    status: Status
    solution: Solution | None
    values: tuple[int, ...]
    bounds: tuple[int, ...]
    work: float
    seconds: float
    first_seconds: float | None = None
    """Seconds from the start to the first complete solution."""
    impossible: tuple[int, ...] = ()
    """Activities that could not be carried out even if they were alone; proven."""


@dataclass(frozen=True, slots=True)
class Progress:
    """One step of the search: the best figures so far and the bounds (None: not known yet)."""

    seconds: float
    level: int
    values: tuple[int, ...]
    bounds: tuple[int | None, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Budget:
    """When to stop: wall-clock `seconds` (anytime) or deterministic `effort` (about core-seconds), or
    both; whichever comes first. Both None: only when everything is proven."""

    seconds: float | None = None
    effort: float | None = None


ProgressListener = Callable[[Progress], None]
StopSignal = Callable[[], bool]


class StoppedError(Exception):
    """The stop signal said yes before there was anything to answer with."""


def unless(stop: StopSignal | None, items: Iterable[Item]) -> Iterator[Item]:
    """Items one after the other. Raises StoppedError once the stop signal says yes."""
    for item in items:
        if stop is not None and stop():
            raise StoppedError
        yield item
