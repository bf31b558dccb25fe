"""Rows 1 to 3: one cue, one neuron at a time, Hebb's couplings, temperature zero."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from typing import Any

import numpy as np

import hopfield as hf
from hopfield import engine

from .measure import Candidate, Effort, Line, Peer, Result, agree, compare
from .peers import find, incremental, recalled, rows, teaching, torch_rows, whole_weights

SIZES = {  # row: (N, P, cues a call)
    "tiny": {1: [(60, 3, 1), (60, 3, 3)], 2: [(80, 10, 1)], 3: [(120, 16, 1)]},
    "quick": {
        1: [(1000, 50, 1), (1000, 50, 100), (1000, 138, 1)],
        2: [(10_000, 1380, 1)],
        3: [(100_000, 1000, 1)],
    },
    "full": {
        1: [(1000, p, b) for p in (50, 138) for b in (1, 100)],
        2: [(10_000, 1380, 1)],
        3: [(100_000, 13_800, 1)],
    },
}
GOALS = {
    1: {"teaching": (20e3, 40e3), "rows": (100, 150)},
    2: {"teaching": (5e5, 1.3e6), "rows": (60, 110)},
}
MEMORY = 400e6, 173e6  # a whole process at N = 100,000, P = 13,800


def run(effort: Effort, rows: tuple[int, ...]) -> Iterator[Result]:
    """Measure those of the rows 1, 2 and 3."""
    sizes = SIZES[effort.name]
    for row in sorted(rows, reverse=True):  # 3 first, while the process is small
        for n, p, cues in sizes[row]:
            yield _large(n, p, effort) if row == 3 else _against_loops(row, n, p, cues, effort)


def _network(n: int, p: int, cues: int = 1) -> tuple[Any, Any]:
    """Return a memory, and cues: its patterns with a tenth of the neurons flipped."""
    drawn = _Drawn(p, n)
    xi = hf.bipolar(drawn[: min(cues, p)])
    cue = hf.flip(xi[np.arange(cues) % p], 0.1, rng=2)
    return hf.Hebbian(drawn), cue[0] if cues == 1 else cue


class _Drawn:
    """Random patterns, drawn when they are read, so that they need not fit into memory."""

    def __init__(self, p: int, n: int) -> None:
        self.shape, self.dtype = (p, n), np.dtype(bool)

    def __getitem__(self, rows: slice) -> Any:
        first, stop, _ = rows.indices(self.shape[0])
        line = (stop - first, -(-self.shape[1] // 8))
        octets = np.random.default_rng([3, first]).bytes(line[0] * line[1])
        bits = np.frombuffer(octets, np.uint8).reshape(line)
        return np.unpackbits(bits, axis=1, count=self.shape[1]).view(bool)


def _against_loops(row: int, n: int, p: int, cues: int, effort: Effort) -> Result:
    memory, cue = _network(n, p, cues)
    first = cue if cues == 1 else cue[0]
    alone, sites = recalled(memory, first, rng=3)
    result = hf.recall(memory, cue, rng=3)
    agree(result.state if cues == 1 else result.state[0], alone.state, "another order class")

    w32 = whole_weights(memory.patterns)
    w, s, s32 = w32.astype(np.float64), first.astype(np.float64), first.astype(np.float32)
    agree(alone.state, rows(w, s, sites), "NumPy")
    few = sites[: max(4, 20_000_000 // n**2)]
    agree(rows(w, s, few), teaching(w, s, few), "the teaching loop")
    some = sites[:4000]
    goals = GOALS[row]
    peers = [
        Peer(
            "teaching loop, (W @ s)[i]",
            Candidate("teaching", lambda: teaching(w, s, few), few.size),
            *goals["teaching"],
        ),
        Peer(
            "NumPy, W[i] @ s",
            Candidate("rows", lambda: rows(w, s, some), some.size),
            *goals["rows"],
        ),
    ]

    torch, numba = find("torch"), incremental()
    candidate = None
    if torch:
        tw, ts = torch.from_numpy(w32), torch.from_numpy(s32)
        agree(alone.state, torch_rows(tw, ts, sites), "torch")
        candidate = Candidate("torch", lambda: torch_rows(tw, ts, some), some.size)
    peers.append(Peer("torch float32, dot(W[i], s)", candidate))
    candidate = None
    if numba:
        agree(alone.state, numba(w32, s32, sites), "the incremental loop")
        candidate = Candidate("incremental", lambda: numba(w32, s32, sites), sites.size)
    peers.append(Peer("Numba float32, incremental", candidate))
    if row == 1 and cues == 1 and p <= n // 20:  # where the pattern itself comes back
        peers += _packages(memory, first, alone.state, w)

    visits = float(np.sum(result.updates))
    ours = Candidate("ours", lambda: hf.recall(memory, cue, rng=3), visits)
    of = "one cue" if cues == 1 else f"{cues} cues in one call"
    title = f"Recall of {of}, N = {n:,}, P = {p:,}, {np.mean(result.sweeps):.3g} sweeps"
    found = compare(row, title, "visit", ours, peers, effort, result.kernel)
    found.lines.append(_reads(p, found))
    return found


def _reads(p: int, found: Result) -> Line:
    """Return how many bits of patterns a second ours takes in: a measure of the hardware."""
    return Line("pattern bits", [p / cost for cost in found.ours], "/s")


def _packages(memory: Any, cue: Any, state: Any, w: Any) -> Iterator[Peer]:
    n, found = memory.n, find("hopfieldkit")
    candidate = None
    if found:
        net = found.HopfieldNetwork(n_units=n)
        net.weights = w / n
        agree(state, net.recall(cue, seed=1), "hopfieldkit")
        there = (k for k in range(1, 9) if (net.recall(cue, seed=1, max_steps=k) == state).all())
        visits = n * (1 + next(there))  # and a sweep to see that nothing moves
        candidate = Candidate("hopfieldkit", lambda: net.recall(cue, seed=1), visits)
    yield Peer("hopfieldkit", candidate)
    found = find("neurodynex3.hopfield_network.network")
    candidate = None
    if found:
        other = found.HopfieldNetwork(nr_neurons=n)
        other.weights = w / n
        other.set_dynamics_sign_async()

        def settle() -> Any:
            other.set_state_from_pattern(cue.astype(np.float64))
            other.run(nr_steps=3)
            return other.state

        agree(state, settle(), "neurodynex3")
        candidate = Candidate("neurodynex3", settle, 3 * n)
    yield Peer("neurodynex3", candidate)


def _large(n: int, p: int, effort: Effort) -> Result:
    """Compare with the same kernel, a visit at a time, where no matrix could be held."""
    memory, cue = _network(n, p)
    result = hf.recall(memory, cue, rng=3)
    peak = _peak()
    same, sites = recalled(memory, cue, rng=3)
    agree(result.state, same.state, "a visit at a time")
    everyone = np.zeros(1, dtype=np.int64), sites[None]
    free = np.zeros((1, sites.size)), np.zeros((1, sites.size), dtype=np.int8)

    def visits() -> Any:
        session = engine.open(memory.form(), hf.Sign().rule(), "shuffled", cue[None].copy())
        assert session is not None
        session.visit(*everyone, *free)
        return session.state[0]

    agree(result.state, visits(), "a visit at a time")
    ours = Candidate("ours", lambda: hf.recall(memory, cue, rng=3), result.updates)
    peers = [Peer("our kernel, a visit at a time", Candidate("visits", visits, sites.size), 2, 3)]
    title = f"Recall of one cue, N = {n:,}, P = {p:,}, {result.sweeps} sweeps"
    found = compare(3, title, "visit", ours, peers, effort, result.kernel)
    floor, stretch = MEMORY if p == 13_800 else (None, None)
    found.lines.append(Line("peak memory", peak, "B", floor=floor, stretch=stretch, most=True))
    found.lines.append(_reads(p, found))
    return found


def _peak() -> list[float]:
    """Return the most memory this process has held, where the system says."""
    try:
        from resource import RUSAGE_SELF, getrusage
    except ImportError:
        return []
    return [getrusage(RUSAGE_SELF).ru_maxrss * (1.0 if sys.platform == "darwin" else 1024.0)]
