"""A problem of the data: found, never thrown, rendered at the edge in the reader's language."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum


class Severity(Enum):
    """How much a problem matters: an error stops the run, a warning deserves a look, a notice informs."""

    ERROR = "error"
    WARNING = "warning"
    NOTICE = "notice"


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a domain object came from: the sheet as its owner named it, the row, and the letter of each
    field's column, as pairs shared by all rows of a sheet."""

    sheet: str
    row: int
    columns: tuple[tuple[str, str], ...] = ()

    def cell(self, field: str) -> str:
        """The address of a field's cell ("C5"); the row alone ("5") for a field without a column."""
        for name, letter in self.columns:
            if name == field:
                return f"{letter}{self.row}"
        return str(self.row)


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """One finding.

    code: key of its text in the message catalogues ("reference-unknown"); both the text and the proposal
        are looked up there. parameters: what the text names, as pairs of name and value.
    sheet, cell, value: the place, empty where there is none.
    stops: whether a plan must not be made; by default errors stop. A fixed choice that breaks a rule is an
        error that does not stop.
    """

    code: str
    severity: Severity
    sheet: str = ""
    cell: str = ""
    value: str = ""
    parameters: tuple[tuple[str, str], ...] = ()
    stops: bool | None = None

    @property
    def stopping(self) -> bool:
        """Whether a plan must not be made with this problem in the data."""
        return self.severity is Severity.ERROR if self.stops is None else self.stops


def problem_at(
    origin: Origin | None,
    field: str,
    code: str,
    severity: Severity,
    value: object = "",
    *,
    stops: bool | None = None,
    **parameters: object,
) -> Problem:
    """A problem at a field of a domain object."""
    return Problem(
        code=code,
        severity=severity,
        sheet=origin.sheet if origin else "",
        cell=origin.cell(field) if origin else "",
        value=str(value),
        parameters=tuple((name, str(text)) for name, text in parameters.items()),
        stops=stops,
    )
