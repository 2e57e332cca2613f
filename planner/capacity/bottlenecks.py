"""Where it is tightest: audits that only few people can serve, who have only so many days (as in Hall's theorem)."""

from __future__ import annotations

from dataclasses import dataclass

from auditplan.planner.capacity.flow import Network
from auditplan.planner.capacity.needs import KINDS, LEADS, Needs

MOST = 3
"""Bottlenecks of a kind that are looked for."""
TIGHT = 0.7
"""Use from which on a set besides the tightest of its kind is worth telling."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Bottleneck:
    """Audits that ask for `needed` person-days of people of whom there are only these, who have `available` days in
    the windows. kind: a lead ("lead"), a holder of a code ("cover") or any qualified person ("hands"). pairs: the
    standards and codes that are asked for. needed > available proves that not all of the audits can be placed."""

    kind: str
    audits: tuple[str, ...]
    people: tuple[str, ...]
    pairs: tuple[tuple[str, str], ...]
    needed: float
    available: float

    @property
    def use(self) -> float:
        """Needed of available; infinite where there is nothing."""
        return self.needed / self.available if self.available else float("inf")


def bottlenecks(needs: Needs) -> tuple[Bottleneck, ...]:
    """The tightest sets of each kind, tightest first; a set that another kind shows already is told once."""
    found: list[Bottleneck] = []
    for kind in KINDS:
        network = needs.network(kind)
        left = list(range(len(network.asks)))
        for turn in range(MOST):
            if not left:
                break
            chosen, asked, given = network.tightest(left)
            given = min(given, network.available(chosen))
            if turn and given and asked / given < TIGHT:
                break
            found.append(_told(needs, kind, network, chosen, asked, given))
            people = {person for number in chosen for person in network.asks[number].people}
            left = [number for number in left if number not in chosen and not network.asks[number].people & people]
    kept: dict[tuple[tuple[str, ...], tuple[str, ...]], Bottleneck] = {}
    for bottleneck in sorted(found, key=lambda entry: (-entry.use, entry.kind, entry.audits)):
        kept.setdefault((bottleneck.audits, bottleneck.people), bottleneck)
    return tuple(kept.values())


def _told(needs: Needs, kind: str, network: Network, chosen: frozenset[int], asked: int, given: int) -> Bottleneck:
    """A set in the words of the body."""
    compiled = needs.compiled
    activities = sorted(network.asks[number].activity for number in chosen)
    people = sorted({person for number in chosen for person in network.asks[number].people})
    audits = [compiled.audits[number] for number in activities]
    if kind == LEADS:
        pairs = dict.fromkeys((audit.standards[0], "") for audit in audits)
    else:
        pairs = dict.fromkeys(needs.pairs[number] for number in activities)
    return Bottleneck(
        kind=kind,
        audits=tuple(audit.id for audit in audits),
        people=tuple(compiled.facts.body.auditors[person].id for person in people),
        pairs=tuple(sorted(pairs)),
        needed=asked / 2,
        available=given / 2,
    )
