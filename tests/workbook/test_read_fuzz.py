"""Whatever stands in the cells, reading never raises, and every problem has its text."""

from __future__ import annotations

import random
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from auditplan.io.messages import message, proposal
from auditplan.io.workbook.read import Reading, read_book
from auditplan.io.workbook.read_cells import NO_VALUE, ErrorText, IsoDate, Percent, RawSheet, Serial
from auditplan.io.workbook.read_rows import read_rows
from auditplan.io.workbook.read_tables import READ_SHEETS, find_table
from auditplan.io.workbook.schema import SHEETS

ODDITIES: list[Any] = [
    "",
    " ",
    "\u3000",
    "*",
    ",;/、",
    "//",
    "-",
    "1-2-3",
    "03/04/2027",
    "99999999999999999999",
    "1e400",
    "٣",
    "²",
    "Ⅳ",
    "①",
    "=1+1",
    "@SUM(A1)",
    "\x00".replace("\x00", "_x0000_"),
    "A" * 5000,
    "周一至周",
    "Mon-",
    "0",
    "-0",
    "1/0",
    "合计",
    "lead",
    "是",
    0.0,
    -0.0,
    -1.5,
    3.1,
    1e-300,
    1e300,
    2958465.0,
    2958466.0,
    99991231.0,
    20271332.0,
    46392.5,
    True,
    False,
]
PLAIN = st.one_of(st.sampled_from(ODDITIES), st.text(max_size=20), st.floats(allow_nan=False, allow_infinity=False))
MARKED = st.one_of(
    PLAIN,
    st.floats(allow_nan=False, allow_infinity=False).map(Serial),
    st.floats(allow_nan=False, allow_infinity=False).map(Percent),
    st.text(max_size=12).map(IsoDate),
    st.sampled_from([NO_VALUE, ErrorText("#REF!")]),
)


def rendered(reading: Reading) -> None:
    """Every problem of a reading has its texts."""
    for problem in reading.problems:
        parameters = dict(problem.parameters)
        for language in ("en", "zh"):
            assert message(problem.code, language, **parameters)
            assert proposal(problem.code, language, **parameters)


@pytest.mark.parametrize("key", [sheet.key for sheet in READ_SHEETS])
@settings(max_examples=40, deadline=None, derandomize=True)
@given(data=st.data())
def test_any_cell_in_any_column(key: str, data: st.DataObject) -> None:
    """Rows of garbage below a good header."""
    sheet = SHEETS[key]
    header = {at: column.zh for at, column in enumerate(sheet.columns, 1)}
    cells = st.dictionaries(st.integers(1, len(header) + 1), MARKED, max_size=len(header))
    rows = data.draw(st.lists(cells, max_size=4))
    raw = RawSheet(name="x", rows=((1, header), *enumerate(rows, 2)), merges=())  # type: ignore[arg-type]
    table, _ = find_table(sheet, raw)
    assert table is not None
    read_rows(table, "en", date1904=data.draw(st.booleans()))


@pytest.mark.parametrize("seed", range(12))
def test_books_of_garbage(seed: int, chinese: dict[str, Any], read_sheets: Any) -> None:
    """A good book with cells of every sheet, headers too, replaced by odd ones."""
    chance = random.Random(seed)
    for sheet in READ_SHEETS:
        header = [column.zh for column in sheet.columns]
        rows = chinese.setdefault(sheet.zh, [header])
        rows += [[chance.choice(ODDITIES) for _ in header] for _ in range(4)]
        for row in rows if seed % 3 == 0 else rows[1:]:
            for at in range(len(row)):
                if chance.random() < 0.15:
                    row[at] = chance.choice(ODDITIES)
    rendered(read_sheets(chinese))


@settings(max_examples=60, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(start=st.integers(0, 6000), garbage=st.binary(min_size=1, max_size=40))
def test_files_with_bytes_overwritten(
    chinese: dict[str, Any], write_book: Any, tmp_path: Path, start: int, garbage: bytes
) -> None:
    good = write_book(chinese, "good.xlsx").read_bytes()
    at = start % len(good)
    broken = tmp_path / "broken.xlsx"
    broken.write_bytes(good[:at] + garbage + good[at + len(garbage) :])
    rendered(read_book(broken, today=date(2026, 12, 1)))


@settings(max_examples=40, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(length=st.integers(0, 8000))
def test_files_cut_short(chinese: dict[str, Any], write_book: Any, tmp_path: Path, length: int) -> None:
    cut = tmp_path / "cut.xlsx"
    cut.write_bytes(write_book(chinese, "good.xlsx").read_bytes()[:length])
    rendered(read_book(cut, today=date(2026, 12, 1)))
