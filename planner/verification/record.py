"""What the verifier notes down."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Violation:
    """A hard rule that a plan breaks: in which audit, by whom ("" where it is nobody's), and what was seen."""

    rule: str
    audit: str
    auditor: str = ""
    detail: str = ""


@dataclass(slots=True)
class Record:
    """The checks made and the violations found."""

    violations: list[Violation] = field(default_factory=list)
    checks: Counter[str] = field(default_factory=Counter)

    def check(self, holds: object, rule: str, audit: str, auditor: str = "", detail: str = "") -> None:
        """Counts a check of a rule, and notes a violation unless it holds."""
        self.checks[rule] += 1
        if not holds:
            self.violations.append(Violation(rule, audit, auditor, detail))
