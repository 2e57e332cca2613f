"""The README holds what the program has: its commands, its options, its rules; its first block is two commands."""

from __future__ import annotations

import re
from pathlib import Path

import click
import pytest

from auditplan.io.cli.entry import program
from auditplan.planner.rulebook import NUMBERS, RULES

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")
BLOCK = re.compile(r"^```\w*\n(.*?)^```", re.MULTILINE | re.DOTALL)


def test_the_first_block_is_the_main_job_and_the_tests() -> None:
    first = BLOCK.search(README)
    assert first is not None
    job, tests = first[1].strip().splitlines()
    assert "auditplan plan sample_inputs/" in job
    assert tests.split("&&")[-1].strip().startswith("pytest")


def test_the_samples_that_it_names_are_there() -> None:
    for name in re.findall(r"sample_inputs/[\w.]+", README):
        assert (ROOT / name).exists(), name


def test_the_pictures_that_it_shows_are_in_a_hidden_folder() -> None:
    for name in re.findall(r"!\[[^\]]*\]\(([^)]+)\)", README):
        assert name.startswith("."), name
        assert (ROOT / name).is_file(), name


@pytest.mark.parametrize("command", sorted(program("en").commands))
def test_every_command_and_option_stands_in_it(command: str) -> None:
    line = next((line for line in README.splitlines() if f"`auditplan {command} " in line and "|" in line), "")
    assert line, command
    common = README.partition("## Commands")[2]
    for parameter in program("en").commands[command].params:
        if isinstance(parameter, click.Option):
            for name in parameter.opts:
                assert re.search(rf"(?<![\w-]){re.escape(name)}(?![\w-])", line + _common(common)), name


def test_it_names_no_option_that_there_is_not() -> None:
    known = {"--help", "--version", "--lang"}
    for command in program("en").commands.values():
        known |= {name for parameter in command.params for name in parameter.opts}
    table = [line for line in README.splitlines() if line.startswith("| `auditplan ")]
    for line in table:
        assert set(re.findall(r"--[a-z][a-z-]*", line)) <= known, line


def test_every_rule_that_can_be_set_stands_in_it() -> None:
    settable = {rule.id for rule in RULES.values() if rule.switchable and rule.hard} | {rule.id for rule in NUMBERS}
    assert [rule for rule in sorted(settable) if f"`{rule}`" not in README] == []


def _common(text: str) -> str:
    """What is said of every command."""
    return text.partition("| command")[0]
