"""Against servers that are not ours, on loopback: aiosmtpd for mail, Radicale for CalDAV."""

from __future__ import annotations

import email
import email.policy
import random
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from icalendar import Calendar

from auditplan.io.calendars.dav import Account, AddressError, Dav, DavError
from auditplan.io.calendars.distribution import Round, hand_out, plan_round
from auditplan.io.calendars.journal import Journal
from auditplan.io.calendars.publish import Published, collection_name, publish
from auditplan.io.calendars.smtp import Security, Server
from auditplan.planner.demo.body import demo_body
from auditplan.planner.domain import AuditStatus, Body
from auditplan.planner.plan import Plan, Slot

MOMENT = datetime(2027, 1, 2, 8, 30, tzinfo=UTC)
_PRIVATE = """BEGIN:VCALENDAR
VERSION:2.0
PRODID:x
BEGIN:VEVENT
UID:mine
DTSTAMP:20270101T000000Z
DTSTART:20270301T000000Z
DTEND:20270301T010000Z
SUMMARY:dentist
END:VEVENT
END:VCALENDAR
"""
pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning", "ignore::ResourceWarning")


@pytest.fixture
def addressed(body: Body) -> Body:
    """The body with everybody's address."""
    auditors = tuple(replace(auditor, email=f"p{n}@example.com") for n, auditor in enumerate(body.auditors))
    return replace(body, auditors=auditors)


def _round(body: Body, plan: Plan, rows: Any = (), days: int = 0) -> Round:
    """What is to be handed out some days later."""
    return plan_round(body, plan, rows, language="en", moment=MOMENT + timedelta(days=days))


# Mail


@dataclass
class Postbox:
    """Takes mail; closes the connection at the messages of some numbers, before it took them; refuses an address."""

    drop_at: frozenset[int] = frozenset()
    refuse: str = ""
    taken: list[bytes] = field(default_factory=list)
    seen: int = 0

    async def handle_RCPT(  # noqa: N802 - the name is aiosmtpd's
        self, server: Any, session: Any, envelope: Any, address: str, options: Any
    ) -> str:
        """Takes or refuses a recipient."""
        del server, session, options
        if address == self.refuse:
            return "550 no such person"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802 - as above
        """Takes a message, or drops the connection."""
        del session
        self.seen += 1
        if self.seen in self.drop_at:
            server.transport.abort()
            return "451 gone"
        self.taken.append(envelope.content)
        return "250 OK"


@pytest.fixture
def mail_server() -> Iterator[Callable[[Postbox], Server]]:
    """Starts mail servers."""
    from aiosmtpd.controller import Controller

    started = []

    def start(postbox: Postbox) -> Server:
        """A server that fills a postbox."""
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = probe.getsockname()[1]
        controller = Controller(postbox, hostname="127.0.0.1", port=port)
        controller.start()
        started.append(controller)
        return Server(host="127.0.0.1", port=port, security=Security.NONE)

    yield start
    for controller in started:
        controller.stop()


def _identities(postbox: Postbox) -> list[str]:
    """The Message-IDs of what arrived."""
    return [str(email.message_from_bytes(content)["Message-ID"]) for content in postbox.taken]


def test_every_message_arrives_once_as_it_was_written(
    addressed: Body, plan: Plan, tmp_path: Path, mail_server: Callable[[Postbox], Server]
) -> None:
    postbox = Postbox()
    found = _round(addressed, plan)
    outcome = hand_out(found, tmp_path, Journal(tmp_path / "b.xlsx"), server=mail_server(postbox))
    assert len(_identities(postbox)) == len(set(_identities(postbox))) == len(found.invitations)
    assert outcome.delivery is not None
    assert len(outcome.delivery.sent) == len(found.invitations)
    for content, item in zip(postbox.taken, found.invitations, strict=True):
        mail = email.message_from_bytes(content, policy=email.policy.default)
        calendar = next(part for part in mail.walk() if part.get_content_type() == "text/calendar")
        assert calendar.get_payload(decode=True) == item.content
        assert calendar.get_param("method") == "REQUEST"
        assert mail["To"].addresses[0].addr_spec == item.recipient.email
        assert "X-Unsent" not in mail


@pytest.mark.parametrize("seed", range(8))
def test_a_connection_that_drops_loses_and_doubles_nothing(
    seed: int, addressed: Body, plan: Plan, tmp_path: Path, mail_server: Callable[[Postbox], Server]
) -> None:
    total = len(_round(addressed, plan).invitations)
    at = random.Random(seed).randint(1, total)
    # Four times in a row: the run gives up there, and the next one goes on.
    postbox = Postbox(drop_at=frozenset(range(at, at + 4)))
    server, journal = mail_server(postbox), Journal(tmp_path / "b.xlsx")
    first = hand_out(_round(addressed, plan), tmp_path, journal, server=server)
    assert first.delivery is not None
    assert first.delivery.error
    assert len(postbox.taken) == at - 1
    second = hand_out(_round(addressed, plan, journal.read()), tmp_path, journal, server=server)
    assert second.delivery is not None
    assert not second.delivery.error
    assert len(_identities(postbox)) == len(set(_identities(postbox))) == total
    assert _round(addressed, plan, journal.read()).invitations == ()


def test_what_a_server_refuses_is_tried_again_next_time(
    addressed: Body, plan: Plan, tmp_path: Path, mail_server: Callable[[Postbox], Server]
) -> None:
    journal = Journal(tmp_path / "b.xlsx")
    outcome = hand_out(_round(addressed, plan), tmp_path, journal, server=mail_server(Postbox(refuse="p1@example.com")))
    assert outcome.delivery is not None
    assert not outcome.delivery.error
    assert {item.recipient.email for item, _ in outcome.delivery.refused} == {"p1@example.com"}
    left = _round(addressed, plan, journal.read()).invitations
    assert {item.recipient.email for item in left} == {"p1@example.com"}
    assert {item.notice.sequence for item in left} == {0}


def test_a_server_that_is_not_there_is_said_and_nothing_is_lost(addressed: Body, plan: Plan, tmp_path: Path) -> None:
    journal = Journal(tmp_path / "b.xlsx")
    nowhere = Server(host="127.0.0.1", port=1, security=Security.NONE)
    outcome = hand_out(_round(addressed, plan), tmp_path, journal, server=nowhere)
    assert outcome.delivery is not None
    assert outcome.delivery.error
    assert len(_round(addressed, plan, journal.read()).invitations) == len(_round(addressed, plan).invitations)


# CalDAV


@pytest.fixture(scope="module")
def radicale(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a Radicale that lets everybody in."""
    folder = tmp_path_factory.mktemp("radicale")
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [sys.executable, "-m", "radicale", "--config", "", "--hosts", f"127.0.0.1:{port}"]
    command += ["--auth-type", "none", "--storage-filesystem-folder", str(folder), "--logging-level", "error"]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
        try:
            _await(port)
            yield f"http://127.0.0.1:{port}"
        finally:
            process.terminate()
            process.wait(10)


def _await(port: int) -> None:
    """Waits until somebody listens."""
    for _ in range(200):
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.1)
    raise TimeoutError(port)


@pytest.fixture
def account(radicale: str, request: pytest.FixtureRequest) -> Account:
    """A home of its own for each test, of a user who is called as most are: Radicale quotes the @, we do not."""
    user = "u" + "".join(letter for letter in request.node.name if letter.isalnum())[-40:] + "@example.com"
    import urllib.request

    making = urllib.request.Request(f"{radicale}/{user}/", method="MKCOL")
    with urllib.request.urlopen(making, timeout=20) as answer:
        assert answer.status == 201
    return Account(url=f"{radicale}/{user}/", user=user, password="any")


def _publish(account: Account, found: Round, server: Dav | None = None) -> Published:
    """Publishes a round."""
    dav = server or Dav(account)
    try:
        return publish(found.body, found.personal, dav, stamp=found.moment, sequences={})
    finally:
        dav.close()


def _read_back(account: Account, auditor: str) -> dict[str, tuple[Any, ...]]:
    """The events of an auditor as another client reads them."""
    from caldav.davclient import DAVClient

    opened: Any = DAVClient(url=account.url, username=account.user, password=account.password)
    with opened as client:
        calendar = client.calendar(url=f"{account.url}{collection_name(auditor)}/")
        events = [Calendar.from_ical(entry.data).events[0] for entry in calendar.events()]
    return {
        str(event["UID"]): (
            event.start.astimezone(UTC) if isinstance(event.start, datetime) else event.start,
            event.end.astimezone(UTC) if isinstance(event.end, datetime) else event.end,
            str(event["SUMMARY"]),
            str(event["LOCATION"]),
            str(event["STATUS"]),
        )
        for event in events
    }


def _wanted(found: Round, auditor: str) -> dict[str, tuple[Any, ...]]:
    """The same of the plan."""
    return {
        occasion.uid: (
            occasion.start.astimezone(UTC) if isinstance(occasion.start, datetime) else occasion.start,
            occasion.end.astimezone(UTC) if isinstance(occasion.end, datetime) else occasion.end,
            occasion.entry.summary,
            occasion.entry.location,
            "CONFIRMED" if occasion.entry.confirmed else "TENTATIVE",
        )
        for occasion in found.personal
        if occasion.person == auditor
    }


def _moved(plan: Plan) -> Plan:
    """The first audit a week later, the second gone."""
    placed = plan.placements[0]
    week = timedelta(days=7)
    start, end = (Slot(slot.day + week, slot.afternoon) for slot in (placed.start, placed.end))
    return replace(plan, placements=(replace(placed, start=start, end=end, status=AuditStatus.PROPOSED),))


def test_publishing_again_changes_nothing_and_a_new_plan_replaces_the_old(
    body: Body, plan: Plan, account: Account
) -> None:
    first = _round(body, plan)
    done = _publish(account, first)
    assert (done.made, done.written) == (3, len(first.personal))
    again = _publish(account, _round(body, plan, days=3))
    assert (again.made, again.written, again.removed) == (0, 0, 0)
    for auditor in body.auditors:
        assert _read_back(account, auditor.id) == _wanted(first, auditor.id)
    second = _round(body, _moved(plan), days=4)
    _publish(account, second)
    for auditor in body.auditors:
        assert _read_back(account, auditor.id) == _wanted(second, auditor.id)
    assert (_publish(account, second).written, _publish(account, second).removed) == (0, 0)


def test_what_others_put_there_stays_and_what_an_owner_moved_is_put_right(
    body: Body, plan: Plan, account: Account
) -> None:
    found = _round(body, plan)
    _publish(account, found)
    dav = Dav(account)
    collection = f"{dav.base}{collection_name('张伟')}/"
    private = _PRIVATE.replace("\n", "\r\n").encode()
    assert dav.put(f"{collection}mine.ics", private, "")
    assert not dav.put(f"{collection}mine.ics", private, ""), "If-None-Match"
    resource = next(item for item in dav.resources(collection) or () if "20270304T130000" in item.content)
    moved = resource.content.replace("20270304T130000", "20270304T090000").encode()
    assert dav.put(resource.path, moved, resource.etag)
    assert not dav.put(resource.path, moved, '"stale"')
    dav.close()
    assert _publish(account, found).written == 1
    empty = _round(body, replace(plan, placements=()), days=1)
    _publish(account, empty)
    left = [item.content for item in Dav(account).resources(collection) or ()]
    assert len(left) == 1
    assert "dentist" in left[0]


def test_a_killed_publication_started_again_ends_the_same(body: Body, plan: Plan, account: Account) -> None:
    class Dying(Dav):
        """Loses its server after some objects."""

        left = 3

        def put(self, path: str, content: bytes, etag: str) -> bool:
            """Writes, or dies."""
            if not self.left:
                raise DavError("gone")
            self.left -= 1
            return super().put(path, content, etag)

    found = _round(body, plan)
    with pytest.raises(DavError):
        _publish(account, found, Dying(account))
    _publish(account, found)
    for auditor in body.auditors:
        assert _read_back(account, auditor.id) == _wanted(found, auditor.id)


def test_the_collection_of_somebody_gone_is_emptied(body: Body, plan: Plan, account: Account) -> None:
    _publish(account, _round(body, plan))
    without = replace(body, auditors=body.auditors[1:])
    _publish(account, _round(without, replace(plan, placements=()), days=1))
    assert _read_back(account, "张伟") == {}


def test_a_password_goes_nowhere_without_encryption() -> None:
    for url in (
        "http://example.com/",
        "ftp://example.com/",
        "https://",
        "https://a:b@example.com/",
        "nonsense",
        "http://[x",
        "https://b.cn:x",
    ):
        with pytest.raises(AddressError):
            Dav(Account(url=url, user="u", password="p"))
    assert "secret" not in repr(Account(url="https://example.com/", user="u", password="secret"))


def test_collections_are_one_person_s_each() -> None:
    names = ["Li", "li", "LI", "李", "../x", "a b", "", "x" * 200, "x" * 201]
    assert len({collection_name(name).casefold() for name in names}) == len(names)
    assert all(collection_name(name).isascii() for name in names)


def test_whole_days_are_published_too(body: Body, plan: Plan, account: Account) -> None:
    found = plan_round(body, plan, (), language="zh", moment=MOMENT, all_day=True)
    _publish(account, found)
    events = _read_back(account, "张伟")
    assert events == _wanted(found, "张伟")
    assert date(2027, 3, 4) in {event[0] for event in events.values()}
    assert _publish(account, found).written == 0


@pytest.mark.slow
def test_the_medium_sample_is_published_planned_again_and_published_again(
    account: Account, placed: Callable[[Body], Plan]
) -> None:
    body = demo_body("medium", "zh")
    first = _round(body, placed(body))
    assert _publish(account, first).written == len(first.personal)
    changed = placed(replace(body, audits=body.audits[::-1]))
    changed = replace(changed, placements=changed.placements[: len(changed.placements) * 3 // 4])
    second = _round(body, changed, days=1)

    class Dying(Dav):
        """Loses its server half-way."""

        left = 300

        def put(self, path: str, content: bytes, etag: str) -> bool:
            """Writes, or dies."""
            self.left -= 1
            if not self.left:
                raise DavError("gone")
            return super().put(path, content, etag)

    with pytest.raises(DavError):
        _publish(account, second, Dying(account))
    _publish(account, second)
    again = _publish(account, second)
    assert (again.written, again.removed, again.made) == (0, 0, 0)
    for auditor in body.auditors:
        assert _read_back(account, auditor.id) == _wanted(second, auditor.id)
