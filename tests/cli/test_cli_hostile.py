"""Hostile and broken input on every path: a status, one line that says what is wrong, never a traceback, and what
stood there before still stands."""

from __future__ import annotations

import os
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

Run = Callable[..., Any]
EARLIER = b"an earlier plan"


def _rewritten(source: Path, target: Path, change: Callable[[str, bytes], bytes | None]) -> None:
    """A copy of a package with its parts changed; None leaves a part out."""
    with zipfile.ZipFile(source) as package, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as out:
        for name in package.namelist():
            data = change(name, package.read(name))
            if data is not None:
                out.writestr(name, data)


def _entities(name: str, data: bytes) -> bytes:
    """A document type with entities that grow without end."""
    if name != "xl/workbook.xml":
        return data
    grows = b"".join(b'<!ENTITY e%d "%s">' % (level, b"&e%d;" % (level - 1) * 10) for level in range(1, 9))
    head, _, rest = data.partition(b"?>")
    return head + b'?><!DOCTYPE x [<!ENTITY e0 "aaaaaaaaaa">' + grows + b"]>" + rest.replace(b"</", b"&e8;</", 1)


def _outside(name: str, data: bytes) -> bytes:
    """An entity that reads a file of the machine."""
    if name != "xl/workbook.xml":
        return data
    head, _, rest = data.partition(b"?>")
    return head + b'?><!DOCTYPE x [<!ENTITY f SYSTEM "file:///etc/passwd">]>' + rest


def _bomb(name: str, data: bytes) -> bytes:
    """A part that unpacks to a hundred times what may be."""
    return data + b" " * 60_000_000 if name.endswith("sheet2.xml") else data


def _garbled(name: str, data: bytes) -> bytes:
    """Sheets that break off in the middle."""
    return data[: len(data) // 2] if "worksheets/sheet" in name else data


def _without_sheets(name: str, data: bytes) -> bytes | None:
    """Sheets that are listed but not there."""
    return None if "worksheets/sheet" in name else data


CHANGES: dict[str, Callable[[str, bytes], bytes | None]] = {
    "entities": _entities,
    "outside": _outside,
    "bomb": _bomb,
    "garbled": _garbled,
    "no sheets": _without_sheets,
}
RAW = {
    "empty": b"",
    "text": "任务号,客户\n".encode("gbk"),
    "old excel": bytes.fromhex("d0cf11e0a1b11ae1") + b"\0" * 600,
    "half a zip": b"PK\x03\x04" + b"\0" * 40,
    "empty zip": b"PK\x05\x06" + b"\0" * 18,
}


@pytest.fixture(params=[*CHANGES, *RAW])
def hostile(request: pytest.FixtureRequest, book: Path, tmp_path: Path) -> Path:
    """A book that must be refused."""
    path = tmp_path / "hostile.xlsx"
    if request.param in CHANGES:
        _rewritten(book, path, CHANGES[request.param])
    else:
        path.write_bytes(RAW[request.param])
    return path


@pytest.mark.parametrize("command", ["check", "plan", "plan over", "plan in place", "calendars"])
def test_a_hostile_book_is_refused(run: Run, hostile: Path, tmp_path: Path, command: str) -> None:
    earlier = hostile.with_name("hostile.planned.xlsx")
    earlier.write_bytes(EARLIER)
    before = hostile.read_bytes()
    options: dict[str, list[str | Path]] = {
        "check": [],
        "plan": ["--time", "1"],
        "plan over": ["-o", earlier, "--time", "1"],
        "plan in place": ["--in-place", "--time", "1"],
        "calendars": ["-o", tmp_path / "feeds"],
    }
    ran = run(command.split()[0], hostile, *options[command])
    assert ran.status == 1, ran.err
    assert "Traceback" not in ran.out + ran.err
    assert "passwd" not in ran.out + ran.err
    assert "root:" not in ran.out + ran.err
    assert earlier.read_bytes() == EARLIER
    assert hostile.read_bytes() == before
    left = {path.name for path in tmp_path.iterdir()}
    assert left == {"body.xlsx", "hostile.xlsx", "hostile.planned.xlsx"}


@pytest.mark.parametrize("number", ["nan", "inf", "-inf", "0", "-1", "1e999", "", "一"])
@pytest.mark.parametrize("option", ["--time", "--effort"])
def test_numbers_that_are_none(run: Run, book: Path, option: str, number: str) -> None:
    ran = run("plan", book, option, number)
    assert ran.status == 2
    assert option in ran.err
    assert ran.err.count("\n") == 1
    assert not book.with_name("body.planned.xlsx").exists()


@pytest.mark.parametrize("command", ["check", "plan", "calendars"])
@pytest.mark.parametrize("name", ["", ".", "..", "/"])
def test_a_folder_is_no_book(run: Run, tmp_path: Path, command: str, name: str) -> None:
    options = ["-o", tmp_path / "feeds"] if command == "calendars" else []
    ran = run(command, name, *options)
    assert ran.status == 2
    assert ran.err.count("\n") == 1


@pytest.mark.skipif(os.name == "nt", reason="modes of POSIX")
@pytest.mark.parametrize("in_place", [False, True])
def test_what_is_read_only_is_not_written_over(run: Run, book: Path, in_place: bool) -> None:
    target = book if in_place else book.with_name("body.planned.xlsx")
    if not in_place:
        target.write_bytes(EARLIER)
    before = target.read_bytes()
    target.chmod(0o444)
    ran = run("plan", book, "--time", "1", *(["--in-place"] if in_place else []))
    assert ran.status == 2
    assert "read-only" in ran.err
    assert target.read_bytes() == before
    assert not target.with_name(f"{target.name}.bak").exists()


@pytest.mark.skipif(os.name == "nt" or os.geteuid() == 0, reason="root may write anywhere")
def test_a_folder_that_is_read_only_is_told_before_planning(run: Run, book: Path) -> None:
    book.parent.chmod(0o555)
    try:
        ran = run("plan", book, "--time", "60")
    finally:
        book.parent.chmod(0o755)
    assert ran.status == 2
    assert "read-only" in ran.err


def test_an_earlier_plan_stays_when_planning_fails(
    run: Run, book: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """Whatever breaks, in planning or in writing, the earlier output keeps its bytes and nothing is left behind."""

    def broken(*_: object, **__: object) -> None:
        """Fails."""
        raise RuntimeError("broken")

    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / ".."))
    target = book.with_name("body.planned.xlsx")
    for place in ("planner.planning.make_plan", "io.workbook.write.graft", "io.workbook.output.summary.summary"):
        target.write_bytes(EARLIER)
        with monkeypatch.context() as patch:
            patch.setattr(f"auditplan.{place}", broken)
            assert run("plan", book, "--time", "1").status == 3
        assert target.read_bytes() == EARLIER
        left = {path.name for path in tmp_path.iterdir()}
        assert left <= {"body.xlsx", "body.planned.xlsx", "body.planned.xlsx.bak"}


def test_names_with_odd_signs(run: Run, book: Path) -> None:
    for name in ("a b'c;d.xlsx", "=1+1.xlsx", "-q.xlsx", "任务 [red]✓.xlsx"):
        odd = book.with_name(name)
        odd.write_bytes(book.read_bytes())
        assert run("check", odd).status == 0
        assert run("plan", odd, "--effort", "1").status == 0
