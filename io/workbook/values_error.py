"""What is wrong with a single value, before it is known where it stands."""

from __future__ import annotations

from auditplan.planner.problems import Severity


class UnfitValueError(Exception):
    """A value that cannot be taken as it is. code: of the message; parameters: what it names.

    Caught by the row that the value stands in, which adds sheet, cell and value."""

    def __init__(self, code: str, severity: Severity = Severity.ERROR, **parameters: object) -> None:
        """Keeps what the problem will say."""
        super().__init__(code)
        self.code = code
        self.severity = severity
        self.parameters = {name: str(text) for name, text in parameters.items()}
