"""The parts of a workbook's package: reading, changing and writing them, all others byte for byte."""

from __future__ import annotations

import zipfile
from dataclasses import dataclass, field
from pathlib import Path

from lxml import etree

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
RELATION = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006/relationships"
TYPES = "http://schemas.openxmlformats.org/package/2006/content-types"
NOTES_TYPES = {
    "comments": "application/vnd.openxmlformats-officedocument.spreadsheetml.comments+xml",
    "vmlDrawing": "application/vnd.openxmlformats-officedocument.vmlDrawing",
}
"""Content types of the two parts that notes are made of."""
STAMP = (2026, 1, 1, 0, 0, 0)
"""Time of the parts that are written, the same every time."""

CONTENT = "[Content_Types].xml"


def parse(data: bytes) -> etree._Element:
    """XML without entities or network."""
    parser = etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=True, remove_blank_text=False)
    return etree.fromstring(data, parser)


def serialise(root: etree._Element) -> bytes:
    """XML as a part of a package."""
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True)


@dataclass(slots=True)
class Package:
    """The parts of a package by name, in order, with what was changed, added and removed."""

    source: zipfile.ZipFile
    changed: dict[str, bytes] = field(default_factory=dict)
    removed: set[str] = field(default_factory=set)

    def read(self, name: str) -> bytes:
        """A part as it stands."""
        return self.changed[name] if name in self.changed else self.source.read(name)

    def names(self) -> list[str]:
        """Every part, those added last."""
        own = [info.filename for info in self.source.infolist() if info.filename not in self.removed]
        return own + [name for name in self.changed if name not in own]

    def write(self, target: Path) -> None:
        """Writes the package; parts that did not change keep their bytes, order and time."""
        with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as out:
            for info in self.source.infolist():
                if info.filename in self.removed:
                    continue
                data = self.read(info.filename)
                copied = zipfile.ZipInfo(info.filename, info.date_time)
                copied.compress_type = zipfile.ZIP_STORED if info.is_dir() else zipfile.ZIP_DEFLATED
                copied.external_attr = info.external_attr
                out.writestr(copied, data)
            present = {info.filename for info in self.source.infolist()} - self.removed
            for name, data in self.changed.items():
                if name not in present:
                    added = zipfile.ZipInfo(name, STAMP)
                    added.compress_type = zipfile.ZIP_DEFLATED
                    out.writestr(added, data)


def declare(types: etree._Element, part: str, kind: str) -> None:
    """The content type of a new part; that of drawings goes by their ending."""
    if not part.endswith(".vml"):
        etree.SubElement(types, f"{{{TYPES}}}Override", PartName="/" + part, ContentType=kind)
    elif not any(entry.get("Extension", "").lower() == "vml" for entry in types):
        types.insert(0, etree.Element(f"{{{TYPES}}}Default", Extension="vml", ContentType=kind))


def declare_in(package: Package, part: str, kind: str) -> None:
    """The content type of a new part, in the package's own list."""
    types = parse(package.read(CONTENT))
    declare(types, part, kind)
    package.changed[CONTENT] = serialise(types)
