"""Row 7: Hebb's couplings as a matrix."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

import hopfield as hf

from .measure import Candidate, Effort, Peer, Result, agree, compare
from .peers import find

SIZES = {"tiny": [(64, 7)], "quick": [(4096, 565)], "full": [(4096, 565), (10_000, 1380)]}


def run(effort: Effort, rows: tuple[int, ...]) -> Iterator[Result]:
    """Measure row 7."""
    for n, p in SIZES[effort.name]:
        yield _hebb(n, p, effort)


def _hebb(n: int, p: int, effort: Effort) -> Result:
    xi = hf.random_patterns(p, n, rng=1)
    some = xi[:2].astype(np.float64)

    def ours() -> Any:
        return hf.hebb(xi).dense()

    def outer() -> Any:
        w = np.zeros((n, n))
        for pattern in some:
            w += np.outer(pattern, pattern)
        np.fill_diagonal(w, 0)
        return w / n

    def numpy() -> Any:
        x = xi.astype(np.float32)
        w = x.T @ x
        np.fill_diagonal(w, 0)
        w /= n
        return w

    w = ours().weights
    agree(hf.Hebbian(xi[:2]).dense().weights, outer(), "the outer products")
    agree(w.astype(np.float32), numpy(), "NumPy")
    torch = find("torch")
    forms = dict(_torch(torch, xi)) if torch else {}
    for name, form in forms.items():
        agree(w.astype(np.float32), form().numpy(), f"torch, {name}")
    peers = [
        Peer("a loop of outer products", Candidate("outer", outer, len(some) / p), 400),
        Peer("NumPy float32, X.T @ X", Candidate("numpy", numpy), 6, 9),
        Peer("torch float32", Candidate("f32", forms["f32"]) if forms else None),
        Peer("torch int8", Candidate("int8", forms["int8"]) if forms else None, 2.5, 3.5),
    ]
    title = f"Hebb's matrix, N = {n:,}, P = {p:,}"
    return compare(7, title, "matrix", Candidate("ours", ours), peers, effort)


def _torch(torch: Any, xi: Any) -> Iterator[tuple[str, Any]]:
    n = xi.shape[1]
    x = torch.from_numpy(xi.copy())

    def scaled(w: Any) -> Any:
        w = w.float().fill_diagonal_(0)
        return w.div_(n)

    def f32() -> Any:
        y = x.float()
        return scaled(y.T @ y)

    yield "f32", f32
    yield "int8", lambda: scaled(torch._int_mm(x.T.contiguous(), x))
