"""How a run stands: the best solution, its figures, what is proven of them, and what later levels may still use."""

from __future__ import annotations

from auditplan.solver import bounds as separable
from auditplan.solver.check import values, violations
from auditplan.solver.facts import Facts
from auditplan.solver.slices import WHOLE_MODEL
from auditplan.solver.solution import Solution
from auditplan.solver.state import State

Keep = dict[int, set[int]]


class InconsistentError(RuntimeError):
    """The engine produced a solution that its own checker refuses: a fault of the engine."""


class Standing:
    """The best so far and its bounds.

    facts: the seats that may still be needed. keep: activity → the options that may still be needed (no entry: all).
    forced: activities that must be carried out. bounds, proven: per level, the bound of what the level costs at least
    where the levels before it stand as they do, and whether the figure meets it."""

    def __init__(self, facts: Facts, solution: Solution) -> None:
        """Starts from a sound solution (or one that lacks what may not be left out)."""
        self.facts = facts
        self.problem = facts.problem
        for number, choice in enumerate(solution.choices):
            if choice is not None:
                facts.admit(number, choice.team)
        self.solution = solution
        self.values = values(self.problem, solution)
        placed = {number for number, choice in enumerate(solution.choices) if choice is not None}
        self.impossible = separable.impossible(facts, placed)
        self.movable = [number for number in range(len(facts.options)) if number not in self.impossible]
        self.keep: Keep = {}
        self._least: dict[tuple[int, int, bool], int] = {}
        self.forced = {number for number in self.movable if self.must(number)}
        self.bounds = [0] * self.problem.levels
        self.proven = [False] * self.problem.levels
        self.closed_by_options: set[int] = set()

    def must(self, number: int) -> bool:
        """Whether an activity may not be left out at all."""
        return self.problem.activities[number].left_out is None

    @property
    def focus(self) -> int:
        """The first level that is not proven; the number of levels where all are."""
        return next((level for level, proven in enumerate(self.proven) if not proven), self.problem.levels)

    def offer(self, solution: Solution) -> bool:
        """Takes a solution if it is better and sound; whether it was taken. Whatever lacks nothing is better than what
        lacks something that may not be left out."""
        found = values(self.problem, solution)
        if found >= self.values and not self.incomplete:
            return False
        if self.incomplete and self._lacks(solution):
            return False
        broken = violations(self.problem, solution)
        if broken:
            raise InconsistentError(str(broken))
        self.solution, self.values = solution, found
        return True

    @property
    def incomplete(self) -> bool:
        """Whether the best so far lacks something that may not be left out: then its figures mean nothing yet."""
        return self._lacks(self.solution)

    def _lacks(self, solution: Solution) -> bool:
        """Whether a solution lacks something that may not be left out."""
        return any(choice is None and self.must(number) for number, choice in enumerate(solution.choices))

    def prove(self, level: int, own: float) -> None:
        """Takes a bound of the movable activities' part of a level; none where not everybody was looked at."""
        if not self.facts.whole or (self.incomplete and not self._hopeless()):
            return
        bound = int(min(own + self.fixed_part()[level], self.values[level]))
        self.bounds[level] = max(self.bounds[level], bound)

    def _hopeless(self) -> bool:
        """Whether something that may not be left out can never be carried out."""
        return any(self.must(number) for number in self.impossible)

    def fixed_part(self) -> list[int]:
        """What impossible activities add to each level."""
        figures = [0] * self.problem.levels
        for number in self.impossible:
            for level, price in enumerate(self.problem.activities[number].left_out or ()):
                figures[level] += price
        return figures

    def own_value(self, level: int) -> int:
        """The movable activities' part of a level's figure."""
        return self.values[level] - self.fixed_part()[level]

    def settle(self) -> bool:
        """Closes every level that its bound meets, and keeps only the options that it leaves; whether one was."""
        before = self.focus
        if self.incomplete and not self._hopeless():
            return False
        for level in range(self.focus, self.problem.levels):
            self.bounds[level] = max(self.bounds[level], self._separable(level))
            if self.bounds[level] < self.values[level]:
                break
            self.proven[level] = True
            self._narrow(level)
        return self.focus != before

    def lowest(self) -> tuple[int, ...]:
        """Per level the best bound that is known; of levels after the first open one what each activity costs at least
        by itself."""
        found = []
        for level, (bound, value) in enumerate(zip(self.bounds, self.values, strict=True)):
            least = self._separable(level) if level > self.focus and not self.incomplete else bound
            found.append(min(max(bound, least), value))
        return tuple(found)

    def _separable(self, level: int) -> int:
        """The sum of what each activity costs at least on a level."""
        total = self.fixed_part()[level]
        for number in self.movable:
            activity = self.problem.activities[number]
            least = self._alone(number, level)
            left_out = activity.left_out[level] if activity.left_out else 0
            total += least if number in self.forced else min(least, left_out)
        return total

    def _alone(self, number: int, level: int) -> int:
        """What an activity costs at least on a level if it is carried out, remembered; roughly, where it would take
        long to know more: of a large problem on all levels but the one that is looked at."""
        rough = not self.facts.known(number) or (self.facts.large and level > self.focus)
        keep = self.keep.get(number)
        key = number, level, rough
        if key not in self._least and rough:
            figures = separable.alone_by_anybody(self.facts, number, keep)
            self._least |= {(number, on, True): figure for on, figure in enumerate(figures)}
        elif key not in self._least:
            self._least[key] = separable.alone(self.facts, number, level, keep)
        return self._least[key]

    def _narrow(self, level: int) -> None:
        """Where a level stands at its separable bound, every activity must take an option at its own least."""
        if self.values[level] != self._separable(level) or level == self.problem.balance:
            return
        if level == 0:
            self._force()
        if len(self.forced) < len(self.movable):
            return
        self.closed_by_options.add(level)
        self._least.clear()
        for number in self.movable:
            known = self.facts.known(number)
            prices = (separable.prices_alone if known else separable.prices_by_anybody)(self.facts, number, level)
            flats = self.keep.get(number) or set(range(len(prices)))
            least = min(int(prices[flat]) for flat in flats)
            self.keep[number] = {flat for flat in flats if prices[flat] == least}

    def _force(self) -> None:
        """Where nothing is left out that costs something, all of that must be carried out."""
        for number in self.movable:
            left_out = self.problem.activities[number].left_out
            if left_out and left_out[0] > 0 and self._alone(number, 0) <= 0:
                self.forced.add(number)

    def restrict(self, keep: Keep, seats: dict[int, set[tuple[int, int]]], forced: set[int]) -> None:
        """Takes what a proof has shown to be enough; what the best solution uses always stays. Where not everybody
        was looked at it was none."""
        if not self.facts.whole:
            return
        self._least.clear()
        state = State(self.facts)
        for number, flats in keep.items():
            choice = self.solution.choices[number]
            own = set() if choice is None else {state.option(number, choice)}
            self.keep[number] = (self.keep.get(number, flats) & flats) | own
            if choice is not None:
                taken = {(role, person) for role, team in enumerate(choice.team) for person in team}
                seats[number] = seats.get(number, set()) | taken
        self.facts = self.facts.with_seats(seats)
        self.forced |= forced

    def size(self) -> int:
        """Presence literals of the exact model of all that may still be needed; counted no further than they are too
        many for it."""
        total = 0
        for number in self.movable:
            flats = sorted(self.keep.get(number, range(len(self.facts.options[number]))))
            people = {seat.resource for seat in self.facts.seats[number]}
            presences = self.facts.presences[number]
            total += sum(int(presences[person].possible[flats].sum()) for person in people)
            if total > WHOLE_MODEL:
                break
        return total
