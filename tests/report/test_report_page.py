"""The page as text: what is on it, and what texts of the book cannot do to it."""

from __future__ import annotations

import base64
import hashlib
import re
from dataclasses import replace
from datetime import date
from html.parser import HTMLParser

import pytest

from auditplan.io.report.build import report_of
from auditplan.io.report.page import page_of
from auditplan.io.report.view import Bar, Report
from auditplan.io.workbook.written import Written
from auditplan.planner.domain import Body
from auditplan.planner.plan import Plan

SLOTS = 62
"""Half days of March, in which all of the plan lies."""


@pytest.fixture
def report(body: Body, plan: Plan, written: Written) -> Report:
    """The page's content, in English."""
    return report_of(body, plan, written, "en")


def _bars(report: Report, person: str) -> list[Bar]:
    """Somebody's bars."""
    return [bar for lane in report.chart.lanes if lane.find.startswith(person) for bar in lane.bars]


def _place(bar: Bar) -> tuple[int, int]:
    """The first half day of a bar, and how many it has."""
    return round(bar.left * SLOTS / 100), round(bar.width * SLOTS / 100)


def test_a_bar_is_where_somebody_works_and_a_weekend_is_no_part_of_it(report: Report) -> None:
    assert report.chart.slots == SLOTS
    assert [_place(bar) for bar in _bars(report, "li")] == [(14, 4)]
    wu = _bars(report, "wu")
    assert [(_place(bar), bar.travel, bar.audit) for bar in wu] == [
        ((9, 1), True, "A1"),
        ((14, 4), False, "A1"),
        ((34, 4), False, "A2"),
        ((42, 1), False, "A2"),
    ]
    assert [bar.lead for bar in wu] == [False, False, True, True]
    assert [bar.confirmed for bar in wu] == [True, True, False, False]


def test_lanes_show_who_does_not_work_when(report: Report) -> None:
    li = next(lane for lane in report.chart.lanes if lane.name == "Li Wei")
    assert li.away == "M28 0h10v1h-10z"
    assert li.off.startswith("M10 0h4v1h-4z"), "the first weekend"
    assert [lane.region for lane in report.chart.lanes] == ["North", "South", "South"]


def test_a_bar_says_all_that_is_to_be_known(report: Report) -> None:
    text = _bars(report, "li")[0].says
    for part in ("Li Wei · lead", "A1 · surveillance · First & Sons", "2027-03-08 AM", "2027-03-09 PM", "17.06", "Due"):
        assert part in text
    assert "Journey 广州 → 北京" in _bars(report, "wu")[0].says


def test_the_load_is_what_is_taken_of_what_there_is(report: Report) -> None:
    li, wu, idle = report.heat.rows
    assert [cell.text for cell in li.cells] == ["", "40", "–", "", ""], "on leave in the third week"
    assert [cell.text for cell in wu.cells] == ["10", "40", "40", "10", ""]
    assert [cell.step for cell in wu.cells] == [1, 2, 2, 1, 0]
    assert li.totals == ("2", "0", "18", "11%", "9", "0")
    assert wu.totals[:4] == ("4.5", "0.5", "23", "22%")
    assert wu.totals[5] == "4"
    assert {cell.text for cell in idle.cells} == {""}
    assert report.heat.whole.totals[:2] == ("6.5", "0.5")


def test_figures_and_tables(report: Report) -> None:
    figures = dict(report.figures)
    assert (figures["Placed"], figures["Left out"], figures["Nights away"]) == ("2", "1", "4")
    assert (figures["Travel and nights (CNY)"], figures["Day rates (CNY)"]) == ("1,500", "800")
    assert figures["Left out though due in the period"] == "1"
    assert [row.cells for row in report.kinds.rows] == [
        ("surveillance", "1", "0"),
        ("recertification", "1", "0"),
        ("special", "0", "1"),
    ]
    assert report.levels is not None
    assert report.levels.rows[0].cells[1:] == ("12", "10", "1.50%")
    assert "123 checks" in report.run
    assert report.unplaced.rows[0].cells[:4] == ("A3", "First & Sons", "special", "2027-03-31")
    assert report.changes.rows[0].cells[2:5] == ("date", "2027-03-01", "2027-03-08")


class _Reader(HTMLParser):
    """Notes the tags and attributes of a page, and its scripts and styles."""

    def __init__(self, page: str) -> None:
        """Reads it."""
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.own: dict[str, list[str]] = {"script": [], "style": []}
        self._inside = ""
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """A tag."""
        self.tags.append((tag, dict(attrs)))
        self._inside = tag

    def handle_endtag(self, tag: str) -> None:
        """Its end."""
        del tag
        self._inside = ""

    def handle_data(self, data: str) -> None:
        """Text."""
        if self._inside in self.own:
            self.own[self._inside].append(data)


@pytest.mark.parametrize("language", ["en", "zh"])
def test_no_text_of_the_book_becomes_a_command(
    language: str, body: Body, plan: Plan, written: Written, hostile: str
) -> None:
    page = page_of(report_of(body, plan, written, language))
    assert hostile not in page
    assert not {"\x00", "\u202e"} & set(page)
    read = _Reader(page)
    assert [tag for tag, _ in read.tags].count("script") == 1
    assert [tag for tag, _ in read.tags].count("style") == 1
    assert "img" not in {tag for tag, _ in read.tags}
    for _, attributes in read.tags:
        assert not [name for name in attributes if name.startswith("on") or name == "style"]
        assert all((attributes.get(name) or "#").startswith("#") for name in ("href", "src", "xlink:href"))
    policy = next(given["content"] for _, given in read.tags if given.get("http-equiv") == "Content-Security-Policy")
    assert policy is not None
    assert policy.startswith("default-src 'none'; ")
    for kind, [text] in read.own.items():
        digest = base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
        assert f"{kind}-src 'sha256-{digest}'" in policy
    assert not re.findall(r"https?://|url\((?!#)", page)


def test_the_same_book_gives_the_same_page(body: Body, plan: Plan, written: Written) -> None:
    assert page_of(report_of(body, plan, written, "zh")) == page_of(report_of(body, plan, written, "zh"))


def test_both_languages_read_as_such(body: Body, plan: Plan, written: Written) -> None:
    service = replace(body, audits=tuple(replace(audit, standards=("GB/T 27922-2011",)) for audit in body.audits))
    chinese = page_of(report_of(service, plan, written, "zh"))
    assert '<html lang="zh-CN">' in chinese
    assert "审查员" in chinese
    assert "2027年03月" in chinese
    english = page_of(report_of(body, plan, written, "en"))
    assert '<html lang="en">' in english
    seen = re.sub(r"<style>.*?</style>|<script>.*?</script>", "", english, flags=re.DOTALL)
    assert {letter for letter in seen if "\u4e00" <= letter <= "\u9fff"} == set("北京广州")


def test_a_plan_of_nothing_has_a_page_too(body: Body) -> None:
    page = page_of(report_of(body, Plan(placements=(), unplaced=()), Written(), "en"))
    assert "Nothing was left out" in page
    assert "says nothing of a run" in page


def test_a_year_is_scrolled_and_its_days_have_no_numbers(body: Body, plan: Plan, written: Written) -> None:
    year = replace(body, settings=replace(body.settings, plan_from=date(2027, 1, 1), plan_to=date(2027, 12, 31)))
    report = report_of(year, plan, written, "en")
    assert report.chart.days == ()
    assert len(report.chart.months) == 12
    assert f"min-width: {6 * 730}px" in page_of(report)
