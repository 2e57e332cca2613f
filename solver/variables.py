"""The variables of the exact model: which option, who in which seat, who is present under which option."""

from __future__ import annotations

from dataclasses import dataclass, field

from ortools.sat.python import cp_model

from auditplan.solver.construct import usable_seats
from auditplan.solver.facts import Facts, Seat
from auditplan.solver.problem import ALWAYS
from auditplan.solver.state import State
from auditplan.solver.trips import Trips

Literal = cp_model.IntVar


@dataclass(slots=True)
class ActivityVariables:
    """The variables of one activity.

    option: flat option → literal. out: left out. seat: (role, person) → literal. present: (person, option) →
    literal, whatever the role. seats: the usable seats behind them."""

    option: dict[int, Literal] = field(default_factory=dict)
    out: Literal | None = None
    seat: dict[tuple[int, int], Literal] = field(default_factory=dict)
    present: dict[tuple[int, int], Literal] = field(default_factory=dict)
    seats: list[Seat] = field(default_factory=list)

    def of_person(self, person: int) -> list[Literal]:
        """A person's seat literals, whatever the role."""
        return [literal for (_, resource), literal in self.seat.items() if resource == person]

    def people(self) -> list[int]:
        """Everyone who may be in the team, in order."""
        return sorted({person for _, person in self.seat})


@dataclass(slots=True)
class Variables:
    """The variables of a model over the activities of `active`, everything else standing as in `state`.

    saving: whether links that only save money are of interest. trips: person → their links. whole: no link is left
    away that could matter."""

    facts: Facts
    state: State
    active: tuple[int, ...]
    model: cp_model.CpModel
    of: dict[int, ActivityVariables] = field(default_factory=dict)
    saving: bool = True
    trips: dict[int, Trips] = field(default_factory=dict)
    whole: bool = True

    @property
    def size(self) -> int:
        """Number of presence literals, a measure of the model's size."""
        return sum(len(own.present) for own in self.of.values())


def create(
    facts: Facts,
    state: State,
    active: tuple[int, ...],
    keep: dict[int, set[int]] | None = None,
    *,
    saving: bool = True,
) -> Variables:
    """Literals for the activities of `active`, which must be removed from `state`. keep: activity → the flat
    options that may be used; None: all."""
    variables = Variables(facts, state, active, cp_model.CpModel(), saving=saving)
    inside = frozenset(active)
    for number in active:
        kept = None if keep is None else keep.get(number)
        variables.of[number] = _activity(variables, number, inside, kept)
    return variables


def _activity(variables: Variables, number: int, active: frozenset[int], keep: set[int] | None) -> ActivityVariables:
    """The literals of one activity; options that no team could fill are left away."""
    model, facts = variables.model, variables.facts
    own = ActivityVariables()
    own.seats = usable_seats(facts, variables.state, number, active).singly()
    may_leave = facts.problem.activities[number].left_out is not None
    if may_leave and not variables.state.needed(number, active):
        own.out = model.new_bool_var("")
    for flat in _live_options(facts, number, own.seats):
        if keep is None or flat in keep:
            own.option[flat] = model.new_bool_var("")
    for seat in own.seats:
        flats = [flat for flat in own.option if seat.possible[flat]]
        if not flats:
            continue
        own.seat[seat.role, seat.resource] = model.new_bool_var("")
        for flat in flats:
            if (seat.resource, flat) not in own.present:
                own.present[seat.resource, flat] = model.new_bool_var("")
    return own


def _live_options(facts: Facts, number: int, seats: list[Seat]) -> list[int]:
    """The options with enough candidates in each role and somebody for each needed group."""
    activity, options = facts.problem.activities[number], facts.options[number]
    if not len(options):
        return []
    live = options.start >= 0
    for role in range(len(activity.roles)):
        count = sum((seat.possible.astype(int) for seat in seats if seat.role == role), start=options.start * 0)
        for mode, least in enumerate(mode.least[role] for mode in activity.modes):
            live &= (options.mode != mode) | (count >= least)
    possible = {(seat.role, seat.resource): seat.possible for seat in seats}
    for group in activity.groups:
        if not group.required:
            continue
        some = options.start < 0
        for cover in group.covers:
            for role in cover.roles:
                if (role, cover.resource) in possible:
                    inside = True if cover.during == ALWAYS else facts.inside_of(number, cover.during)
                    some |= possible[role, cover.resource] & inside
        live &= some
    return [int(flat) for flat in live.nonzero()[0]]
