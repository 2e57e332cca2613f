"""Styles of two workbooks in one: those of the fresh one are added behind, and references to them moved."""

from __future__ import annotations

from copy import deepcopy

from lxml import etree

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_ORDER = (
    "numFmts",
    "fonts",
    "fills",
    "borders",
    "cellStyleXfs",
    "cellXfs",
    "cellStyles",
    "dxfs",
    "tableStyles",
    "colors",
    "extLst",
)
FIRST_CUSTOM = 164
"""Number formats from here on are a workbook's own."""


class StyleMerge:
    """The merged styles, in `root`."""

    def __init__(self, own: etree._Element | None, fresh: etree._Element) -> None:
        """Adds the fresh styles to the own ones; without own ones the fresh ones stand as they are."""
        self.root = deepcopy(fresh) if own is None else own
        self._cells = self._differential = 0
        if own is None:
            return
        moved = {name: self._append(name, fresh) for name in ("fonts", "fills", "borders")}
        formats = self._number_formats(fresh)
        self._cells = self._count("cellXfs")
        cells = self._list("cellXfs")
        for xf in _entries(fresh, "cellXfs"):
            copied = deepcopy(xf)
            for key, name in (("fontId", "fonts"), ("fillId", "fills"), ("borderId", "borders")):
                copied.set(key, str(int(copied.get(key, "0")) + moved[name]))
            number = copied.get("numFmtId", "0")
            copied.set("numFmtId", formats.get(number, number))
            copied.set("xfId", "0")
            cells.append(copied)
        cells.set("count", str(len(cells)))
        self._differential = self._differential_formats(fresh, formats)

    def apply(self, root: etree._Element) -> None:
        """Moves the references of a fresh sheet or table."""
        for element in root.iter():
            if not isinstance(element.tag, str):
                continue
            name = etree.QName(element).localname
            if name in {"c", "row"} and element.get("s") is not None:
                element.set("s", str(int(element.get("s", "0")) + self._cells))
            elif name == "c":
                element.set("s", str(self._cells))
            elif name == "col" and element.get("style") is not None:
                element.set("style", str(int(element.get("style", "0")) + self._cells))
            for key in ("dxfId", "headerRowDxfId", "dataDxfId", "totalsRowDxfId"):
                if element.get(key) is not None:
                    element.set(key, str(int(element.get(key, "0")) + self._differential))

    def _append(self, name: str, fresh: etree._Element) -> int:
        """Adds the fresh entries of a list; gives how far they moved."""
        own = self._list(name)
        start = len(own)
        for entry in _entries(fresh, name):
            own.append(deepcopy(entry))
        own.set("count", str(len(own)))
        return start

    def _number_formats(self, fresh: etree._Element) -> dict[str, str]:
        """Adds the fresh number formats; gives old id → new id."""
        entries = _entries(fresh, "numFmts")
        if not entries:
            return {}
        own = self._list("numFmts")
        taken = [int(entry.get("numFmtId", "0")) for entry in own]
        next_id = max([*taken, FIRST_CUSTOM - 1]) + 1
        moved = {}
        for entry in entries:
            copied = deepcopy(entry)
            moved[entry.get("numFmtId", "")] = str(next_id)
            copied.set("numFmtId", str(next_id))
            own.append(copied)
            next_id += 1
        own.set("count", str(len(own)))
        return moved

    def _differential_formats(self, fresh: etree._Element, formats: dict[str, str]) -> int:
        """Adds the fresh differential formats; gives how far they moved."""
        start = self._append("dxfs", fresh)
        for entry in list(self._list("dxfs"))[start:]:
            for number in entry.iter(_tag("numFmt")):
                number.set("numFmtId", formats.get(number.get("numFmtId", ""), number.get("numFmtId", "")))
        return start

    def _count(self, name: str) -> int:
        """Entries of an own list."""
        return len(self._list(name))

    def _list(self, name: str) -> etree._Element:
        """An own list, made in its place if there is none."""
        found = self.root.find(_tag(name))
        if found is not None:
            return found
        made = etree.Element(_tag(name))
        later = _ORDER[_ORDER.index(name) + 1 :]
        for element in self.root:
            if isinstance(element.tag, str) and etree.QName(element).localname in later:
                element.addprevious(made)
                return made
        self.root.append(made)
        return made


def _tag(name: str) -> str:
    """A name of the spreadsheet namespace."""
    return f"{{{MAIN}}}{name}"


def _entries(root: etree._Element, name: str) -> list[etree._Element]:
    """The entries of a list, none where there is no such list."""
    found = root.find(_tag(name))
    return [] if found is None else list(found)
