"""The sheet Invites: the planner's memory of every event ever sent. It is very hidden: Excel's menus do not show it."""

from __future__ import annotations

import tempfile
from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from auditplan.io.calendars.changes import Sent, State, memory_of
from auditplan.io.files import whole_file
from auditplan.io.workbook.columns import Kind, Sheet
from auditplan.io.workbook.columns import make_column as _c
from auditplan.io.workbook.errors import WorkbookError
from auditplan.io.workbook.graft import graft
from auditplan.io.workbook.output.context import safe
from auditplan.io.workbook.package_safety import UnreadableError
from auditplan.io.workbook.read_cells import Cells, letters, read_sheet
from auditplan.io.workbook.read_package import load_package
from auditplan.io.workbook.read_spelling import fold
from auditplan.io.workbook.read_tables import Table, find_table
from auditplan.io.workbook.words import Word

INVITES = Sheet(
    key="invites",
    en="Invites",
    zh="邀请",
    written=True,
    identity=("uid",),
    columns=(
        _c("audit", "Audit", "任务号", required=True, width=18),
        _c("person", "Person", "人员", required=True, width=18),
        _c("uid", "UID", "标识", required=True, width=46),
        _c("sequence", "Sequence", "序号", Kind.COUNT, required=True),
        _c("fingerprint", "Fingerprint", "指纹", required=True, width=54),
        _c("state", "State", "状态", required=True),
        _c("sent_on", "Sent on", "发送时间", required=True, width=22),
    ),
)
STATES = {
    State.SENT: Word("sent", "已发送"),
    State.CANCELLED: Word("cancelled", "已取消"),
    State.SENDING: Word("sending", "发送中"),
    State.CANCELLING: Word("cancelling", "取消中"),
}


def read_invites(path: Path) -> tuple[Sent, ...]:
    """What a book remembers; nothing for a book without the sheet.

    Raises WorkbookError for a memory that cannot be read: to guess would be to invite twice."""
    try:
        package = load_package(path)
        with package.archive:
            names = {fold(INVITES.en), fold(INVITES.zh)}
            found = next(((name, part) for name, part in package.sheets if fold(name) in names), None)
            if found is None:
                return ()
            table, _ = find_table(INVITES, read_sheet(package, *found))
    except UnreadableError as error:
        raise WorkbookError("invites-unreadable", file=path.name, cell="–") from error
    if table is None:
        raise WorkbookError("invites-unreadable", file=path.name, cell="A1")
    return tuple(_row(path, table, number, cells) for number, cells in table.rows)


def carry_over(rows: Iterable[Sent], target: Path, language: str) -> None:
    """Gives a book that takes the place of another the memory of that one too. Raises like `write_invites`."""
    older = tuple(rows)
    if older:
        known = memory_of((*older, *read_invites(target)))
        write_invites(target, target, known.values(), language)


def known_rows(path: Path) -> tuple[Sent, ...]:
    """What a file remembers that is about to be replaced; nothing for one that is not there or is no book."""
    try:
        return read_invites(path) if path.is_file() else ()
    except WorkbookError:
        return ()


def _row(path: Path, table: Table, number: int, cells: Cells) -> Sent:
    """One row. Raises WorkbookError."""
    texts = {column.key: str(cells.get(at, "")) for at, column in table.columns.items()}
    try:
        if not texts["audit"] or not texts["person"] or not texts["uid"]:
            raise ValueError(number)
        sequence = float(texts["sequence"])
        if sequence < 0 or sequence != int(sequence):
            raise ValueError(sequence)
        return Sent(
            audit=texts["audit"],
            person=texts["person"],
            uid=texts["uid"],
            sequence=int(sequence),
            fingerprint=texts["fingerprint"],
            state=_state(texts["state"]),
            sent_on=datetime.strptime(texts["sent_on"], "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=UTC),
        )
    except (KeyError, ValueError, OverflowError) as error:
        raise WorkbookError("invites-unreadable", file=path.name, cell=f"{letters(1)}{number}") from error


def _state(text: str) -> State:
    """A state of its word. Raises ValueError."""
    for state, word in STATES.items():
        if fold(text) in {fold(word.en), fold(word.zh)}:
            return state
    raise ValueError(text)


def write_invites(source: Path, target: Path, rows: Iterable[Sent], language: str) -> None:
    """Writes `source` with a memory to `target`, which may be the same file; every other part stays byte for byte.

    Raises WorkbookError for a book that cannot be written, OSError like any write."""
    with tempfile.TemporaryDirectory() as folder:
        fresh = Path(folder) / "fresh.xlsx"
        _build(fresh, rows, language)
        with whole_file(target) as temporary:
            graft(source, fresh, temporary, (INVITES.en, INVITES.zh), state="veryHidden")


def _build(fresh: Path, rows: Iterable[Sent], language: str) -> None:
    """The sheet as a workbook of its own."""
    import xlsxwriter

    book = xlsxwriter.Workbook(
        str(fresh), {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    )
    book.set_properties({"created": datetime(2026, 1, 1)})  # noqa: DTZ001 - the same bytes every time
    page = book.add_worksheet(INVITES.name(language))
    for index, column in enumerate(INVITES.columns):
        page.set_column(index, index, column.width)
        page.write_string(0, index, column.name(language))
    for number, row in enumerate(rows, start=1):
        whole = replace(row, sent_on=row.sent_on.astimezone(UTC))
        for index, text in enumerate((whole.audit, whole.person, whole.uid)):
            page.write_string(number, index, safe(text))
        page.write_number(number, 3, whole.sequence)
        page.write_string(number, 4, whole.fingerprint)
        page.write_string(number, 5, STATES[whole.state].written(language))
        page.write_string(number, 6, f"{whole.sent_on:%Y-%m-%dT%H:%M:%SZ}")
    book.close()
