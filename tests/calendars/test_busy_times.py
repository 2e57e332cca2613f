"""Auditors' own calendars as times at which they are not to be had."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from auditplan.io.calendars.busy import read_busy
from auditplan.io.calendars.entries import event_uid
from auditplan.planner.domain import Auditor, Body, Part, Place, Settings, Unavailability

EVENT = "BEGIN:VEVENT\nUID:{uid}\nDTSTAMP:20270101T000000Z\n{lines}\nEND:VEVENT\n"

NEVER = "DTSTART:20270301T090000\nDURATION:PT1H\nRRULE:FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30"


def _body() -> Body:
    """Two auditors, planned in March."""
    return Body(
        settings=Settings(plan_from=date(2027, 3, 1), plan_to=date(2027, 3, 31), today=date(2027, 1, 2)),
        auditors=(
            Auditor(id="A1", name="张伟", region="R", email="zhang@example.com"),
            Auditor(id="A2", name="Bea", region="R"),
            Auditor(id="A3", name="Bea", region="R"),
        ),
        places=(Place(region="R", city="北京"),),
    )


def _calendar(*events: str) -> bytes:
    """A calendar of the lines of events."""
    body = "".join(EVENT.format(uid=f"e{n}", lines=lines) for n, lines in enumerate(events))
    text = f"BEGIN:VCALENDAR\nVERSION:2.0\nPRODID:x\n{body}END:VCALENDAR\n"
    return text.replace("\n", "\r\n").encode()


def _read(folder: Path, content: bytes, name: str = "A1.ics") -> tuple[Unavailability, ...]:
    """The rows of one calendar without problems."""
    (folder / name).write_bytes(content)
    rows, problems = read_busy(_body(), folder)
    assert problems == ()
    return rows


def _spans(rows: tuple[Unavailability, ...]) -> list[tuple[str, str, Part | None]]:
    """First day, last day and part of rows."""
    return [(f"{row.start:%m-%d}", f"{row.until:%m-%d}", row.part) for row in rows]


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        ("DTSTART;VALUE=DATE:20270304\nDTEND;VALUE=DATE:20270306", [("03-04", "03-05", None)]),
        ("DTSTART;VALUE=DATE:20270304", [("03-04", "03-04", None)]),
        ("DTSTART:20270304T010000Z\nDTEND:20270304T020000Z", [("03-04", "03-04", Part.AM)]),
        ("DTSTART:20270304T140000\nDURATION:PT1H", [("03-04", "03-04", Part.PM)]),
        (
            "DTSTART;TZID=Europe/Berlin:20270304T010000\nDTEND;TZID=Europe/Berlin:20270304T023000",
            [("03-04", "03-04", Part.AM)],
        ),
        ("DTSTART:20270304T110000\nDTEND:20270304T133000", [("03-04", "03-04", None)]),
        ("DTSTART:20270304T120000\nDTEND:20270304T130000", []),
        ("DTSTART:20270304T190000\nDTEND:20270304T210000", []),
        ("DTSTART:20270304T100000", []),
        ("DTSTART;VALUE=DATE:20270304\nTRANSP:TRANSPARENT", []),
        ("DTSTART;VALUE=DATE:20270304\nSTATUS:CANCELLED", []),
        ("DTSTART;VALUE=DATE:20270304\nX-MICROSOFT-CDO-BUSYSTATUS:FREE", []),
        ("DTSTART;VALUE=DATE:19990304\nDTEND;VALUE=DATE:19990306", []),
        ("DTSTART:00010101T000000Z\nDTEND:00010102T000000Z", []),
        ("DTSTART:20270414T000000Z\nDTEND:99991231T235959Z", [("04-14", "05-05", None)]),
        ("DTSTART;VALUE=DATE:00010101\nDTEND;VALUE=DATE:20270127", [("01-25", "01-26", None)]),
        (
            "DTSTART:19270101T090000\nDTEND:19270101T100000\nRRULE:FREQ=DAILY;UNTIL=20270126T090000",
            [("01-25", "01-25", Part.AM), ("01-26", "01-26", Part.AM)],
        ),
        (
            "DTSTART;TZID=Europe/Berlin:20270318T010000\nDURATION:PT2H\nRRULE:FREQ=WEEKLY;COUNT=3",
            # 08:00 to 10:00 in Shanghai before the summer time of 2027-03-28, 07:00 to 09:00 after it
            [("03-18", "03-18", Part.AM), ("03-25", "03-25", Part.AM)],
        ),
        (
            "DTSTART:20250106T090000\nDTEND:20250106T100000\nRRULE:FREQ=WEEKLY;BYDAY=MO;UNTIL=20270310T000000",
            [(day, day, Part.AM) for day in ("01-25", "02-01", "02-08", "02-15", "02-22", "03-01", "03-08")],
        ),
        (
            "DTSTART;VALUE=DATE:20270301\nRRULE:FREQ=DAILY;COUNT=4\nEXDATE;VALUE=DATE:20270302",
            [("03-01", "03-01", None), ("03-03", "03-04", None)],
        ),
    ],
)
def test_what_takes_which_half_days(lines: str, expected: list[tuple[str, str, Part | None]], tmp_path: Path) -> None:
    assert _spans(_read(tmp_path, _calendar(lines))) == expected


def test_one_occurrence_of_a_series_can_be_moved_or_dropped(tmp_path: Path) -> None:
    series = "UID:s\nDTSTAMP:20270101T000000Z\n"
    events = (
        f"BEGIN:VEVENT\n{series}DTSTART:20270301T090000\nDTEND:20270301T100000\nRRULE:FREQ=DAILY;COUNT=3\nEND:VEVENT\n"
        f"BEGIN:VEVENT\n{series}RECURRENCE-ID:20270302T090000\nDTSTART:20270305T140000\nDTEND:20270305T150000\nEND:VEVENT\n"
        f"BEGIN:VEVENT\n{series}RECURRENCE-ID:20270303T090000\nDTSTART:20270303T090000\nDTEND:20270303T100000\n"
        "STATUS:CANCELLED\nEND:VEVENT\n"
    )
    text = f"BEGIN:VCALENDAR\nVERSION:2.0\nPRODID:x\n{events}END:VCALENDAR\n"
    rows = _read(tmp_path, text.replace("\n", "\r\n").encode())
    assert _spans(rows) == [("03-01", "03-01", Part.AM), ("03-05", "03-05", Part.PM)]


def test_what_the_planner_wrote_itself_makes_nobody_busy(tmp_path: Path) -> None:
    uid = event_uid(("T1", "A1", "audit"), 0)
    wrapped = (
        "040000008200E00074C5B7101A82E008" + b"vCal-Uid\x01\x00\x00\x00".hex().upper() + uid.encode().hex().upper()
    )
    content = _calendar("DTSTART;VALUE=DATE:20270304", "DTSTART;VALUE=DATE:20270305")
    content = content.replace(b"UID:e0", f"UID:{uid}".encode()).replace(b"UID:e1", f"UID:{wrapped}".encode())
    assert _read(tmp_path, content) == ()


@pytest.mark.parametrize("name", ["A1.ics", "a1.ICS", "张伟.ics", "zhang@example.com.ics"])
def test_a_file_is_named_after_id_name_or_address(name: str, tmp_path: Path) -> None:
    [row] = _read(tmp_path, _calendar("DTSTART;VALUE=DATE:20270304"), name)
    assert (row.auditor, row.reason) == ("A1", "")


@pytest.mark.parametrize(
    ("name", "content", "code"),
    [
        ("nobody.ics", _calendar(), "busy-nobody"),
        ("Bea.ics", _calendar(), "busy-several"),
        ("A1.ics", b"", "busy-unreadable"),
        ("A1.ics", b"\x00\xff" * 100, "busy-unreadable"),
        ("A1.ics", b"BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nno colon\r\n", "busy-unreadable"),
        ("A1.ics", _calendar("SUMMARY:no beginning"), "busy-event-unreadable"),
        ("A1.ics", _calendar("DTSTART:never"), "busy-event-unreadable"),
        ("A1.ics", _calendar("DTSTART;TZID=Mars/Olympus:20270304T090000\nDURATION:PT1H"), "busy-event-unreadable"),
        ("A1.ics", _calendar("DTSTART:20270301T090000\nDURATION:PT1S\nRRULE:FREQ=SECONDLY"), "busy-event-unreadable"),
        (
            "A1.ics",
            _calendar(
                "DTSTART:20270301T090000\nDURATION:PT1S\nRRULE:FREQ=DAILY;BYMINUTE=" + ",".join(map(str, range(60)))
            ),
            "busy-event-unreadable",
        ),
        (
            "A1.ics",
            _calendar("DTSTART:20270301T090000\nDURATION:PT1H\nRRULE:FREQ=DAILY;INTERVAL=0"),
            "busy-event-unreadable",
        ),
        ("A1.ics", _calendar("DTSTART:00010101T090000\nDURATION:PT1H\nRRULE:FREQ=DAILY"), "busy-event-unreadable"),
        ("A1.ics", _calendar(NEVER), "busy-event-unreadable"),
        (
            "A1.ics",
            _calendar("DTSTART:20270101T090000\nDURATION:PT1H\nRRULE:FREQ=DAILY;BYMONTHDAY=" + ",".join(["1"] * 900)),
            "busy-event-unreadable",
        ),
        ("A1.ics", _calendar(*[NEVER] * 40), "busy-too-much"),
        ("A1.ics", _calendar(*["DTSTART;VALUE=DATE:20270304"] * 20_001), "busy-too-much"),
        ("A1.ics", b"BEGIN:VCALENDAR" + b" " * 20_000_001, "busy-too-much"),
    ],
)
def test_what_cannot_be_read_is_a_problem(name: str, content: bytes, code: str, tmp_path: Path) -> None:
    (tmp_path / name).write_bytes(content)
    rows, problems = read_busy(_body(), tmp_path)
    assert [problem.code for problem in problems] == [code]
    assert rows == ()


def test_one_bad_event_spoils_no_other(tmp_path: Path) -> None:
    (tmp_path / "A1.ics").write_bytes(_calendar("DTSTART:never", "DTSTART;VALUE=DATE:20270304"))
    (tmp_path / "notes.txt").write_text("no calendar")
    rows, [problem] = read_busy(_body(), tmp_path)
    assert _spans(rows) == [("03-04", "03-04", None)]
    assert dict(problem.parameters)["uid"] == "e0"
