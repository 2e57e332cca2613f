"""`auditplan plan`: the main job, from a book to a verified plan."""

from __future__ import annotations

import os
import time
from dataclasses import dataclass, replace
from datetime import date
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING

import click

from auditplan.io.cli import calendars, invitations, report, scenarios
from auditplan.io.cli.books import faulty, read, sound_body, with_busy
from auditplan.io.cli.changes import change_figures, change_summary
from auditplan.io.cli.exits import DataFailure, ExitStatus, FaultFailure, UsageFailure
from auditplan.io.cli.figures import plan_figures
from auditplan.io.cli.options import Command, Positive, book_argument, option
from auditplan.io.cli.periods import Day, Period, Quarter, now, period
from auditplan.io.cli.pipeline import draw
from auditplan.io.cli.progress import Interrupt, ProgressLine, aside, shown
from auditplan.io.cli.summary import plan_summary
from auditplan.io.cli.talk import Talk
from auditplan.io.cli.targets import feed_folder, page_target, plan_target
from auditplan.io.files import back_up
from auditplan.planner.domain import Body
from auditplan.planner.problems import Problem, Severity
from auditplan.planner.scenarios.apply import apply_scenario, in_its_period
from auditplan.solver.solution import Budget

if TYPE_CHECKING:
    from auditplan.io.workbook.generated import Drawn
    from auditplan.planner.explanations.noted import Notes
    from auditplan.planner.replanning import Replanned

DEFAULT_SECONDS, REPLAN_EFFORT = 60.0, 4.0
"""How long to search where neither time nor effort is said: a plan, and few changes to one."""
FOR_FIXES, LEAST_FOR_FIXES = 0.1, 0.4
"""Share of a plan's budget, and least work in any case, for the smallest fixes of what is left out."""
NAMED = 12
"""Audits named in one line."""
MOST_THREADS = 8
"""More threads than this by default help little."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """What the command line asks for."""

    book: Path
    output: Path | None
    in_place: bool
    quarter: Period | None
    first: date | None
    last: date | None
    seconds: float | None
    effort: float | None
    seed: int
    threads: int | None
    folder: Path | None
    page: Path | None
    busy: Path | None
    strict: bool
    no_pipeline: bool
    scenario: str | None
    improve: bool
    max_changes: int | None


def build(language: str) -> Command:
    """The command with its help in a language."""
    return Command("plan", language, run, [book_argument(language), *_where(language), *_how(language)])


def _where(language: str) -> list[click.Parameter]:
    """Options of what is planned and where it is written."""
    file, day = click.Path(path_type=Path), Day(language)
    quarter = Quarter(language)
    return [
        option(language, "-o", "--output", "output", text="output", type=file, metavar="OUT"),
        option(language, "--in-place", text="in-place", is_flag=True),
        option(language, "--quarter", text="quarter", type=quarter, metavar="2027Q1"),
        option(language, "--from", "first", text="from", type=day, metavar="2027-01-01"),
        option(language, "--to", "last", text="to", type=day, metavar="2027-03-31"),
        option(language, "--no-pipeline", text="no-pipeline", is_flag=True),
        option(language, "--calendars", "folder", text="calendars", type=file, metavar="DIR"),
        option(language, "--report", "page", text="report", type=file, metavar="FILE.html"),
        option(language, "--busy", text="busy", type=file, metavar="DIR"),
    ]


def _how(language: str) -> list[click.Parameter]:
    """Options of how it is planned."""
    positive = Positive(language)
    seed = click.IntRange(0, 2**31 - 1)
    return [
        option(language, "--time", "seconds", text="time", type=positive, metavar="S"),
        option(language, "--effort", text="effort", type=positive, metavar="N"),
        option(language, "--seed", text="seed", type=seed, default=0, show_default=True, metavar="N"),
        option(language, "--threads", text="threads", type=click.IntRange(1, 256), metavar="N"),
        option(language, "--improve", text="improve", is_flag=True),
        option(language, "--max-changes", text="max-changes", type=click.IntRange(0), metavar="N"),
        option(language, "--scenario", text="scenario", metavar="NAME"),
        option(language, "--strict", text="strict", is_flag=True),
    ]


def run(talk: Talk, lang: str | None, **wishes: object) -> int:
    """Plans a book."""
    wish = Wish(**wishes)  # type: ignore[arg-type]
    output = scenarios.output(wish.book, wish.output, wish.scenario, in_place=wish.in_place)
    target = plan_target(wish.book, output, in_place=wish.in_place)
    if wish.folder is not None:
        feed_folder(wish.folder)
    if wish.page is not None:
        page_target(target, wish.page)
    if wish.busy is not None and not wish.busy.is_dir():
        raise UsageFailure("cli-no-busy-folder", folder=wish.busy)
    plan_from, plan_to = period(wish.quarter, wish.first, wish.last)
    begun = time.monotonic()
    reading = read(talk, wish.book, lang=lang, plan_from=plan_from, plan_to=plan_to)
    sound, unread = with_busy(sound_body(talk, wish.book, reading), wish.busy)
    spoken = sound.settings.language or reading.language
    scenario, odd = scenarios.wanted(talk, wish.book, sound, wish.scenario)
    sound = in_its_period(sound, scenario) if scenario is not None else sound
    drawn = draw(wish.book, sound, spoken, until=None, generate=not wish.no_pipeline)
    body, found = drawn.pipeline.body, (*reading.problems, *unread, *odd, *drawn.pipeline.problems)
    body = apply_scenario(body, scenario) if scenario is not None else body
    drawn = replace(drawn, pipeline=replace(drawn.pipeline, body=body))
    seconds = {"read": time.monotonic() - begun}
    stop = Interrupt(talk)
    result = _planned(talk, wish, body, found, stop)
    body = result.body
    drawn = replace(drawn, pipeline=replace(drawn.pipeline, body=body))
    seconds |= dict(result.plan.seconds)
    problems = (*found, *result.problems)
    _refuse_overrides(talk, wish, result.problems)
    begun = time.monotonic()
    notes = _notes(wish, result, stop)
    seconds["solve"] = seconds.get("solve", 0.0) + time.monotonic() - begun
    begun = time.monotonic()
    backed_up = target.exists()
    feeds = _write(talk, wish, target, drawn, result, problems, reading.language, notes)
    seconds["write"] = time.monotonic() - begun
    talk.show(*plan_summary(talk, body, result.plan, problems))
    _say_changes(talk, body, result)
    _say_where(talk, wish, target, feeds, backed_up=backed_up)
    if wish.page is not None:
        report.write(talk, target, body, result.plan, wish.page, lang)
    changes = change_figures(body, result.changes, talk.language)
    figures = plan_figures(result.plan, problems, seconds, target)
    if result.replanned:
        figures |= {"changed": result.changed, "changed_at_least": result.fewest}
    talk.emit({**figures, "changes": changes})
    left_out = wish.strict and result.plan.unplaced
    return ExitStatus.LEFT_OUT if left_out else ExitStatus.DONE


def _say_changes(talk: Talk, body: Body, result: Replanned) -> None:
    """What differs from the plan before, and what might be had by moving more."""
    if not result.replanned:
        return
    talk.show(*change_summary(talk, body, result.changes))
    if result.changed:
        code = "cli-changes-proven" if result.changed <= result.fewest else "cli-changes-least"
        talk.note(code, changed=result.changed, least=result.fewest)
    if result.kept:
        talk.note("cli-changes-kept")
    elif result.waiting:
        talk.note("cli-changes-waiting", number=result.waiting)


def _refuse_overrides(talk: Talk, wish: Wish, problems: tuple[Problem, ...]) -> None:
    """With --strict a choice that breaks a rule stops. Raises DataFailure."""
    broken = [problem for problem in problems if problem.severity is Severity.ERROR]
    if wish.strict and broken:
        failure = faulty(talk, wish.book, broken)
        raise DataFailure("cli-overrides", file=wish.book, errors=len(broken), figures=failure.figures)


def _notes(wish: Wish, result: Replanned, stop: Interrupt) -> Notes:
    """What the sheets say of the plan's choices besides; less of it after Ctrl-C. Fixes are looked for with a tenth of
    the work that the plan may take."""
    from auditplan.planner.explanations.notes import notes_of

    budget = _budget(wish, again=result.replanned and not wish.improve)
    effort = max(LEAST_FOR_FIXES, FOR_FIXES * (budget.effort or budget.seconds or 0.0))
    moved = {change.audit for change in result.changes} if result.replanned else None
    with stop.listening():
        notes = aside(
            lambda: notes_of(result.body, result.plan, result.compiled, effort=effort, moved=moved, stop=stop)
        )
    return replace(notes, changed=(result.changed, result.fewest) if result.replanned else None)


def _planned(talk: Talk, wish: Wish, body: Body, found: tuple[Problem, ...], interrupt: Interrupt) -> Replanned:
    """The verified plan. Raises DataFailure for a body that cannot be planned so, FaultFailure for a plan that broke
    a rule."""
    from auditplan.planner.planning import UnplannableError, VerificationFailedError
    from auditplan.planner.replanning import TooFewChangesError, replan

    line = ProgressLine(talk)
    threads = wish.threads or min(MOST_THREADS, _processors())
    try:
        with interrupt.listening(), shown(line, talk.terminal):
            return aside(
                lambda: replan(
                    body,
                    _budget(wish, again=bool(body.previous) and not wish.improve),
                    seed=wish.seed,
                    threads=threads,
                    listener=line,
                    stop=interrupt,
                    improve=wish.improve,
                    max_changes=wish.max_changes,
                )
            )
    except TooFewChangesError as error:
        named = ", ".join(error.audits[:NAMED]) + (" …" if len(error.audits) > NAMED else "")
        figures = {"least": error.least, "proven": error.proven}
        code = "cli-too-few-changes" if error.least <= error.proven else "cli-too-few-changes-open"
        raise DataFailure(code, figures=figures, given=wish.max_changes, audits=named, **figures) from error
    except UnplannableError as error:
        raise faulty(talk, wish.book, (*found, *error.problems)) from error
    except VerificationFailedError as error:
        violations = ", ".join(f"{broken.rule} ({broken.audit})" for broken in error.violations)
        raise FaultFailure("cli-unverified", violations=violations) from error


def _budget(wish: Wish, *, again: bool) -> Budget:
    """When to stop. again: a plan is there already, and few changes are sought."""
    if wish.seconds is None and wish.effort is None:
        return Budget(effort=REPLAN_EFFORT) if again else Budget(seconds=DEFAULT_SECONDS)
    return Budget(seconds=wish.seconds, effort=wish.effort)


def _processors() -> int:
    """How many cores this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def _write(
    talk: Talk,
    wish: Wish,
    target: Path,
    drawn: Drawn,
    result: Replanned,
    problems: tuple[Problem, ...],
    language: str,
    notes: Notes,
) -> int:
    """Writes the book, and the feeds where they are asked for; answers the number of feeds."""
    from auditplan.io.workbook.errors import WorkbookError
    from auditplan.io.workbook.generated import with_rows
    from auditplan.io.workbook.invites import carry_over, known_rows
    from auditplan.io.workbook.write import RunInfo, write_plan

    body, sent = drawn.pipeline.body, known_rows(target)
    spoken = body.settings.language or language
    run_info = RunInfo(version=version("auditplan"), when=now())
    if target.exists():  # the coordinator may have worked on an earlier plan, or on the book itself
        back_up(target)
    try:
        with with_rows(wish.book, drawn, spoken) as source:
            write_plan(
                source,
                target,
                body,
                result.plan,
                problems,
                language=spoken,
                run=run_info,
                changes=result.changes if result.replanned else None,
                notes=notes,
            )
        if not wish.in_place:  # who was invited by the plan before must not be invited anew
            carry_over(sent, target, spoken)
    except WorkbookError as error:
        raise DataFailure(error.code, figures=None, **error.parameters) from error
    if wish.folder is None:
        return 0
    known = invitations.sequences_to_come(body, result.plan, target, spoken)
    return len(calendars.write(body, result.plan, wish.folder, talk.language, sequences=known))


def _say_where(talk: Talk, wish: Wish, target: Path, feeds: int, *, backed_up: bool) -> None:
    """Where everything is, and what to do next."""
    talk.note("cli-written", file=target)
    if backed_up:
        talk.note("cli-backup", file=f"{target}.bak")
    if wish.folder is not None:
        talk.note("cli-calendars-done", folder=wish.folder, files=feeds)
    talk.note("cli-next", file=target)
