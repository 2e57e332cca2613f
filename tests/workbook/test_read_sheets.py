"""Sheets, headers, rows and references: what is found, what is forgiven, what is told, and where."""

from __future__ import annotations

import random
from collections.abc import Callable
from datetime import date, time
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from auditplan.io.workbook.read import Reading
from auditplan.planner.domain import AuditType, Body, HolidayKind, Lock, Part, RuleKind
from auditplan.planner.problems import Problem, Severity

Sheets = dict[str, Any]
Read = Callable[..., Reading]
Found = Callable[[Reading], list[tuple[str, str, str]]]


def body_of(reading: Reading) -> Body:
    """The body of a reading that has one."""
    assert reading.body is not None
    return reading.body


def only(reading: Reading) -> Problem:
    """The one problem of a reading."""
    assert len(reading.problems) == 1, reading.problems
    return reading.problems[0]


def test_the_smallest_books_have_no_problem(english: Sheets, chinese: Sheets, read_sheets: Read) -> None:
    one = read_sheets(english)
    assert (one.problems, one.language) == ((), "en")
    other = read_sheets(chinese, plan_from=None)
    assert (other.problems, other.language) == ((), "zh")
    assert other.sheets["audits"] == "审核任务"
    audit = body_of(other).audits[0]
    assert (audit.type, audit.earliest, audit.due) == (AuditType.SURVEILLANCE, date(2027, 1, 4), date(2027, 2, 26))
    assert audit.origin is not None
    assert audit.origin.cell("due") == "H2"
    assert body_of(other).qualifications[0].auditor == "A1"


def test_names_in_any_order_case_width_and_language(english: Sheets, read_sheets: Read) -> None:
    expected = body_of(read_sheets(english))
    audits = english.pop("Audits")
    order = list(range(len(audits[0])))
    random.Random(4).shuffle(order)
    header = {
        "Audit": "任务号*",
        "Client": " ＣＬＩＥＮＴ ",
        "Days": "人日（天）",
        "Due": "截止\nDue",
        "Type": "type:",
    }
    rows = [[row[at] for at in order] for row in audits]
    rows[0] = [header.get(name, name) for name in rows[0]]
    mixed = {
        "Notes": [["anything"]],
        " 审核 任务": [["A title"], [None], [None, *rows[0]], *[[None, *r] for r in rows[1:]]],
    }
    mixed.update({name.upper(): rows for name, rows in english.items()})
    reading = read_sheets(mixed)
    assert reading.problems == ()
    assert body_of(reading) == expected


@pytest.mark.parametrize("sheet", ["Auditors", "Qualifications", "Regions", "Clients", "Audits"])
def test_a_missing_sheet_is_one_problem(english: Sheets, read_sheets: Read, sheet: str) -> None:
    del english[sheet]
    reading = read_sheets(english)
    problem = only(reading) if sheet not in {"Qualifications"} else reading.problems[0]
    assert problem.code == "read-sheet-missing"
    assert sheet in dict(problem.parameters)["title"]
    assert reading.body is None


def test_nearly_the_name_of_a_sheet(english: Sheets, read_sheets: Read) -> None:
    english["Qualificaton"] = english.pop("Qualifications")
    english["Unavailible"] = [["Who", "From"], ["A1", "2027-01-05"]]
    english["节假 日期"] = [["x"]]
    reading = read_sheets(english)
    near = {problem.sheet: problem for problem in reading.problems}
    assert [problem.code for problem in reading.problems] == [
        "read-sheet-missing-near",
        "read-sheet-near",
        "read-sheet-near",
    ]
    assert dict(near["Qualificaton"].parameters)["near"] == "Qualificaton"
    assert near["Unavailible"].severity is near["节假 日期"].severity is Severity.WARNING


def test_a_sheet_under_two_names(english: Sheets, read_sheets: Read) -> None:
    english["审核员"] = english["Auditors"]
    problem = only(read_sheets(english))
    assert (problem.code, problem.sheet) == ("read-sheet-twice", "审核员")


def test_a_missing_column(english: Sheets, read_sheets: Read, found: Found) -> None:
    english["Audits"][0][7] = "Deadline"
    reading = read_sheets(english)
    assert found(reading) == [("read-column-missing", "Audits", "1")]
    assert "Due" in dict(reading.problems[0].parameters)["title"]


def test_nearly_the_name_of_a_column(english: Sheets, read_sheets: Read, found: Found) -> None:
    english["Audits"][0][6] = "Earlist"
    assert found(read_sheets(english)) == [("read-column-near", "Audits", "G1")]
    english["Audits"][0][3] = "Standarts"
    problem = only(read_sheets(english))
    assert problem.code == "read-column-missing-near"
    assert "Standarts" in dict(problem.parameters)["near"]


def test_a_column_that_stands_twice(english: Sheets, read_sheets: Read, found: Found) -> None:
    english["Clients"][0].append("区域")
    assert found(read_sheets(english)) == [("read-column-twice", "Clients", "D1")]


def test_blank_rows_and_totals(english: Sheets, read_sheets: Read, found: Found) -> None:
    rows = english["Audits"]
    rows.insert(2, [None] * 8)
    rows.insert(3, ["  ", "\u3000"])
    rows.append(["合 计：", None, None, None, None, 6.5])
    rows.append(["Subtotal", None, None, None, None, 6.5])
    reading = read_sheets(english)
    assert found(reading) == [("read-row-of-totals", "Audits", "6"), ("read-row-of-totals", "Audits", "7")]
    assert not reading.stopping
    assert len(body_of(reading).audits) == 2


def test_merged_cells(english: Sheets, write_book: Callable[..., Path], found: Found) -> None:
    import openpyxl

    from auditplan.io.workbook.read import read_book

    english["Clients"] = [["Our clients"], *english["Clients"], ["C3", "Cod", None]]
    path = write_book(english)
    book = openpyxl.load_workbook(path)
    sheet = book["Clients"]
    sheet.merge_cells("A1:C1")
    sheet.merge_cells("C4:C5")
    sheet.merge_cells("F3:G4")
    sheet.merge_cells("A9:C9")
    book["Regions"].merge_cells("B1:C1")
    book.save(path)
    reading = read_book(path, today=date(2026, 12, 1))
    assert found(reading) == [("read-header-merged", "Regions", "B1:C1"), ("read-cells-merged", "Clients", "C4:C5")]
    assert [client.id for client in body_of(reading).clients] == ["C1", "C2"]


@pytest.mark.parametrize(
    ("sheet", "row", "cell"),
    [
        ("Auditors", ["a1", "Other", "East"], "A4"),
        ("Clients", ["Ｃ１", "Other", "East"], "A4"),
        ("Regions", ["EAST", "shang hai"], "A5"),
    ],
)
def test_repeated_rows(english: Sheets, read_sheets: Read, found: Found, sheet: str, row: list[str], cell: str) -> None:
    english[sheet].append(row)
    reading = read_sheets(english)
    assert ("read-row-repeated", sheet, cell) in found(reading)
    assert dict(reading.problems[0].parameters)["first"] == "2"


def test_a_row_that_repeats_a_faulty_one(english: Sheets, read_sheets: Read, found: Found) -> None:
    """All problems come at once: the repetition does not wait until the first row is right."""
    english["Audits"][1][5] = 1.7
    english["Audits"].append(["T1", "C1", "stage 1", "ISO 9001", "17", 2, None, "2027-02-26"])
    assert found(read_sheets(english)) == [
        ("read-days-not-halves", "Audits", "F2"),
        ("read-row-repeated", "Audits", "A4"),
    ]


def test_who_has_only_faulty_qualifications_is_not_said_to_have_none(
    english: Sheets, read_sheets: Read, found: Found
) -> None:
    english["Qualifications"][1][1] = "ISO 9001/14001"
    assert found(read_sheets(english)) == [("read-standard-several", "Qualifications", "B2")]
    english["Auditors"].append(["A3", "Zhao Min", "East"])
    assert ("read-auditor-without-qualification", "Auditors", "A4") in found(read_sheets(english))


def test_errors_and_formulas(english: Sheets, read_sheets: Read, found: Found) -> None:
    english["Audits"][1][5] = ("=1/0", "#DIV/0!")
    english["Audits"][2][5] = ("=2+2.5", 4.5)
    reading = read_sheets(english)
    assert found(reading) == [("read-cell-error", "Audits", "F2")]
    assert [audit.days for audit in body_of(reading).audits] == [Decimal("4.5")]


def test_all_problems_come_at_once_with_their_cells(english: Sheets, read_sheets: Read, found: Found) -> None:
    english["Audits"][1][4] = 3.1
    english["Audits"][1][5] = 2.2
    english["Audits"][2][6] = "03/04/2027"
    english["Audits"][2][7] = "5/6/27"
    english["Audits"][2][1] = "Acmee"
    english["Qualifications"][1][3] = "leed"
    english["Auditors"][1][2] = "Eest"
    assert found(read_sheets(english)) == [
        ("read-reference-unknown-near", "Auditors", "C2"),
        ("read-choice-unknown-near", "Qualifications", "D2"),
        ("read-code-is-number", "Audits", "E2"),
        ("read-days-not-halves", "Audits", "F2"),
        ("read-date-ambiguous", "Audits", "G3"),
        ("read-date-two-digit-year", "Audits", "H3"),
        ("read-reference-unknown-near", "Audits", "B3"),
    ]


def test_the_other_cells_of_a_column_settle_its_dates(english: Sheets, read_sheets: Read) -> None:
    english["Audits"][1][7] = "03/02/2027"
    english["Audits"][2][7] = "26/03/2027"
    reading = read_sheets(english)
    assert reading.problems == ()
    assert body_of(reading).audits[0].due == date(2027, 2, 3)


def test_references_by_name_number_and_list(english: Sheets, read_sheets: Read) -> None:
    english["Clients"].append([12, "Dot, Inc.", "North"])
    english["Auditors"].append(["A3", "Zhao, Min", "East"])
    english["Qualifications"].append(["zhao,  min", "ISO 9001", 17, "auditor"])
    english["Audits"].append(
        ["T3", "dot, inc.", "监督", "ISO 9001", 17, 1, None, "2027-03-01", None, "wang wei", "Zhao, Min", None]
    )
    english["Audits"].append(
        ["T4", 12, "监督", "ISO 9001", 17, 1, None, "2027-03-01", None, None, "Li Na、A2/A3", None]
    )
    reading = read_sheets(english)
    assert reading.problems == ()
    third, fourth = body_of(reading).audits[2:]
    assert (third.client, third.lead, third.team, third.codes) == ("12", "A2", ("A3",), ("17",))
    assert fourth.team == ("A1", "A2", "A3")


def test_ambiguous_and_unknown_references(english: Sheets, read_sheets: Read) -> None:
    english["Auditors"].append(["A3", "Li Na", "East"])
    english["Qualifications"].append(["A3", "ISO 9001", None, "auditor"])
    english["Audits"][2][9] = "Li Na"
    english["Audits"][2][10] = "A2; Nobody at all; A9; Wang Wie"
    problems = [problem for problem in read_sheets(english).problems if problem.sheet == "Audits"]
    assert [(problem.code, problem.cell) for problem in problems] == [
        ("read-reference-ambiguous", "J3"),
        ("read-reference-unknown", "K3"),
        ("read-reference-unknown-near", "K3"),
        ("read-reference-unknown-near", "K3"),
    ]
    ambiguous, unknown, _, near = (dict(problem.parameters) for problem in problems)
    assert ambiguous["matches"] == "A1, A3"
    assert unknown["given"] == "Nobody at all"
    assert near["near"] == "Wang Wei"


def test_who_is_an_auditor_or_a_client(english: Sheets, read_sheets: Read, found: Found) -> None:
    english["Clients"].append(["X", "Wang Wei", "East"])
    english["Unavailable"] = [
        ["Who", "From", "To", "Part", "Reason"],
        ["Li Na", "2027-01-05", None, "AM", "leave"],
        ["Acme", "2027-01-05", "2027-01-09", None, None],
        ["Wang Wei", "2027-01-05", None, None, None],
        ["A1", "2027-01-09", "2027-01-05", None, None],
    ]
    reading = read_sheets(english)
    assert found(reading) == [
        ("read-reference-both", "Unavailable", "A4"),
        ("read-dates-reversed", "Unavailable", "C5"),
    ]
    first, second, _ = body_of(reading).unavailable
    assert (first.auditor, first.client, first.until, first.part) == ("A1", "", date(2027, 1, 5), Part.AM)
    assert (second.auditor, second.client) == ("", "C1")


def test_faulty_rows_do_not_make_others_faulty(english: Sheets, read_sheets: Read, found: Found) -> None:
    """An audit whose due date is bad is still known to those that follow it."""
    english["Audits"][1][7] = "soon"
    reading = read_sheets(english)
    assert found(reading) == [("read-date-unreadable", "Audits", "H2")]
    (audit,) = body_of(reading).audits
    assert (audit.id, audit.after) == ("T2", "")


def test_settings_in_either_language(english: Sheets, read_sheets: Read) -> None:
    english["Settings"] += [
        ["机构", "Example Body"],
        ["DAY  STARTS", 0.375],
        ["午休开始", "11:30"],
        ["可跨周末", "是"],
        ["Night away", "￥400"],
        ["Time zone", "Europe/Berlin"],
        ["Language", "中文"],
        ["Freeze days", None],
    ]
    reading = read_sheets(english)
    assert reading.problems == ()
    settings = body_of(reading).settings
    assert (settings.organisation, settings.day_starts, settings.lunch_starts) == (
        "Example Body",
        time(9),
        time(11, 30),
    )
    assert (settings.across_weekends, settings.night_away, settings.freeze_days) == (True, Decimal(400), 14)
    assert (reading.language, settings.language, settings.today) == ("zh", "zh", date(2026, 12, 1))


@pytest.mark.parametrize(
    ("row", "code", "cell"),
    [
        (["Freze days", 3], "read-setting-unknown-near", "A5"),
        (["Zzzz", 3], "read-setting-unknown", "A5"),
        (["Time zone", "Asia/Shangai"], "read-time-zone-unknown", "B5"),
        (["Time zone", "../etc"], "read-time-zone-unknown", "B5"),
        (["Language", "fr"], "read-language-unknown", "B5"),
        (["计划开始", "2027-01-01"], "read-row-repeated", "A5"),
        (["Day starts", "18:00"], "read-hours-out-of-order", "B5"),
        (["Freeze days", -1], "read-number-outside", "B5"),
        (["Organiser email", "nobody"], "read-email-implausible", "B5"),
    ],
)
def test_settings_that_are_refused(
    english: Sheets, read_sheets: Read, found: Found, row: list[Any], code: str, cell: str
) -> None:
    english["Settings"].append(row)
    assert found(read_sheets(english)) == [(code, "Settings", cell)]


def test_the_period(english: Sheets, read_sheets: Read, found: Found) -> None:
    period = {"plan_from": date(2027, 4, 1), "plan_to": date(2027, 6, 30)}
    assert body_of(read_sheets(english, **period)).settings.plan_to == date(2027, 6, 30)
    english["Settings"][1][1] = "2027-06-01"
    assert found(read_sheets(english)) == [("read-period-reversed", "Settings", "B3")]
    english["Settings"][1][1] = "2025-01-01"
    assert found(read_sheets(english)) == [("read-period-too-long", "Settings", "B3")]
    english["Settings"][1][1] = "1/2/27"
    assert found(read_sheets(english)) == [("read-date-two-digit-year", "Settings", "B2")]
    del english["Settings"]
    assert read_sheets(english, **period).problems == ()
    reading = read_sheets(english)
    assert found(reading) == [("read-period-missing", "", "")]
    assert reading.body is None


def test_a_book_that_counts_from_1904(english: Sheets, read_sheets: Read) -> None:
    english["Audits"][1][7] = date(2027, 2, 26)
    assert body_of(read_sheets(english, date1904=True)) == body_of(read_sheets(english))


def test_the_optional_sheets(english: Sheets, read_sheets: Read) -> None:
    english |= {
        "Certificates": [
            ["Certificate", "Client", "Standards", "Codes", "Decision date", "Expiry date", "Complexity", "Status"],
            ["Z1", "Acme", "ISO 9001/ISO 14001", "17", "2024-05-01", "2027-04-30", "高", "暂停"],
        ],
        "Travel": [["From", "To", "Hours", "Cost"], ["East", "Beijing", 4.5, 550]],
        "Holidays": [["Date", "Kind", "Country"], ["2027-02-05", "放假", None], ["2027-02-06", "work", "CN"]],
        "Conflicts": [
            ["Auditor", "Client", "Reason", "From", "Until"],
            ["A1", "C2", "咨询服务", "2025-01-01", "2026-01-01"],
            ["A2", "C2", "客户异议", None, None],
            ["A2", "C1", "family", None, None],
        ],
        "History": [
            ["Client", "Auditor", "Standard", "Role", "Date"],
            ["C1", "A1", "ISO 9001", "lead", "2026-01-05"],
        ],
        "Rules": [
            ["Rule", "On", "Kind", "Value", "Weight"],
            ["Rotation", "yes", None, 3, None],
            ["window", None, "soft"],
        ],
        "Scenarios": [["Scenario", "Change", "Target", "Value"], ["More", "demand", "all", "+20 %"]],
        "Schedule": [
            ["Audit", "Start", "Start part", "End", "End part", "Lead", "Team", "Lock", "Status", "Slack (days)"],
            ["T1", "2027-01-12", "下午", "2027-01-13", "PM", "Li Na", "A2", "date", "confirmed", -3],
            ["Z1-S1", "2027-02-12", None, "2027-02-12", None, "A1", None, "全部", None, "?"],
        ],
    }
    reading = read_sheets(english)
    assert reading.problems == ()
    body = body_of(reading)
    assert body.certificates[0].standards == ("ISO 9001", "ISO 14001")
    assert (body.travel[0].hours, body.travel[0].cost) == (4.5, Decimal(550))
    assert [row.kind for row in body.holidays] == [HolidayKind.OFF, HolidayKind.WORK]
    assert [(row.consultancy, row.objection) for row in body.conflicts] == [
        (True, False),
        (False, True),
        (False, False),
    ]
    assert [(row.rule, row.value, row.kind) for row in body.rules] == [
        ("rotation", Decimal(3), None),
        ("window", None, RuleKind.SOFT),
    ]
    assert body.scenarios[0].value == "+20 %"
    first, second = body.previous
    assert (first.start_part, first.lead, first.team, first.lock) == (Part.PM, "A1", ("A2",), Lock.DATE)
    assert (second.audit, second.start_part, second.end_part) == ("Z1-S1", Part.AM, Part.PM)


def test_odd_rows_of_the_schedule(english: Sheets, read_sheets: Read, found: Found) -> None:
    english["Schedule"] = [
        ["Audit", "Start", "End", "Lead", "Status"],
        ["T1", "2027-01-12", None, "A1", None],
        ["T2", "2027-02-12", "2027-02-01", None, None],
        ["Gone", "2027-02-12", "2027-02-13", "A1", None],
    ]
    reading = read_sheets(english)
    assert found(reading) == [
        ("read-schedule-without-end", "Schedule", "C2"),
        ("read-schedule-end-before-start", "Schedule", "C3"),
        ("read-schedule-without-lead", "Schedule", "D3"),
        ("read-schedule-audit-unknown", "Schedule", "A4"),
    ]
    assert not reading.stopping
    assert [row.end for row in body_of(reading).previous] == [date(2027, 1, 12), date(2027, 2, 12)]


def test_blank_days_are_computed_or_asked_for(english: Sheets, read_sheets: Read, found: Found) -> None:
    english["Clients"] = [["Client", "Region", "Personnel"], ["C1", "East", 50], ["C2", "East", None]]
    english["Audits"][1][5] = None
    (audit, _) = body_of(read_sheets(english)).audits
    assert audit.days == Decimal(2), "IAF MD 5: a third of 5 days, up to the next half"
    english["Audits"][1][3] = "Some standard of our own"
    assert found(read_sheets(english)) == [("read-days-unknown", "Audits", "F2")]
    english["Audits"][1][1:4] = ["C2", "stage 1", "ISO 9001"]
    assert ("read-days-unknown", "Audits", "F2") in found(read_sheets(english))


def test_formulas_typed_as_text_stay_text(english: Sheets, read_sheets: Read) -> None:
    english["Clients"][1][1] = '=HYPERLINK("http://example.com")'
    assert body_of(read_sheets(english)).clients[0].name.startswith("=HYPERLINK")
