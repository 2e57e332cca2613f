"""The commands from end to end on small books."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from icalendar import Calendar

from auditplan.io.workbook.template import write_template
from auditplan.planner.domain import Body

Run = Callable[..., Any]
LEVELS = {"left_out", "lateness", "changes", "money", "balance"}


def test_plan_writes_a_copy_beside_the_book(run: Run, book: Path) -> None:
    before = book.read_bytes()
    ran = run("plan", book, "--time", "10")
    assert ran.status == 0, ran.err
    assert book.read_bytes() == before
    assert book.with_name("body.planned.xlsx").exists()
    assert "All 3 audits are placed" in ran.out
    assert "body.planned.xlsx" in ran.err
    assert "Verified" in ran.out


def test_plan_as_json(run: Run, book: Path, tmp_path: Path) -> None:
    target = tmp_path / "plan.xlsx"
    ran = run("plan", book, "-o", target, "--effort", "5", "--seed", "7", "--threads", "1", "--json")
    figures = ran.json
    assert ran.status == 0
    assert figures["placed"] == 3
    assert figures["unplaced"] == []
    assert set(figures["levels"]) == set(figures["bounds"]) == LEVELS
    assert figures["verified"] is True
    assert figures["status"] in {"optimal", "feasible"}
    assert 0 <= figures["gap"] <= 1
    assert set(figures["seconds"]) == {"read", "build", "solve", "write"}
    assert set(figures["problems"]) == {"error", "warning", "notice"}
    assert figures["output"] == str(target)
    assert figures["seed"] == 7


def test_plan_in_place_keeps_a_backup(run: Run, book: Path) -> None:
    before = book.read_bytes()
    ran = run("plan", book, "--in-place", "--time", "10")
    assert ran.status == 0, ran.err
    assert book.read_bytes() != before
    assert book.with_name("body.xlsx.bak").read_bytes() == before
    assert "body.xlsx.bak" in ran.err
    assert [path.name for path in book.parent.iterdir() if path.name.startswith(".")] == []


@pytest.mark.parametrize("named", [False, True])
def test_an_earlier_plan_is_kept_as_a_backup(run: Run, book: Path, tmp_path: Path, named: bool) -> None:
    target = tmp_path / "out.xlsx" if named else book.with_name("body.planned.xlsx")
    options = ("-o", target) if named else ()
    first = run("plan", book, *options, "--effort", "1")
    assert ".bak" not in first.err
    assert not target.with_name(f"{target.name}.bak").exists()
    earlier = target.read_bytes()
    second = run("plan", book, *options, "--effort", "1", "--seed", "3")
    assert target.with_name(f"{target.name}.bak").read_bytes() == earlier
    assert f"{target.name}.bak" in second.err


def test_a_second_plan_in_place_changes_nothing(run: Run, book: Path) -> None:
    first = run("plan", book, "--in-place", "--effort", "5", "--json").json
    second = run("plan", book, "--in-place", "--effort", "5", "--json").json
    assert second["levels"]["changes"] == 0
    assert second["placed"] == first["placed"]


def test_audits_left_out_are_done_unless_strict(run: Run, book_with_trap: Path) -> None:
    ran = run("plan", book_with_trap, "--time", "5")
    assert ran.status == 0
    assert "3 of 4 audits are placed, 1 left out" in ran.out
    assert "ISO 22000" in ran.out
    strict = run("plan", book_with_trap, "--time", "5", "--strict", "--json")
    assert strict.status == 4
    assert strict.json["unplaced"] == ["T9"]
    assert book_with_trap.with_name("trap.planned.xlsx").exists()


@pytest.mark.parametrize("command", ["plan", "check"])
def test_errors_of_the_data_stop_with_all_of_them(run: Run, faulty_book: Path, command: str) -> None:
    ran = run(command, faulty_book)
    assert ran.status == 1
    shown = ran.out + ran.err
    assert "Nobody & Sons" in shown
    assert "Liu" in shown
    assert "Audits!" in shown
    assert [path.name for path in faulty_book.parent.iterdir()] == [faulty_book.name]


def test_errors_of_the_data_as_json(run: Run, faulty_book: Path) -> None:
    ran = run("plan", faulty_book, "--json")
    assert ran.status == 1
    assert ran.json["problems"]["error"] >= 2


def test_check_as_json(run: Run, book_with_trap: Path) -> None:
    ran = run("check", book_with_trap, "--json")
    assert ran.status == 0
    [problem] = [entry for entry in ran.json["problems"] if entry["value"] == "T9"]
    assert set(problem) == {"severity", "sheet", "cell", "value", "problem", "proposal"}
    assert problem["severity"] == "warning"
    assert problem["sheet"] == "Audits"
    assert problem["cell"]


def test_check_writes_nothing(run: Run, book: Path) -> None:
    before = book.read_bytes()
    assert run("check", book).status == 0
    assert [path.name for path in book.parent.iterdir()] == [book.name]
    assert book.read_bytes() == before


def test_a_template_can_be_planned_as_it_is(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "new.xlsx"
    assert run("new", path, "--lang", "zh").status == 0
    assert run("check", path).status == 0
    assert run("plan", path, "--time", "5").status == 0


def test_new_writes_over_only_when_told(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "new.xlsx"
    path.write_bytes(b"precious")
    assert run("new", path).status == 2
    assert path.read_bytes() == b"precious"
    ran = run("new", path, "--force", "--json")
    assert ran.status == 0
    assert ran.json["output"] == str(path)
    assert path.read_bytes() != b"precious"


def test_a_demonstration_is_the_same_for_the_same_seed(run: Run, tmp_path: Path) -> None:
    paths = [tmp_path / f"{name}.xlsx" for name in "abc"]
    for path, seed in zip(paths, ("3", "3", "4"), strict=True):
        assert run("new", path, "--demo", "small", "--seed", seed).status == 0
    contents = [path.read_bytes() for path in paths]
    assert contents[0] == contents[1] != contents[2]


def test_messages_are_in_the_book_s_language(run: Run, chinese_book: Path) -> None:
    ran = run("plan", chinese_book, "--time", "5")
    assert ran.status == 0
    assert "全部 3 项审核都已排入" in ran.out
    assert "All 3 audits" in run("plan", chinese_book, "--time", "5", "--lang", "en").out


def test_quiet_says_nothing(run: Run, book: Path, faulty_book: Path) -> None:
    ran = run("plan", book, "--time", "5", "--quiet")
    assert (ran.status, ran.out, ran.err) == (0, "", "")
    assert run("plan", faulty_book, "--quiet").err


def test_calendars_of_a_plan_are_those_of_the_planned_book(run: Run, book: Path, tmp_path: Path) -> None:
    assert run("plan", book, "--time", "5", "--calendars", tmp_path / "there").status == 0
    ran = run("calendars", tmp_path / "body.planned.xlsx", "-o", tmp_path / "back", "--json")
    assert ran.status == 0
    assert len(ran.json["files"]) == 4
    there = {path.name: path.read_bytes() for path in (tmp_path / "there").glob("*.ics")}
    back = {path.name: path.read_bytes() for path in (tmp_path / "back").glob("*.ics")}
    assert there == back
    events = Calendar.from_ical(back["team.ics"]).events
    assert {category for event in events for category in event.categories} == {"surveillance"}


def test_calendars_need_a_plan(run: Run, book: Path, tmp_path: Path) -> None:
    ran = run("calendars", book, "-o", tmp_path / "feeds")
    assert ran.status == 1
    assert "holds no plan" in ran.err
    assert not (tmp_path / "feeds").exists()


def test_the_period_may_be_said_on_the_command_line(run: Run, small_body: Body, tmp_path: Path) -> None:
    path = tmp_path / "period.xlsx"
    settings = replace(small_body.settings, plan_from=small_body.settings.plan_from.replace(year=2020))
    write_template(path, "en", body=replace(small_body, settings=settings))
    ran = run("plan", path, "--quarter", "2026Q3", "--time", "5", "--json")
    assert ran.status == 0
    assert ran.json["placed"] == 3
