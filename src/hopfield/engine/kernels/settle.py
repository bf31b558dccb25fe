"""Sweeps at temperature zero under Hebb's couplings, patterns in bits.

Four neurons are visited at a time and share each load of an overlap; where one moves, the others'
sums are out of date, and the next four begin behind it. The overlaps are kept in two digits of
16 bits, m = low + 2048 high, twice as quick as one number of 32: a sum over 16 patterns fits, as
no digit exceeds 2047. Most overlaps have no high digit: the vectors that hold one are listed.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from ...base.forms import Array, Ints
from ..thresholds import COIN
from . import simd
from .compiling import jit, paste
from .draws import DRAWN, Places, draw_order, drawn
from .overlaps import NEAR, Masks, begin, energy
from .visits import Held, Net

AHEAD = 12  # places behind the last in an order, of anybody
_STEPS = 256  # and 255 more is what may be added to a digit before it is looked at again
_ALONE = 2047 - 2 * _STEPS  # what needs no high digit
_NEVER = 2**62  # a bar that no sum exceeds
Shorts = npt.NDArray[np.int16]


@jit
def settle(
    net: Net,
    held: Held,
    terms: Any,
    law: Any,
    up: Ints,
    flat: Ints,
    streams: Any,
    counts: Ints,
    places: Places,
    room: Any,
    span: Any,
) -> None:
    """Sweep at temperature zero, each replica until nothing moves or so many times.

    A neuron's bar is the whole number that a sum of overlaps must exceed for it to stay: what its
    own state adds to the numerator is on the bar's side. While sums exceed bars, visits are
    comparisons. Where one does not, the numerator decides, and a step changes the overlaps.

    For 10 patterns of -1/+1 and no bias, a neuron that is +1 stays where its numerator is 0 or
    more (tie "keep"). The share of its own state is 10: its bar is 9, for twice the sum of the
    overlaps at its bits less the sum of all overlaps.

    Parameters
    ----------
    net, held, terms, law, streams, counts, span
        As for `visits.sweep`; the threshold is 0. Where a coin was tossed, a sweep proves nothing.
        A quiet one of neurons that are drawn may have missed one: all are asked, and nobody moves.
    up, flat : ndarray of int64, shape (N,)
        The least numerators with fields above 0, and with one of 0 or more.
    places
        As there, with `AHEAD` places more.
    room : (digits, listed, bars, sums)
        To work in: int16 (2, P'), int64 (P' / 32,), (N,) and (4,).
    """
    masks, _, ups, diagonal, unset, size = net
    tie, (digits, listed, bars, _) = law[0], room
    s, m, totals, order, (words, steps) = held[0], held[3], held[4], places[0], streams
    n, vectors, most, how = s.shape[1], (size + 31) // 32, span[2], span[3]
    for r in range(span[0], span[1]):
        if counts[2, r]:
            continue
        begin(net, held, r)
        total, rest = totals[r], unset * totals[r]
        for j in range(n):
            bars[j] = _bar(up[j], flat[j], diagonal[j], s[r, j], tie)
        k, moved, made, coins, proof = n, True, 0, np.uint64(0), False
        while k < n or (made < most if moved else how == DRAWN and not proof):
            high = _split(vectors, m, r, digits, listed)
            change: Any = 0
            while change <= _STEPS and (
                k < n or (made < most if moved else how == DRAWN and not proof)
            ):
                if k == n and not moved:
                    for j in range(n):
                        order[j] = j
                    k, proof = 0, True
                elif k == n:
                    coins = draw_order(how, words[r], steps[r], order[:n], places[1][:n])
                    words[r] = coins + np.uint64(n * (tie == COIN)) * steps[r]
                    made += 1
                    k, moved = 0, False
                k, x, stay = _scan(vectors, high, net, places, room, k, n, rest)
                if stay == 4 or k >= n:
                    k = n
                    continue
                i: Any = np.uint64(simd.get(order, k))
                k += 1
                old = np.int64(s[r, i])
                x -= diagonal[i] * old
                new = 1 if x >= up[i] else -1 if x < flat[i] else tie if tie != 0 else old
                moved |= new != old
                if proof and moved:
                    k, proof = n, False
                    continue
                if new == COIN:
                    new = 1 - 2 * np.int64(drawn(coins, steps[r], k) >> np.uint64(63))
                step = new - old
                if step == 0:
                    continue
                change += abs(step)
                _add_step(masks, digits, vectors, np.int64(i), step, unset * step)
                total += ups[i] * step
                rest = unset * total
                s[r, i] = new
                bars[i] = _bar(up[i], flat[i], diagonal[i], new, tie)
            _join(m, r, digits)
            totals[r] = total
        counts[0, r] += made
        counts[1, r] += made * n
        counts[2, r] = not moved
        held[2][r] = energy(net, held, terms[2], r)


@paste
def _scan(
    vectors: int, high: int, net: Net, places: Places, room: Any, k: Any, n: int, rest: int
) -> Any:
    """Visit neurons by fours, from place k on, until one does not exceed its bar.

    Return its place, its sum, and how many of its four stay before it; 4 where the places end.
    """
    (masks, _, _, _, unset, _), order = net, places[0]
    x: Any = 0
    stay: Any = 4
    if high == 0 and vectors <= 16 and masks.size <= NEAR:
        while k < n and stay == 4:
            _sums_of_short(masks, order, room, vectors, k)
            x, stay = _before_bars(order, room, k, unset, rest)
            k += stay
    else:
        while k < n and stay == 4:
            _sums_of_four(masks, order, room, vectors, high, k)
            x, stay = _before_bars(order, room, k, unset, rest)
            k += stay
    return k, x, stay


@paste
def _before_bars(order: Any, room: Any, k: int, unset: int, rest: int) -> Any:
    """Return the first sum of four that does not exceed its bar, and how many are before it."""
    x0, stays0 = _exceeds(order, room, k, 0, unset, rest)
    x1, stays1 = _exceeds(order, room, k, 1, unset, rest)
    x2, stays2 = _exceeds(order, room, k, 2, unset, rest)
    x3, stays3 = _exceeds(order, room, k, 3, unset, rest)
    if stays0 & stays1 & stays2 & stays3:
        return x0, 4
    if stays0 & stays1:
        return (x3, 3) if stays2 else (x2, 2)
    return (x1, 1) if stays0 else (x0, 0)


@paste
def _exceeds(order: Any, room: Any, k: int, j: int, unset: int, rest: int) -> Any:
    _, _, bars, sums = room
    x = (simd.get(sums, j) << -unset) + rest
    bar = simd.get(bars, simd.get(order, k + j))
    return x, (x ^ -(bar & 1)) > bar >> 1


@paste
def _bar(up: int, flat: int, diagonal: int, state: int, tie: int) -> Any:
    """Return twice what a sum must exceed for a neuron to stay; one more, if with all bits turned.

    What is +1 stays where the sum is above a bar, what is -1 where it is below.
    """
    if state == 1:
        return ((up if tie < 0 or tie == COIN else flat) - 1 + diagonal) << 1
    if state == -1:
        return ((-1 - (flat if tie > 0 else up) + diagonal) << 1) + 1
    return _NEVER


@paste
def _sums_of_short(masks: Masks, order: Any, room: Any, vectors: int, k: int) -> None:
    """Give what `_sums_of_four` gives of at most 16 vectors of low digits alone."""
    digits, _, _, sums = room
    width = masks.shape[1]
    i0, i1 = simd.get(order, k) * width, simd.get(order, k + 1) * width
    i2, i3 = simd.get(order, k + 2) * width, simd.get(order, k + 3) * width
    sums0 = sums1 = sums2 = sums3 = simd.splat(np.int16(0))
    for v in range(vectors):
        x = simd.load(digits, simd.LANES * v)
        sums0 = simd.masked_add(sums0, masks, i0 + v, x)
        sums1 = simd.masked_add(sums1, masks, i1 + v, x)
        sums2 = simd.masked_add(sums2, masks, i2 + v, x)
        sums3 = simd.masked_add(sums3, masks, i3 + v, x)
    a = simd.splat(np.int32(0))
    b, c, d = simd.widen_add(a, sums1), simd.widen_add(a, sums2), simd.widen_add(a, sums3)
    simd.store_four_sums(sums, 0, simd.widen_add(a, sums0), b, c, d)


@paste
def _sums_of_four(masks: Masks, order: Any, room: Any, vectors: int, high: int, k: int) -> None:
    """Give the sums of the overlaps at the bits of the next four neurons, as if none moved."""
    digits, listed, _, sums = room
    width, size, far = masks.shape[1], digits.shape[1], masks.size > NEAR
    i0, i1 = simd.get(order, k) * width, simd.get(order, k + 1) * width
    i2, i3 = simd.get(order, k + 2) * width, simd.get(order, k + 3) * width
    a = b = c = d = simd.splat(np.int32(0))
    for digit in range(high > 0, -1, -1):
        last = high if digit else vectors
        for p in range(0, last, 16):
            if far and not digit:  # a line of cache of each of four to come
                for j in range(8, AHEAD):
                    simd.prefetch(masks, simd.get(order, k + j) * width + p, 16)
            sums0 = sums1 = sums2 = sums3 = simd.splat(np.int16(0))
            for q in range(p, min(p + 16, last)):
                v = simd.get(listed, q) if digit else q
                x = simd.load(digits, digit * size + simd.LANES * v)
                sums0 = simd.masked_add(sums0, masks, i0 + v, x)
                sums1 = simd.masked_add(sums1, masks, i1 + v, x)
                sums2 = simd.masked_add(sums2, masks, i2 + v, x)
                sums3 = simd.masked_add(sums3, masks, i3 + v, x)
            a, b = simd.widen_add(a, sums0), simd.widen_add(b, sums1)
            c, d = simd.widen_add(c, sums2), simd.widen_add(d, sums3)
        if digit:
            base = simd.splat(np.int32(2048))
            a, b, c, d = simd.mul(a, base), simd.mul(b, base), simd.mul(c, base), simd.mul(d, base)
    simd.store_four_sums(sums, 0, a, b, c, d)


@paste
def _add_step(masks: Masks, digits: Shorts, vectors: int, i: int, high: int, low: int) -> None:
    """Add one step to the low digits at the bits of a neuron, another elsewhere."""
    ups, downs = simd.splat(np.int16(high)), simd.splat(np.int16(low))
    for v in range(vectors):
        x, at = simd.load(digits, simd.LANES * v), i * masks.shape[1] + v
        x = simd.masked_select_add(x, masks, at, ups, downs)
        simd.store(digits, simd.LANES * v, x)


@paste
def _split(vectors: int, m: Array, r: int, digits: Shorts, listed: Ints) -> Any:
    """Give overlaps as digits, and list the vectors with high ones; return how many these are."""
    high: Any = 0
    for v in range(vectors):
        any_ = np.int32(0)
        for mu in range(simd.LANES * v, simd.LANES * (v + 1)):
            value = m[r, mu]
            up = (value + np.int32(1024)) >> np.int32(11) if abs(value) > _ALONE else np.int32(0)
            digits[0, mu], digits[1, mu] = value - (up << np.int32(11)), up
            any_ |= up
        listed[high] = v
        high += np.int64(any_ != 0)
    return high


@paste
def _join(m: Array, r: int, digits: Shorts) -> None:
    for mu in range(digits.shape[1]):
        m[r, mu] = digits[0, mu] + (np.int32(digits[1, mu]) << np.int32(11))
