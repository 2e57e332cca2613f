"""Notes of a sheet's cells that the planner writes into a coordinator's book, beside those that are there.

A note is a comment in one part and a box in another (legacy drawing); both are made where a sheet has none. Notes of
others are never touched.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Mapping

from lxml import etree

from auditplan.io.workbook import package_parts as parts
from auditplan.io.workbook.output.context import safe
from auditplan.io.workbook.read_cells import column_number

AUTHOR = "auditplan"
OFFICE, EXCEL = "urn:schemas-microsoft-com:office:office", "urn:schemas-microsoft-com:office:excel"
VML = "urn:schemas-microsoft-com:vml"
LATER = ("legacyDrawingHF", "drawingHF", "picture", "oleObjects", "controls", "webPublishItems", "tableParts", "extLst")
"""What follows `legacyDrawing` in a sheet."""
_EMPTY_DRAWING = (
    f'<xml xmlns:v="{VML}" xmlns:o="{OFFICE}" xmlns:x="{EXCEL}">'
    '<o:shapelayout v:ext="edit"><o:idmap v:ext="edit" data="1"/></o:shapelayout>'
    '<v:shapetype id="_x0000_t202" coordsize="21600,21600" o:spt="202" path="m,l,21600r21600,l21600,xe">'
    '<v:stroke joinstyle="miter"/><v:path gradientshapeok="t" o:connecttype="rect"/></v:shapetype></xml>'
)
_BOX = (
    '<v:shape xmlns:v="{v}" xmlns:o="{o}" xmlns:x="{x}" id="_x0000_s{number}" type="#_x0000_t202" '
    'style="position:absolute;width:260pt;height:{height}pt;z-index:{number};visibility:hidden" fillcolor="#ffffe1" '
    'o:insetmode="auto"><v:fill color2="#ffffe1"/><v:shadow on="t" color="black" obscured="t"/>'
    '<v:path o:connecttype="none"/><v:textbox style="mso-direction-alt:auto"><div style="text-align:left"/></v:textbox>'
    '<x:ClientData ObjectType="Note"><x:MoveWithCells/><x:SizeWithCells/>'
    "<x:Anchor>{left}, 15, {top}, 2, {right}, 15, {bottom}, 4</x:Anchor><x:AutoFill>False</x:AutoFill>"
    "<x:Row>{row}</x:Row><x:Column>{column}</x:Column></x:ClientData></v:shape>"
)


def write_notes(package: parts.Package, part: str, page: etree._Element, notes: Mapping[str, str]) -> None:
    """Puts notes (cell → text) on a sheet. page: the root of its part, written back by whoever calls. A sheet whose
    drawing cannot be read keeps it, and gets no notes."""
    if not notes:
        return
    relations = _Relations(package, part)
    drawing_part = relations.target("vmlDrawing")
    try:
        drawing = parts.parse(package.read(drawing_part) if drawing_part else _EMPTY_DRAWING.encode())
    except etree.XMLSyntaxError:
        return
    comments_part = relations.target("comments")
    root = parts.parse(package.read(comments_part)) if comments_part else _new_comments()
    put = _merged(root, notes)
    _boxes(drawing, put)
    package.changed[comments_part or relations.add("comments")] = parts.serialise(root)
    package.changed[drawing_part or relations.add("vmlDrawing", page)] = parts.serialise(drawing)
    relations.finish()


def read_notes(package: parts.Package, part: str) -> dict[str, str]:
    """The planner's own notes on a sheet: cell → text."""
    comments_part = _Relations(package, part).target("comments")
    if not comments_part:
        return {}
    root = parts.parse(package.read(comments_part))
    own = _author(root)
    return {
        comment.get("ref", ""): "".join(text.text or "" for text in comment.iter("{*}t"))
        for comment in root.iter("{*}comment")
        if comment.get("authorId") == own
    }


def _new_comments() -> etree._Element:
    """A part of comments without any."""
    root = etree.Element(f"{{{parts.MAIN}}}comments", nsmap={None: parts.MAIN})
    etree.SubElement(root, f"{{{parts.MAIN}}}authors")
    etree.SubElement(root, f"{{{parts.MAIN}}}commentList")
    return root


def _author(root: etree._Element) -> str:
    """The number of the planner among the authors; "" where it is none of them."""
    names = [author.text for author in root.iter("{*}author")]
    return str(names.index(AUTHOR)) if AUTHOR in names else ""


def _merged(root: etree._Element, notes: Mapping[str, str]) -> list[str]:
    """Writes the texts; gives the cells that need a box. A cell with somebody else's note keeps it."""
    space = etree.QName(root).namespace or parts.MAIN
    own = _author(root)
    if not own:
        authors = root.find(f"{{{space}}}authors")
        assert authors is not None
        etree.SubElement(authors, f"{{{space}}}author").text = AUTHOR
        own = _author(root)
    entries = root.find(f"{{{space}}}commentList")
    assert entries is not None
    there = {comment.get("ref"): comment for comment in entries}
    new = []
    for cell, text in notes.items():
        comment = there.get(cell)
        if comment is None:
            comment = etree.SubElement(entries, f"{{{space}}}comment", ref=cell, authorId=own)
            new.append(cell)
        elif comment.get("authorId") != own:
            continue
        for child in list(comment):
            comment.remove(child)
        shown = etree.SubElement(etree.SubElement(comment, f"{{{space}}}text"), f"{{{space}}}t")
        shown.text = safe(text)
        shown.set("{http://www.w3.org/XML/1998/namespace}space", "preserve")
    return new


def _boxes(drawing: etree._Element, cells: list[str]) -> None:
    """A hidden box for each new note."""
    taken = [int(number) for number in re.findall(rb"_x0000_s(\d+)", etree.tostring(drawing))]
    number = max(taken, default=1024)
    for cell in cells:
        number += 1
        column, row = column_number(cell.rstrip("0123456789")) - 1, int(cell.lstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZ")) - 1
        box = _BOX.format(
            v=VML,
            o=OFFICE,
            x=EXCEL,
            number=number,
            height=90,
            left=column + 1,
            right=column + 5,
            top=max(0, row - 1),
            bottom=row + 5,
            row=row,
            column=column,
        )
        drawing.append(parts.parse(box.encode()))


class _Relations:
    """The relationships of a sheet's part."""

    def __init__(self, package: parts.Package, part: str) -> None:
        """Reads them, where there are any."""
        self._package, self._part = package, part
        folder, name = posixpath.split(part)
        self._path = f"{folder}/_rels/{name}.rels"
        self._changed = False
        if self._path in package.names():
            self._root = parts.parse(package.read(self._path))
        else:
            self._root = etree.Element(f"{{{parts.PACKAGE}}}Relationships", nsmap={None: parts.PACKAGE})

    def target(self, kind: str) -> str:
        """The part of a kind; "" for none."""
        for relation in self._root:
            if (relation.get("Type") or "").endswith(f"/{kind}"):
                target = relation.get("Target", "")
                folder = posixpath.dirname(self._part)
                return target[1:] if target.startswith("/") else posixpath.normpath(posixpath.join(folder, target))
        return ""

    def add(self, kind: str, page: etree._Element | None = None) -> str:
        """A new part; page: the sheet, which names its legacy drawing."""
        pattern, number = "xl/drawings/auditplan{}.vml" if kind == "vmlDrawing" else "xl/comments/auditplan{}.xml", 1
        while pattern.format(number) in self._package.names():
            number += 1
        part = pattern.format(number)
        taken = {relation.get("Id") for relation in self._root}
        identity = next(f"rId{number}" for number in range(1, len(taken) + 2) if f"rId{number}" not in taken)
        target = posixpath.relpath(part, posixpath.dirname(self._part))
        etree.SubElement(
            self._root,
            f"{{{parts.PACKAGE}}}Relationship",
            Id=identity,
            Type=f"{parts.RELATION}/{kind}",
            Target=target,
        )
        parts.declare_in(self._package, part, parts.NOTES_TYPES[kind])
        if page is not None:
            _legacy(page, identity)
        self._changed = True
        return part

    def finish(self) -> None:
        """Writes them back, if there are new ones."""
        if self._changed:
            self._package.changed[self._path] = parts.serialise(self._root)


def _legacy(page: etree._Element, identity: str) -> None:
    """Names the legacy drawing in a sheet, where the schema wants it."""
    space = etree.QName(page).namespace or parts.MAIN
    element = etree.Element(f"{{{space}}}legacyDrawing")
    element.set(f"{{{parts.RELATION}}}id", identity)
    after = next((child for child in page if etree.QName(child).localname in LATER), None)
    if after is None:
        page.append(element)
    else:
        after.addprevious(element)
