"""What a sheet and a column are: the vocabulary in which the schema is written."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from auditplan.io.workbook import words


class Kind(Enum):
    """What a column's cells hold, and how they are read."""

    TEXT = "text"
    DATE = "date"
    TIME = "time"
    DAYS = "days"
    """Person-days, a multiple of 0.5."""
    NUMBER = "number"
    MONEY = "money"
    COUNT = "count"
    """A whole number, not negative."""
    PERCENT = "percent"
    YES_NO = "yes or no"
    LIST = "list"
    STANDARD = "standard"
    STANDARDS = "standards"
    CODES = "codes"
    CHOICE = "choice"
    EMAIL = "e-mail"
    WEEKDAYS = "weekdays"
    MONTHS = "months"
    REFERENCE = "reference"
    REFERENCES = "references"


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """A column. key: the field of the domain object. choices: the closed list of a CHOICE. refers: keys of
    the sheets whose rows a REFERENCE names. width: of the column written, in characters. limits: least
    and greatest number, where there are such."""

    key: str
    en: str
    zh: str
    kind: Kind = Kind.TEXT
    required: bool = False
    choices: words.Words | None = None
    refers: tuple[str, ...] = ()
    also: tuple[str, ...] = ()
    width: int = 14
    limits: tuple[float, float] | None = None

    def name(self, language: str) -> str:
        """The header in a language."""
        title: str = getattr(self, language)
        return title


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """A sheet. identity: keys of the columns that must be unique together (empty: none). written: the
    planner's own sheet. required: must be in every workbook."""

    key: str
    en: str
    zh: str
    columns: tuple[Column, ...]
    required: bool = False
    identity: tuple[str, ...] = ()
    written: bool = False
    also: tuple[str, ...] = ()

    def name(self, language: str) -> str:
        """The sheet's name in a language."""
        title: str = getattr(self, language)
        return title

    def column(self, key: str) -> Column:
        """A column by its key. Raises KeyError."""
        for column in self.columns:
            if column.key == key:
                return column
        raise KeyError(key)


def make_column(key: str, en: str, zh: str, kind: Kind = Kind.TEXT, **more: object) -> Column:
    """A column, briefly."""
    return Column(key=key, en=en, zh=zh, kind=kind, **more)  # type: ignore[arg-type]
