"""Whether a file is a workbook that can be read without harm: what is refused, and why.

A workbook is a zip of XML parts and comes from anywhere. Before any part is parsed, its size, its ratio and
its prolog are looked at. Limits are several times what the largest certification bodies keep.
"""

from __future__ import annotations

import zipfile
from pathlib import Path

MOST_BYTES = 800_000_000
"""Of all parts together, uncompressed."""
MOST_PARTS = 10_000
MOST_RATIO = 300
"""Uncompressed to compressed size of a part of more than RATIO_FROM bytes. Sheets reach 10 to 100."""
RATIO_FROM = 30_000_000
MOST_ROWS = 200_000
"""Filled rows of a sheet that is read."""
MOST_COLUMNS = 1_000
"""Filled columns of a sheet that is read."""

_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
_OTHER_FORMATS = frozenset({".xls", ".xlsb", ".ods", ".csv", ".tsv", ".et", ".ett", ".wps", ".numbers", ".xml"})
_CHUNK = 1 << 20
_FORBIDDEN = tuple(
    word.encode(coding) for word in ("<!DOCTYPE", "<!ENTITY") for coding in ("utf-8", "utf-16-le", "utf-16-be")
)


class UnreadableError(Exception):
    """A file that cannot be read as a workbook. code: of the message; parameters: what it names."""

    def __init__(self, code: str, **parameters: object) -> None:
        """Keeps both for the problem that is made of it."""
        super().__init__(code)
        self.code = code
        self.parameters = parameters


def open_package(path: Path) -> zipfile.ZipFile:
    """The workbook's package, found harmless. Raises UnreadableError."""
    name = path.name
    try:
        if not path.exists():
            raise UnreadableError("read-file-missing", file=name)
        if path.is_dir():
            raise UnreadableError("read-file-folder", file=name)
        with path.open("rb") as stream:
            _check_beginning(stream.read(_CHUNK), path)
        package = zipfile.ZipFile(path)
    except PermissionError as error:
        raise UnreadableError("read-file-forbidden", file=name) from error
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError) as error:
        raise UnreadableError("read-file-damaged", file=name) from error
    try:
        _check_sizes(package, name)
        _check_parts(package, name)
    except BaseException:
        package.close()
        raise
    return package


def read_part(package: zipfile.ZipFile, part: str, file: str) -> bytes:
    """The bytes of a part. Raises UnreadableError for one that is damaged or locked, KeyError for a missing
    one."""
    try:
        return package.read(part)
    except RuntimeError as error:
        raise UnreadableError("read-file-encrypted", file=file) from error
    except (zipfile.BadZipFile, OSError, EOFError, ValueError, NotImplementedError) as error:
        raise UnreadableError("read-file-damaged", file=file) from error
    except Exception as error:
        if isinstance(error, KeyError):
            raise
        raise UnreadableError("read-file-damaged", file=file) from error


def _check_beginning(beginning: bytes, path: Path) -> None:
    """Refuses what its first bytes or its extension show to be no workbook of the Open XML kind."""
    name, extension = path.name, path.suffix.lower()
    if not beginning:
        raise UnreadableError("read-file-empty", file=name)
    if beginning.startswith(_OLE):
        locked = _ENCRYPTED in beginning or (extension in {".xlsx", ".xlsm"} and _rest_has(path, _ENCRYPTED))
        code = "read-file-encrypted" if locked else "read-file-old-format"
        raise UnreadableError(code, file=name, extension=extension or "xls")
    if extension in _OTHER_FORMATS:
        raise UnreadableError("read-file-old-format", file=name, extension=extension)
    if not beginning.startswith(b"PK"):
        raise UnreadableError("read-file-not-workbook", file=name)


def _rest_has(path: Path, mark: bytes) -> bool:
    """Whether a file holds a mark anywhere in its first 64 MB."""
    with path.open("rb") as stream:
        return mark in stream.read(64 * _CHUNK)


def _check_sizes(package: zipfile.ZipFile, name: str) -> None:
    """Refuses a package with too many, too large or too densely packed parts."""
    parts = package.infolist()
    if len(parts) > MOST_PARTS:
        raise UnreadableError("read-file-too-large", file=name, what=f"{len(parts)} > {MOST_PARTS}")
    total = sum(part.file_size for part in parts)
    if total > MOST_BYTES:
        raise UnreadableError("read-file-too-large", file=name, what=f"{total:,} > {MOST_BYTES:,}")
    for part in parts:
        dense = part.file_size > MOST_RATIO * max(1, part.compress_size)
        if part.file_size > RATIO_FROM and dense:
            raise UnreadableError("read-file-too-large", file=name, what=part.filename)


def _check_parts(package: zipfile.ZipFile, name: str) -> None:
    """Refuses locked parts, another format in the same packing, and declarations of types or entities."""
    names = set(package.namelist())
    if "[Content_Types].xml" not in names:
        other = "mimetype" in names or "Index/Document.iwa" in names
        raise UnreadableError("read-file-old-format" if other else "read-file-not-workbook", file=name, extension="ods")
    if "xl/workbook.bin" in names:
        raise UnreadableError("read-file-old-format", file=name, extension="xlsb")
    for part in package.infolist():
        if part.flag_bits & 1:
            raise UnreadableError("read-file-encrypted", file=name)
        if part.filename.lower().endswith((".xml", ".rels")) and _declares(package, part.filename, name):
            raise UnreadableError("read-file-entities", file=name, part=part.filename)


def _declares(package: zipfile.ZipFile, part: str, file: str) -> bool:
    """Whether a part declares a document type or an entity, in any of the encodings of XML."""
    data = read_part(package, part, file)
    return any(word in data for word in _FORBIDDEN)
