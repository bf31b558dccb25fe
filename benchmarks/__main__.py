"""`python -m benchmarks`: measure, print the table, write the JSON and the figure."""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[1]
OUT = Path(__file__).parent / "out"
WORKS = {  # module: its rows
    "recall": (1, 2, 3),
    "products": (4, 5),
    "batch": (6,),
    "storage": (7,),
    "rules": (8, 9, 10),
    "dense_memory": (11,),
    "softmax": (12,),
    "temperature": (13,),
    "startup": (14,),
    "fallback": (15,),
    "ags": (16,),
    "learning": (17,),
    "unlike": (18,),
    "nearest": (19,),
    "cores": (20,),
    "cuts": (21,),
    "hyperdimensional": (22,),
    "attention": (23,),
    "scaling": (),
}
LAST = max(row for rows in WORKS.values() for row in rows)
ONE_THREAD = ("OMP", "OPENBLAS", "MKL", "NUMBA", "VECLIB_MAXIMUM", "NUMEXPR")


def main(words: Sequence[str] | None = None) -> int:
    """Run the works in processes of their own; return 1 where one failed."""
    given = _parser().parse_args(words)
    if given.work:
        given.json.write_text(json.dumps(work(given.work, given.effort, given.only)))
        return 0
    effort = "quick" if given.quick else given.effort
    if given.gset:
        os.environ["HOPFIELD_GSET"] = str(given.gset.resolve())
    report = collect(effort, given.only)
    from . import report as r

    print(r.table(report), end="")
    r.write_json(report, given.json)
    print(f"\nwritten: {given.json}")
    if report["curves"] and find_spec("matplotlib"):
        r.write_figure(report["curves"], given.figure)
        print(f"written: {given.figure}")
    return 1 if report["failed"] else 0


def collect(effort: str, only: tuple[int, ...] | None) -> dict[str, Any]:
    """Run each work in a process of its own, and return what they found."""
    from .machine import describe

    start = time.monotonic()
    results, failed, curves = [], {}, []
    for name, rows in WORKS.items():
        chosen = rows if only is None else tuple(row for row in rows if row in only)
        if not chosen and (rows or only is not None):
            continue
        for row in chosen or (0,):  # each in a process of its own, so that its memory is its own
            begun = time.monotonic()
            print(f"{name} {row or ''} ...", file=sys.stderr, end=" ", flush=True)
            try:
                found = apart(name, effort, (row,) if row else ())
            except subprocess.CalledProcessError as error:
                lines = error.stderr.strip().splitlines() or [f"ended by {error.returncode}"]
                failed[row] = f"{name}: {lines[-1]}"
                print("failed", file=sys.stderr)
                continue
            print(f"{time.monotonic() - begun:.0f} s", file=sys.stderr)
            results += found["results"]
            curves += found["curves"]
    return {
        "effort": effort,
        "seconds": time.monotonic() - start,
        "machine": describe(),
        "results": results,
        "failed": failed,
        "curves": curves,
    }


def apart(name: str, effort: str, rows: tuple[int, ...]) -> dict[str, Any]:
    """Run one work in a process whose libraries use one thread."""
    threads = {f"{library}_NUM_THREADS": "1" for library in ONE_THREAD}
    only = ["--only", ",".join(map(str, rows))] if rows else []
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "found.json"
        subprocess.run(
            [
                sys.executable,
                "-m",
                "benchmarks",
                "--work",
                name,
                "--effort",
                effort,
                "--json",
                str(file),
                *only,
            ],
            cwd=ROOT,
            env={**os.environ, **threads},
            check=True,
            text=True,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
        )
        found: dict[str, Any] = json.loads(file.read_text())
        return found


def work(name: str, effort: str, rows: tuple[int, ...] | None) -> dict[str, Any]:
    """Run one work here, and return what it found as plain values."""
    from .measure import EFFORTS, Line

    module = import_module(f"benchmarks.{name}")
    if name == "scaling":
        return {"results": [], "curves": module.run(EFFORTS[effort])}
    found = list(module.run(EFFORTS[effort], WORKS[name] if rows is None else rows))
    if found and (peak := peak_memory()):
        found[-1].lines.append(Line("memory at most, peers included", [peak], "B"))
    return {"results": [result.parts() for result in found], "curves": []}


def peak_memory() -> float:
    """Return the most bytes that this process has held; 0 where the system does not say."""
    try:
        import resource
    except ImportError:  # Windows
        return 0.0
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return float(most if sys.platform == "darwin" else 1024 * most)


def _rows(text: str) -> tuple[int, ...]:
    try:
        rows = tuple(int(word) for word in text.split(","))
    except ValueError:
        rows = ()
    if not rows or not all(1 <= row <= LAST for row in rows):
        words = f"rows are numbers from 1 to {LAST}, as in 1,2, not {text!r}"
        raise argparse.ArgumentTypeError(words)
    return rows


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser("python -m benchmarks", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="take about a minute")
    parser.add_argument("--only", type=_rows, metavar="ROWS", help="rows of the table, as in 1,2")
    words = "the folder of the G-set's graphs, for row 21: G1.txt and so on"
    parser.add_argument("--gset", type=Path, metavar="FOLDER", help=words)
    parser.add_argument("--json", type=Path, default=OUT / "bench.json", metavar="FILE")
    parser.add_argument("--figure", type=Path, default=OUT / "bench.png", metavar="FILE")
    parser.add_argument(
        "--effort", choices=("tiny", "quick", "full"), default="full", help=argparse.SUPPRESS
    )
    parser.add_argument("--work", choices=WORKS, help=argparse.SUPPRESS)
    return parser


if __name__ == "__main__":
    sys.exit(main())
