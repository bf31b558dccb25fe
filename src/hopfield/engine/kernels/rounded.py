"""Sweeps at a temperature under dense couplings, compiled, with couplings of 16 bits.

Fields are kept as whole numbers of a unit: a flip reads a quarter of what the couplings
themselves are, and what is left out has a bound. A threshold lies in the bin of its random
number. Only where those leave it open who is the larger, both are computed as they are.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from ...base.forms import Ints, Signs
from . import simd
from .columns import begin
from .compiling import inline, inline_sums, jit
from .draws import Places, draw_bins, draw_order, drawn, rises
from .visits import Held, Net, Terms

_UNITS = 2  # what is up to date of a replica
Units = npt.NDArray[np.int32]
Shorts = npt.NDArray[np.int16]


@jit
def sweep_rounded(
    net: Net,
    held: Held,
    terms: Terms,
    rounding: Any,
    streams: Any,
    counts: Ints,
    places: Places,
    span: Any,
) -> None:
    """Make sweeps of states -1 and +1, as `visits.sweep` does at a temperature.

    A neuron stays where its field in units is beyond the bar of its threshold's bin by more than
    the units may be off, and flips where it is so on the other side. In between its field and
    threshold are computed as they are. With ``rounding`` = (rounded, bars, units, rows, scale,
    unit, largest), a margin of 3 and a bin from 10 to 12 units, a neuron that is up stays from 16
    on, flips below 7, and is looked at closely from 7 to 15.

    ``rounded`` int16 (N, M) are the columns and ``units`` int32 (R, M) the fields, M a multiple
    of 32; ``rows`` (N, N) are the couplings that act on each neuron.
    """
    rounded, bars, units, rows, scale, unit, largest = rounding
    (s, begun, _, h), (bias, weight, divisor) = held, terms
    (words, steps), order, bins = streams, places[0], places[1]
    n, one, two = np.uint64(order.size), np.uint64(1), np.uint64(2)
    for r in range(span[0], span[1]):
        if counts[2, r]:
            continue
        if begun[r] != _UNITS:
            begin(net, held, r)
            for j in range(n):
                own = min(max(bias[j] * divisor / weight, -largest), largest)
                units[r, j] = np.int32(np.rint((h[r, j] + own) / unit))
            begun[r] = _UNITS
        states, step = s[r], steps[r]
        for _ in range(span[2]):
            word = draw_order(span[3], words[r], step, order, bins)
            draw_bins(word, step, bins)
            for k in range(n):
                i, b = np.uint64(order[k]), two * np.uint64(bins[k])
                up = np.uint64(states[i] > 0)
                pull = units[r, i] if up else -units[r, i]
                if pull > bars[b + up]:
                    continue
                if pull >= -bars[b + (up ^ one)]:
                    x = weight * _numerator(rows, states, np.int64(i)) / divisor + bias[i]
                    if rises(x, scale, drawn(word, step, k + one)) == (up == one):
                        continue
                _add(rounded, np.int64(i), units, r, 1 - 2 * np.int64(up))
                states[i] = -states[i]
            words[r] = word + n * step
            counts[0, r] += 1
            counts[1, r] += n


@inline
def _add(rounded: Shorts, i: int, units: Units, r: int, side: int) -> None:
    row, fields, sign = i * units.shape[1], r * units.shape[1], simd.splat(np.int16(side))
    for j in range(0, units.shape[1], simd.LANES):
        step = simd.mul(sign, simd.load(rounded, row + j))
        simd.store(units, fields + j, simd.widen_add(simd.load(units, fields + j), step))


@inline_sums
def _numerator(rows: Any, s: Signs, i: int) -> Any:
    total = 0.0
    for j in range(s.size):
        total += rows[i, j] * s[j]
    return total
