"""What is refused before a sheet is read, and what other programs' files look like."""

from __future__ import annotations

import re
import shutil
import subprocess
import zipfile
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from auditplan.io.messages import message, proposal
from auditplan.io.workbook import package_safety
from auditplan.io.workbook.read import Reading, read_book

TODAY = date(2026, 12, 1)
Write = Callable[..., Path]


def read(path: Path) -> Reading:
    """A reading of a file."""
    return read_book(path, today=TODAY)


def only_code(path: Path) -> str:
    """The code of the one problem of a file that cannot be read."""
    reading = read(path)
    assert reading.body is None
    (problem,) = reading.problems
    parameters = dict(problem.parameters)
    for language in ("en", "zh"):
        assert path.name in message(problem.code, language, **parameters)
        assert proposal(problem.code, language, **parameters)
    return problem.code


def rewritten(path: Path, change: Callable[[str, bytes], bytes | None], to: str = "changed.xlsx") -> Path:
    """A copy of a package with its parts changed; None drops one."""
    copy = path.with_name(to)
    with zipfile.ZipFile(path) as old, zipfile.ZipFile(copy, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            data = change(name, old.read(name))
            if data is not None:
                new.writestr(name, data)
    return copy


def test_files_that_are_no_workbooks(tmp_path: Path) -> None:
    assert only_code(tmp_path / "absent.xlsx") == "read-file-missing"
    assert only_code(tmp_path) == "read-file-folder"
    cases = {
        "empty.xlsx": (b"", "read-file-empty"),
        "text.xlsx": (b"Audit;Client", "read-file-not-workbook"),
        "old.xls": (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "read-file-old-format"),
        "wps.et": (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "read-file-old-format"),
        "table.csv": (b"Audit,Client", "read-file-old-format"),
        "locked.xlsx": (
            b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600) + "EncryptedPackage".encode("utf-16-le"),
            "read-file-encrypted",
        ),
        "cut.xlsx": (b"PK\x03\x04" + bytes(100), "read-file-damaged"),
    }
    for name, (data, code) in cases.items():
        path = tmp_path / name
        path.write_bytes(data)
        assert only_code(path) == code, name


def test_zips_that_are_no_workbooks(tmp_path: Path) -> None:
    cases = {
        "other.xlsx": ({"readme.txt": "x"}, "read-file-not-workbook"),
        "sheet.ods": ({"mimetype": "x"}, "read-file-old-format"),
        "renamed.xlsx": ({"mimetype": "application/vnd.oasis.opendocument.spreadsheet"}, "read-file-old-format"),
        "binary.xlsb": ({"[Content_Types].xml": "<a/>", "xl/workbook.bin": "x"}, "read-file-old-format"),
        "binary.xlsx": ({"[Content_Types].xml": "<a/>", "xl/workbook.bin": "x"}, "read-file-old-format"),
        "word.xlsx": ({"[Content_Types].xml": "<a/>", "word/document.xml": "<a/>"}, "read-file-not-workbook"),
    }
    for name, (parts, code) in cases.items():
        with zipfile.ZipFile(tmp_path / name, "w") as archive:
            for part, text in parts.items():
                archive.writestr(part, text)
        assert only_code(tmp_path / name) == code, name


@pytest.mark.parametrize("part", ["xl/worksheets/sheet3.xml", "xl/workbook.xml", "xl/sharedStrings.xml"])
def test_a_part_with_broken_xml(english: dict, write_book: Write, part: str) -> None:  # type: ignore[type-arg]
    path = write_book(english)
    assert only_code(rewritten(path, lambda name, data: data[:-40] if name == part else data)) == "read-file-damaged"


def test_a_missing_part(english: dict, write_book: Write) -> None:  # type: ignore[type-arg]
    path = write_book(english)
    broken = rewritten(path, lambda name, data: None if name == "xl/worksheets/sheet3.xml" else data)
    assert only_code(broken) == "read-file-damaged"


def test_a_flipped_byte(english: dict, write_book: Write) -> None:  # type: ignore[type-arg]
    path = write_book(english)
    data = bytearray(path.read_bytes())
    with zipfile.ZipFile(path) as archive:
        info = archive.getinfo("xl/worksheets/sheet3.xml")
    at = info.header_offset + 30 + len(info.filename) + 60
    data[at] ^= 0xFF
    path.write_bytes(bytes(data))
    assert only_code(path) == "read-file-damaged"


@pytest.mark.parametrize("coding", ["utf-8", "utf-16"])
def test_document_types_and_entities_are_refused(
    english: dict,  # type: ignore[type-arg]
    write_book: Write,
    coding: str,
) -> None:
    bomb = '<!DOCTYPE sst [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;">]>'

    def change(name: str, data: bytes) -> bytes:
        if name != "xl/sharedStrings.xml":
            return data
        text = data.decode().replace('encoding="UTF-8"', f'encoding="{coding}"').replace("?>", f"?>{bomb}", 1)
        return text.encode(coding)

    assert only_code(rewritten(write_book(english), change)) == "read-file-entities"


def test_limits(english: dict, write_book: Write, monkeypatch: pytest.MonkeyPatch) -> None:  # type: ignore[type-arg]
    path = write_book(english)
    for limit in ("MOST_BYTES", "MOST_PARTS"):
        with monkeypatch.context() as patch:
            patch.setattr(package_safety, limit, 3)
            assert only_code(path) == "read-file-too-large"
    monkeypatch.setattr("auditplan.io.workbook.read_cells.MOST_ROWS", 2)
    assert only_code(path) == "read-file-too-large"


def test_a_part_that_is_packed_too_densely(english: dict, write_book: Write) -> None:  # type: ignore[type-arg]
    blank = b" " * (package_safety.RATIO_FROM + 1)
    bomb = rewritten(write_book(english), lambda name, data: data + (blank if "sheet3" in name else b""))
    assert only_code(bomb) == "read-file-too-large"


def test_strict_namespaces_are_read(english: dict, write_book: Write) -> None:  # type: ignore[type-arg]
    """ISO/IEC 29500 strict files have other namespaces, and may hold dates as ISO text."""

    def change(name: str, data: bytes) -> bytes:
        text = data.decode().replace(
            "http://schemas.openxmlformats.org/spreadsheetml/2006/main",
            "http://purl.oclc.org/ooxml/spreadsheetml/main",
        )
        text = text.replace(
            "http://schemas.openxmlformats.org/officeDocument/2006/relationships",
            "http://purl.oclc.org/ooxml/officeDocument/relationships",
        )
        if name == "xl/worksheets/sheet1.xml":
            text = re.sub(r'<c r="B2"( s="\d+")?><v>\d+</v></c>', r'<c r="B2"\1 t="d"><v>2027-01-04</v></c>', text)
            assert 't="d"' in text
        return text.encode()

    reading = read(rewritten(write_book(english), change))
    assert reading.problems == ()
    assert reading.body == read(write_book(english)).body


def test_a_macro_book_is_read(english: dict, write_book: Write) -> None:  # type: ignore[type-arg]
    path = write_book(english)
    macro = path.rename(path.with_name("book.xlsm"))
    assert read(macro).problems == ()


def test_cells_and_rows_without_addresses(english: dict, write_book: Write) -> None:  # type: ignore[type-arg]
    """Some writers leave r="A1" out."""

    def change(name: str, data: bytes) -> bytes:
        if "worksheets" not in name:
            return data
        return re.sub(rb'<(c|row) r="[A-Z]*\d+"', rb"<\1", data)

    english["Audits"] = [[cell or "" for cell in row[:8]] for row in english["Audits"]]
    assert read(rewritten(write_book(english), change)).problems == ()


def test_inline_rich_and_phonetic_texts(english: dict, write_book: Write) -> None:  # type: ignore[type-arg]
    def change(name: str, data: bytes) -> bytes:
        rich = b"<si><r><t>Li </t></r><r><rPr><b/></rPr><t>Na</t></r><rPh sb='0' eb='1'><t>x</t></rPh></si>"
        if name == "xl/sharedStrings.xml":
            assert b"<si><t>Li Na</t></si>" in data
            return data.replace(b"<si><t>Li Na</t></si>", rich)
        return data

    reading = read(rewritten(write_book(english), change))
    assert reading.body is not None
    assert reading.body.auditors[0].name == "Li Na"


@pytest.mark.parametrize("stored", ["<f>1+1</f>", "<f>1+1</f><v></v>", "<f>1+1</f><v/>", '<f t="shared" si="0"/>'])
def test_a_formula_without_a_stored_value(
    english: dict,  # type: ignore[type-arg]
    write_book: Write,
    stored: str,
) -> None:
    def change(name: str, data: bytes) -> bytes:
        if name != "xl/worksheets/sheet6.xml":
            return data
        changed = data.replace(b'<c r="F3"><v>4.5</v></c>', f'<c r="F3">{stored}</c>'.encode())
        assert changed != data
        return changed

    (problem,) = read(rewritten(write_book(english), change)).problems
    assert (problem.code, problem.sheet, problem.cell) == ("read-formula-without-value", "Audits", "F3")


@pytest.mark.slow
@pytest.mark.skipif(shutil.which("soffice") is None, reason="needs LibreOffice")
@pytest.mark.parametrize("language", ["english", "chinese"])
def test_what_libreoffice_saves_reads_the_same(
    request: pytest.FixtureRequest, write_book: Write, tmp_path: Path, language: str
) -> None:
    path = write_book(request.getfixturevalue(language))
    out = tmp_path / "out"
    profile = f"-env:UserInstallation=file://{tmp_path / 'profile'}"
    command = ["soffice", profile, "--headless", "--convert-to", "xlsx", "--outdir", str(out), str(path)]
    subprocess.run(command, check=True, capture_output=True, timeout=120)
    own, other = read(path), read(out / path.name)
    assert own.body == other.body
    assert own.problems == other.problems == ()


def test_what_openpyxl_saves_reads_the_same(english: dict, write_book: Write) -> None:  # type: ignore[type-arg]
    import openpyxl

    path = write_book(english)
    copy = path.with_name("copy.xlsx")
    openpyxl.load_workbook(path).save(copy)
    assert read(copy).body == read(path).body
