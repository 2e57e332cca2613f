"""When people's stays may begin: the ticks that bind them, as rows of a linear program."""

from __future__ import annotations

from collections import defaultdict

import numpy as np

from auditplan.solver.columns.aims import Aim
from auditplan.solver.facts import Facts


def first_ticks(facts: Facts, aim: Aim, *, least: bool) -> dict[int, list[int]]:
    """Person → the ticks at which one of their stays may begin, in order; nobody with only one activity. least: of
    stays that take only what no link can spare them."""
    starts: dict[int, dict[int, set[int]]] = defaultdict(lambda: defaultdict(set))
    for number in aim.active:
        flats = aim.looked_at(number, len(facts.options[number]))
        for person, presence in facts.presences[number].items():
            first = (presence.least_first if least else presence.first)[flats][presence.possible[flats]]
            for tick in np.unique(first).tolist():
                starts[person][tick].add(number)
    return {
        person: sorted(by_tick) for person, by_tick in sorted(starts.items()) if len(set().union(*by_tick.values())) > 1
    }
