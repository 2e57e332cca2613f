"""File names that every system can hold: made of any text, safe on Windows, and never outside their folder."""

from __future__ import annotations

import hashlib
import unicodedata
from collections import Counter
from collections.abc import Iterable

LONGEST = 120
"""Bytes of a name in UTF-8 without its ending; file systems take 255, and the folders before count on Windows."""

SHORT = 60
"""Bytes of a piece of a name, of which several stand in one."""

_FORBIDDEN = frozenset('<>:"/\\|?*')
_RESERVED = frozenset(
    {"con", "prn", "aux", "nul", "conin$", "conout$"}
    | {f"{port}{digit}" for port in ("com", "lpt") for digit in "0123456789¹²³"}
)
"""Names of devices on Windows, whatever their ending (Microsoft, Naming Files, Paths, and Namespaces)."""


def safe_name(text: str) -> str:
    """A file name without ending, as near to a text as a name may be; "_" for a text of which nothing is left.

    Two texts may give one name: see `file_names`."""
    letters = (_letter(letter) for letter in unicodedata.normalize("NFC", text))
    name = _cut(" ".join("".join(letters).split()), LONGEST).strip(" .")
    if not name:
        return "_"
    return f"_{name}" if name.partition(".")[0].rstrip().casefold() in _RESERVED else name


def file_names(texts: Iterable[str], taken: Iterable[str] = ()) -> dict[str, str]:
    """A name of its own for each text, whatever the others are called in letters of either case.

    A text that had to be changed, or whose name another text or `taken` has too, gets a mark computed from
    the text alone, so that the name stays the same when others come and go."""
    names = {text: safe_name(text) for text in texts}
    uses = Counter(_key(name) for name in names.values()) + Counter(_key(name) for name in taken)
    return {
        text: name if name == text and uses[_key(name)] == 1 else f"{name}-{_mark(text)}"
        for text, name in names.items()
    }


def part_of_name(text: str, taken: Iterable[str] = ()) -> str:
    """A piece of a file name that no other text gives, whatever else there is: pieces are joined by "--". It is the
    text itself where that is short and safe."""
    name = safe_name(text)
    plain = name == text and len(name.encode("utf-8")) <= SHORT
    if plain and "--" not in name and not name.startswith("-") and not name.endswith("-") and name not in set(taken):
        return name
    return f"{_cut(name, SHORT).strip(' .-')}-{_mark(text)}"


def _letter(letter: str) -> str:
    """A letter as it may stand in a name: nothing for controls and marks without a shape, a dash for what a path
    or Windows does not take."""
    if letter in _FORBIDDEN:
        return "-"
    if letter.isspace():
        return " "
    return "" if unicodedata.category(letter) in {"Cc", "Cf", "Cs", "Co", "Cn"} else letter


def _cut(name: str, size: int) -> str:
    """The beginning of a name, at most `size` bytes, without half a letter."""
    return name.encode("utf-8")[:size].decode("utf-8", errors="ignore")


def _key(name: str) -> str:
    """What two names must not share on a system that sees no case and no difference of composition."""
    return unicodedata.normalize("NFKC", name).casefold()


def _mark(text: str) -> str:
    """Eight letters that stand for a text."""
    return hashlib.sha256(text.encode("utf-8", errors="surrogatepass")).hexdigest()[:8]
