"""The ways between places as the solver sees them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from auditplan.planner.facts import Facts
from auditplan.planner.geography import MissingDistanceError, Site
from auditplan.solver import problem as scheduling


def leg_of(facts: Facts, start: Site, end: Site) -> scheduling.Leg | None:
    """The way between two sites as the solver sees it; None where nothing says how far they are apart."""
    try:
        way = facts.geography.link(start, end)
    except MissingDistanceError:
        return None
    return scheduling.Leg(way.slots, way.cost)


def legs_of(
    facts: Facts,
    numbers: Mapping[Site, int],
    activities: Sequence[scheduling.Activity],
    resources: Sequence[scheduling.Resource],
) -> dict[tuple[int, int], scheduling.Leg]:
    """The ways between each home and each place that a person of that home may go to, and between those places.
    numbers: the sites by the numbers that activities and resources have for them."""
    sites = {number: site for site, number in numbers.items()}
    pairs = {
        (resources[candidate.resource].home, activity.place)
        for activity in activities
        if activity.place is not None
        for candidates in activity.roles
        for candidate in candidates
    }
    pairs |= {(resource.home, anchor.place) for resource in resources for anchor in resource.anchors}
    places = sorted({place for _, place in pairs})
    pairs |= {(place, other) for place in places for other in places if place < other}
    legs: dict[tuple[int, int], scheduling.Leg] = {}
    for start, end in sorted(pairs):
        leg = leg_of(facts, sites[start], sites[end])
        if leg is not None:
            legs[start, end] = legs[end, start] = leg
    return legs
