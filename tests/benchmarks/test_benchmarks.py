"""The benchmarks run, and the model that the engine is measured against is right."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import replace
from importlib.util import module_from_spec, spec_from_file_location
from itertools import product
from pathlib import Path

import pytest

from auditplan.solver.solution import Budget
from auditplan.solver.solve import solve

FOLDER = Path(__file__).parent


def _run(*arguments: str) -> subprocess.CompletedProcess[str]:
    """The benchmarks as they are started by hand."""
    command = [sys.executable, str(FOLDER / "run.py"), *arguments]
    return subprocess.run(command, capture_output=True, text=True, timeout=300, check=False)


@pytest.mark.slow
def test_a_short_run_gives_a_table() -> None:
    ran = _run("small", "trips", "--seconds", "1", "2")
    assert ran.returncode == 0, ran.stderr
    rows = [line.split("|") for line in ran.stdout.splitlines() if line.startswith(("| small / 1", "| far / 1"))]
    methods = ("greedy", "engine", "straightforward")
    assert {(row[1].strip(), row[2].strip()) for row in rows} == set(product(("small / 1", "far / 1"), methods))
    assert "engine / straightforward" in ran.stdout


@pytest.mark.slow
def test_what_is_not_there_is_said() -> None:
    ran = _run("published", "--published", "no/such/folder")
    assert ran.returncode == 0
    assert "skipped" in ran.stdout
    assert _run("hugest").returncode == 2


@pytest.mark.slow
def test_the_straightforward_model_agrees_with_the_engine(monkeypatch: pytest.MonkeyPatch) -> None:
    """On tiny random problems in which nobody goes straight on both prove the same figures on every level."""
    monkeypatch.syspath_prepend(str(FOLDER))
    from straightforward import Straightforward

    spec = spec_from_file_location("solver_conftest", FOLDER.parent / "solver" / "conftest.py")
    assert spec is not None
    assert spec.loader is not None
    helpers = module_from_spec(spec)
    spec.loader.exec_module(helpers)
    for seed in range(12):
        problem = replace(helpers.random_problem(seed), straight=False)
        plain = Straightforward(problem).solve(20)
        assert plain.optimal
        assert plain.values == plain.bounds == solve(problem, Budget(effort=20)).values


@pytest.mark.slow
def test_trips_save_a_fifth_far_from_home(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where clients lie in clusters far from home, going straight on saves a fifth of the money at least."""
    monkeypatch.syspath_prepend(str(FOLDER))
    from invented import far

    problem = far(1)
    home = solve(replace(problem, straight=False), Budget(effort=12.0))
    trips = solve(problem, Budget(effort=12.0))
    assert trips.values[0] == home.values[0] == 0
    assert trips.values[problem.money] <= 0.8 * home.values[problem.money]
