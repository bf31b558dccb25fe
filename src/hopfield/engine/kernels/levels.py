"""Dense memories: any F whose values are whole numbers, patterns in bits.

An overlap sum m of -1/+1 neurons is one of N + 1 levels, m = 2 k - N, and ``rises[k]`` is the step
of F from level k - 1 to level k (0 at both ends). Twice the numerator of a neuron in state s is

    sum over patterns that are +1 at it of (rises[k] + rises[k + 1])
    - sum over all patterns of rises[k + (s > 0)]

so a visit is one masked sum, of slopes, and a flip takes every pattern to its next level.

For N = 3 and F(m) = m**3 the levels 0 to 3 hold -27, -1, 1, 27, and rises = 0, 26, 2, 26, 0. The
pattern + - + and the state + + + differ once: m = 1, level 2, slope rises[2] + rises[3] = 28. Twice
the numerator of the first neuron is 28 - rises[3] = 2 = F(1) - F(-1), as it must be.

Sums beyond 2**53 are of D digits, as `base.exact` says: slopes and sums of rises for each; those
are visited in `digits`.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from ...base.bits import Words
from ...base.forms import Array, Floats
from . import simd
from .compiling import inline, inline_sums
from .overlaps import Masks, by_words, sum_at, sums_at
from .visits import Held, Net, Terms, scaled, serve


class Levels(NamedTuple):
    """Patterns of -1/+1, and F by level.

    What is held of replicas is, behind the energies, levels int32 (R, P') and slopes (R, D P'), and
    for each digit the sums of the rises below and above the levels, and room, int64 (R, 3 D).
    """

    masks: Masks  # (N, P' / 32)
    by_word: Words  # (W, P')
    values: Floats  # (N + 1,)
    rises: Array  # (D, N + 2), the lowest digit first
    size: int
    digit: int  # bits of a digit


@inline
def begin(net: Net, held: Held, r: int) -> None:
    """Count the overlaps of a replica, and take its levels' slopes and sums from the table."""
    s, begun, _, levels, _, _ = held
    if begun[r]:
        return
    by_words(net[1], -1, s, levels, r)
    for mu in range(levels.shape[1]):
        levels[r, mu] = (levels[r, mu] + s.shape[1]) >> 1
    for d in range(net[3].shape[0]):
        _step(net, held, r, 0, 0, d)
    begun[r] = 1


@inline
def field_of(net: Net, held: Held, terms: Terms, r: int, i: Any) -> Any:
    """Return the field of a neuron."""
    return _field(held, terms, r, i, sum_at(net[0], held[4], r, i, 0))


@inline
def fields_ahead(net: Net, held: Held, terms: Terms, r: int, order: Array, k: Any) -> Any:
    """Return the fields of the next four neurons in an order, as if none of them moved."""
    a, b, c, d = sums_at(net[0], held[4], r, order, k)
    last = order.size - 1
    return (
        _field(held, terms, r, order[k], a),
        _field(held, terms, r, order[min(k + 1, last)], b),
        _field(held, terms, r, order[min(k + 2, last)], c),
        _field(held, terms, r, order[min(k + 3, last)], d),
    )


@inline
def _field(held: Held, terms: Terms, r: int, i: Any, found: Any) -> Any:
    return scaled(terms, (found - held[5][r, np.int64(held[0][r, i] > 0)]) * 0.5, i)


@inline
def move(net: Net, held: Held, r: int, i: Any, new: Any) -> None:
    """Take each level a step up or down, and its slope along."""
    for d in range(net[3].shape[0]):
        _step(net, held, r, np.int64(i), new if d == 0 else 0, d)
    held[0][r, i] = new


@inline
def energy(net: Net, held: Held, divisor: float, r: int) -> Any:
    """Return minus the sum of F."""
    total, values = 0.0, net[2]
    for mu in range(net[4]):
        total += values[held[3][r, mu]]
    return 0.0 - total


@inline_sums
def _step(net: Any, held: Held, r: int, i: int, new: int, d: int) -> None:
    """Take the levels one step up at patterns in which a neuron is ``new``, elsewhere down.

    Give the slopes and sums of digit d there.
    """
    masks, rises, (_, _, _, levels, slopes, sides) = net[0], net[3][d], held
    at, first, spare = i * masks.shape[1], r * levels.shape[1], levels.shape[1] - net[4]
    out = r * slopes.shape[1] + d * levels.shape[1]
    ups, downs = simd.splat(np.int32(new)), simd.splat(np.int32(-new))
    below, above = simd.gather_pairs(rises, simd.splat(np.int32(0)))
    lows = highs = simd.sub(below, below)
    for k in range(masks.shape[1]):
        mu = simd.LANES * k
        places = simd.masked_select_add(simd.load(levels, first + mu), masks, at + k, ups, downs)
        below, above = simd.gather_pairs(rises, places)
        simd.store(levels, first + mu, places)
        simd.store(slopes, out + mu, simd.add(below, above))
        lows, highs = simd.add(lows, below), simd.add(highs, above)
    last = np.int64(levels[r, levels.shape[1] - 1])  # of patterns there are not
    sides[r, 3 * d] = simd.sum_lanes(lows) - spare * np.int64(rises[last])
    sides[r, 3 * d + 1] = simd.sum_lanes(highs) - spare * np.int64(rises[last + 1])


serve(globals())
