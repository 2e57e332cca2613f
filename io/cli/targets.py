"""Where a plan is written, and what is in its way: found before any planning is done."""

from __future__ import annotations

import os
import stat
from pathlib import Path

from auditplan.io.cli.exits import UsageFailure
from auditplan.io.files import open_in_excel

ANYBODY_WRITES = stat.S_IWUSR | stat.S_IWGRP | stat.S_IWOTH
SUFFIXES = frozenset({".xlsx", ".xlsm"})
PAGES = frozenset({".html", ".htm"})


def plan_target(book: Path, output: Path | None, *, in_place: bool) -> Path:
    """The file that a plan of a book is written into.

    Raises UsageFailure where it cannot be."""
    if in_place and output is not None:
        raise UsageFailure("cli-two-targets")
    if book.is_dir():
        raise UsageFailure("cli-no-folder-book", file=book)
    if in_place:
        return _closed(book)
    target = output or book.with_name(f"{book.stem}.planned{book.suffix}")
    check_folder(target)
    if target.suffix.lower() != book.suffix.lower():
        raise UsageFailure("cli-other-suffix", file=target, suffix=book.suffix)
    if _same(book, target):
        raise UsageFailure("cli-output-is-input", file=target)
    return _closed(target)


def new_target(path: Path, *, force: bool) -> Path:
    """The file that a new book is written into. Raises UsageFailure where it cannot be."""
    if path.suffix.lower() != ".xlsx":
        raise UsageFailure("cli-not-xlsx", file=path)
    check_folder(path)
    if path.exists() and not force:
        raise UsageFailure("cli-exists", file=path)
    return _closed(path)


def check_folder(target: Path) -> None:
    """A file's folder is there and can be written into, and the file is no folder. Raises UsageFailure."""
    if target.is_dir():
        raise UsageFailure("cli-no-folder-book", file=target)
    if not target.parent.is_dir():
        raise UsageFailure("cli-no-folder", folder=target.parent)
    _writable(target.parent)


def page_target(book: Path, page: Path) -> Path:
    """The file that a page is written into. Raises UsageFailure where it cannot be, or is the book."""
    if page.suffix.lower() not in PAGES:
        raise UsageFailure("cli-not-html", file=page)
    check_folder(page)
    if _same(book, page):
        raise UsageFailure("cli-output-is-input", file=page)
    if page.exists() and not page.stat().st_mode & ANYBODY_WRITES:
        raise UsageFailure("cli-not-writable", file=page)
    return page


def feed_folder(folder: Path) -> Path:
    """A folder that calendars are written into; it is made when they are. Raises UsageFailure."""
    if folder.exists() and not folder.is_dir():
        raise UsageFailure("cli-not-a-folder", folder=folder)
    if not folder.absolute().parent.is_dir():
        raise UsageFailure("cli-no-folder", folder=folder.parent)
    _writable(folder if folder.exists() else folder.absolute().parent)
    return folder


def _writable(folder: Path) -> None:
    """Files can be made in a folder: better said before a minute of planning than after it. Raises UsageFailure."""
    if not os.access(folder, os.W_OK | os.X_OK):
        raise UsageFailure("cli-not-writable", file=folder)


def _closed(target: Path) -> Path:
    """A target that is not open in Excel, and that nobody has set to read-only. A rename would write over it all the
    same, so the mode is asked, not the system."""
    if open_in_excel(target):
        raise UsageFailure("cli-open", file=target)
    if target.exists() and not target.stat().st_mode & ANYBODY_WRITES:
        raise UsageFailure("cli-not-writable", file=target)
    return target


def _same(first: Path, second: Path) -> bool:
    """Whether two names mean one file."""
    return second.exists() and first.samefile(second)
