"""The house: imports only point down, every package is shipped, everything has a docstring, nothing grows too big."""

from __future__ import annotations

import ast
import tomllib
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
FLOORS = ("solver", "planner", "io")
"""From the ground up."""
LONG_FUNCTION, LONGEST_FUNCTION, SHARE_OF_SHORT = 30, 60, 0.9
LONGEST_MODULE = 350
FOREIGN = {
    "solver": {"click", "rich", "rich_click", "openpyxl", "xlsxwriter", "pandas", "icalendar", "holidays"},
    "planner": {"click", "rich", "rich_click", "openpyxl", "xlsxwriter", "icalendar", "lxml"},
    "io": {"ortools"},
}
"""What a floor has no business with."""

MODULES = sorted(path for floor in FLOORS for path in (ROOT / floor).rglob("*.py"))
Function = ast.FunctionDef | ast.AsyncFunctionDef


def _name(path: Path) -> str:
    """A module as it is shown in a failure."""
    return path.relative_to(ROOT).as_posix()


@cache
def _tree(path: Path) -> ast.Module:
    """A module's syntax tree."""
    return ast.parse(path.read_text(encoding="utf-8"))


def _imported(tree: ast.Module) -> Iterator[str]:
    """Every module that a module imports, wherever in it."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, "imports are absolute"
            yield node.module or ""
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def _public(body: list[ast.stmt]) -> Iterator[Function | ast.ClassDef]:
    """The public classes and functions of a body, and those of its public classes."""
    for node in body:
        if isinstance(node, Function | ast.ClassDef) and not node.name.startswith("_"):
            yield node
            if isinstance(node, ast.ClassDef):
                yield from _public(node.body)


def _functions() -> Iterator[tuple[str, int]]:
    """Every function with its length in lines, its docstring left out."""
    for path in MODULES:
        for node in ast.walk(_tree(path)):
            if isinstance(node, Function):
                assert node.end_lineno is not None
                docstring = node.body[0] if ast.get_docstring(node) is not None else None
                documented = 0 if docstring is None else (docstring.end_lineno or 0) - docstring.lineno + 1
                yield f"{_name(path)}:{node.name}", node.end_lineno - node.lineno + 1 - documented


@pytest.mark.parametrize("path", MODULES, ids=_name)
def test_imports_only_point_down(path: Path) -> None:
    floor = FLOORS.index(path.relative_to(ROOT).parts[0])
    for name in _imported(_tree(path)):
        parts = name.split(".")
        if parts[0] == "auditplan" and len(parts) > 1:
            assert parts[1] in FLOORS[: floor + 1], name
        assert parts[0] not in FOREIGN[FLOORS[floor]], name
        assert parts[0] not in FLOORS[:2], f"{name}: the installed name is auditplan.{name}"


def test_every_package_is_shipped() -> None:
    """A package that is not listed is missing from the wheel only, where no other test would see it."""
    listed = set(tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["setuptools"]["packages"])
    there = {f"auditplan.{_name(path.parent).replace('/', '.')}" for path in MODULES}
    assert there == listed


def test_io_hides_no_standard_module() -> None:
    assert not (ROOT / "io" / "__init__.py").exists()
    inside = {path.parent for path in MODULES} - {ROOT / "io"}
    assert [_name(folder) for folder in inside if not (folder / "__init__.py").exists()] == []


@pytest.mark.parametrize("path", MODULES, ids=_name)
def test_everything_public_has_a_docstring(path: Path) -> None:
    tree = _tree(path)
    assert ast.get_docstring(tree), "the module"
    for node in _public(tree.body):
        assert ast.get_docstring(node), node.name


@pytest.mark.parametrize("path", MODULES, ids=_name)
def test_no_module_is_too_long(path: Path) -> None:
    assert len(path.read_text(encoding="utf-8").splitlines()) <= LONGEST_MODULE


def test_functions_are_short() -> None:
    lengths = dict(_functions())
    assert {name: length for name, length in lengths.items() if length > LONGEST_FUNCTION} == {}
    short = sum(length <= LONG_FUNCTION for length in lengths.values())
    assert short >= SHARE_OF_SHORT * len(lengths)
