"""The incremental kernels, compiled. The same arithmetic as `numpy`, in loops.

Indices stay int64. Sums over patterns may be reordered: they are sums of exact binary fractions
(recall rounds a cue to 2**-20), so every order gives the same bits.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from . import simd
from .compiling import inline_sums, jit_sums
from .draws import drawn, rises, shuffle, visits
from .reference import Counts, Floats, Ints, Masks, Places, Signs, Words

NEAR = 2**18  # masks that stay in a cache near enough


@inline_sums
def decide(h: float, s: float, theta: float, tie: int, low: float, high: float) -> float:
    """Return the state that field ``h`` gives a neuron in state ``s``."""
    if h != theta or tie != 0:
        return high if (h > theta) | ((h == theta) & (tie > 0)) else low
    middle = (low + high) / 2
    return s if s == middle else (high if s > middle else low)


@jit_sums
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
    for a in range(rows.size):
        r = rows[a]
        for k in range(sites.shape[1]):
            i = sites[a, k]
            old = s[r, i]
            new = decide(h[r, i] / divisor, old, theta[a, k], tie[a, k], low, high)
            if new != old:
                step = new - old
                for j in range(s.shape[1]):
                    h[r, j] += columns[i, j] * step
                s[r, i] = new
            after[a, k] = new


@jit_sums
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
    for a in range(rows.size):
        r = rows[a]
        for k in range(sites.shape[1]):
            i = sites[a, k]
            old = s[r, i]
            new = decide(h[r, i] / divisor, old, theta[a, k], tie[a, k], low, high)
            if new != old:
                step = new - old
                for e in range(starts[i], starts[i + 1]):
                    h[r, targets[e]] += values[e] * step
                s[r, i] = new
            after[a, k] = new


@jit_sums
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
    p = m.shape[1]
    for a in range(rows.size):
        r = rows[a]
        for k in range(sites.shape[1]):
            i = sites[a, k]
            old = s[r, i]
            field = 0.0
            for mu in range(p):
                field += neurons[i, mu] * m[r, mu]
            field = (field - diagonal[i] * old) / divisor
            new = decide(field, old, theta[a, k], tie[a, k], low, high)
            if new != old:
                step = new - old
                for mu in range(p):
                    m[r, mu] += neurons[i, mu] * step
                s[r, i] = new
            after[a, k] = new


@jit_sums
def bits(
    masks: Masks,
    ups: Ints,
    unset: int,
    m: Counts,
    total: Ints,
    diagonal: Floats,
    divisor: float,
    s: Signs,
    rows: Ints,
    sites: Ints,
    theta: Floats,
    tie: Signs,
    low: float,
    high: float,
    after: Floats,
) -> None:
    """Visit neurons as `overlaps` does, with the patterns in bits and whole numbers for m."""
    for a in range(rows.size):
        r = rows[a]
        for k in range(sites.shape[1]):
            i = sites[a, k]
            old = s[r, i]
            field = _numerator(masks, unset, m, total, diagonal, old, r, i) / divisor
            new = decide(field, old, theta[a, k], tie[a, k], low, high)
            if new != old:
                _step(masks, unset, m, np.int64(new - old), r, i)
                total[r] += ups[i] * np.int64(new - old)
                s[r, i] = new
            after[a, k] = new


@jit_sums
def bathe_bits(
    masks: Masks,
    ups: Ints,
    unset: int,
    m: Counts,
    total: Ints,
    diagonal: Ints,
    s: Signs,
    low: float,
    high: float,
    scale: float,
    how: int,
    words: Words,
    steps: Words,
    sweeps: int,
    order: Places,
    bins: Places,
    bounds: Ints,
    divisor: float,
) -> None:
    """Sweep at a temperature; a threshold is computed only where its bin holds the field."""
    n, far = s.shape[1], masks.size > NEAR
    for r in range(s.shape[0]):
        step = steps[r]
        for _ in range(sweeps):
            word = visits(how, words[r], step, order, bins)
            for k in range(n):
                if far:
                    simd.prefetch(masks, order[min(k + 6, n - 1)] * masks.shape[1], masks.shape[1])
                i, b = order[k], bins[k]
                old = s[r, i]
                field = _numerator(masks, unset, m, total, diagonal, np.int64(old), r, i)
                rise = field > bounds[b, 1]
                if not rise and -field <= bounds[b, 0]:
                    rise = rises(field / divisor, scale, drawn(word, step, k + 1))
                new = high if rise else low
                if new != old:
                    _step(masks, unset, m, np.int64(new - old), r, i)
                    total[r] += ups[i] * np.int64(new - old)
                    s[r, i] = new
            words[r] = word + np.uint64(n) * step


@jit_sums
def numerators(
    masks: Masks,
    unset: int,
    m: Counts,
    total: Ints,
    diagonal: Floats,
    s: Signs,
    rows: Ints,
    sites: Ints,
    out: Floats,
) -> None:
    """Give the field, times its divisor, of one neuron (A,) in each of the replicas (A,)."""
    for a in range(rows.size):
        r, i = rows[a], sites[a]
        out[a] = _numerator(masks, unset, m, total, diagonal, s[r, i], r, i)


@jit_sums
def count(
    masks: Masks, unset: int, size: int, s: Signs, sums: Counts, m: Counts, total: Ints
) -> None:
    """Give the overlap sums m of whole-number states (R, N) with the patterns, and their totals.

    The states are added up at the bits of each pattern, by tiles of neurons, in ``sums``.
    """
    n, width = masks.shape
    for r in range(s.shape[0]):
        whole = np.int64(0)
        for i in range(n):
            whole += s[r, i]
        for start in range(0, n, 64):
            stop = min(start + 64, n)
            for k in range(0, width, 4):
                at = 16 * k
                a, b = simd.load(sums, at), simd.load(sums, at + 16)
                c, d = simd.load(sums, at + 32), simd.load(sums, at + 48)
                for i in range(start, stop):
                    state = simd.splat(np.int32(s[r, i]))
                    a = simd.picked(a, masks, i * width + k, state)
                    b = simd.picked(b, masks, i * width + k + 1, state)
                    c = simd.picked(c, masks, i * width + k + 2, state)
                    d = simd.picked(d, masks, i * width + k + 3, state)
                simd.store(sums, at, a)
                simd.store(sums, at + 16, b)
                simd.store(sums, at + 32, c)
                simd.store(sums, at + 48, d)
        total[r] = 0
        for mu in range(size):
            m[r, mu] = sums[mu] + unset * (whole - sums[mu])
            total[r] += m[r, mu]
        for mu in range(sums.size):
            sums[mu] = 0


@jit_sums
def permute(words: Words, steps: Words, orders: Ints, swaps: Places) -> None:
    """Give the orders (R, n) into which the next n words of each stream shuffle."""
    for r in range(words.size):
        shuffle(words[r], steps[r], orders[r], swaps)


@inline_sums
def _numerator(
    masks: Masks, unset: int, m: Counts, total: Ints, diagonal: Floats, old: float, r: int, i: int
) -> Any:
    return (_drive(masks, m, r, i) << -unset) + unset * total[r] - diagonal[i] * old


@inline_sums
def _drive(masks: Masks, m: Counts, r: int, i: int) -> Any:
    """Return the sum of the overlaps at the bits of neuron i."""
    at, first, blocks = i * masks.shape[1], r * m.shape[1], m.shape[1] // 16
    a = b = c = d = simd.splat(np.int32(0))
    k = 0
    while k + 4 <= blocks:
        a = simd.picked(a, masks, at + k, simd.load(m, first + 16 * k))
        b = simd.picked(b, masks, at + k + 1, simd.load(m, first + 16 * k + 16))
        c = simd.picked(c, masks, at + k + 2, simd.load(m, first + 16 * k + 32))
        d = simd.picked(d, masks, at + k + 3, simd.load(m, first + 16 * k + 48))
        k += 4
    if blocks & 2:
        a = simd.picked(a, masks, at + k, simd.load(m, first + 16 * k))
        b = simd.picked(b, masks, at + k + 1, simd.load(m, first + 16 * k + 16))
        k += 2
    if blocks & 1:
        c = simd.picked(c, masks, at + k, simd.load(m, first + 16 * k))
    return simd.total(simd.add(simd.add(a, b), simd.add(c, d)))


@inline_sums
def _step(masks: Masks, unset: int, m: Counts, step: int, r: int, i: int) -> None:
    """Add a step of neuron i to the overlaps; what it does to lanes beyond P is never read."""
    at, first = i * masks.shape[1], r * m.shape[1]
    high, low = simd.splat(np.int32(step)), simd.splat(np.int32(unset * step))
    for k in range(m.shape[1] // 16):
        sums = simd.load(m, first + 16 * k)
        simd.store(m, first + 16 * k, simd.chosen(sums, masks, at + k, high, low))
