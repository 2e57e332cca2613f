"""What a command says and where: results on standard output, messages on standard error."""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping
from typing import TextIO

from rich.console import Console, RenderableType
from rich.text import Text

from auditplan.io.messages import message

PIPE_WIDTH = 160
"""Columns of tables that go into a file or another program."""


def prepare_streams() -> None:
    """Makes it impossible that a letter cannot be printed: a console that knows fewer letters shows a question
    mark, whatever its code page; files and pipes get UTF-8."""
    for stream in (sys.stdout, sys.stderr):
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure is None:
            continue
        encoding = None if stream.isatty() else "utf-8"
        reconfigure(encoding=encoding, errors="replace")


def plain(text: str) -> str:
    """A text of a workbook as it may be shown: no control characters, which could move a terminal's cursor or
    turn what follows around."""
    return "".join(letter if letter.isprintable() or letter == "\n" else "�" for letter in text)


class Talk:
    """Speaks one language. as_json: the result is one JSON object; quiet: failures only."""

    def __init__(self, language: str, *, as_json: bool = False, quiet: bool = False) -> None:
        """Opens both ways out."""
        self.language = language
        self.as_json = as_json
        self.quiet = quiet
        self._results = _console(sys.stdout)
        self._messages = _console(sys.stderr)

    @property
    def terminal(self) -> Console | None:
        """The terminal on which progress may move; None where there is none or it should keep still."""
        return self._messages if self._messages.is_terminal and not self.quiet else None

    def text(self, code: str, **parameters: object) -> str:
        """A text of the catalogue."""
        return message(code, self.language, **parameters)

    def note(self, code: str, **parameters: object) -> None:
        """A message besides the result."""
        if not self.quiet:
            self._messages.print(Text(plain(self.text(code, **parameters))))

    def fail(self, text: str) -> None:
        """Why nothing came of it."""
        line = Text(self.text("cli-error"), style="bold red")
        self._messages.print(line.append(Text(plain(text), style="none")), soft_wrap=True)

    def show(self, *parts: RenderableType) -> None:
        """Shows a result to a person; not to a program that asked for JSON."""
        if not self.quiet and not self.as_json:
            for part in parts:
                self._results.print(part)

    def warn(self, *parts: RenderableType) -> None:
        """Shows what a person must see on standard error, even when quiet."""
        for part in parts:
            self._messages.print(part)

    def emit(self, figures: Mapping[str, object]) -> None:
        """The result as one JSON object, where it was asked for."""
        if self.as_json:
            sys.stdout.write(json.dumps(figures, ensure_ascii=False, indent=2) + "\n")
            sys.stdout.flush()


def _console(stream: TextIO) -> Console:
    """A console on a stream; wide where no person looks."""
    console = Console(file=stream, highlight=False, markup=False, emoji=False)
    if not console.is_terminal:
        console = Console(file=stream, highlight=False, markup=False, emoji=False, width=PIPE_WIDTH)
    return console
