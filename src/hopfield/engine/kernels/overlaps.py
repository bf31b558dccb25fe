"""Hebb's patterns as bits: the overlaps m = X s stand beside the states.

The numerator of a neuron is a sum of overlaps at the bits of its mask, 32 at a time; a step of it
changes every overlap. For patterns +++- and +-+-, of -1/+1, and the state ++-- the overlaps are 2
and 0. Both bits of neuron 0 are set: the sum at its bits is 2, the numerator 2 * 2 - (2 + 0) - 2 *
1 = 0 (its own share is left out). A step of neuron 2 by 2 makes the overlaps 4 and 2.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from ...base.bits import Words
from ...base.forms import Array, Ints, Signs
from . import simd
from .compiling import inline, inline_sums
from .visits import Held, Net, Terms, scaled, serve

Masks = npt.NDArray[np.uint32]
NEAR = 2**17  # masks that stay in a cache near enough
_AHEAD = 6  # visits from when a mask is asked for until it is there
_TILE = 64  # neurons whose masks stay there while the overlaps come by


class Overlaps(NamedTuple):
    """Patterns of 1 and ``unset``, as `base.bits.BitMatrix` holds them.

    What is held of replicas is, behind the energies, the overlaps int32 (R, P') and their sums
    int64 (R,).
    """

    masks: Masks  # (N, P' / 32)
    by_word: Words  # (W, P'), or (0, 0)
    ups: Ints
    diagonal: Ints
    unset: int
    size: int


@inline
def begin(net: Net, held: Held, r: int) -> None:
    """Count the overlaps of a replica in words, or add them up by masks."""
    s, begun, _, m, totals = held
    if begun[r]:
        return
    masks, by_word, _, _, unset, size = net
    if by_word.shape[0] > 0:
        by_words(by_word, unset, s, m, r)
    else:
        _by_masks(masks, unset, s, m, r)
    total = np.int64(0)
    for mu in range(size):
        total += m[r, mu]
    totals[r], begun[r] = total, 1


@inline
def field_of(net: Net, held: Held, terms: Terms, r: int, i: Any) -> Any:
    """Return the field of a neuron."""
    masks, _, _, diagonal, unset, _ = net
    rest = unset * held[4][r] - diagonal[i] * held[0][r, i]
    return scaled(terms, (sum_at(masks, held[3], r, i, 0) << -unset) + rest, i)


@inline
def fields_ahead(net: Net, held: Held, terms: Terms, r: int, order: Array, k: Any) -> Any:
    """Return the field of the next neuron in an order, and ask for the mask of one to come."""
    masks = net[0]
    if masks.size > NEAR:
        ahead = np.int64(order[min(k + _AHEAD, order.size - 1)])
        simd.prefetch(masks, ahead * masks.shape[1], masks.shape[1])
    return (field_of(net, held, terms, r, np.uint64(order[k])),)


@inline
def move(net: Net, held: Held, r: int, i: Any, new: Any) -> None:
    """Step; what that does to lanes beyond P is never read."""
    s, m, (masks, _, ups, _, unset, _) = held[0], held[3], net
    step = np.int64(new) - s[r, i]
    at, first = np.int64(i) * masks.shape[1], r * m.shape[1]
    high, low = simd.splat(np.int32(step)), simd.splat(np.int32(unset * step))
    for k in range(masks.shape[1]):
        place = first + simd.LANES * k
        sums = simd.masked_select_add(simd.load(m, place), masks, at + k, high, low)
        simd.store(m, place, sums)
    held[4][r] += ups[i] * step
    s[r, i] = new


@inline
def energy(net: Net, held: Held, divisor: float, r: int) -> Any:
    """Return minus the sum of squares, less the neurons' own shares, in a unit."""
    s, m, diagonal, found = held[0], held[3], net[3], np.int64(0)
    for i in range(s.shape[1]):
        found += diagonal[i] * np.int64(s[r, i]) * np.int64(s[r, i])
    for mu in range(net[5]):
        found -= np.int64(m[r, mu]) * np.int64(m[r, mu])
    return found / (2 * divisor)


@inline_sums
def sum_at(masks: Masks, sums: Array, r: int, i: int, start: int) -> Any:
    """Return what P' sums of a replica, from ``start`` on, add up to at the bits of neuron i."""
    at, first = np.int64(i) * masks.shape[1], r * sums.shape[1] + start
    x = simd.load(sums, first)
    a = b = simd.sub(x, x)
    for k in range(0, masks.shape[1], 2):
        place = first + simd.LANES * k
        a = simd.masked_add(a, masks, at + k, simd.load(sums, place))
        b = simd.masked_add(b, masks, at + k + 1, simd.load(sums, place + simd.LANES))
    return simd.sum_lanes(simd.add(a, b))


@inline_sums
def sums_at(masks: Masks, sums: Array, r: int, order: Array, k: int) -> Any:
    """Return the same of the next four neurons in an order, which share each load of a sum."""
    width, first, last = masks.shape[1], r * sums.shape[1], order.size - 1
    i0, i1 = np.int64(order[k]) * width, np.int64(order[min(k + 1, last)]) * width
    i2 = np.int64(order[min(k + 2, last)]) * width
    i3 = np.int64(order[min(k + 3, last)]) * width
    x = simd.load(sums, first)
    a = b = c = d = simd.sub(x, x)
    for q in range(width):
        x = simd.load(sums, first + simd.LANES * q)
        a, b = simd.masked_add(a, masks, i0 + q, x), simd.masked_add(b, masks, i1 + q, x)
        c, d = simd.masked_add(c, masks, i2 + q, x), simd.masked_add(d, masks, i3 + q, x)
    return simd.sum_lanes(a), simd.sum_lanes(b), simd.sum_lanes(c), simd.sum_lanes(d)


@inline
def by_words(words: Words, unset: int, s: Signs, m: Array, r: int) -> None:
    """Count in how many neurons a state and a pattern differ, 64 neurons and 32 patterns at once.

    Unknown neurons (0) differ once in two: were they 1, and were they -1.
    """
    n, width = s.shape[1], m.shape[1]
    whole = ups = downs = np.int64(0)
    last = n // 64
    for i in range(n):
        whole += s[r, i]
    for j in range(n % 64):
        ups |= np.int64(s[r, 64 * last + j] > 0) << np.int64(j)
        downs |= np.int64(s[r, 64 * last + j] >= 0) << np.int64(j)
    for p in range(0, width, simd.LANES):
        apart = simd.splat(np.uint64(0))
        for w in range(words.shape[0]):
            up, down = np.uint64(ups), np.uint64(downs)
            if w < last:
                up = simd.bits_above(s, r * n + 64 * w, 0)
                down = simd.bits_above(s, r * n + 64 * w, -1)
            x = simd.load(words, w * width + p)
            apart = simd.add_bit_differences(apart, x, simd.splat(up))
            apart = simd.add_bit_differences(apart, x, simd.splat(down))
        simd.store(m, r * width + p, simd.sub(simd.splat(np.uint64(n)), apart))
    if unset == 0:
        for mu in range(width):
            m[r, mu] = (m[r, mu] + whole) >> 1


@inline
def _by_masks(masks: Masks, unset: int, s: Signs, m: Array, r: int) -> None:
    """Add up the states at the bits of each pattern."""
    n, width = masks.shape
    whole = np.int64(0)
    for i in range(n):
        whole += s[r, i]
    m[r] = 0
    for start in range(0, n, _TILE):
        for k in range(0, width, 2):
            at = r * m.shape[1] + simd.LANES * k
            a, b = simd.load(m, at), simd.load(m, at + simd.LANES)
            for i in range(start, min(start + _TILE, n)):
                state, mask = simd.splat(np.int32(s[r, i])), i * width + k
                a = simd.masked_add(a, masks, mask, state)
                b = simd.masked_add(b, masks, mask + 1, state)
            simd.store(m, at, a)
            simd.store(m, at + simd.LANES, b)
    if unset:
        for mu in range(m.shape[1]):
            m[r, mu] = 2 * m[r, mu] - whole


serve(globals())
