"""Wrong usage: status 2, one line that says what is wrong, and nothing written."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import click
import pytest

from auditplan.io.cli.exits import UsageFailure
from auditplan.io.cli.periods import Day, Quarter, period

Run = Callable[..., Any]


@pytest.mark.parametrize(
    "arguments",
    [
        ["chek"],
        ["plan"],
        ["plan", "--quartr"],
        ["plan", "missing.xlsx"],
        ["plan", "book.xlsx", "--time", "0"],
        ["plan", "book.xlsx", "--time", "soon"],
        ["plan", "book.xlsx", "--quarter", "2027Q5"],
        ["plan", "book.xlsx", "--from", "03/04/2027"],
        ["plan", "book.xlsx", "--quarter", "2027Q1", "--from", "2027-01-01"],
        ["plan", "book.xlsx", "--from", "2027-03-01", "--to", "2027-01-01"],
        ["plan", "book.xlsx", "--seed"],
        ["plan", "book.xlsx", "--lang", "fr"],
        ["plan", "book.xlsx", "-o", "book.xlsx"],
        ["plan", "book.xlsx", "-o", "./book.xlsx"],
        ["plan", "book.xlsx", "-o", "none/plan.xlsx"],
        ["plan", "book.xlsx", "-o", "plan.xlsm"],
        ["plan", "book.xlsx", "-o", "folder.xlsx"],
        ["plan", "book.xlsx", "--in-place", "-o", "plan.xlsx"],
        ["plan", "book.xlsx", "--calendars", "book.xlsx"],
        ["calendars", "book.xlsx"],
        ["calendars", "book.xlsx", "-o", "none/deep"],
        ["check", "folder.xlsx"],
        ["new", "book.xlsx"],
        ["new", "book.ods"],
        ["new", "none/book.xlsx"],
        ["new", "new.xlsx", "--demo", "huge"],
    ],
)
def test_status_2_and_one_line(run: Run, book: Path, monkeypatch: pytest.MonkeyPatch, arguments: list[str]) -> None:
    monkeypatch.chdir(book.parent)
    book.rename("book.xlsx")
    Path("folder.xlsx").mkdir()
    before = {path.name: path.stat().st_mtime_ns for path in Path().iterdir()}
    ran = run(*arguments)
    assert ran.status == 2
    assert ran.out == ""
    assert ran.err.startswith("Error: ")
    assert ran.err.count("\n") == 1
    assert {path.name: path.stat().st_mtime_ns for path in Path().iterdir()} == before


def test_a_program_gets_the_error_as_json(run: Run) -> None:
    ran = run("plan", "missing.xlsx", "--json")
    assert json.loads(ran.out) == {"error": "There is no file missing.xlsx."}


def test_errors_speak_the_language_asked_for(run: Run) -> None:
    assert run("plan", "missing.xlsx", "--lang", "zh").err == "错误：没有文件 missing.xlsx。\n"
    assert "没有选项 --quartr" in run("--lang", "zh", "plan", "--quartr").err


def test_a_typing_error_gets_the_nearest_spelling(run: Run) -> None:
    assert "Meant: check?" in run("chek").err
    assert "--quarter" in run("plan", "--quartr").err


@pytest.mark.parametrize("lock", ["~$book.xlsx", ".~book.xlsx"])
def test_an_open_book_is_never_written(run: Run, book: Path, lock: str) -> None:
    target = book.with_name("book.xlsx")
    book.rename(target)
    before = target.read_bytes()
    (target.parent / lock).touch()
    ran = run("plan", target, "--in-place")
    assert ran.status == 2
    assert "open" in ran.err
    assert target.read_bytes() == before


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2027Q1", (date(2027, 1, 1), date(2027, 3, 31))),
        ("2027q2", (date(2027, 4, 1), date(2027, 6, 30))),
        ("2027-Q3", (date(2027, 7, 1), date(2027, 9, 30))),
        ("2028 Q4", (date(2028, 10, 1), date(2028, 12, 31))),
        ("2028Q1", (date(2028, 1, 1), date(2028, 3, 31))),
    ],
)
def test_quarters(text: str, expected: tuple[date, date]) -> None:
    assert Quarter("en").convert(text, None, None) == expected


@pytest.mark.parametrize("text", ["2027-01-05", "2027/1/5", "2027.01.5", "20270105"])
def test_days(text: str) -> None:
    assert Day("en").convert(text, None, None) == date(2027, 1, 5)


@pytest.mark.parametrize("text", ["2027-13-01", "2027-02-30", "5.1.2027", "2027115", "", "2027-1/5"])
def test_what_is_no_day(text: str) -> None:
    with pytest.raises(click.BadParameter, match="is no day"):
        Day("en").convert(text, None, None)


def test_half_a_period_is_completed_by_the_book() -> None:
    assert period(None, date(2027, 1, 1), None) == (date(2027, 1, 1), None)
    with pytest.raises(UsageFailure):
        period((date(2027, 1, 1), date(2027, 3, 31)), None, date(2027, 1, 1))
