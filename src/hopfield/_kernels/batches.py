"""Fields of many -1/+1 states at once under Hebb's couplings, compiled, in whole numbers.

States come in blocks of 32, a lane each: ``cues`` (C, W, 32) uint64 holds word w of each of the
32 states of block c, bit j of it set where neuron 64 w + j is at +1. A field takes two products.
The overlaps are counts of the bits in which a state and a pattern differ. The fields are sums of
the overlaps with signs, and come from tables: one for each 8 patterns, of their 256 sums.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numba
import numpy as np
import numpy.typing as npt

from . import simd
from .cache import cached
from .reference import Counts, Floats, Ints, Shorts, Words

Bytes = npt.NDArray[np.uint8]

LANES = 32  # states in a block
GROUP = 8  # patterns in a table
TABLES = 32  # in use at a time: half a megabyte, to stay in a cache
_SIZE = 2**GROUP * LANES
_MOST = 2**15 - 1

_OPTIONS: dict[str, Any] = {"nogil": True, "error_model": "numpy", "_nrt": False}


def _jit(function: Callable[..., Any]) -> Callable[..., Any]:
    return cached(numba.njit(function, **_OPTIONS), function)


def _inline(function: Callable[..., Any]) -> Callable[..., Any]:
    compiled: Callable[..., Any] = numba.njit(function, inline="always", **_OPTIONS)
    return compiled


@_jit
def sums(
    rows: Words, signs: Bytes, cues: Words, c: int, n: int, size: int, m: Counts,
    bounds: Counts, small: Shorts, large: Counts, h: Counts,
) -> None:  # fmt: skip
    """Give the overlap sums m (8 G, 32) and h (n or more, 32) = X' m of one block of states.

    ``rows`` (P', W) are the ``size`` patterns by words, and ``signs`` (n, G') by neurons. P', 8 G
    and the rows of h are more by up to 3, 7 and 3. ``bounds``, ``small`` and ``large`` are room
    to work in.
    """
    groups, first = m.shape[0] // GROUP, 0
    _overlaps(rows, cues, c, n, m)
    m[size:] = 0
    h[:] = 0
    while first < groups:
        stop = _fitting(m, bounds, first, min(first + TABLES, groups))
        if stop == first:
            stop = first + 1
            _tabulate_large(m, first, large)
            _gather_large(signs, first, n, large, h)
        else:
            for g in range(first, stop):
                _tabulate(m, g, small, (g - first) * _SIZE)
            _gather(signs, first, stop, n, small, h)
        first = stop


@_jit
def together(
    rows: Words, signs: Bytes, cues: Words, start: int, stop: int, n: int, size: int, m: Counts,
    bounds: Counts, small: Shorts, large: Counts, h: Counts, high: int, low: int, after: Words,
) -> None:  # fmt: skip
    """Move all neurons of blocks ``start`` to ``stop`` at once.

    Up where h exceeds ``high`` (a neuron that is up) or ``low`` (one that is down).
    """
    up, down = np.int32(high), np.int32(low)
    for c in range(start, stop):
        sums(rows, signs, cues, c, n, size, m, bounds, small, large, h)
        for w in range(cues.shape[1]):
            at = (c * cues.shape[1] + w) * LANES
            a = b = d = e = simd.splat(np.uint64(0))
            olda, oldb = simd.load(cues, at), simd.load(cues, at + 8)
            oldd, olde = simd.load(cues, at + 16), simd.load(cues, at + 24)
            for j in range(min(64, n - 64 * w)):
                k = (64 * w + j) * LANES
                a = simd.above(a, olda, j, h, k, up, down)
                b = simd.above(b, oldb, j, h, k + 8, up, down)
                d = simd.above(d, oldd, j, h, k + 16, up, down)
                e = simd.above(e, olde, j, h, k + 24, up, down)
            simd.store(after, at, a)
            simd.store(after, at + 8, b)
            simd.store(after, at + 16, d)
            simd.store(after, at + 24, e)


@_jit
def fields(
    rows: Words, signs: Bytes, cues: Words, start: int, stop: int, n: int, size: int, m: Counts,
    bounds: Counts, small: Shorts, large: Counts, h: Counts, diagonal: int, out: Floats,
) -> None:  # fmt: skip
    """Give the fields times their divisor (R, n) of the states in blocks ``start`` to ``stop``."""
    for c in range(start, stop):
        sums(rows, signs, cues, c, n, size, m, bounds, small, large, h)
        for w in range(cues.shape[1]):
            for lane in range(min(LANES, out.shape[0] - LANES * c)):
                word = cues[c, w, lane]
                for i in range(64 * w, min(64 * w + 64, n)):
                    up = np.int64((word >> np.uint64(i - 64 * w)) & np.uint64(1))
                    out[LANES * c + lane, i] = h[i, lane] - diagonal * (2 * up - 1)


@_jit
def squares(
    rows: Words, signs: Bytes, cues: Words, start: int, stop: int, n: int, size: int, m: Counts,
    bounds: Counts, small: Shorts, large: Counts, h: Counts, out: Ints,
) -> None:  # fmt: skip
    """Give the sums (32 C,) of the squared overlap sums of blocks ``start`` to ``stop``."""
    for c in range(start, stop):
        _overlaps(rows, cues, c, n, m)
        for lane in range(LANES):
            out[LANES * c + lane] = 0
        for p in range(size):
            for lane in range(LANES):
                out[LANES * c + lane] += np.int64(m[p, lane]) * np.int64(m[p, lane])


@_jit
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


@_inline
def _keep(m: Counts, p: int, size: Any, a: Any, b: Any, c: Any, d: Any) -> None:
    """Turn counts of differences into overlaps."""
    at = p * LANES
    simd.store(m, at, simd.sub(size, simd.add(a, a)))
    simd.store(m, at + 8, simd.sub(size, simd.add(b, b)))
    simd.store(m, at + 16, simd.sub(size, simd.add(c, c)))
    simd.store(m, at + 24, simd.sub(size, simd.add(d, d)))


@_inline
def _fitting(m: Counts, bounds: Counts, first: int, stop: int) -> int:
    """Return how far, from group ``first`` on, sums of all groups fit in int16."""
    bounds[:] = 0
    for g in range(first, stop):
        for p in range(GROUP * g, GROUP * g + GROUP):
            for lane in range(LANES):
                bounds[lane] += abs(m[p, lane])
        most = 0
        for lane in range(LANES):
            most = max(most, bounds[lane])
        if most > _MOST:
            return g
    return stop


@_inline
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


@_inline
def _gather(signs: Bytes, first: int, stop: int, n: int, table: Shorts, h: Counts) -> None:
    """Add to the fields, four neurons at a time, what the tables of some groups say."""
    width = signs.shape[1]
    for i in range(0, n, 4):
        i0, i1 = i * width, min(i + 1, n - 1) * width
        i2, i3 = min(i + 2, n - 1) * width, min(i + 3, n - 1) * width
        a = b = c = d = simd.splat(np.int16(0))
        for g in range(first, stop):
            at = (g - first) * _SIZE
            a = simd.add(a, simd.load(table, at + LANES * simd.entry(signs, i0 + g)))
            b = simd.add(b, simd.load(table, at + LANES * simd.entry(signs, i1 + g)))
            c = simd.add(c, simd.load(table, at + LANES * simd.entry(signs, i2 + g)))
            d = simd.add(d, simd.load(table, at + LANES * simd.entry(signs, i3 + g)))
        simd.widen(h, i * LANES, a)
        simd.widen(h, i * LANES + LANES, b)
        simd.widen(h, i * LANES + 2 * LANES, c)
        simd.widen(h, i * LANES + 3 * LANES, d)


@_inline
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


@_inline
def _gather_large(signs: Bytes, g: int, n: int, table: Counts, h: Counts) -> None:
    for i in range(n):
        at = LANES * simd.entry(signs, i * signs.shape[1] + g)
        for lane in range(0, LANES, simd.COUNT):
            row = simd.load(table, at + lane)
            k = i * LANES + lane
            simd.store(h, k, simd.add(simd.load(h, k), row))
