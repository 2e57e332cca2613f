"""Every text that a user reads, in every language, keyed by code.

A catalogue is a folder of TOML files named after its language; each top-level entry is a text or a table
with `text` and `proposal`. Texts have {named} placeholders.
"""

from __future__ import annotations

import tomllib
from functools import cache
from importlib.resources import files
from typing import Any

LANGUAGES = ("en", "zh")


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
    return template.format(**parameters)


def proposal(code: str, language: str, /, **parameters: object) -> str:
    """What the text of a code proposes to do; empty where it proposes nothing."""
    entry = catalogue(language)[code]
    template: str = entry.get("proposal", "") if isinstance(entry, dict) else ""
    return template.format(**parameters)
