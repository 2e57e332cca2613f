"""Explanations on the screen."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from rich.console import RenderableType
from rich.text import Text

from auditplan.io.cli.screen import table
from auditplan.io.cli.talk import Talk, plain
from auditplan.io.render import cost_text, reason_text
from auditplan.io.render_fixes import fix_text
from auditplan.io.workbook.words import ROLES
from auditplan.planner.domain import Body
from auditplan.planner.explanations.results import Alternative, Candidate, Explained, Overview, Scarce, WhyNot
from auditplan.planner.plan import Placement, Reason

SHOWN_REASONS, SHOWN_SCARCE, SHOWN_TIGHT = 2, 12, 5
"""Of one candidate or day; of the whole: the rest is in --json."""


class Screen:
    """Says explanations of one body."""

    def __init__(self, talk: Talk, body: Body) -> None:
        """Looks up names."""
        self._talk = talk
        self._clients = {client.id: client.name for client in body.clients}
        self._audits = {audit.id: audit for audit in body.audits}

    def overview(self, found: Overview, book: str) -> Iterator[RenderableType]:
        """All that is left out, then where the body is weak."""
        text = self._talk.text
        heading = text("explain-left-out", number=len(found.unplaced)) if found.unplaced else text("explain-all-placed")
        yield Text(heading, style="bold")
        for entry in found.unplaced:
            yield from self._unplaced(entry)
        if found.skipped:
            yield self._line(text("explain-skipped", number=len(found.skipped)))
        yield from self._weak(found)
        if found.unplaced:
            yield self._line(text("explain-next", file=book, audit=found.unplaced[0].audit))

    def audit(self, found: Explained) -> Iterator[RenderableType]:
        """One audit with all that there is to choose from."""
        if found.placement is None:
            yield from self._unplaced(found)
        else:
            yield self._heading(found)
            yield from self._list("explain-why", found.reasons)
            yield from self._rivals(found)
        if found.candidates:
            yield Text(self._talk.text("explain-people" if found.placement else "explain-people-any"))
            yield self._people(found.candidates)
        if found.dates:
            yield Text(self._talk.text("explain-dates"))
            yield self._dates(found)

    def answer(self, found: Explained) -> Iterator[RenderableType]:
        """Why not."""
        answer = found.why_not
        assert answer is not None
        yield self._heading(found)
        yield Text(self._talk.text("explain-question", what=plain(self._what(answer))), style="bold")
        if answer.chosen:
            yield self._line(self._talk.text("explain-chosen"))
        yield from self._list("explain-impossible", answer.against)
        if answer.possible is None:
            yield self._line(self._talk.text("explain-undecided"))
        if answer.given:
            yield from self._list("explain-given", answer.given)
            if answer.cost is not None:
                yield self._line(self._way("explain-insisted", answer.cost))
        elif answer.cost is not None and not answer.chosen:
            yield self._line(self._way("explain-possible", answer.cost))

    def _what(self, answer: WhyNot) -> str:
        """What was asked about."""
        question = answer.question
        if question.auditor and question.day:
            return self._talk.text("explain-question-both", name=question.auditor, day=question.day)
        return question.auditor or str(question.day)

    def _heading(self, found: Explained) -> Text:
        """The audit with where it is."""
        audit = self._audits[found.audit]
        client = self._clients[audit.client]
        if found.placement is not None:
            where = _where(found.placement)
            return Text(plain(self._talk.text("explain-placed", audit=audit.id, client=client, **where)), style="bold")
        return Text(plain(self._talk.text(f"explain-{found.state.value}", audit=audit.id, client=client)), style="bold")

    def _unplaced(self, found: Explained) -> Iterator[RenderableType]:
        """An audit left out, with what would place it."""
        yield self._heading(found)
        yield from self._list("explain-why", found.reasons)
        if found.fixes:
            yield Text(self._talk.text("explain-fixes"))
        elif found.state.value == "unplaced":
            yield Text(self._talk.text("explain-no-fixes"))
        for fix in found.fixes:
            text = fix_text(fix, self._talk.language)
            yield self._line("  " + self._talk.text("explain-fix", gain=fix.gain, text=text))

    def _rivals(self, found: Explained) -> Iterator[RenderableType]:
        """The next best choices."""
        for code, none, other in (
            ("explain-other-team", "explain-no-other-team", found.other_team),
            ("explain-other-day", "explain-no-other-day", found.other_day),
        ):
            if found.candidates:
                yield self._line(self._way(code, other) if other else self._talk.text(none))

    def _way(self, code: str, found: Alternative) -> str:
        """Another way, with its price."""
        others = {
            name: ", ".join(audits) or self._talk.text("explain-nobody")
            for name, audits in (("moved", found.moved), ("lost", found.lost))
        }
        return self._talk.text(code, cost=self.cost(found.more), **_where(found.placement), **others)

    def cost(self, more: Sequence[int]) -> str:
        """What is dearer or cheaper, level by level."""
        return cost_text(more, self._talk.language)

    def _people(self, candidates: Iterable[Candidate]) -> RenderableType:
        """People by role."""
        headers = [self._talk.text(f"explain-column-{name}") for name in ("role", "person", "cost")]
        rows = []
        for entry in candidates:
            says = self._talk.text("explain-now") if entry.chosen else ""
            if entry.more is not None:
                says = says or self.cost(entry.more)
            rows.append((ROLES[entry.role].written(self._talk.language), entry.auditor, says or self._short(entry)))
        return table(headers, rows)

    def _short(self, entry: Candidate) -> str:
        """What stands against a candidate."""
        return self._some((*entry.against, *entry.given))

    def _some(self, reasons: Sequence[Reason]) -> str:
        """The first reasons."""
        shown = [reason_text(reason, self._talk.language) for reason in reasons[:SHOWN_REASONS]]
        return self._talk.text("why-join").join(shown) + (" …" if len(reasons) > SHOWN_REASONS else "")

    def _dates(self, found: Explained) -> RenderableType:
        """Days to start on."""
        headers = [self._talk.text(f"explain-column-{name}") for name in ("day", "team", "cost")]
        rows = []
        for choice in found.dates:
            team = _where(choice.best.placement)["people"] if choice.best else "–"
            says = self.cost(choice.best.more) if choice.best else self._some((*choice.against, *choice.given))
            rows.append((choice.day.isoformat(), team, self._talk.text("explain-now") if choice.chosen else says))
        return table(headers, rows)

    def _weak(self, found: Overview) -> Iterator[RenderableType]:
        """What few hold, and the tightest sets."""
        text = self._talk.text
        yield Text(text("explain-weak" if found.scarce else "explain-none-weak"), style="bold")
        for entry in found.scarce[:SHOWN_SCARCE]:
            yield self._line("  " + self._scarce(entry))
        if found.bottlenecks:
            yield Text(text("explain-tight"), style="bold")
        for tight in found.bottlenecks[:SHOWN_TIGHT]:
            pairs = text("list-comma").join(f"{standard} {code}".strip() for standard, code in tight.pairs[:4])
            says = {"number": len(tight.audits), "needed": f"{tight.needed:g}", "available": f"{tight.available:g}"}
            people = text("list-comma").join(tight.people[:6]) + (" …" if len(tight.people) > 6 else "")
            kind = text(f"capacity-kind-{tight.kind}")
            yield self._line("  " + text("explain-tight-line", kind=kind, pairs=pairs, people=people, **says))

    def _scarce(self, entry: Scarce) -> str:
        """One thing that few hold."""
        code = "explain-region-of" if entry.region else "explain-lead-of" if entry.leading else "explain-code-of"
        what = self._talk.text(code, standard=entry.standard, area=entry.code, region=entry.region)
        people = self._talk.text("list-comma").join(entry.holders)
        says = {"what": what, "number": len(entry.audits), "days": f"{entry.days:g}"}
        if not entry.holders:
            return self._talk.text("explain-weak-nobody", **says)
        text = self._talk.text("explain-weak-line", people=people, **says)
        if not entry.cell:
            return text
        return self._talk.text("with-cell", text=text, sheet=entry.sheet, cell=entry.cell)

    def _list(self, code: str, reasons: Iterable[Reason]) -> Iterator[RenderableType]:
        """Reasons under a heading; nothing where there are none."""
        found = tuple(reasons)
        if found:
            yield Text(self._talk.text(code))
        for reason in found:
            yield self._line("  " + reason_text(reason, self._talk.language))

    def _line(self, text: str) -> Text:
        """A line in which nothing of a workbook can move the cursor."""
        return Text(plain(text))


def _where(placement: Placement) -> dict[str, str]:
    """Dates and people of a placement."""
    return {
        "first": placement.start.day.isoformat(),
        "last": placement.end.day.isoformat(),
        "people": ", ".join(seat.auditor for seat in placement.seats),
    }
