"""Row 18: networks that are not Hebb's of -1/+1 one at a time, against the loop in NumPy alone."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

import hopfield as hf
from hopfield import engine

from .measure import Candidate, Effort, Peer, Result, agree, compare

SIZES = {"tiny": (20, 3), "quick": (400, 20), "full": (1000, 50)}  # neurons, patterns
PLAIN = "the loop of the core, NumPy alone"
T = 0.5  # of the cells of a sudoku


def run(effort: Effort, rows: tuple[int, ...]) -> Iterator[Result]:
    """Measure row 18."""
    n, p = SIZES[effort.name]
    xi = hf.random_patterns(p, n, rng=1)
    more = hf.random_patterns(2 * p, n, rng=1)
    cues = hf.flip(more[np.arange(256) % len(more)], 0.1, rng=2)
    yield _sudoku(effort)
    sums = hf.hebb(xi) - 0.3 * hf.hebb(hf.random_patterns(5, n, rng=3))
    biased = hf.hebb(more) + hf.Bias(np.random.default_rng(4).normal(size=n) / 10)
    unknown = np.where(np.random.default_rng(5).random(cues.shape) < 0.1, 0, cues)
    random, together = {"order": hf.Random()}, {"order": hf.Sync()}
    one = hf.flip(xi[0], 0.1, rng=2)
    for title, memory, given, options in (
        ("Drawn with replacement", hf.hebb(xi), one, random),
        ("Drawn with replacement, degree 3", hf.dense(xi, 3), one, random),
        ("256 cues at once, a bias", biased, cues, together),
        ("256 cues at once, a tenth unknown", hf.hebb(more), unknown, together),
        (
            "256 cues at once, random ties",
            hf.hebb(more),
            cues,
            {"neuron": hf.Sign(tie="random")} | together,
        ),
        ("Hebb less 0.3 times Hebb", sums, one, {}),
        ("Degree 4", hf.dense(hf.random_patterns(10 * p, 2 * n, rng=1), 4), None, {}),
        ("Degree 20", hf.dense(hf.random_patterns(10 * p, n, rng=1), 20), None, {}),
        ("The pseudo-inverse", hf.learning.pseudo_inverse(xi), one, {}),
    ):
        cue = hf.flip(memory.patterns[0], 0.1, rng=2) if given is None else given
        yield _against_plain(f"{title}, N = {memory.n:,}", memory, cue, options, effort)


def _against_plain(title: str, memory: Any, cue: Any, options: Any, effort: Effort) -> Result:
    def ours() -> Any:
        return hf.recall(memory, cue, sweeps=20, rng=3, **options)

    def plain() -> Any:
        with engine.using():
            return ours()

    found, peer = ours(), plain()
    agree(found.state, peer.state, PLAIN)
    visits = float(np.sum(found.updates)) * (memory.n if "at once" in title else 1)
    mine, theirs = (Candidate(f.__name__, f, visits) for f in (ours, plain))
    return compare(18, title, "visit", mine, [Peer(PLAIN, theirs, 20)], effort, found.kernel)


def _sudoku(effort: Effort) -> Result:
    """Colour the cells of a sudoku at one temperature: 81 neurons of 9 states."""
    row, column = np.divmod(np.arange(81), 9)
    box = row // 3 * 3 + column // 3
    meet = np.any([x[:, None] == x for x in (row, column, box)], axis=0) & ~np.eye(81, dtype=bool)
    memory, sweeps = hf.optimise.colouring(meet.astype(int), 9), 20
    cue = hf.models.one_hot(np.random.default_rng(1).integers(9, size=81), 9)
    w = memory.weights

    def ours() -> Any:
        return hf.recall(memory, cue, neuron=hf.Potts(9, T), sweeps=sweeps, rng=1)

    def plain() -> Any:
        with engine.using():
            return ours()

    agree(ours().state, plain().state, PLAIN)
    visits = 81 * sweeps
    peers = [
        Peer("NumPy, fields kept", Candidate("loop", lambda: loop(w, cue, sweeps), visits), 10),
        Peer(PLAIN, Candidate("plain", plain, visits), 20),
    ]
    mine = Candidate("ours", ours, visits)
    return compare(18, f"A sudoku's colours, q = 9, T = {T}", "visit", mine, peers, effort)


def loop(w: Any, cue: Any, sweeps: int) -> Any:
    """Visit neurons of 9 states with the fields kept up to date, each by (9,) arrays."""
    s, rng = cue.astype(np.float64), np.random.default_rng(1)
    h = w @ s
    for _ in range(sweeps):
        for i in rng.permutation(81):
            sites = slice(9 * i, 9 * i + 9)
            best = 9 * i + int((h[sites] / T + rng.gumbel(size=9)).argmax())
            now = 9 * i + int(s[sites].argmax())
            if best != now:
                s[now], s[best] = 0, 1
                h += w[best] - w[now]
    return s
