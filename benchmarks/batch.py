"""Row 6: a synchronous step of 256 cues under Hebb's couplings, and whole recalls of them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import numpy as np

import hopfield as hf

from .measure import Candidate, Effort, Peer, Result, agree, compare
from .peers import find, whole_weights

SIZES = {  # (N, P, cues)
    "tiny": [(64, 7, 8)],
    "quick": [(1000, 138, 256), (10_000, 500, 256)],
    "full": [(1000, 50, 256), (1000, 138, 256), (10_000, 500, 256), (10_000, 1380, 256)],
}
# vs torch float32: implicit, dense; vs exact int8
GOALS: dict[Any, tuple[tuple[float | None, float | None], ...]] = {
    1000: ((12, 25), (20, None), (2.5, None)),
    (10_000, 500): ((8, 12), (40, None), (2.5, None)),
    (10_000, 1380): ((5, 8), (12, None), (1.7, None)),
}
NONE = ((None, None),) * 3


def run(effort: Effort, rows: tuple[int, ...]) -> Iterator[Result]:
    """Measure row 6."""
    for n, p, cues in SIZES[effort.name]:
        yield from _together(n, p, cues, effort)


def _together(n: int, p: int, b: int, effort: Effort) -> Iterator[Result]:
    memory = hf.Hebbian(hf.random_patterns(p, n, rng=1))
    cues = hf.flip(memory.patterns[np.arange(b) % p], 0.1, rng=2)
    order = hf.Sync()

    run = hf.Run(memory, cues, order=order)
    run.step(1)
    after = run.state
    x, first = memory.patterns.astype(np.float32), cues.astype(np.float32)

    def numpy_implicit(s: Any = first) -> Any:
        h = (s @ x.T) @ x - p * s
        return np.where(h == 0, s, np.sign(h))

    agree(after, numpy_implicit(), "NumPy")
    implicit, dense, int8 = GOALS.get((n, p), GOALS.get(n, NONE))
    torch = find("torch")
    peers = [Peer("NumPy float32, implicit", Candidate("numpy", numpy_implicit))]
    forms = dict(_torch(torch, memory.patterns, cues)) if torch else {}
    for name, goal in zip(("implicit", "dense W", "int8"), (implicit, dense, int8), strict=True):
        if name in forms:
            agree(after, forms[name]().numpy(), f"torch, {name}")
        candidate = Candidate(name, forms[name]) if name in forms else None
        label = "torch int8, two digits (exact)" if name == "int8" else f"torch float32, {name}"
        peers.append(Peer(label, candidate, *goal))
    ours = Candidate("ours", lambda: run.step(1))  # from states in the form that a run holds
    title = f"A further synchronous step of {b} states, N = {n:,}, P = {p:,}"
    yield compare(6, title, "step", ours, peers, effort)

    end, s = hf.recall(memory, cues, order=order), first.copy()
    for k in range(end.sweeps.max()):
        s[end.sweeps > k] = numpy_implicit(s[end.sweeps > k])
    agree(end.state, s, "NumPy")
    whole = Candidate("ours", lambda: hf.recall(memory, cues, order=order), end.sweeps.mean())
    title = f"Recall of {b} cues together, N = {n:,}, P = {p:,}, {whole.units:.3g} sweeps each"
    bare = [replace(peer, floor=None, stretch=None) for peer in peers]
    yield compare(6, title, "sweep", whole, bare, effort, end.kernel)


def _torch(torch: Any, patterns: Any, cues: Any) -> Iterator[tuple[str, Any]]:
    p = len(patterns)
    x8, s8 = torch.from_numpy(patterns.copy()), torch.from_numpy(cues)
    x, s, own = x8.float(), s8.float(), p * s8.int()

    def sign(h: Any) -> Any:
        return torch.where(h == 0, s, torch.sign(h))

    yield "implicit", lambda: sign((s @ x.T) @ x - p * s)
    w = torch.from_numpy(whole_weights(patterns))
    yield "dense W", lambda: sign(s @ w)

    across = x8.T.contiguous()

    def int8() -> Any:
        m = torch._int_mm(s8, across)
        high = (m + 64) >> 7  # m = 128 high + low, each within int8
        low = (m - (high << 7)).to(torch.int8)
        h = (torch._int_mm(high.to(torch.int8), x8) << 7) + torch._int_mm(low, x8)
        return sign((h - own).float())

    yield "int8", int8
