"""The incremental kernels for where Numba is not: visits in windows, of which most change nothing.

A window of visits is tested at once, up to the first neuron that may move; that one is then
visited by itself, and the next window begins behind it. So neither the order nor a neuron that
comes twice matters, and each field is the one that a visit in turn would find.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from .reference import Floats, Ints, Places, Signs, Words, decide
from .rng import below, words_of

_FEW = 16  # visits made one by one where so many neurons move that no window pays
_SHORT = 512  # places shuffled one by one
_AGAIN = 256  # visits made ready together where a neuron comes twice
_MANY = 1024  # the same where none does
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
    """One replica's fields, times their divisor, at the visits made ready."""

    size = _MANY

    def __init__(self, columns: Any, h: Floats) -> None:
        self.columns, self.h = columns, h

    def ready(self, sites: Ints) -> None:
        """Make visits ready."""
        self.sites = sites

    def find(self, old: Floats) -> None:
        """Take note of the states in which the visits find their neurons."""

    def of(self, k: int, stop: int) -> Floats:
        """Return the fields at visits from ``k`` to ``stop``."""
        return self.h[self.sites[k:stop]]

    def at(self, k: int, i: int, old: float) -> float:
        """Return the field at visit ``k``, to neuron ``i`` in state ``old``."""
        return self.h.item(i)

    def step(self, k: int, i: int, step: float) -> None:
        """Add a step of that neuron."""
        self.h += np.multiply(self.columns[i], step, dtype=np.float64)


class _Sparse(_Dense):
    def step(self, k: int, i: int, step: float) -> None:
        starts, targets, values = self.columns
        column = slice(starts[i], starts[i + 1])
        self.h[targets[column]] += values[column] * step


class _Overlaps:
    def __init__(self, neurons: Signs, sums: Floats, diagonal: Floats) -> None:
        self.neurons, self.sums, self.diagonal = neurons, sums, diagonal
        self.size = min(_MANY, max(_FEW, _VALUES // sums.size))

    def ready(self, sites: Ints) -> None:
        self.sites, self.patterns = sites, self.neurons[sites].astype(np.float64)

    def find(self, old: Floats) -> None:
        self.own = self.diagonal[self.sites] * old

    def of(self, k: int, stop: int) -> Floats:
        return np.asarray(self.patterns[k:stop] @ self.sums - self.own[k:stop])

    def at(self, k: int, i: int, old: float) -> float:
        drive: float = self.patterns[k].dot(self.sums)
        return drive - self.diagonal.item(i) * old

    def step(self, k: int, i: int, step: float) -> None:
        self.sums += self.patterns[k] * step


def _visit(
    fields: Any, divisor: float, state: Floats, sites: Ints, theta: Floats, tie: Signs,
    low: float, high: float, after: Floats,
) -> None:  # fmt: skip
    """Visit the neurons of one replica in turn."""
    if sites.size < 2 * _FEW:
        fields.ready(sites)
        _singly(fields, 0, divisor, state, sites, theta, tie, low, high, after)
        return
    k, busy = 0, bool(theta.any())
    while k < sites.size:
        part = slice(k, k + fields.size)
        repeats = _repeats(sites[part])
        if repeats:
            part = slice(k, k + min(fields.size, _AGAIN))
        visits = sites[part], theta[part], tie[part]
        busy = _part(fields, divisor, state, *visits, low, high, after[part], repeats, busy)
        k = part.stop


def _part(
    fields: Any, divisor: float, state: Floats, sites: Ints, theta: Floats, tie: Signs,
    low: float, high: float, after: Floats, repeats: bool, busy: bool,
) -> bool:  # fmt: skip
    """Make visits; say whether the last were made one by one, as ``busy`` says of the first."""
    k, end, window, known = 0, sites.size, 2 * _FEW, 0
    pays = 16 if repeats else 4  # a window costs more where states must be found anew
    fields.ready(sites)
    while k < end:
        if busy:
            few = slice(k, min(end, k + _FEW))
            visits = sites[few], theta[few], tie[few]
            moved = _singly(fields, k, divisor, state, *visits, low, high, after[few])
            k, busy = few.stop, pays * moved >= _FEW
            if repeats and moved:
                known = k
            continue
        if k >= known:  # find the states anew
            known, old = end, state[sites]
            fields.find(old)
            after[k:] = old[k:]
            # A neuron rests where its field over its side is above its bar.
            up, keeps = old == high, not tie.any()
            side, bar = np.where(up, divisor, -divisor), np.where(up, theta, -theta)
            np.putmask(bar, (old != low) != up, np.inf)  # what is no state of it may move
        stop = min(known, k + window)
        h = fields.of(k, stop)
        x = h / side[k:stop]
        # An equal field that does not keep the state may move it: `decide` says so.
        rests = x >= bar[k:stop] if keeps else x > bar[k:stop]
        d = int(rests.argmin())
        if rests[d]:
            k, window = stop, 4 * window
            continue
        k += d
        i, s = sites.item(k), old.item(k)
        new = decide(h.item(d) / divisor, s, theta.item(k), tie.item(k), low, high)
        if new != s:
            fields.step(k, i, new - s)
            after[k] = state[i] = new
            if repeats:
                again = sites[k + 1 : known] == i
                if again.any():
                    known = k + 1 + int(again.argmax())
        k += 1
        window = max(_FEW // 2, window // 2 + 2 * d)
        busy = window <= pays * _FEW // 8
    return busy


def _singly(
    fields: Any, k: int, divisor: float, state: Floats, sites: Ints, theta: Floats, tie: Signs,
    low: float, high: float, after: Floats,
) -> int:  # fmt: skip
    """Make some visits, from the k-th that is ready on; return how many moved a neuron."""
    moved = 0
    visits = zip(sites.tolist(), theta.tolist(), tie.tolist(), strict=True)
    for at, (i, bar, rule) in enumerate(visits):
        old = state.item(i)
        new = decide(fields.at(k + at, i, old) / divisor, old, bar, rule, low, high)
        if new != old:
            fields.step(k + at, i, new - old)
            state[i] = new
            moved += 1
        after[at] = new
    return moved


def _repeats(sites: Ints) -> bool:
    line = np.sort(sites)
    return bool((line[1:] == line[:-1]).any())


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
