"""The same book, seed and effort give the same plan: with one and two threads, in processes of their own, whatever
the order of their hashes."""

from __future__ import annotations

import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from auditplan.io.workbook.template import write_template
from auditplan.planner.demo import demo_body


def _schedule(path: Path) -> bytes:
    """The part that holds the sheet Schedule."""
    from lxml import etree

    with zipfile.ZipFile(path) as package:
        book = etree.fromstring(package.read("xl/workbook.xml"))
        rels = etree.fromstring(package.read("xl/_rels/workbook.xml.rels"))
        [sheet] = [sheet for sheet in book.iter("{*}sheet") if sheet.get("name") in {"Schedule", "排程"}]
        [identity] = [value for name, value in sheet.items() if name.endswith("}id")]
        [target] = [entry.get("Target", "") for entry in rels if entry.get("Id") == identity]
        return package.read(f"xl/{target}")


@pytest.mark.slow
@pytest.mark.parametrize(("size", "language", "effort"), [("small", "zh", "6"), ("medium", "en", "6")])
def test_schedule_is_the_same_byte_for_byte(tmp_path: Path, size: str, language: str, effort: str) -> None:
    book = tmp_path / "book.xlsx"
    write_template(book, language, body=demo_body(size, language, 5))
    seen = set[bytes]()
    for run, (threads, hashes) in enumerate([("1", "1"), ("2", "22"), ("1", "333"), ("2", "4")]):
        target = tmp_path / f"plan{run}.xlsx"
        options = ["-o", str(target), "--effort", effort, "--seed", "7", "--threads", threads, "--quiet"]
        command = [sys.executable, "-m", "auditplan.io.cli", "plan", str(book), *options]
        ran = subprocess.run(command, env={**os.environ, "PYTHONHASHSEED": hashes}, capture_output=True, check=False)
        assert ran.returncode == 0, ran.stderr
        seen.add(_schedule(target))
    assert len(seen) == 1
    assert len(seen.pop()) > 10_000
