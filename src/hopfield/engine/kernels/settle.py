"""Sweeps at temperature zero under Hebb's couplings, patterns in bits.

Four neurons are visited at a time and share each load of an overlap; where one moves, the others'
sums are out of date, and the next four begin behind it. The overlaps are kept in two digits of
16 bits, m = low + 2048 high, twice as quick as one number of 32: a sum over 16 patterns fits, as
no digit exceeds 2047. Most overlaps have no high digit: the vectors that hold one are listed.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from ...base.forms import Array, Ints
from . import simd
from .compiling import jit, paste
from .draws import DRAWN, GIVEN, draw_order, drawn
from .overlaps import NEAR, add_step, begin, numerator, sum_of

AHEAD = 12  # places behind the last in an order, of anybody
_STEPS = 256  # and 255 more is what may be added to a digit before it is looked at again
_ALONE = 2047 - 2 * _STEPS  # what needs no high digit
_NEVER = 2**62  # a bar that no sum exceeds
COIN = 2  # a tie that is up or down at even odds


@jit
def sweep_at_zero(
    patterns: Any, law: Any, state: Any, streams: Any, counts: Ints, span: Any, workspace: Any
) -> None:
    """Sweep one neuron at a time, each replica until nothing moves or for so many sweeps.

    A neuron's bar is the whole number that a sum of overlaps must exceed for it to stay: what its
    own state adds to the numerator is on the bar's side. While sums exceed bars, visits are
    comparisons. Where one does not, the numerator decides, and a step changes the overlaps.

    For 10 patterns of -1/+1 and no bias, a neuron that is +1 stays where its numerator is 0 or
    more (tie "keep"). The share of its own state is 10: its bar is 9, for twice the sum of the
    overlaps at its bits less the sum of all overlaps.

    Parameters
    ----------
    patterns, state
        As for `overlaps`.
    law : (up, flat, tie)
        The least numerators (N,) with fields above 0 and of 0 or more, as `bars` gives them, and
        what a field of 0 does: 1 up, -1 down, 0 keep, or `COIN`. Where a coin was tossed, the
        sweep proves nothing.
    streams : (words, steps)
        Of uint64 (R,).
    counts : ndarray of int64, shape (3, R)
        Sweeps, updates and periods; replicas that have a period are left as they are.
    span : (first, stop, sweeps, how, proof)
        Which replicas, for how many sweeps, and who moves when (`draws`); the order given is in the
        workspace. For a proof no neuron moves: a replica is left where one would. A quiet sweep of
        neurons that are drawn may have missed one: a proof follows it.
    workspace : (order, swaps, digits, listed, bars, sums)
        uint32 (N + AHEAD,), uint32 (N,), int16 (2, P'), int64 (P'/16,), (N,) and (5,).
    """
    masks, _, ups, diagonal, unset, size = patterns
    up, flat, tie = law
    s, m, _ = state
    words, steps = streams
    order, swaps, digits, listed, bars, sums = workspace
    n, vectors, most, how = s.shape[1], (size + 31) // 32, span[2], span[3]
    for r in range(span[0], span[1]):
        if counts[2, r]:
            continue
        begin(patterns, state, r)
        total = sum_of(m, r, size)
        for j in range(n):
            bars[j] = _bar(up[j], flat[j], diagonal[j], s[r, j], tie)
        k, moved, made, coins, proof = n, True, 0, np.uint64(0), span[4]
        while k < n or (made < most if moved else how == DRAWN and not proof):
            _split(vectors, m, r, digits, listed, sums)
            short = vectors <= 16 and sums[4] == vectors and masks.size <= NEAR
            change: Any = 0
            rest = unset * total
            while change <= _STEPS and (
                k < n or (made < most if moved else how == DRAWN and not proof)
            ):
                if k == n and not moved:
                    for j in range(n):
                        order[j] = j
                    k, proof = 0, 1
                elif k == n:
                    if how != GIVEN:
                        words[r] = draw_order(how, words[r], steps[r], order[:n], swaps)
                    if tie == COIN and not proof:
                        coins = words[r]
                        words[r] += np.uint64(n) * steps[r]
                    made += 1
                    k, moved = 0, False
                k, x, stay = _scan(short, vectors, patterns, workspace, k, n, rest)
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
                    k, proof, most = n, span[4], 0 if span[4] else most
                    continue
                if new == COIN:
                    new = 1 - 2 * np.int64(drawn(coins, steps[r], k) >> np.uint64(63))
                step = new - old
                if step == 0:
                    continue
                change += abs(step)
                high, low = simd.splat(np.int16(step)), simd.splat(np.int16(unset * step))
                for p in range(0, 32 * vectors, 32):
                    sums_, at = simd.load(digits, p), np.int64(i) * masks.shape[1] + (p >> 4)
                    simd.store(digits, p, simd.masked_select_add(sums_, masks, at, high, low))
                total += ups[i] * step
                rest = unset * total
                s[r, i] = new
                bars[np.int64(i)] = _bar(up[i], flat[i], diagonal[i], new, tie)
            _join(m, r, digits)
        counts[0, r] += made
        counts[1, r] += made * n
        counts[2, r] = not moved
        most = span[2]


@jit
def sweep_together(
    patterns: Any, law: Any, state: Any, since: Any, counts: Ints, span: Any, workspace: Any
) -> None:
    """Move all neurons at once, each replica until it is where it was before.

    As Brent does, compare with a state kept at each power of two. From a cycle of 2 that is entered
    at sweep 3, the state kept at 4 comes back at 6.

    Parameters
    ----------
    since : (kept, times)
        int8 (R, N), the states to compare with, and int64 (2, R), at which sweep these were kept,
        and which sweep it is now.
    patterns, law, state, counts, span, workspace
        As for `sweep_at_zero`.
    """
    masks, _, _, _, unset, size = patterns
    up, flat, tie = law
    s, m, _ = state
    kept, times = since
    n, after = s.shape[1], workspace[4]
    for r in range(span[0], span[1]):
        made = 0
        while made < span[2] and counts[2, r] == 0:
            begin(patterns, state, r)
            total = sum_of(m, r, size)
            for i in range(n):
                old = np.int64(s[r, i])
                x = numerator(patterns, m, total, old, r, i)
                after[i] = 1 if x >= up[i] else -1 if x < flat[i] else tie if tie != 0 else old
            moved, back = False, True
            for i in range(n):
                step = after[i] - np.int64(s[r, i])
                if step != 0:
                    moved, s[r, i] = True, after[i]
                    add_step(masks, unset, m, step, r, i)
                back &= after[i] == kept[r, i]
            made += 1
            times[1, r] += 1
            counts[0, r] += 1
            counts[1, r] += 1
            counts[2, r] = 1 if not moved else times[1, r] - times[0, r] if back else 0
            if times[1, r] == max(1, 2 * times[0, r]):
                times[0, r] = times[1, r]
                for i in range(n):
                    kept[r, i] = s[r, i]


@paste
def _scan(
    short: bool, vectors: int, patterns: Any, workspace: Any, k: Any, n: int, rest: int
) -> Any:
    """Visit neurons by fours, from place k on, until one does not exceed its bar.

    Return its place, its sum, and how many of its four stay before it; 4 where the places end.
    """
    masks, _, _, _, unset, _ = patterns
    x: Any = 0
    stay: Any = 4
    if short:
        while k < n and stay == 4:
            _sums_of_short(vectors, masks, workspace, k)
            x, stay = _before_bars(workspace, k, unset, rest)
            k += stay
    else:
        while k < n and stay == 4:
            _sums_of_four(vectors, masks, workspace, k)
            x, stay = _before_bars(workspace, k, unset, rest)
            k += stay
    return k, x, stay


@paste
def _before_bars(workspace: Any, k: int, unset: int, rest: int) -> Any:
    """Return the first sum of four that does not exceed its bar, and how many are before it."""
    x0, stays0 = _exceeds(workspace, k, 0, unset, rest)
    x1, stays1 = _exceeds(workspace, k, 1, unset, rest)
    x2, stays2 = _exceeds(workspace, k, 2, unset, rest)
    x3, stays3 = _exceeds(workspace, k, 3, unset, rest)
    if stays0 & stays1 & stays2 & stays3:
        return x0, 4
    if stays0 & stays1:
        return (x3, 3) if stays2 else (x2, 2)
    return (x1, 1) if stays0 else (x0, 0)


@paste
def _exceeds(workspace: Any, k: int, j: int, unset: int, rest: int) -> Any:
    order, _, _, _, bars, sums = workspace
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
def _sums_of_short(vectors: int, masks: Array, workspace: Any, k: int) -> None:
    """Give what `_sums_of_four` gives of at most 16 vectors of low digits alone."""
    order, _, digits, _, _, sums = workspace
    width = masks.shape[1]
    i0, i1 = simd.get(order, k) * width, simd.get(order, k + 1) * width
    i2, i3 = simd.get(order, k + 2) * width, simd.get(order, k + 3) * width
    sums0 = sums1 = sums2 = sums3 = simd.splat(np.int16(0))
    for q in range(vectors):
        x = simd.load(digits, 32 * q)
        sums0 = simd.masked_add(sums0, masks, i0 + 2 * q, x)
        sums1 = simd.masked_add(sums1, masks, i1 + 2 * q, x)
        sums2 = simd.masked_add(sums2, masks, i2 + 2 * q, x)
        sums3 = simd.masked_add(sums3, masks, i3 + 2 * q, x)
    zero = simd.splat(np.int32(0))
    a, b = simd.add_pairs(zero, sums0), simd.add_pairs(zero, sums1)
    simd.store_four_sums(sums, 0, a, b, simd.add_pairs(zero, sums2), simd.add_pairs(zero, sums3))


@paste
def _sums_of_four(vectors: int, masks: Array, workspace: Any, k: int) -> None:
    """Give the sums of the overlaps at the bits of the next four neurons, as if none moved."""
    order, _, digits, listed, _, sums = workspace
    width, size, far = masks.shape[1], digits.shape[1], masks.size > NEAR
    i0, i1 = simd.get(order, k) * width, simd.get(order, k + 1) * width
    i2, i3 = simd.get(order, k + 2) * width, simd.get(order, k + 3) * width
    a = b = c = d = simd.splat(np.int32(0))
    for digit in range(simd.get(sums, 4) > vectors, -1, -1):
        first, last = (vectors, simd.get(sums, 4)) if digit else (0, vectors)
        for p in range(first, last, 16):
            if far and not digit:  # a line of cache of each of four to come
                for j in range(8, AHEAD):
                    simd.prefetch(masks, simd.get(order, k + j) * width + 2 * p, 32)
            sums0 = sums1 = sums2 = sums3 = simd.splat(np.int16(0))
            for q in range(p, min(p + 16, last)):
                place = simd.get(listed, q)
                x, at = simd.load(digits, place), (place - digit * size) >> 4
                sums0 = simd.masked_add(sums0, masks, i0 + at, x)
                sums1 = simd.masked_add(sums1, masks, i1 + at, x)
                sums2 = simd.masked_add(sums2, masks, i2 + at, x)
                sums3 = simd.masked_add(sums3, masks, i3 + at, x)
            a, b = simd.add_pairs(a, sums0), simd.add_pairs(b, sums1)
            c, d = simd.add_pairs(c, sums2), simd.add_pairs(d, sums3)
        if digit:
            base = simd.splat(np.int32(2048))
            a, b, c, d = simd.mul(a, base), simd.mul(b, base), simd.mul(c, base), simd.mul(d, base)
    simd.store_four_sums(sums, 0, a, b, c, d)


@paste
def _split(vectors: int, m: Array, r: int, digits: Array, listed: Ints, sums: Ints) -> None:
    """Give overlaps as digits, and list the vectors of them: all low ones, then high ones.

    Where the list ends stands behind the four sums.
    """
    end: Any = vectors
    for v in range(vectors):
        any_ = np.int32(0)
        for mu in range(32 * v, 32 * v + 32):
            value = m[r, mu]
            high = (value + np.int32(1024)) >> np.int32(11) if abs(value) > _ALONE else np.int32(0)
            digits[0, mu], digits[1, mu] = value - (high << np.int32(11)), high
            any_ |= high
        listed[v], listed[end] = 32 * v, digits.shape[1] + 32 * v
        end += np.int64(any_ != 0)
    sums[4] = end


@paste
def _join(m: Array, r: int, digits: Array) -> None:
    for mu in range(digits.shape[1]):
        m[r, mu] = digits[0, mu] + (np.int32(digits[1, mu]) << np.int32(11))
