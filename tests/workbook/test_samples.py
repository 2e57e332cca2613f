"""The books of `sample_inputs/`: what the invented bodies are today, planned and verified; and the messy one."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from auditplan.io.cli import main
from auditplan.io.cli.pipeline import draw
from auditplan.io.workbook.read import Reading, read_book
from auditplan.io.workbook.samples import write_messy
from auditplan.planner.compile import Compiler
from auditplan.planner.demo import demo_body, traps
from auditplan.planner.facts import Facts
from auditplan.solver.solution import Budget
from auditplan.solver.solve import solve

SAMPLES = Path(__file__).parents[2] / "sample_inputs"
TODAY = date(2026, 11, 23)


def _reading(name: str) -> Reading:
    return read_book(SAMPLES / name, today=TODAY)


@pytest.mark.parametrize(("name", "size", "language"), [("small_en", "small", "en"), ("medium_zh", "medium", "zh")])
def test_samples_are_the_invented_bodies_of_today(name: str, size: str, language: str) -> None:
    """Made anew by `python -m auditplan.io.workbook.samples sample_inputs`."""
    reading = _reading(f"{name}.xlsx")
    assert not reading.stopping
    assert reading.language == language
    assert reading.body == demo_body(size, language)


@pytest.mark.parametrize(
    ("name", "effort"),
    [("small_en", "0.2"), pytest.param("medium_zh", "0.5", marks=pytest.mark.slow)],
)
def test_samples_are_planned_and_verified(
    name: str, effort: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    target = tmp_path / "plan.xlsx"
    assert main(["plan", str(SAMPLES / f"{name}.xlsx"), "-o", str(target), "--effort", effort, "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    body = _reading(f"{name}.xlsx").body
    assert body is not None
    assert told["verified"] is True
    assert set(traps(body)) <= set(told["unplaced"])
    assert len(_after(target)) == told["placed"]


def _after(path: Path) -> set[str]:
    """The audits of the Schedule sheet, read back."""
    reading = read_book(path, today=TODAY)
    assert not reading.stopping
    assert reading.body is not None
    return {row.audit for row in reading.body.previous}


@pytest.mark.slow
def test_the_small_sample_out_and_back_is_proven_or_nearly() -> None:
    """Levels 1 to 3 proven optimal and money within one hundredth of its bound; the work is that of 30 seconds on two
    cores, or less."""
    body = _reading("small_en.xlsx").body
    assert body is not None
    drawn = draw(SAMPLES / "small_en.xlsx", body, "en", until=None, generate=True)
    problem = Compiler(Facts(drawn.pipeline.body)).compile().problem
    outcome = solve(replace(problem, straight=False), Budget(effort=50.0))
    assert outcome.values[:3] == outcome.bounds[:3] == (293, 32, 0)
    assert outcome.values[3] - outcome.bounds[3] <= 0.01 * outcome.values[3]


@pytest.mark.slow
def test_a_handful_of_audits_with_trips_is_proven() -> None:
    """Levels 1 to 4 of the first audits of the small body; thousands of links between a person's stays are few enough
    for a proof."""
    body = demo_body("small", "en")
    few = replace(body, audits=body.audits[:6], certificates=())
    outcome = solve(Compiler(Facts(few)).compile().problem, Budget(effort=20.0))
    assert outcome.values[:4] == outcome.bounds[:4] == (0, 0, 0, 334_300)


MESSY = [
    ("read-row-repeated", "审核员!A5"),
    ("read-standard-several", "资质!B2"),
    ("read-code-is-number", "资质!C4"),
    ("read-reference-unknown-near", "资质!A5"),
    ("read-cell-error", "客户!D3"),
    ("read-header-merged", "审核任务!I2:J2"),
    ("read-reference-unknown-near", "审核任务!I4"),
    ("read-days-not-halves", "审核任务!F5"),
    ("read-date-ambiguous", "审核任务!H5"),
    ("read-row-repeated", "审核任务!A6"),
    ("read-choice-unknown", "审核任务!C7"),
    ("read-formula-without-value", "审核任务!F7"),
    ("read-row-of-totals", "审核任务!8"),
]


def test_the_messy_book_is_told_cell_by_cell(tmp_path: Path) -> None:
    made = tmp_path / "messy_zh.xlsx"
    write_messy(made)
    for path in (SAMPLES / "messy_zh.xlsx", made):
        reading = read_book(path, today=TODAY)
        assert [(problem.code, f"{problem.sheet}!{problem.cell}") for problem in reading.problems] == MESSY


def test_what_can_be_read_in_the_messy_book_is_read() -> None:
    """Text dates, full-width figures, several standards in a cell, a title above the header."""
    body = _reading("messy_zh.xlsx").body
    assert body is not None
    assert (body.settings.plan_from, body.settings.plan_to) == (date(2027, 1, 4), date(2027, 3, 31))
    assert body.settings.night_away == Decimal(350)
    first = next(audit for audit in body.audits if audit.id == "R1")
    assert first.standards == ("ISO9001:2015", "ISO 14001")
    assert (first.days, first.earliest, first.due) == (Decimal("2.5"), date(2027, 1, 11), date(2027, 3, 10))
    assert next(client for client in body.clients if client.id == "K1").personnel == 55


def test_the_messy_book_is_not_planned(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    target = tmp_path / "plan.xlsx"
    target.write_bytes(b"an earlier plan")
    assert main(["plan", str(SAMPLES / "messy_zh.xlsx"), "-o", str(target)]) == 1
    assert target.read_bytes() == b"an earlier plan"
    assert "11" in capsys.readouterr().err
