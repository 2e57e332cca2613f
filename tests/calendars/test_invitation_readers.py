"""Every file written for a sample, read by parsers that are not ours: all see the same instants, none complains."""

from __future__ import annotations

import json
import shutil
import subprocess
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from icalendar import Calendar, Event

from auditplan.io.calendars.distribution import hand_out, plan_round
from auditplan.io.calendars.feeds import write_feeds
from auditplan.io.calendars.journal import Journal
from auditplan.planner.demo.body import demo_body
from auditplan.planner.domain import Body, Role
from auditplan.planner.plan import Placement, Plan, Seat, Slot

MOMENT = datetime(2026, 11, 23, 8, tzinfo=UTC)
Placed = Callable[[Body], Plan]
SAMPLES = [("small", "en"), ("small", "zh"), ("medium", "zh"), ("large", "zh")]
_SCRIPT = """
const fs = require('fs'), path = require('path');
const nodeIcal = require('node-ical');
(async () => {
  const module = await import('ical.js');
  const ICAL = module.default;
  const warnings = [];
  process.on('warning', (warning) => warnings.push(String(warning)));
  console.warn = console.error = (...words) => warnings.push(words.join(' '));
  const found = {};
  for (const name of JSON.parse(fs.readFileSync(process.argv[2], 'utf-8'))) {
    const text = fs.readFileSync(name, 'utf-8');
    const root = new ICAL.Component(ICAL.parse(text));
    for (const zone of root.getAllSubcomponents('vtimezone')) {
      ICAL.TimezoneService.register(new ICAL.Timezone(zone));
    }
    const instant = (time) => time.isDate ? time.toString() : time.toJSDate().toISOString();
    const first = {};
    for (const part of root.getAllSubcomponents('vevent')) {
      const event = new ICAL.Event(part);
      first[event.uid] = [instant(event.startDate), instant(event.endDate), event.summary];
    }
    const second = {};
    for (const event of Object.values(nodeIcal.sync.parseICS(text))) {
      if (event.type !== 'VEVENT') continue;
      const day = (time) => [time.getFullYear(), time.getMonth() + 1, time.getDate()]
        .map((part) => String(part).padStart(2, '0')).join('-');
      const show = (time) => time.dateOnly ? day(time) : time.toISOString();
      const summary = typeof event.summary === 'object' ? event.summary.val : event.summary;
      second[event.uid] = [show(event.start), show(event.end), summary];
    }
    found[name] = [first, second];
  }
  process.stdout.write(JSON.stringify({found, warnings}));
})().catch((error) => { process.stderr.write(String(error.stack)); process.exit(1); });
"""


def _written(placed: Placed, size: str, language: str, folder: Path, *, all_day: bool = False) -> list[Path]:
    """Every file of a sample: feeds, invitations, and cancellations of every third audit."""
    body = demo_body(size, language)
    return _files(body, placed(body), language, folder, all_day=all_day)


def _files(body: Body, plan: Plan, language: str, folder: Path, *, all_day: bool = False) -> list[Path]:
    """Every file of a plan."""
    found = plan_round(body, plan, (), language=language, moment=MOMENT, all_day=all_day)
    journal = Journal(folder / "book.xlsx")
    first = hand_out(found, folder / "first", journal)
    shorter = Plan(placements=plan.placements[::3], unplaced=())
    later = MOMENT + timedelta(days=1)
    found = plan_round(body, shorter, first.memory.values(), language=language, moment=later, all_day=all_day)
    second = hand_out(found, folder / "second", journal)
    feeds = write_feeds(body, plan, folder / "feeds", language=language, stamp=MOMENT, all_day=all_day)
    return [*first.files, *second.files, *feeds]


Read = dict[str, list[str]]
"""Beginning, end and summary by identity."""


def _ours(path: Path) -> Read:
    """What icalendar reads."""
    calendar = Calendar.from_ical(path.read_bytes())
    for part in calendar.walk():
        assert not part.errors, path
    return {
        str(event["UID"]): [_shown(event.start), _shown(event.end), str(event["SUMMARY"])] for event in calendar.events
    }


def _shown(value: date) -> str:
    """An instant or a day as JavaScript writes it."""
    if isinstance(value, datetime):
        return f"{value.astimezone(UTC):%Y-%m-%dT%H:%M:%S}.000Z"
    return value.isoformat()


def _vobject(path: Path) -> Read:
    """What vobject reads."""
    import vobject

    calendar = vobject.readOne(path.read_bytes().decode("utf-8"))
    return {
        event.uid.value: [_shown(event.dtstart.value), _shown(event.dtend.value), event.summary.value]
        for event in calendar.contents.get("vevent", ())
    }


def _check_bytes(path: Path) -> None:
    """CRLF, at most 75 octets a line, whole letters."""
    lines = path.read_bytes().split(b"\r\n")
    assert lines[-1] == b"", path
    for line in lines:
        assert len(line) <= 75, path
        assert b"\n" not in line, path
        assert b"\r" not in line, path
        line.decode("utf-8")


@pytest.mark.filterwarnings("ignore::DeprecationWarning:vobject")
@pytest.mark.parametrize("all_day", [False, True])
def test_icalendar_and_vobject_read_the_same_of_the_small_sample(all_day: bool, placed: Placed, tmp_path: Path) -> None:
    for path in _written(placed, "small", "zh", tmp_path, all_day=all_day):
        _check_bytes(path)
        assert _ours(path) == _vobject(path), path


@pytest.fixture(scope="module")
def javascript(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with ical.js and node-ical, and a program that reads with both."""
    npm = shutil.which("npm")
    assert npm is not None, "npm is not installed; .ci/run does it"
    assert shutil.which("node") is not None
    folder = tmp_path_factory.mktemp("javascript")
    (folder / "package.json").write_text("{}")
    command = [npm, "install", "--silent", "--no-audit", "--no-fund", "--ignore-scripts", "ical.js@2", "node-ical@0.27"]
    subprocess.run(command, cwd=folder, check=True, timeout=300)
    (folder / "read.js").write_text(_SCRIPT)
    return folder


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore::DeprecationWarning:vobject")
@pytest.mark.parametrize(("size", "language"), SAMPLES)
def test_four_parsers_read_the_same_of_every_sample(
    size: str, language: str, javascript: Path, placed: Placed, tmp_path: Path
) -> None:
    _check_javascript(_written(placed, size, language, tmp_path), javascript, tmp_path)


ZONES = ("Europe/Berlin", "Europe/Dublin", "America/New_York", "Asia/Kolkata", "Pacific/Auckland", "Asia/Urumqi", "UTC")
"""With summer time in the north and the south, the one that calls winter its exception, half hours, and none."""


def _across_the_change(body: Body, zone: str) -> tuple[Body, Plan]:
    """Audits across the changes of the clock of 2027: north (March and October), New York and south."""
    settings = replace(body.settings, time_zone=zone, plan_from=date(2027, 3, 1), plan_to=date(2027, 12, 31))
    days = (date(2027, 3, 12), date(2027, 3, 26), date(2027, 4, 2), date(2027, 9, 24), date(2027, 10, 29))
    placements = tuple(
        Placement(
            audit=audit.id,
            start=Slot(day, True),
            end=Slot(day + timedelta(days=4), False),
            seats=(Seat(auditor=body.auditors[0].id, role=Role.LEAD),),
        )
        for audit, day in zip(body.audits, days, strict=False)
    )
    return replace(body, settings=settings), Plan(placements=placements, unplaced=())


@pytest.mark.filterwarnings("ignore::DeprecationWarning:vobject")
@pytest.mark.parametrize("zone", ZONES)
def test_hours_stay_the_same_on_the_wall_when_the_clock_changes(zone: str, tmp_path: Path) -> None:
    body, plan = _across_the_change(demo_body("small", "en"), zone)
    for path in _files(body, plan, "en", tmp_path):
        assert _ours(path) == _vobject(path), path
        for event in Calendar.from_ical(path.read_bytes()).events:
            start, end = (value.replace(tzinfo=None) for value in _moments(event))
            assert start.time() in {body.settings.day_starts, body.settings.lunch_ends}
            assert end.time() in {body.settings.day_ends, body.settings.lunch_starts}
            assert start.date() == end.date(), "nights stay free"
            on_the_wall = [moment.replace(tzinfo=ZoneInfo(zone)).astimezone(UTC) for moment in (start, end)]
            assert [value.astimezone(UTC) for value in _moments(event)] == on_the_wall


def _moments(event: Event) -> tuple[datetime, datetime]:
    """Beginning and end of an event that is no whole day."""
    start, end = event.start, event.end
    assert isinstance(start, datetime)
    assert isinstance(end, datetime)
    return start, end


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore::DeprecationWarning:vobject")
@pytest.mark.parametrize("zone", ZONES)
def test_four_parsers_agree_across_changes_of_the_clock(zone: str, javascript: Path, tmp_path: Path) -> None:
    body, plan = _across_the_change(demo_body("small", "en"), zone)
    _check_javascript(_files(body, plan, "en", tmp_path), javascript, tmp_path)


def _check_javascript(paths: list[Path], javascript: Path, tmp_path: Path) -> None:
    """All four see the same, and none complains."""
    (tmp_path / "list.json").write_text(json.dumps([str(path) for path in paths]), encoding="utf-8")
    command = ["node", "read.js", str(tmp_path / "list.json")]
    answer = subprocess.run(command, cwd=javascript, check=True, timeout=900, capture_output=True)
    read = json.loads(answer.stdout)
    assert read["warnings"] == []
    for path in paths:
        ours = _ours(path)
        assert read["found"][str(path)] == [ours, ours], path
        assert _vobject(path) == ours, path


@pytest.mark.slow
def test_a_year_of_three_hundred_people_is_written_soon(placed: Placed, tmp_path: Path) -> None:
    """The target is ten seconds of a quiet machine; processor time does not depend on who else works on it."""
    import time

    body = demo_body("large", "zh")
    assert len(body.auditors) == 300
    placements, audits = [], []
    for quarter in range(4):
        ahead = timedelta(days=91 * quarter)
        audits += [replace(audit, id=f"{audit.id}/{quarter}") for audit in body.audits]
        for entry in placed(body).placements:
            start, end = Slot(entry.start.day + ahead, entry.start.afternoon), Slot(entry.end.day + ahead, True)
            placements.append(replace(entry, audit=f"{entry.audit}/{quarter}", start=start, end=end))
    body, whole = replace(body, audits=tuple(audits)), Plan(placements=tuple(placements), unplaced=())
    begun = time.process_time()
    write_feeds(body, whole, tmp_path, language="zh", stamp=MOMENT)
    assert time.process_time() - begun < 10
