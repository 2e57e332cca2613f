"""File names: safe on every system, inside the folder, one for each."""

from __future__ import annotations

from pathlib import PurePosixPath, PureWindowsPath

import pytest
from hypothesis import given
from hypothesis import strategies as st

from auditplan.io.calendars.file_names import file_names, safe_name

HOSTILE = [
    "../../etc/passwd",
    "C:\\Windows\\system32",
    "con",
    "NUL.txt",
    "COM1",
    "lpt9.a.b",
    "CON .txt",
    "ends with dots...",
    " . ",
    "..",
    "",
    "x" * 300,
    "张" * 300,
    "😀" * 300,
    "abc\u202egnp.exe",
    "tab\tnew\nline\x00",
    'a<b>c:d"e|f?g*h',
    ".hidden",
    "e\u0301",
    "\ud800",
]


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_text_gives_a_plain_name(text: str) -> None:
    _assert_plain(safe_name(text))


@given(st.text(max_size=300))
def test_any_text_gives_a_plain_name(text: str) -> None:
    _assert_plain(safe_name(text))


@given(st.lists(st.text(max_size=6), unique=True, max_size=12))
def test_no_two_texts_share_a_name(texts: list[str]) -> None:
    names = file_names(texts, taken=("team",))
    assert len({name.casefold() for name in names.values()} | {"team"}) == len(texts) + 1
    for name in names.values():
        _assert_plain(name)


def test_plain_ids_are_kept_as_they_are() -> None:
    assert file_names(["A001", "张伟", "Li Wei"]) == {"A001": "A001", "张伟": "张伟", "Li Wei": "Li Wei"}


def test_a_name_does_not_depend_on_the_others_order() -> None:
    there, back = file_names(["li", "LI", "a/b", "a:b"]), file_names(["a:b", "LI", "a/b", "li"])
    assert there == back
    assert len(set(there.values())) == 4


def test_nobody_takes_the_team_s_file() -> None:
    assert file_names(["Team"], taken=("team",))["Team"].startswith("Team-")


def _assert_plain(name: str) -> None:
    """One part of a path on both systems, of a bearable length, and no device."""
    assert name
    assert PurePosixPath(f"{name}.ics").name == f"{name}.ics"
    assert PureWindowsPath(f"{name}.ics").name == f"{name}.ics"
    assert not PureWindowsPath(f"{name}.ics").drive
    assert not name.startswith(".")
    assert not name.endswith((" ", "."))
    assert len(name.encode()) <= 140
    assert name.isprintable()
    assert name.partition(".")[0].rstrip().upper() not in {"CON", "PRN", "AUX", "NUL", "COM1", "LPT1", "COM¹"}
