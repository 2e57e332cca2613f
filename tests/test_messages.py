"""The message catalogues: both languages say the same, and every code that is used is there."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from string import Formatter
from typing import Any

import pytest

from auditplan.io.messages import LANGUAGES, catalogue, message, proposal

ROOT = Path(__file__).parents[1]
_CALLS = {
    "problem_at": 2,
    "message": 0,
    "proposal": 0,
    "UnreadableError": 0,
    "UnfitValueError": 0,
    "_problem": 0,
    "_at": 2,
    "Problem": None,
}
"""Functions that take a code, and where; None: by keyword only."""


def texts(entry: Any) -> Iterator[tuple[str, str]]:
    """The texts of an entry by their names."""
    if isinstance(entry, dict):
        yield from entry.items()
    else:
        yield "text", entry


def placeholders(template: str) -> set[str]:
    """The named placeholders of a text."""
    return {name for _, name, _, _ in Formatter().parse(template) if name is not None}


def test_both_languages_have_the_same_codes() -> None:
    english, chinese = (set(catalogue(language)) for language in LANGUAGES)
    assert english == chinese


@pytest.mark.parametrize("code", sorted(catalogue("en")))
def test_both_languages_have_the_same_placeholders(code: str) -> None:
    entries = [dict(texts(catalogue(language)[code])) for language in LANGUAGES]
    english, chinese = ({name: placeholders(text) for name, text in entry.items()} for entry in entries)
    assert english == chinese
    assert all(text.strip() for entry in entries for text in entry.values())


def test_the_catalogues_lie_in_the_same_files() -> None:
    folder = ROOT / "io" / "messages"
    english, chinese = ({path.name for path in (folder / language).glob("*.toml")} for language in LANGUAGES)
    assert english == chinese


COUNTED = "audits errors warnings notices files days person-days nights checks points events certificates sites people"
"""What English counts: one of them is said otherwise."""


def test_english_counts_one_thing_as_one() -> None:
    assert message("cli-data-errors", "en", file="a.xlsx", errors=1).count("1 error,") == 1
    assert message("cli-data-errors", "en", file="a.xlsx", errors=2).count("2 errors,") == 1
    assert message("cli-check-errors", "en", file="a", error=0, warning=1, notice="1,001").endswith(
        "0 errors, 1 warning, 1,001 notices."
    )
    assert message("cli-summary-all", "en", placed=1) == "1 audit is placed."
    assert message("cli-summary-all", "en", placed="12") == "All 12 audits are placed."
    # What a book holds is never taken for a text of ours.
    assert "{errors:a|b}|{x}" in message("cli-data-errors", "en", file="{errors:a|b}|{x}", errors=1)


@pytest.mark.parametrize("code", sorted(catalogue("en")))
def test_no_english_text_counts_in_the_plural_only(code: str) -> None:
    for _, text in texts(catalogue("en")[code]):
        assert not re.search(rf"\{{\w+\}} (\w+ )?({'|'.join(COUNTED.split())})\b", text), text
        for _, _, form, _ in Formatter().parse(text):
            assert form is None or "|" not in form or form.count("|") == 1


def test_chinese_texts_are_chinese() -> None:
    for code, entry in catalogue("zh").items():
        for name, text in texts(entry):
            # Examples of commands are typed the same in every language.
            if name == "text" and len(text) > 25 and not code.startswith("cli-example"):
                assert any("\u4e00" <= letter <= "\u9fff" for letter in text), code


def test_unknown_codes_and_languages_are_refused() -> None:
    with pytest.raises(KeyError):
        message("no-such-code", "en")
    with pytest.raises(ValueError, match="no catalogue"):
        catalogue("fr")
    assert proposal("read-file-missing", "en")


def used_codes() -> Iterator[tuple[str, str]]:
    """Every literal code in the program, with the place where it is used."""
    for room in ("planner", "io"):
        for path in sorted((ROOT / room).rglob("*.py")):
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                if isinstance(node, ast.Call):
                    for code in _codes_of(node):
                        yield code, f"{path.relative_to(ROOT)}:{node.lineno}"


def _codes_of(call: ast.Call) -> Iterator[str]:
    """The literal codes that a call names."""
    name = call.func.id if isinstance(call.func, ast.Name) else getattr(call.func, "attr", "")
    if name not in _CALLS:
        return
    place = _CALLS[name]
    given = [word.value for word in call.keywords if word.arg == "code"]
    if place is not None and len(call.args) > place:
        given.append(call.args[place])
    for expression in given:
        options = [expression.body, expression.orelse] if isinstance(expression, ast.IfExp) else [expression]
        for option in options:
            if isinstance(option, ast.Constant) and isinstance(option.value, str):
                yield option.value


def test_every_code_that_is_used_has_a_text() -> None:
    known = set(catalogue("en"))
    used = list(used_codes())
    assert len({code for code, _ in used}) > 80
    missing = sorted({f"{code} ({place})" for code, place in used if code not in known})
    assert not missing, "\n".join(missing)
