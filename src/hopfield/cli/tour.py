"""``hopfield tour`` and ``gallery``: the course's experiments, and the figure of each model."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from rich.table import Table

from .options import SEED, Json, List, Pages, Plates, Seed
from .output import console, print_json, watched


def tour(out: Pages = Path("tour"), seed: Seed = SEED, as_json: Json = False) -> int:
    """Run the course's experiments and check what comes out."""
    from ..lessons.tour import run

    report = watched(run, out, rng=seed)
    print_json(report.as_dict()) if as_json else _show(report)
    return 0 if report.ok else 1


def gallery(
    names: Plates = None, out: Pages = Path("gallery"), seed: Seed = SEED, show: List = False
) -> int:
    """Draw the textbook figure of each model: theory as lines, simulations as points."""
    from ..lessons.gallery import PLATES, run

    if show:
        for plate in PLATES.values():
            print(f"{plate.name:12} {plate.title}")
    else:
        print(f"open {watched(run, out, names or None, rng=seed)}")
    return 0


COMMANDS: dict[Callable[..., int], tuple[str, ...]] = {
    tour: ("", "--out lesson --seed 7", "--json > tour.json"),
    gallery: ("", "retrieval basins --out figures", "--list"),
}


def _show(report: Any) -> None:
    """Print the cases of a tour, each with its checks, and what is not as expected."""
    columns = (0, 5, 3, 4, 0)
    head = _grid(*columns)
    head.add_row("case", "experiment", "expected", "came out", "ok", style="bold")
    console().print(head)
    wrong = []
    for case in report.cases:
        title, rows = _grid(0, 1, 0), _grid(*columns)
        title.add_row(case.name, case.title, _cost(case), style="bold")
        for check in case.checks:
            words = check.what, check.expected, check.got
            rows.add_row("", *words, "yes" if check.ok else "NO", style="" if check.ok else "red")
            wrong += [] if check.ok else [(case.name, *words)]
        console().print(title)
        console().print(rows)
    total = sum(len(case.checks) for case in report.cases)
    cost = " ".join(_cost(report).split())
    console().print(f"\n{total - len(wrong)} of {total} checks are as expected ({cost})")
    for name, what, expected, got in wrong:
        line = f"not so: {name}, {what}: expected {expected}, came out {got}"
        console().print(line, soft_wrap=True)
    console().print(f"open {report.index}", soft_wrap=True)


def _cost(part: Any) -> str:
    return f"{part.seconds:.1f} s" + (f" {part.peak_mb:8,.0f} MB" if part.peak_mb else "")


def _grid(*ratios: int) -> Table:
    """Return a table as wide as the terminal, so that several align under each other."""
    table = Table.grid(expand=True, padding=(0, 1, 0, 0))
    for ratio in ratios:
        table.add_column(ratio=ratio or None, min_width=4, no_wrap=not ratio, overflow="fold")
    return table
