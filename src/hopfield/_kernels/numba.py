"""The incremental kernels, compiled. The same arithmetic as `numpy`, in loops.

Indices stay int64. Sums over patterns may be reordered (``reassoc``): they are sums of exact
binary fractions (recall rounds a cue to 2**-20), so every order gives the same bits.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numba
import numpy as np

from .reference import Floats, Ints, Signs


def _jit(function: Callable[..., Any]) -> Callable[..., Any]:
    options: dict[str, Any] = {"nogil": True, "fastmath": {"reassoc", "nsz"}}
    try:
        compiled: Callable[..., Any] = numba.njit(function, cache=True, **options)
    except RuntimeError:  # no folder for the cache can be written
        compiled = numba.njit(function, **options)
    return compiled


@_jit
def decide(h: float, s: float, theta: float, tie: int, low: float, high: float) -> float:
    """Return the state that field ``h`` gives a neuron in state ``s``."""
    if h > theta or (h == theta and tie > 0):
        return high
    if h < theta or tie < 0:
        return low
    middle = (low + high) / 2
    return s if s == middle else (high if s > middle else low)


@_jit
def dense(
    columns: Floats, h: Floats, divisor: float, s: Floats, rows: Ints, sites: Ints,
    theta: Floats, tie: Signs, low: float, high: float, after: Floats,
) -> None:  # fmt: skip
    """Visit neurons under dense couplings: a visit O(1), a flip O(N)."""
    for a in range(rows.size):
        r = rows[a]
        for k in range(sites.shape[1]):
            i = sites[a, k]
            old = s[r, i]
            new = decide(h[r, i] / divisor, old, theta[a, k], tie[a, k], low, high)
            if new != old:
                step = new - old
                for j in range(s.shape[1]):
                    h[r, j] += columns[i, j] * step
                s[r, i] = new
            after[a, k] = new


@_jit
def sparse(
    starts: Ints, targets: Ints, values: Floats, h: Floats, divisor: float, s: Floats, rows: Ints,
    sites: Ints, theta: Floats, tie: Signs, low: float, high: float, after: Floats,
) -> None:  # fmt: skip
    """Visit neurons under couplings held by columns: a flip costs its column's entries."""
    for a in range(rows.size):
        r = rows[a]
        for k in range(sites.shape[1]):
            i = sites[a, k]
            old = s[r, i]
            new = decide(h[r, i] / divisor, old, theta[a, k], tie[a, k], low, high)
            if new != old:
                step = new - old
                for e in range(starts[i], starts[i + 1]):
                    h[r, targets[e]] += values[e] * step
                s[r, i] = new
            after[a, k] = new


@_jit
def overlaps(
    neurons: Signs, m: Floats, diagonal: Floats, divisor: float, s: Floats, rows: Ints,
    sites: Ints, theta: Floats, tie: Signs, low: float, high: float, after: Floats,
) -> None:  # fmt: skip
    """Visit neurons under implicit Hebbian couplings: a visit and a flip O(P)."""
    p = m.shape[1]
    for a in range(rows.size):
        r = rows[a]
        for k in range(sites.shape[1]):
            i = sites[a, k]
            old = s[r, i]
            field = 0.0
            for mu in range(p):
                field += neurons[i, mu] * m[r, mu]
            field = (field - diagonal[i] * old) / divisor
            new = decide(field, old, theta[a, k], tie[a, k], low, high)
            if new != old:
                step = new - old
                for mu in range(p):
                    m[r, mu] += neurons[i, mu] * step
                s[r, i] = new
            after[a, k] = new


@_jit
def shuffle(swaps: Ints) -> Ints:
    """Return the orders (R, N) of Fisher-Yates: place N-1-k swaps with place swaps[:, k]."""
    orders = np.empty_like(swaps)
    n = swaps.shape[1]
    for r in range(swaps.shape[0]):
        for i in range(n):
            orders[r, i] = i
        for k in range(n):
            i = n - 1 - k
            j = swaps[r, k]
            orders[r, i], orders[r, j] = orders[r, j], orders[r, i]
    return orders
