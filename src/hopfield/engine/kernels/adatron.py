"""The dual AdaTron, compiled: coordinate ascent, one neuron after the other."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from ...base.forms import Floats, Ints, Signs
from .compiling import inline, jit

Singles = npt.NDArray[np.float32]


@jit
def adatron(
    gram: Singles,
    y: Signs,
    n: int,
    limits: tuple[float, float, int],
    x: Floats,
    u: Singles,
    total: Floats,
    swept: Ints,
) -> None:
    """Give neurons the strengths x (A, P) of their patterns; see `learning.adatron.ascend`.

    Two neurons are swept together: each has to wait for its own sums alone.
    """
    (size, p), (rate, tolerance, sweeps) = y.shape, limits
    i, j, following = 0, 1, 2
    sum_i, sum_j = total[0], total[min(1, size - 1)]
    while min(i, j) < size:
        for a in range(p):
            if i < size:
                sum_i += _ascend(gram, y[i], n, rate, x[i], u[i], a, sum_i)
            if j < size:
                sum_j += _ascend(gram, y[j], n, rate, x[j], u[j], a, sum_j)
        if i < size and _ends(y[i], n, tolerance, sweeps, x[i], u[i], sum_i, swept, i):
            total[i] = sum_i
            i, following = following, following + 1
            sum_i = total[min(i, size - 1)]
        if j < size and _ends(y[j], n, tolerance, sweeps, x[j], u[j], sum_j, swept, j):
            total[j] = sum_j
            j, following = following, following + 1
            sum_j = total[min(j, size - 1)]


@inline
def _ascend(
    gram: Singles, y: Signs, n: int, rate: float, x: Floats, u: Singles, a: int, total: float
) -> float:
    """Change the strength of one pattern; return by how much."""
    d: float = max(rate * (1 - (y[a] * u[a] - total / n)), -x[a])
    if d != 0:
        x[a] += d
        step = np.float32(d * y[a])
        for b in range(y.size):
            u[b] += gram[a, b] * step
    return d


@inline
def _ends(
    y: Signs,
    n: int,
    tolerance: float,
    sweeps: int,
    x: Floats,
    u: Singles,
    total: float,
    swept: Ints,
    i: int,
) -> bool:
    """Say whether a neuron is done, or has had all its sweeps; else count one."""
    norm, least = -total * total / n, np.inf
    for a in range(y.size):
        z = y[a] * u[a]
        norm += x[a] * z
        least = min(least, z - total / n)
    dual = 2 * total - norm
    if least > 0 and least * least * dual >= (1 - tolerance) ** 2 * norm:
        return True
    swept[i] += 1
    return bool(swept[i] == sweeps)
