"""What `whatif` and `capacity` share: options of the search, who does the work, and a bar for each job."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

import click

from auditplan.io.cli.exits import DataFailure, UsageFailure
from auditplan.io.cli.options import option
from auditplan.io.cli.progress import Interrupt, aside
from auditplan.io.cli.talk import Talk, plain
from auditplan.io.cli.targets import check_folder
from auditplan.io.files import open_in_excel
from auditplan.io.render import figure
from auditplan.planner.plan import LEVELS
from auditplan.solver.solution import Budget, StopSignal

if TYPE_CHECKING:
    from auditplan.planner.scenarios.crew import Crew
    from auditplan.planner.scenarios.jobs import Step, Told

Answered = TypeVar("Answered")
DEFAULT_EFFORT = 60.0
"""Work on the base's plan where neither time nor effort is said: determined, so that two runs agree."""


def search_options(language: str) -> list[click.Parameter]:
    """How long, with which seed, and who does it."""
    positive = click.FloatRange(0, min_open=True)
    seed = click.IntRange(0, 2**31 - 1)
    return [
        option(language, "--time", "seconds", text="study-time", type=positive, metavar="S"),
        option(language, "--effort", text="study-effort", type=positive, metavar="N"),
        option(language, "--seed", text="seed", type=seed, default=0, show_default=True, metavar="N"),
        option(language, "--jobs", text="jobs", type=click.IntRange(1, 256), metavar="N"),
        option(language, "--cluster", text="cluster", metavar="ADDRESS"),
    ]


def budgets(seconds: float | None, effort: float | None, share: float) -> tuple[Budget, Budget]:
    """For the base, and that share of it for each further search."""
    if seconds is None and effort is None:
        effort = DEFAULT_EFFORT
    base = Budget(seconds=seconds, effort=effort)
    part = Budget(seconds=seconds and seconds * share, effort=effort and effort * share)
    return base, part


def processors() -> int:
    """How many cores this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def crew_of(jobs: int | None, cluster: str | None) -> Crew:
    """Processes of this machine, or a cluster. Raises UsageFailure where the extra is missing."""
    from auditplan.planner.scenarios.cluster import Cluster, ClusterMissingError
    from auditplan.planner.scenarios.crew import Processes

    if cluster is None:
        return Processes(jobs or processors())
    if jobs is not None:
        raise UsageFailure("study-two-crews")
    try:
        return Cluster(cluster)
    except ClusterMissingError as error:
        raise UsageFailure("study-no-cluster") from error


def study_target(book: Path, output: Path | None, ending: str) -> Path:
    """The workbook that a study is written to: never the book itself. Raises UsageFailure."""
    target = output or book.with_name(f"{book.stem}.{ending}.xlsx")
    check_folder(target)
    if target.suffix.lower() != ".xlsx":
        raise UsageFailure("cli-not-xlsx", file=target)
    if target.exists() and book.exists() and target.samefile(book):
        raise UsageFailure("study-output-is-input", file=target)
    if open_in_excel(target):
        raise UsageFailure("cli-open", file=target)
    return target


class Bars:
    """A bar for each job, on a terminal only. A job's bar fills with the share of its time or effort that is gone."""

    def __init__(self, talk: Talk, budget: Budget, names: Callable[[str], str]) -> None:
        """names: a job's name for people."""
        from rich.progress import BarColumn, Progress, TextColumn

        self._talk, self._names = talk, names
        self._total = budget.seconds or budget.effort or 1.0
        self._lock = threading.Lock()
        self._tasks: dict[str, int] = {}
        columns = (TextColumn("{task.description}", markup=False), BarColumn(), TextColumn("{task.fields[state]}"))
        self.progress = Progress(*columns, console=talk.terminal, transient=True, disable=talk.terminal is None)

    def __call__(self, step: Step) -> None:
        """Takes a step of a job."""
        from rich.progress import TaskID

        with self._lock:
            if step.key not in self._tasks:
                name = plain(self._names(step.key))
                self._tasks[step.key] = int(self.progress.add_task(name, total=self._total, state=""))
            task = TaskID(self._tasks[step.key])
            if step.done:
                self.progress.update(task, completed=self._total)
            else:
                level = LEVELS[min(step.level, len(LEVELS) - 1)]
                state = f"{self._talk.text(f'cli-level-{level}')}: {figure(level, step.value)}"
                self.progress.update(task, completed=min(step.seconds, self._total), state=state)


@contextmanager
def _shown(bars: Bars) -> Iterator[None]:
    """The bars, for as long as something happens."""
    with bars.progress:
        yield


def studied(talk: Talk, bars: Bars, crew: Crew, work: Callable[[Told, StopSignal], Answered]) -> Answered:
    """Does the work of a study aside, so that Ctrl-C can end it with what is done; the crew keeps its workers so long.
    Raises DataFailure where the workers cannot be reached, or are lost for good."""
    from auditplan.planner.scenarios.crew import CrewLostError

    interrupt = Interrupt(talk)
    try:
        with crew, interrupt.listening(), _shown(bars):
            return aside(lambda: work(bars, interrupt))
    except CrewLostError as error:
        raise DataFailure("study-crew-lost", reason=error) from error
