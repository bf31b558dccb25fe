"""Row 20: wall-clock on one core, on two and on all, beside torch and BLAS on as many."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import nullcontext
from typing import Any

import numpy as np

import hopfield as hf
from hopfield.base.threads import cores

from .measure import Candidate, Effort, Peer, Result, agree, compare
from .peers import find
from .softmax import attention

SIZES = {  # (neurons, patterns, cues) of recall (odd P: no ties), and of attention
    "tiny": ((64, 3, 5), (8, 50, 3)),
    "quick": ((2000, 101, 512), (384, 20_000, 100)),
    "full": ((4000, 201, 2048), (384, 100_000, 200)),
}
SWEEPS = 3


def run(effort: Effort, rows: tuple[int, ...]) -> Iterator[Result]:
    """Measure row 20."""
    (n, p, many), wide = SIZES[effort.name]
    xi = hf.random_patterns(p, n, rng=1)
    cues = hf.flip(xi[np.arange(many) % p], 0.1, rng=2)
    memory, w = hf.hebb(xi), hf.hebb(xi).dense().weights.astype(np.float32)
    start = cues.astype(np.float32)
    title = f"{SWEEPS} updates of all neurons, {many} cues, N = {n:,}, P = {p:,}"

    def ours() -> Any:
        return hf.recall(memory, cues, order=hf.Sync(), updates=SWEEPS).state

    def numpy() -> Any:
        s = start
        for _ in range(SWEEPS):
            s = np.sign(s @ w)
        return s

    def torch_loop(torch: Any) -> Callable[[], Any]:
        couplings, begun = torch.from_numpy(w), torch.from_numpy(start)

        def loop() -> Any:
            s = begun
            for _ in range(SWEEPS):
                s = torch.sign(s @ couplings)
            return s

        return loop

    yield from _beside(title, "cue", many, ours, numpy, torch_loop, effort)
    n, p, many = wide
    x = np.random.default_rng(1).normal(size=(p, n)).astype(np.float32)
    s, beta = x[:many] + np.float32(0.1), n**-0.5
    modern = hf.modern(x, beta)

    def fused(torch: Any) -> Callable[[], Any]:
        keys, queries = torch.from_numpy(x)[None], torch.from_numpy(s)[None]
        call = torch.nn.functional.scaled_dot_product_attention
        return lambda: call(queries, keys, keys, scale=beta)[0]

    title = f"Softmax of {many} cues, N = {n:,}, P = {p:,}"
    plain = (lambda: modern.gradient(s)), (lambda: attention(x, s, beta))
    yield from _beside(title, "cue", many, *plain, fused, effort)


def _beside(
    title: str,
    unit: str,
    many: int,
    ours: Callable[[], Any],
    numpy: Callable[[], Any],
    made: Callable[[Any], Callable[[], Any]],
    effort: Effort,
) -> Iterator[Result]:
    torch, pools, before = find("torch"), find("threadpoolctl"), hf.threads()
    call = made(torch) if torch else None
    for k in sorted({1, 2, cores()}):
        hf.threads(k)
        if torch:
            torch.set_num_threads(k)
        with pools.threadpool_limits(k, "blas") if pools else nullcontext():
            for name, other in (("NumPy", numpy), ("torch", call)):
                near = other is None or np.allclose(ours(), np.asarray(other()), 1e-3, 1e-4)
                agree(near, True, name)
            blas = Candidate("numpy", numpy, many) if pools or k == 1 else None
            theirs = Candidate("torch", call, many) if call else None
            peers = [Peer("NumPy, BLAS on as many threads", blas), Peer("torch", theirs)]
            of = f"{k} thread{'s'[: k > 1]}, wall-clock"
            mine = Candidate("ours", ours, many)
            wall = time.perf_counter
            yield compare(20, f"{title}, {of}", unit, mine, peers, effort, clock=wall)
    hf.threads(before)
    if torch:
        torch.set_num_threads(1)
