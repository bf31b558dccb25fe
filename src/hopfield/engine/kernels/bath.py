"""Sweeps at a temperature, compiled: where a field is far from its threshold, neither is computed.

Fields are kept as whole numbers, from couplings of 16 bits: a flip reads a quarter of what the
couplings themselves are, and what is left out has a bound. A threshold lies in the bin of its
random number. Only where those leave it open who is the larger, both are computed as they are.
"""

from __future__ import annotations

import numpy as np

from . import simd
from .batches import LANES, Bytes, Masks, spread, sums
from .compiling import inline, inline_sums, jit
from .draws import bin_of, drawn, logistic, rises, visits
from .reference import Counts, Floats, Ints, Places, Shorts, Words


@jit
def bathe_dense(
    weights: Floats,
    rounded: Shorts,
    h: Counts,
    state: Counts,
    s: Floats,
    low: float,
    high: float,
    scale: float,
    how: int,
    words: Words,
    steps: Words,
    sweeps: int,
    order: Places,
    bins: Places,
    bounds: Counts,
    divisor: float,
) -> None:
    """Sweep the states (R, N) under dense couplings.

    Parameters
    ----------
    weights, divisor
        W times its divisor.
    rounded : ndarray of int16, shape (N, M)
        What neuron i adds to all fields, in whole units.
    h : ndarray of int32, shape (R, M)
        The fields in units.
    state : ndarray of int32, shape (N,)
        Room to work in.
    bounds : ndarray of int32, shape (2 BINS,)
        See `heat.bounds`; flat, as an index is found the sooner.
    """
    n, one, two = np.uint64(s.shape[1]), np.uint64(1), np.uint64(2)
    for r in range(s.shape[0]):
        step = steps[r]
        for j in range(n):
            state[j] = s[r, j] == high
        for _ in range(sweeps):
            word = visits(how, words[r], step, order, bins)
            for k in range(n):
                i, b = np.uint64(order[k]), two * np.uint64(bins[k])
                up = np.uint64(state[i])
                pull = h[r, i] if up else -h[r, i]
                if pull > bounds[b + up]:
                    continue
                if pull >= -bounds[b + (up ^ one)]:
                    field = _field(weights, s, r, np.int64(i)) / divisor
                    if rises(field, scale, drawn(word, step, k + one)) == (up == one):
                        continue
                _add(rounded, np.int64(i), h, r, 1 - 2 * np.int64(up))
                s[r, i] = low if up else high
                state[i] = up ^ one
            words[r] = word + n * step


@jit
def bathe_together(
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
    divisor: float,
    scale: float,
    bounds: Ints,
    words: Words,
    steps: Words,
    after: Words,
) -> None:
    """Move all neurons of states ``start`` to ``stop`` at once, as `batches.together` does."""
    for first in range(start, stop, LANES):
        spread(states, first, cues)
        sums(rows, signs, n, size, m, small, large, h, masks[:0], cues, diagonal, diagonal)
        for r in range(first, min(first + LANES, stop)):
            for w in range(states.shape[1]):
                after[r, w] = 0
            for i in range(n):
                place = np.uint64(i & 63)
                up = np.int64((states[r, i >> 6] >> place) & np.uint64(1))
                field = h[i, r - first] - diagonal * (2 * up - 1)
                word = drawn(words[r], steps[r], i + 1)
                b = bin_of(word)
                rise = field > bounds[b, 1]
                if not rise and -field <= bounds[b, 0]:
                    rise = rises(field / divisor, scale, word)
                after[r, i >> 6] |= np.uint64(rise) << place


@inline
def _add(rounded: Shorts, i: int, h: Counts, r: int, side: int) -> None:
    row, fields, sign = i * h.shape[1], r * h.shape[1], simd.splat(np.int16(side))
    for j in range(0, h.shape[1], 32):
        simd.widen(h, fields + j, simd.mul(sign, simd.load(rounded, row + j)))


@jit
def logits(words: Words, steps: Words, out: Floats) -> None:
    """Give the logits (R, n) of what the next n words of each stream draw."""
    for r in range(words.size):
        for k in range(out.shape[1]):
            out[r, k] = logistic(drawn(words[r], steps[r], k + 1))


@jit
def shorten(columns: Floats, unit: float, rounded: Shorts, error: Floats) -> None:
    """Round columns to whole units, and add up what the field of each neuron may lose."""
    for i in range(error.size):
        for j in range(error.size):
            exact = columns[i, j] / unit
            whole = np.floor(exact + 0.5)
            rounded[i, j] = np.int16(whole)
            error[j] += abs(exact - whole)


@inline_sums
def _field(weights: Floats, s: Floats, r: int, i: int) -> float:
    total = 0.0
    for j in range(s.shape[1]):
        total += weights[i, j] * s[r, j]
    return total
