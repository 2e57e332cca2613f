"""`auditplan capacity`: load, bottlenecks, headroom, whom to hire and whom to train."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import click
from rich.text import Text

from auditplan.io.cli.books import faulty, read, sound_body
from auditplan.io.cli.crews import Bars, budgets, crew_of, processors, search_options, studied, study_target
from auditplan.io.cli.exits import DataFailure, ExitStatus, FaultFailure
from auditplan.io.cli.options import Command, book_argument, option
from auditplan.io.cli.talk import Talk
from auditplan.planner.domain import Body

if TYPE_CHECKING:
    from auditplan.planner.capacity.study import Capacity, Spending
    from auditplan.planner.scenarios.crew import Crew
    from auditplan.planner.scenarios.jobs import Answer, Told
    from auditplan.solver.solution import StopSignal

SHARE = 1 / 6
"""Of the base's budget, for each solve that proves headroom or advice; only the first level counts there."""
MOST_PERIODS = 8
QUARTER = 3
"""Months of a quarter."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """What the command line asks for."""

    book: Path
    output: Path | None
    periods: int | None
    hire_cost: float | None
    train_cost: float | None
    seconds: float | None
    effort: float | None
    seed: int
    jobs: int | None
    cluster: str | None
    no_pipeline: bool


def build(language: str) -> Command:
    """The command with its help in a language."""
    file, cost = click.Path(path_type=Path), click.FloatRange(0, min_open=True)
    parameters: list[click.Parameter] = [
        book_argument(language),
        option(language, "-o", "--output", "output", text="capacity-output", type=file, metavar="OUT"),
        option(language, "--periods", text="periods", type=click.IntRange(1, MOST_PERIODS), metavar="N"),
        option(language, "--hire-cost", text="hire-cost", type=cost, metavar="AMOUNT"),
        option(language, "--train-cost", text="train-cost", type=cost, metavar="AMOUNT"),
        option(language, "--no-pipeline", text="no-pipeline", is_flag=True),
        *search_options(language),
    ]
    return Command("capacity", language, run, parameters)


def run(talk: Talk, lang: str | None, **wishes: object) -> int:
    """Measures a body."""
    from auditplan.io.cli.study_figures import capacity_figures
    from auditplan.io.workbook.capacity_book import write_capacity
    from auditplan.planner.capacity.study import Spending
    from auditplan.planner.cycle.pipeline import with_certificates

    wish = Wish(**wishes)  # type: ignore[arg-type]
    target = study_target(wish.book, wish.output, "capacity")
    crew = crew_of(wish.jobs, wish.cluster)
    reading = read(talk, wish.book, lang=lang)
    body = ahead(sound_body(talk, wish.book, reading), wish.periods)
    body = body if wish.no_pipeline else with_certificates(body)
    base, step = budgets(wish.seconds, wish.effort, SHARE)
    spending = Spending(base=base, step=step, seed=wish.seed, threads=min(8, wish.jobs or processors()))
    bars = Bars(talk, base, lambda key: key or talk.text("whatif-base"))
    answer, found = studied(talk, bars, crew, lambda told, stop: _measured(body, wish, spending, crew, told, stop))
    if answer.violations:
        raise FaultFailure("cli-unverified", violations=", ".join(answer.violations))
    if found is None:
        raise faulty(talk, wish.book, (*reading.problems, *answer.problems))
    write_capacity(target, body, found, body.settings.language or reading.language)
    _tell(talk, body, found)
    talk.note("capacity-written", file=target)
    talk.emit(capacity_figures(found, (*reading.problems, *answer.problems), target))
    return ExitStatus.DONE


def ahead(body: Body, periods: int | None) -> Body:
    """The body over so many quarters from the first day of its period on; None: over its period.

    Raises DataFailure for a period that would leave the calendar."""
    from auditplan.planner.capacity.horizon import until

    if periods is None:
        return body
    first = body.settings.plan_from
    months = first.month - 1 + QUARTER * periods
    try:
        end = date(first.year + months // 12, months % 12 + 1, 1)
    except ValueError as error:
        raise DataFailure("capacity-too-far", periods=periods) from error
    return until(body, end - timedelta(days=1))


def _measured(
    body: Body, wish: Wish, spending: Spending, crew: Crew, told: Told, stop: StopSignal
) -> tuple[Answer, Capacity | None]:
    """The base's plan and what is measured against it."""
    from auditplan.planner.capacity.advice import Costs
    from auditplan.planner.capacity.study import base_plan, capacity

    answer = base_plan(body, spending, told=told, stop=stop)
    if answer.plan is None:
        return answer, None
    usual = Costs()
    costs = Costs(hire=wish.hire_cost or usual.hire, train=wish.train_cost or usual.train)
    return answer, capacity(body, answer.plan, spending, crew, costs=costs, told=told, stop=stop)


def _tell(talk: Talk, body: Body, found: Capacity) -> None:
    """The answers in the order in which a manager asks."""
    from auditplan.io.workbook.capacity_book import certainty

    load, plan = found.load, found.plan
    left_out = len(plan.unplaced)
    talk.show(Text(talk.text("capacity-base", placed=len(plan.placements), left_out=left_out), style="bold"))
    for month, needed, available in zip(load.months, load.needed_all, load.available_all, strict=True):
        share = f"{needed / available:.0%}" if available else "–"
        line = talk.text(
            "capacity-line", month=f"{month:%Y-%m}", needed=f"{needed:.1f}", available=f"{available:.1f}", load=share
        )
        talk.show(Text(line))
    for entry in found.bottlenecks[:3]:
        numbers = {"audits": len(entry.audits), "people": len(entry.people)}
        says = talk.text("capacity-proof", needed=f"{entry.needed:g}", available=f"{entry.available:g}", **numbers)
        talk.show(Text(talk.text("capacity-tight", kind=talk.text(f"capacity-kind-{entry.kind}"), proof=says)))
    for room in found.headroom:
        name = room.standard or talk.text("capacity-all-work")
        code = "capacity-room-open" if room.reached else "capacity-room"
        says = talk.text(code, what=name, percent=f"{room.percent:.0f}", fits=room.fits)
        how = talk.text(certainty(room), lost=room.lost, left_out=room.left_out)
        talk.show(Text(talk.text("capacity-sure", says=says, how=how)))
    _tell_advice(talk, body, found)


def _tell_advice(talk: Talk, body: Body, found: Capacity) -> None:
    """Whom to hire and whom to train."""
    from auditplan.io.workbook.words import ROLES

    for what, advised in (("hire", found.hire), ("train", found.train)):
        for entry in advised.best:
            who = entry.candidate
            values = {
                "what": talk.text(f"capacity-{what}"),
                "who": who.auditor or who.region,
                "standard": who.standard,
                "area": who.code,
                "role": ROLES[who.role].written(talk.language),
                "audits": entry.audits,
                "points": entry.rescued,
                "cost": f"{entry.cost:,.0f} {body.settings.currency}",
            }
            says = talk.text("capacity-advice" if entry.audits > 0 else "capacity-advice-graver", **values)
            how = talk.text("capacity-proven" if entry.proven else "capacity-not-proven")
            talk.show(Text(talk.text("capacity-sure", says=says, how=how)))
        if not advised.best:
            unseen = not advised.solved and not advised.complete
            code = "stopped" if unseen else "no" if found.plan.unplaced else "needless"
            talk.show(Text(talk.text(f"capacity-{code}-{what}")))
