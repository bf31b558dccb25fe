"""The dual AdaTron, compiled: coordinate ascent, one neuron after the other."""

from __future__ import annotations

from typing import Any

import numba
import numpy as np

from .cache import cached
from .reference import Floats, Ints, Signs, Singles

_OPTIONS: dict[str, Any] = {"nogil": True, "error_model": "numpy", "_nrt": False}


def _jit(function: Any) -> Any:
    return cached(numba.njit(function, **_OPTIONS), function)


@_jit
def adatron(
    gram: Singles, y: Signs, n: int, rate: float, tolerance: float, sweeps: int, x: Floats,
    u: Singles, swept: Ints,
) -> None:  # fmt: skip
    """Give neurons the strengths x (A, P) of their patterns; see `reference.adatron`."""
    size, p = y.shape
    for i in range(size):
        total = 0.0
        while swept[i] < sweeps:
            for a in range(p):
                d = rate * (1 - (y[i, a] * u[i, a] - total / n))
                d = max(d, -x[i, a])
                if d != 0:
                    x[i, a] += d
                    total += d
                    step = np.float32(d * y[i, a])
                    for b in range(p):
                        u[i, b] += gram[a, b] * step
            norm, least = -total * total / n, np.inf
            for a in range(p):
                z = y[i, a] * u[i, a]
                norm += x[i, a] * z
                least = min(least, z - total / n)
            dual = 2 * total - norm
            if least > 0 and least * least * dual >= (1 - tolerance) ** 2 * norm:
                break
            swept[i] += 1
