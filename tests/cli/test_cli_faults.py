"""Whatever happens: a status, one line, never a traceback, never a letter that cannot be printed."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from auditplan.io.workbook.template import write_template
from auditplan.planner.demo import demo_body

Run = Callable[..., Any]


def _explode(*_: object, **__: object) -> None:
    """Fails as nobody expects."""
    raise RuntimeError("first line\nsecond line [red]")


def test_an_unexpected_error_is_one_line_and_a_saved_trace(
    run: Run, book: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    monkeypatch.setattr("auditplan.planner.planning.make_plan", _explode)
    ran = run("plan", book)
    assert ran.status == 3
    assert ran.err.count("\n") == 1
    assert "RuntimeError: first line second line [red]" in ran.err
    [trace] = tmp_path.glob("auditplan-*.txt")
    assert str(trace) in ran.err
    assert "_explode" in trace.read_text(encoding="utf-8")
    assert not book.with_name("body.planned.xlsx").exists()


def test_a_plan_that_fails_verification_is_never_written(
    run: Run, book: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    from auditplan.planner.planning import VerificationFailedError
    from auditplan.planner.verify import Violation

    def unsound(*_: object, **__: object) -> None:
        """Makes a plan that breaks a rule."""
        raise VerificationFailedError((Violation(rule="overlap", audit="T1", auditor="Li"),))

    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    monkeypatch.setattr("auditplan.planner.planning.make_plan", unsound)
    ran = run("plan", book)
    assert ran.status == 3
    assert "overlap (T1)" in ran.err
    assert not book.with_name("body.planned.xlsx").exists()


def test_an_interrupt_outside_planning_is_130(run: Run, book: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(*_: object, **__: object) -> None:
        """The user presses Ctrl-C."""
        raise KeyboardInterrupt

    monkeypatch.setattr("auditplan.io.workbook.read.read_book", interrupted)
    assert run("check", book).status == 130


def test_a_folder_that_cannot_be_written_is_no_fault_of_ours(
    run: Run, book: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object, **__: object) -> None:
        """The disk is full."""
        raise OSError(28, "No space left on device", "plan.xlsx")

    monkeypatch.setattr("auditplan.io.workbook.write.write_plan", full)
    ran = run("plan", book, "--time", "5")
    assert ran.status == 2
    assert "No space left on device" in ran.err


def test_a_file_that_is_no_book_is_an_error_of_the_data(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "garbage.xlsx"
    path.write_bytes(b"garbage")
    ran = run("plan", path)
    assert ran.status == 1
    assert "garbage.xlsx" in ran.err


@pytest.mark.parametrize("encoding", ["ascii", "cp1252", "cp936"])
def test_every_letter_can_be_printed_on_every_code_page(chinese_book: Path, encoding: str) -> None:
    ran = _process("plan", chinese_book, "--time", "5", env={"PYTHONIOENCODING": encoding, "PYTHONUTF8": "0"})
    assert ran.returncode == 0, ran.stderr
    assert b"Traceback" not in ran.stderr


def test_output_that_nobody_reads_is_no_fault(book: Path) -> None:
    process = subprocess.Popen(
        [sys.executable, "-m", "auditplan.io.cli", "check", str(book), "--json"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    assert process.stdout is not None
    assert process.stderr is not None
    process.stdout.close()
    text = process.stderr.read()
    process.stderr.close()
    process.wait()
    assert b"Traceback" not in text
    assert b"Exception ignored" not in text


@pytest.mark.skipif(os.name == "nt", reason="signals of POSIX")
def test_ctrl_c_writes_the_best_plan_so_far(tmp_path: Path) -> None:
    path = tmp_path / "demo.xlsx"
    write_template(path, "en", body=demo_body("small", "en", 1))
    process = _planning(path, tmp_path)
    process.send_signal(signal.SIGINT)
    _, text = process.communicate(timeout=PATIENCE)
    assert process.returncode == 0, text
    assert b"Stopping" in text
    assert path.with_name("demo.planned.xlsx").exists()


@pytest.mark.skipif(os.name == "nt", reason="signals of POSIX")
def test_a_second_ctrl_c_ends_at_once(tmp_path: Path) -> None:
    path = tmp_path / "demo.xlsx"
    write_template(path, "en", body=demo_body("medium", "en", 1))
    process = _planning(path, tmp_path)
    process.send_signal(signal.SIGINT)
    assert process.stderr is not None
    assert b"Stopping" in process.stderr.readline()
    process.send_signal(signal.SIGINT)
    process.communicate(timeout=PATIENCE)
    assert process.returncode == 130
    assert not path.with_name("demo.planned.xlsx").exists()
    assert not [name for name in tmp_path.iterdir() if re.match(r"\.", name.name)]


@pytest.mark.skipif(os.name == "nt", reason="signals of POSIX")
@pytest.mark.parametrize(("module", "says"), [("click", ""), ("rich", ""), ("ortools", "Interrupted")])
def test_ctrl_c_while_libraries_load_leaves_no_trace(tmp_path: Path, module: str, says: str) -> None:
    path = tmp_path / "demo.xlsx"
    write_template(path, "en", body=demo_body("small", "en", 1))
    command = [sys.executable, "-c", _LOADING, module, "plan", str(path), "--effort", "1"]
    ran = subprocess.run(command, capture_output=True, check=False, timeout=PATIENCE)
    assert ran.returncode == 130, ran.stderr
    assert says.encode() in ran.stderr
    assert b"Traceback" not in ran.stderr
    assert [name.name for name in tmp_path.iterdir()] == ["demo.xlsx"]


def test_ctrl_c_that_a_library_made_an_error_of(run: Run, book: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def loading(*_: object, **__: object) -> None:
        """A compiled library that is interrupted while it loads."""
        try:
            raise KeyboardInterrupt
        except KeyboardInterrupt as error:
            raise ImportError("initialization failed") from error

    monkeypatch.setattr("auditplan.io.workbook.read.read_book", loading)
    ran = run("check", book)
    assert ran.status == 130
    assert "Interrupted" in ran.err


PATIENCE = 300
"""Seconds that a busy machine may take; the search alone would take longer."""
_LOADING = """
import os, signal, sys
class Finder:
    def find_spec(self, name, path=None, target=None):
        if name == sys.argv[1]:
            os.kill(os.getpid(), signal.SIGINT)
sys.meta_path.insert(0, Finder())
from auditplan.io.cli import main
sys.exit(main(sys.argv[2:]))
"""
"""Gets Ctrl-C in the moment that a library begins to load."""
_TOLD = """
import sys
from pathlib import Path
from auditplan.planner import planning
plan = planning.make_plan
def told(*arguments, **options):
    Path(sys.argv[1]).touch()
    return plan(*arguments, **options)
planning.make_plan = told
from auditplan.io.cli import main
sys.exit(main(sys.argv[2:]))
"""
"""Plans, and touches a file once the search begins."""


def _planning(book: Path, folder: Path) -> subprocess.Popen[bytes]:
    """A process that has begun to plan a book, and would go on for an hour."""
    begun = folder / "begun"
    command = [sys.executable, "-c", _TOLD, str(begun), "plan", str(book), "--time", "3600"]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    end = time.monotonic() + PATIENCE
    while not begun.exists():
        assert process.poll() is None
        assert time.monotonic() < end
        time.sleep(0.05)
    return process


def _process(*arguments: str | Path, env: dict[str, str]) -> subprocess.CompletedProcess[bytes]:
    """A command run as a process of its own."""
    command = [sys.executable, "-m", "auditplan.io.cli", *map(str, arguments)]
    return subprocess.run(command, capture_output=True, check=False, env={**os.environ, **env})
