"""The sheet Invites: very hidden, read back as it was, and the rest of the book untouched."""

from __future__ import annotations

import zipfile
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import openpyxl
import pytest

from auditplan.io.calendars.changes import Sent, State
from auditplan.io.workbook.errors import WorkbookError
from auditplan.io.workbook.invites import carry_over, known_rows, read_invites, write_invites
from auditplan.io.workbook.template import write_template

ROW = Sent(
    audit="=T1",
    person="张伟",
    uid="u-1@auditplan",
    sequence=3,
    fingerprint="20270304/20270305 abc",
    state=State.SENT,
    sent_on=datetime(2027, 1, 2, 8, 30, tzinfo=UTC),
)
ROWS = tuple(replace(ROW, uid=f"u-{state.value}@auditplan", state=state) for state in State)


@pytest.fixture
def plain(tmp_path: Path) -> Path:
    """A book without a memory."""
    path = tmp_path / "plain.xlsx"
    write_template(path, "en")
    return path


@pytest.mark.parametrize("language", ["en", "zh"])
def test_it_comes_back_as_it_was(language: str, plain: Path) -> None:
    assert read_invites(plain) == ()
    write_invites(plain, plain, ROWS, language)
    assert read_invites(plain) == ROWS
    write_invites(plain, plain, ROWS[:1], "en")
    assert read_invites(plain) == ROWS[:1]


def test_it_is_very_hidden_and_no_formula(plain: Path) -> None:
    write_invites(plain, plain, ROWS, "en")
    sheet = openpyxl.load_workbook(plain)["Invites"]
    assert sheet.sheet_state == "veryHidden"
    assert (sheet["A2"].value, sheet["A2"].data_type) == ("=T1", "s")


def test_every_other_part_stays(plain: Path, tmp_path: Path) -> None:
    target = tmp_path / "out.xlsx"
    write_invites(plain, target, ROWS, "en")
    with zipfile.ZipFile(plain) as before, zipfile.ZipFile(target) as after:
        for name in before.namelist():
            if name.startswith("xl/worksheets/"):
                assert after.read(name) == before.read(name), name


@pytest.mark.parametrize(
    ("cell", "value"),
    [("D2", "many"), ("D2", -1), ("D2", 1.5), ("F2", "lost"), ("G2", "yesterday"), ("C2", None), ("C1", "Other")],
)
def test_a_memory_that_cannot_be_read_is_not_guessed_at(cell: str, value: object, plain: Path) -> None:
    write_invites(plain, plain, ROWS, "en")
    book = openpyxl.load_workbook(plain)
    book["Invites"][cell].value = value
    book.save(plain)
    with pytest.raises(WorkbookError):
        read_invites(plain)


def test_a_book_that_replaces_another_takes_its_memory_over(tmp_path: Path) -> None:
    fresh = tmp_path / "fresh.xlsx"
    write_template(fresh, "en")
    newer = replace(ROW, sequence=4)
    write_invites(fresh, fresh, (newer,), "en")
    carry_over((ROW, *ROWS), fresh, "en")
    assert read_invites(fresh) == (newer, *ROWS)
    assert known_rows(tmp_path / "nowhere.xlsx") == ()
    (tmp_path / "junk.xlsx").write_bytes(b"junk")
    assert known_rows(tmp_path / "junk.xlsx") == ()


def test_twenty_thousand_rows_are_written_and_read_soon(plain: Path, elapsed: Callable[[], float]) -> None:
    rows = tuple(replace(ROW, uid=f"{number}@auditplan") for number in range(20_000))
    write_invites(plain, plain, rows, "en")
    assert read_invites(plain) == rows
    assert elapsed() < 20


@pytest.fixture
def elapsed() -> Callable[[], float]:
    """Processor seconds since the test began."""
    import time

    begun = time.process_time()
    return lambda: time.process_time() - begun
