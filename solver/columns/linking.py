"""The links between the stays of given columns and of what stands."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from auditplan.solver.columns.aims import Aim, Column, Linking
from auditplan.solver.facts import Facts
from auditplan.solver.links import Item, PersonLinks, links_of
from auditplan.solver.state import State


def links_between(
    facts: Facts, aim: Aim, state: State, columns: Sequence[Column], linking: Linking
) -> dict[int, PersonLinks]:
    """Person → the stays of their columns and what stands, and the links between them. What only saves money counts
    where money is minimised or must not get worse."""
    saving = max((aim.level, *aim.ceilings)) >= facts.problem.money
    stays: dict[int, dict[tuple[int, int], bool]] = defaultdict(dict)
    for column in columns:
        for person in (person for team in column.team for person in team):
            key = column.number, column.flat
            stays[person][key] = stays[person].get(key, False) or column in linking.held
    found = {}
    for person, own in sorted(stays.items()):
        items = [
            Item(facts.presences[number][person].stay(flat), number, flat, held=held)
            for (number, flat), held in sorted(own.items())
        ]
        items += [Item(stay, number, fixed=True) for stay, number in state.itinerary(person).stays]
        found[person] = links_of(
            facts.stays, person, items, saving=saving, among=linking.among, most_links=linking.most
        )
    return found
