"""The benchmarks run, and the model that the engine is measured against is right."""

from __future__ import annotations

import subprocess
import sys
from importlib.util import module_from_spec, spec_from_file_location
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
    assert {row[2].strip() for row in rows} == {"greedy", "engine", "straightforward"}
    assert len(rows) == 10
    assert "engine / straightforward" in ran.stdout


@pytest.mark.slow
def test_what_is_not_there_is_said() -> None:
    ran = _run("published", "--published", "no/such/folder")
    assert ran.returncode == 0
    assert "skipped" in ran.stdout
    assert _run("hugest").returncode == 2


@pytest.mark.slow
def test_the_straightforward_model_agrees_with_the_engine(monkeypatch: pytest.MonkeyPatch) -> None:
    """On tiny random problems both prove the same figures on every level."""
    monkeypatch.syspath_prepend(str(FOLDER))
    from straightforward import Straightforward

    spec = spec_from_file_location("solver_conftest", FOLDER.parent / "solver" / "conftest.py")
    assert spec is not None
    assert spec.loader is not None
    helpers = module_from_spec(spec)
    spec.loader.exec_module(helpers)
    for seed in range(12):
        problem = helpers.random_problem(seed)
        plain = Straightforward(problem).solve(20)
        assert plain.optimal
        assert plain.values == plain.bounds == solve(problem, Budget(effort=20)).values
