"""Rows 4 and 5: the two products of a synchronous step, patterns and states in bits."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from typing import Any

import numpy as np

import hopfield as hf
from hopfield.base.bits import aligned
from hopfield.base.forms import Counts
from hopfield.base.streams import Streams
from hopfield.engine.compiled import available
from hopfield.engine.together import Together

from .measure import Candidate, Effort, Peer, Result, agree, compare
from .peers import find

SIZES = {  # (N, P, cues)
    "tiny": [(64, 8, 32)],
    "quick": [(10_000, 500, 256)],
    "full": [(1000, 138, 256), (10_000, 500, 256), (10_000, 1380, 256)],
}
GOALS = {  # torch float32, torch int8, the rate that one core's instructions allow
    4: ((10, 13), (2.5, 3.1), (0.85, 0.92)),
    5: ((4, 5), (1.1, 1.3), (0.4, 0.6)),
}


def run(effort: Effort, rows: tuple[int, ...]) -> Iterator[Result]:
    """Measure those of the rows 4 and 5, where there are kernels for them."""
    for n, p, cues in SIZES[effort.name] if available() else ():
        yield from _products(n, p, cues, effort, rows)


def _products(n: int, p: int, b: int, effort: Effort, rows: tuple[int, ...]) -> Iterator[Result]:
    memory = hf.Hebbian(hf.random_patterns(p, n, rng=1))
    cues = hf.flip(memory.patterns[np.arange(b) % p], 0.1, rng=2)
    session = Together(memory.form(), hf.Sign().rule(), "together", cues.copy())
    streams = Streams.spawn(np.random.default_rng(1), b)

    def overlaps() -> Any:
        session.squares[:] = -1  # or they are known
        return session.energies()

    def both() -> Any:
        session.sweeps(None, streams, Counts(b), 1)

    x, s = memory.patterns.astype(np.float32), cues.astype(np.float32)
    m = x @ s.T
    h = m.T @ x - p * s
    energies = (n * p - (m.astype(np.float64) ** 2).sum(axis=0)) / (2 * n)
    agree(overlaps(), energies, "NumPy")
    both()
    agree(session.state, np.where(h == 0, s, np.sign(h)), "NumPy")
    torch = find("torch")
    units = n * p * b / 1e9
    works = {
        4: ("overlaps", Candidate("ours", overlaps, units), _torch_overlaps),
        5: ("fields", Candidate("ours", both, units, overlaps), _torch_fields),
    }
    for row in sorted(rows):
        name, ours, theirs = works[row]
        forms = theirs(torch, memory.patterns, cues, m) if torch else {}
        f32, int8, hardware = GOALS[row]
        peers = [
            Peer(f"torch {kind}", Candidate(kind, forms[kind], units) if forms else None, *goal)
            for kind, goal in (("float32", f32), ("int8", int8))
        ]
        title = f"The {name} of {b} states, N = {n:,}, P = {p:,}"
        peers.append(Peer("the instructions alone", _hardware(row), *hardware))
        yield compare(row, title, "billion sums", ours, peers, effort, session.name)


def _torch_overlaps(torch: Any, patterns: Any, cues: Any, m: Any) -> dict[str, Any]:
    x8, s8 = torch.from_numpy(patterns.copy()), torch.from_numpy(cues.T.copy())
    x, s = x8.float(), s8.float()
    agree((x @ s).numpy(), m, "torch float32")
    agree(torch._int_mm(x8, s8).numpy(), m, "torch int8")
    return {"float32": lambda: x @ s, "int8": lambda: torch._int_mm(x8, s8)}


def _torch_fields(torch: Any, patterns: Any, cues: Any, m: Any) -> dict[str, Any]:
    """Return products of whole overlaps, and of their last 7 bits alone: half of an exact one."""
    across = torch.from_numpy(patterns.T.copy())
    x, sums = across.float(), torch.from_numpy(m)
    digit = (sums.int() & 127).to(torch.int8)
    return {"float32": lambda: x @ sums, "int8": lambda: torch._int_mm(across, digit)}


@cache
def _hardware(row: int) -> Candidate:
    """Return what does nothing but a row's own instructions, on registers and a near cache."""
    import numba

    from hopfield.engine.kernels import simd

    @numba.njit
    def count(table: Any, loops: int, out: Any) -> None:
        s0 = s1 = simd.splat(np.uint64(0))
        a, b = simd.load(table, 512), simd.load(table, 544)
        for k in range(loops):
            x = simd.load(table, 32 * (k & 7))
            s0, s1 = simd.add_bit_differences(s0, x, a), simd.add_bit_differences(s1, x, b)
        simd.store(out, 0, simd.add(s0, s1))

    @numba.njit
    def gather(table: Any, loops: int, out: Any) -> None:
        s0 = s1 = s2 = s3 = s4 = s5 = s6 = s7 = simd.splat(np.int16(0))
        for k in range(loops):
            i, j = 256 * (k & 31), 256 * (k & 31) + 128
            s0, s4 = simd.add(s0, simd.load(table, i)), simd.add(s4, simd.load(table, j))
            s1, s5 = simd.add(s1, simd.load(table, i + 32)), simd.add(s5, simd.load(table, j + 32))
            s2, s6 = simd.add(s2, simd.load(table, i + 64)), simd.add(s6, simd.load(table, j + 64))
            s3, s7 = simd.add(s3, simd.load(table, i + 96)), simd.add(s7, simd.load(table, j + 96))
        all_ = simd.add(
            simd.add(simd.add(s0, s1), simd.add(s2, s3)),
            simd.add(simd.add(s4, s5), simd.add(s6, s7)),
        )
        simd.store(out, 0, simd.widen_add(simd.load(out, 0), all_))

    rng, loops = np.random.default_rng(1), 100_000
    if row == 4:
        words, out = aligned((1024,), np.uint64), np.zeros(32, dtype=np.uint64)
        words[:] = rng.integers(0, 2**64, 1024, dtype=np.uint64)
        return Candidate("hardware", lambda: count(words, loops, out), loops * 8 * 512 / 1e9)
    table, sums = aligned((2**13,), np.int16), np.zeros(32, dtype=np.int32)
    table[:] = rng.integers(-9, 9, 2**13)
    # A table of 6 patterns is the largest of which as many as are wanted stay this near.
    return Candidate("hardware", lambda: gather(table, loops, sums), loops * 8 * 32 * 6 / 1e9)
