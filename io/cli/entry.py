"""The way in and every way out: language, streams, and a status for whatever happens. Never a traceback."""

from __future__ import annotations

import gc
import os
import sys
import tempfile
import traceback
from collections.abc import Sequence
from pathlib import Path

import click

from auditplan.io.cli.exits import CommandFailure, ExitStatus
from auditplan.io.cli.language import asked_language, system_language
from auditplan.io.cli.options import Group, option
from auditplan.io.cli.talk import Talk, prepare_streams
from auditplan.io.cli.usage import usage_text

PROGRAM = "auditplan"
COLLECTED_AFTER = 50_000
"""New objects after which rubbish is looked for: what a run makes stays until its end, so looking often is in vain."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs one command and answers its exit status. arguments: those of the process by default."""
    given = list(sys.argv[1:] if arguments is None else arguments) or ["--help"]
    prepare_streams()
    if arguments is None:
        gc.set_threshold(COLLECTED_AFTER, 20, 20)
    language = asked_language(given) or system_language()
    talk = Talk(language, as_json="--json" in given)
    try:
        status = program(language).main(given, prog_name=PROGRAM, standalone_mode=False, obj=talk)
    except click.UsageError as error:
        return _failed(talk, usage_text(error, language), ExitStatus.USAGE)
    except CommandFailure as failure:
        return _refused(talk, failure)
    except (click.Abort, KeyboardInterrupt):
        return _failed(talk, talk.text("cli-interrupted"), ExitStatus.INTERRUPTED)
    except BrokenPipeError:
        return _nobody_reads()
    except OSError as error:
        text = talk.text("cli-system", file=error.filename or "–", reason=error.strerror or error)
        return _failed(talk, text, ExitStatus.USAGE)
    except Exception as error:
        if _was_interrupted(error):
            return _failed(talk, talk.text("cli-interrupted"), ExitStatus.INTERRUPTED)
        return _unexpected(talk, error)
    return int(status) if isinstance(status, int) else ExitStatus.DONE


def program(language: str) -> Group:
    """The whole command line in a language."""
    from auditplan.io.cli import calendars, capacity, check, compare, explain, new, pipeline, plan, report, whatif

    every = (new, check, pipeline, plan, explain, compare, calendars, report, whatif, capacity)
    commands = [command.build(language) for command in every]
    return Group(PROGRAM, language, commands, [_version_option(language)])


def _version_option(language: str) -> click.Option:
    """--version: shows the version and ends."""
    return option(
        language,
        "--version",
        text="version",
        is_flag=True,
        is_eager=True,
        expose_value=False,
        callback=_show_version,
    )


def _show_version(ctx: click.Context, parameter: click.Parameter, value: bool) -> None:
    """Shows the version and ends."""
    del parameter
    if value and not ctx.resilient_parsing:
        from importlib.metadata import version

        click.echo(f"{PROGRAM} {version(PROGRAM)}")
        ctx.exit()


def _refused(talk: Talk, failure: CommandFailure) -> int:
    """Says why a command ended; of a fault of ours also where the full trace lies."""
    text = talk.text(failure.code, **failure.parameters)
    if failure.status is ExitStatus.FAULT:
        text = talk.text("cli-fault", summary=text, trace=_save_trace(failure) or "–")
    return _failed(talk, text, failure.status, failure.figures)


def _failed(talk: Talk, text: str, status: ExitStatus, figures: dict[str, object] | None = None) -> int:
    """Says why nothing came of it, to a program too."""
    talk.fail(text)
    talk.emit({"error": text, **(figures or {})})
    return status


def _was_interrupted(error: BaseException) -> bool:
    """Whether Ctrl-C is behind an exception: libraries that load compiled parts may raise another in its place."""
    cause: BaseException | None = error
    while cause is not None and not isinstance(cause, KeyboardInterrupt):
        cause = cause.__cause__ or cause.__context__
    return cause is not None


def _unexpected(talk: Talk, error: Exception) -> int:
    """The planner's own fault: one line, and where the full trace lies."""
    trace = _save_trace(error)
    summary = " ".join(f"{type(error).__name__}: {error}".split())[:300]
    try:
        text = talk.text("cli-fault", summary=summary, trace=trace or "–")
    except (KeyError, ValueError):  # the catalogue itself is at fault
        text = f"{summary} ({trace})"
        sys.stderr.write(f"{PROGRAM}: {text}\n")
        return ExitStatus.FAULT
    return _failed(talk, text, ExitStatus.FAULT)


def _save_trace(error: Exception) -> Path | None:
    """Saves a trace in the folder for temporary files; None where that cannot be."""
    try:
        number, name = tempfile.mkstemp(prefix=f"{PROGRAM}-", suffix=".txt")
        with os.fdopen(number, "w", encoding="utf-8", errors="replace") as file:
            file.writelines(traceback.format_exception(error))
    except OSError:
        return None
    return Path(name)


def _nobody_reads() -> int:
    """Whoever read our output is gone; what is left must not fail again when the process ends."""
    sink = os.open(os.devnull, os.O_WRONLY)
    os.dup2(sink, sys.stdout.fileno())
    return ExitStatus.DATA
