"""What is wrong with how a command was called, in the reader's language."""

from __future__ import annotations

import click

from auditplan.io.messages import message


def usage_text(error: click.UsageError, language: str) -> str:
    """One line: what is wrong, and where to read more."""
    command = error.ctx.command_path if error.ctx is not None else "auditplan"
    return message("cli-usage-wrong", language, what=_what(error, language), command=command)


def _what(error: click.UsageError, language: str) -> str:
    """What is wrong. Kinds that the catalogue does not know keep the words of click."""
    if hasattr(error, "command_name"):  # click.NoSuchCommand, which click 8.2 does not have yet
        return message("cli-usage-command", language, name=error.command_name) + _near(error, language)
    if isinstance(error, click.NoSuchOption):
        return message("cli-usage-option", language, name=error.option_name) + _near(error, language)
    if isinstance(error, click.MissingParameter):
        return message("cli-usage-missing", language, name=_name(error))
    if isinstance(error, click.BadParameter):
        return message("cli-usage-value", language, name=_name(error), reason=error.message)
    return error.format_message()


def _name(error: click.BadParameter) -> str:
    """What the parameter is called."""
    if error.param is None:
        return str(error.param_hint or "–")
    return error.param.human_readable_name if isinstance(error.param, click.Argument) else error.param.opts[0]


def _near(error: click.UsageError, language: str) -> str:
    """The nearest spellings that there are."""
    near = ", ".join(sorted(getattr(error, "possibilities", None) or ()))
    return message("cli-usage-near", language, near=near) if near else ""
