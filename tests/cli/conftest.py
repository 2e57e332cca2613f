"""Runs the command line in this process, on books made by the planner's own template and invented bodies."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from auditplan.io.cli import main
from auditplan.io.workbook.template import write_template
from auditplan.planner.domain import (
    Audit,
    Auditor,
    AuditType,
    Body,
    Client,
    Place,
    Qualification,
    Role,
    Settings,
)


@dataclass(frozen=True, slots=True)
class Ran:
    """What a command answered."""

    status: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        """The one object on standard output."""
        return json.loads(self.out)


Run = Callable[..., Ran]


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Run:
    """Runs a command, in English unless the test says otherwise."""
    for name in ("LC_ALL", "LC_MESSAGES", "LANG"):
        monkeypatch.delenv(name, raising=False)

    def ran(*arguments: str | Path) -> Ran:
        """The answer to some arguments."""
        status = main([str(argument) for argument in arguments])
        captured = capsys.readouterr()
        return Ran(status, captured.out, captured.err)

    return ran


def _settings(language: str) -> Settings:
    """Four weeks without a holiday."""
    return Settings(
        plan_from=date(2026, 8, 3),
        plan_to=date(2026, 8, 28),
        today=date(2026, 6, 1),
        country="CN",
        language=language,
    )


def _audit(number: int, standard: str = "ISO 9001") -> Audit:
    """An audit of two days."""
    return Audit(
        id=f"T{number}",
        client="C1",
        type=AuditType.SURVEILLANCE,
        standards=(standard,),
        codes=("17",),
        days=Decimal(2),
        due=date(2026, 8, 10) + timedelta(days=number),
    )


def _body(language: str) -> Body:
    """Two auditors and three audits of one client, all of which can be placed, proven best at once."""
    return Body(
        settings=_settings(language),
        auditors=(Auditor(id="Li", name="Li", region="North"), Auditor(id="Wu", name="Wu", region="North")),
        qualifications=tuple(
            Qualification(auditor=name, standard="ISO 9001", role=Role.LEAD, codes=("17",)) for name in ("Li", "Wu")
        ),
        places=(Place(region="North", city="", latitude=40.0, longitude=116.0, country="CN"),),
        clients=(Client(id="C1", name="Client [red]one", region="North"),),
        audits=tuple(_audit(number) for number in range(3)),
    )


@pytest.fixture
def small_body() -> Body:
    """A body that can be planned as a whole."""
    return _body("en")


@pytest.fixture
def book(tmp_path: Path, small_body: Body) -> Path:
    """A book that can be planned as a whole."""
    path = tmp_path / "body.xlsx"
    write_template(path, "en", body=small_body)
    return path


@pytest.fixture
def chinese_book(tmp_path: Path) -> Path:
    """The same in Chinese."""
    path = tmp_path / "机构.xlsx"
    write_template(path, "zh", body=_body("zh"))
    return path


@pytest.fixture
def book_with_trap(tmp_path: Path, small_body: Body) -> Path:
    """A book with an audit that nobody could ever serve."""
    path = tmp_path / "trap.xlsx"
    audits = (*small_body.audits, _audit(9, "ISO 22000"))
    write_template(path, "en", body=replace(small_body, audits=audits))
    return path


@pytest.fixture
def faulty_book(tmp_path: Path, small_body: Body) -> Path:
    """A book with two errors in the data: a client and an auditor that are not there."""
    path = tmp_path / "faulty.xlsx"
    audits = (replace(small_body.audits[0], client="Nobody & Sons"), *small_body.audits[1:])
    rows = (*small_body.qualifications, Qualification(auditor="Liu", standard="ISO 9001", role=Role.LEAD))
    write_template(path, "en", body=replace(small_body, audits=audits, qualifications=rows))
    return path
