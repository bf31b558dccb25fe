"""How the cost of a visit grows with N, at P = N/20 and P = 2: points for the figure."""

from __future__ import annotations

from typing import Any

import numpy as np

import hopfield as hf

from .measure import Candidate, Effort, agree, costs
from .peers import incremental, recalled, rows, teaching, whole_weights

SIZES = {
    "tiny": (40, 80),
    "quick": (500, 1000, 2000, 4000, 16_000),
    "full": (250, 500, 1000, 2000, 4000, 8000, 16_000, 32_000),
}
LARGEST = 8000  # of which a matrix is made


def run(effort: Effort) -> list[dict[str, Any]]:
    """Return curves: a name, sizes N, median seconds a visit, and the exponent between them."""
    points: dict[str, list[tuple[int, float]]] = {}
    for n in SIZES[effort.name]:
        for c, found in _at(n, effort):
            points.setdefault(c, []).append((n, float(np.median(found))))
    return [curve(name, *zip(*found, strict=True)) for name, found in points.items()]


def curve(name: str, sizes: Any, seconds: Any) -> dict[str, Any]:
    """Return a curve with its exponent: the slope of the line nearest to it in logarithms."""
    slope = float(np.polyfit(np.log(sizes), np.log(seconds), 1)[0]) if len(sizes) > 1 else None
    return {"name": name, "N": list(sizes), "seconds": list(seconds), "exponent": slope}


def _at(n: int, effort: Effort) -> list[tuple[str, list[float]]]:
    candidates = []
    for name, p in (("ours, P = N/20", n // 20), ("ours, P = 2", 2)):
        memory = hf.Hebbian(hf.random_patterns(p, n, rng=1))
        cues = hf.flip(memory.patterns[np.arange(8) % p], 0.1, rng=2)
        visits = float(np.sum(hf.recall(memory, cues, rng=3).updates))
        candidates.append(Candidate(name, lambda m=memory, c=cues: hf.recall(m, c, rng=3), visits))
    if n <= LARGEST:
        memory = hf.Hebbian(hf.random_patterns(n // 20, n, rng=1))
        cue = hf.flip(memory.patterns[0], 0.1, rng=2)
        result, sites = recalled(memory, cue, rng=3)
        w32, s32 = whole_weights(memory.patterns), cue.astype(np.float32)
        w, s, some = w32.astype(np.float64), cue.astype(np.float64), sites[:2000]
        few = sites[: max(2, 5_000_000 // n**2)]
        agree(result.state, rows(w, s, sites), "NumPy")
        candidates.append(Candidate("NumPy, W[i] @ s, any P", lambda: rows(w, s, some), some.size))
        teach = Candidate("teaching, (W @ s)[i], any P", lambda: teaching(w, s, few), few.size)
        candidates.append(teach)
        numba = incremental()
        if numba:
            agree(result.state, numba(w32, s32, sites), "the incremental loop")
            call = lambda: numba(w32, s32, sites)  # noqa: E731
            candidates.append(Candidate("Numba float32, incremental", call, sites.size))
    found = costs(candidates, effort)
    return [(c.name, x) for c, x in zip(candidates, found, strict=True)]
