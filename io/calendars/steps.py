"""Work that is stopped when it takes too many steps: for libraries that know no limit of their own."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from types import FrameType


class StepsError(Exception):
    """Work that took more steps than it may."""


@dataclass(slots=True)
class Steps:
    """How many steps are left. A step is a call of a function, so that the limit is the same on every machine."""

    left: int

    @contextmanager
    def counted(self, most: int) -> Iterator[None]:
        """Counts what is done inside, at most `most` steps. Raises StepsError.

        It takes the place of a profiler as long as it lasts: Python gives no other way to stop a generator that
        looks for the next day and never yields."""
        allowed = min(most, self.left)
        taken = 0

        def count(frame: FrameType, event: str, argument: object) -> None:
            """One more step."""
            nonlocal taken
            del frame, argument
            taken += event == "call"
            if taken > allowed:
                raise StepsError(taken)

        before = sys.getprofile()
        sys.setprofile(count)
        try:
            yield
        finally:
            sys.setprofile(before)
            self.left -= taken
