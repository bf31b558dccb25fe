"""The incremental kernels for where Numba is not: the visits of a window are guessed at once.

The first guess is that no neuron moves. The fields that follow from a guess say who does move, and
so a better guess: what a visit finds depends on the visits before it alone, so that each guess is
right a visit further at least, and a guess that repeats itself is what the visits in turn come to.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from ..neurons import decide
from .reference import Floats, Ints, Places, Signs, Words
from .reference import adatron as adatron
from .rng import below, words_of

_WINDOW, _LEAST = 256, 16  # visits: more of them meet more that move, fewer cost more calls
_SHORT = 512  # places shuffled one by one
_VALUES = 2**16  # pattern values made ready together, so that they stay in a cache


def dense(
    columns: Floats, h: Floats, divisor: float, s: Floats, rows: Ints, sites: Ints,
    theta: Floats, tie: Signs, low: float, high: float, after: Floats,
) -> None:  # fmt: skip
    """Visit neurons under dense couplings: a visit O(1), a flip O(N)."""
    for a, r in enumerate(rows):
        fields = _Dense(columns, h[r])
        _visit(fields, divisor, s[r], sites[a], theta[a], tie[a], low, high, after[a])


def sparse(
    starts: Ints, targets: Ints, values: Floats, h: Floats, divisor: float, s: Floats, rows: Ints,
    sites: Ints, theta: Floats, tie: Signs, low: float, high: float, after: Floats,
) -> None:  # fmt: skip
    """Visit neurons under couplings held by columns: a flip costs its column's entries."""
    for a, r in enumerate(rows):
        fields = _Sparse((starts, targets, values), h[r])
        _visit(fields, divisor, s[r], sites[a], theta[a], tie[a], low, high, after[a])


def overlaps(
    neurons: Signs, m: Floats, diagonal: Floats, divisor: float, s: Floats, rows: Ints,
    sites: Ints, theta: Floats, tie: Signs, low: float, high: float, after: Floats,
) -> None:  # fmt: skip
    """Visit neurons under implicit Hebbian couplings: a visit and a flip O(P)."""
    for a, r in enumerate(rows):
        fields = _Overlaps(neurons, m[r], diagonal)
        _visit(fields, divisor, s[r], sites[a], theta[a], tie[a], low, high, after[a])


class _Dense:
    """One replica's fields, times their divisor, at the visits of a window."""

    own: Any = 0.0  # what a neuron's state adds to its own field, to be left out

    def __init__(self, columns: Any, h: Floats) -> None:
        self.columns, self.h, self.size = columns, h, _WINDOW

    def begin(self, sites: Ints) -> Floats:
        """Begin a window; return the fields there, were nobody to move."""
        self.sites = sites
        return self.h[sites]

    def effects(self, visits: Ints) -> Floats:
        """Return what a step of 1 at each of some visits adds at all visits."""
        return np.asarray(self.columns[self.sites[visits, None], self.sites])

    def add(self, visits: Ints, steps: Floats) -> None:
        """Keep the steps made at some visits."""
        self.h += steps @ self.columns[self.sites[visits]]


class _Sparse(_Dense):
    def effects(self, visits: Ints) -> Floats:
        out, row = np.empty((visits.size, self.sites.size)), np.zeros(self.h.size)
        for effect, (targets, values) in zip(out, self._steps(visits), strict=True):
            row[targets] = values
            effect[:] = row[self.sites]
            row[targets] = 0
        return out

    def add(self, visits: Ints, steps: Floats) -> None:
        for step, (targets, values) in zip(steps.tolist(), self._steps(visits), strict=True):
            self.h[targets] += values * step

    def _steps(self, visits: Ints) -> Iterator[tuple[Ints, Floats]]:
        starts, targets, values = self.columns
        for i in self.sites[visits].tolist():
            column = slice(starts[i], starts[i + 1])
            yield targets[column], values[column]


class _Overlaps(_Dense):
    def __init__(self, neurons: Signs, sums: Floats, diagonal: Floats) -> None:
        self.neurons, self.sums, self.diagonal = neurons, sums, diagonal
        self.size = min(_WINDOW, max(_LEAST, _VALUES // sums.size))

    def begin(self, sites: Ints) -> Floats:
        self.own, self.patterns = self.diagonal[sites], self.neurons[sites].astype(np.float64)
        return np.asarray(self.patterns @ self.sums)

    def effects(self, visits: Ints) -> Floats:
        return np.asarray(self.patterns[visits] @ self.patterns.T)

    def add(self, visits: Ints, steps: Floats) -> None:
        self.sums += steps @ self.patterns[visits]


def _visit(
    fields: Any, divisor: float, state: Floats, sites: Ints, theta: Floats, tie: Signs,
    low: float, high: float, after: Floats,
) -> None:  # fmt: skip
    """Visit the neurons of one replica in turn."""
    for k in range(0, sites.size, fields.size):
        part = slice(k, k + fields.size)
        visits = sites[part], theta[part], tie[part]
        _window(fields, divisor, state, *visits, low, high, after[part])


def _window(
    fields: Any, divisor: float, state: Floats, sites: Ints, theta: Floats, tie: Signs,
    low: float, high: float, after: Floats,
) -> None:  # fmt: skip
    """Make the visits of a window."""
    h, start, earlier = fields.begin(sites), state[sites], _earlier(sites)
    places, old, steps = np.arange(sites.size), start, np.zeros(sites.size)
    while True:
        new, found = decide((h - fields.own * old) / divisor, old, theta, tie, low, high), old
        if earlier is not None:
            old = np.where(earlier < 0, start, new[earlier])
        change, steps = new - old - steps, new - old
        (visits,) = change.nonzero()
        if visits.size:
            effects = np.where(places > visits[:, None], fields.effects(visits), 0)
            h += change[visits] @ effects
        elif earlier is None or np.array_equal(old, found):
            break
    (visits,) = steps.nonzero()
    fields.add(visits, steps[visits])
    after[:] = state[sites] = new  # of a neuron that comes twice the last state stays


def _earlier(sites: Ints) -> Ints | None:
    """Return at which visit each neuron last came before, or -1; None if none comes twice."""
    line = np.sort(sites)
    if not (line[1:] == line[:-1]).any():
        return None
    order = sites.argsort(kind="stable")
    again = sites[order[1:]] == sites[order[:-1]]
    earlier = np.full(sites.size, -1)
    earlier[order[1:][again]] = order[:-1][again]
    return earlier


def permute(words: Words, steps: Words, orders: Ints, swaps: Places) -> None:
    """Give the orders (R, n) into which the next n words of each stream shuffle."""
    n = orders.shape[1]
    size = max(1, _VALUES // n)
    for first in range(0, len(orders), size):
        part = slice(first, first + size)
        draws = below(np.arange(n, 0, -1, dtype=np.uint64), words_of(words[part], steps[part], n))
        (_by_sorting if draws.size > _SHORT else _in_turn)(draws, orders[part])


def _in_turn(draws: Ints, orders: Ints) -> None:
    n = orders.shape[1]
    for row, drawn in zip(orders, draws.tolist(), strict=True):
        order = list(range(n))
        for i, j in zip(range(n - 1, -1, -1), drawn, strict=True):
            order[i], order[j] = order[j], order[i]
        row[:] = order


def _by_sorting(draws: Ints, orders: Ints) -> None:
    """Follow what each place holds: what the last place above that drew it held before."""
    total, n = draws.size, orders.shape[1]
    starts, bits = np.arange(0, total, n)[:, None], total.bit_length()
    last = np.arange(1, total + 1).reshape(orders.shape)[::-1]  # total - the place that draws
    keys = (((draws + starts) << bits) | last).ravel()
    keys.sort()
    place, top = keys >> bits, total - (keys & (1 << bits) - 1)
    other, again = place != top, place[1:] == place[:-1]
    ends = other.copy()  # the last draws of each place by another
    ends[:-1] &= ~(again & other[1:])
    held = np.arange(total)
    held[place[ends]] = top[ends]
    while True:
        further = held[held]
        if np.array_equal(further, held):
            break
        held = further
    order = np.empty(total, dtype=np.int64)
    order[top] = place
    order[top[1:][again]] = held[top[:-1][again]]
    orders[:] = order.reshape(orders.shape) - starts
