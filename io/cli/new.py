"""`auditplan new`: a workbook to fill in, or an invented body to try things out with."""

from __future__ import annotations

from pathlib import Path

import click
from rich_click import RichArgument

from auditplan.io.cli.options import Command, option
from auditplan.io.cli.talk import Talk
from auditplan.io.cli.targets import new_target
from auditplan.io.messages import message

SIZES = ("small", "medium", "large")


def build(language: str) -> Command:
    """The command with its help in a language."""
    book = RichArgument(
        ["book"], type=click.Path(path_type=Path), metavar="BOOK", help=message("cli-new-book", language)
    )
    size = click.Choice(SIZES, case_sensitive=False)
    parameters: list[click.Parameter] = [
        book,
        option(language, "--demo", text="demo", type=size, metavar="small|medium|large"),
        option(language, "--seed", text="demo-seed", type=click.IntRange(0), default=1, show_default=True),
        option(language, "--force", text="force", is_flag=True),
    ]
    return Command("new", language, run, parameters)


def run(talk: Talk, lang: str | None, *, book: Path, demo: str | None, seed: int, force: bool) -> None:
    """Writes a template, or an invented body."""
    from auditplan.io.workbook.template import write_template

    target = new_target(book, force=force)
    language = lang or talk.language
    body = None
    if demo is not None:
        from auditplan.planner.demo import demo_body

        body = demo_body(demo, language, seed)
    write_template(target, language, body=body)
    talk.note("cli-new-done" if body is None else "cli-demo-done", file=book)
    talk.emit({"output": str(book), "language": language, "demo": demo, "seed": seed})
