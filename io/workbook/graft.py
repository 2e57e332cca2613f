"""Grafting: sheets of a fresh workbook become sheets of another package, every other part of which stays byte for
byte. Only the list of sheets, its relationships, the content types and the styles of the package change."""

from __future__ import annotations

import posixpath
import zipfile
from collections.abc import Sequence
from copy import deepcopy
from pathlib import Path

from lxml import etree

from auditplan.io.workbook.errors import WorkbookError
from auditplan.io.workbook.package_parts import CONTENT, NOTES_TYPES, declare
from auditplan.io.workbook.package_parts import MAIN as MAIN
from auditplan.io.workbook.package_parts import PACKAGE as PACKAGE
from auditplan.io.workbook.package_parts import RELATION as RELATION
from auditplan.io.workbook.package_parts import Package as Package
from auditplan.io.workbook.package_parts import parse as parse
from auditplan.io.workbook.package_parts import serialise as serialise
from auditplan.io.workbook.read_spelling import fold
from auditplan.io.workbook.styles import StyleMerge

SHEET_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"
TABLE_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.table+xml"
STYLES_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.styles+xml"
_BOOK, _BOOK_RELS = "xl/workbook.xml", "xl/_rels/workbook.xml.rels"


def graft(
    source: Path, fresh: Path, target: Path, replaced: Sequence[str], *, state: str = "", hidden: Sequence[str] = ()
) -> None:
    """Copies `source` to `target` with every sheet of `fresh` in it. Sheets named in `replaced` (whatever the letter
    case) are taken out first. state: "hidden" or "veryHidden" for sheets that are not shown; hidden: names of sheets
    that are very hidden whatever `state` says.

    Raises WorkbookError for a package that must not or cannot be written."""
    if not zipfile.is_zipfile(source):
        raise WorkbookError("file-damaged", file=source.name)
    with zipfile.ZipFile(source) as package, zipfile.ZipFile(fresh) as scion:
        if _BOOK not in package.namelist():
            raise WorkbookError("file-damaged", file=source.name)
        if any(name.startswith("_xmlsignatures/") for name in package.namelist()):
            raise WorkbookError("file-signed", file=source.name)
        _Graft(Package(package), scion, {fold(name) for name in replaced}, state, frozenset(hidden)).run().write(target)


class _Graft:
    """One grafting."""

    def __init__(
        self, package: Package, scion: zipfile.ZipFile, replaced: set[str], state: str, hidden: frozenset[str]
    ) -> None:
        """Reads the parts that will change."""
        self._hidden = hidden
        self._package, self._scion, self._replaced, self._state = package, scion, replaced, state
        self._book = parse(package.read(_BOOK))
        self._rels = parse(package.read(_BOOK_RELS))
        self._types = parse(package.read(CONTENT))
        self._fresh_book = parse(scion.read(_BOOK))
        self._strings = self._shared_strings()

    def run(self) -> Package:
        """Takes out, puts in, writes back."""
        indices = self._take_out()
        self._styles = self._merge_styles()
        added = self._put_in()
        self._defined_names(indices, added)
        for name, root in ((_BOOK, self._book), (_BOOK_RELS, self._rels), (CONTENT, self._types)):
            self._package.changed[name] = serialise(root)
        return self._package

    def _sheets(self) -> etree._Element:
        """The list of sheets."""
        found = self._book.find(f"{{{MAIN}}}sheets")
        assert found is not None
        return found

    def _take_out(self) -> dict[int, int]:
        """Removes the sheets to be replaced; gives old index → new index of those that stay."""
        indices: dict[int, int] = {}
        for old, sheet in enumerate(list(self._sheets())):
            if fold(sheet.get("name", "")) in self._replaced:
                self._remove_sheet(sheet)
            else:
                indices[old] = len(indices)
        for view in self._book.iter(f"{{{MAIN}}}workbookView"):
            for key in ("activeTab", "firstSheet"):
                if view.get(key) is not None:
                    view.set(key, str(indices.get(int(view.get(key, "0")), 0)))
        return indices

    def _remove_sheet(self, sheet: etree._Element) -> None:
        """Removes a sheet with its part and its tables."""
        identity = sheet.get(f"{{{RELATION}}}id")
        self._sheets().remove(sheet)
        for relation in list(self._rels):
            if relation.get("Id") == identity:
                self._rels.remove(relation)
                self._remove_part(_resolved("xl/workbook.xml", relation.get("Target", "")))

    def _remove_part(self, name: str) -> None:
        """Removes a part, and the tables and comments that only it refers to."""
        rels = _rels_of(name)
        if rels in self._package.names():
            for relation in parse(self._package.read(rels)):
                kind = (relation.get("Type") or "").rsplit("/", 1)[-1]
                if kind in {"table", "comments", "vmlDrawing"}:
                    self._remove_part(_resolved(name, relation.get("Target", "")))
            self._package.removed.add(rels)
        self._package.removed.add(name)
        for override in list(self._types):
            if override.get("PartName") == "/" + name:
                self._types.remove(override)

    def _merge_styles(self) -> StyleMerge:
        """Adds the fresh styles to the package's."""
        fresh = parse(self._scion.read("xl/styles.xml"))
        name = self._styles_part()
        own = None if name is None else parse(self._package.read(name))
        merge = StyleMerge(own, fresh)
        if name is None:
            name = "xl/styles.xml"
            self._relate(f"{RELATION}/styles", "styles.xml")
            self._declare(name, STYLES_TYPE)
        self._package.changed[name] = serialise(merge.root)
        return merge

    def _styles_part(self) -> str | None:
        """The part of the package's styles."""
        for relation in self._rels:
            if (relation.get("Type") or "").endswith("/styles"):
                return _resolved(_BOOK, relation.get("Target", ""))
        return None

    def _put_in(self) -> list[tuple[int, int]]:
        """Adds every fresh sheet; gives pairs of fresh index and new index."""
        pairs = []
        sheets = self._fresh_book.find(f"{{{MAIN}}}sheets")
        identities = [int(sheet.get("sheetId", "0")) for sheet in self._sheets()]
        next_id = max(identities, default=0) + 1
        for number, sheet in enumerate(sheets if sheets is not None else ()):
            part = self._free_name("xl/worksheets/auditplan{}.xml", number + 1)
            root = self._sheet_root(f"xl/worksheets/sheet{number + 1}.xml")
            self._tables(number, part)
            self._package.changed[part] = serialise(root)
            self._declare(part, SHEET_TYPE)
            identity = self._relate(f"{RELATION}/worksheet", part.removeprefix("xl/"))
            element = etree.SubElement(self._sheets(), f"{{{MAIN}}}sheet")
            element.set("name", sheet.get("name", ""))
            element.set("sheetId", str(next_id + number))
            element.set(f"{{{RELATION}}}id", identity)
            state = "veryHidden" if sheet.get("name", "") in self._hidden else self._state
            if state:
                element.set("state", state)
            pairs.append((number, len(self._sheets()) - 1))
        return pairs

    def _sheet_root(self, name: str) -> etree._Element:
        """A fresh sheet with the package's styles and its strings inside."""
        root = parse(self._scion.read(name))
        for view in root.iter(f"{{{MAIN}}}sheetView"):
            view.attrib.pop("tabSelected", None)
        self._styles.apply(root)
        for cell in root.iter(f"{{{MAIN}}}c"):
            if cell.get("t") == "s":
                value = cell.find(f"{{{MAIN}}}v")
                assert value is not None
                text = self._strings[int(value.text or "0")]
                cell.remove(value)
                cell.set("t", "inlineStr")
                inline = etree.SubElement(cell, f"{{{MAIN}}}is")
                inline.extend(deepcopy(child) for child in text)
        return root

    def _tables(self, number: int, part: str) -> None:
        """The tables of a fresh sheet, under free ids and names."""
        rels = f"xl/worksheets/_rels/sheet{number + 1}.xml.rels"
        if rels not in self._scion.namelist():
            return
        relations = parse(self._scion.read(rels))
        for relation in relations:
            kind = (relation.get("Type") or "").rsplit("/", 1)[-1]
            source = _resolved(f"xl/worksheets/sheet{number + 1}.xml", relation.get("Target", ""))
            if kind in NOTES_TYPES:
                self._note_part(relation, kind, source, number)
            if kind != "table":
                continue
            table = parse(self._scion.read(source))
            ids, names = self._taken_tables()
            table.set("id", str(max(ids, default=0) + 1))
            name = table.get("displayName", "auditplan")
            while fold(name) in names:
                name += "_"
            table.set("name", name)
            table.set("displayName", name)
            self._styles.apply(table)
            target = self._free_name("xl/tables/auditplan{}.xml", number + 1)
            self._package.changed[target] = serialise(table)
            self._declare(target, TABLE_TYPE)
            relation.set("Target", posixpath.relpath(target, "xl/worksheets"))
        self._package.changed[_rels_of(part)] = serialise(relations)

    def _note_part(self, relation: etree._Element, kind: str, source: str, number: int) -> None:
        """A part of a fresh sheet's notes, as it is."""
        pattern = "xl/drawings/auditplan{}.vml" if kind == "vmlDrawing" else "xl/comments/auditplan{}.xml"
        target = self._free_name(pattern, number + 1)
        self._package.changed[target] = self._scion.read(source)
        declare(self._types, target, NOTES_TYPES[kind])
        relation.set("Target", posixpath.relpath(target, "xl/worksheets"))

    def _taken_tables(self) -> tuple[set[int], set[str]]:
        """Ids and names of tables, and names defined, in the package as it stands."""
        ids: set[int] = set()
        names = {fold(name.get("name", "")) for name in self._book.iter(f"{{{MAIN}}}definedName")}
        for part in self._package.names():
            if part.startswith("xl/tables/") and part.endswith(".xml"):
                root = parse(self._package.read(part))
                ids.add(int(root.get("id", "0")))
                names |= {fold(root.get("displayName", "")), fold(root.get("name", ""))}
        return ids, names

    def _shared_strings(self) -> list[etree._Element]:
        """The fresh workbook's strings."""
        if "xl/sharedStrings.xml" not in self._scion.namelist():
            return []
        return list(parse(self._scion.read("xl/sharedStrings.xml")))

    def _free_name(self, pattern: str, number: int) -> str:
        """A part name that is not taken."""
        taken = set(self._package.names())
        while pattern.format(number) in taken:
            number += 100
        return pattern.format(number)

    def _relate(self, kind: str, target: str) -> str:
        """A new relationship of the workbook; gives its id."""
        taken = {relation.get("Id") for relation in self._rels}
        number = len(taken) + 1
        while f"rId{number}" in taken:
            number += 1
        etree.SubElement(self._rels, f"{{{PACKAGE}}}Relationship", Id=f"rId{number}", Type=kind, Target=target)
        return f"rId{number}"

    def _declare(self, part: str, kind: str) -> None:
        """The content type of a new part."""
        declare(self._types, part, kind)

    def _defined_names(self, indices: dict[int, int], added: list[tuple[int, int]]) -> None:
        """Names that belong to a sheet follow it to its new place; those of the fresh sheets are added."""
        names = self._book.find(f"{{{MAIN}}}definedNames")
        for name in list(names) if names is not None else ():
            local = name.get("localSheetId")
            if local is None:
                continue
            if int(local) in indices:
                name.set("localSheetId", str(indices[int(local)]))
            else:
                _detach(name)
        fresh = list(self._fresh_book.iter(f"{{{MAIN}}}definedName"))
        if fresh and names is None:
            names = etree.Element(f"{{{MAIN}}}definedNames")
            self._place_names(names)
        places = dict(added)
        for name in fresh:
            copied = deepcopy(name)
            copied.set("localSheetId", str(places[int(name.get("localSheetId", "0"))]))
            assert names is not None
            names.append(copied)
        if names is not None and not len(names):
            _detach(names)

    def _place_names(self, names: etree._Element) -> None:
        """Puts the list of names where the schema wants it: after sheets and references to other books."""
        anchor = self._sheets()
        for tag in ("functionGroups", "externalReferences"):
            found = self._book.find(f"{{{MAIN}}}{tag}")
            anchor = found if found is not None else anchor
        anchor.addnext(names)


def _detach(element: etree._Element) -> None:
    """Takes an element out of its parent."""
    parent = element.getparent()
    assert parent is not None
    parent.remove(element)


def _resolved(owner: str, target: str) -> str:
    """A relationship's target as a part name."""
    if target.startswith("/"):
        return target[1:]
    return posixpath.normpath(posixpath.join(posixpath.dirname(owner), target))


def _rels_of(part: str) -> str:
    """The part that holds another's relationships."""
    folder, name = posixpath.split(part)
    return f"{folder}/_rels/{name}.rels"
