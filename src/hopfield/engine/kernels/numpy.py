"""The incremental kernels for where Numba is not: the visits of a window are guessed at once.

The first guess is that no neuron moves. The fields that follow from a guess say who does move, and
so a better guess: what a visit finds depends on the visits before it alone, so that each guess is
right a visit further at least, and a guess that repeats itself is what the visits in turn come to.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from ...base.streams import Streams, below, words_of
from ...core.neurons import decide
from .reference import Floats, Ints, Places, Signs, Words, adatron as adatron

# A BLAS may set flags for what lies beyond a row in its vectors; no sum here can be at fault.
_SPURIOUS = np.errstate(over="ignore", invalid="ignore")
_WINDOW, _LARGE, _LEAST = 256, 1024, 16  # visits: more need more guesses, fewer more calls
_FEW = 8  # steps followed one by one
_VALUES, _KEPT = 3 * 2**15, 2**18  # pattern values that stay in a cache while they are used
_SHORT, _PLACES = 256, 2**13  # places shuffled one by one, and together


def dense(
    columns: Floats,
    h: Floats,
    divisor: float,
    s: Floats,
    rows: Ints,
    sites: Ints,
    theta: Floats,
    tie: Signs,
    low: float,
    high: float,
    after: Floats,
) -> None:
    """Visit neurons under dense couplings: a visit O(1), a flip O(N)."""
    for a, r in enumerate(rows):
        fields = _Dense(columns, h[r])
        _visit(fields, divisor, s[r], sites[a], theta[a], tie[a], low, high, after[a])


def sparse(
    starts: Ints,
    targets: Ints,
    values: Floats,
    h: Floats,
    divisor: float,
    s: Floats,
    rows: Ints,
    sites: Ints,
    theta: Floats,
    tie: Signs,
    low: float,
    high: float,
    after: Floats,
) -> None:
    """Visit neurons under couplings held by columns: a flip costs its column's entries."""
    for a, r in enumerate(rows):
        fields = _Sparse((starts, targets, values), h[r])
        _visit(fields, divisor, s[r], sites[a], theta[a], tie[a], low, high, after[a])


@_SPURIOUS
def overlaps(
    neurons: Signs,
    m: Floats,
    diagonal: Floats,
    divisor: float,
    s: Floats,
    rows: Ints,
    sites: Ints,
    theta: Floats,
    tie: Signs,
    low: float,
    high: float,
    after: Floats,
) -> None:
    """Visit neurons under implicit Hebbian couplings: a visit and a flip O(P)."""
    legal = bool(((s[rows] == low) | (s[rows] == high)).all())
    kind = _kind(neurons.size, low, high) if legal else np.float64
    for a, r in enumerate(rows):
        fields = _Overlaps(neurons, m[r], diagonal, kind)
        _visit(fields, divisor, s[r], sites[a], theta[a], tie[a], low, high, after[a])


@_SPURIOUS
def settle_overlaps(
    neurons: Signs,
    m: Floats,
    diagonal: Floats,
    divisor: float,
    s: Floats,
    streams: Streams,
    most: int,
    theta: Floats,
    tie: int,
    low: float,
    high: float,
    swept: Ints,
    quiet: Ints,
) -> None:
    """Make ``swept`` (R,) sweeps in shuffled orders, ``most`` or up to one that is ``quiet`` (R,).

    Before each but the first, whole fields tell in which replicas anybody will move: an order is
    drawn for these alone. The sums ``m`` (R, P) are only written.
    """
    kind, n = _kind(neurons.size, low, high), len(neurons)
    if neurons.size <= _KEPT:
        neurons = neurons.astype(kind)
    ties, after, size = np.full(n, tie, dtype=np.int8), np.empty(n), max(1, 8 * _KEPT // n)
    for first in range(0, len(s), size):
        rows = np.arange(first, min(first + size, len(s)))
        m[rows] = sum(s[rows, part].astype(kind) @ x for part, x in _blocks(neurons, kind))
        for k in range(most):
            now, drawn, moves = s[rows], streams.of(rows), np.arange(rows.size)
            streams.state[rows] += n * drawn.step
            if k:
                sums = m[rows].astype(kind)
                h = np.concatenate([sums @ x.T for _, x in _blocks(neurons, kind)], axis=1)
                new = decide((h - diagonal * now) / divisor, now, theta, tie, low, high)
                moves = (new != now).any(axis=1).nonzero()[0]
            orders = drawn.of(moves).permutation(n) if moves.size else ()
            for r, sites in zip(rows[moves], orders, strict=True):
                fields = _Overlaps(neurons, m[r], diagonal, kind)
                _visit(fields, divisor, s[r], sites, theta[sites], ties, low, high, after, True)
            swept[rows], quiet[rows] = k + 1, (s[rows] == now).all(axis=1)
            rows = rows[quiet[rows] == 0]
            if not rows.size:
                break


def _kind(size: int, *states: float) -> Any:
    """Return float32 where that holds sums of ``size`` states, their halves and their steps."""
    whole = all(x % 1 == 0 for x in states)
    return np.float32 if whole and 4 * size * max(map(abs, states)) < 2**24 else np.float64


def _blocks(neurons: Signs, kind: Any) -> Iterator[tuple[slice, Any]]:
    """Yield patterns as floats, a few neurons at a time."""
    size = max(1, _VALUES // neurons.shape[1])
    for first in range(0, len(neurons), size):
        part = slice(first, first + size)
        yield part, neurons[part].astype(kind, copy=False)


class _Dense:
    """One replica's fields, times their divisor, at the visits of a window."""

    own: Any = 0.0  # what a neuron's state adds to its own field, to be left out

    def __init__(self, columns: Any, h: Floats) -> None:
        self.columns, self.h, self.size = columns, h, min(_WINDOW, h.size)

    def begin(self, sites: Ints) -> Floats:
        """Begin a window; return the fields there, were nobody to move."""
        self.sites = sites
        return self.h[sites]

    def effects(self, visits: Ints) -> Floats:
        """Return what a step of 1 at each of some visits adds at all visits."""
        return np.asarray(self.columns[self.sites[visits, None], self.sites])

    def shift(self, h: Floats, visits: Ints, steps: Floats) -> None:
        """Add to the fields what steps at some visits add at later ones."""
        later = np.arange(h.size) > visits[:, None]
        h += steps @ np.where(later, self.effects(visits), 0)

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
    def __init__(self, neurons: Signs, sums: Floats, diagonal: Floats, kind: Any) -> None:
        self.neurons, self.sums, self.diagonal, self.kind = neurons, sums, diagonal, kind
        self.size = min(len(neurons), _LARGE, max(_LEAST, _VALUES // sums.size))

    def begin(self, sites: Ints) -> Floats:
        self.own = self.diagonal[sites]
        # A take is quicker than an index.
        self.patterns = self.neurons.take(sites, axis=0).astype(self.kind, copy=False)
        return np.asarray(self.patterns @ self.sums.astype(self.kind), dtype=np.float64)

    def shift(self, h: Floats, visits: Ints, steps: Floats) -> None:
        sums = self._steps(visits, steps).cumsum(axis=0)  # what is added after each visit
        if visits.size < _FEW:
            at = (visits + 1).tolist()
            for i, j, added in zip(at, [*at[1:], h.size], sums, strict=True):
                h[i:j] += self.patterns[i:j] @ added
        else:
            later = slice(visits[0] + 1, None)
            ends = np.concatenate((visits, [h.size - 1]))
            added = np.repeat(sums, ends[1:] - visits, axis=0)
            h[later] += np.vecdot(self.patterns[later], added)

    def add(self, visits: Ints, steps: Floats) -> None:
        self.sums += steps.astype(self.kind) @ self.patterns[visits]

    def _steps(self, visits: Ints, steps: Floats) -> Floats:
        return np.asarray(self.patterns[visits] * steps[:, None].astype(self.kind))


def _visit(
    fields: Any,
    divisor: float,
    state: Floats,
    sites: Ints,
    theta: Floats,
    tie: Signs,
    low: float,
    high: float,
    after: Floats,
    once: bool = False,
) -> None:
    """Visit the neurons of one replica in turn."""
    count = -(-sites.size // fields.size)
    for k in range(count):
        part = slice(sites.size * k // count, sites.size * (k + 1) // count)
        visits = sites[part], theta[part], tie[part]
        earlier = None if once else _earlier(sites[part])
        _window(fields, divisor, state, *visits, low, high, after[part], earlier)


def _window(
    fields: Any,
    divisor: float,
    state: Floats,
    sites: Ints,
    theta: Floats,
    tie: Signs,
    low: float,
    high: float,
    after: Floats,
    earlier: Ints | None,
) -> None:
    """Make the visits of a window."""
    h, old, steps = fields.begin(sites), state[sites], np.zeros(sites.size)
    start = old
    h -= fields.own * old
    while True:
        new, found = decide(h / divisor, old, theta, tie, low, high), old
        if earlier is not None:
            old = np.where(earlier < 0, start, new[earlier])
            h -= fields.own * (old - found)
        made, steps = steps, new - old
        (visits,) = (steps != made).nonzero()
        if visits.size:
            fields.shift(h, visits, (steps - made)[visits])
        elif earlier is None or np.array_equal(old, found):
            break
    (visits,) = (steps != 0).nonzero()
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
    size = max(1, _PLACES // n)
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
    places = np.arange(total).reshape(orders.shape)[:, ::-1]  # those that draw, the last first
    drawn = draws + starts
    held = np.arange(total + 1)  # the last one is of no place
    held[np.where(drawn == places, total, drawn)] = places  # of a place drawn twice the last stays
    while True:
        further = held[held]
        further = further[further]
        if (further == held).all():
            break
        held = further
    keys = (drawn << bits | total - places).ravel()
    keys.sort()
    place, top = keys >> bits, total - (keys & (1 << bits) - 1)
    again = place[1:] == place[:-1]
    place[1:] = np.where(again, held[top[:-1]], place[1:])
    order = np.empty(total, dtype=np.int64)
    order[top] = place
    orders[:] = order.reshape(orders.shape) - starts
