"""Exit statuses, and the failures that end a command with one line.

CommandFailure
├── UsageFailure      2: what was asked for cannot be done
└── DataFailure       1: the data has errors; nothing was written
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import IntEnum


class ExitStatus(IntEnum):
    """What the process answers its caller (the contract of the command line)."""

    DONE = 0
    DATA = 1
    USAGE = 2
    FAULT = 3
    LEFT_OUT = 4
    INTERRUPTED = 130


class CommandFailure(Exception):  # noqa: N818 - a failure of the command, not of the program
    """Something that ends a command. code and parameters: its text in the catalogue; figures: what `--json`
    says about it besides."""

    status = ExitStatus.USAGE

    def __init__(self, code: str, *, figures: Mapping[str, object] | None = None, **parameters: object) -> None:
        """Keeps what to say."""
        super().__init__(code)
        self.code = code
        self.parameters = parameters
        self.figures = dict(figures or {})


class UsageFailure(CommandFailure):
    """What was asked for cannot be done: a file is missing, in the way or open elsewhere."""


class DataFailure(CommandFailure):
    """The data has errors; nothing was written."""

    status = ExitStatus.DATA


class FaultFailure(CommandFailure):
    """The planner's own fault; nothing was written, and the full trace is saved."""

    status = ExitStatus.FAULT
