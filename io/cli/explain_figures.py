"""Explanations as `--json` shows them. The keys are the contract with scripts and front ends."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from auditplan.io.cli.figures import HUNDREDTHS, bottleneck_figures
from auditplan.io.messages import message
from auditplan.io.render_fixes import edit_figures, fix_text
from auditplan.planner.explanations.results import (
    Alternative,
    Candidate,
    DateChoice,
    Explained,
    Fix,
    Overview,
    State,
    WhyNot,
)
from auditplan.planner.plan import LEVELS, Placement, Reason


def explained_figures(found: Explained, language: str) -> dict[str, object]:
    """One audit: placed, reasons, fixes; and as far as asked for where it is, the next best choices, what there is to
    choose from, and the answer to a question."""
    figures: dict[str, object] = {
        "placed": found.state is State.PLACED,
        "state": found.state.value,
        "reasons": reason_figures(found.reasons, found.audit, language),
        "fixes": [_fix(fix, language) for fix in found.fixes],
    }
    if found.placement is not None:
        figures["placement"] = placement_figures(found.placement)
    if found.why_not is not None:
        figures["question"] = _question(found.why_not, language)
        return figures
    figures["other_team"] = _alternative(found.other_team)
    figures["other_date"] = _alternative(found.other_day)
    figures["candidates"] = _candidates(found, language)
    figures["dates"] = [_date(choice, found.audit, language) for choice in found.dates]
    return figures


def overview_figures(found: Overview, language: str) -> dict[str, object]:
    """All that is left out, by audit; bottlenecks; what few hold."""
    audits: dict[str, object] = {}
    for entry in found.unplaced:
        own = explained_figures(entry, language)
        audits[entry.audit] = {key: own[key] for key in ("placed", "state", "reasons", "fixes")}
    return {
        "audits": audits,
        "skipped": list(found.skipped),
        "bottlenecks": bottleneck_figures(found.bottlenecks),
        "scarce": [
            {
                "standard": entry.standard,
                "code": entry.code,
                "leading": entry.leading,
                "region": entry.region,
                "holders": list(entry.holders),
                "single_point_of_failure": len(entry.holders) == 1 and not entry.region,
                "audits": list(entry.audits),
                "days": entry.days,
                "cell": place(entry.sheet, entry.cell),
            }
            for entry in found.scarce
        ],
    }


def reason_figures(reasons: Iterable[Reason], audit: str, language: str) -> list[dict[str, object]]:
    """Reasons with their cells. audit: the one that is explained."""
    return [
        {
            "rule": reason.rule,
            "auditor": reason.auditor,
            "audit": reason.audit or audit,
            "text": message(reason.code, language, **dict(reason.parameters)),
            "cell": place(reason.sheet, reason.cell),
        }
        for reason in reasons
    ]


def placement_figures(placement: Placement) -> dict[str, object]:
    """Dates and team."""
    return {
        "start": placement.start.day.isoformat(),
        "start_part": placement.start.part.value,
        "end": placement.end.day.isoformat(),
        "end_part": placement.end.part.value,
        "team": [{"auditor": seat.auditor, "role": seat.role.value} for seat in placement.seats],
    }


def cost_figures(more: Sequence[int]) -> dict[str, float]:
    """What a choice costs more on each level; money in units of the currency."""
    return {name: amount / HUNDREDTHS if name == "money" else amount for name, amount in zip(LEVELS, more, strict=True)}


def place(sheet: str, cell: str) -> str:
    """Sheet and cell as Excel writes them."""
    return "!".join(filter(None, (sheet, cell)))


def _fix(fix: Fix, language: str) -> dict[str, object]:
    """A change that would place the audit."""
    return {
        "change": fix_text(fix, language),
        "gain": fix.gain,
        "proven": fix.proven,
        "moves": list(fix.moved),
        "placement": placement_figures(fix.placement) if fix.placement else None,
        "edits": [edit_figures(edit, language) for edit in fix.edits],
    }


def _alternative(found: Alternative | None) -> dict[str, object] | None:
    """Another way to place the audit."""
    if found is None:
        return None
    return {
        **placement_figures(found.placement),
        "cost": cost_figures(found.more),
        "proven": found.proven,
        "moves": list(found.moved),
        "leaves_out": list(found.lost),
    }


def _question(answer: WhyNot, language: str) -> dict[str, object]:
    """The answer to why a choice was not made; the rules against it are the audit's reasons."""
    question = answer.question
    return {
        "auditor": question.auditor,
        "date": question.day.isoformat() if question.day else None,
        "possible": answer.possible,
        "chosen": answer.chosen,
        "in_the_plan": reason_figures(answer.given, question.audit, language),
        "best": _alternative(answer.cost),
    }


def _candidates(found: Explained, language: str) -> dict[str, list[dict[str, object]]]:
    """People by role."""
    roles: dict[str, list[dict[str, object]]] = {}
    for entry in found.candidates:
        roles.setdefault(entry.role.value, []).append(_candidate(entry, found.audit, language))
    return roles


def _candidate(entry: Candidate, audit: str, language: str) -> dict[str, object]:
    """One person for one role."""
    return {
        "auditor": entry.auditor,
        "eligible": not entry.against,
        "free": entry.more is not None,
        "chosen": entry.chosen,
        "cost": None if entry.more is None else cost_figures(entry.more),
        "against": reason_figures(entry.against, audit, language),
        "in_the_plan": reason_figures(entry.given, audit, language),
    }


def _date(choice: DateChoice, audit: str, language: str) -> dict[str, object]:
    """One day to start on."""
    return {
        "date": choice.day.isoformat(),
        "chosen": choice.chosen,
        "best": _alternative(choice.best),
        "against": reason_figures(choice.against, audit, language),
        "in_the_plan": reason_figures(choice.given, audit, language),
    }
