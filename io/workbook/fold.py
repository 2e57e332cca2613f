"""One form of a text for comparison: width, letter case, spaces and the like do not matter."""

from __future__ import annotations

import unicodedata
from functools import cache


def clean(text: object) -> str:
    """A text as it is kept: one form of width, no white space around it."""
    return unicodedata.normalize("NFKC", str(text)).strip()


@cache
def fold(text: str) -> str:
    """A text as it is compared: also without letter case and spaces, and with one form of brackets and strokes."""
    folded = "".join(unicodedata.normalize("NFKC", text).casefold().split())
    return folded.replace("_", "").replace("‑", "-").replace("–", "-")
