"""The command line: `auditplan COMMAND BOOK …`. One file per command, none with a logic of its own."""

from __future__ import annotations

from auditplan.io.cli.entry import main

__all__ = ["main"]
