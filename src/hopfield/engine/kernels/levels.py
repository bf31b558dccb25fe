"""Dense memories, compiled: any F whose values are whole numbers, patterns in bits.

An overlap sum m of -1/+1 neurons is one of N + 1 levels, m = 2 k - N, and ``rises[k]`` is the step
of F from level k - 1 to level k (0 at both ends). Twice the numerator of a neuron in state s is

    sum over patterns that are +1 at it of (rises[k] + rises[k + 1])
    - sum over all patterns of rises[k + (s > 0)]

so a visit is one masked sum, of slopes, and a flip takes every pattern to its next level.

For N = 3 and F(m) = m**3 the levels 0 to 3 hold -27, -1, 1, 27, and rises = 0, 26, 2, 26, 0. The
pattern + - + and the state + + + differ once: m = 1, level 2, slope rises[2] + rises[3] = 28. Twice
the numerator of the first neuron is 28 - rises[3] = 2 = F(1) - F(-1), as it must be.

All kernels take two tuples:

    memory   by_word (W, P'), masks (N, P' / 16), bits (masks, in parts of a vector's lanes),
             values (N + 1,), rises (D, N + 2) in D digits, the number P of patterns, and of
             bits in a digit: 0 where there is but one
    session  states (R, N), words (R, W) and levels (R, P') to work in, slopes (R, D P'), and
             sides (R, 2 + 3 D): the sum of F, whether all is filled in, and for each digit both
             sums of rises, and room
"""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from . import simd
from .compiling import inline, inline_sums, jit_sums
from .draws import DRAWN, draw_order, drawn, rises

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Signs = npt.NDArray[np.int8]
Places = npt.NDArray[np.uint32]


@jit_sums
def fill_levels(memory: Any, session: Any, r: int) -> None:
    """Fill in levels, slopes and sums of one replica, where that is not done yet.

    The state is packed into words. The bits in which these differ from a pattern's are counted;
    N less those is its level. The sums of F and of rises follow from the levels.
    """
    by_word, _, _, values, _, size, digit = memory
    s, words, levels, _, sides = session
    if sides[r, 1]:
        return
    n, width = s.shape[1], levels.shape[1]
    for w in range(words.shape[1]):
        words[r, w] = 0
    for i in range(n):
        words[r, i >> 6] |= np.uint64(s[r, i] > 0) << np.uint64(i & 63)
    for mu in range(0, width, 8):
        apart = simd.splat(np.uint64(0))
        for w in range(words.shape[1]):
            word = simd.load(by_word, w * width + mu)
            apart = simd.add_bit_differences(apart, word, simd.splat(words[r, w]))
        simd.store(levels, r * width + mu, simd.sub(simd.splat(np.uint64(n)), apart))
    height = 0.0
    for mu in range(size if digit == 0 else 0):
        height += values[levels[r, mu]]
    sides[r, 0] = np.int64(height)
    _step(memory, session, 0, 0, r, 0)
    sides[r, 1] = 1


@jit_sums
def fill_all_levels(memory: Any, session: Any) -> None:
    """Do the same for all replicas."""
    for r in range(session[0].shape[0]):
        fill_levels(memory, session, r)


@jit_sums
def visit_levels(
    memory: Any, session: Any, terms: Any, rows: Ints, visits: Any, after: Signs
) -> None:
    """Visit neurons in turn: a visit and a flip O(P / 16).

    ``terms`` are weight, divisor and bias, ``visits`` sites, thresholds and ties (A, k). A field is
    computed from a masked sum and compared with its threshold. Where the neuron moves, all
    patterns step to their next levels.
    """
    (sites, theta, tie), s = visits, session[0]
    for a in range(rows.size):
        r = rows[a]
        fill_levels(memory, session, r)
        for k in range(sites.shape[1]):
            i = sites[a, k]
            twice, new = _twice(memory, session, r, i), s[r, i]
            h = _field(terms, twice, i)
            if h != theta[a, k]:
                new = np.int8(1) if h > theta[a, k] else np.int8(-1)
            elif tie[a, k] != 0:
                new = np.int8(1) if tie[a, k] > 0 else np.int8(-1)
            if new != s[r, i]:
                _step(memory, session, new, twice, r, i)
                s[r, i] = new
            after[a, k] = new


@jit_sums
def fields_by_levels(
    memory: Any, session: Any, terms: Any, rows: Ints, sites: Ints, out: Floats
) -> None:
    """Give the fields (A, k) of neurons (A, k) in some replicas, or of the same (1, k) in all."""
    for a in range(rows.size):
        fill_levels(memory, session, rows[a])
        at = min(a, sites.shape[0] - 1)
        for k in range(sites.shape[1]):
            i = sites[at, k]
            out[a, k] = _field(terms, _twice(memory, session, rows[a], i), i)


@jit_sums
def assign_levels(memory: Any, session: Any, rows: Ints, sites: Ints, values: Signs) -> None:
    """Give neurons (A, k) new states -1 and +1, and keep levels and sums up to date."""
    s = session[0]
    for a in range(rows.size):
        r = rows[a]
        fill_levels(memory, session, r)
        for k in range(sites.shape[1]):
            i = sites[a, k]
            if values[a, k] != s[r, i]:
                _step(memory, session, values[a, k], _twice(memory, session, r, i), r, i)
                s[r, i] = values[a, k]


@jit_sums
def sweep_levels(
    memory: Any,
    session: Any,
    bars: Ints,
    how: int,
    order: Any,
    streams: Any,
    counts: Ints,
    part: Any,
) -> None:
    """Sweep at temperature zero, each replica until nothing moves or for so many sweeps.

    A neuron is up after its visit where twice its numerator reaches the bar (N, 2) of its state.
    The masked sums of four neurons are computed at once, sharing each load of a slope. Where one
    of them moves, those of the others are out of date, and the next four begin behind it.

    Parameters
    ----------
    bars : ndarray of int64, shape (N, 2)
        For a neuron that is down, and for one that is up.
    how, order
        Who moves when, as in `draws`, and (the order that is given, room for one). Where neurons
        are drawn, all are asked after a sweep in which none moved.
    streams, counts
        (states, steps), and the table of `Counts`.
    part
        The first replica, the one behind the last, and the sweeps to make.
    """
    (places, swaps), (words, steps), (start, stop, most) = order, streams, part
    s = session[0]
    n = s.shape[1]
    for r in range(start, stop):
        if counts[2, r]:
            continue
        fill_levels(memory, session, r)
        for _ in range(most):
            words[r] = draw_order(how, words[r], steps[r], places, swaps)
            moved, k = False, np.int64(0)
            while k < n:
                for drive in _four(memory, session, r, places, k):
                    if k == n:
                        break
                    i = places[k]
                    up = np.int64(s[r, i] > 0)
                    twice = _less(memory, session, r, i, up, drive)
                    k += 1
                    if (twice >= bars[i, up]) != (up == 1):
                        new = -s[r, i]
                        _step(memory, session, new, twice, r, i)
                        s[r, i] = new
                        moved = True
                        break  # the others' drives are out of date
            counts[0, r] += 1
            counts[1, r] += n
            for i in range(0 if moved or how != DRAWN else n):
                up = np.int64(s[r, i] > 0)
                moved |= (_twice(memory, session, r, i) >= bars[i, up]) != (up == 1)
            if not moved:
                counts[2, r] = 1
                break


@jit_sums
def heat_levels(
    memory: Any,
    session: Any,
    terms: Any,
    scale: float,
    how: int,
    order: Any,
    streams: Any,
    counts: Ints,
    part: Any,
) -> None:
    """Do the same at a temperature, so many sweeps.

    A neuron is up after its visit where its field exceeds a threshold of ``scale`` logit(u).
    """
    (places, swaps), (words, steps), (start, stop, most) = order, streams, part
    s = session[0]
    n = s.shape[1]
    for r in range(start, stop):
        if counts[2, r]:
            continue
        fill_levels(memory, session, r)
        for _ in range(most):
            word = draw_order(how, words[r], steps[r], places, swaps)
            k = np.int64(0)
            while k < n:
                for drive in _four(memory, session, r, places, k):
                    if k == n:
                        break
                    i = places[k]
                    up = s[r, i] > 0
                    twice = _less(memory, session, r, i, np.int64(up), drive)
                    k += 1
                    if rises(_field(terms, twice, i), scale, drawn(word, steps[r], k)) != up:
                        new = -s[r, i]
                        _step(memory, session, new, twice, r, i)
                        s[r, i] = new
                        break
            words[r] = word + np.uint64(n) * steps[r]
            counts[0, r] += 1
            counts[1, r] += n


@inline
def _field(terms: Any, twice: int, i: int) -> Any:
    weight, divisor, bias = terms
    return weight * (twice / 2) / divisor + bias[i]


@inline_sums
def _four(memory: Any, session: Any, r: int, order: Places, k: int) -> Any:
    """Return the masked sums of the next four neurons, as if none of them moved."""
    bits, slopes = memory[2], session[3]
    if memory[6]:  # one by one, when it is asked for
        none = np.int64(0)
        return none, none, none, none
    lanes, width, last = 64 // slopes.itemsize, bits.shape[1], order.size - 1
    i0, i1 = order[k] * width, order[min(k + 1, last)] * width
    i2, i3 = order[min(k + 2, last)] * width, order[min(k + 3, last)] * width
    first = r * slopes.shape[1]
    x = simd.load(slopes, first)
    a = b = c = d = e = f = g = h = simd.sub(x, x)
    for at in range(0, slopes.shape[1] // lanes, 2):
        x, y = simd.load(slopes, first + lanes * at), simd.load(slopes, first + lanes * at + lanes)
        a, b = simd.masked_add(a, bits, i0 + at, x), simd.masked_add(b, bits, i0 + at + 1, y)
        c, d = simd.masked_add(c, bits, i1 + at, x), simd.masked_add(d, bits, i1 + at + 1, y)
        e, f = simd.masked_add(e, bits, i2 + at, x), simd.masked_add(f, bits, i2 + at + 1, y)
        g, h = simd.masked_add(g, bits, i3 + at, x), simd.masked_add(h, bits, i3 + at + 1, y)
    return (
        simd.sum_lanes(simd.add(a, b)),
        simd.sum_lanes(simd.add(c, d)),
        simd.sum_lanes(simd.add(e, f)),
        simd.sum_lanes(simd.add(g, h)),
    )


@inline
def _less(memory: Any, session: Any, r: int, i: int, up: int, drive: int) -> Any:
    """Return twice the numerator of a neuron of a masked sum that `_four` gave."""
    if memory[6]:
        return _twice(memory, session, r, i)
    return np.float64(drive - session[4][r, 2 + up])


@inline
def _twice(memory: Any, session: Any, r: int, i: int) -> Any:
    """Return twice the numerator of a neuron; of digits as `base.exact.of_digits` does."""
    sides, up, digit = session[4], np.int64(session[0][r, i] > 0), memory[6]
    if not digit:
        return np.float64(_masked(memory, session, r, i, 0) - sides[r, 2 + up])
    carry, last = np.int64(0), memory[4].shape[0] - 1
    for d in range(last + 1):
        x = _masked(memory, session, r, i, d) - sides[r, 2 + 3 * d + up] + carry
        carry = x >> digit if d < last else np.int64(0)
        sides[r, 4 + 3 * d] = x - (carry << digit)
    found, unit = np.float64(sides[r, 4 + 3 * last]), 2.0**digit
    for d in range(last - 1, -1, -1):
        found = found * unit + sides[r, 4 + 3 * d]
    return found


@inline_sums
def _masked(memory: Any, session: Any, r: int, i: int, digit: int) -> Any:
    """Return the sum of a digit of the slopes at the bits of a neuron."""
    bits, slopes, width = memory[2], session[3], session[2].shape[1]
    at, first, lanes = i * bits.shape[1], r * slopes.shape[1] + digit * width, 64 // slopes.itemsize
    x = simd.load(slopes, first)
    a = b = c = d = simd.sub(x, x)
    for k in range(first, first + width, 4 * lanes):
        a = simd.masked_add(a, bits, at, simd.load(slopes, k))
        b = simd.masked_add(b, bits, at + 1, simd.load(slopes, k + lanes))
        c = simd.masked_add(c, bits, at + 2, simd.load(slopes, k + 2 * lanes))
        d = simd.masked_add(d, bits, at + 3, simd.load(slopes, k + 3 * lanes))
        at += 4
    return simd.sum_lanes(simd.add(simd.add(a, b), simd.add(c, d)))


@inline_sums
def _step(memory: Any, session: Any, new: int, twice: Any, r: int, i: int) -> None:
    """Take the levels one step up at patterns in which a neuron is ``new``, elsewhere down."""
    _add(memory, session, memory[4][0], new, r, i, 0)
    if memory[6]:
        for d in range(1, memory[4].shape[0]):
            _add(memory, session, memory[4][d], 0, r, i, d)
    else:
        session[4][r, 0] += np.int64(new * twice)


@inline_sums
def _add(memory: Any, session: Any, rises: Any, new: int, r: int, i: int, digit: int) -> None:
    """Move the levels by ``new`` or less it, and give slopes and sides of a digit there."""
    (_, _, levels, slopes, sides), masks = session, memory[1]
    at, first, spare = i * masks.shape[1], r * levels.shape[1], levels.shape[1] - memory[5]
    out = r * slopes.shape[1] + digit * levels.shape[1]
    ups, downs = simd.splat(np.int32(new)), simd.splat(np.int32(-new))
    a, b = simd.gather_pairs(rises, simd.splat(np.int32(0)))
    both = simd.sub(a, a)
    for k in range(levels.shape[1] // simd.COUNT):
        mu = first + simd.COUNT * k
        places = simd.masked_select_add(simd.load(levels, mu), masks, at + k, ups, downs)
        a, b = simd.gather_pairs(rises, places)
        below, above = simd.deinterleave(a, b)
        simd.store(levels, mu, places)
        simd.store(slopes, out + simd.COUNT * k, simd.add(below, above))
        both = simd.add(both, simd.add(a, b))
    below, above = simd.deinterleave(both, simd.sub(both, both))
    last = np.int64(levels[r, levels.shape[1] - 1])  # of patterns there are not
    side = 2 + 3 * digit
    sides[r, side] = simd.sum_lanes(below) - spare * np.int64(rises[last])
    sides[r, side + 1] = simd.sum_lanes(above) - spare * np.int64(rises[last + 1])
