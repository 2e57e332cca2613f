"""The command line: `auditplan COMMAND BOOK …`. One file per command, none with a logic of its own."""

from __future__ import annotations

import os
import signal
import threading
from collections.abc import Sequence

__all__ = ["main"]

INTERRUPTED = 130
"""The exit status of Ctrl-C before the commands are even loaded: nothing has been read or written yet."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs one command and answers its exit status. arguments: those of the process by default.

    Ctrl-C while the commands load ends the process at once and in silence, rather than with a trace of Python's own."""
    hears = threading.current_thread() is threading.main_thread()
    before = signal.getsignal(signal.SIGINT)
    if hears and before is signal.default_int_handler:
        signal.signal(signal.SIGINT, lambda *_: os._exit(INTERRUPTED))
        try:
            from auditplan.io.cli.entry import main as run
        finally:
            signal.signal(signal.SIGINT, before)
    else:
        from auditplan.io.cli.entry import main as run
    return run(arguments)
