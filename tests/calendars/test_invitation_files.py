"""Invitations, cancellations and drafts as files: what they say, and what hostile names cannot do to them."""

from __future__ import annotations

import email
import email.policy
from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from icalendar import Calendar, Event

from auditplan.io.calendars.changes import Cause, Sent
from auditplan.io.calendars.distribution import Round, hand_out, plan_round
from auditplan.io.calendars.invitations import Invitation
from auditplan.io.calendars.journal import Journal
from auditplan.planner.domain import Body
from auditplan.planner.plan import Plan

MOMENT = datetime(2027, 1, 2, 8, 30, tzinfo=UTC)
Planned = Callable[..., Round]
HOSTILE = (
    "../../up",
    "a\r\nBcc: all@example.com\r\n\r\nBEGIN:VEVENT",
    'quo"te;x=1,y:z\\n',
    "\u202egnp.exe",
    "长" * 300,
    "CON",
    "a--b",
    "client",
)


@pytest.fixture
def planned(body: Body, plan: Plan) -> Planned:
    """What is to be handed out."""

    def found(changed: Body = body, the_plan: Plan = plan, **more: object) -> Round:
        """A round, by default the first."""
        wishes = {"rows": (), "language": "en", "moment": MOMENT, **more}
        return plan_round(changed, the_plan, **wishes)  # type: ignore[arg-type]

    return found


@pytest.fixture
def addressed(body: Body) -> Body:
    """The body with everybody's address."""
    auditors = tuple(replace(auditor, email=f"p{n}@example.com") for n, auditor in enumerate(body.auditors))
    return replace(body, auditors=auditors)


def _event(invitation: Invitation) -> Event:
    """The one event of an invitation."""
    [event] = Calendar.from_ical(invitation.content).events
    return event


def test_one_event_a_file_with_its_method(planned: Planned, addressed: Body) -> None:
    found = planned(addressed).invitations
    assert {str(Calendar.from_ical(invitation.content)["METHOD"]) for invitation in found} == {"REQUEST"}
    assert len({invitation.name for invitation in found}) == len(found)
    names = {invitation.name for invitation in found}
    assert {"A1--client", "A1--client--2", "A1--张伟", "A1--张伟--2"} <= names
    assert any(name.endswith("--out") for name in names)
    assert any(name.endswith("--back-2") for name in names)


def test_organiser_and_attendee_stand_only_where_addresses_are_known(
    planned: Planned, addressed: Body, body: Body
) -> None:
    lead = next(item for item in planned(addressed).invitations if item.notice.person == "张伟")
    attendee = _event(lead)["ATTENDEE"]
    assert str(attendee) == "mailto:p0@example.com"
    assert (attendee.params["ROLE"], attendee.params["PARTSTAT"], attendee.params["RSVP"]) == (
        "CHAIR",
        "NEEDS-ACTION",
        "TRUE",
    )
    nobody = replace(body, settings=replace(body.settings, organiser_email=""))
    for invitation in planned(nobody).invitations:
        assert "ATTENDEE" not in _event(invitation)
        assert "ORGANIZER" not in _event(invitation)


def test_a_cancellation_has_its_status_and_the_same_identity(
    planned: Planned, addressed: Body, plan: Plan, tmp_path: Path
) -> None:
    first = planned(addressed)
    memory = hand_out(first, tmp_path, Journal(tmp_path / "b.xlsx")).memory
    later = MOMENT + timedelta(days=1)
    second = planned(addressed, replace(plan, placements=()), rows=memory.values(), moment=later)
    assert {item.method for item in second.invitations} == {"CANCEL"}
    before = {item.notice.uid: _event(item) for item in first.invitations}
    for item in second.invitations:
        event, old = _event(item), before[item.notice.uid]
        assert str(event["STATUS"]) == "CANCELLED"
        assert (event["SEQUENCE"], old["SEQUENCE"]) == (1, 0)
        assert (event.start, event.end) == (old.start, old.end)
        assert str(event["SUMMARY"]).rpartition(" · ")[2] in {"surveillance", "document review"}
        assert item.name == next(known.name for known in first.invitations if known.notice.uid == item.notice.uid)


def test_a_client_learns_nothing_that_is_not_theirs(planned: Planned, addressed: Body) -> None:
    copies = [item for item in planned(addressed).invitations if item.name.split("--")[1] == "client"]
    assert {item.notice.audit for item in copies} == {"A1"}, "none for the unannounced audit"
    for item in copies:
        text = item.content.replace(b"\r\n ", b"").decode()
        for secret in ("Second", "Ms. Li, li@", "p0@example.com", "17.06", "A2", "Journey", "idle"):
            assert secret not in text.replace("ATTENDEE", ""), secret


def test_reminders_stand_before_the_first_event_only(planned: Planned, body: Body) -> None:
    reminded = replace(body, settings=replace(body.settings, reminder=24))
    for item in planned(reminded).invitations:
        occasion = item.notice.occasion
        assert occasion is not None
        assert (b"TRIGGER:-PT24H" in item.content) is (occasion.number == 0)


def test_whole_days_are_one_invitation_a_run(planned: Planned, body: Body) -> None:
    found = planned(body, all_day=True).invitations
    spans = [(_event(item).start, _event(item).end) for item in found if item.name.startswith("A1--张伟")]
    assert spans == [(date(2027, 3, 4), date(2027, 3, 6)), (date(2027, 3, 8), date(2027, 3, 10))]


def test_lines_of_invitations_end_in_crlf_and_fold_between_letters(planned: Planned, addressed: Body) -> None:
    for item in planned(addressed, language="zh").invitations:
        lines = item.content.split(b"\r\n")
        assert lines[-1] == b""
        for line in lines:
            assert len(line) <= 75
            assert not {0x0A, 0x0D} & set(line)
            line.decode("utf-8")


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_names_stay_harmless(name: str, planned: Planned, addressed: Body, plan: Plan, tmp_path: Path) -> None:
    auditors = tuple(replace(a, id=name, name=name) if a.id == "张伟" else a for a in addressed.auditors)
    audits = tuple(replace(a, id=name) if a.id == "A1" else a for a in addressed.audits)
    clients = tuple(replace(c, name=name, address=name, contact=name) for c in addressed.clients)
    changed = replace(addressed, auditors=auditors, audits=audits, clients=clients)
    placements = tuple(
        replace(
            placement,
            audit=name if placement.audit == "A1" else placement.audit,
            seats=tuple(replace(s, auditor=name) if s.auditor == "张伟" else s for s in placement.seats),
        )
        for placement in plan.placements
    )
    organised = replace(changed, settings=replace(changed.settings, organisation=name))
    found = planned(organised, replace(plan, placements=placements))
    folder = tmp_path / "deep" / "er"
    folder.mkdir(parents=True)
    outcome = hand_out(found, folder, Journal(tmp_path / "b.xlsx"), drafts=True)
    assert len({path.name.casefold() for path in outcome.files}) == len(outcome.files)
    assert {path.parent.parent for path in outcome.files} == {folder}
    assert all(len(path.name.encode()) <= 255 for path in outcome.files)
    for path in outcome.files:
        if path.suffix == ".ics":
            assert len(Calendar.from_ical(path.read_bytes()).events) == 1
        else:
            _check_draft(path)


def _check_draft(path: Path) -> None:
    """A draft has its own headers only, and a calendar with its method."""
    mail = email.message_from_bytes(path.read_bytes(), policy=email.policy.default)
    assert "Bcc" not in mail
    assert mail.get_all("To") is not None
    assert len(mail["To"].addresses) == 1
    assert mail.get_content_type() == "multipart/alternative"
    text, calendar = mail.iter_parts()
    assert text.get_content_type() == "text/plain"
    assert calendar.get_content_type() == "text/calendar"
    method = calendar.get_param("method")
    assert f"METHOD:{method}\r\n".encode() in calendar.get_payload(decode=True)
    assert calendar.get_content_charset() == "utf-8"


def test_names_of_files_are_distinct_whatever_people_are_called(body: Body, planned: Planned, plan: Plan) -> None:
    seats = plan.placements[0].seats
    ids = (*HOSTILE, "a", "b--c", "a--b--c", "长" * 299, "out", "2", "-", "")
    auditors = tuple(replace(body.auditors[0], id=name or "x", name="same") for name in ids)
    team = tuple(replace(seats[0], auditor=auditor.id, out=seats[1].out) for auditor in auditors)
    placements = (replace(plan.placements[0], seats=team),)
    found = planned(replace(body, auditors=auditors), replace(plan, placements=placements)).invitations
    assert len({item.name.casefold() for item in found}) == len(found) == len(auditors) * 5 + 4


def test_a_broken_address_is_none(planned: Planned, body: Body) -> None:
    for address in (
        "a@b\r\nBcc: c@d.cn",
        "a@b,c@d.cn",
        "<a@b>",
        "a b@c",
        "nobody",
        "é@b.cn",
        "a@@b",
        "a@b..cn",
        "a@" + "b" * 70,
    ):
        auditors = tuple(replace(auditor, email=address) for auditor in body.auditors)
        found = planned(replace(body, auditors=auditors)).invitations
        assert {item.recipient.email for item in found if item.notice.person == "张伟"} == {""}, address


def test_a_domain_in_other_letters_is_written_as_mail_takes_it(planned: Planned, body: Body, tmp_path: Path) -> None:
    auditors = tuple(replace(auditor, email="zhang@例子.cn") for auditor in body.auditors)
    settings = replace(body.settings, organiser_email="plan@审核.cn")
    found = planned(replace(body, auditors=auditors, settings=settings))
    lead = next(item for item in found.invitations if item.notice.person == "张伟")
    assert str(_event(lead)["ATTENDEE"]) == "mailto:zhang@xn--fsqu00a.cn"
    assert str(_event(lead)["ORGANIZER"]) == "mailto:plan@xn--tbtw60a.cn"
    outcome = hand_out(found, tmp_path, Journal(tmp_path / "b.xlsx"), drafts=True)
    for path in outcome.files:
        if path.suffix == ".eml":
            _check_draft(path)


def test_a_killed_run_is_taken_up_again_and_ends_the_same(planned: Planned, addressed: Body, tmp_path: Path) -> None:
    book = tmp_path / "b.xlsx"
    journal = Journal(book)

    class KilledError(Exception):
        """Stands for the end of the process."""

    class Dying(Journal):
        """Dies when what was written is to be remembered."""

        def keep(self, rows: Iterable[Sent]) -> None:
            kept = tuple(rows)
            if any(row.done for row in kept):
                raise KilledError
            super().keep(kept)

    first = planned(addressed)
    with pytest.raises(KilledError):
        hand_out(first, tmp_path / "killed", Dying(book))
    with journal.path.open("a", encoding="utf-8") as file:
        file.write('\n{"audit": "cut o')
    second = planned(addressed, rows=journal.read())
    assert {item.notice.cause for item in second.invitations} == {Cause.NEW}, "nobody has it yet"
    hand_out(second, tmp_path / "killed", journal)
    hand_out(first, tmp_path / "whole", Journal(tmp_path / "other.xlsx"))
    killed, whole = (
        {path.name: path.read_bytes() for path in (tmp_path / name / "invites").iterdir()}
        for name in ("killed", "whole")
    )
    assert killed == whole
    assert planned(addressed, rows=journal.read()).invitations == ()
