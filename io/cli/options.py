"""Arguments and options that commands share, and how help is laid out, in the reader's language."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from math import isfinite
from pathlib import Path
from typing import Any

import click
from rich_click import RichArgument, RichCommand, RichGroup, RichHelpConfiguration, RichOption

from auditplan.io.cli.language import system_language
from auditplan.io.cli.talk import Talk
from auditplan.io.messages import LANGUAGES, message


class Positive(click.FloatRange):
    """A number above 0 that is one: neither nan nor without end."""

    def __init__(self, language: str) -> None:
        """Says in a language what is wrong."""
        super().__init__(0, min_open=True)
        self._language = language

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> float:
        """The number."""
        number = float(super().convert(value, param, ctx))
        if not isfinite(number):
            self.fail(message("cli-not-a-number", self._language, given=value), param, ctx)
        return number


class Command(RichCommand):
    """A command whose help is in one language."""

    def __init__(
        self, name: str, language: str, callback: Callable[..., int | None], parameters: list[click.Parameter]
    ) -> None:
        """Takes help, example and layout from the catalogue: `cli-help-NAME` and `cli-example-NAME`."""
        self.language = language
        super().__init__(
            name=name,
            callback=_started(callback),
            params=[*parameters, *_common(language)],
            help=message(f"cli-help-{name}", language),
            short_help=message(f"cli-short-{name}", language),
            epilog=example(name, language),
            add_help_option=False,
            context_settings=settings(language),
        )

    def format_usage(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """The usage line in the language of the command."""
        _write_usage(ctx, formatter, self.language)


class Group(RichGroup):
    """The program itself."""

    def __init__(self, name: str, language: str, commands: list[click.Command], options: list[click.Option]) -> None:
        """Takes help and layout from the catalogue."""
        self.language = language
        super().__init__(
            name=name,
            commands=commands,
            params=[*options, language_option(language), help_option(language)],
            help=message(f"cli-help-{name}", language),
            epilog=example(name, language),
            add_help_option=False,
            context_settings=settings(language),
        )

    def format_usage(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """The usage line in the language of the program."""
        _write_usage(ctx, formatter, self.language)

    def list_commands(self, ctx: click.Context) -> list[str]:
        """The commands in the order in which a coordinator needs them, not by the alphabet."""
        del ctx
        return list(self.commands)


def _write_usage(ctx: click.Context, formatter: click.HelpFormatter, language: str) -> None:
    """The usage line."""
    pieces = ctx.command.collect_usage_pieces(ctx)
    formatter.write_usage(ctx.command_path, " ".join(pieces), prefix=message("cli-usage", language))


def _started(callback: Callable[..., int | None]) -> Callable[..., int | None]:
    """A command's callback that is called as `callback(talk, lang, …)`; `lang` is None if no language was asked
    for, before or after the command's name."""

    @wraps(callback)
    def start(*, as_json: bool, quiet: bool, lang: str | None, **wishes: object) -> int | None:
        """Starts the command."""
        context = click.get_current_context()
        talk = context.find_object(Talk) or Talk(lang or system_language())
        talk.as_json, talk.quiet = as_json, quiet
        return callback(talk, lang or context.find_root().params.get("lang"), **wishes)

    return start


def settings(language: str) -> dict[str, Any]:
    """The layout of help. Text is not marked up: brackets stand for themselves."""
    config = RichHelpConfiguration(
        arguments_panel_title=message("cli-arguments", language),
        options_panel_title=message("cli-options", language),
        commands_panel_title=message("cli-commands", language),
        required_long_string=message("cli-required", language),
        default_string=message("cli-default", language),
        show_arguments=True,
        text_markup=None,
        text_emojis=False,
        range_string="",
        append_range_help_string="",
        options_table_column_types=["opt_all", "metavar", "help"],
        options_table_help_sections=["help", "required", "default"],
        commands_table_column_types=["name", "help"],
    )
    return {"rich_help_config": config}


def example(name: str, language: str) -> str:
    """The examples below a command's help, one a line."""
    lines = message(f"cli-example-{name}", language).strip().splitlines()
    return "\n\n".join([message("cli-example", language), *(f"  {line}" for line in lines)])


def option(language: str, *names: str, text: str, **more: Any) -> RichOption:
    """An option whose help is `cli-option-TEXT`."""
    return RichOption([*names], help=message(f"cli-option-{text}", language), **more)


def book_argument(language: str) -> RichArgument:
    """BOOK: a workbook that is there."""
    return RichArgument(["book"], type=click.Path(path_type=Path), metavar="BOOK", help=message("cli-book", language))


def argument(language: str, name: str, *, text: str, **more: Any) -> RichArgument:
    """An argument whose help is the text of a code."""
    return RichArgument([name], metavar=name.upper(), help=message(text, language), **more)


def language_option(language: str) -> RichOption:
    """--lang: of messages."""
    choice = click.Choice(LANGUAGES, case_sensitive=False)
    return option(language, "--lang", text="lang", type=choice, expose_value=True, metavar="en|zh")


def help_option(language: str) -> RichOption:
    """--help: shows the help and ends."""
    return option(
        language,
        "--help",
        "-h",
        text="help",
        is_flag=True,
        is_eager=True,
        expose_value=False,
        callback=_show_help,
    )


def _common(language: str) -> list[click.Parameter]:
    """What every command knows."""
    return [
        option(language, "--json", "as_json", text="json", is_flag=True),
        option(language, "--quiet", "-q", text="quiet", is_flag=True),
        language_option(language),
        help_option(language),
    ]


def _show_help(ctx: click.Context, parameter: click.Parameter, value: bool) -> None:
    """Shows the help of a command and ends."""
    del parameter
    if value and not ctx.resilient_parsing:
        click.echo(ctx.get_help())
        ctx.exit()
