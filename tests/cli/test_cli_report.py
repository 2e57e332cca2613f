"""`auditplan report` and `plan --report`: one page of what stands in a book."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl
import pytest

Run = Callable[..., Any]
pytestmark = pytest.mark.filterwarnings("ignore:.*extension is not supported:UserWarning")


@pytest.fixture
def planned(run: Run, book_with_trap: Path, tmp_path: Path) -> Path:
    """A planned book in which one audit was left out, with a page of the run."""
    page = tmp_path / "run.html"
    assert run("plan", book_with_trap, "--effort", "3", "--quiet", "--report", page).status == 0
    assert page.exists()
    return tmp_path / "trap.planned.xlsx"


def test_the_page_holds_what_the_run_wrote(run: Run, planned: Path, tmp_path: Path) -> None:
    page = tmp_path / "plan.html"
    answer = run("report", planned, "-o", page, "--json").json
    assert (answer["output"], answer["placed"], answer["unplaced"]) == (str(page), 3, 1)
    assert answer["bytes"] == page.stat().st_size
    text = page.read_text(encoding="utf-8")
    assert "1 Left out (points)" in text
    assert re.search(r"run on 20\d\d-", text)
    assert re.search(r"[1-9]\d* checks of the finished plan", text)
    assert "T9" in text
    assert "ISO 22000" in text
    assert page.read_bytes() == (tmp_path / "run.html").read_bytes(), "the same from the run and from the book"
    assert run("report", planned, "-o", page, "--lang", "zh").status == 0
    assert "方案质量" in page.read_text(encoding="utf-8")


def test_what_a_coordinator_moved_is_where_it_was_moved_to(run: Run, planned: Path, tmp_path: Path) -> None:
    workbook = openpyxl.load_workbook(planned)
    sheet = workbook["Schedule"]
    sheet.delete_rows(3)
    workbook.save(planned)
    answer = run("report", planned, "-o", tmp_path / "plan.html", "--json").json
    assert answer["placed"] == 2


def test_a_book_without_the_planner_s_other_sheets_has_a_page(run: Run, planned: Path, tmp_path: Path) -> None:
    workbook = openpyxl.load_workbook(planned)
    del workbook["Summary"], workbook["Unplaced"]
    workbook.save(planned)
    answer = run("report", planned, "-o", tmp_path / "plan.html", "--json").json
    assert answer["unplaced"] == 0
    assert "says nothing of a run" in (tmp_path / "plan.html").read_text(encoding="utf-8")


def test_a_page_that_cannot_be_written_is_wrong_usage(
    run: Run, planned: Path, book_with_trap: Path, tmp_path: Path
) -> None:
    for name in ("plan.xlsx", "none/plan.html", "plan"):
        assert run("report", planned, "-o", tmp_path / name).status == 2
        assert run("plan", book_with_trap, "--report", tmp_path / name).status == 2
    assert run("report", planned).status == 2
    assert run("report", book_with_trap, "-o", tmp_path / "plan.html").status == 1, "no plan yet"
    assert not (tmp_path / "plan.html").exists()


def test_a_page_is_written_over_as_a_whole(run: Run, planned: Path, tmp_path: Path) -> None:
    page = tmp_path / "plan.html"
    page.write_text("old" * 1_000_000)
    assert run("report", planned, "-o", page).status == 0
    assert "old" * 3 not in page.read_text(encoding="utf-8")
    assert not list(tmp_path.glob(".plan*"))
