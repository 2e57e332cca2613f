"""A first look at a changed body: whether one audit might find a place beside the plan as it stands.

Only the audit itself and the people who changed are made anew; everything else is taken from the ground. What is
refused here is refused by a trial of the whole too, at many times the work; what passes is tried in full.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from auditplan.planner.compile import Compiler
from auditplan.planner.domain import Audit, Body
from auditplan.planner.explanations.ground import Ground, fold
from auditplan.planner.explanations.seating import Seating
from auditplan.planner.explanations.teams import Ask
from auditplan.planner.facts import Facts
from auditplan.planner.legs import leg_of
from auditplan.planner.persons import Persons
from auditplan.solver.problem import Activity, Leg, Resource

_LOOKED_AT = ("auditors", "qualifications", "unavailable", "audits")
"""The collections of a body in which changes are seen here."""
_BINDING = ("client", "after", "gap_from", "gap_to", "same_team_as", "not_team_of", "region", "city")
"""Fields of an audit by which it hangs together with others, or moves to another place."""


class Sieve:
    """Looks at changed bodies for one audit of a ground. looked: people looked at so far, each stretch counted."""

    def __init__(self, ground: Ground, audit: Audit) -> None:
        """Keeps what to look at."""
        self._ground, self._audit = ground, audit
        self.looked = 0

    def passes(self, changed: Body, person: str = "") -> bool:
        """Whether the audit might find a place; True too where that cannot be seen here. person: who must be in the
        team ("": anybody)."""
        ground, number = self._ground, self._ground.index.get(self._audit.id)
        if number is None or not self._seen(changed):
            return True
        compiler = Compiler(Facts(changed), ground.compiler.firm).like(ground.compiled.sites, ground.compiler.scarcity)
        activity = compiler.activity(compiler.facts.lookup.audits[self._audit.id])
        asked = compiler.facts.lookup.order.get(person)
        if person and not any(entry.resource == asked for role in activity.roles for entry in role):
            return False
        people = tuple(self._people(compiler))
        problem = replace(ground.problem, resources=people, legs=self._legs(compiler, activity, people))
        seating = Seating(problem, number, ground.solution.choices, activity)
        found = seating.best(Ask(person=asked))
        self.looked += seating.looked
        return found is not None

    def _legs(self, compiler: Compiler, activity: Activity, people: tuple[Resource, ...]) -> dict[tuple[int, int], Leg]:
        """The ways of the ground, with those of people who could not be in the team before."""
        known, place = self._ground.problem.legs, activity.place
        if place is None:
            return known
        able = {entry.resource for role in activity.roles for entry in role}
        new = [people[person] for person in able if (people[person].home, place) not in known]
        sites = {number: site for site, number in self._ground.compiled.sites.items()}
        ends = {end for one in new for end in (one.home, *(anchor.place for anchor in one.anchors))}
        ways = {(end, place): leg_of(compiler.facts, sites[end], sites[place]) for end in sorted(ends)}
        found = {pair: leg for pair, leg in ways.items() if leg is not None}
        return {**known, **found, **{(end, start): leg for (start, end), leg in found.items()}}

    def _seen(self, changed: Body) -> bool:
        """Whether all that changed is seen here: the audit's own row, people as they are called, and what they hold
        and when they are away."""
        body, audit = self._ground.body, self._audit
        others = {name: getattr(body, name) for name in _LOOKED_AT}
        if replace(changed, **others) != body:
            return False
        if [row.id for row in body.auditors] != [row.id for row in changed.auditors]:
            return False
        odd = [
            (old, new) for old, new in zip(body.audits, changed.audits, strict=True) if old is not new and old != new
        ]
        return all(
            old.id == audit.id == new.id and all(getattr(old, name) == getattr(new, name) for name in _BINDING)
            for old, new in odd
        )

    def _people(self, compiler: Compiler) -> Iterator[Resource]:
        """The people, bound by the plan; those who changed made anew."""
        ground, body, changed = self._ground, self._ground.body, compiler.facts.body
        number = ground.index[self._audit.id]
        away = {row.auditor for row in set(body.unavailable) ^ set(changed.unavailable)}
        anew = {
            at
            for at, (old, new) in enumerate(zip(body.auditors, changed.auditors, strict=True))
            if old != new or new.id in away
        }
        bound = ground.bound(number)
        if not anew:
            yield from bound
            return
        resources = list(ground.problem.resources)
        persons = Persons(compiler.facts, compiler.firm, compiler.audits, compiler.place)
        for at in anew:
            resources[at] = persons.resource(changed.auditors[at], resources[at].home)
        names = {changed.auditors[at].id for at in anew}
        theirs = [one for one in ground.decided if any(seat.auditor in names for seat in one.seats)]
        compiled = replace(ground.compiled, problem=replace(ground.problem, resources=tuple(resources)))
        apart = fold(compiled, theirs)
        yield from (apart[at] if at in anew else person for at, person in enumerate(bound))
