"""Couplings held by columns, dense or sparse: the numerators of all fields stand beside the states.

A visit reads one of them; a neuron that moves adds its column, so often as it steps, to all. With
rows 0 1 and 1 0 and the state + -, the numerators are -1 and 1. Neuron 0 goes to -1: twice minus
its column 0 1 makes them -1 and -1.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from ...base.forms import Array, Floats, Ints, Signs
from .compiling import inline, inline_sums
from .visits import Held, Net, Terms, scaled, serve


class Columns(NamedTuple):
    """Couplings.

    Attributes
    ----------
    starts, targets, values
        Dense: values (N, N), row j what neuron j adds to all numerators. Sparse:
        values[starts[j] : starts[j + 1]] to those of targets.
    keys : ndarray of float64, shape (P, N) or (0, N)
        Where there are any, values = keys' keys - diag(own).
    own : ndarray of float64, shape (N,)
        See there.
    """

    starts: Ints
    targets: Any
    values: Array
    keys: Floats
    own: Floats


AT_HAND = True


@inline
def begin(net: Net, held: Held, r: int) -> None:
    """Add up the numerators of a replica: by keys, or else by columns."""
    if held[1][r] == 1:
        return
    starts, targets, values, keys, own = net
    s, h = held[0][r], held[3][r]
    for i in range(s.size):
        h[i] = -own[i] * s[i]
    for p in range(keys.shape[0]):
        m = product(s, keys[p])
        for i in range(s.size):
            h[i] += m * keys[p, i]
    if not keys.shape[0]:
        _add_columns(starts, targets, values, s, h)
    held[1][r] = 1


@inline
def field_of(net: Net, held: Held, terms: Terms, r: int, i: Any) -> Any:
    """Return the field of a neuron."""
    return scaled(terms, held[3][r, i], i)


@inline
def move(net: Net, held: Held, r: int, i: Any, new: Any) -> None:
    """Add a neuron's column to the numerators, so often as it steps."""
    starts, targets, values, _, _ = net
    s = held[0]
    _add_column(starts, targets, values, np.int64(i), float(new - s[r, i]), held[3][r])
    s[r, i] = new


@inline
def energy(net: Net, held: Held, divisor: float, r: int) -> Any:
    """Return minus half of s.h."""
    return (0.0 - product(held[0][r], held[3][r])) / (2 * divisor)


@inline
def _add_column(starts: Ints, targets: Any, values: Any, i: int, step: float, h: Floats) -> None:
    if values.ndim == 2:
        for j in range(h.size):
            h[j] += values[i, j] * step
    else:
        for e in range(starts[i], starts[i + 1]):
            h[targets[e]] += values[e] * step


@inline
def _add_columns(starts: Ints, targets: Any, values: Any, s: Signs, h: Floats) -> None:
    first = 0
    if values.ndim == 2:
        first = s.size // 4 * 4
        for i in range(0, first, 4):  # at once: a numerator is read and written for all four
            a, b, c, d = float(s[i]), float(s[i + 1]), float(s[i + 2]), float(s[i + 3])
            if a == 0 and b == 0 and c == 0 and d == 0:  # most sites of neurons of q states
                continue
            for j in range(h.size):
                pair = a * values[i, j] + b * values[i + 1, j]
                h[j] += pair + (c * values[i + 2, j] + d * values[i + 3, j])
    for i in range(first, s.size):
        if s[i]:
            _add_column(starts, targets, values, i, float(s[i]), h)


@inline_sums
def product(s: Any, h: Floats) -> Any:
    """Return s.h, in any order: whoever needs the bits asks where that is exact."""
    total = 0.0
    for i in range(s.size):
        total += s[i] * h[i]
    return total


serve(globals())
