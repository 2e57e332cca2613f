"""The figure of each level as a linear expression over the exact model's variables."""

from __future__ import annotations

from collections import defaultdict

from ortools.sat.python import cp_model

from auditplan.solver.variables import Literal, Variables

Terms = list[tuple[Literal, int]]


class Objective:
    """Level expressions of a model; the part of the figures that stands outside the model is left away."""

    def __init__(self, variables: Variables) -> None:
        """Collects the terms of every level."""
        problem = variables.facts.problem
        self._terms: list[Terms] = [[] for _ in range(problem.levels)]
        self._constants = [0] * problem.levels
        for number in variables.active:
            self._left_out(variables, number)
            self._options(variables, number)
            self._seats(variables, number)
            self._money(variables, number)
        self._journeys(variables)
        self._deviations(variables)

    def expression(self, level: int) -> cp_model.LinearExpr:
        """The figure of a level."""
        terms = self._terms[level]
        total = cp_model.LinearExpr.weighted_sum([literal for literal, _ in terms], [price for _, price in terms])
        expression: cp_model.LinearExpr = total + self._constants[level]
        return expression

    def flat(self, level: int) -> bool:
        """Whether nothing in the model changes the figure of a level."""
        return not self._terms[level]

    def constant(self, level: int) -> int:
        """The fixed part of a level's figure."""
        return self._constants[level]

    def _left_out(self, variables: Variables, number: int) -> None:
        """The price of leaving out."""
        out = variables.of[number].out
        if out is not None:
            for level, price in enumerate(variables.facts.problem.activities[number].left_out or ()):
                if price:
                    self._terms[level].append((out, price))

    def _options(self, variables: Variables, number: int) -> None:
        """The prices of carrying out, and of each option."""
        activity, options = variables.facts.problem.activities[number], variables.facts.options[number]
        for level, costs in enumerate(options.costs):
            placed = activity.placed[level] if activity.placed else 0
            for flat, literal in variables.of[number].option.items():
                price = int(costs[flat]) + placed
                if price:
                    self._terms[level].append((literal, price))

    def _seats(self, variables: Variables, number: int) -> None:
        """The prices of seats."""
        own = variables.of[number]
        for seat in own.seats:
            literal = own.seat.get((seat.role, seat.resource))
            if literal is not None:
                for level, price in seat.candidate.costs:
                    self._terms[level].append((literal, price))

    def _money(self, variables: Variables, number: int) -> None:
        """Journeys, nights and rates of whoever is present."""
        presences = variables.facts.presences[number]
        money = variables.facts.problem.money
        for (person, flat), literal in variables.of[number].present.items():
            price = int(presences[person].money[flat])
            if price:
                self._terms[money].append((literal, price))

    def _journeys(self, variables: Variables) -> None:
        """What links save, and the journeys of whatever stands."""
        money = variables.facts.problem.money
        for person in range(len(variables.facts.problem.resources)):
            standing = variables.state.itinerary(person)
            trips = variables.trips.get(person)
            if trips is None:
                self._constants[money] += standing.cost
            else:
                self._constants[money] += sum(stay.cost for stay, _ in standing.stays)
                self._terms[money] += trips.prices

    def _deviations(self, variables: Variables) -> None:
        """Each person's distance from their target; that of people whom the model does not touch is fixed."""
        problem = variables.facts.problem
        loads: dict[int, Terms] = defaultdict(list)
        for number, own in variables.of.items():
            worked = variables.facts.options[number].worked
            for (person, flat), literal in own.present.items():
                loads[person].append((literal, int(worked[flat])))
        for person, resource in enumerate(problem.resources):
            if person not in loads and resource.target is not None:
                distance = abs(variables.state.worked[person].bit_count() - resource.target)
                self._constants[problem.balance] += resource.deviation * distance
        for person, load in loads.items():
            resource = problem.resources[person]
            if resource.target is None or not resource.deviation:
                continue
            fixed = variables.state.worked[person].bit_count() - resource.target
            most = max(abs(fixed), abs(fixed + sum(ticks for _, ticks in load)))
            away = variables.model.new_int_var(0, most, "")
            total = cp_model.LinearExpr.weighted_sum([item for item, _ in load], [ticks for _, ticks in load])
            variables.model.add(away >= total + fixed)
            variables.model.add(away >= -fixed - total)
            self._terms[problem.balance].append((away, resource.deviation))
