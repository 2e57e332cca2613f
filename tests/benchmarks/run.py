"""The benchmarks of the engine: `python tests/benchmarks/run.py [PART …]`, a table on standard output.

Parts: tight, small, medium, large, largest, later, published, growth, trips, scenarios; without any: tight, small,
medium.
Everything that is compared runs here one after the other, in processes of its own, with the same seconds and threads,
so that ratios hold on any machine. What is left over of the machine should be idle. `scenarios` plans twenty changes of
one body as `whatif` does, against full plans of the same effort; with --among in pieces.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from pathlib import Path

from measure import METHODS, Case, Mark, Measured, measure

Row = list[str]
HEADERS = ["problem", "method", "first s", "at s", "left out", "late", "changes", "money", "balance", "gap 1", "MiB"]


def main(arguments: list[str] | None = None) -> int:
    """Runs the parts asked for."""
    parser = _parser()
    options = parser.parse_args(arguments)
    unknown = [part for part in options.parts if part not in PARTS]
    if unknown:
        parser.error(f"no such part: {', '.join(unknown)}; there are {', '.join(PARTS)}")
    for part in options.parts or ["tight", "small", "medium"]:
        _say(f"\n## {part} ({', '.join(str(moment) for moment in options.seconds)} s, {options.threads} threads)\n")
        PARTS[part](options)
    return 0


def _parser() -> argparse.ArgumentParser:
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("parts", nargs="*", metavar="PART")
    parser.add_argument("--seconds", type=float, nargs="+", default=[10, 60], help="moments at which figures are taken")
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--seeds", type=int, nargs="+", default=[1])
    parser.add_argument("--methods", nargs="+", choices=[*METHODS, "pyjobshop"], default=None)
    parser.add_argument("--effort", type=float, default=60.0, help="of the base and of each full plan in `scenarios`")
    parser.add_argument(
        "--size", choices=["small", "medium", "large"], default="medium", help="of `scenarios` and `later`"
    )
    parser.add_argument("--among", type=int, nargs=2, default=[0, 20], help="scenarios FROM to TO of the twenty")
    parser.add_argument("--only", default="", help="problems whose name holds this text")
    parser.add_argument("--memory", type=float, default=0.0, help="GiB that one method may take; 0: any")
    parser.add_argument("--published", type=Path, default=_published(), help="folder of the published instances")
    return parser


def _published() -> Path:
    """Where the published instances lie, unless said otherwise: in a folder `shared` beside one of those above."""
    beside = [folder / "shared" / "data" / "mspsp" for folder in Path(__file__).resolve().parents]
    found = next((folder for folder in beside if folder.exists()), beside[2])
    return Path(os.environ.get("AUDITPLAN_MSPSP", found))


def _say(text: str) -> None:
    """One line, at once."""
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


def _tight(options: argparse.Namespace) -> None:
    """One place, one type, 50 people: how many audits are left out."""
    for seed in options.seeds:
        for audits in (350, 420, 500):
            case = Case(kind="tight", name=f"50 x {audits} / {seed}", auditors=50, audits=audits, seed=seed)
            _compare(options, [case])


def _demo(size: str) -> Callable[[argparse.Namespace], None]:
    """The demonstration body of a size."""

    def part(options: argparse.Namespace) -> None:
        """Measures it for each seed."""
        _compare(options, [Case(kind="demo", name=f"{size} / {seed}", size=size, seed=seed) for seed in options.seeds])

    return part


def _later(options: argparse.Namespace) -> None:
    """The later levels: the engine, and the straightforward model that is given what the engine has on the first."""
    _table_head(HEADERS)
    for seed in options.seeds:
        case = Case(kind="demo", name=f"{options.size} / {seed}", size=options.size, seed=seed)
        engine = _measured(options, case, "engine")
        figures = engine.last.values
        held = replace(case, name=f"{case.name}, level 1 held", held=None if figures is None else figures[0])
        for measured in (engine, _measured(options, held, "straightforward")):
            for row in _rows(measured):
                _say("| " + " | ".join(row) + " |")


def _growth(options: argparse.Namespace) -> None:
    """Time and memory as people and visits double."""
    cases = [Case(kind="grown", name=f"small x {2**power}", times=2**power) for power in range(6)]
    _compare(options, cases, ("greedy", "engine"))


FAR = ("far", "far, home each time")


def _trips(options: argparse.Namespace) -> None:
    """Clients in clusters far from home: as it is, and with everybody home after each audit."""
    cases = [Case(kind=kind, name=f"{kind} / {seed}", seed=seed) for seed in options.seeds for kind in FAR]
    _compare(options, cases)


def _scenarios(options: argparse.Namespace) -> None:
    """Twenty scenarios that begin with the base's plan, against full plans."""
    from scenarios import compare

    for seed in options.seeds:
        compare(options.size, options.effort, tuple(options.among), seed, _say)


def _compare(options: argparse.Namespace, cases: Iterable[Case], methods: tuple[str, ...] = METHODS) -> None:
    """A table of every method on every case."""
    _table_head(HEADERS)
    for case in cases:
        if options.only not in case.name:
            continue
        found = [_measured(options, case, method) for method in options.methods or methods]
        for measured in found:
            for row in _rows(measured):
                _say("| " + " | ".join(row) + " |")
        _ratio(found)


def _measured(options: argparse.Namespace, case: Case, method: str) -> Measured:
    """One measurement."""
    moments = tuple(sorted(options.seconds))
    return measure(case, method, moments, options.threads, options.memory)


def _table_head(headers: list[str]) -> None:
    """The head of a table."""
    _say("| " + " | ".join(headers) + " |")
    _say("| " + " | ".join("---" for _ in headers) + " |")


def _rows(measured: Measured) -> Iterator[Row]:
    """The figures at each moment; what happens before the first is in the first row."""
    first = "–" if measured.first is None else f"{measured.first:.1f}"
    for index, mark in enumerate(measured.marks):
        head = [measured.case.name, measured.method, first if not index else ""]
        if measured.method == "greedy" and index:
            return
        yield [*head, f"{mark.seconds:g}", *_levels(measured, mark), _gap(measured, mark), str(measured.memory)]


def _levels(measured: Measured, mark: Mark) -> Row:
    """Figure and bound of each level; what failed instead."""
    if mark.values is None:
        return [measured.failed or "–", *[""] * 4]
    bounds = [*mark.bounds, *[None] * len(mark.values)]
    return [_figure(value, bound) for value, bound in zip(mark.values, bounds, strict=False)]


def _figure(value: int, bound: int | None) -> str:
    """A figure, with an equals sign where it is proven and with its bound where that is less."""
    if bound is None:
        return f"{value:,}"
    return f"= {value:,}" if bound >= value else f"{value:,} (≥ {bound:,})"


def _gap(measured: Measured, mark: Mark) -> str:
    """The gap of the first level."""
    gap = measured.gap(mark, 0)
    return "–" if gap is None else f"{gap:.1%}"


def _ratio(found: list[Measured]) -> None:
    """The first level of the engine to that of the others, at the last moment."""
    by_method = {measured.method: measured.last.values for measured in found}
    engine = by_method.get("engine")
    if engine is None:
        return
    for method, values in by_method.items():
        if method == "engine":
            continue
        if values is None:
            _say(f"engine / {method}: {engine[0]:,} to nothing")
        else:
            ratio = "equal" if engine[0] == values[0] else f"{engine[0] / values[0]:.2f}" if values[0] else "worse"
            _say(f"engine / {method}: level 1 {ratio}")


def _published_part(options: argparse.Namespace) -> None:
    """The fifty published instances against the best known values."""
    folder: Path = options.published
    if not (folder / "best_known.csv").exists():
        _say(f"skipped: there are no published instances in {folder} (--published FOLDER)")
        return
    from published import instances

    methods = options.methods or ("engine", "straightforward", "pyjobshop")
    _table_head(["instance", "best known", *(f"{method} (bound, s)" for method in methods)])
    tally = {method: [0, 0, 0, 0] for method in methods}
    for instance in instances(folder):
        if options.only not in instance.name:
            continue
        row = [instance.name, f"{instance.best}{' proven' if instance.proven else ''}"]
        for method in methods:
            case = Case(kind="published", name=instance.name, folder=str(folder))
            measured = _measured(options, case, method)
            row.append(_outcome(measured))
            value = measured.last.values[0] if measured.last.values else None
            _count(tally[method], value, instance.best)
        _say("| " + " | ".join(row) + " |")
    for method, (better, equal, worse, nothing) in tally.items():
        _say(f"{method}: better {better}, equal {equal}, worse {worse}, nothing {nothing}")


def _outcome(measured: Measured) -> str:
    """Makespan, bound and seconds in one cell."""
    mark = measured.last
    if mark.values is None:
        return measured.failed or "–"
    bound = mark.bounds[0] if mark.bounds and mark.bounds[0] is not None else "–"
    return f"{mark.values[0]} ({bound}, {measured.seconds:.0f})"


def _count(tally: list[int], value: int | None, best: int) -> None:
    """Counts one instance as better, equal, worse or nothing."""
    tally[3 if value is None else 0 if value < best else 1 if value == best else 2] += 1


PARTS: dict[str, Callable[[argparse.Namespace], None]] = {
    "tight": _tight,
    "small": _demo("small"),
    "medium": _demo("medium"),
    "large": _demo("large"),
    "largest": _demo("largest"),
    "later": _later,
    "published": _published_part,
    "growth": _growth,
    "trips": _trips,
    "scenarios": _scenarios,
}

if __name__ == "__main__":
    sys.exit(main())
