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
from .draws import shuffle
from .numba import _inline, _jit, decide
from .reference import Counts, Floats, Ints, Masks, Places, Signs, Words


@_jit
def climb(
    masks: Masks, rises: Any, size: int, levels: Counts, sums: Any, sides: Ints, s: Floats
) -> None:
    """Fill in the levels (R, P') of states, given zeros, their slopes, and sums of rises (R, 2)."""
    for r in range(s.shape[0]):
        for i in range(s.shape[1]):
            _add(masks, levels, np.int32(s[r, i] > 0), np.int32(s[r, i] < 0), r, i)
        _refresh(rises, size, levels, sums, sides, r)


@_jit
def separation(
    masks: Masks, bits: Any, rises: Any, size: int, levels: Counts, sums: Any, sides: Ints,
    s: Floats, rows: Ints, sites: Ints, theta: Floats, tie: Signs, low: float, high: float,
    after: Floats,
) -> None:  # fmt: skip
    """Visit -1/+1 neurons; ``bits`` (N, B) are the masks in parts of a vector's lanes."""
    for a in range(rows.size):
        r = rows[a]
        for j in range(sites.shape[1]):
            i = sites[a, j]
            old = s[r, i]
            field = _twice(bits, sums, sides, old, r, i) / 2
            new = decide(field, old, theta[a, j], tie[a, j], low, high)
            if new != old:
                _step(masks, rises, size, levels, sums, sides, new, r, i)
                s[r, i] = new
            after[a, j] = new


@_jit
def settle_separation(
    masks: Masks, bits: Any, rises: Any, size: int, levels: Counts, sums: Any, sides: Ints,
    s: Floats, rows: Ints, words: Words, steps: Words, sweeps: int, tie: int, swept: Ints,
    quiet: Ints, order: Places, swaps: Places,
) -> None:  # fmt: skip
    """Sweep in shuffled orders, each replica until nothing moves or for so many sweeps."""
    n = s.shape[1]
    for a in range(rows.size):
        r = rows[a]
        while swept[r] < sweeps and not quiet[r]:
            words[r] = shuffle(words[r], steps[r], order, swaps)
            moved = False
            for j in range(n):
                i = order[j]
                old = s[r, i]
                new = decide(float(_twice(bits, sums, sides, old, r, i)), old, 0.0, tie, -1.0, 1.0)
                if new != old:
                    _step(masks, rises, size, levels, sums, sides, new, r, i)
                    s[r, i] = new
                    moved = True
            swept[r] += 1
            quiet[r] = not moved


@_inline
def _twice(bits: Any, sums: Any, sides: Ints, old: float, r: int, i: int) -> Any:
    lanes = 64 // sums.itemsize
    at, first, blocks = i * bits.shape[1], r * sums.shape[1], sums.shape[1] // lanes
    x = simd.load(sums, first)
    a = b = c = d = simd.sub(x, x)
    k = 0
    while k + 4 <= blocks:
        a = simd.picked(a, bits, at + k, simd.load(sums, first + lanes * k))
        b = simd.picked(b, bits, at + k + 1, simd.load(sums, first + lanes * (k + 1)))
        c = simd.picked(c, bits, at + k + 2, simd.load(sums, first + lanes * (k + 2)))
        d = simd.picked(d, bits, at + k + 3, simd.load(sums, first + lanes * (k + 3)))
        k += 4
    while k < blocks:
        a = simd.picked(a, bits, at + k, simd.load(sums, first + lanes * k))
        k += 1
    return simd.total(simd.add(simd.add(a, b), simd.add(c, d))) - sides[r, np.int64(old > 0)]


@_inline
def _step(
    masks: Masks, rises: Any, size: int, levels: Counts, sums: Any, sides: Ints, new: float,
    r: int, i: int,
) -> None:  # fmt: skip
    _add(masks, levels, np.int32(new), np.int32(-new), r, i)
    _refresh(rises, size, levels, sums, sides, r)


@_inline
def _add(masks: Masks, levels: Counts, high: int, low: int, r: int, i: int) -> None:
    """Add to the levels of patterns that are +1 at a neuron, and of the others."""
    at, first = i * masks.shape[1], r * levels.shape[1]
    ups, downs = simd.splat(high), simd.splat(low)
    for k in range(levels.shape[1] // simd.COUNT):
        old = simd.load(levels, first + simd.COUNT * k)
        simd.store(levels, first + simd.COUNT * k, simd.chosen(old, masks, at + k, ups, downs))


@_inline
def _refresh(rises: Any, size: int, levels: Counts, sums: Any, sides: Ints, r: int) -> None:
    below = above = np.int64(0)
    for mu in range(size):
        k = np.uint64(levels[r, mu])
        a, b = rises[k], rises[k + np.uint64(1)]
        sums[r, mu] = a + b
        below += a
        above += b
    sides[r, 0], sides[r, 1] = below, above
