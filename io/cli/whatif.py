"""`auditplan whatif`: the body as it is and its scenarios side by side."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import click

from auditplan.io.cli.books import faulty, read, sound_body
from auditplan.io.cli.crews import Bars, budgets, crew_of, processors, search_options, studied, study_target
from auditplan.io.cli.exits import DataFailure, ExitStatus, FaultFailure, UsageFailure
from auditplan.io.cli.options import Command, book_argument, option
from auditplan.io.cli.talk import Talk
from auditplan.planner.domain import Body
from auditplan.planner.problems import Problem, Severity

if TYPE_CHECKING:
    from auditplan.planner.scenarios.changes import Scenario
    from auditplan.planner.scenarios.study import Study

SHARE = 1 / 4
"""Of the base's budget, for each scenario: it begins with the base's plan, and only has to adapt it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """What the command line asks for."""

    book: Path
    output: Path | None
    scenarios: tuple[str, ...]
    sets: tuple[str, ...]
    seconds: float | None
    effort: float | None
    seed: int
    jobs: int | None
    cluster: str | None
    no_pipeline: bool


def build(language: str) -> Command:
    """The command with its help in a language."""
    file = click.Path(path_type=Path)
    parameters: list[click.Parameter] = [
        book_argument(language),
        option(language, "-o", "--output", "output", text="whatif-output", type=file, metavar="OUT"),
        option(language, "--scenario", "scenarios", text="whatif-scenario", multiple=True, metavar="NAME"),
        option(language, "--set", "sets", text="set", multiple=True, metavar='"CHANGE; TARGET; VALUE"'),
        option(language, "--no-pipeline", text="no-pipeline", is_flag=True),
        *search_options(language),
    ]
    return Command("whatif", language, run, parameters)


def run(talk: Talk, lang: str | None, **wishes: object) -> int:
    """Compares scenarios with the base."""
    from auditplan.planner.cycle.pipeline import with_certificates
    from auditplan.planner.scenarios.apply import as_it_is
    from auditplan.planner.scenarios.study import BASE, Effort, run_study

    wish = Wish(**wishes)  # type: ignore[arg-type]
    target = study_target(wish.book, wish.output, "whatif")
    crew = crew_of(wish.jobs, wish.cluster)
    begun = time.monotonic()
    reading = read(talk, wish.book, lang=lang)
    body = sound_body(talk, wish.book, reading)
    scenarios, problems = chosen(talk, wish.book, body, wish.scenarios, wish.sets)
    seconds = {"read": time.monotonic() - begun}
    base, part = budgets(wish.seconds, wish.effort, SHARE)
    effort = Effort(base=base, scenario=part, seed=wish.seed, threads=min(8, wish.jobs or processors()))
    bars = Bars(talk, base, lambda key: talk.text("whatif-base") if key == BASE else key)
    prepare = as_it_is if wish.no_pipeline else with_certificates
    study = studied(
        talk,
        bars,
        crew,
        lambda told, stop: run_study(body, scenarios, effort, crew, prepare=prepare, told=told, stop=stop),
    )
    _sound(talk, wish.book, study, (*reading.problems, *problems))
    begun = time.monotonic()
    _write(target, study, body.settings.language or reading.language)
    seconds["write"] = time.monotonic() - begun
    _tell(talk, study, target, (*reading.problems, *problems), seconds)
    return ExitStatus.DONE


def chosen(
    talk: Talk, book: Path, body: Body, names: tuple[str, ...], sets: tuple[str, ...]
) -> tuple[tuple[Scenario, ...], tuple[Problem, ...]]:
    """The scenarios asked for: those named and that of `--set`; all of the sheet where none is asked for.

    Raises UsageFailure for a name that is not in the sheet, DataFailure for rows that cannot be read. A filter means
    what certificates bring too."""
    from auditplan.io.workbook.read_scenarios import read_scenarios, set_rows
    from auditplan.io.workbook.read_spelling import fold, tidy
    from auditplan.planner.cycle.pipeline import with_certificates

    own = set_rows(sets, " + ".join(tidy(text) for text in sets))
    known = {fold(row.scenario): row.scenario for row in body.scenarios}
    for name in names:
        if fold(name) not in known:
            listed = ", ".join(known.values()) or "–"
            raise UsageFailure("whatif-unknown", given=name, known=listed)
    wanted = {fold(name) for name in names}
    if not names and not sets:
        wanted = set(known)
    rows = [row for row in body.scenarios if fold(row.scenario) in wanted]
    scenarios, problems = read_scenarios(with_certificates(body), (*rows, *own))
    if any(problem.severity is Severity.ERROR for problem in problems):
        raise faulty(talk, book, problems)
    if not scenarios:
        raise DataFailure("whatif-none", file=book)
    return scenarios, problems


def _sound(talk: Talk, book: Path, study: Study, found: tuple[Problem, ...]) -> None:
    """Raises DataFailure for a base that cannot be planned, FaultFailure for a plan that broke a rule."""
    if study.base.answer.problems and study.base.plan is None:
        raise faulty(talk, book, (*found, *study.base.answer.problems))
    for outcome in (study.base, *study.scenarios):
        if outcome.answer.violations:
            raise FaultFailure("cli-unverified", violations=", ".join(outcome.answer.violations))


def _write(target: Path, study: Study, language: str) -> None:
    """Writes the comparison."""
    from auditplan.io.workbook.comparison import write_comparison

    write_comparison(target, study, language)


def _tell(talk: Talk, study: Study, target: Path, problems: tuple[Problem, ...], seconds: Mapping[str, float]) -> None:
    """The comparison on the screen, where it is written, and as JSON. seconds: to read the book and to write."""
    from auditplan.io.cli.study_figures import study_figures
    from auditplan.io.cli.study_tables import study_tables

    talk.show(*study_tables(talk, study))
    for name in study.unfinished:
        talk.note("whatif-unfinished", scenario=name)
    for outcome in study.scenarios:
        if outcome.plan is None:
            from auditplan.io.cli.screen import problem_table

            talk.note("whatif-unplannable", scenario=outcome.scenario.name if outcome.scenario else "–")
            talk.warn(problem_table(outcome.answer.problems, talk.language))
    talk.note("whatif-written", file=target)
    talk.emit(study_figures(study, problems, target, seconds))
