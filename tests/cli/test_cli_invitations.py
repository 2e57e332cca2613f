"""`auditplan calendars` as a coordinator uses it: everybody is told once of everything, and never twice."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import openpyxl
import pytest
from icalendar import Calendar

from auditplan.io.calendars.journal import journal_of
from auditplan.io.workbook.invites import read_invites
from auditplan.io.workbook.template import write_template
from auditplan.planner.domain import Body

Run = Callable[..., object]
pytestmark = pytest.mark.filterwarnings("ignore:.*extension is not supported:UserWarning")


@pytest.fixture
def planned(run: Run, tmp_path: Path, small_body: Body) -> Path:
    """A planned book with addresses."""
    body = replace(
        small_body,
        settings=replace(small_body.settings, organiser_email="plan@example.com"),
        auditors=tuple(replace(person, email=f"{person.id}@example.com") for person in small_body.auditors),
    )
    path = tmp_path / "body.xlsx"
    write_template(path, "en", body=body)
    assert _status(run("plan", path, "--effort", "3", "--quiet")) == 0
    return tmp_path / "body.planned.xlsx"


def _status(ran: object) -> int:
    """How a command ended."""
    status: int = ran.status  # type: ignore[attr-defined]
    return status


def _json(ran: object) -> dict[str, list[dict[str, object]]]:
    """What a command answered a program."""
    assert _status(ran) == 0
    answer: dict[str, list[dict[str, object]]] = json.loads(ran.out)  # type: ignore[attr-defined]
    return answer


def _err(ran: object) -> str:
    """What a command said."""
    err: str = ran.err  # type: ignore[attr-defined]
    return err


def _drop(book: Path, row: int) -> str:
    """Takes a row out of the Schedule, as a coordinator would; answers its audit."""
    workbook = openpyxl.load_workbook(book)
    sheet = workbook["Schedule"]
    audit = str(sheet.cell(row, 1).value)
    for column in range(1, sheet.max_column + 1):
        sheet.cell(row, column).value = None
    workbook.save(book)
    return audit


def test_a_second_run_writes_and_sends_nothing(run: Run, planned: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    first = _json(run("calendars", planned, "-o", out, "--mail", "--json"))
    assert {message["what"] for message in first["messages"]} == {"new"}
    assert {Path(str(message["file"])).name for message in first["messages"]} == {
        path.name for path in (out / "invites").iterdir()
    }
    assert list((out / "mail").iterdir())
    before = {path: (path.read_bytes(), path.stat().st_mtime_ns) for path in (planned, *out.rglob("*.*"))}
    second = _json(run("calendars", planned, "-o", out, "--mail", "--json"))
    assert second["messages"] == []
    assert {path: (path.read_bytes(), path.stat().st_mtime_ns) for path in (planned, *out.rglob("*.*"))} == before
    assert not journal_of(planned).exists()


def test_what_is_dropped_is_cancelled(run: Run, planned: Path, tmp_path: Path) -> None:
    first = _json(run("calendars", planned, "-o", tmp_path / "out", "--json"))
    gone = _drop(planned, 2)
    second = _json(run("calendars", planned, "-o", tmp_path / "out", "--json"))
    assert {message["what"] for message in second["messages"]} == {"dropped"}
    expected = {message["uid"] for message in first["messages"] if message["audit"] == gone}
    assert {message["uid"] for message in second["messages"]} == expected


def test_a_dry_run_shows_everything_and_touches_nothing(run: Run, planned: Path, tmp_path: Path) -> None:
    before = planned.read_bytes()
    ran = run("calendars", planned, "-o", tmp_path / "out", "--dry-run")
    assert _status(ran) == 0
    assert "Li@example.com" in ran.out  # type: ignore[attr-defined]
    assert "Nothing was written" in _err(ran)
    assert planned.read_bytes() == before
    assert not (tmp_path / "out").exists()


def test_an_invitation_can_be_repeated(run: Run, planned: Path, tmp_path: Path) -> None:
    _json(run("calendars", planned, "-o", tmp_path / "out", "--json"))
    again = _json(run("calendars", planned, "-o", tmp_path / "out", "--again", "T1", "--json"))
    assert {(message["what"], message["audit"], message["sequence"]) for message in again["messages"]} == {
        ("again", "T1", 0)
    }
    assert _status(run("calendars", planned, "-o", tmp_path / "out", "--again", "T77")) == 2


def test_planning_into_a_planned_book_again_keeps_its_memory(run: Run, planned: Path, tmp_path: Path) -> None:
    _json(run("calendars", planned, "-o", tmp_path / "out", "--json"))
    rows = read_invites(planned)
    assert _status(run("plan", tmp_path / "body.xlsx", "--effort", "3", "--quiet")) == 0
    assert read_invites(planned) == rows
    assert _status(run("plan", planned, "--in-place", "--effort", "3", "--quiet")) == 0
    assert read_invites(planned) == rows
    assert _json(run("calendars", planned, "-o", tmp_path / "out", "--json"))["messages"] == []


def test_feeds_of_a_new_plan_are_as_new_as_the_invitations_to_come(run: Run, planned: Path, tmp_path: Path) -> None:
    _json(run("calendars", planned, "-o", tmp_path / "out", "--json"))
    workbook = openpyxl.load_workbook(planned)
    sheet = workbook["Schedule"]
    titles = [cell.value for cell in sheet[1]]
    status, lock = titles.index("Status") + 1, titles.index("Lock") + 1
    sheet.cell(2, status).value, sheet.cell(2, lock).value = "confirmed", "all"
    workbook.save(planned)
    ran = run("plan", planned, "--in-place", "--effort", "3", "--quiet", "--calendars", tmp_path / "feeds")
    assert _status(ran) == 0
    told = _json(run("calendars", planned, "-o", tmp_path / "out", "--json"))["messages"]
    assert {message["what"] for message in told} == {"changed"}
    for message in told:
        if message["person"] in {"Li", "Wu"}:
            feed = Calendar.from_ical((tmp_path / "feeds" / f"{message['person']}.ics").read_bytes())
            [event] = [event for event in feed.events if str(event["UID"]) == message["uid"]]
            assert event["SEQUENCE"] == message["sequence"] == 1
            assert event["STATUS"] == "CONFIRMED"


def test_a_book_open_in_excel_sends_nothing(run: Run, planned: Path, tmp_path: Path) -> None:
    planned.with_name(f"~${planned.name}").write_text("")
    ran = run("calendars", planned, "-o", tmp_path / "out")
    assert _status(ran) == 2
    assert not (tmp_path / "out").exists()
    assert _status(run("calendars", planned, "-o", tmp_path / "out", "--dry-run")) == 0


def test_a_memory_that_cannot_be_read_stops_everything(run: Run, planned: Path, tmp_path: Path) -> None:
    _json(run("calendars", planned, "-o", tmp_path / "out", "--json"))
    workbook = openpyxl.load_workbook(planned)
    workbook["Invites"]["D2"].value = "?"
    workbook.save(planned)
    ran = run("calendars", planned, "-o", tmp_path / "elsewhere")
    assert _status(ran) == 1
    assert "Invites" in _err(ran)
    assert not (tmp_path / "elsewhere").exists()


@pytest.mark.parametrize("given", ["mail", "mail:", ":25", "mail:0", "mail:99999", "mail:x"])
def test_a_server_that_is_none_is_wrong_usage(given: str, run: Run, planned: Path, tmp_path: Path) -> None:
    assert _status(run("calendars", planned, "-o", tmp_path / "out", "--smtp", given)) == 2
    assert not (tmp_path / "out").exists()


def test_a_mail_server_that_is_not_there_loses_nothing(run: Run, planned: Path, tmp_path: Path) -> None:
    smtp = ("--smtp", "127.0.0.1:1", "--smtp-security", "none")
    ran = run("calendars", planned, "-o", tmp_path / "out", *smtp)
    assert _status(ran) == 2
    assert "Run the same command again" in _err(ran)
    assert {row.state.value for row in read_invites(planned)} == {"sending", "sent"}  # the client has no address
    left = _json(run("calendars", planned, "-o", tmp_path / "out", "--dry-run", "--json"))["messages"]
    assert {message["email"] for message in left} == {"Li@example.com", "Wu@example.com"} & {
        message["email"] for message in left
    }
    assert left


def test_a_password_is_not_sent_in_the_open(
    run: Run, planned: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AUDITPLAN_SMTP_USER", "u")
    monkeypatch.setenv("AUDITPLAN_SMTP_PASSWORD", "secret")
    ran = run("calendars", planned, "-o", tmp_path / "out", "--smtp", "mail.example.com:25", "--smtp-security", "none")
    assert _status(ran) == 2
    assert "secret" not in _err(ran)
    monkeypatch.setenv("AUDITPLAN_CALDAV_USER", "u")
    ran = run("calendars", planned, "-o", tmp_path / "out", "--caldav", "http://dav.example.com/")
    assert _status(ran) == 2


def test_own_calendars_keep_people_free(run: Run, planned: Path, tmp_path: Path) -> None:
    assert planned.exists()
    busy = tmp_path / "busy"
    busy.mkdir()
    lines = "UID:x\r\nDTSTAMP:20260101T000000Z\r\nDTSTART;VALUE=DATE:20260803\r\nDTEND;VALUE=DATE:20260830\r\n"
    text = f"BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:x\r\nBEGIN:VEVENT\r\n{lines}END:VEVENT\r\nEND:VCALENDAR\r\n"
    (busy / "Li.ics").write_bytes(text.encode())
    (busy / "stranger.ics").write_bytes(text.encode())
    target = tmp_path / "free.xlsx"
    assert _status(run("plan", tmp_path / "body.xlsx", "-o", target, "--busy", busy, "--effort", "3", "--quiet")) == 0
    book = openpyxl.load_workbook(target)
    leads = {row[11] for row in book["Schedule"].iter_rows(min_row=2, values_only=True)}
    assert leads == {"Wu"}
    assert any("stranger.ics" in str(row) for row in book["Problems"].iter_rows(min_row=2, values_only=True))
    assert _status(run("plan", tmp_path / "body.xlsx", "--busy", tmp_path / "none")) == 2
