"""Invented, realistic certification bodies for trying things out, for tests and for benchmarks."""

from __future__ import annotations

from auditplan.planner.demo.body import demo_body, traps

__all__ = ["demo_body", "traps"]
