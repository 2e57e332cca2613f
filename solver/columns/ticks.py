"""When people's stays may begin: the ticks that bind them, as rows of a linear program."""

from __future__ import annotations

import numpy as np

from auditplan.solver.columns.aims import Aim
from auditplan.solver.facts import Facts


def first_ticks(facts: Facts, aim: Aim, *, least: bool) -> dict[int, list[int]]:
    """Person → the ticks at which one of their stays may begin, in order; nobody with only one activity. least: of
    stays that take only what no link can spare them."""
    people, top = len(facts.problem.resources), facts.problem.ticks
    begins, activities = np.zeros((people, top + 1), dtype=np.bool_), np.zeros(people, dtype=np.int64)
    for number in aim.active:
        flats = aim.looked_at(number, len(facts.options[number]))
        presences = facts.presences[number]
        for block in presences.blocks:
            at = [row for row, person in enumerate(block.people) if person in presences]
            own = np.array(block.people, dtype=np.int64)[at]
            possible = block.possible[at][:, flats]
            first = block.least_first if least else block.first
            first = np.broadcast_to(first, block.possible.shape)[at][:, flats]
            row, column = np.nonzero(possible)
            begins[own[row], first[row, column]] = True
            activities[own] += possible.any(axis=1)
    return {person: np.flatnonzero(begins[person]).tolist() for person in np.flatnonzero(activities > 1).tolist()}
