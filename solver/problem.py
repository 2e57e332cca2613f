"""The team-scheduling problem: what is to be decided, in integers only.

Time is a line of *ticks* (0, 1, 2 …); `period` ticks make a period, and a night lies between two
periods. Sets of ticks are Python integers used as bit masks: bit t stands for tick t.

An *activity* is carried out by a *team* in one contiguous stretch, in one of its *modes*, or left
out at a price. A mode says how many people each *role* takes and which *options* (start, end) there
are. Everyone in the team is bound from the option's start to its end, and by the journeys before
and after it. Prices are charged on levels; level 0 is the most important, and the levels are compared
lexicographically.
"""

from __future__ import annotations

from dataclasses import dataclass

ALWAYS = -1
"""A tick mask with every bit set."""


@dataclass(frozen=True, slots=True)
class Leg:
    """A one-way journey between two places: how many ticks it takes and what it costs."""

    ticks: int
    cost: int


@dataclass(frozen=True, slots=True)
class Ceiling:
    """At most `most` ticks of work (journeys do not count) within the ticks of `mask`."""

    mask: int
    most: int


@dataclass(frozen=True, slots=True)
class Anchor:
    """A stretch that a person is bound to already, at a place that other stays may follow on or lead to: [start, end),
    on site until `leaves`, working the ticks of `slots`. The work itself is counted nowhere here; journeys and nights
    are charged as those of activities are."""

    place: int
    slots: int
    start: int
    end: int
    leaves: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Resource:
    """A person.

    free: mask of ticks on which the person can work or travel.
    busy: mask of ticks at which the person is bound elsewhere: no stay, journeys included, may touch them.
    anchors: stretches bound already, in order; each with its ways from and to home apart from the others and from
        `busy`.
    grid: mask of ticks that journeys are counted in: a journey of k ticks takes the k nearest grid
        ticks before the start (or from the end on), and each of them must be free.
    home: the place that journeys start from and lead back to.
    rate: price of a tick of work, charged on the money level.
    most_nights: longest stay away from home, in nights; None: no ceiling.
    target: ticks of work wished for; None: no wish.
    deviation: price of a tick above or below the target, charged on the balance level.
    """

    free: int
    grid: int
    home: int
    busy: int = 0
    anchors: tuple[Anchor, ...] = ()
    rate: int = 0
    most_nights: int | None = None
    ceilings: tuple[Ceiling, ...] = ()
    target: int | None = None
    deviation: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """A person who may fill a role.

    during: mask that must hold every tick from the start to the end of the chosen stretch (ticks between
        the activity's own slots too).
    starting: mask that must hold the start tick.
    beside: index of a group of the activity that must be met for this seat to be taken; None: no need.
    costs: pairs (level, price) charged when the seat is taken; prices may be negative.
    """

    resource: int
    during: int = ALWAYS
    starting: int = ALWAYS
    beside: int | None = None
    costs: tuple[tuple[int, int], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Cover:
    """A seat that meets a group: `resource` in one of `roles`, for stretches inside `during`, and only
    where the group `beside` is met too (None: no such need)."""

    resource: int
    roles: tuple[int, ...]
    during: int = ALWAYS
    beside: int | None = None


@dataclass(frozen=True, slots=True)
class Group:
    """Seats of which at least one must be taken: always if `required`, else only where a candidate or a
    cover refers to the group by `beside`. References never form a cycle."""

    covers: tuple[Cover, ...]
    required: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Mode:
    """A way to carry out an activity.

    least, most: how many people each role takes, one entry per role of the activity.
    starts, ends: the options: first tick and one past the last tick, parallel tuples in increasing
        order. The ticks worked are the activity's `slots` within [start, end).
    leaves: one past the last tick on site, per option; empty: the same as `ends`. Where the team leaves
        before the end, the journey home takes no ticks.
    costs: per level, the price of each option; a level with no prices is an empty tuple. Either empty or
        one entry per level of the problem.
    """

    least: tuple[int, ...]
    most: tuple[int, ...]
    starts: tuple[int, ...]
    ends: tuple[int, ...]
    leaves: tuple[int, ...] = ()
    costs: tuple[tuple[int, ...], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Activity:
    """Work for a team.

    slots: mask of the ticks on which the activity can be worked on.
    place: where it is; None: no journey is needed.
    modes: at least one; a mode without options is never chosen.
    roles: the candidates of each role. A person takes at most one role in a team.
    groups: seats of which one must be taken (coverage and conditions).
    left_out: price of leaving the activity out, per level; None: it may not be left out.
    placed: price charged whenever the activity is carried out, per level; empty: none.
    """

    slots: int
    place: int | None
    modes: tuple[Mode, ...]
    roles: tuple[tuple[Candidate, ...], ...]
    groups: tuple[Group, ...] = ()
    left_out: tuple[int, ...] | None = None
    placed: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Precedence:
    """`second` starts after `first` has ended, with at least `least` and at most `most` periods between
    the period of the last tick of `first` and that of the start of `second`. If `first` is left out,
    so is `second`. `most` None: no limit."""

    first: int
    second: int
    least: int = 0
    most: int | None = None


@dataclass(frozen=True, slots=True)
class SamePerson:
    """Where both activities are carried out, the same people fill `role` in both."""

    first: int
    second: int
    role: int


@dataclass(frozen=True, slots=True)
class Apart:
    """Nobody is in the teams of both activities, in whatever role."""

    first: int
    second: int


@dataclass(frozen=True, slots=True)
class Quota:
    """`resource` fills `role` in at most `most` of `activities`."""

    resource: int
    role: int
    activities: tuple[int, ...]
    most: int


@dataclass(frozen=True, slots=True)
class Kept:
    """At least `least` of `activities` are carried out just as in `ways`, one each: by this mode (its number), this
    option and this team."""

    activities: tuple[int, ...]
    ways: tuple[tuple[int, int, tuple[tuple[int, ...], ...]], ...]
    least: int


Relation = Precedence | SamePerson | Apart | Quota | Kept


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """The whole problem.

    ticks: length of the line; every mask, start and end lies within it.
    period: ticks in a period (a day, say).
    levels: number of price levels; `money` and `balance` are the levels that journeys, nights and rates,
        and deviations from targets, are charged on.
    legs: (from place, to place) → leg, for every pair that can occur: each person's home with each place
        of an activity that they are a candidate of, both ways; and between places where one may go straight on from
        one to the other (see `solver.routes`).
    night: price of a night away from home.
    straight: whether anybody may go straight on at all.
    """

    ticks: int
    period: int
    levels: int
    money: int
    balance: int
    resources: tuple[Resource, ...]
    activities: tuple[Activity, ...]
    relations: tuple[Relation, ...] = ()
    legs: dict[tuple[int, int], Leg]
    night: int = 0
    straight: bool = True
