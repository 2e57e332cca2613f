"""The file itself, before anything in it is believed: kind, size, hostile parts."""

from __future__ import annotations

import re
import zipfile
from pathlib import Path

from auditplan.io.workbook.errors import WorkbookError

LARGEST_FILE = 200 * 2**20
LARGEST_PART = 600 * 2**20
LARGEST_RATIO = 400
MOST_PARTS = 5000
"""Limits of a workbook: bytes on disk, bytes of a part unpacked, packing ratio of a part, number of parts."""

READABLE = {".xlsx", ".xlsm"}
_OLE = b"\xd0\xcf\x11\xe0"
_HOSTILE = re.compile(rb"<!(DOCTYPE|ENTITY)", re.IGNORECASE)


def open_package(path: Path) -> zipfile.ZipFile:
    """The package of a workbook, opened for reading.

    Raises WorkbookError for anything that is not a sound .xlsx or .xlsm file."""
    if path.suffix.lower() not in READABLE:
        raise WorkbookError("file-format", file=path.name, suffix=path.suffix or "–")
    if not path.is_file():
        raise WorkbookError("file-missing", file=path.name)
    if path.stat().st_size > LARGEST_FILE:
        raise WorkbookError("file-too-large", file=path.name, limit=LARGEST_FILE // 2**20)
    with path.open("rb") as stream:
        if stream.read(4) == _OLE:
            raise WorkbookError("file-encrypted", file=path.name)
    try:
        package = zipfile.ZipFile(path)
    except (zipfile.BadZipFile, OSError) as error:
        raise WorkbookError("file-damaged", file=path.name) from error
    try:
        _check(package, path)
    except BaseException:
        package.close()
        raise
    return package


def _check(package: zipfile.ZipFile, path: Path) -> None:
    """Sizes, entities and the parts that every workbook has."""
    parts = package.infolist()
    if len(parts) > MOST_PARTS:
        raise WorkbookError("file-too-large", file=path.name, limit=MOST_PARTS)
    for part in parts:
        ratio = part.file_size / max(part.compress_size, 1)
        if part.file_size > LARGEST_PART or (part.file_size > 2**20 and ratio > LARGEST_RATIO):
            raise WorkbookError("file-bomb", file=path.name, part=part.filename)
    names = {part.filename for part in parts}
    if "xl/workbook.xml" not in names or "[Content_Types].xml" not in names:
        raise WorkbookError("file-damaged", file=path.name)
    for part in parts:
        if part.filename.endswith((".xml", ".rels")):
            try:
                with package.open(part) as stream:
                    head = stream.read(4096)
            except (zipfile.BadZipFile, OSError, RuntimeError, EOFError, NotImplementedError) as error:
                raise WorkbookError("file-damaged", file=path.name) from error
            if _HOSTILE.search(head):
                raise WorkbookError("file-hostile", file=path.name, part=part.filename)
    if b"purl.oclc.org/ooxml" in package.read("xl/workbook.xml"):
        raise WorkbookError("file-strict", file=path.name)
