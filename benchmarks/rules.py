"""Rows 8, 9 and 10: Storkey's rule, the pseudo-inverse, and the largest margins."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

import hopfield as hf
from hopfield import learning

from .measure import Candidate, Effort, Peer, Result, compare

STORKEY = {"tiny": [(40, 8)], "quick": [(1000, 200)], "full": [(1000, 200), (4000, 800)]}
INVERSE = {"tiny": [(40, 20)], "quick": [(1000, 500)], "full": [(1000, 500), (4000, 2000)]}
MARGINS = {"tiny": [(40, 20)], "quick": [(400, 200)], "full": [(1000, 500)]}


def run(effort: Effort, rows: tuple[int, ...]) -> Iterator[Result]:
    """Measure rows 8, 9 and 10."""
    works = (8, STORKEY, _storkey), (9, INVERSE, _inverse), (10, MARGINS, _margin)
    for row, sizes, work in works:
        if row in rows:
            yield from (work(n, p, effort) for n, p in sizes[effort.name])


def close(ours: Any, theirs: Any, whose: str) -> None:
    """Stop where a peer's couplings are not ours."""
    if not np.allclose(ours, theirs, rtol=0, atol=1e-9):
        raise AssertionError(f"{whose} gives other couplings than ours")


def _storkey(n: int, p: int, effort: Effort) -> Result:
    xi = hf.random_patterns(p, n, rng=1)
    some = xi[: min(p, 4)]

    def naive() -> Any:
        w = np.zeros((n, n))
        for x in some.astype(np.float64):
            h = (w @ x - np.diag(w) * x)[:, None] - w * x
            w += (np.outer(x, x) - x[:, None] * h.T - h * x) / n
            np.fill_diagonal(w, 0)
        return w

    close(learning.storkey(some).weights, naive(), "the rule pattern by pattern")
    peers = [Peer("pattern by pattern, NumPy", Candidate("naive", naive, len(some) / p), 90, 130)]
    ours = Candidate("ours", lambda: learning.storkey(xi))
    return compare(8, f"Storkey, N = {n:,}, P = {p:,}", "matrix", ours, peers, effort)


def _inverse(n: int, p: int, effort: Effort) -> Result:
    xi = hf.random_patterns(p, n, rng=1)
    x = xi.astype(np.float64)

    def pinv() -> Any:
        return _empty(np.linalg.pinv(x) @ x)

    def solve() -> Any:
        return _empty(x.T @ np.linalg.solve(x @ x.T, x))

    w = learning.pseudo_inverse(xi).dense().weights
    close(w, pinv(), "numpy.linalg.pinv")
    close(w, solve(), "numpy.linalg.solve")
    peers = [
        Peer("numpy.linalg.pinv", Candidate("pinv", pinv), 5, 6),
        Peer("numpy.linalg.solve", Candidate("solve", solve), 2.2, 3.5),
    ]
    ours = Candidate("ours", lambda: learning.pseudo_inverse(xi).dense())
    return compare(9, f"pseudo-inverse, N = {n:,}, P = {p:,}", "matrix", ours, peers, effort)


def _empty(w: Any) -> Any:
    np.fill_diagonal(w, 0)
    return w


def _margin(n: int, p: int, effort: Effort) -> Result:
    """Compare with perceptrons that stop at half of our margin."""
    xi = hf.random_patterns(p, n, rng=1)
    x = xi.astype(np.float64)
    best = float(learning.margins(learning.adatron(xi), xi).min(axis=0).min())
    kappa = best / 2

    def online() -> Any:
        w, wrong = np.zeros((n, n)), True
        while wrong:
            wrong = False
            for pattern in x:
                low = pattern * (w @ pattern) <= kappa * np.sqrt((w * w).sum(axis=1))
                if low.any():
                    wrong = True
                    w[low] += pattern[low, None] * pattern
                    w[low, low] = 0
        return w

    def batched() -> Any:
        w = np.zeros((n, n))
        while True:
            low = x * (x @ w.T) <= kappa * np.sqrt((w * w).sum(axis=1))
            if not low.any():
                return w
            w += (x * low).T @ x
            np.fill_diagonal(w, 0)

    for form in (online, batched):
        found = learning.margins(hf.Couplings(form()), xi)
        if found.min() <= 0.99 * kappa:
            raise AssertionError("a perceptron does not reach its margin")
    peers = [
        Peer("online, at half the margin", Candidate("online", online), 50, 85),
        Peer("batched, at half the margin", Candidate("batched", batched), 2, 5),
    ]
    ours = Candidate("ours", lambda: learning.adatron(xi, tolerance=0.02))
    return compare(10, f"largest margins, N = {n:,}, P = {p:,}", "matrix", ours, peers, effort)
