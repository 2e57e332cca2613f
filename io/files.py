"""Whole files or none: a temporary file beside the target, then a rename; backups; books open in Excel."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def whole_file(target: Path) -> Iterator[Path]:
    """A temporary path to write to; it takes the target's place if nothing goes wrong, and is gone otherwise.

    Raises OSError like any write."""
    handle, name = tempfile.mkstemp(prefix=f".{target.stem[:40]}-", suffix=target.suffix, dir=target.parent)
    os.close(handle)
    temporary = Path(name)
    try:
        yield temporary
        if target.exists():
            shutil.copymode(target, temporary)
        else:
            temporary.chmod(0o666 & ~_umask())
        temporary.replace(target)
    finally:
        temporary.unlink(missing_ok=True)


def _umask() -> int:
    """The process's file mode mask."""
    mask = os.umask(0)
    os.umask(mask)
    return mask


def back_up(path: Path) -> Path:
    """A copy of a file as NAME.bak beside it. Raises OSError."""
    backup = path.with_name(path.name + ".bak")
    with whole_file(backup) as temporary:
        shutil.copyfile(path, temporary)
    return backup


def open_in_excel(path: Path) -> bool:
    """Whether Excel's or WPS's lock file says that a book is open."""
    return any(path.with_name(prefix + path.name[cut:]).exists() for prefix, cut in (("~$", 0), ("~$", 2), (".~", 0)))
