"""Problems as texts in the reader's language."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import Decimal
from enum import Enum

from auditplan.io.messages import message, proposal
from auditplan.io.workbook import words
from auditplan.planner.cycle.account import Line
from auditplan.planner.plan import LEVELS, Reason, Unplaced
from auditplan.planner.problems import Problem


def problem_text(problem: Problem, language: str) -> tuple[str, str]:
    """What is wrong, and what to do about it."""
    values = {"sheet": problem.sheet, "cell": problem.cell, "value": problem.value, **dict(problem.parameters)}
    return message(problem.code, language, **values), proposal(problem.code, language, **values)


def reason_text(reason: Reason, language: str) -> str:
    """Why an audit is left out, with the cell that causes it."""
    text = message(reason.code, language, **dict(reason.parameters))
    if not reason.cell:
        return text
    return message("with-cell", language, text=text, sheet=reason.sheet, cell=reason.cell)


def figure(level: str, value: int) -> str:
    """A level's figure for people: money in units of the currency, the others in points."""
    return f"{value / 100:,.0f}" if level == "money" else f"{value:,}"


def cost_text(more: Sequence[int], language: str) -> str:
    """What is dearer or cheaper, level by level."""
    parts = [
        message(
            "explain-more",
            language,
            level=message(f"cli-level-{name}", language),
            amount=f"{'+' if amount > 0 else '−'}{figure(name, abs(amount))}",
        )
        for name, amount in zip(LEVELS, more, strict=True)
        if amount
    ]
    return message("list-comma", language).join(parts) or message("explain-same", language)


def consequence_text(left: Unplaced, language: str) -> str:
    """What follows when an audit is left out, each consequence with its date."""
    return message(left.consequence_code, language, **{name: day.isoformat() for name, day in left.consequence_days})


def account_text(lines: Iterable[Line], language: str) -> str:
    """How days came about, a line each."""
    return "\n".join(
        message(code, language, **{name: _shown(value, language) for name, value in values}) for code, values in lines
    )


def _shown(value: object, language: str) -> object:
    """A value in the reader's language."""
    if isinstance(value, Decimal):
        return f"{float(value):g}"
    return words.COMPLEXITIES[value].written(language) if isinstance(value, Enum) else value
