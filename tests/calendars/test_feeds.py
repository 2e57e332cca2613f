"""Feeds as files: what is in them, read back by parsers that are not ours."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from icalendar import Calendar

from auditplan.io.calendars.feeds import write_feeds
from auditplan.planner.domain import Body, Role
from auditplan.planner.plan import Journey, Plan, Seat, Slot

Feeds = dict[str, Calendar]
SHANGHAI = ZoneInfo("Asia/Shanghai")


def _moment(value: object) -> datetime:
    """A beginning or end that is no whole day."""
    assert isinstance(value, datetime)
    return value.astimezone(UTC)


def _bea(feeds: Feeds) -> Calendar:
    """The feed of the auditor whose id cannot be a file name."""
    return next(calendar for name, calendar in feeds.items() if name.startswith("B-2-"))


def test_one_feed_per_auditor_one_per_region_one_for_the_team(feeds: Feeds) -> None:
    names = set(feeds)
    assert {"张伟.ics", "idle.ics", "team.ics", "region-North.ics", "region-South.ics"} < names
    assert len(names) == 6


def test_an_audit_is_one_event_a_working_day_in_the_hours_of_the_settings(feeds: Feeds) -> None:
    starts = [event.start for event in feeds["张伟.ics"].events]
    ends = [event.end for event in feeds["张伟.ics"].events]
    assert starts == [
        datetime(2027, 3, 4, 13, tzinfo=SHANGHAI),
        datetime(2027, 3, 5, 9, tzinfo=SHANGHAI),
        datetime(2027, 3, 8, 9, tzinfo=SHANGHAI),
        datetime(2027, 3, 9, 9, tzinfo=SHANGHAI),
        datetime(2027, 3, 16, 13, tzinfo=SHANGHAI),
    ]
    assert [_moment(end).astimezone(SHANGHAI).hour for end in ends] == [17, 17, 17, 12, 17]


def test_days_are_linked_to_the_first(feeds: Feeds) -> None:
    first, *others = feeds["张伟.ics"].events[:4]
    assert "RELATED-TO" not in first
    assert {str(event["RELATED-TO"]) for event in others} == {str(first["UID"])}


def test_status_follows_the_placement(feeds: Feeds) -> None:
    events = feeds["张伟.ics"].events
    assert [str(event["STATUS"]) for event in events] == ["CONFIRMED"] * 4 + ["TENTATIVE"]


def test_journeys_are_events_of_their_own(feeds: Feeds) -> None:
    journeys = [event for event in _bea(feeds).events if str(event["SUMMARY"]).startswith("Journey")]
    assert [_moment(event.start).astimezone(SHANGHAI).strftime("%d %H") for event in journeys] == [
        "04 09",
        "09 13",
        "10 09",
    ]
    assert {str(event["TRANSP"]) for event in journeys} == {"OPAQUE"}
    audit = [event for event in _bea(feeds).events if event not in journeys]
    assert not {str(event["UID"]) for event in audit} & {str(event["UID"]) for event in journeys}


def test_every_uid_in_a_feed_is_its_own(feeds: Feeds) -> None:
    for calendar in feeds.values():
        uids = [str(event["UID"]) for event in calendar.events]
        assert len(uids) == len(set(uids))


def test_uids_do_not_depend_on_dates_or_team(body: Body, plan: Plan, tmp_path: Path, stamp: datetime) -> None:
    def uids(directory: str, planned: Plan) -> list[str]:
        write_feeds(body, planned, tmp_path / directory, language="en", stamp=stamp)
        events = Calendar.from_ical((tmp_path / directory / "张伟.ics").read_bytes()).events
        return [str(event["UID"]) for event in events]

    second = plan.placements[1]
    moved = replace(second, start=Slot(date(2027, 3, 20), False), end=Slot(date(2027, 3, 20), False))
    alone = replace(plan.placements[0], seats=plan.placements[0].seats[:1])
    assert uids("a", plan) == uids("b", replace(plan, placements=(alone, moved)))


def test_what_an_event_says(feeds: Feeds) -> None:
    event = feeds["张伟.ics"].events[0]
    assert str(event["SUMMARY"]) == "Müller, Söhne; GmbH\\Co BEGIN:VEVENT · surveillance"
    assert str(event["LOCATION"]).startswith("100 Long Road, 北京市")
    assert event.categories == ["surveillance"]
    text = str(event["DESCRIPTION"])
    for part in (
        "张伟, lead (ISO 9001:2015: 17.06)",
        "Bea, auditor",
        "ISO 14001",
        "17.06",
        "Ms. Li, li@example.com",
    ):
        assert part in text
    assert "2027-03-04 13:00 (PM)" in text
    assert "2027-03-09 12:00 (AM)" in text
    assert str(event["ORGANIZER"]) == "mailto:plan@example.com"
    assert "ATTENDEE" not in event


def test_an_unannounced_audit_says_so_and_desk_work_has_no_address(feeds: Feeds) -> None:
    event = feeds["张伟.ics"].events[-1]
    assert "do not tell the client" in str(event["DESCRIPTION"])
    assert str(event["LOCATION"]) == "desk"


def test_what_a_calendar_says(feeds: Feeds) -> None:
    calendar = feeds["张伟.ics"]
    assert str(calendar["METHOD"]) == "PUBLISH"
    assert str(calendar["X-WR-CALNAME"]) == str(calendar["NAME"]) == "张伟 · 华信认证"
    assert str(calendar["COLOR"])
    [zone] = calendar.timezones
    assert str(zone["TZID"]) == "Asia/Shanghai"
    assert [part.name for part in zone.subcomponents] == ["STANDARD"]


def test_the_team_s_feed_has_each_audit_once_and_makes_nobody_busy(feeds: Feeds) -> None:
    events = feeds["team.ics"].events
    audits = [event for event in events if str(event["TRANSP"]) == "TRANSPARENT"]
    assert len(audits) == 5
    assert "(张伟, Bea)" in str(audits[0]["SUMMARY"])
    assert [str(event["SUMMARY"])[:3] for event in events if event not in audits] == ["Bea"] * 3


def test_a_region_s_feed_has_what_takes_place_there(feeds: Feeds) -> None:
    assert {str(event["SUMMARY"]).partition(" ·")[0] for event in feeds["region-South.ics"].events} == {"Second"}


def test_who_has_nothing_to_do_gets_an_empty_feed(feeds: Feeds) -> None:
    assert feeds["idle.ics"].events == []
    assert feeds["idle.ics"].timezones


def test_whole_days_are_one_event_a_run_with_the_end_excluded(
    body: Body, plan: Plan, tmp_path: Path, stamp: datetime, parse: Callable[[Path], Calendar]
) -> None:
    write_feeds(body, plan, tmp_path, language="en", stamp=stamp, all_day=True)
    spans = [(event.start, event.end) for event in parse(tmp_path / "张伟.ics").events]
    assert spans == [
        (date(2027, 3, 4), date(2027, 3, 6)),
        (date(2027, 3, 8), date(2027, 3, 10)),
        (date(2027, 3, 16), date(2027, 3, 17)),
    ]


def test_lines_end_in_crlf_and_fold_without_cutting_letters(
    body: Body, plan: Plan, tmp_path: Path, stamp: datetime
) -> None:
    for path in write_feeds(body, plan, tmp_path, language="zh", stamp=stamp):
        content = path.read_bytes()
        lines = content.split(b"\r\n")
        assert lines[-1] == b""
        for line in lines:
            assert len(line) <= 75
            assert b"\r" not in line
            assert b"\n" not in line
            line.decode("utf-8")


def test_the_same_plan_gives_the_same_bytes(body: Body, plan: Plan, tmp_path: Path, stamp: datetime) -> None:
    def written(directory: str, at: datetime) -> dict[str, bytes]:
        paths = write_feeds(body, plan, tmp_path / directory, language="zh", stamp=at)
        return {path.name: path.read_bytes() for path in paths}

    elsewhere = stamp.astimezone(ZoneInfo("Asia/Shanghai"))
    assert written("a", stamp) == written("b", stamp) == written("c", elsewhere)
    assert written("a", stamp) != written("d", stamp + timedelta(days=1))


def test_a_stamp_without_a_zone_is_refused(body: Body, plan: Plan, tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="time zone"):
        write_feeds(body, plan, tmp_path, language="en", stamp=datetime(2027, 1, 1))  # noqa: DTZ001


def test_our_feed_of_someone_gone_is_emptied_and_others_files_are_left(
    body: Body, plan: Plan, tmp_path: Path, stamp: datetime, parse: Callable[[Path], Calendar]
) -> None:
    write_feeds(body, plan, tmp_path, language="en", stamp=stamp)
    foreign = tmp_path / "private.ics"
    foreign.write_bytes(b"BEGIN:VCALENDAR\r\nPRODID:-//other//EN\r\nEND:VCALENDAR\r\n")
    before = foreign.read_bytes()
    gone = replace(body, auditors=body.auditors[1:])
    without = replace(plan, placements=())
    paths = write_feeds(gone, without, tmp_path, language="en", stamp=stamp)
    assert tmp_path / "张伟.ics" in paths
    calendar = parse(tmp_path / "张伟.ics")
    assert calendar.events == []
    assert str(calendar["X-WR-CALNAME"]) == "张伟 · 华信认证"
    assert foreign.read_bytes() == before


def test_no_file_leaves_the_folder(body: Body, plan: Plan, tmp_path: Path, stamp: datetime) -> None:
    inside = tmp_path / "deep" / "feeds"
    hostile = replace(body.auditors[2], id="../../up", name="CON")
    paths = write_feeds(replace(body, auditors=(*body.auditors[:2], hostile)), plan, inside, language="en", stamp=stamp)
    assert {path.parent for path in paths} == {inside}
    assert {path for path in tmp_path.rglob("*") if path.is_file()} == set(paths)


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_another_parser_reads_the_same_instants(
    body: Body, plan: Plan, tmp_path: Path, stamp: datetime, parse: Callable[[Path], Calendar]
) -> None:
    import vobject

    write_feeds(body, plan, tmp_path, language="zh", stamp=stamp)
    path = tmp_path / "张伟.ics"
    theirs = vobject.readOne(path.read_bytes().decode("utf-8"))
    ours = parse(path)
    assert [event.dtstart.value.astimezone(UTC) for event in theirs.vevent_list] == [
        _moment(event.start) for event in ours.events
    ]
    assert [event.dtend.value.astimezone(UTC) for event in theirs.vevent_list] == [
        _moment(event.end) for event in ours.events
    ]
    assert [event.summary.value for event in theirs.vevent_list] == [str(event["SUMMARY"]) for event in ours.events]


def test_in_chinese_a_service_is_evaluated_not_audited(body: Body, plan: Plan, tmp_path: Path, stamp: datetime) -> None:
    service = replace(plan.placements[1], seats=(*plan.placements[1].seats, Seat(auditor="B/2", role=Role.AUDITOR)))
    told = replace(plan, placements=(plan.placements[0], service))
    write_feeds(body, told, tmp_path, language="zh", stamp=stamp)
    events = Calendar.from_ical((tmp_path / "张伟.ics").read_bytes()).events
    system, review = str(events[0]["DESCRIPTION"]), str(events[-1]["DESCRIPTION"])
    assert "审核组：\n- 张伟，组长" in system
    assert "Bea，审核员" in system
    assert "审查" not in system
    assert "审查组：\n- 张伟，组长" in review
    assert "Bea，审查员" in review
    assert "文件审查" in review
    assert "审核" not in review


def test_who_goes_straight_on_is_told_from_where_to_where(
    body: Body, plan: Plan, tmp_path: Path, stamp: datetime
) -> None:
    """A trip: the way to the second audit begins at the first one's site, and nobody comes home in between."""
    first, second = plan.placements
    day = date(2027, 3, 15)
    onward = Journey(origin="北京", destination="深圳", hours=3.456, slots=(Slot(day, False), Slot(day, True)), cost=1)
    seat = replace(first.seats[1], back=None)
    follows = Seat(auditor="B/2", role=Role.AUDITOR, out=onward, back=None, nights=5)
    told = replace(
        plan, placements=(replace(first, seats=(first.seats[0], seat)), replace(second, seats=(*second.seats, follows)))
    )
    write_feeds(body, told, tmp_path, language="en", stamp=stamp)
    bea = next(path for path in tmp_path.iterdir() if path.name.startswith("B-2-"))
    events = Calendar.from_ical(bea.read_bytes()).events
    journeys = [event for event in events if str(event["SUMMARY"]).startswith("Journey")]
    assert [str(event["SUMMARY"]) for event in journeys] == [
        "Journey 广州 → 北京 · Müller, Söhne; GmbH\\Co BEGIN:VEVENT",
        "Journey 北京 → 深圳 · Second",
    ]
    assert "About 3.5 hours" in str(journeys[1]["DESCRIPTION"])
    assert (journeys[1].start, journeys[1].end) == (
        datetime(2027, 3, 15, 9, tzinfo=SHANGHAI),
        datetime(2027, 3, 15, 17, tzinfo=SHANGHAI),
    )
    stays = replace(onward, destination="北京", hours=0.0, slots=())
    told = replace(plan, placements=(first, replace(second, seats=(replace(follows, out=stays),))))
    write_feeds(body, told, tmp_path, language="en", stamp=stamp)
    events = Calendar.from_ical(bea.read_bytes()).events
    assert not [event for event in events if str(event["SUMMARY"]).endswith("北京 · Second")], "stays where they are"
