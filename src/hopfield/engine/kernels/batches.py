"""Fields of many -1/+1 states at once under Hebb's couplings, compiled, in whole numbers.

``states`` (R, W) uint64 hold them by words: bit j of word w is set where neuron 64 w + j is at +1.
They are taken in blocks of 32, a lane each: ``cues`` (1, W, 32) holds the words of a block. A field
takes two products. The overlaps are counts of the bits in which a state and a pattern differ. The
fields are sums of the overlaps with signs, and come from tables: one for each 7 patterns, of their
128 sums.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from . import simd
from .compiling import jit, paste
from .reference import Counts, Floats, Ints, Shorts, Words

Bytes = npt.NDArray[np.uint8]
Masks = npt.NDArray[np.uint32]

LANES = 32  # states in a block
GROUP = 7  # patterns in a table: larger ones take longer to fill and lie farther from the core
TABLES = 40  # in use at a time: 320 KB
_SIZE = 2**GROUP * LANES
_MOST = 2**15 - 1


@jit
def sums(
    rows: Words,
    signs: Bytes,
    n: int,
    size: int,
    m: Counts,
    small: Shorts,
    large: Counts,
    h: Counts,
    masks: Masks,
    cues: Words,
    high: int,
    low: int,
) -> None:
    """Give the overlap sums m (7 G, 32) and h (n or more, 32) = X' m of one block of states.

    ``rows`` (P', W) are the ``size`` patterns by words, ``signs`` (n, G) by neurons, 7 in a byte.
    P', 7 G and the rows of h are more by up to 3, 6 and 3. ``small`` and ``large`` are room to
    work in.

    Given ``masks`` (n or more,) of neurons, a bit a state, set these anew instead: where h exceeds
    ``high`` (of a neuron that was up) or ``low`` (of one that was down).
    """
    groups, first, stop, begun = m.shape[0] // GROUP, 0, 0, False
    up, down = np.int32(high), np.int32(low)
    _overlaps(rows, cues, 0, n, m)
    m[size:] = 0
    while True:
        stop = _fitting(m, first, min(first + TABLES, groups))
        if stop == first and first < groups:
            _tabulate_large(m, first, large)
            _gather_large(signs, first, n, large, h, begun)
            first += 1
        else:
            for g in range(first, stop):
                _tabulate(m, g, small, (g - first) * _SIZE)
            last = masks.size > 0 and stop == groups
            _gather(signs, first, stop, n, small, h, begun, masks, last, up, down)
            if stop == groups:
                break
            first = stop
        begun = True


@jit
def together(
    rows: Words,
    signs: Bytes,
    states: Words,
    start: int,
    stop: int,
    n: int,
    size: int,
    m: Counts,
    small: Shorts,
    large: Counts,
    h: Counts,
    masks: Masks,
    cues: Words,
    high: int,
    low: int,
    sweeps: int,
    kept: Words,
    since: int,
    swept: Ints,
    periods: Ints,
) -> None:
    """Move all neurons at once, of each state until it stands still or is as ``kept`` (R, W) again.

    ``kept`` are the states ``since`` sweeps ago; ``swept`` and ``periods`` (R,) come as zeros.
    """
    half = np.uint64(32)
    for first in range(start, stop, LANES):
        k, going = 0, True
        while going and k < sweeps:
            k, going = k + 1, False
            spread(states, first, cues)
            for w in range(states.shape[1]):
                for lane in range(LANES):
                    word = cues[0, w, lane]
                    masks[64 * w + lane] = np.uint32(word)
                    masks[64 * w + LANES + lane] = np.uint32(word >> half)
            _turn(masks)
            sums(rows, signs, n, size, m, small, large, h, masks, cues, high, low)
            for i in range(n, masks.size):  # what the last four neurons have too many
                masks[i] = 0
            _turn(masks)
            for r in range(first, min(first + LANES, stop)):
                if periods[r] == 0:
                    moved = away = np.uint64(0)
                    for w in range(states.shape[1]):
                        at = 64 * w + r - first
                        word = np.uint64(masks[at]) | np.uint64(masks[at + LANES]) << half
                        moved |= word ^ states[r, w]
                        away |= word ^ kept[r, w]
                        states[r, w] = word
                    swept[r] = k
                    periods[r] = 1 if moved == 0 else since + k if away == 0 else 0
                    going |= periods[r] == 0


@jit
def _turn(masks: Masks) -> None:
    for k in range(0, masks.size, LANES):
        simd.turn(masks, k)


@jit
def spread(states: Words, first: int, cues: Words) -> None:
    """Put the words of the states from ``first`` on side by side, the last again where none is."""
    for w in range(states.shape[1]):
        for lane in range(LANES):
            cues[0, w, lane] = states[min(first + lane, states.shape[0] - 1), w]


@jit
def fields(
    rows: Words,
    signs: Bytes,
    states: Words,
    start: int,
    stop: int,
    n: int,
    size: int,
    m: Counts,
    small: Shorts,
    large: Counts,
    h: Counts,
    masks: Masks,
    cues: Words,
    diagonal: int,
    out: Floats,
) -> None:
    """Give the fields times their divisor (R, n) of states ``start`` to ``stop``."""
    for first in range(start, stop, LANES):
        spread(states, first, cues)
        sums(rows, signs, n, size, m, small, large, h, masks[:0], cues, diagonal, diagonal)
        for r in range(first, min(first + LANES, stop)):
            for i in range(n):
                up = np.int64((states[r, i >> 6] >> np.uint64(i & 63)) & np.uint64(1))
                out[r, i] = h[i, r - first] - diagonal * (2 * up - 1)


@jit
def squares(
    rows: Words,
    signs: Bytes,
    states: Words,
    start: int,
    stop: int,
    n: int,
    size: int,
    m: Counts,
    small: Shorts,
    large: Counts,
    h: Counts,
    masks: Masks,
    cues: Words,
    out: Ints,
) -> None:
    """Give the sums (R,) of the squared overlap sums of states ``start`` to ``stop``."""
    for first in range(start, stop, LANES):
        spread(states, first, cues)
        _overlaps(rows, cues, 0, n, m)
        lanes = min(LANES, stop - first)
        for lane in range(lanes):
            out[first + lane] = 0
        for p in range(size):
            for lane in range(lanes):
                out[first + lane] += np.int64(m[p, lane]) * np.int64(m[p, lane])


@jit
def _overlaps(rows: Words, cues: Words, c: int, n: int, m: Counts) -> None:
    """Count the overlaps of 4 patterns and 32 states at a time, in 16 registers."""
    width, size = cues.shape[1], simd.splat(np.uint64(n))
    for p in range(0, rows.shape[0], 4):
        a0 = a1 = a2 = a3 = b0 = b1 = b2 = b3 = simd.splat(np.uint64(0))
        c0 = c1 = c2 = c3 = d0 = d1 = d2 = d3 = simd.splat(np.uint64(0))
        for w in range(width):
            k, at = p * width + w, (c * width + w) * LANES
            s0, s1 = simd.load(cues, at), simd.load(cues, at + 8)
            s2, s3 = simd.load(cues, at + 16), simd.load(cues, at + 24)
            x = simd.splat(np.uint64(simd.entry(rows, k)))
            a0, a1 = simd.differing(a0, x, s0), simd.differing(a1, x, s1)
            a2, a3 = simd.differing(a2, x, s2), simd.differing(a3, x, s3)
            x = simd.splat(np.uint64(simd.entry(rows, k + width)))
            b0, b1 = simd.differing(b0, x, s0), simd.differing(b1, x, s1)
            b2, b3 = simd.differing(b2, x, s2), simd.differing(b3, x, s3)
            x = simd.splat(np.uint64(simd.entry(rows, k + 2 * width)))
            c0, c1 = simd.differing(c0, x, s0), simd.differing(c1, x, s1)
            c2, c3 = simd.differing(c2, x, s2), simd.differing(c3, x, s3)
            x = simd.splat(np.uint64(simd.entry(rows, k + 3 * width)))
            d0, d1 = simd.differing(d0, x, s0), simd.differing(d1, x, s1)
            d2, d3 = simd.differing(d2, x, s2), simd.differing(d3, x, s3)
        _keep(m, p, size, a0, a1, a2, a3)
        _keep(m, p + 1, size, b0, b1, b2, b3)
        _keep(m, p + 2, size, c0, c1, c2, c3)
        _keep(m, p + 3, size, d0, d1, d2, d3)


@paste
def _keep(m: Counts, p: int, size: Any, a: Any, b: Any, c: Any, d: Any) -> None:
    """Turn counts of differences into overlaps."""
    at = p * LANES
    simd.store(m, at, simd.sub(size, simd.add(a, a)))
    simd.store(m, at + 8, simd.sub(size, simd.add(b, b)))
    simd.store(m, at + 16, simd.sub(size, simd.add(c, c)))
    simd.store(m, at + 24, simd.sub(size, simd.add(d, d)))


@paste
def _fitting(m: Counts, first: int, stop: int) -> int:
    """Return how far, from group ``first`` on, sums of all groups fit in int16."""
    a = b = simd.splat(np.int32(0))
    for g in range(first, stop):
        for p in range(GROUP * g, GROUP * g + GROUP):
            a = simd.sizes(a, simd.load(m, p * LANES))
            b = simd.sizes(b, simd.load(m, p * LANES + simd.COUNT))
        if max(simd.most(a), simd.most(b)) > _MOST:
            return g
    return stop


@paste
def _tabulate(m: Counts, g: int, table: Shorts, at: int) -> None:
    """Fill a table with the sums of a group's overlaps, plus where a bit is set, else minus."""
    none = simd.splat(np.int16(0))
    for p in range(GROUP * g, GROUP * g + GROUP):
        none = simd.sub(none, simd.cut(m, p * LANES))
    simd.store(table, at, none)
    for k in range(GROUP):
        once, half = simd.cut(m, (GROUP * g + k) * LANES), LANES << k
        twice = simd.add(once, once)
        for j in range(at, at + half, LANES):
            simd.store(table, j + half, simd.add(simd.load(table, j), twice))


@paste
def _gather(
    signs: Bytes,
    first: int,
    stop: int,
    n: int,
    table: Shorts,
    h: Counts,
    begun: bool,
    masks: Masks,
    last: bool,
    up: Any,
    down: Any,
) -> None:
    """Add to the fields, four neurons at a time, what the tables of some groups say."""
    width = signs.shape[1]
    for i in range(0, n, 4):
        i0, i1 = i * width, min(i + 1, n - 1) * width
        i2, i3 = min(i + 2, n - 1) * width, min(i + 3, n - 1) * width
        a = b = c = d = simd.splat(np.int16(0))
        for g in range(first, stop):
            at = (g - first) * _SIZE
            a = simd.looked_up(a, table, at, signs, i0 + g)
            b = simd.looked_up(b, table, at, signs, i1 + g)
            c = simd.looked_up(c, table, at, signs, i2 + g)
            d = simd.looked_up(d, table, at, signs, i3 + g)
        simd.conclude(a, h, begun, masks, last, i, up, down)
        simd.conclude(b, h, begun, masks, last, i + 1, up, down)
        simd.conclude(c, h, begun, masks, last, i + 2, up, down)
        simd.conclude(d, h, begun, masks, last, i + 3, up, down)


@paste
def _tabulate_large(m: Counts, g: int, table: Counts) -> None:
    """Do as `_tabulate`, for a group whose sums need int32."""
    for lane in range(0, LANES, simd.COUNT):
        none = simd.splat(np.int32(0))
        for p in range(GROUP * g, GROUP * g + GROUP):
            none = simd.sub(none, simd.load(m, p * LANES + lane))
        simd.store(table, lane, none)
        for k in range(GROUP):
            once, half = simd.load(m, (GROUP * g + k) * LANES + lane), LANES << k
            twice = simd.add(once, once)
            for j in range(lane, half, LANES):
                simd.store(table, j + half, simd.add(simd.load(table, j), twice))


@paste
def _gather_large(signs: Bytes, g: int, n: int, table: Counts, h: Counts, begun: bool) -> None:
    for i in range(n):
        at = LANES * simd.entry(signs, i * signs.shape[1] + g)
        for lane in range(0, LANES, simd.COUNT):
            row = simd.load(table, at + lane)
            k = i * LANES + lane
            if begun:
                row = simd.add(simd.load(h, k), row)
            simd.store(h, k, row)
