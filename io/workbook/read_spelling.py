"""One form for what people type in many: letter case, spaces, full-width forms, invisible characters."""

from __future__ import annotations

import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterable
from difflib import SequenceMatcher
from functools import lru_cache

_INVISIBLE = dict.fromkeys((0x00AD, 0x200B, 0x200C, 0x200D, 0x200E, 0x200F, 0x2060, 0xFEFF))


def tidy(text: str) -> str:
    """A text as typed, but in half-width form and without spaces around it or invisible characters."""
    if text.isascii():
        return text.strip()
    return unicodedata.normalize("NFKC", text).translate(_INVISIBLE).strip()


@lru_cache(maxsize=100_000)
def fold(text: str) -> str:
    """The form in which names are compared: `tidy`, in lower case and without any space."""
    return "".join(tidy(text).casefold().split())


def nearest(text: str, names: Iterable[str], cutoff: float = 0.6) -> str:
    """The name most like a text, empty where none is like it."""
    return Spellings(names).nearest(text, cutoff)


class Spellings:
    """Many names, among which the one nearest to a text is found without comparing all of them."""

    def __init__(self, names: Iterable[str]) -> None:
        """Indexes the names by their pairs of letters."""
        self._names = tuple(dict.fromkeys(names))
        self._pairs: dict[str, list[int]] = defaultdict(list)
        for index, name in enumerate(self._names):
            for pair in _pairs(fold(name)):
                self._pairs[pair].append(index)

    def nearest(self, text: str, cutoff: float = 0.6) -> str:
        """The name most like a text, empty where none reaches the cutoff (0 nothing alike, 1 the same)."""
        folded = fold(text)
        shared: Counter[int] = Counter()
        for pair in _pairs(folded):
            shared.update(self._pairs.get(pair, ()))
        likely = sorted(shared, key=lambda index: (-shared[index], index))[:40]
        best, found = cutoff, ""
        for index in likely:
            ratio = SequenceMatcher(None, fold(self._names[index]), folded).ratio()
            if ratio > best or (ratio == best and not found):
                best, found = ratio, self._names[index]
        return found


def _pairs(folded: str) -> list[str]:
    """The pairs of neighbouring letters of a text, its ends marked, each once and in order."""
    marked = f"^{folded}$"
    return list(dict.fromkeys(marked[at : at + 2] for at in range(len(marked) - 1)))
