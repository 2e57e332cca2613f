"""Scenarios side by side on the screen."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from rich.console import RenderableType
from rich.text import Text

from auditplan.io.cli.screen import table
from auditplan.io.cli.talk import Talk

if TYPE_CHECKING:
    from auditplan.planner.scenarios.compare import Difference, Figures
    from auditplan.planner.scenarios.study import Study

COLUMNS = ("placed", "left-out", "overdue", "needed", "available", "use", "money", "balance")


def study_tables(talk: Talk, study: Study) -> Iterator[RenderableType]:
    """The figures of every plan, then each level's difference from the base."""
    from auditplan.planner.scenarios.compare import figures

    assert study.base.plan is not None
    rows = [(talk.text("whatif-base"), *_cells(figures(study.base.body, study.base.plan)))]
    for outcome in study.scenarios:
        if outcome.plan is not None and outcome.scenario is not None:
            rows.append((outcome.scenario.name, *_cells(figures(outcome.body, outcome.plan))))
    currency = study.base.body.settings.currency
    headers = [talk.text("whatif-scenario")]
    headers += [talk.text(f"whatif-column-{name}", currency=currency) for name in COLUMNS]
    yield table(headers, rows, numbers_from=1)
    if study.scenarios:
        yield _differences(talk, study, currency)
        yield Text(talk.text("whatif-legend"))


def _cells(found: Figures) -> tuple[str, ...]:
    """A plan's figures."""
    levels = {level.name: level.value for level in found.levels}
    return (
        str(found.placed_all),
        str(found.left_out_all),
        str(found.overdue),
        f"{found.days_needed:,.1f}",
        f"{found.days_available:,.1f}",
        f"{found.use:.0%}",
        f"{(found.travel + found.fees) / 100:,.0f}",
        f"{levels.get('balance', 0):,}",
    )


def _differences(talk: Talk, study: Study, currency: str) -> RenderableType:
    """Each level's difference, with what is proven of it."""
    from auditplan.planner.plan import LEVELS
    from auditplan.planner.scenarios.compare import differences

    assert study.base.plan is not None
    headers = [talk.text("whatif-scenario")]
    headers += [talk.text(f"whatif-level-{name.replace('_', '-')}", currency=currency) for name in LEVELS]
    rows = []
    for outcome in study.scenarios:
        if outcome.plan is None or outcome.scenario is None:
            continue
        cells = []
        for entry in differences(study.base.plan, outcome.plan):
            value = entry.value / 100 if entry.level == "money" else entry.value
            cells.append(f"{value:+,.0f} {_certainty(entry)}")
        rows.append((outcome.scenario.name, *cells))
    return table(headers, rows, numbers_from=1)


def _certainty(entry: Difference) -> str:
    """The bound that makes a difference certain, or the mark of one that is not."""
    unit = 100 if entry.level == "money" else 1
    if not entry.certain:
        return "?"
    if entry.least == entry.most:
        return "="
    return f"(≥ {entry.least / unit:+,.0f})" if entry.least > 0 else f"(≤ {entry.most / unit:+,.0f})"
