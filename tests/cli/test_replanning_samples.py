"""Re-plans of the sample books: nothing asked changes not a byte of Schedule; somebody ill changes what must be."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any, Protocol

import pytest

from auditplan.io.workbook.read import read_book
from auditplan.planner.changes import What
from auditplan.planner.cycle.pipeline import run_pipeline
from auditplan.planner.domain import AuditStatus, Body, PlannedAudit, Unavailability
from auditplan.planner.replanning import Replanned, TooFewChangesError, replan
from auditplan.solver.solution import Budget

SAMPLES = Path(__file__).parents[2] / "sample_inputs"
WEEK = timedelta(days=6)


class Answer(Protocol):
    """What a command answered."""

    status: int
    err: str

    @property
    def json(self) -> Any:
        """The one object on standard output."""


Run = Callable[..., Answer]


def part(path: Path, *names: str) -> bytes:
    """The bytes of a sheet, by any of its names."""
    with zipfile.ZipFile(path) as package:
        book = package.read("xl/workbook.xml").decode()
        rels = package.read("xl/_rels/workbook.xml.rels").decode()
        for name in names:
            found = re.search(rf'<sheet name="{name}"[^>]*r:id="(\w+)"', book)
            if found:
                relation = next(one for one in re.findall("<Relationship [^>]*>", rels) if f'"{found[1]}"' in one)
                target = re.search('Target="([^"]+)"', relation)
                assert target is not None
                return package.read("xl/" + target[1])
    raise KeyError(names)


def _nothing_asked(run: Run, name: str, folder: Path, effort: str) -> None:
    """A plan, and what becomes of it when nothing is asked."""
    path = folder / name
    first = run("plan", SAMPLES / name, "-o", path, "--effort", effort, "--json", "--quiet")
    assert first.status == 0, first.err
    before = part(path, "Schedule", "排程")
    with zipfile.ZipFile(path) as package:
        styles = len(package.read("xl/styles.xml"))
    again = run("plan", path, "--in-place", "--json", "--quiet")
    assert again.status == 0, again.err
    assert again.json["changes"] == []
    assert part(path, "Schedule", "排程") == before
    for key in ("placed", "unplaced", "levels", "bounds", "gap", "status"):
        assert again.json[key] == first.json[key], key
    with zipfile.ZipFile(path) as package:
        assert len(package.read("xl/styles.xml")) == styles


def test_nothing_asked_of_the_small_sample(run: Run, tmp_path: Path) -> None:
    """Not a byte of Schedule, and the same figures and bounds."""
    _nothing_asked(run, "small_en.xlsx", tmp_path, "1")


@pytest.mark.slow
def test_nothing_asked_of_the_medium_sample(run: Run, tmp_path: Path) -> None:
    """Not a byte of Schedule, and the same figures and bounds."""
    _nothing_asked(run, "medium_zh.xlsx", tmp_path, "1")


def test_a_sample_that_cannot_be_planned_is_left_alone(run: Run, tmp_path: Path) -> None:
    """The messy sample has errors: nothing is written at all."""
    assert run("plan", SAMPLES / "messy_zh.xlsx", "-o", tmp_path / "messy.xlsx").status == 1
    assert not (tmp_path / "messy.xlsx").exists()


def _hit(body: Body, person: str, monday: date) -> list[PlannedAudit]:
    """The rows of the plan that somebody could not keep who is away for a week."""
    return [
        row
        for row in body.previous
        if row.start <= monday + WEEK
        and row.end >= monday
        and person in (row.lead, *row.team, *row.experts, *row.trainees)
        and row.status is AuditStatus.PROPOSED
    ]


def _no_better_with_fewer(body: Body, result: Replanned) -> None:
    """Nothing moves without a reason: with one change fewer more is left out or later, or there is no plan at all."""
    try:
        fewer = replan(body, Budget(effort=1), threads=2, max_changes=result.changed - 1)
    except TooFewChangesError:
        return
    assert [level.value for level in fewer.plan.levels[:2]] > [level.value for level in result.plan.levels[:2]]


def _least(body: Body, number: int) -> int:
    """The least budget of changes that there is a plan for, from a number on."""
    try:
        replan(body, Budget(effort=1), threads=2, max_changes=number)
    except TooFewChangesError as error:
        return error.least
    return number


@pytest.mark.slow
def test_one_auditor_of_the_medium_sample_is_ill_for_a_week(run: Run, tmp_path: Path) -> None:
    """What cannot stay is the least that can change, and is proven to be: for one of a few people at least exactly so
    many do. With one fewer more is left out or later; with the least as a hard budget exactly so many change."""
    path = tmp_path / "plan.xlsx"
    assert run("plan", SAMPLES / "medium_zh.xlsx", "-o", path, "--effort", "6", "--json", "--quiet").status == 0
    reading = read_book(path, today=date(2026, 11, 23))
    assert reading.body is not None
    body, monday = run_pipeline(reading.body).body, date(2027, 2, 22)
    tried = proven = 0
    for auditor in body.auditors:
        hit = {row.audit for row in _hit(body, auditor.id, monday)}
        if not hit or (proven and tried >= 2) or tried == 6:
            continue
        tried += 1
        gone = Unavailability(auditor=auditor.id, start=monday, until=monday + WEEK)
        ill = replace(body, unavailable=(*body.unavailable, gone))
        result = replan(ill, Budget(effort=4), threads=2)
        changed = {one.audit for one in result.changes if one.differences[0].what is not What.PLACED}
        assert changed >= hit
        assert len(changed) == result.changed >= result.fewest >= len(hit)
        bound = result.plan.levels[2]
        assert bound.value >= bound.bound > 0
        proven += result.changed == result.fewest
        if tried == 1:
            _no_better_with_fewer(ill, result)
            least = _least(ill, result.fewest)
            budgeted = replan(ill, Budget(effort=1), threads=2, max_changes=least)
            within = {one.audit for one in budgeted.changes if one.differences[0].what is not What.PLACED}
            assert within >= hit
            assert len(within) == least
    assert tried >= 2
    assert proven >= 1
