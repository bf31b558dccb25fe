"""Row 14: what a fresh process spends before the first recall is there."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator

from hopfield.engine.compiled import available

from .measure import Effort, Line, Result

ROUNDS = {"tiny": (0, 0), "quick": (5, 2), "full": (15, 4)}  # after the first: kept, and not
SIZES = 200, 1000  # couplings that are held as a matrix, and patterns in bits
CODE = """
import json, sys, time
t = [time.process_time()]
import numpy as np
t.append(time.process_time())
import hopfield as hf
t.append(time.process_time())
xi = hf.random_patterns(2, int(sys.argv[1]), rng=1)
r = hf.recall(hf.hebb(xi), hf.flip(xi[0], 0.1, rng=2), rng=3)
t.append(time.process_time())
assert hf.overlap(r.state, xi[0]) == 1, "recall is not exact"
print(json.dumps([b - a for a, b in zip(t, t[1:])]))
"""


def run(effort: Effort, rows: tuple[int, ...]) -> Iterator[Result]:
    """Measure row 14."""
    warm, cold = ROUNDS[effort.name]
    with tempfile.TemporaryDirectory() as folder:
        times(folder, "ahead", SIZES[0])  # which compiles to bytecode what is imported, too
        fresh = {n: [times(folder, f"{n}-{k}", n) for k in range(1 + cold)] for n in SIZES}
        kept = [times(folder, f"{SIZES[-1]}-0", SIZES[-1]) for _ in range(1 + warm)]
    imports, calls = [x[1] for x in kept], [x[2] for x in kept]
    lines = [
        Line("import hopfield, beyond NumPy's", imports, "s", floor=0.06, most=True),
        Line("first call, kernels kept", calls, "s", floor=0.5, most=True),
        Line("all imports and the first call", [sum(x) for x in kept], "s", floor=0.9, most=True),
    ]
    if available():
        for n, found in fresh.items():
            calls = [x[2] for x in found]
            lines.append(Line(f"N = {n:,}, kernels compiled", calls, "s", floor=1.2, most=True))
    yield Result(
        14, "Start-up, in fresh processes", lines, kernel="numba" if available() else "numpy"
    )


def times(folder: str, kernels: str, n: int) -> list[float]:
    """Return the CPU seconds of NumPy's import, ours, and the first call in a fresh process."""
    environment = {
        **os.environ,
        "NUMBA_CACHE_DIR": os.path.join(folder, kernels),
        "PYTHONDONTWRITEBYTECODE": "",  # an installed package has its bytecode
        "PYTHONPYCACHEPREFIX": os.path.join(folder, "bytecode"),
        "PYTHONPATH": os.pathsep.join(sys.path),
    }
    command = [sys.executable, "-c", CODE, str(n)]
    run = subprocess.run(command, env=environment, check=True, capture_output=True, text=True)
    found: list[float] = json.loads(run.stdout)
    return found
