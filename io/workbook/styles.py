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
        self._cells: dict[int, int] = {}
        self._differential: dict[int, int] = {}
        self._merged = own is not None
        if own is None:
            return
        moved = {name: self._append(name, _entries(fresh, name)) for name in ("fonts", "fills", "borders")}
        formats = self._number_formats(fresh)
        cells = [self._moved_cell(xf, moved, formats) for xf in _entries(fresh, "cellXfs")]
        self._cells = self._append("cellXfs", cells)
        self._differential = self._append("dxfs", [_with_formats(one, formats) for one in _entries(fresh, "dxfs")])

    @staticmethod
    def _moved_cell(xf: etree._Element, moved: dict[str, dict[int, int]], formats: dict[str, str]) -> etree._Element:
        """A fresh cell format in terms of the merged lists."""
        copied = deepcopy(xf)
        for key, name in (("fontId", "fonts"), ("fillId", "fills"), ("borderId", "borders")):
            copied.set(key, str(moved[name].get(int(copied.get(key, "0")), 0)))
        number = copied.get("numFmtId", "0")
        copied.set("numFmtId", formats.get(number, number))
        copied.set("xfId", "0")
        return copied

    def apply(self, root: etree._Element) -> None:
        """Moves the references of a fresh sheet or table."""
        if not self._merged:
            return
        for element in root.iter():
            if not isinstance(element.tag, str):
                continue
            name = etree.QName(element).localname
            if name == "c" or (name == "row" and element.get("s") is not None):
                element.set("s", self._cell(element.get("s", "0")))
            elif name == "col" and element.get("style") is not None:
                element.set("style", self._cell(element.get("style", "0")))
            for key in ("dxfId", "headerRowDxfId", "dataDxfId", "totalsRowDxfId"):
                if element.get(key) is not None:
                    number = int(element.get(key, "0"))
                    element.set(key, str(self._differential.get(number, number)))

    def _cell(self, style: str) -> str:
        """A fresh cell format's number in the merged list."""
        return str(self._cells.get(int(style), int(style)))

    def _append(self, name: str, fresh: list[etree._Element]) -> dict[int, int]:
        """Adds entries to a list, unless it has them already: a book that is planned every day must not grow. Gives old
        number → new number."""
        own = self._list(name)
        known: dict[bytes, int] = {}
        for number, entry in enumerate(own):
            known.setdefault(_spelled(entry), number)
        moved = {}
        for number, entry in enumerate(fresh):
            key = _spelled(entry)
            if key not in known:
                known[key] = len(own)
                own.append(deepcopy(entry))
            moved[number] = known[key]
        own.set("count", str(len(own)))
        return moved

    def _number_formats(self, fresh: etree._Element) -> dict[str, str]:
        """Adds the fresh number formats, unless they are there; gives old id → new id."""
        entries = _entries(fresh, "numFmts")
        if not entries:
            return {}
        own = self._list("numFmts")
        known = {entry.get("formatCode", ""): entry.get("numFmtId", "") for entry in reversed(own)}
        next_id = max([*(int(entry.get("numFmtId", "0")) for entry in own), FIRST_CUSTOM - 1]) + 1
        moved = {}
        for entry in entries:
            code = entry.get("formatCode", "")
            if code not in known:
                copied = deepcopy(entry)
                copied.set("numFmtId", str(next_id))
                own.append(copied)
                known[code] = str(next_id)
                next_id += 1
            moved[entry.get("numFmtId", "")] = known[code]
        own.set("count", str(len(own)))
        return moved

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


def _with_formats(entry: etree._Element, formats: dict[str, str]) -> etree._Element:
    """A differential format with the merged number formats."""
    copied = deepcopy(entry)
    for number in copied.iter(_tag("numFmt")):
        number.set("numFmtId", formats.get(number.get("numFmtId", ""), number.get("numFmtId", "")))
    return copied


def _spelled(entry: etree._Element) -> bytes:
    """How an entry is written, whatever namespaces and spaces stand around it."""
    alone = deepcopy(entry)
    alone.tail = None
    return etree.tostring(alone, method="c14n", exclusive=True)
