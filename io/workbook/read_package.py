"""The parts of a workbook's package: its sheets, texts and number formats, as Excel, WPS and LibreOffice
write them (transitional and strict namespaces alike: only local names are looked at)."""

from __future__ import annotations

import posixpath
import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from auditplan.io.workbook.package_safety import UnreadableError, open_package, read_part

DATE, PERCENT = "date", "percent"
_ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")
_NOT_FORMAT = re.compile(r'"[^"]*"|\\.|_.|\*.|\[(?!h+\]|m+\]|s+\])[^\]]*\]', re.IGNORECASE)
_DATE_LETTERS = re.compile(r"[ymdhs]", re.IGNORECASE)
_BUILT_IN_DATES = frozenset((*range(14, 23), *range(27, 37), *range(45, 48), *range(50, 59)))
"""ECMA-376 18.8.30, with the formats that Chinese and other Asian editions add (27–36, 50–58)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Package:
    """An opened workbook. sheets: name and part of each worksheet, in the book's order. strings: the shared
    texts. formats: DATE, PERCENT or "" by cell style. date1904: whether days count from 1904."""

    file: str
    archive: zipfile.ZipFile
    sheets: tuple[tuple[str, str], ...]
    strings: tuple[str, ...]
    formats: tuple[str, ...]
    date1904: bool

    def read(self, part: str) -> bytes:
        """The bytes of a part. Raises UnreadableError."""
        try:
            return read_part(self.archive, part, self.file)
        except KeyError as error:
            raise UnreadableError("read-file-damaged", file=self.file) from error


def load_package(path: Path) -> Package:
    """Opens a workbook and reads all but its sheets. Raises UnreadableError."""
    archive = open_package(path)
    try:
        return _load(archive, path.name)
    except KeyError as error:
        archive.close()
        raise UnreadableError("read-file-damaged", file=path.name) from error
    except BaseException:
        archive.close()
        raise


def unescape(text: str) -> str:
    """A text with Excel's `_x000D_` escapes resolved."""
    return _ESCAPED.sub(lambda match: chr(int(match.group(1), 16)), text) if "_x" in text else text


def local(tag: object) -> str:
    """An element's name without its namespace; empty for comments and instructions."""
    return tag.rpartition("}")[2] if isinstance(tag, str) else ""


def text_of(element: Any) -> str:
    """The text of a shared or inline string: its runs, without phonetic hints."""
    parts: list[str] = []
    for child in element:
        name = local(child.tag)
        if name == "t":
            parts.append(child.text or "")
        elif name == "r":
            parts.extend(run.text or "" for run in child if local(run.tag) == "t")
    return unescape("".join(parts))


def parse_xml(data: bytes, file: str) -> Any:
    """The root of a part. Raises UnreadableError for XML that is damaged or declares a document type."""
    from lxml import etree

    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    try:
        root = etree.fromstring(data, parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise UnreadableError("read-file-damaged", file=file) from error
    if root is None:
        raise UnreadableError("read-file-damaged", file=file)
    if root.getroottree().docinfo.internalDTD is not None:
        raise UnreadableError("read-file-entities", file=file, part="")
    return root


def _load(archive: zipfile.ZipFile, file: str) -> Package:
    """Reads the workbook part and what it points to. Raises UnreadableError, KeyError for a missing part."""
    book = next((part for _, kind, part in _relations(archive, "", file) if kind == "officeDocument"), "")
    if not book:
        raise UnreadableError("read-file-not-workbook", file=file)
    relations = list(_relations(archive, book, file))
    targets = {identity: part for identity, kind, part in relations if kind == "worksheet"}
    parts = {kind: part for _, kind, part in relations}
    root = parse_xml(read_part(archive, book, file), file)
    if local(root.tag) != "workbook":
        raise UnreadableError("read-file-not-workbook", file=file)
    sheets = tuple(
        (element.get("name", ""), targets[identity])
        for element in root.iter("{*}sheet")
        if (identity := _relation_of(element)) in targets
    )
    return Package(
        file=file,
        archive=archive,
        sheets=sheets,
        strings=_strings(archive, parts.get("sharedStrings", ""), file),
        formats=_formats(archive, parts.get("styles", ""), file),
        date1904=any(item.get("date1904") in {"1", "true"} for item in root.iter("{*}workbookPr")),
    )


def _relation_of(element: Any) -> str:
    """The relation by which the workbook part names a sheet's part."""
    for name, text in element.attrib.items():
        if name.startswith("{") and local(name) == "id":
            return str(text)
    return ""


def _relations(archive: zipfile.ZipFile, part: str, file: str) -> Iterator[tuple[str, str, str]]:
    """Id, kind and target part of each relation of a part ("" for the package itself)."""
    folder, name = posixpath.split(part)
    path = posixpath.join(folder, "_rels", f"{name}.rels")
    if path not in archive.namelist():
        return
    for element in parse_xml(read_part(archive, path, file), file):
        if local(element.tag) != "Relationship" or element.get("TargetMode") == "External":
            continue
        target = element.get("Target", "")
        full = target.lstrip("/") if target.startswith("/") else posixpath.normpath(posixpath.join(folder, target))
        yield element.get("Id", ""), element.get("Type", "").rpartition("/")[2], full


def _strings(archive: zipfile.ZipFile, part: str, file: str) -> tuple[str, ...]:
    """The shared texts of a workbook."""
    if part not in archive.namelist():
        return ()
    root = parse_xml(read_part(archive, part, file), file)
    return tuple(text_of(item) for item in root if local(item.tag) == "si")


def _formats(archive: zipfile.ZipFile, part: str, file: str) -> tuple[str, ...]:
    """What each cell style shows a number as."""
    if part not in archive.namelist():
        return ()
    root = parse_xml(read_part(archive, part, file), file)
    own = {item.get("numFmtId", ""): item.get("formatCode", "") for item in root.iter("{*}numFmt")}
    for group in root:
        if local(group.tag) == "cellXfs":
            return tuple(_format(item.get("numFmtId", "0"), own) for item in group)
    return ()


def _format(identity: str, own: dict[str, str]) -> str:
    """DATE, PERCENT or "" of a number format."""
    code = own.get(identity)
    if code is None:
        number = int(identity) if identity.isdigit() else 0
        return DATE if number in _BUILT_IN_DATES else PERCENT if number in {9, 10} else ""
    bare = _NOT_FORMAT.sub("", code.partition(";")[0])
    if bare.strip().lower() == "general":
        return ""
    if _DATE_LETTERS.search(bare):
        return DATE
    return PERCENT if "%" in bare else ""
