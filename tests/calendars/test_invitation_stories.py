"""Random stories of plans that change, delivered in any order and more than once: a calendar that follows RFC 5546
ends with exactly the last plan."""

from __future__ import annotations

import random
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import pytest

from auditplan.io.calendars.changes import Notice, Sent, begun, ended
from auditplan.io.calendars.distribution import Round, plan_round
from auditplan.planner.domain import (
    Audit,
    Auditor,
    AuditStatus,
    AuditType,
    Body,
    Client,
    Place,
    Role,
    Settings,
)
from auditplan.planner.plan import Journey, Placement, Plan, Seat, Slot

PEOPLE, CLIENTS, AUDITS = ("A", "B", "C", "D"), ("K", "L"), ("T1", "T2", "T3", "T4")
FIRST = date(2027, 3, 1)
STORIES, BATCHES = 510, 3
Event = tuple[str, str, str, str, bool]
"""Beginning, end, place, status, and whether one chairs."""


@dataclass(slots=True)
class ModelCalendar:
    """A calendar as RFC 5546 wants it: of one identity the greater SEQUENCE counts, of equals the later DTSTAMP
    (2.1.5); a cancelled event is gone and can be invited to again only by a greater SEQUENCE."""

    latest: dict[str, tuple[int, str, Event | None]] = field(default_factory=dict)

    def receive(self, content: bytes) -> None:
        """Takes one file."""
        lines = content.replace(b"\r\n ", b"").decode().split("\r\n")
        values = {line.partition(":")[0].partition(";")[0]: line.partition(":")[2] for line in lines}
        chairs = any(line.startswith("ATTENDEE") and ";ROLE=CHAIR;" in line for line in lines)
        event = (values["DTSTART"], values["DTEND"], values.get("LOCATION", ""), values["STATUS"], chairs)
        version = (int(values["SEQUENCE"]), values["DTSTAMP"])
        known = self.latest.get(values["UID"])
        if known is None or version > known[:2]:
            self.latest[values["UID"]] = (*version, None if values["METHOD"] == "CANCEL" else event)

    @property
    def events(self) -> dict[str, Event]:
        """What stands in it."""
        return {uid: event for uid, (_, _, event) in self.latest.items() if event is not None}


@dataclass(slots=True)
class Story:
    """One story: a body, the plan as it stands, what is remembered, and every file ever written."""

    random: random.Random
    body: Body
    rows: tuple[Sent, ...] = ()
    placements: dict[str, Placement] = field(default_factory=dict)
    files: list[tuple[str, bytes]] = field(default_factory=list)
    moment: datetime = datetime(2027, 1, 4, 8, tzinfo=UTC)
    all_day: bool = False

    def change(self) -> None:
        """Something happens to the plan or to the data."""
        audit = self.random.choice(AUDITS)
        placed = self.placements.get(audit)
        what = self.random.randrange(8)
        if placed is None or what == 0:
            self.placements[audit] = self._placement(audit)
        elif what == 1:
            del self.placements[audit]
        elif what == 2:
            self.placements[audit] = replace(placed, status=AuditStatus.CONFIRMED)
        elif what == 3:
            self.placements[audit] = replace(placed, seats=self._seats(placed.start.day, placed.end.day))
        elif what == 4:
            audits = tuple(replace(a, unannounced=not a.unannounced) if a.id == audit else a for a in self.body.audits)
            self.body = replace(self.body, audits=audits)
        elif what == 5:
            client = self.random.choice(CLIENTS)
            street = f"Street {self.random.randrange(3)}"
            clients = tuple(replace(c, address=street) if c.id == client else c for c in self.body.clients)
            self.body = replace(self.body, clients=clients)
        elif what == 6:
            self.all_day = not self.all_day
        else:
            moved = self._placement(audit)
            self.placements[audit] = replace(placed, start=moved.start, end=moved.end)

    def _placement(self, audit: str) -> Placement:
        """An audit somewhere in March."""
        start = FIRST + timedelta(days=self.random.randrange(25))
        end = start + timedelta(days=self.random.randrange(3))
        first, last = Slot(start, self.random.random() < 0.3), Slot(end, True)
        return Placement(audit=audit, start=first, end=last, seats=self._seats(start, end))

    def _seats(self, start: date, end: date) -> tuple[Seat, ...]:
        """A team, of which some travel."""
        people = self.random.sample(PEOPLE, self.random.randint(1, 3))
        return tuple(
            Seat(
                auditor=person,
                role=Role.AUDITOR if number else Role.LEAD,
                out=self._journey(start - timedelta(days=1)),
                back=self._journey(end + timedelta(days=1)),
            )
            for number, person in enumerate(people)
        )

    def _journey(self, day: date) -> Journey | None:
        """A journey, or none."""
        if self.random.random() < 0.6:
            return None
        origin = self.random.choice(("home", "the site before"))
        return Journey(origin=origin, destination="Y", hours=4.0, slots=(Slot(day, False),), cost=0)

    def round(self) -> Round:
        """One run of the command, that may be killed anywhere after the journal was begun."""
        self.moment += timedelta(hours=self.random.randint(1, 48))
        plan = Plan(placements=tuple(self.placements.values()), unplaced=())
        again = [audit for audit in self.placements if self.random.random() < 0.1]
        found = plan_round(
            self.body, plan, self.rows, language="en", moment=self.moment, all_day=self.all_day, again=again
        )
        self._hand_out(found, whole=self.random.random() < 0.8)
        return found

    def _hand_out(self, found: Round, *, whole: bool) -> None:
        """Delivers all of a round, or only some when it is killed; what is done is remembered one by one."""
        rows = {row.uid: row for row in begun(found.notices)}
        self.rows = (*self.rows, *rows.values())
        for invitation in found.invitations:
            if not whole and self.random.random() < 0.5:
                continue
            self.files.append((invitation.notice.person, invitation.content))
            if whole or self.random.random() < 0.7:  # else killed between sending and remembering
                self.rows = (*self.rows, ended(rows[invitation.notice.uid]))

    def finish(self) -> Round:
        """A last run that is not killed."""
        self.moment += timedelta(hours=1)
        plan = Plan(placements=tuple(self.placements.values()), unplaced=())
        found = plan_round(self.body, plan, self.rows, language="en", moment=self.moment, all_day=self.all_day)
        self._hand_out(found, whole=True)
        return found

    def delivered(self) -> dict[str, ModelCalendar]:
        """Every calendar after every file arrived in any order, some of them twice."""
        post = self.files + self.random.choices(self.files, k=len(self.files) // 3) if self.files else []
        self.random.shuffle(post)
        calendars = {owner: ModelCalendar() for owner in (*PEOPLE, *CLIENTS)}
        for owner, content in post:
            calendars[owner].receive(content)
        return calendars

    def expected(self) -> dict[str, dict[str, Event]]:
        """What must stand in every calendar: asked anew of the same plan, as if nothing had ever been sent."""
        plan = Plan(placements=tuple(self.placements.values()), unplaced=())
        fresh = plan_round(self.body, plan, (), language="en", moment=self.moment, all_day=self.all_day)
        calendars = {owner: ModelCalendar() for owner in (*PEOPLE, *CLIENTS)}
        for invitation in fresh.invitations:
            calendars[invitation.notice.person].receive(invitation.content)
        return {owner: calendar.events for owner, calendar in calendars.items()}


def _body() -> Body:
    """Four people, two clients, four audits."""
    return Body(
        settings=Settings(plan_from=FIRST, plan_to=date(2027, 3, 31), today=date(2027, 1, 4), organiser_email="o@b.cn"),
        auditors=tuple(Auditor(id=person, name=person, region="R", email=f"{person}@b.cn") for person in PEOPLE),
        places=(Place(region="R", city="北京"),),
        clients=tuple(Client(id=name, name=name, region="R", email=f"{name}@c.cn") for name in CLIENTS),
        audits=tuple(
            Audit(
                id=name,
                client=CLIENTS[number % 2],
                type=AuditType.SURVEILLANCE,
                standards=("ISO 9001",),
                days=Decimal(1),
                due=date(2027, 3, 31),
            )
            for number, name in enumerate(AUDITS)
        ),
    )


@pytest.mark.parametrize("batch", range(BATCHES))
def test_every_calendar_ends_with_exactly_the_last_plan(batch: int) -> None:
    for number in range(STORIES // BATCHES):
        story = Story(random.Random(f"{batch}/{number}"), _body())
        for _ in range(story.random.randint(2, 5)):
            for _ in range(story.random.randint(1, 3)):
                story.change()
            story.round()
        story.finish()
        calendars = {owner: calendar.events for owner, calendar in story.delivered().items()}
        assert calendars == story.expected(), (batch, number)
        assert story.finish().invitations == (), "who knows the plan is not told again"


def _first_round() -> tuple[Story, Round]:
    """A story with one audit of two people."""
    story = Story(random.Random(1), _body())
    slot = Slot(date(2027, 3, 10), False)
    team = (Seat(auditor="A", role=Role.LEAD), Seat(auditor="B", role=Role.AUDITOR))
    story.placements["T1"] = Placement(audit="T1", start=slot, end=replace(slot, afternoon=True), seats=team)
    return story, story.finish()


def _told(found: Round) -> dict[str, Notice]:
    """The notices by person."""
    return {notice.person: notice for notice in found.notices}


def test_who_is_swapped_out_is_cancelled_who_is_swapped_in_invited_others_are_left_alone() -> None:
    story, first = _first_round()
    assert set(_told(first)) == {"A", "B", "K"}
    placed = story.placements["T1"]
    story.placements["T1"] = replace(placed, seats=(placed.seats[0], Seat(auditor="C", role=Role.AUDITOR)))
    second = _told(story.finish())
    assert set(second) == {"B", "C"}
    assert second["B"].cancels
    assert (second["B"].uid, second["B"].sequence) == (_told(first)["B"].uid, 1)
    assert (second["C"].cancels, second["C"].sequence) == (False, 0)


def test_a_sequence_grows_by_one_a_change_and_never_otherwise() -> None:
    story, first = _first_round()
    assert {notice.sequence for notice in first.notices} == {0}
    story.placements["T1"] = replace(story.placements["T1"], status=AuditStatus.CONFIRMED)
    assert {notice.sequence for notice in story.finish().notices} == {1}
    story.body = replace(story.body, clients=tuple(replace(c, contact="Somebody else") for c in story.body.clients))
    assert story.finish().notices == ()


def test_what_is_over_is_left_alone() -> None:
    story, _ = _first_round()
    story.body = replace(story.body, settings=replace(story.body.settings, today=date(2027, 3, 11)))
    story.placements.clear()
    assert story.finish().notices == ()


def test_an_audit_that_becomes_unannounced_is_taken_from_the_client_only() -> None:
    story, _ = _first_round()
    story.body = replace(story.body, audits=tuple(replace(a, unannounced=True) for a in story.body.audits))
    [notice] = story.finish().notices
    assert (notice.person, notice.cancels) == ("K", True)


def test_no_folder_is_touched_by_deciding(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    _first_round()
    assert list(tmp_path.iterdir()) == []
