"""What differs from the plan before, on the screen and as figures."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from rich.console import RenderableType
from rich.text import Text

from auditplan.io.cli.screen import table
from auditplan.io.cli.talk import Talk
from auditplan.io.render_changes import change_lines, told_names
from auditplan.io.workbook.schema import CHANGES
from auditplan.planner.changes import Change
from auditplan.planner.domain import Body

SHOWN = 20
"""Changes that are shown on the screen; all are in the book."""


def change_table(talk: Talk, body: Body, changes: Sequence[Change]) -> RenderableType:
    """One row per audit: what, old, new, and who must be told."""
    headers = [CHANGES.column(key).name(talk.language) for key in ("audit", "what", "old", "new", "told")]
    comma = talk.text("list-comma")
    rows = []
    for change in changes:
        columns = ["\n".join(parts) for parts in zip(*change_lines(change, talk.language), strict=True)]
        rows.append((change.audit, *columns, comma.join(told_names(change, body, talk.language))))
    return table(headers, rows)


def change_summary(talk: Talk, body: Body, changes: Sequence[Change]) -> Iterator[RenderableType]:
    """What a re-plan changed."""
    if not changes:
        yield Text(talk.text("cli-changes-none"), style="bold")
        return
    yield Text(talk.text("cli-changes-some", number=len(changes)), style="bold")
    yield change_table(talk, body, changes[:SHOWN])
    if len(changes) > SHOWN:
        yield Text(talk.text("cli-changes-more", number=len(changes) - SHOWN))


def change_figures(body: Body, changes: Sequence[Change], language: str) -> list[dict[str, object]]:
    """Changes as `--json` shows them: for each audit what differs, old and new by what, and who must be told."""
    found: list[dict[str, object]] = []
    for change in changes:
        kinds = [difference.what.value.replace(" ", "_") for difference in change.differences]
        lines = change_lines(change, language)
        found.append(
            {
                "audit": change.audit,
                "what": kinds,
                "old": {kind: old for kind, (_, old, _) in zip(kinds, lines, strict=True)},
                "new": {kind: new for kind, (_, _, new) in zip(kinds, lines, strict=True)},
                "told": told_names(change, body, language),
            }
        )
    return found
