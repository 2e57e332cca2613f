"""The workbook to fill in: every column explained, lists wherever something is chosen, one example row a sheet."""

from __future__ import annotations

import re
import zipfile
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from auditplan.io.messages import LANGUAGES, catalogue
from auditplan.io.workbook.columns import Kind
from auditplan.io.workbook.read import read_book
from auditplan.io.workbook.schema import INPUT_SHEETS, SETTINGS_KEYS
from auditplan.io.workbook.template import note, write_template
from auditplan.planner.demo import demo_body
from auditplan.planner.rulebook import RULES

COLUMNS = [(sheet, column) for sheet in INPUT_SHEETS for column in sheet.columns]
CHOSEN = {Kind.CHOICE, Kind.YES_NO, Kind.REFERENCE, Kind.REFERENCES, Kind.DATE}


@pytest.fixture(scope="module", params=LANGUAGES)
def made(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> tuple[str, Any]:
    """A language, and the template in it as openpyxl reads it."""
    import openpyxl

    path = tmp_path_factory.mktemp("template") / "new.xlsx"
    write_template(path, request.param)
    return request.param, openpyxl.load_workbook(path)


def _lists(page: Any) -> dict[str, Any]:
    """The validations of a sheet by the letters of their first column."""
    return {str(rule.sqref).split(":")[0].rstrip("0123456789"): rule for rule in page.data_validations.dataValidation}


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_column_and_setting_is_explained(language: str) -> None:
    own = {f"note-{sheet.key}-{column.key}" for sheet, column in COLUMNS}
    own |= {f"note-settings-{column.key}" for column in SETTINGS_KEYS}
    notes = {code for code in catalogue(language) if code.startswith("note-")}
    assert notes - own == {"note-required", "note-optional", "note-limits"}
    assert own <= notes


def test_every_header_has_its_note_and_stays_in_sight(made: tuple[str, Any]) -> None:
    language, book = made
    for sheet in INPUT_SHEETS:
        page = book[sheet.name(language)]
        assert page.freeze_panes == "B2"
        for index, column in enumerate(sheet.columns, start=1):
            cell = page.cell(1, index)
            assert cell.value == column.name(language)
            assert note(sheet, column, language) in cell.comment.text


def test_what_is_chosen_has_a_list(made: tuple[str, Any]) -> None:
    language, book = made
    for sheet in INPUT_SHEETS:
        page = book[sheet.name(language)]
        rules = _lists(page)
        for index, column in enumerate(sheet.columns, start=1):
            if column.kind not in CHOSEN:
                continue
            rule = rules[page.cell(1, index).column_letter]
            assert rule.type == ("date" if column.kind is Kind.DATE else "list")
            if column.kind in {Kind.REFERENCE, Kind.REFERENCES}:
                target = next(other for other in INPUT_SHEETS if other.key == column.refers[0])
                assert f"'{target.name(language)}'!$A$2:" in rule.formula1


def test_settings_have_lists_and_checks_of_their_own(made: tuple[str, Any]) -> None:
    language, book = made
    page = book[INPUT_SHEETS[0].name(language)]
    cells = {str(rule.sqref): rule.type for rule in page.data_validations.dataValidation}
    for row, column in enumerate(SETTINGS_KEYS, start=2):
        kinds = {Kind.DATE: "date", Kind.YES_NO: "list"}
        assert cells.get(f"B{row}") == ("list" if column.key == "language" else kinds.get(column.kind))
        assert page.cell(row, 1).comment.text


def test_one_example_row_a_sheet_and_today_is_open(made: tuple[str, Any]) -> None:
    language, book = made
    for sheet in INPUT_SHEETS[1:]:
        rows = [row for row in book[sheet.name(language)].iter_rows(min_row=2, values_only=True) if any(row)]
        assert len(rows) == (len(RULES) if sheet.key == "rules" else 1), sheet.key  # every rule stands on its sheet
    settings = dict(book[INPUT_SHEETS[0].name(language)].iter_rows(min_row=2, max_col=2, values_only=True))
    assert settings[next(column.name(language) for column in SETTINGS_KEYS if column.key == "today")] is None


def test_codes_and_dates_have_their_formats(made: tuple[str, Any]) -> None:
    language, book = made
    for sheet, column in COLUMNS:
        page = book[sheet.name(language)]
        index = sheet.columns.index(column) + 1
        cell = page.cell(2, index)
        if cell.value is None or sheet.key == "settings":
            continue
        if column.kind is Kind.DATE:
            assert cell.is_date
        if column.kind is Kind.CODES:
            assert cell.number_format == "@"


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_example_can_be_planned(language: str, tmp_path: Path) -> None:
    from auditplan.planner.planning import make_plan
    from auditplan.solver.solution import Budget

    path = tmp_path / "new.xlsx"
    write_template(path, language)
    reading = read_book(path, today=date(2026, 12, 1))
    assert reading.problems == ()
    assert reading.body is not None
    assert reading.body.settings.today == date(2026, 12, 1)
    plan = make_plan(reading.body, Budget(effort=1)).plan
    assert (len(plan.placements), plan.optimal) == (1, True)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_demonstration_is_the_same_for_a_seed(language: str, tmp_path: Path) -> None:
    books = []
    for number, seed in enumerate((1, 1, 2)):
        path = tmp_path / f"{number}.xlsx"
        write_template(path, language, demo_body("small", language, seed))
        books.append(path.read_bytes())
    assert books[0] == books[1]
    assert books[0] != books[2]


@pytest.mark.slow
def test_lists_reach_every_row_of_a_large_body(tmp_path: Path) -> None:
    body = demo_body("large", "en", 1)
    assert len(body.clients) > 5000
    path = tmp_path / "large.xlsx"
    write_template(path, "en", body)
    reach = []
    with zipfile.ZipFile(path) as package:
        for name in package.namelist():
            text = package.read(name).decode("utf-8") if name.startswith("xl/worksheets/sheet") else ""
            reach += [int(last) for last in re.findall(r"'Clients'!\$A\$2:\$A\$(\d+)", text)]
    assert len(reach) >= 5
    assert min(reach) > len(body.clients)
