"""References between rows: by id or, where it is unique, by name."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from auditplan.io.workbook.read_spelling import Spellings, fold, tidy
from auditplan.io.workbook.values_error import UnfitValueError
from auditplan.io.workbook.values_lists import split_references


class References:
    """The ids and names of a sheet's rows. known False: the sheet could not be read, and nothing can be said
    about references into it."""

    def __init__(self, rows: Iterable[tuple[str, str]], *, known: bool = True) -> None:
        """rows: id and name (or "") of each."""
        self.known = known
        self._ids: dict[str, str] = {}
        self._names: dict[str, list[str]] = defaultdict(list)
        spellings: list[str] = []
        for identity, name in rows:
            self._ids.setdefault(fold(identity), identity)
            spellings.append(identity)
            if name:
                spellings.append(name)
                if self._ids[fold(identity)] not in self._names[fold(name)]:
                    self._names[fold(name)].append(self._ids[fold(identity)])
        self._spellings = spellings
        self._near: Spellings | None = None

    def find(self, text: str) -> tuple[str, ...]:
        """The ids that a text may mean: one by id, else all by name."""
        folded = fold(text)
        if folded in self._ids:
            return (self._ids[folded],)
        return tuple(self._names.get(folded, ()))

    def begins(self, text: str) -> bool:
        """Whether a text begins with one of the ids and goes on."""
        folded = fold(text)
        return any(folded[:length] in self._ids for length in range(1, len(folded)))

    def nearest(self, text: str) -> str:
        """The id or name most like a text; empty where none is."""
        if self._near is None:
            self._near = Spellings(self._spellings)
        return self._near.nearest(text, 0.5)


def resolve(text: str, books: Iterable[References]) -> str:
    """The one id that a text means in any of the sheets; empty where a sheet could not be read. Raises
    UnfitValueError for none or several."""
    sheets = list(books)
    found = [identity for sheet in sheets for identity in sheet.find(text)]
    if len(found) == 1:
        return found[0]
    if found:
        several = "read-reference-both" if len(found) == 2 == len([1 for book in sheets if book.find(text)]) else ""
        raise UnfitValueError(several or "read-reference-ambiguous", given=tidy(text), matches=", ".join(found))
    if not all(sheet.known for sheet in sheets):
        return ""
    near = next((name for sheet in sheets if (name := sheet.nearest(text))), "")
    if near:
        raise UnfitValueError("read-reference-unknown-near", given=tidy(text), near=near)
    raise UnfitValueError("read-reference-unknown", given=tidy(text))


def resolve_several(text: str, sheet: References) -> tuple[tuple[str, ...], list[UnfitValueError]]:
    """The ids that a list means, and what is wrong with those of its parts that mean none. A text that is an
    id or a name as a whole is one, whatever separators it holds."""
    if len(sheet.find(text)) == 1:
        return sheet.find(text), []
    found: list[str] = []
    problems: list[UnfitValueError] = []
    for part in split_references(text):
        try:
            identity = resolve(part, [sheet])
        except UnfitValueError as problem:
            problems.append(problem)
            continue
        if identity and identity not in found:
            found.append(identity)
    return tuple(found), problems
