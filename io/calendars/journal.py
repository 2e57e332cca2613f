"""The journal: what was begun and what was done since the sheet Invites was last written, line by line.

It lies beside the book for as long as a run lasts, so that a run that was killed can be taken up again, and is
removed once the sheet holds it all.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterable
from datetime import datetime
from pathlib import Path

from auditplan.io.calendars.changes import Sent, State

ENDING = ".invites.jsonl"


def journal_of(book: Path) -> Path:
    """Where the journal of a book lies."""
    return book.with_name(book.name + ENDING)


class Journal:
    """The journal of one book."""

    def __init__(self, book: Path) -> None:
        """Writes nothing yet."""
        self.path = journal_of(book)

    def read(self) -> tuple[Sent, ...]:
        """The rows that were kept, in order; a line that was cut off when the run was killed is none."""
        if not self.path.is_file():
            return ()
        found = []
        for line in self.path.read_text(encoding="utf-8", errors="replace").splitlines():
            row = _row(line)
            if row is not None:
                found.append(row)
        return tuple(found)

    def keep(self, rows: Iterable[Sent]) -> None:
        """Adds rows; when it returns they are on the disk. Raises OSError."""
        lines = "".join("\n" + json.dumps(_fields(row), ensure_ascii=False) for row in rows)
        if lines:
            with self.path.open("a", encoding="utf-8") as file:
                file.write(lines + "\n")
                file.flush()
                os.fsync(file.fileno())

    def remove(self) -> None:
        """Takes the journal away. Raises OSError."""
        self.path.unlink(missing_ok=True)


def _fields(row: Sent) -> dict[str, object]:
    """A row as JSON."""
    return {
        "audit": row.audit,
        "person": row.person,
        "uid": row.uid,
        "sequence": row.sequence,
        "fingerprint": row.fingerprint,
        "state": row.state.value,
        "sent_on": row.sent_on.isoformat(),
    }


def _row(line: str) -> Sent | None:
    """A row of JSON; None for a line that is none."""
    try:
        fields = json.loads(line)
        return Sent(
            audit=str(fields["audit"]),
            person=str(fields["person"]),
            uid=str(fields["uid"]),
            sequence=int(fields["sequence"]),
            fingerprint=str(fields["fingerprint"]),
            state=State(fields["state"]),
            sent_on=datetime.fromisoformat(fields["sent_on"]),
        )
    except (ValueError, TypeError, KeyError):
        return None
