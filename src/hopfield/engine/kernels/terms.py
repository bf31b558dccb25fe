"""Couplings of T terms, each with a weight and a divisor of its own.

Numerators of each stand side by side, and each is divided by itself. Terms 1 and 1 of divisors 2
and 3, and numerators of 1 and 2, make the field 1 / 2 + 2 / 3.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from ...base.forms import Array, Floats
from . import visits
from .compiling import inline
from .visits import Held, Net, serve


class Terms(NamedTuple):
    """What a step of each neuron adds to the numerators of all, side by side: rows (N, T N)."""

    rows: Floats


@inline
def begin(net: Net, held: Held, r: int) -> None:
    """Add the rows of all neurons to sums of 0."""
    if held[1][r] == 1:
        return
    s, h, rows = held[0][r], held[3][r], net[0]
    h[:] = 0.0
    for i in range(s.size):
        if s[i]:
            _add_row(rows[i], float(s[i]), h)
    held[1][r] = 1


@inline
def field_of(net: Net, held: Held, terms: visits.Terms, r: int, i: Any) -> Any:
    """Return the field of a neuron: terms of the same divisor are divided as one."""
    (bias, weights, divisors), h = terms, held[3]
    x = part = 0.0
    for t in range(weights.size):
        part += weights[t] * h[r, t * bias.size + np.int64(i)]
        if t + 1 == weights.size or divisors[t + 1] != divisors[t]:
            x, part = x + part / divisors[t], 0.0
    return x + bias[i]


@inline
def move(net: Net, held: Held, r: int, i: Any, new: Any) -> None:
    """Add a neuron's row, so often as it steps."""
    _add_row(net[0][i], float(new - held[0][r, i]), held[3][r])
    held[0][r, i] = new


@inline
def energy(net: Net, held: Held, divisor: float, r: int) -> Any:
    """Leave it to the memory."""
    return 0.0


@inline
def _add_row(row: Array, step: float, h: Floats) -> None:
    for j in range(h.size):
        h[j] += row[j] * step


serve(globals())
