"""Errors of workbooks: WorkbookError is the only one; its code names a text of the catalogues."""

from __future__ import annotations


class WorkbookError(Exception):
    """A workbook that cannot be read or written. code and parameters give its text."""

    def __init__(self, code: str, **parameters: object) -> None:
        """Keeps the code and what its text names."""
        super().__init__(f"{code}: {parameters}")
        self.code = code
        self.parameters = {name: str(value) for name, value in parameters.items()}
