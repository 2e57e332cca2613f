"""A coordinator's own book with everything in it, made by another library, is planned through the command line:
nothing but the planner's own parts changes, and LibreOffice opens what comes out."""

from __future__ import annotations

import shutil
import subprocess
import zipfile
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from auditplan.io.cli import main
from auditplan.io.workbook.schema import OUTPUT_SHEETS

OWN = {"xl/workbook.xml", "xl/_rels/workbook.xml.rels", "[Content_Types].xml", "xl/styles.xml"}
"""The workbook's own list of sheets, its relationships, the content types, the styles."""
PIXEL = bytes.fromhex(
    "89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c4890000000d49444154789c63000100000005"
    "00010d0a2db40000000049454e44ae426082"
)
MACROS = bytes.fromhex("d0cf11e0a1b11ae1") + bytes(range(256)) * 6
"""What stands for a project of macros: nobody but Excel reads it."""

THREAD, PERSONS = "xl/threadedComments/threadedComment1.xml", "xl/persons/person.xml"
THREADED = b'xmlns="http://schemas.microsoft.com/office/spreadsheetml/2018/threadedcomments"'
WHO = b"{11111111-2222-3333-4444-555555555555}"
THREAD_XML = (
    b"<ThreadedComments " + THREADED + b'><threadedComment ref="A1" dT="2026-01-05T09:00:00.00" personId="' + WHO + b'"'
    b' id="{AAAAAAAA-2222-3333-4444-555555555555}"><text>a note</text></threadedComment></ThreadedComments>'
)
PERSONS_XML = (
    b"<personList "
    + THREADED
    + b'><person displayName="Li" id="'
    + WHO
    + b'" userId="Li" providerId="None"/></personList>'
)
EXTENSION = (
    b'<ext xmlns:x14="http://schemas.microsoft.com/office/spreadsheetml/2009/9/main"'
    b' uri="{CCE6A557-97BC-4b89-ADB6-D9C93CAAB3DF}"><x14:dataValidations count="1"'
    b' xmlns:xm="http://schemas.microsoft.com/office/excel/2006/main"><x14:dataValidation type="list" allowBlank="1">'
    b"<x14:formula1><xm:f>Clients!$A$2:$A$9</xm:f></x14:formula1><xm:sqref>D2</xm:sqref></x14:dataValidation>"
    b"</x14:dataValidations></ext>"
)
"""A list that refers to another sheet, as Excel 2010 writes it."""

ROWS: dict[str, list[list[Any]]] = {
    "Settings": [
        ["Setting", "Value"],
        ["Plan from", date(2026, 8, 3)],
        ["Plan to", date(2026, 8, 28)],
        ["Today", date(2026, 6, 1)],
    ],
    "Regions": [["Region", "City"], ["East", "Shanghai"], ["North", "Beijing"]],
    "Auditors": [["Auditor", "Name", "Region"], ["A1", "Li Na", "East"], ["A2", "=Wang", "North"]],
    "Qualifications": [
        ["Auditor", "Standard", "Codes", "Role"],
        ["A1", "ISO 9001", "17", "lead"],
        ["A2", "ISO 9001", "*", "lead"],
    ],
    "Clients": [["Client", "Name", "Region"], ["C1", "Acme", "East"], ["C2", "+Bolt", "North"]],
    "Audits": [
        ["Audit", "Client", "Type", "Standards", "Codes", "Days", "Due", "Own remark"],
        ["T1", "C1", "surveillance", "ISO 9001", "17", 2, "2026-08-14", "keep"],
        ["T2", "C2", "recertification", "ISO 9001", "17", 3, "2026-08-28", "@keep"],
        ["T3", "C2", "surveillance", "ISO 22000", "03", 1, "2026-08-28", "nobody can"],
    ],
}


def _cells(book: Any, page: Any, rows: list[list[Any]]) -> None:
    """Rows, text as text."""
    dates = book.add_format({"num_format": "yyyy-mm-dd"})
    for row, cells in enumerate(rows):
        for column, value in enumerate(cells):
            if isinstance(value, date):
                page.write_datetime(row, column, value, dates)
            elif isinstance(value, str):
                page.write_string(row, column, value)
            else:
                page.write(row, column, value)


def _decorate(book: Any, page: Any, picture: Path) -> None:
    """Everything that a round trip through another library is known to lose."""
    page.write_column(0, 0, [3, 1, 2])
    page.write_formula(3, 0, "=SUM(A1:A3)", book.add_format({"bold": True, "bg_color": "#FFCC00"}), 6)
    for kind, cell in (("column", "C2"), ("pie", "K2"), ("line", "C40")):
        chart = book.add_chart({"type": kind})
        chart.add_series({"values": "=Dashboard!$A$1:$A$3"})
        page.insert_chart(cell, chart)
    page.insert_image("H20", str(picture), {"description": "logo"})
    page.insert_textbox("C20", "text box", {"fill": {"color": "#DDEBF7"}})
    page.insert_button("H30", {"caption": "Run", "macro": "run_it"})
    page.insert_checkbox("B2", True)
    page.embed_image("G2", str(picture))
    page.add_sparkline("B1", {"range": "Dashboard!A1:A3", "type": "column"})
    page.conditional_format("A1:A3", {"type": "data_bar", "data_bar_2010": True})
    page.conditional_format("B4:B9", {"type": "icon_set", "icon_style": "3_traffic_lights"})
    page.conditional_format("A1:A3", {"type": "3_color_scale"})
    page.data_validation("D1", {"validate": "list", "source": ["a", "b"], "input_title": "choose"})
    page.write_comment("A1", "a note", {"author": "Li"})
    page.write_rich_string("A6", "plain ", book.add_format({"italic": True}), "slanted")
    page.write_url("A7", "https://example.com/")
    page.merge_range("A9:B10", "merged")
    page.protect("", {"select_locked_cells": True})
    page.print_area("A1:F30")
    page.repeat_rows(0)
    page.set_header("&L&G", {"image_left": str(picture)})
    page.set_background(str(picture))


def _rich(folder: Path, suffix: str) -> Path:
    """The book."""
    import xlsxwriter

    picture, path = folder / "logo.png", folder / f"own{suffix}"
    picture.write_bytes(PIXEL)
    book = xlsxwriter.Workbook(str(path))
    for name, rows in ROWS.items():
        _cells(book, book.add_worksheet(name), rows)
    board = book.add_worksheet("Dashboard")
    _decorate(book, board, picture)
    book.add_chartsheet("Only a chart").set_chart(_chart(book))
    secret = book.add_worksheet("Hidden")
    secret.very_hidden()
    audits = book.get_worksheet_by_name("Audits")
    audits.data_validation("C2:C9", {"validate": "list", "source": ["surveillance", "recertification"]})
    audits.autofilter("A1:H4")
    audits.freeze_panes(1, 1)
    book.define_name("mine", "=Dashboard!$A$1:$A$3")
    book.define_name("Dashboard!local", "=Dashboard!$A$2")
    book.set_custom_property("Owner", "QA")
    board.activate()
    if suffix == ".xlsm":
        macros = folder / "vbaProject.bin"
        macros.write_bytes(MACROS)
        book.add_vba_project(str(macros))
    book.close()
    _as_excel_adds(path)
    return path


def _as_excel_adds(path: Path) -> None:
    """What only Excel itself writes: validations of its extension list, a threaded comment, XML of other programs."""
    with zipfile.ZipFile(path) as package:
        parts = {name: package.read(name) for name in package.namelist()}
    [board] = [
        name for name, data in parts.items() if name.startswith("xl/worksheets/sheet") and b"x14:sparkline" in data
    ]
    parts[board] = parts[board].replace(b"<extLst>", b"<extLst>" + EXTENSION, 1)
    rels = f"xl/worksheets/_rels/{Path(board).name}.rels"
    thread = _relation("rIdThread", "http://schemas.microsoft.com/office/2017/10/relationships/threadedComment", THREAD)
    parts[rels] = parts[rels].replace(b"</Relationships>", thread + b"</Relationships>")
    persons = _relation("rIdPerson", "http://schemas.microsoft.com/office/2017/10/relationships/person", PERSONS)
    parts["xl/_rels/workbook.xml.rels"] = parts["xl/_rels/workbook.xml.rels"].replace(
        b"</Relationships>", persons + b"</Relationships>"
    )
    types = b"".join(
        b'<Override PartName="/%s" ContentType="application/vnd.ms-excel.%s+xml"/>' % (name.encode(), kind)
        for name, kind in ((THREAD, b"threadedcomments"), (PERSONS, b"person"))
    )
    parts["[Content_Types].xml"] = parts["[Content_Types].xml"].replace(b"</Types>", types + b"</Types>")
    parts |= {THREAD: THREAD_XML, PERSONS: PERSONS_XML, "customXml/item1.xml": b"<other xmlns='urn:other'/>"}
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as package:
        for name, data in parts.items():
            package.writestr(name, data)


def _relation(identity: str, kind: str, part: str) -> bytes:
    """A relationship to a part."""
    return f'<Relationship Id="{identity}" Type="{kind}" Target="/{part}"/>'.encode()


def _chart(book: Any) -> Any:
    """A chart for a sheet of its own."""
    chart = book.add_chart({"type": "bar"})
    chart.add_series({"values": "=Dashboard!$A$1:$A$3"})
    return chart


def _parts(path: Path) -> dict[str, bytes]:
    """Every part of a package; no name twice."""
    with zipfile.ZipFile(path) as package:
        names = package.namelist()
        assert len(set(names)) == len(names)
        assert package.testzip() is None
        return {name: package.read(name) for name in names}


def _same_but_own(before: dict[str, bytes], after: dict[str, bytes]) -> None:
    """Every part from before is there byte for byte, but for those that list what is new."""
    changed = {name for name in before if after.get(name) != before[name]}
    assert changed <= OWN
    added = set(after) - set(before)
    assert all("auditplan" in name for name in added), added


def _sheet_names(path: Path) -> list[str]:
    """The sheets in their order."""
    import openpyxl

    book = openpyxl.load_workbook(path, read_only=True)
    names = list(book.sheetnames)
    book.close()
    return names


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore:.*extension is not supported.*:UserWarning")
@pytest.mark.parametrize("in_place", [False, True])
@pytest.mark.parametrize("suffix", [".xlsx", ".xlsm"])
def test_a_rich_book_keeps_every_part(tmp_path: Path, suffix: str, in_place: bool) -> None:
    book = _rich(tmp_path, suffix)
    before, own = _parts(book), _sheet_names(book)
    target = book if in_place else tmp_path / f"plan{suffix}"
    options = ["--in-place"] if in_place else ["-o", str(target)]
    assert main(["plan", str(book), *options, "--effort", "1", "--quiet"]) == 0
    after = _parts(target)
    _same_but_own(before, after)
    for mark in (b"x14:dataValidation", b"x14:sparkline", b"x14:conditionalFormatting"):
        assert any(mark in data for name, data in after.items() if "worksheets/sheet" in name)
    if suffix == ".xlsm":
        assert after["xl/vbaProject.bin"] == MACROS
        assert b"macroEnabled" in after["[Content_Types].xml"]
    if not in_place:
        assert _parts(book) == before
    names = _sheet_names(target)
    assert names[: len(own)] == own
    assert main(["plan", str(target), "--in-place", "--effort", "1", "--quiet"]) == 0
    planned = _parts(target)
    _same_but_own(before, planned)
    replanned = _sheet_names(target)
    assert set(replanned) - set(names) == {"Changes"}  # there was no plan before the first
    assert main(["plan", str(target), "--in-place", "--effort", "1", "--quiet"]) == 0
    again = _parts(target)
    _same_but_own(before, again)
    assert set(again) == set(planned)
    assert _sheet_names(target) == replanned
    assert target.with_name(target.name + ".bak").exists()


def _office(book: Path, folder: Path, kind: str) -> Path:
    """A book converted by LibreOffice with a profile of its own."""
    folder.mkdir(exist_ok=True)
    profile = f"-env:UserInstallation={(folder / 'profile').as_uri()}"
    command = ["soffice", profile, "--headless", "--convert-to", kind, "--outdir", str(folder), str(book)]
    ran = subprocess.run(command, capture_output=True, text=True, timeout=240, check=False)
    made = folder / f"{book.stem}.{kind}"
    assert made.exists(), ran.stdout + ran.stderr
    return made


@pytest.mark.slow
@pytest.mark.skipif(shutil.which("soffice") is None, reason="LibreOffice is not installed")
@pytest.mark.filterwarnings("ignore:.*extension is not supported.*:UserWarning")
def test_libreoffice_opens_a_planned_rich_book(tmp_path: Path) -> None:
    book = _rich(tmp_path, ".xlsm")
    target = tmp_path / "plan.xlsm"
    assert main(["plan", str(book), "-o", str(target), "--effort", "1", "--quiet"]) == 0
    assert _office(target, tmp_path / "pdf", "pdf").read_bytes().startswith(b"%PDF")
    # LibreOffice's own copy has all sheets, and the text that looks like a formula is still text.
    copy = _office(target, tmp_path / "copy", "xlsx")
    names = _sheet_names(copy)
    written = [sheet.en for sheet in OUTPUT_SHEETS if sheet.en != "Changes"]
    assert [name for name in names if name in written] == [name for name in _sheet_names(target) if name in written]
    assert set(ROWS) <= set(names)
    texts = _texts(copy)
    assert any(text.startswith("=Wang") for text in texts)
    assert "+Bolt" in texts


def _texts(path: Path) -> set[str]:
    """Every text of the Schedule and Workload sheets that is no formula."""
    import openpyxl

    book = openpyxl.load_workbook(path)
    found = {
        str(cell.value)
        for name in ("Schedule", "Workload", "Assignments")
        for row in book[name].iter_rows()
        for cell in row
        if cell.data_type == "s"
    }
    book.close()
    return found
