"""Row 11: a dense associative memory of degree 3, one neuron at a time."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

import hopfield as hf

from .measure import Candidate, Effort, Peer, Result, agree, compare
from .peers import recalled

SIZES = {  # (N, P, cues a call)
    "tiny": [(30, 20, 1), (30, 20, 3)],
    "quick": [(200, 2000, 1), (200, 2000, 100)],
    "full": [(100, 500, 1), (200, 2000, 1), (200, 2000, 100), (500, 10_000, 1)],
}


def run(effort: Effort, rows: tuple[int, ...]) -> Iterator[Result]:
    """Measure row 11."""
    for n, p, cues in SIZES[effort.name]:
        yield _cubic(n, p, cues, effort)


def _cubic(n: int, p: int, cues: int, effort: Effort) -> Result:
    memory = hf.DenseMemory(hf.random_patterns(p, n, rng=1), hf.separation.power(3))
    many = hf.flip(memory.patterns[np.arange(cues) % p], 0.1, rng=2)
    cue = many[0]
    result, sites = recalled(memory, cue, rng=3)
    xi, s = memory.patterns.astype(np.float64), cue.astype(np.float64)
    columns = np.ascontiguousarray(xi.T)
    few, some = sites[:20], sites[:200]
    agree(result.state, incremental(columns, s, sites), "the incremental loop")
    agree(incremental(columns, s, few), naive(xi, s, few), "the loop of whole energies")
    peers = [
        Peer(
            "NumPy, two whole energies",
            Candidate("naive", lambda: naive(xi, s, few), few.size),
            2000,
            16_000,
        ),
        Peer(
            "NumPy, overlaps kept",
            Candidate("incremental", lambda: incremental(columns, s, some), some.size),
            1000,
            2000,
        ),
    ]
    given = cue if cues == 1 else many
    whole = hf.recall(memory, given, rng=3)
    agree(whole.state if cues == 1 else whole.state[0], result.state, "another order class")
    ours = Candidate("ours", lambda: hf.recall(memory, given, rng=3), float(np.sum(whole.updates)))
    of = "one cue" if cues == 1 else f"{cues} cues in one call"
    title = f"Dense memory of degree 3, {of}, N = {n:,}, P = {p:,}"
    return compare(11, title, "visit", ours, peers, effort, result.kernel)


def naive(xi: Any, s: Any, sites: Any) -> Any:
    """Visit neurons by the energies with each of them up and down."""
    s = s.copy()
    for i in sites.tolist():
        before = s[i]
        s[i] = 1
        up = ((xi @ s) ** 3).sum()
        s[i] = -1
        down = ((xi @ s) ** 3).sum()
        s[i] = before if up == down else 1 if up > down else -1
    return s


def incremental(columns: Any, s: Any, sites: Any) -> Any:
    """Visit neurons with the overlaps kept up to date, each of them by (P,) arrays."""
    s, m = s.copy(), columns.T @ s
    for i in sites.tolist():
        x = columns[i]
        rest = m - x * s[i]
        h = ((rest + x) ** 3 - (rest - x) ** 3).sum()
        if h * s[i] < 0:
            m = rest - x * s[i]
            s[i] = -s[i]
    return s
