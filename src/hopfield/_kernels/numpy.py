"""The incremental kernels for where Numba is not: a visit costs one small NumPy product."""

from __future__ import annotations

import numpy as np

from .reference import Floats, Ints, Places, Signs, Words, decide
from .rng import below, words_of


def dense(
    columns: Floats, h: Floats, divisor: float, s: Floats, rows: Ints, sites: Ints,
    theta: Floats, tie: Signs, low: float, high: float, after: Floats,
) -> None:  # fmt: skip
    """Visit neurons under dense couplings: a visit O(1), a flip O(N)."""
    for a, r in enumerate(rows):
        state, field = s[r], h[r]
        for k, i in enumerate(sites[a]):
            old = state[i]
            new = decide(field[i] / divisor, old, theta[a, k], tie[a, k], low, high)
            if new != old:
                field += columns[i] * (new - old)
                state[i] = new
            after[a, k] = new


def sparse(
    starts: Ints, targets: Ints, values: Floats, h: Floats, divisor: float, s: Floats, rows: Ints,
    sites: Ints, theta: Floats, tie: Signs, low: float, high: float, after: Floats,
) -> None:  # fmt: skip
    """Visit neurons under couplings held by columns: a flip costs its column's entries."""
    for a, r in enumerate(rows):
        state, field = s[r], h[r]
        for k, i in enumerate(sites[a]):
            old = state[i]
            new = decide(field[i] / divisor, old, theta[a, k], tie[a, k], low, high)
            if new != old:
                column = slice(starts[i], starts[i + 1])
                field[targets[column]] += values[column] * (new - old)
                state[i] = new
            after[a, k] = new


def overlaps(
    neurons: Signs, m: Floats, diagonal: Floats, divisor: float, s: Floats, rows: Ints,
    sites: Ints, theta: Floats, tie: Signs, low: float, high: float, after: Floats,
) -> None:  # fmt: skip
    """Visit neurons under implicit Hebbian couplings: a visit and a flip O(P)."""
    for a, r in enumerate(rows):
        state, sums = s[r], m[r]
        for k, i in enumerate(sites[a]):
            old = state[i]
            field = (neurons[i] @ sums - diagonal[i] * old) / divisor
            new = decide(field, old, theta[a, k], tie[a, k], low, high)
            if new != old:
                sums += neurons[i] * (new - old)
                state[i] = new
            after[a, k] = new


def permute(words: Words, steps: Words, orders: Ints, swaps: Places) -> None:
    """Give the orders (R, n) into which the next n words of each stream shuffle."""
    n = orders.shape[1]
    draws = below(np.arange(n, 0, -1, dtype=np.uint64), words_of(words, steps, n))
    for row, drawn in zip(orders, draws.tolist(), strict=True):
        order = list(range(n))
        for i, j in zip(range(n - 1, -1, -1), drawn, strict=True):
            order[i], order[j] = order[j], order[i]
        row[:] = order
