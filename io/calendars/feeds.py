"""The feeds of a plan as files: one per auditor, one per region, one for the whole team."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import datetime
from pathlib import Path

from auditplan.io.calendars.components import PRODUCER, FeedWriter
from auditplan.io.calendars.entries import Agenda, Entry
from auditplan.io.calendars.file_names import file_names
from auditplan.io.files import whole_file
from auditplan.io.messages import message
from auditplan.planner.domain import Body
from auditplan.planner.plan import Plan

TEAM = "team"
REGION = "region-"
_STAMP = re.compile(rb"^DTSTAMP:.*\r\n", re.MULTILINE)


def write_feeds(
    body: Body,
    plan: Plan,
    directory: Path,
    *,
    language: str,
    stamp: datetime,
    all_day: bool = False,
    sequences: Mapping[str, int] | None = None,
) -> tuple[Path, ...]:
    """Writes a feed for every auditor, `team.ics` and a feed for every region into a folder, which is made if it
    is not there, and answers with the files.

    stamp: when the plan was decided, with a time zone; the same plan and stamp give the same bytes, and a file that
    would differ in its stamps only stays as it is. all_day: whole days, one event a run of them, instead of hours.
    sequences: how often events were changed since they were first sent, by identity. Feeds that lie in the folder
    from an earlier plan and whose owner is no longer in the body are emptied: a calendar that follows one must not
    show what is not true.

    Raises OSError where the folder cannot be written, ValueError for a stamp without a zone."""
    agenda = Agenda(body, plan, language)
    personal, team = agenda.personal(), agenda.team()
    writer = FeedWriter(body.settings, (*personal, *team), stamp, all_day=all_day, sequences=sequences)
    feeds = {
        **_personal_feeds(body, personal, writer),
        f"{TEAM}.ics": writer.feed(_title(body, message("feed-team-name", language)), team),
        **_regional_feeds(body, team, writer, language),
    }
    directory.mkdir(parents=True, exist_ok=True)
    feeds |= _emptied(directory, feeds, writer)
    paths = []
    for name, content in feeds.items():
        path = directory / name
        _write(path, content)
        paths.append(path)
    return tuple(paths)


def _personal_feeds(body: Body, entries: Iterable[Entry], writer: FeedWriter) -> dict[str, bytes]:
    """File name → feed of each auditor, an empty one for whoever has nothing to do."""
    owned: dict[str, list[Entry]] = defaultdict(list)
    for entry in entries:
        owned[entry.person].append(entry)
    regions = _region_names(body)
    names = file_names((auditor.id for auditor in body.auditors), taken=(TEAM, *regions.values()))
    return {
        f"{names[auditor.id]}.ics": writer.feed(_title(body, auditor.name or auditor.id), owned[auditor.id])
        for auditor in body.auditors
    }


def _regional_feeds(body: Body, entries: Iterable[Entry], writer: FeedWriter, language: str) -> dict[str, bytes]:
    """File name → feed of each region: what takes place there."""
    placed: dict[str, list[Entry]] = defaultdict(list)
    for entry in entries:
        placed[entry.region].append(entry)
    return {
        f"{name}.ics": writer.feed(_title(body, message("feed-region-name", language, region=region)), placed[region])
        for region, name in _region_names(body).items()
    }


def _region_names(body: Body) -> dict[str, str]:
    """The file name of each region's feed, without its ending."""
    regions = dict.fromkeys(place.region for place in body.places)
    return {region: f"{REGION}{name}" for region, name in file_names(regions).items()}


def _title(body: Body, name: str) -> str:
    """What a calendar is called: with the body's name, so that it is known among others."""
    return f"{name} · {body.settings.organisation}" if body.settings.organisation else name


def _emptied(directory: Path, feeds: dict[str, bytes], writer: FeedWriter) -> dict[str, bytes]:
    """File name → empty feed, for each of our files in the folder that is not written anew."""
    current = {name.casefold() for name in feeds}
    stale = [path for path in sorted(directory.glob("*.ics")) if path.name.casefold() not in current]
    return {path.name: writer.feed(_name_of(path), ()) for path in stale if _ours(path)}


def _ours(path: Path) -> bool:
    """Whether a file was written here."""
    if path.is_symlink() or not path.is_file():
        return False
    with path.open("rb") as file:
        return f"PRODID:{PRODUCER}".encode() in file.read(1000)


def _name_of(path: Path) -> str:
    """What one of our calendars is called; its file's name where it no longer says."""
    from icalendar import Calendar

    try:
        return str(Calendar.from_ical(path.read_bytes()).get("x-wr-calname") or path.stem)
    except ValueError:
        return path.stem


def _write(path: Path, content: bytes) -> None:
    """Writes a file as a whole or not at all, and only if it says something new."""
    if path.is_file() and not path.is_symlink() and _STAMP.sub(b"", path.read_bytes()) == _STAMP.sub(b"", content):
        return
    with whole_file(path) as temporary:
        temporary.write_bytes(content)
