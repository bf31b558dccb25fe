"""Hebb's patterns as bits: overlaps of states with them, visits by overlaps, and heat baths.

The overlap m_mu = sum_j xi_mu,j s_j of a state is kept for every pattern. The field of neuron i is
a sum of overlaps at the bits of its mask, 16 at a time; a step of neuron i changes every overlap.

For patterns +++- and +-+-, of -1/+1, and the state ++-- the overlaps are 2 and 0. Both bits of
neuron 0 are set: the sum at its bits is 2, the numerator 2 * 2 - (2 + 0) - 2 * 1 = 0 (its own share
is left out). A step of neuron 2 by 2 makes the overlaps 4 and 2.

All kernels take

    patterns  masks uint16 (N, P'/16), by_word uint64 (W, P') or (0, 0), ups int64 (N,), diagonal
              int64 (N,), unset, size: what `base.bits.BitMatrix` holds
    state     s int8 (R, N), m int32 (R, P'), begun uint8 (R,): states, their overlaps, and whether
              these have been computed
    field     weight, divisor, bias float64 (N,) or (0,): what makes a field of a numerator
"""

from __future__ import annotations

from typing import Any

import numpy as np

from ...base.forms import Array, Floats, Ints, Signs
from . import simd
from .compiling import inline, jit
from .draws import drawn, rises, visits

NEAR = 2**18  # masks that stay in a cache near enough


@jit
def visit(
    patterns: Any,
    field: Any,
    state: Any,
    rows: Ints,
    sites: Ints,
    theta: Floats,
    tie: Signs,
    after: Signs,
) -> None:
    """Visit neurons (A, k) of replicas (A,) in turn; ``after`` (A, k) is what they then are."""
    masks, _, ups, _, unset, size = patterns
    s, m, _ = state
    for a in range(rows.size):
        r = rows[a]
        begin(patterns, state, r)
        total = sum_of(m, r, size)
        for k in range(sites.shape[1]):
            i = sites[a, k]
            old = np.int64(s[r, i])
            h = _field(field, numerator(patterns, m, total, old, r, i), i)
            new: Any = old
            turn = theta[a, k]
            if h != turn or tie[a, k] != 0:
                new = 1 if (h > turn) | ((h == turn) & (tie[a, k] > 0)) else -1
            if new != old:
                add_step(masks, unset, m, new - old, r, i)
                total += ups[i] * (new - old)
                s[r, i] = new
            after[a, k] = new


@jit
def fields(patterns: Any, field: Any, state: Any, rows: Ints, sites: Ints, out: Floats) -> None:
    """Give the fields of neurons (A, k), or of all where ``sites`` is (A, 0)."""
    size = patterns[5]
    s, m, _ = state
    every = sites.shape[1] == 0
    for a in range(rows.size):
        r = rows[a]
        begin(patterns, state, r)
        total = sum_of(m, r, size)
        for k in range(out.shape[1]):
            i = k if every else sites[a, k]
            x = numerator(patterns, m, total, np.int64(s[r, i]), r, i)
            out[a, k] = _field(field, x, i)


@jit
def assign(patterns: Any, state: Any, rows: Ints, sites: Ints, values: Signs) -> None:
    """Give neurons (A, k) of replicas (A,) new states."""
    masks, unset = patterns[0], patterns[4]
    s, m, begun = state
    for a in range(rows.size):
        r = rows[a]
        for k in range(sites.shape[1]):
            i = sites[a, k]
            step = np.int64(values[a, k]) - np.int64(s[r, i])
            if step != 0:
                s[r, i] = values[a, k]
                if begun[r]:
                    add_step(masks, unset, m, step, r, i)


@jit
def energies(patterns: Any, state: Any, first: int, stop: int, unit: float, out: Floats) -> None:
    """Give the energies (R,): minus s.X'X s, less the neurons' own shares, in a unit."""
    diagonal, size = patterns[3], patterns[5]
    s, m, _ = state
    for r in range(first, stop):
        begin(patterns, state, r)
        found = np.int64(0)
        for i in range(s.shape[1]):
            found += diagonal[i] * np.int64(s[r, i]) * np.int64(s[r, i])
        for mu in range(size):
            found -= np.int64(m[r, mu]) * np.int64(m[r, mu])
        out[r] = found / unit


@jit
def sweep_at_temperature(
    patterns: Any, law: Any, state: Any, streams: Any, counts: Ints, span: Any, workspace: Any
) -> None:
    """Sweep at a temperature; a threshold is computed only where its bin holds the field.

    A threshold is scale * logit(u). The first bits of u give its bin, and the bin two bars for the
    numerator; between them alone, in one visit of some hundreds, the threshold itself is needed.
    With scale 1, divisor 100 and u in [1/2, 1/2 + 1/1024] the threshold is between 0 and 0.004:
    a numerator above 1 turns the neuron up, one below -1 down.

    Parameters
    ----------
    law
        field (see above), shift int64 (N,): the bias in numerators, bars int64 (BINS, 2), scale.
    streams, counts, span, workspace
        As for `settle.sweep_at_zero`.
    """
    masks, _, ups, _, unset, size = patterns
    field, shift, bars, scale = law
    s, m, _ = state
    words, steps = streams
    order, bins = workspace[0][: s.shape[1]], workspace[1]
    n, far = s.shape[1], masks.size > NEAR
    for r in range(span[0], span[1]):
        if counts[2, r]:
            continue
        begin(patterns, state, r)
        total, step = sum_of(m, r, size), steps[r]
        for _ in range(span[2]):
            word = visits(span[3], words[r], step, order, bins)
            for k in range(n):
                if far:
                    simd.prefetch(masks, order[min(k + 6, n - 1)] * masks.shape[1], masks.shape[1])
                i, b = np.int64(order[k]), bins[k]
                old = np.int64(s[r, i])
                x = numerator(patterns, m, total, old, r, i)
                rise = x + shift[i] > bars[b, 1]
                if not rise and -x - shift[i] <= bars[b, 0]:
                    rise = rises(_field(field, x, i), scale, drawn(word, step, k + 1))
                new = 1 if rise else -1
                if new != old:
                    add_step(masks, unset, m, new - old, r, i)
                    total += ups[i] * (new - old)
                    s[r, i] = new
            words[r] = word + np.uint64(n) * step
            counts[0, r] += 1
            counts[1, r] += n


@inline
def begin(patterns: Any, state: Any, r: int) -> None:
    """Compute the overlaps of a replica, where that is yet to be done."""
    s, m, begun = state
    if not begun[r]:
        if patterns[1].shape[0] > 0:
            _overlaps_by_words(patterns, s, m, r)
        else:
            _overlaps_by_masks(patterns, s, m, r)
        begun[r] = 1


@inline
def sum_of(m: Array, r: int, size: int) -> Any:
    """Return the sum of the overlaps of a replica."""
    total = np.int64(0)
    for mu in range(size):
        total += m[r, mu]
    return total


@inline
def _overlaps_by_words(patterns: Any, s: Signs, m: Array, r: int) -> None:
    """Count in how many neurons a state and a pattern differ, 64 neurons and 8 patterns at once.

    Unknown neurons (0) differ once in two: were they 1, and were they -1.
    """
    by_word, unset = patterns[1], patterns[4]
    n, width = s.shape[1], m.shape[1]
    whole = ups = downs = np.int64(0)
    last, rest = n // 64, n % 64
    for i in range(n):
        whole += s[r, i]
    for j in range(rest):
        state = s[r, 64 * last + j]
        ups |= np.int64(state > 0) << np.int64(j)
        downs |= np.int64(state >= 0) << np.int64(j)
    for p in range(0, width, 16):
        a = b = simd.splat(np.uint64(0))
        for w in range(by_word.shape[0]):
            if w < last:
                up = simd.splat(simd.bits_above(s, r * n + 64 * w, 0))
                down = simd.splat(simd.bits_above(s, r * n + 64 * w, -1))
            else:
                up, down = simd.splat(np.uint64(ups)), simd.splat(np.uint64(downs))
            x, y = simd.load(by_word, w * width + p), simd.load(by_word, w * width + p + 8)
            a, b = simd.add_bit_differences(a, x, up), simd.add_bit_differences(b, y, up)
            a, b = simd.add_bit_differences(a, x, down), simd.add_bit_differences(b, y, down)
        every = simd.splat(np.uint64(n))
        simd.store(m, r * width + p, simd.sub(every, a))
        simd.store(m, r * width + p + 8, simd.sub(every, b))
    if unset == 0:
        for mu in range(width):
            m[r, mu] = (m[r, mu] + whole) >> 1


@inline
def _overlaps_by_masks(patterns: Any, s: Signs, m: Array, r: int) -> None:
    """Add up the states at the bits of each pattern, by tiles of 64 neurons."""
    masks, unset = patterns[0], patterns[4]
    n, width = masks.shape
    whole = np.int64(0)
    for i in range(n):
        whole += s[r, i]
    m[r] = 0
    for start in range(0, n, 64):
        for k in range(0, width, 4):
            at = r * m.shape[1] + 16 * k
            a, b = simd.load(m, at), simd.load(m, at + 16)
            c, d = simd.load(m, at + 32), simd.load(m, at + 48)
            for i in range(start, min(start + 64, n)):
                state, mask = simd.splat(np.int32(s[r, i])), i * width + k
                a = simd.masked_add(a, masks, mask, state)
                b = simd.masked_add(b, masks, mask + 1, state)
                c = simd.masked_add(c, masks, mask + 2, state)
                d = simd.masked_add(d, masks, mask + 3, state)
            simd.store(m, at, a)
            simd.store(m, at + 16, b)
            simd.store(m, at + 32, c)
            simd.store(m, at + 48, d)
    if unset:
        for mu in range(m.shape[1]):
            m[r, mu] = 2 * m[r, mu] - whole


@inline
def _field(field: Any, numerator: int, i: int) -> Any:
    weight, divisor, bias = field
    h = weight * numerator / divisor
    return h + bias[i] if bias.size else h


@inline
def numerator(patterns: Any, m: Array, total: int, old: int, r: int, i: int) -> Any:
    masks, _, _, diagonal, unset, _ = patterns
    return (_sum_at(masks, m, r, i) << -unset) + unset * total - diagonal[i] * old


@inline
def _sum_at(masks: Array, m: Array, r: int, i: int) -> Any:
    """Return the sum of the overlaps at the bits of neuron i."""
    at, first = i * masks.shape[1], r * m.shape[1]
    a = b = c = d = simd.splat(np.int32(0))
    for k in range(0, masks.shape[1], 4):
        a = simd.masked_add(a, masks, at + k, simd.load(m, first + 16 * k))
        b = simd.masked_add(b, masks, at + k + 1, simd.load(m, first + 16 * k + 16))
        c = simd.masked_add(c, masks, at + k + 2, simd.load(m, first + 16 * k + 32))
        d = simd.masked_add(d, masks, at + k + 3, simd.load(m, first + 16 * k + 48))
    return simd.sum_lanes(simd.add(simd.add(a, b), simd.add(c, d)))


@inline
def add_step(masks: Array, unset: int, m: Array, step: int, r: int, i: int) -> None:
    """Add a step of neuron i to the overlaps; what it does to lanes beyond P is never read."""
    at, first = i * masks.shape[1], r * m.shape[1]
    high, low = simd.splat(np.int32(step)), simd.splat(np.int32(unset * step))
    for k in range(masks.shape[1]):
        sums = simd.load(m, first + 16 * k)
        simd.store(m, first + 16 * k, simd.masked_select_add(sums, masks, at + k, high, low))
