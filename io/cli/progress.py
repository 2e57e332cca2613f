"""A line on the terminal while the planner works, and Ctrl-C as the signal to stop with the best plan."""

from __future__ import annotations

import os
import signal
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType
from typing import TypeVar

from rich.console import Console
from rich.live import Live
from rich.text import Text

from auditplan.io.cli.exits import ExitStatus
from auditplan.io.cli.talk import Talk
from auditplan.io.render import figure
from auditplan.planner.plan import LEVELS
from auditplan.solver.solution import Progress

Answer = TypeVar("Answer")
REFRESH = 4
"""Times a second that the line is drawn."""
POLL = 0.1
"""Seconds between looks whether the work is done: how long an interrupt may wait."""
HUNDREDTHS = 100
"""Units of the level `money` in one of the currency."""


class ProgressLine:
    """Best plan so far, its bound and the seconds gone, for `rich` to draw."""

    def __init__(self, talk: Talk) -> None:
        """Starts its clock."""
        self._talk = talk
        self._begun = time.monotonic()
        self._latest: Progress | None = None

    def __call__(self, progress: Progress) -> None:
        """Takes a step of the search; called from the thread that plans."""
        self._latest = progress

    def __rich__(self) -> Text:
        """The line as it stands."""
        seconds = f"{time.monotonic() - self._begun:.0f}"
        if self._latest is None:
            return Text(self._talk.text("cli-progress-start", seconds=seconds))
        level = LEVELS[min(self._latest.level, len(LEVELS) - 1)]
        best, bound = self._latest.values[self._latest.level], self._latest.bounds[self._latest.level]
        shown = "–" if bound is None else figure(level, bound)
        line = self._talk.text(
            "cli-progress",
            seconds=seconds,
            level=self._talk.text(f"cli-level-{level}"),
            best=figure(level, best),
            bound=shown,
        )
        return Text(line, overflow="ellipsis", no_wrap=True)


class Interrupt:
    """Ctrl-C: the first asks the planner to stop with what it has, the second ends the process at once."""

    def __init__(self, talk: Talk) -> None:
        """Nothing is asked yet."""
        self._talk = talk
        self._asked = threading.Event()

    def __call__(self) -> bool:
        """Whether the planner should stop."""
        return self._asked.is_set()

    def _handle(self, number: int, frame: FrameType | None) -> None:
        """Takes one Ctrl-C. The second does not wait for the threads that plan: nothing is being written."""
        del number, frame
        if self._asked.is_set():
            os._exit(ExitStatus.INTERRUPTED)
        self._asked.set()
        self._talk.note("cli-stopping")

    @contextmanager
    def listening(self) -> Iterator[None]:
        """Takes Ctrl-C for as long as the planner works; elsewhere than in the main thread nothing changes."""
        if threading.current_thread() is not threading.main_thread():
            yield
            return
        before = signal.signal(signal.SIGINT, self._handle)
        try:
            yield
        finally:
            signal.signal(signal.SIGINT, before)


@contextmanager
def shown(line: ProgressLine, terminal: Console | None) -> Iterator[None]:
    """Draws a line while something happens; nothing without a terminal."""
    if terminal is None:
        yield
        return
    with Live(line, console=terminal, refresh_per_second=REFRESH, transient=True):
        yield


@contextmanager
def _libraries_silent() -> Iterator[None]:
    """Drops whatever a library prints by itself: standard output is for answers, and HiGHS prints its name there
    before it can be asked not to. Nothing changes where there is no standard output."""
    try:
        kept = os.dup(1)
    except OSError:
        yield
        return
    with open(os.devnull, "wb") as nowhere:  # noqa: PTH123 - no path
        os.dup2(nowhere.fileno(), 1)
    try:
        yield
    finally:
        os.dup2(kept, 1)
        os.close(kept)


def aside(work: Callable[[], Answer]) -> Answer:
    """Does some work in another thread, so that this one can take an interrupt while the solver computes, and
    answers what it answers or raises what it raises. Nothing must be written to standard output meanwhile."""
    answers: list[Answer] = []
    errors: list[BaseException] = []

    def do() -> None:
        """The work, with its answer or its error kept."""
        try:
            answers.append(work())
        except BaseException as error:
            errors.append(error)

    thread = threading.Thread(target=do, daemon=True, name="planner")
    sys.stdout.flush()
    with _libraries_silent():
        thread.start()
        while thread.is_alive():
            thread.join(POLL)
    if errors:
        raise errors[0]
    return answers[0]
