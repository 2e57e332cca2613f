"""The planner's own sheets as a coordinator sees and prints them: tables, dates, colours, the calendar on A3."""

from __future__ import annotations

import re
import warnings
import zipfile
from collections.abc import Callable, Mapping
from datetime import date
from itertools import combinations
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from auditplan.io.cli import main
from auditplan.io.messages import LANGUAGES, message
from auditplan.io.workbook import words
from auditplan.io.workbook.output.calendar import CLOSED, LEAVE
from auditplan.io.workbook.output.context import STATUS_COLOURS, TYPE_COLOURS
from auditplan.io.workbook.schema import OUTPUT_SHEETS, SCHEDULE, SHEETS
from auditplan.io.workbook.template import write_template
from auditplan.planner.demo import demo_body
from auditplan.planner.domain import AuditStatus, AuditType

SIGHT: dict[str, Any] = {
    "normal": np.eye(3),
    "protan": [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]],
    "deutan": [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.011820, 0.042940, 0.968881]],
    "tritan": [[1.255528, -0.076749, -0.178779], [-0.078411, 0.930809, 0.147602], [0.004733, 0.691367, 0.303900]],
}
"""Machado, Oliveira and Fernandes 2009, severity 1: linear red, green and blue as others see them."""
XYZ = np.array(
    [[0.4124564, 0.3575761, 0.1804375], [0.2126729, 0.7151522, 0.0721750], [0.0193339, 0.1191920, 0.9503041]]
)
GRID: dict[Any, str] = {**TYPE_COLOURS, "none": "#FFFFFF", "closed": CLOSED, "leave": LEAVE}
APART = 10
"""Least distance of two fills in CIE Lab; 2 to 3 is what can just be told apart side by side."""


def _linear(fill: str) -> Any:
    """Linear red, green and blue of a fill."""
    channels = np.array([int(fill[place : place + 2], 16) / 255 for place in (1, 3, 5)])
    return np.where(channels <= 0.04045, channels / 12.92, ((channels + 0.055) / 1.055) ** 2.4)


def _lab(linear: Any) -> Any:
    """CIE Lab of linear red, green and blue."""
    ratio = XYZ @ np.clip(linear, 0, 1) / (XYZ @ np.ones(3))
    curve = np.where(ratio > 216 / 24389, np.cbrt(ratio), (24389 / 27 * ratio + 16) / 116)
    return np.array([116 * curve[1] - 16, 500 * (curve[0] - curve[1]), 200 * (curve[1] - curve[2])])


@pytest.mark.parametrize("eyes", SIGHT)
@pytest.mark.parametrize(
    "fills",
    [GRID, STATUS_COLOURS],
    ids=["kinds", "statuses"],
)
def test_colours_can_be_told_apart_by_every_eye(eyes: str, fills: Mapping[Any, str]) -> None:
    shown = {key: _lab(np.array(SIGHT[eyes]) @ _linear(fill)) for key, fill in fills.items()}
    for one, other in combinations(shown, 2):
        if {one, other} == {"none", "closed"}:
            continue  # a shade of grey beside white: nothing stands in it
        assert np.linalg.norm(shown[one] - shown[other]) >= APART, (one, other)


@pytest.mark.parametrize("fill", [*TYPE_COLOURS.values(), *STATUS_COLOURS.values(), LEAVE])
def test_black_letters_can_be_read_on_every_colour(fill: str) -> None:
    light = float(XYZ[1] @ _linear(fill))
    assert (light + 0.05) / 0.05 >= 7, "WCAG 2 AAA"


def test_every_kind_and_status_has_a_colour_of_its_own() -> None:
    assert set(TYPE_COLOURS) == set(AuditType)
    assert set(STATUS_COLOURS) == set(AuditStatus)


@pytest.fixture(scope="module", params=LANGUAGES)
def planned(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> tuple[str, Path]:
    """A language, and a planned small body in it."""
    folder = tmp_path_factory.mktemp("written")
    book, plan = folder / "book.xlsx", folder / "plan.xlsx"
    write_template(book, request.param, body=demo_body("small", request.param, 1))
    assert main(["plan", str(book), "-o", str(plan), "--effort", "0.2", "--quiet"]) == 0
    return request.param, plan


@pytest.fixture(scope="module")
def pages(planned: tuple[str, Path]) -> tuple[str, Callable[[str], Any]]:
    """The language, and the sheets by their key, as openpyxl reads them."""
    import openpyxl

    language, path = planned
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)  # of the data bars, which openpyxl does not know
        book = openpyxl.load_workbook(path)
    return language, lambda key: book[SHEETS[key].name(language)]


TABLES = [sheet.key for sheet in OUTPUT_SHEETS if sheet.columns and sheet.key != "changes"]


@pytest.mark.parametrize("key", TABLES)
def test_tables_have_filters_and_stay_in_sight(pages: tuple[str, Callable[[str], Any]], key: str) -> None:
    language, page_of = pages
    page = page_of(key)
    [table] = page.tables.values()
    assert table.autoFilter.ref == table.ref
    assert page.freeze_panes == "B2"
    assert page.print_title_rows == "$1:$1"
    assert [cell.value for cell in page[1]] == [column.name(language) for column in SHEETS[key].columns]
    assert page.max_row == int(table.ref.rsplit(":")[1].lstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZ"))


def test_dates_are_dates_and_the_word_stands_in_its_colour(pages: tuple[str, Callable[[str], Any]]) -> None:
    language, page_of = pages
    page = page_of("schedule")
    places = {column.key: index for index, column in enumerate(SCHEDULE.columns, start=1)}
    kinds = {
        name: TYPE_COLOURS[AuditType(kind)]
        for kind, word in words.AUDIT_TYPES.items()
        for name in (word.written(language), *word.also)
    }
    for row in range(2, page.max_row + 1):
        for key in ("start", "end", "due"):
            cell = page.cell(row, places[key])
            assert cell.is_date
            assert cell.number_format == "yyyy-mm-dd"
        kind = page.cell(row, places["type"])
        assert kind.fill.start_color.rgb == "FF" + kinds[kind.value][1:]
    checks = {str(rule.sqref).split(":")[0] for rule in page.data_validations.dataValidation}
    letters = {page.cell(2, places[key]).coordinate for key in ("lock", "status", "lead", "start_part", "end_part")}
    assert letters <= checks


def test_people_are_named_beside_their_ids(pages: tuple[str, Callable[[str], Any]]) -> None:
    language, page_of = pages
    names = {auditor.id: auditor.name for auditor in demo_body("small", language, 1).auditors}
    for key in ("assignments", "workload"):
        rows = list(page_of(key).iter_rows(min_row=2, max_col=2, values_only=True))
        assert rows
        assert all(names[identity] == name for identity, name in rows)


def test_the_calendar_prints_a_month_a_page_of_a3(planned: tuple[str, Path]) -> None:
    _, path = planned
    with zipfile.ZipFile(path) as package:
        parts = [package.read(name).decode("utf-8") for name in package.namelist() if "worksheets/auditplan" in name]
    [grid] = [text for text in parts if "<colBreaks" in text]
    assert "fitToPage" not in grid, "Excel minds no breaks where it fits to pages"
    scale = re.search(r'<pageSetup paperSize="8" scale="(\d+)" orientation="landscape"', grid)
    assert scale is not None
    assert 60 <= int(scale[1]) <= 100
    # 4 to 31 January are 28 days behind the two columns of names, February has 28 as well.
    assert re.findall(r'<brk id="(\d+)"', grid) == ["30", "58"]


def test_the_calendar_shows_everybody_on_every_day(pages: tuple[str, Callable[[str], Any]]) -> None:
    language, page_of = pages
    page = page_of("calendar")
    body = demo_body("small", language, 1)
    days = (body.settings.plan_to - body.settings.plan_from).days + 1
    people = [page.cell(row, 2).value for row in range(4, 4 + len(body.auditors))]
    assert sorted(people) == sorted(auditor.name for auditor in body.auditors)
    assert page.cell(3, 2 + days).value.endswith(str(body.settings.plan_to.day))
    assert page.cell(3, 3 + days).value is None
    travel, leave = message("calendar-travel", language), message("calendar-leave", language)
    texts = {str(cell.value) for row in page.iter_rows(min_row=4, min_col=3) for cell in row if cell.value}
    clients = {client.name for client in body.clients}
    halves = {word.written(language) for word in words.PARTS.values()}
    for text in texts:
        for line in text.split("\n"):
            first, _, rest = line.partition(" ")
            assert (rest if first in halves else line) in {*clients, travel, leave}


def test_the_summary_counts_what_is_due(pages: tuple[str, Callable[[str], Any]]) -> None:
    language, page_of = pages
    rows = {row[0]: row[1] for row in page_of("summary").iter_rows(max_col=2, values_only=True) if row[0]}
    placed = page_of("schedule").max_row - 1
    assert rows[message("summary-placed", language)] == placed
    assert rows[message("summary-unplaced", language)] == page_of("unplaced").max_row - 1
    assert 0 < rows[message("summary-missed", language)] <= rows[message("summary-due", language)]
    assert rows[message("summary-late", language)] == 0
    assert date.fromisoformat(str(rows[message("summary-when", language)])[:10])
