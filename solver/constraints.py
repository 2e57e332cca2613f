"""The constraints of the exact model, one function per rule."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from ortools.sat.python import cp_model

from auditplan.solver.check import kept
from auditplan.solver.links import Item, links_of
from auditplan.solver.problem import Apart, Cover, Kept, Precedence, Quota, SamePerson
from auditplan.solver.solution import Choice
from auditplan.solver.trips import Trips
from auditplan.solver.variables import Literal, Variables


def add_all(variables: Variables) -> None:
    """Every rule of the problem."""
    for number in variables.active:
        one_option(variables, number)
        presence(variables, number)
        demand(variables, number)
        one_role(variables, number)
        seats_fit_options(variables, number)
        groups(variables, number)
    nobody_twice(variables)
    ceilings(variables)
    relations(variables)


def one_option(variables: Variables, number: int) -> None:
    """An activity is carried out in exactly one option or left out."""
    own = variables.of[number]
    choices = list(own.option.values())
    variables.model.add_exactly_one(choices if own.out is None else [*choices, own.out])


def presence(variables: Variables, number: int) -> None:
    """Whoever has a seat is present under the option chosen, and nobody else is."""
    own = variables.of[number]
    by_person: dict[int, list[Literal]] = defaultdict(list)
    for (person, flat), literal in own.present.items():
        by_person[person].append(literal)
        variables.model.add_implication(literal, own.option[flat])
    for person, literals in by_person.items():
        variables.model.add(sum(literals) == sum(own.of_person(person)))


def demand(variables: Variables, number: int) -> None:
    """Each role has as many people as the mode asks for."""
    own, facts = variables.of[number], variables.facts
    activity, options = facts.problem.activities[number], facts.options[number]
    by_role: dict[int, list[Literal]] = defaultdict(list)
    for (role, _), literal in own.seat.items():
        by_role[role].append(literal)
    for role in range(len(activity.roles)):
        modes = [(int(options.mode[flat]), literal) for flat, literal in own.option.items()]
        taken = sum(by_role[role])
        least = sum(activity.modes[mode].least[role] * literal for mode, literal in modes)
        most = sum(activity.modes[mode].most[role] * literal for mode, literal in modes)
        if all(activity.modes[mode].least[role] == activity.modes[mode].most[role] for mode, _ in modes):
            variables.model.add(taken == least)
        else:
            variables.model.add(taken >= least)
            variables.model.add(taken <= most)
    _heads(variables, number)


def _heads(variables: Variables, number: int) -> None:
    """Under each option as many are present as its mode asks for in all (implied; tightens the relaxation)."""
    own, facts = variables.of[number], variables.facts
    options = facts.options[number]
    by_option: dict[int, list[Literal]] = defaultdict(list)
    for (_, flat), literal in own.present.items():
        by_option[flat].append(literal)
    for flat, chosen in own.option.items():
        mode = facts.problem.activities[number].modes[int(options.mode[flat])]
        present = sum(by_option[flat])
        variables.model.add(present >= sum(mode.least) * chosen)
        variables.model.add(present <= sum(mode.most) * chosen)


def one_role(variables: Variables, number: int) -> None:
    """A person has at most one role in a team."""
    own = variables.of[number]
    for person in own.people():
        literals = own.of_person(person)
        if len(literals) > 1:
            variables.model.add_at_most_one(literals)


def seats_fit_options(variables: Variables, number: int) -> None:
    """A seat is taken only under options that its candidate may take."""
    own = variables.of[number]
    for seat in own.seats:
        literal = own.seat.get((seat.role, seat.resource))
        if literal is None:
            continue
        closed = [own.option[flat] for flat in own.option if not seat.possible[flat]]
        if closed:
            variables.model.add_at_most_one([*closed, literal])
        beside = seat.candidate.beside
        if beside is not None:
            variables.model.add(sum(_covers(variables, number, beside)) >= literal)


def groups(variables: Variables, number: int) -> None:
    """Each needed group is met whenever the activity is carried out."""
    own = variables.of[number]
    activity = variables.facts.problem.activities[number]
    placed = sum(own.option.values())
    for index, group in enumerate(activity.groups):
        if group.required and own.option:
            variables.model.add(sum(_covers(variables, number, index)) >= placed)
            _group_by_option(variables, number, group.covers)


def _group_by_option(variables: Variables, number: int, covers: Iterable[Cover]) -> None:
    """Under each option somebody who could meet the group is present (implied; tightens the relaxation)."""
    own = variables.of[number]
    people = sorted({cover.resource for cover in covers})
    for flat, chosen in own.option.items():
        literals = [own.present[person, flat] for person in people if (person, flat) in own.present]
        variables.model.add_bool_or([*literals, chosen.negated()])


def _covers(variables: Variables, number: int, index: int) -> list[Literal]:
    """Literals of the covers of a group, each implying that the cover holds."""
    own, facts = variables.of[number], variables.facts
    found: list[Literal] = []
    for cover in facts.problem.activities[number].groups[index].covers:
        seats = [own.seat[role, cover.resource] for role in cover.roles if (role, cover.resource) in own.seat]
        if not seats:
            continue
        inside = facts.inside_of(number, cover.during)
        closed = [literal for flat, literal in own.option.items() if not inside[flat]]
        if not closed and cover.beside is None:
            found += seats
            continue
        holds = variables.model.new_bool_var("")
        variables.model.add(holds <= sum(seats))
        if closed:
            variables.model.add_at_most_one([*closed, holds])
        if cover.beside is not None:
            variables.model.add(sum(_covers(variables, number, cover.beside)) >= holds)
        found.append(holds)
    return found


def nobody_twice(variables: Variables) -> None:
    """Nobody is bound twice: of the stays of a person that share a tick at most one takes place, but for links."""
    for person, entries in sorted(_items(variables).items()):
        standing = variables.state.itinerary(person).stays
        items = [item for item, _ in entries] + [Item(stay, number, fixed=True) for stay, number in standing]
        literals = {id(item): [literal] for item, literal in entries}
        own = links_of(variables.facts.stays, person, items, saving=variables.saving)
        taken = [literals.get(id(item), []) for item in own.items]
        variables.trips[person] = Trips(variables.model, variables.facts.problem, person, own, taken)
        variables.whole = variables.whole and own.whole


def _items(variables: Variables) -> dict[int, list[tuple[Item, Literal]]]:
    """Person → the stays that may be taken."""
    found: dict[int, list[tuple[Item, Literal]]] = defaultdict(list)
    for number, own in variables.of.items():
        presences = variables.facts.presences[number]
        for (person, flat), literal in own.present.items():
            found[person].append((Item(presences[person].stay(flat), number, flat), literal))
    return found


def ceilings(variables: Variables) -> None:
    """Nobody works more ticks within a ceiling's mask than it allows."""
    problem = variables.facts.problem
    loads: dict[tuple[int, int], list[tuple[Literal, int]]] = defaultdict(list)
    for number, own in variables.of.items():
        slots = problem.activities[number].slots
        counts: dict[int, list[int]] = {}
        for (person, flat), literal in own.present.items():
            for index, ceiling in enumerate(problem.resources[person].ceilings):
                both = slots & ceiling.mask
                if not both:
                    continue
                if both not in counts:
                    counts[both] = variables.facts.counts(number, both).tolist()
                if counts[both][flat]:
                    loads[person, index].append((literal, counts[both][flat]))
    for (person, index), load in loads.items():
        ceiling = problem.resources[person].ceilings[index]
        used = (variables.state.worked[person] & ceiling.mask).bit_count()
        variables.model.add(sum(count * literal for literal, count in load) <= ceiling.most - used)


def relations(variables: Variables) -> None:
    """Precedences, same people, teams apart and quotas among the activities of the model."""
    for relation in variables.facts.problem.relations:
        if isinstance(relation, Quota):
            quota(variables, relation)
        elif isinstance(relation, Kept):
            keep(variables, relation)
        elif relation.first in variables.of and relation.second in variables.of:
            if isinstance(relation, Precedence):
                precedence(variables, relation)
            elif isinstance(relation, SamePerson):
                same_person(variables, relation)
            else:
                apart(variables, relation)
        elif isinstance(relation, SamePerson):
            same_as_fixed(variables, relation)


def precedence(variables: Variables, relation: Precedence) -> None:
    """The second activity starts after the first has ended, within the gap, and never without it."""
    first, second = variables.of[relation.first], variables.of[relation.second]
    model, period = variables.model, variables.facts.problem.period
    model.add(sum(second.option.values()) <= sum(first.option.values()))
    ends = variables.facts.options[relation.first].end
    starts = variables.facts.options[relation.second].start
    for tick in sorted({int(starts[flat]) for flat in second.option}):
        latest = tick // period - relation.least
        late = [y for flat, y in first.option.items() if ends[flat] > tick or (ends[flat] - 1) // period > latest]
        model.add_at_most_one([*late, *(y for flat, y in second.option.items() if starts[flat] <= tick)])
        if relation.most is not None:
            earliest = tick // period - relation.most
            early = [y for flat, y in first.option.items() if (ends[flat] - 1) // period < earliest]
            model.add_at_most_one([*early, *(y for flat, y in second.option.items() if starts[flat] >= tick)])


def same_person(variables: Variables, relation: SamePerson) -> None:
    """Where both are carried out, the same people fill the role in both."""
    first, second = variables.of[relation.first], variables.of[relation.second]
    out = [own.out for own in (first, second) if own.out is not None]
    for person in sorted({person for own in (first, second) for _, person in own.seat}):
        one, other = first.seat.get((relation.role, person)), second.seat.get((relation.role, person))
        for mine, theirs in ((one, other), (other, one)):
            if mine is not None:
                variables.model.add(sum(out) + (0 if theirs is None else 1 * theirs) >= mine)


def same_as_fixed(variables: Variables, relation: SamePerson) -> None:
    """Where the other activity stands already, its people fill the role here too."""
    inside, outside = relation.first, relation.second
    if inside not in variables.of:
        inside, outside = outside, inside
    choice = variables.state.choices[outside]
    if inside not in variables.of or choice is None:
        return
    own = variables.of[inside]
    for person in choice.team[relation.role]:
        literal = own.seat.get((relation.role, person))
        if own.option:
            there: cp_model.LinearExprT = 0 if literal is None else literal
            variables.model.add(there >= sum(own.option.values()))


def apart(variables: Variables, relation: Apart) -> None:
    """Nobody is in both teams."""
    first, second = variables.of[relation.first], variables.of[relation.second]
    for person in sorted(set(first.people()) & set(second.people())):
        variables.model.add_at_most_one([*first.of_person(person), *second.of_person(person)])


def quota(variables: Variables, relation: Quota) -> None:
    """A person fills a role in so many of some activities at most."""
    taken = 0
    literals = []
    for number in relation.activities:
        if number in variables.of:
            literal = variables.of[number].seat.get((relation.role, relation.resource))
            literals += [] if literal is None else [literal]
        else:
            choice = variables.state.choices[number]
            taken += choice is not None and relation.resource in choice.team[relation.role]
    if literals:
        variables.model.add(sum(literals) <= relation.most - taken)


def keep(variables: Variables, relation: Kept) -> None:
    """So many activities at least are carried out as they are wished; nothing is asked in a world without relations."""
    if not variables.state.relations.get(relation.activities[0]):
        return
    literals = []
    for number, way in zip(relation.activities, relation.ways, strict=True):
        literal = _same(variables, number, Choice(*way)) if number in variables.of else None
        literals += [] if literal is None else [literal]
    variables.model.add(sum(literals) >= relation.least - kept(relation, variables.state.choices, variables.of))


def _same(variables: Variables, number: int, choice: Choice) -> Literal | None:
    """A literal that implies that an activity is carried out so; None where it cannot be."""
    own, flat = variables.of[number], variables.state.option(number, choice)
    wanted = {(role, person) for role, team in enumerate(choice.team) for person in team}
    if flat not in own.option or not wanted <= set(own.seat):
        return None
    same = variables.model.new_bool_var("")
    variables.model.add_implication(same, own.option[flat])
    for seat, literal in own.seat.items():
        variables.model.add_implication(same, literal if seat in wanted else literal.negated())
    return same
