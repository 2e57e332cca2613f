"""What a compiled problem asks of its people, as three networks: leads, holders of the scarcest code, hands."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from functools import reduce
from math import ceil
from operator import or_

from auditplan.planner.capacity.flow import Ask, Giver, Network
from auditplan.planner.compile import Compiled
from auditplan.planner.domain import Audit
from auditplan.planner.eligibility import LEAD, MEMBER
from auditplan.planner.timeline import TICKS_A_DAY
from auditplan.solver.bounds import impossible
from auditplan.solver.facts import Facts as SolverFacts
from auditplan.solver.journeys import span_mask
from auditplan.solver.problem import Activity, Mode, Problem, Resource

LEADS, COVER, HANDS = "lead", "cover", "hands"
"""Kinds: a lead for the whole span; a holder of the scarcest standard and code for the whole span; all of the work."""
KINDS = (LEADS, COVER, HANDS)
DAYS_A_WEEK = 7
MOST_SLICES = 20
"""Slices of a person's time at most: weeks over a quarter."""
LARGE = 600
"""Audits from which on a problem is large: it is looked at less closely."""
SLACK = 1e-6
"""Room for rounding errors in a figure that is whole."""


@dataclass(frozen=True, slots=True)
class Needs:
    """The networks by kind, and for each audit (by activity) the standard and code whose holders are fewest."""

    compiled: Compiled
    movable: tuple[int, ...]
    asks: dict[str, tuple[Ask, ...]]
    givers: dict[int, Giver]
    pairs: dict[int, tuple[str, str]]
    _networks: dict[str, Network] = field(default_factory=dict, compare=False, repr=False)

    def network(self, kind: str) -> Network:
        """A kind's network, made once: that of thousands of audits takes seconds."""
        if kind not in self._networks:
            self._networks[kind] = Network(self.asks[kind], self.givers)
        return self._networks[kind]

    def weight(self, activity: int) -> int:
        """What leaving an audit out costs on the first level."""
        left_out = self.compiled.problem.activities[activity].left_out
        return left_out[0] if left_out else 0


def least_lost(needs: Needs) -> int:
    """A lower bound of the first level's figure: the weight of what nobody could serve, and what no flow serves."""
    problem, movable = needs.compiled.problem, set(needs.movable)
    never = sum(needs.weight(number) for number in range(len(problem.activities)) if number not in movable)
    lost = 0.0
    for kind in KINDS:
        weights = {number: needs.weight(ask.activity) for number, ask in enumerate(needs.asks[kind])}
        lost = max(lost, sum(weights.values()) - needs.network(kind).best_served(weights))
    return never + ceil(lost - SLACK)


def needs_of(compiled: Compiled) -> Needs:
    """The needs of the audits that could be placed if they were alone; others need no capacity but a cure."""
    problem = compiled.problem
    never = _impossible(problem)
    movable = tuple(number for number in range(len(problem.activities)) if number not in never)
    asks: dict[str, list[Ask]] = {kind: [] for kind in KINDS}
    pairs = {}
    for number in movable:
        activity = problem.activities[number]
        ticks, span = reach(activity), min(_span(activity, mode) for mode in activity.modes if mode.starts)
        scarcest, pairs[number] = _scarcest(activity, compiled.audits[number])
        leads = frozenset(entry.resource for entry in activity.roles[LEAD])
        hands = leads | {entry.resource for entry in activity.roles[MEMBER]}
        asks[LEADS].append(Ask(number, span, leads, ticks))
        asks[COVER].append(Ask(number, span, scarcest, ticks))
        asks[HANDS].append(Ask(number, _work(activity), hands, ticks))
    givers = {number: _giver(resource, problem.ticks) for number, resource in enumerate(problem.resources)}
    return Needs(compiled, movable, {kind: tuple(found) for kind, found in asks.items()}, givers, pairs)


def _impossible(problem: Problem) -> Collection[int]:
    """What could not be placed if it were alone. In a large problem only what has no day or nobody to lead it: what
    more there is only makes the bounds weaker, and to find it would take longer than all the rest."""
    if len(problem.activities) < LARGE:
        return impossible(SolverFacts(problem))
    found = enumerate(problem.activities)
    return {number for number, own in found if not own.roles[LEAD] or not any(mode.starts for mode in own.modes)}


def reach(activity: Activity) -> int:
    """The ticks on which an activity may be worked on."""
    mask = 0
    for mode in activity.modes:
        for start, end in zip(mode.starts, mode.ends, strict=True):
            mask |= span_mask(start, end)
    return mask & activity.slots


def _span(activity: Activity, mode: Mode) -> int:
    """The ticks worked in a mode: the same in all of its options."""
    return (activity.slots & span_mask(mode.starts[0], mode.ends[0])).bit_count()


def _work(activity: Activity) -> int:
    """The least work of leads and members in any mode."""
    return min(
        _span(activity, mode) * (mode.least[LEAD] + mode.least[MEMBER]) for mode in activity.modes if mode.starts
    )


def _scarcest(activity: Activity, audit: Audit) -> tuple[frozenset[int], tuple[str, str]]:
    """The people who cover the standard or code that fewest people cover. The groups of coverage come first among
    those required: each standard, then its codes."""
    labels = [(standard, code) for standard in audit.standards for code in ("", *audit.codes)]
    required = [group for group in activity.groups if group.required]
    found = [
        (frozenset(cover.resource for cover in group.covers), label)
        for group, label in zip(required, labels, strict=False)
    ]
    return min(found, key=lambda entry: (len(entry[0]), labels.index(entry[1])))


def _giver(resource: Resource, ticks: int) -> Giver:
    """A person's time: week by week, under their ceilings; a ceiling longer than a week holds for the whole."""
    free = resource.free & ~resource.busy
    weeks, most = [], free.bit_count()
    ceilings = {ceiling.mask: ceiling.most for ceiling in resource.ceilings}
    for mask in _weeks(resource, ticks):
        room = min((free & mask).bit_count(), ceilings.get(mask, ticks))
        if room:
            weeks.append((free & mask, room))
    slices = _merged(sorted(weeks, key=lambda week: week[0] & -week[0]))
    longer = [entry.most for entry in resource.ceilings if entry.mask.bit_count() > DAYS_A_WEEK * TICKS_A_DAY]
    return Giver(tuple(slices), min([most, *longer]))


def _merged(weeks: list[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    """At most so many slices: over a long period some weeks at a time, which only makes the bound weaker. There are
    arcs for each ask, person and slice."""
    size = -(-len(weeks) // MOST_SLICES)
    for first in range(0, len(weeks), size or 1):
        some = weeks[first : first + size]
        yield reduce(or_, (mask for mask, _ in some)), sum(room for _, room in some)


def _weeks(resource: Resource, ticks: int) -> Iterator[int]:
    """The weeks of the line: those of the ceilings, and what lies between them in runs of at most a week."""
    weekly = [entry.mask for entry in resource.ceilings if 0 < entry.mask.bit_count() <= DAYS_A_WEEK * TICKS_A_DAY]
    rest = (1 << ticks) - 1
    for mask in weekly:
        yield mask
        rest &= ~mask
    step = DAYS_A_WEEK * TICKS_A_DAY
    for start in range(0, ticks, step):
        part = rest & ((1 << min(start + step, ticks)) - (1 << start))
        if part:
            yield part
