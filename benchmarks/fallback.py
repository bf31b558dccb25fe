"""Row 15: the kernels of NumPy alone."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

import hopfield as hf
from hopfield import engine

from .measure import Candidate, Effort, Peer, Result, agree, compare
from .peers import find, recalled, rows, whole_weights

SIZES = {
    "tiny": [(60, 4)],
    "quick": [(1000, 50), (1000, 138)],
    "full": [(100, 14), (1000, 50), (1000, 138), (5000, 500)],
}


def run(effort: Effort, rows: tuple[int, ...]) -> Iterator[Result]:
    """Measure row 15."""
    for n, p in SIZES[effort.name]:
        yield _numpy(n, p, effort)


def _numpy(n: int, p: int, effort: Effort) -> Result:
    memory = hf.Hebbian(hf.random_patterns(p, n, rng=1))
    cue = hf.flip(memory.patterns[0], 0.1, rng=2)
    result, sites = recalled(memory, cue, rng=3)

    def compiled() -> Any:
        return hf.recall(memory, cue, rng=3)

    def ours() -> Any:
        with engine.using("fallback"):
            return compiled()

    agree(result.state, ours().state, "NumPy's kernel")
    w, s, some = whole_weights(memory.patterns).astype(np.float64), cue * 1.0, sites[:4000]
    agree(result.state, rows(w, s, sites), "NumPy")
    numba = Candidate("numba", compiled, result.updates) if find("numba") else None
    peers = [
        Peer("NumPy, W[i] @ s", Candidate("rows", lambda: rows(w, s, some), some.size), 4),
        Peer("our kernels, with Numba", numba, 1 / 20),
    ]
    title = f"Recall with NumPy alone, one cue, N = {n:,}, P = {p:,}"
    mine = Candidate("ours", ours, result.updates)
    return compare(15, title, "visit", mine, peers, effort, ours().kernel)
