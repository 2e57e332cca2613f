"""`whatif`, `capacity` and `plan --scenario` as they are typed."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
import zipfile
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook

from auditplan.io.messages import message
from auditplan.io.workbook.capacity_book import certainty
from auditplan.io.workbook.template import write_template
from auditplan.planner.capacity.headroom import Headroom
from auditplan.planner.demo import demo_body
from auditplan.planner.domain import Body, ScenarioChange

Run = Callable[..., Any]
PLAN_KEYS = {"placed", "unplaced", "levels", "bounds", "gap", "status", "verified", "seconds", "problems", "output"}
LEVELS = {"left_out", "lateness", "changes", "money", "balance"}


@pytest.fixture
def asked(tmp_path: Path, small_body: Body) -> Path:
    """A book with two scenarios, the second of two rows."""
    rows = (
        ScenarioChange(scenario="Growth", change="demand", target="all", value="+34 %"),
        ScenarioChange(scenario="Leave", change="remove auditor", target="Li"),
        ScenarioChange(scenario="Leave", change="period", value="2026-08-03..2026-09-30"),
    )
    path = tmp_path / "body.xlsx"
    write_template(path, "en", body=replace(small_body, scenarios=rows))
    return path


def test_whatif_as_json(run: Run, asked: Path) -> None:
    before = asked.read_bytes()
    ran = run("whatif", asked, "--effort", "2", "--json")
    assert ran.status == 0, ran.err
    figures = ran.json
    assert list(figures["scenarios"]) == ["Growth", "Leave"]
    for name, found in figures["scenarios"].items():
        assert found.keys() >= PLAN_KEYS, name
        assert all(found["seconds"][part] > 0 for part in ("read", "build", "write")), found["seconds"]
        assert set(found["difference"]["levels"]) == LEVELS
        assert all(set(one) == {"value", "least", "most", "proven"} for one in found["difference"]["levels"].values())
    assert figures["base"].keys() >= PLAN_KEYS
    assert all(figures["base"]["seconds"][part] > 0 for part in ("read", "build", "write"))
    assert figures["scenarios"]["Growth"]["difference"]["placed"] == 1
    assert figures["scenarios"]["Leave"]["difference"]["placed"] == 0
    assert asked.with_name("body.whatif.xlsx").exists()
    assert asked.read_bytes() == before, "a study never writes into the book"


def test_whatif_chooses_scenarios_and_takes_changes(run: Run, asked: Path, tmp_path: Path) -> None:
    target = tmp_path / "out.xlsx"
    options = ("--scenario", "growth", "--set", "demand; all; 0", "--set", "add auditors; like:Li; 1")
    ran = run("whatif", asked, "-o", target, "--effort", "1", *options, "--json")
    assert list(ran.json["scenarios"]) == ["Growth", "demand; all; 0 + add auditors; like:Li; 1"]
    with closing(load_workbook(target)) as made:
        assert made.sheetnames == ["Figures", "Charts", "Differences", "Placements"]
        assert len(made["Charts"]._charts) == 4  # type: ignore[attr-defined]
        names = [row[0] for row in made["Figures"].iter_rows(min_row=2, max_row=3, values_only=True)]
    assert names == ["Base", "Growth"]


def test_whatif_on_the_screen(run: Run, asked: Path) -> None:
    ran = run("whatif", asked, "--effort", "2")
    assert "Growth" in ran.out
    assert "body.whatif.xlsx" in ran.err
    assert run("--lang", "zh", "whatif", asked, "--effort", "1").out.count("情景") >= 2


def test_errors_of_scenarios_write_nothing(run: Run, tmp_path: Path, small_body: Body) -> None:
    path = tmp_path / "faulty.xlsx"
    rows = (
        ScenarioChange(scenario="a", change="demand", target="region=Nowhere", value="+5 %"),
        ScenarioChange(scenario="b", change="remove auditor", target="Nobody"),
    )
    write_template(path, "en", body=replace(small_body, scenarios=rows))
    for command in (("whatif", path), ("plan", path, "--scenario", "a")):
        ran = run(*command)
        assert ran.status == 1
        assert "Scenarios!C2" in ran.err
    assert "Scenarios!C3" in run("whatif", path).err
    assert [entry.name for entry in tmp_path.iterdir()] == ["faulty.xlsx"]
    assert run("whatif", path, "--set", "demand; all; lots").status == 1


def test_what_cannot_be_asked_for(run: Run, asked: Path, book: Path) -> None:
    assert run("whatif", asked, "--scenario", "Nothing").status == 2
    assert run("whatif", book, "--jobs", "2", "--cluster", "tcp://127.0.0.1:1").status == 2
    assert run("whatif", asked, "-o", asked).status == 2
    assert run("capacity", asked, "-o", asked).status == 2
    assert run("capacity", asked, "--periods", "9").status == 2
    assert run("plan", asked, "--scenario", "Growth", "--in-place").status == 2


def test_a_cluster_that_is_not_there(run: Run, book: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("auditplan.planner.scenarios.cluster.TIMEOUT", 0.3)
    for command in (("whatif", book, "--set", "demand; all; 5"), ("capacity", book)):
        ran = run(*command, "--cluster", "tcp://127.0.0.1:9")
        assert ran.status == 1
        assert "cannot be reached" in ran.err
    assert [path.name for path in book.parent.iterdir()] == [book.name]


def test_plan_writes_the_plan_of_a_scenario(run: Run, asked: Path) -> None:
    ran = run("plan", asked, "--scenario", "growth", "--effort", "2", "--json")
    assert ran.status == 0, ran.err
    assert ran.json["placed"] == 4
    with zipfile.ZipFile(asked.with_name("body.growth.xlsx")) as package:
        parts = "".join(package.read(name).decode() for name in package.namelist() if name.endswith(".xml"))
    assert "one +1<" in parts, "the client of the audit that growth brings"


def test_plan_of_a_scenario_over_another_period(run: Run, tmp_path: Path, small_body: Body) -> None:
    """The row `period` comes before everything else: what is due after the base's period is planned, and what the
    other rows say holds in it."""
    later = replace(small_body.audits[0], id="T9", earliest=date(2026, 9, 7), due=date(2026, 9, 18))
    rows = (
        ScenarioChange(scenario="Autumn", change="remove auditor", target="Li"),
        ScenarioChange(scenario="Autumn", change="period", value="2026-08-03..2026-09-30"),
    )
    path = tmp_path / "body.xlsx"
    write_template(path, "en", body=replace(small_body, audits=(*small_body.audits, later), scenarios=rows))
    assert run("plan", path, "--effort", "2", "--json").json["placed"] == 3
    # A period typed on the command line is the base's: the scenario has its own.
    for extra in ((), ("--from", "2026-08-03", "--to", "2026-08-14")):
        ran = run("plan", path, "--scenario", "autumn", "--effort", "2", "--json", *extra)
        assert ran.status == 0, ran.err
        assert (ran.json["placed"], ran.json["verified"]) == (4, True)
    with closing(load_workbook(path.with_name("body.autumn.xlsx"), read_only=True)) as made:
        schedule = [row for row in made["Schedule"].iter_rows(values_only=True) if "T9" in row]
        said = {str(value) for row in made["Summary"].iter_rows(values_only=True) for value in row if value}
    assert len(schedule) == 1
    assert "Wu" in schedule[0]
    assert "Li" not in schedule[0]
    assert any("2026-08-03" in text and "2026-09-30" in text for text in said)


def test_capacity_as_json(run: Run, book_with_trap: Path) -> None:
    ran = run("capacity", book_with_trap, "--effort", "2", "--json")
    assert ran.status == 0, ran.err
    figures = ran.json
    assert figures["months"] == ["2026-08"]
    assert {row["role"] for row in figures["load"]} == {"lead"}
    assert {row["region"] for row in figures["load"]} == {"", "North"}
    everything = figures["headroom"][0]
    assert (everything["standard"], everything["audits"]) == ("", 3)
    hired = figures["hire"]["best"][0]
    assert (hired["standard"], hired["role"], hired["region"]) == ("ISO 22000", "lead", "North")
    assert (hired["audits"], hired["proven"]) == (1, True)
    assert figures["train"]["best"] == []
    with closing(load_workbook(book_with_trap.with_name("trap.capacity.xlsx"))) as made:
        sheets = made.sheetnames
    assert sheets == ["Months", "Heat map", "Bottlenecks", "Headroom", "Hire and train"]


def test_capacity_of_a_body_with_room(run: Run, tmp_path: Path, small_body: Body) -> None:
    """Where all growth that was looked at fits, nothing is said of a loss; where nothing is left out, nor of rescue."""
    path = tmp_path / "book.xlsx"
    write_template(path, "en", body=replace(small_body, audits=small_body.audits[:1]))
    ran = run("capacity", path, "--effort", "2")
    assert "room for at least" in ran.out, ran.out
    assert "before one more is lost" not in ran.out
    assert "Hiring: nothing is left out" in ran.out
    assert "Training: nothing is left out" in ran.out


@pytest.mark.parametrize("periods", [1, 8])
def test_capacity_looks_quarters_ahead(run: Run, tmp_path: Path, small_body: Body, periods: int) -> None:
    path = tmp_path / "book.xlsx"
    settings = replace(small_body.settings, plan_from=date(2026, 7, 1))
    write_template(path, "en", body=replace(small_body, settings=settings))
    months = run("capacity", path, "--periods", periods, "--effort", "0.5", "--json").json["months"]
    assert len(months) == 3 * periods
    assert months[0] == "2026-07"


@pytest.mark.parametrize(
    ("room", "code"),
    [
        ({"fits": 0, "lost": 1, "left_out": 2}, "capacity-none-proven"),
        ({"fits": 0, "lost": None, "left_out": 2}, "capacity-none"),
        ({"fits": 3, "lost": 4, "left_out": 2}, "capacity-proven"),
        ({"fits": 3, "lost": 6}, "capacity-loss-from"),
        ({"fits": 3, "lost": None}, "capacity-not-proven"),
        ({"fits": 9, "lost": None, "reached": True}, "capacity-at-least"),
    ],
)
def test_headroom_says_why_there_is_none(room: dict[str, Any], code: str) -> None:
    assert certainty(Headroom(standard="", audits=9, **room)) == code
    for lang in ("en", "zh"):
        assert "{" not in message(code, lang, lost=4, left_out=2)


def test_standard_output_is_one_object(asked: Path) -> None:
    """Libraries print there by themselves; another process shows it."""
    command = [sys.executable, "-m", "auditplan.io.cli", "whatif", str(asked), "--effort", "1", "--json"]
    ran = subprocess.run(command, capture_output=True, text=True, check=True)
    assert set(json.loads(ran.stdout)) == {"base", "scenarios", "unfinished", "output"}


def _lines(terminal: int) -> Iterator[str]:
    """What a program shows on a terminal, piece by piece, until it ends."""
    while True:
        try:
            piece = os.read(terminal, 65536)
        except OSError:
            return
        if not piece:
            return
        yield piece.decode("utf-8", "replace")


@pytest.mark.slow
@pytest.mark.skipif(sys.platform == "win32", reason="needs a terminal")
def test_each_scenario_has_a_bar_and_an_interrupt_writes_what_is_done(tmp_path: Path) -> None:
    import pty

    path, target = tmp_path / "book.xlsx", tmp_path / "out.xlsx"
    names = ("alpha", "beta", "gamma")
    rows = tuple(ScenarioChange(scenario=name, change="demand", target="all", value="+30 %") for name in names)
    write_template(path, "en", body=replace(demo_body("small", seed=1), scenarios=rows))
    parent, child = pty.openpty()
    options = ["--jobs", "2", "-o", str(target), "--time", "600", "--json"]
    program = "import auditplan.io.cli.whatif as w, auditplan.io.cli as c, sys; w.SHARE = 0.9; sys.exit(c.main())"
    command = [sys.executable, "-c", program, "whatif", str(path), *options]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=child, text=True) as ran:
        os.close(child)
        seen, asked = "", 0
        for piece in _lines(parent):
            seen += piece
            if not asked and "Base" in seen:
                asked = 1
                ran.send_signal(signal.SIGINT)
        assert ran.stdout is not None
        out = ran.stdout.read()
    assert ran.returncode == 0, seen
    assert json.loads(out)["unfinished"] == list(names)
    assert json.loads(out)["base"]["verified"] is True
    assert target.exists()


PATIENCE = 300
"""Seconds that a busy machine may take; the searches alone would take longer."""
_WATCHED = """
import importlib, sys
from pathlib import Path
command = importlib.import_module("auditplan.io.cli." + sys.argv[2])
command.SHARE = 3600.0
module = importlib.import_module(sys.argv[3])
run_jobs = module.run_jobs
def watched(jobs, crew, *, told, stop):
    def heard(step):
        told(step)
        if step.key and not step.done:
            Path(sys.argv[1]).touch()
    return run_jobs(jobs, crew, told=heard, stop=stop)
if __name__ == "__main__":
    module.run_jobs = watched
    study = importlib.import_module("auditplan.planner.capacity.study")
    study.longer = lambda body, plan, *rest: plan
    from auditplan.io.cli import main
    sys.exit(main(sys.argv[4:]))
"""
"""Runs a command whose searches after the base's would take an hour each; touches a file once one of them is on."""


def _interrupted(folder: Path, module: str, *arguments: str) -> Any:
    """The JSON of a study that gets Ctrl-C while its searches run."""
    begun, program = folder / "begun", folder / "program.py"
    program.write_text(_WATCHED, encoding="utf-8")
    command = [sys.executable, str(program), str(begun), arguments[0], module, *arguments]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as ran:
        end = time.monotonic() + PATIENCE
        while not begun.exists():
            assert ran.poll() is None, ran.communicate()
            assert time.monotonic() < end
            time.sleep(0.05)
        ran.send_signal(signal.SIGINT)
        out, err = ran.communicate(timeout=PATIENCE)
    assert ran.returncode == 0, err
    assert "Stopping" in err
    assert "Traceback" not in err
    return json.loads(out)


@pytest.mark.skipif(sys.platform == "win32", reason="signals of POSIX")
def test_ctrl_c_while_scenarios_run_writes_what_is_done(tmp_path: Path) -> None:
    path, target = tmp_path / "book.xlsx", tmp_path / "out.xlsx"
    asked = {"as it is": "0", **dict.fromkeys(("alpha", "beta", "gamma", "delta"), "+90 %")}
    rows = tuple(ScenarioChange(scenario=name, change="demand", target="all", value=asked[name]) for name in asked)
    write_template(path, "en", body=replace(demo_body("small", seed=1), scenarios=rows))
    options = ("whatif", str(path), "-o", str(target), "--jobs", "2", "--effort", "1", "--json")
    found = _interrupted(tmp_path, "auditplan.planner.scenarios.study", *options)
    assert found["base"]["verified"] is True
    assert sorted([*found["scenarios"], *found["unfinished"]]) == sorted(asked)
    assert {"as it is", "alpha"} <= set(found["scenarios"])
    assert "delta" in found["unfinished"], "nobody has begun it"
    assert all(one["verified"] for one in found["scenarios"].values())
    with closing(load_workbook(target)) as made:
        names = [row[0] for row in made["Figures"].iter_rows(min_row=2, values_only=True)]
    assert set(found["scenarios"]) <= set(names)
    assert "delta" not in names


@pytest.mark.skipif(sys.platform == "win32", reason="signals of POSIX")
def test_ctrl_c_while_capacity_is_measured_writes_what_is_done(tmp_path: Path) -> None:
    path, target = tmp_path / "book.xlsx", tmp_path / "out.xlsx"
    write_template(path, "en", body=demo_body("small", seed=1))
    options = ("capacity", str(path), "-o", str(target), "--jobs", "2", "--effort", "1", "--json")
    found = _interrupted(tmp_path, "auditplan.planner.capacity.headroom", *options)
    assert found["months"]
    assert found["load"]
    assert found["headroom"][0]["standard"] == ""
    assert found["hire"]["complete"] is False, "nobody was solved for, or not everybody"
    with closing(load_workbook(target)) as made:
        assert made.sheetnames[0] == "Months"
