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
from .columns import UNITS, begin, field
from .compiling import inline, inline_sums, jit
from .draws import Places, drawn, rises, visits

Counts = npt.NDArray[np.int32]
Shorts = npt.NDArray[np.int16]


@jit
def sweep_rounded(
    columns: Any,
    held: Any,
    numbers: Any,
    rule: Any,
    random: Any,
    counts: Ints,
    places: Places,
    rounding: Any,
    start: int,
    stop: int,
    most: int,
) -> None:
    """Make ``most`` sweeps of replicas ``start`` to ``stop`` of states -1 and +1.

    A neuron stays where its field in units is beyond the bar of its threshold's bin by more than
    the units may be off, and flips where it is so on the other side. In between its field and
    threshold are computed as `columns.sweep_at_temperature` does. With ``rounding`` = (rounded,
    units, bars, rows, unit, largest), a margin of 3 and a bin from 10 to 12 units, a neuron that
    is up stays from 16 on, flips below 7, and is looked at closely from 7 to 15.

    ``rounded`` int16 (N, M) are the columns and ``units`` int32 (R, M) the fields, M a multiple
    of 32; ``rows`` (N, N) are the couplings that act on each neuron.
    """
    rounded, units, bars, rows, unit, largest = rounding
    s, h, begun = held
    bias, weight, divisor = numbers
    how, scale = rule
    words, steps = random
    order, bins = places[0], places[1]
    n, one, two = np.uint64(order.size), np.uint64(1), np.uint64(2)
    for r in range(start, stop):
        if counts[2, r]:
            continue
        if begun[r] != UNITS:
            begin(columns, held, r)
            for j in range(n):
                own = min(max(bias[j] * divisor / weight, -largest), largest)
                units[r, j] = np.int32(np.rint((h[r, j] + own) / unit))
            begun[r] = UNITS
        states, step = s[r], steps[r]
        for _ in range(most):
            word = visits(how, words[r], step, order, bins)
            for k in range(n):
                i, b = np.uint64(order[k]), two * np.uint64(bins[k])
                up = np.uint64(states[i] > 0)
                pull = units[r, i] if up else -units[r, i]
                if pull > bars[b + up]:
                    continue
                if pull >= -bars[b + (up ^ one)]:
                    x = field(numbers, _numerator(rows, states, np.int64(i)), np.int64(i))
                    if rises(x, scale, drawn(word, step, k + one)) == (up == one):
                        continue
                _add(rounded, np.int64(i), units, r, 1 - 2 * np.int64(up))
                states[i] = -states[i]
            words[r] = word + n * step
            counts[0, r] += 1
            counts[1, r] += n


@inline
def _add(rounded: Shorts, i: int, units: Counts, r: int, side: int) -> None:
    row, fields, sign = i * units.shape[1], r * units.shape[1], simd.splat(np.int16(side))
    for j in range(0, units.shape[1], 32):
        simd.add_to_wide(units, fields + j, simd.mul(sign, simd.load(rounded, row + j)))


@inline_sums
def _numerator(rows: Any, s: Signs, i: int) -> Any:
    total = 0.0
    for j in range(s.size):
        total += rows[i, j] * s[j]
    return total
