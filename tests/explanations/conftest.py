"""Random tiny bodies, planned, as a ground for explanations."""

from __future__ import annotations

from collections.abc import Callable
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path

import pytest

from auditplan.planner.domain import Body
from auditplan.planner.explanations.ground import Ground
from auditplan.planner.planning import make_plan
from auditplan.solver.solution import Budget

Planned = Callable[[int], Ground]


@pytest.fixture(scope="session")
def random_body() -> Callable[[int], Body]:
    """Makes the tiny bodies on which model and verifier are held against each other."""
    path = Path(__file__).parents[1] / "planner" / "test_model_and_verifier.py"
    spec = spec_from_file_location("bodies_of_model_and_verifier", path)
    assert spec is not None
    assert spec.loader is not None
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    made: Callable[[int], Body] = module.random_body
    return made


@pytest.fixture(scope="session")
def planned(random_body: Callable[[int], Body]) -> Planned:
    """A random body with its plan."""

    def ground(seed: int) -> Ground:
        """The ground of one seed."""
        body = random_body(seed)
        return Ground(body, make_plan(body, Budget(effort=3)).plan.placements)

    return ground
