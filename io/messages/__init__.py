"""Every text that a user reads, in every language, keyed by code.

A catalogue is a folder of TOML files named after its language; each top-level entry is a text or a table
with `text` and `proposal`. Texts have {named} placeholders; `{files:file|files}` is the first of the two words where
`files` is one, and the second otherwise.
"""

from __future__ import annotations

import tomllib
from functools import cache
from importlib.resources import files
from string import Formatter
from typing import Any

LANGUAGES = ("en", "zh")


class _Numbered(Formatter):
    """Placeholders as usual, and words that depend on a number."""

    def format_field(self, value: object, format_spec: str) -> str:
        """A value; of `one|other` the word that goes with it."""
        if "|" not in format_spec:
            return str(super().format_field(value, format_spec))
        one, other = format_spec.split("|")
        return one if _is_one(value) else other


def _is_one(value: object) -> bool:
    """Whether a number, perhaps written already, is one."""
    try:
        return float(str(value)) == 1
    except ValueError:
        return False


_FORMATTER = _Numbered()


@cache
def catalogue(language: str) -> dict[str, Any]:
    """All texts of a language by code.

    Raises ValueError for a language there is no catalogue of, or a code that stands in two files."""
    if language not in LANGUAGES:
        raise ValueError(f"no catalogue for the language {language!r}")
    merged: dict[str, Any] = {}
    for entry in sorted(files(f"auditplan.io.messages.{language}").iterdir(), key=lambda item: item.name):
        if not entry.name.endswith(".toml"):
            continue
        for code, text in tomllib.loads(entry.read_text(encoding="utf-8")).items():
            if code in merged:
                raise ValueError(f"{language}: the code {code!r} stands in two files")
            merged[code] = text
    return merged


def message(code: str, language: str, /, **parameters: object) -> str:
    """The text of a code in a language, its placeholders filled.

    Raises KeyError for a code that the catalogue lacks."""
    entry = catalogue(language)[code]
    template: str = entry["text"] if isinstance(entry, dict) else entry
    return _FORMATTER.format(template, **parameters)


def proposal(code: str, language: str, /, **parameters: object) -> str:
    """What the text of a code proposes to do; empty where it proposes nothing."""
    entry = catalogue(language)[code]
    template: str = entry.get("proposal", "") if isinstance(entry, dict) else ""
    return _FORMATTER.format(template, **parameters)
