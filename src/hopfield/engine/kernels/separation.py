"""Dense memories, compiled: any F whose values are whole numbers, patterns in bits.

An overlap sum m of -1/+1 neurons is one of N + 1 levels, m = 2 k - N, and ``rises[k]`` is the step
of F from level k - 1 to level k (0 at both ends). Twice the field of a neuron in state s is then

    sum over patterns that are +1 at it of (rises[k] + rises[k + 1])
    - sum over all patterns of rises[k + (s > 0)]

so a visit is one masked sum, of slopes, and a flip takes every pattern to its next level.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from . import simd
from .compiling import inline_sums, jit_sums
from .draws import shuffle
from .incremental import decide
from .reference import Counts, Floats, Ints, Masks, Places, Signs, Words


@jit_sums
def climb(
    columns: Words,
    room: Words,
    values: Floats,
    masks: Masks,
    rises: Any,
    size: int,
    levels: Counts,
    sums: Any,
    sides: Ints,
    s: Floats,
) -> None:
    """Fill in the levels (R, P') of states, their slopes, and sums (R, 3) of rises and of F.

    ``columns`` (W, P') are the patterns as words of bits, ``room`` (W,) is for a state's.
    """
    n, width = s.shape[1], levels.shape[1]
    for r in range(s.shape[0]):
        room[:] = 0
        for i in range(n):
            room[i >> 6] |= np.uint64(s[r, i] > 0) << np.uint64(i & 63)
        for mu in range(0, width, 8):
            apart = simd.splat(np.uint64(0))
            for k in range(room.size):
                word = simd.load(columns, k * width + mu)
                apart = simd.differing(apart, word, simd.splat(room[k]))
            simd.store(levels, r * width + mu, simd.sub(simd.splat(np.uint64(n)), apart))
        height = 0.0
        for mu in range(size):
            height += values[levels[r, mu]]
        sides[r, 2] = np.int64(height)
        _step(masks, rises, size, levels, sums, sides, 0.0, 0, r, 0)


@jit_sums
def separation(
    masks: Masks,
    bits: Any,
    rises: Any,
    size: int,
    levels: Counts,
    sums: Any,
    sides: Ints,
    s: Floats,
    rows: Ints,
    sites: Ints,
    theta: Floats,
    tie: Signs,
    low: float,
    high: float,
    after: Floats,
) -> None:
    """Visit -1/+1 neurons; ``bits`` (N, B) are the masks in parts of a vector's lanes."""
    for a in range(rows.size):
        r = rows[a]
        for j in range(sites.shape[1]):
            i = sites[a, j]
            old = s[r, i]
            twice = _twice(bits, sums, sides, old, r, i)
            new = decide(twice / 2, old, theta[a, j], tie[a, j], low, high)
            if new != old:
                _step(masks, rises, size, levels, sums, sides, new, twice, r, i)
                s[r, i] = new
            after[a, j] = new


@jit_sums
def settle_separation(
    masks: Masks,
    bits: Any,
    rises: Any,
    size: int,
    levels: Counts,
    sums: Any,
    sides: Ints,
    s: Floats,
    start: int,
    stop: int,
    words: Words,
    steps: Words,
    sweeps: int,
    tie: int,
    swept: Ints,
    quiet: Ints,
    order: Places,
    swaps: Places,
) -> None:
    """Sweep in shuffled orders, each replica until nothing moves or for so many sweeps."""
    n = s.shape[1]
    for r in range(start, stop):
        while swept[r] < sweeps and not quiet[r]:
            words[r] = shuffle(words[r], steps[r], order, swaps)
            moved, k = False, np.int64(0)
            while k < n:
                for drive in _four(bits, sums, r, order, k):
                    if k == n:
                        break
                    i = order[k]
                    up = s[r, i] > 0
                    twice = drive - sides[r, np.int64(up)]
                    k += 1
                    if (twice + np.int64((tie > 0) | ((tie == 0) & up)) > 0) != up:
                        new = -s[r, i]
                        _step(masks, rises, size, levels, sums, sides, new, twice, r, i)
                        s[r, i] = new
                        moved = True
                        break  # the others' drives are out of date
            swept[r] += 1
            quiet[r] = not moved


@inline_sums
def _four(bits: Any, sums: Any, r: int, order: Places, k: int) -> Any:
    """Return the masked sums of the next four neurons, as if none of them moved."""
    lanes, width, last = 64 // sums.itemsize, bits.shape[1], order.size - 1
    i0, i1 = order[k] * width, order[min(k + 1, last)] * width
    i2, i3 = order[min(k + 2, last)] * width, order[min(k + 3, last)] * width
    first = r * sums.shape[1]
    x = simd.load(sums, first)
    a = b = c = d = e = f = g = h = simd.sub(x, x)
    for at in range(0, sums.shape[1] // lanes, 2):
        x, y = simd.load(sums, first + lanes * at), simd.load(sums, first + lanes * at + lanes)
        a, b = simd.picked(a, bits, i0 + at, x), simd.picked(b, bits, i0 + at + 1, y)
        c, d = simd.picked(c, bits, i1 + at, x), simd.picked(d, bits, i1 + at + 1, y)
        e, f = simd.picked(e, bits, i2 + at, x), simd.picked(f, bits, i2 + at + 1, y)
        g, h = simd.picked(g, bits, i3 + at, x), simd.picked(h, bits, i3 + at + 1, y)
    return (
        simd.total(simd.add(a, b)),
        simd.total(simd.add(c, d)),
        simd.total(simd.add(e, f)),
        simd.total(simd.add(g, h)),
    )


@inline_sums
def _twice(bits: Any, sums: Any, sides: Ints, old: float, r: int, i: int) -> Any:
    at, first, lanes = i * bits.shape[1], r * sums.shape[1], 64 // sums.itemsize
    x = simd.load(sums, first)
    a = b = c = d = simd.sub(x, x)
    for k in range(first, first + sums.shape[1], 4 * lanes):
        a = simd.picked(a, bits, at, simd.load(sums, k))
        b = simd.picked(b, bits, at + 1, simd.load(sums, k + lanes))
        c = simd.picked(c, bits, at + 2, simd.load(sums, k + 2 * lanes))
        d = simd.picked(d, bits, at + 3, simd.load(sums, k + 3 * lanes))
        at += 4
    return simd.total(simd.add(simd.add(a, b), simd.add(c, d))) - sides[r, np.int64(old > 0)]


@inline_sums
def _step(
    masks: Masks,
    rises: Any,
    size: int,
    levels: Counts,
    sums: Any,
    sides: Ints,
    new: float,
    twice: int,
    r: int,
    i: int,
) -> None:
    """Take the levels one step up at patterns in which a neuron is ``new``, elsewhere down."""
    at, first, spare = i * masks.shape[1], r * levels.shape[1], levels.shape[1] - size
    ups, downs = simd.splat(np.int32(new)), simd.splat(np.int32(-new))
    a, b = simd.stairs(rises, simd.splat(np.int32(0)))
    both = simd.sub(a, a)
    for k in range(levels.shape[1] // simd.COUNT):
        mu = first + simd.COUNT * k
        places = simd.chosen(simd.load(levels, mu), masks, at + k, ups, downs)
        a, b = simd.stairs(rises, places)
        below, above = simd.turns(a, b)
        simd.store(levels, mu, places)
        simd.store(sums, mu, simd.add(below, above))
        both = simd.add(both, simd.add(a, b))
    below, above = simd.turns(both, simd.sub(both, both))
    last = np.int64(levels[r, levels.shape[1] - 1])  # of patterns there are not
    sides[r, 0] = simd.total(below) - spare * np.int64(rises[last])
    sides[r, 1] = simd.total(above) - spare * np.int64(rises[last + 1])
    sides[r, 2] += np.int64(new) * twice
