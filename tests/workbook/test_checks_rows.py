"""What is wrong between cells and between rows: each check, with the cell that it names."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from auditplan.io.workbook.read import Reading
from auditplan.planner.problems import Severity

Sheets = dict[str, Any]
Read = Callable[..., Reading]
Found = Callable[[Reading], list[tuple[str, str, str]]]

AUDITS = [
    ("read-window-empty", "due", {"due": "2027-01-02"}),
    ("read-target-outside", "target", {"target": "2027-05-01"}),
    ("read-team-sizes-reversed", "largest_team", {"smallest_team": 3, "largest_team": 2}),
    ("read-team-sizes-reversed", "smallest_team", {"smallest_team": 5}),
    ("read-team-too-large", "team", {"largest_team": 1, "team": "A1、A2"}),
    ("read-gaps-reversed", "gap_to", {"after": "T0", "gap_from": 9, "gap_to": 5}),
    ("read-gap-without-after", "gap_from", {"gap_from": 9}),
    ("read-gap-without-after", "gap_to", {"gap_to": 9}),
    ("read-audit-of-itself", "after", {"after": "T1"}),
    ("read-audit-of-itself", "same_team_as", {"same_team_as": "t1"}),
    ("read-audit-of-itself", "not_team_of", {"not_team_of": "T1"}),
    ("read-after-other-client", "after", {"after": "T9"}),
    ("read-team-same-and-not", "not_team_of", {"same_team_as": "T0", "not_team_of": "T0"}),
    ("read-decision-without-after", "after", {"type": "评定"}),
    ("read-firm-without-date", "start", {"status": "confirmed"}),
    ("read-firm-without-date", "start", {"status": "已完成"}),
    ("read-past-in-future", "start", {"status": "done", "start": "2027-01-11"}),
    ("read-number-outside", "priority", {"priority": 6}),
    ("read-number-outside", "days", {"days": 0}),
    ("read-reference-unknown-near", "after", {"after": "T00"}),
]
TITLES = {
    "id": "Audit",
    "client": "Client",
    "type": "Type",
    "standards": "Standards",
    "days": "Days",
    "due": "Due",
    "earliest": "Earliest",
    "target": "Target",
    "smallest_team": "Smallest team",
    "largest_team": "Largest team",
    "after": "After",
    "gap_from": "Gap from",
    "gap_to": "Gap to",
    "same_team_as": "Same team as",
    "not_team_of": "Not the team of",
    "lead": "Lead",
    "team": "Team",
    "start": "Start",
    "status": "Status",
    "priority": "Priority",
}
GOOD = {
    "client": "C1",
    "type": "监督",
    "standards": "ISO 9001",
    "days": 2,
    "due": "2027-03-01",
    "earliest": "2027-01-04",
}
COLUMNS = "ABCDEFGHIJKLMNOPQRST"


def audits(*rows: dict[str, Any]) -> list[list[Any]]:
    """An Audits sheet of rows by key."""
    return [list(TITLES.values()), *[[{**GOOD, **row}.get(key) for key in TITLES] for row in rows]]


@pytest.mark.parametrize(("code", "field", "change"), AUDITS)
def test_audits(
    english: Sheets, read_sheets: Read, found: Found, code: str, field: str, change: dict[str, Any]
) -> None:
    english["Audits"] = audits({"id": "T1", **change}, {"id": "T0"}, {"id": "T9", "client": "C2"})
    place = f"{COLUMNS[list(TITLES).index(field)]}2"
    assert found(read_sheets(english)) == [(code, "Audits", place)]


def test_good_audits(english: Sheets, read_sheets: Read) -> None:
    english["Audits"] = audits(
        {"id": "T1", "gap_from": 5, "gap_to": 9, "after": "T0", "same_team_as": "T0", "target": "2027-02-01"},
        {"id": "T0", "status": "done", "start": "2026-11-02", "lead": "A1", "team": "A1,A2"},
    )
    reading = read_sheets(english)
    assert reading.problems == ()
    assert reading.body is not None
    assert reading.body.audits[1].team == ("A2",)


def test_a_circle_is_told_once(english: Sheets, read_sheets: Read) -> None:
    english["Audits"] = audits(
        {"id": "T1", "after": "T3"},
        {"id": "T2", "after": "T1"},
        {"id": "T3", "after": "T2"},
        {"id": "T4", "after": "T1"},
    )
    (problem,) = read_sheets(english).problems
    assert (problem.code, problem.cell) == ("read-after-circle", "K2")
    assert dict(problem.parameters)["circle"] == "T1 → T3 → T2 → T1"


def test_an_empty_window_does_not_stop(english: Sheets, read_sheets: Read) -> None:
    english["Audits"] = audits({"id": "T1", "due": "2027-01-02"})
    reading = read_sheets(english)
    assert not reading.stopping
    assert reading.problems[0].severity is Severity.WARNING
    assert reading.body is not None
    assert len(reading.body.audits) == 1


OTHERS = [
    (
        "Auditors",
        [["Auditor", "Region", "Email"], ["A1", "East", "x@example.com"], ["A2", "East", "X@example.com"]],
        [("read-email-shared", "C3")],
    ),
    (
        "Auditors",
        [["Auditor", "Region", "Name"], ["A1", "East", "Li"], ["A2", "East", "LI"]],
        [("read-name-shared", "C2")],
    ),
    (
        "Auditors",
        [
            ["Auditor", "Region", "Active from", "Active to"],
            ["A1", "East", "2027-01-01", "2026-01-01"],
            ["A2", "East"],
        ],
        [("read-dates-reversed", "D2")],
    ),
    (
        "Auditors",
        [["Auditor", "Region"], ["A1", "East"], ["A2", "East"], ["A3", "East"]],
        [("read-auditor-without-qualification", "A4")],
    ),
    (
        "Qualifications",
        [
            ["Auditor", "Standard", "Role", "Valid from", "Valid to"],
            ["A1", "ISO 9001", "lead", "2027-01-01", "2026-01-01"],
            ["A2", "ISO 9001", "lead", "2027-01-01", "2099-12-31"],
        ],
        [("read-dates-reversed", "E2")],
    ),
    (
        "Regions",
        [["Region", "City", "Latitude", "Longitude"], ["East", "X", 31.2], ["North", None, 116.4, 39.9]],
        [("read-coordinates-halved", "D2"), ("read-number-outside", "C3")],
    ),
    (
        "Travel",
        [["From", "To", "Hours"], ["East", "east", 1], ["East", "North", None], ["North", "East", 3]],
        [("read-travel-to-itself", "B2"), ("read-travel-empty", "C3"), ("read-travel-contradicts", "C4")],
    ),
    (
        "Certificates",
        [
            ["Certificate", "Client", "Standards", "Decision date", "Issue date", "Expiry date", "Last audit"],
            ["Z1", "C1", "ISO 9001", "2026-01-01", "2025-12-31", "2025-06-01", "2027-06-01"],
        ],
        [("read-dates-reversed", "F2"), ("read-issued-before-decision", "E2"), ("read-past-in-future", "G2")],
    ),
    ("History", [["Client", "Auditor", "Date"], ["C1", "A1", "2027-01-01"]], [("read-past-in-future", "C2")]),
    (
        "Conflicts",
        [["Auditor", "Client", "From", "Until"], ["A1", "C1", "2027-01-02", "2027-01-01"]],
        [("read-dates-reversed", "D2")],
    ),
    (
        "Holidays",
        [["Date", "Kind"], ["2027-02-05", "off"], [20270205, "off"], ["2027-02-06", None]],
        [("read-row-repeated", "A3"), ("read-cell-blank", "B4")],
    ),
    (
        "Rules",
        [
            ["Rule", "On", "Kind", "Value", "Weight"],
            ["rotatoin", None, None, 3, None],
            ["coverage", "no", None, None, None],
            ["lead", None, "soft", None, None],
            ["window", None, "soft", 4, None],
            ["rotation", None, None, 0, None],
            ["conflict", "no", None, None, None],
        ],
        [
            ("read-rule-unknown", "A2"),
            ("read-rule-always-on", "B3"),
            ("read-rule-always-hard", "C4"),
            ("read-rule-without-number", "D5"),
            ("read-rule-value-outside", "D6"),
        ],
    ),
]


@pytest.mark.parametrize(("sheet", "rows", "expected"), OTHERS)
def test_other_sheets(
    english: Sheets,
    read_sheets: Read,
    found: Found,
    sheet: str,
    rows: list[list[Any]],
    expected: list[tuple[str, str]],
) -> None:
    english[sheet] = rows
    assert found(read_sheets(english)) == [(code, sheet, cell) for code, cell in expected]


def test_the_nearest_rule_is_proposed(english: Sheets, read_sheets: Read) -> None:
    english["Rules"] = [["Rule", "Value"], ["rotatoin", 3]]
    assert dict(read_sheets(english).problems[0].parameters)["near"] == "rotation"


@pytest.mark.parametrize(
    ("stars", "score", "code"),
    [(5, 69.5, "read-score-too-low"), (5, 94, "read-stars-differ"), (5, 95, ""), ("", 81, ""), (0, 75, "")],
)
def test_stars_that_a_score_does_not_give_are_told(
    stars: object, score: float, code: str, read_sheets: Read, english: Sheets
) -> None:
    head = ["Certificate", "Client", "Standards", "Decision date", "Expiry date", "Stars", "得分"]
    row = ["Z1", "C1", "GB/T 27922", "2026-01-10", "2029-01-09", stars, score]
    reading = read_sheets({**english, "Certificates": [head, row]})
    assert [problem.code for problem in reading.problems if problem.sheet == "Certificates"] == ([code] if code else [])
