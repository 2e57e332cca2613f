"""Help: every command and option explained in both languages, with an example, at once."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from typing import Any

import click
import pytest

from auditplan.io.cli.entry import program
from auditplan.io.cli.language import asked_language, system_language

COMMANDS = ("new", "check", "plan", "explain", "calendars")
HEAVY = ("ortools", "pandas", "numpy", "openpyxl", "xlsxwriter", "icalendar", "holidays", "lxml", "pydantic")


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_has_help_with_an_example(run: Callable[..., Any], command: str, language: str) -> None:
    ran = run(command, "--help", "--lang", language)
    assert ran.status == 0
    assert f"auditplan {command} " in ran.out
    assert {"en": "Examples:", "zh": "示例："}[language] in ran.out
    assert ran.err == ""


@pytest.mark.parametrize("language", ["en", "zh"])
def test_every_option_has_help(language: str) -> None:
    group = program(language)
    for command in (group, *group.commands.values()):
        assert command.help
        for parameter in command.params:
            assert getattr(parameter, "help", None), parameter.name


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_knows_the_common_options(command: str) -> None:
    names = {name for parameter in program("en").commands[command].params for name in parameter.opts}
    assert {"--json", "--quiet", "--lang", "--help"} <= names


def test_without_arguments_there_is_help(run: Callable[..., Any]) -> None:
    ran = run()
    assert ran.status == 0
    for command in COMMANDS:
        assert command in ran.out


def test_version(run: Callable[..., Any]) -> None:
    ran = run("--version")
    assert ran.status == 0
    assert ran.out.startswith("auditplan ")


def test_help_follows_the_environment(run: Callable[..., Any], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LANG", "zh_CN.UTF-8")
    assert "用法：" in run("plan", "--help").out
    assert "Usage:" in run("plan", "--help", "--lang", "en").out


def test_nothing_heavy_is_imported_for_help() -> None:
    code = (
        "import sys; from auditplan.io.cli import main; main(['plan', '--help']); main(['--help']);"
        f"sys.exit(' '.join(name for name in {HEAVY!r} if name in sys.modules) or 0)"
    )
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert ran.returncode == 0, ran.stderr


@pytest.mark.parametrize(
    ("arguments", "language"),
    [
        (["--lang", "zh", "plan"], "zh"),
        (["plan", "--lang=EN"], "en"),
        (["plan", "--lang"], None),
        (["plan", "--lang", "fr"], None),
        (["plan", "--", "--lang", "zh"], None),
    ],
)
def test_language_of_the_arguments(arguments: list[str], language: str | None) -> None:
    assert asked_language(arguments) == language


@pytest.mark.parametrize(
    ("environment", "language"),
    [
        ({"LANG": "zh_CN.UTF-8"}, "zh"),
        ({"LC_ALL": "en_US.UTF-8", "LANG": "zh_CN.UTF-8"}, "en"),
        ({"LC_ALL": "", "LANG": "zh_TW"}, "zh"),
        ({"LANG": "C.UTF-8"}, "en"),
        ({"LANG": "fr_FR"}, "en"),
    ],
)
def test_language_of_the_environment(environment: dict[str, str], language: str) -> None:
    assert system_language(environment) == language


def test_commands_are_real_click_commands() -> None:
    for command in program("zh").commands.values():
        assert isinstance(command, click.Command)
