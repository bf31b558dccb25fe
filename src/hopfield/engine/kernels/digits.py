"""Dense memories whose sums pass 2**53: those of `levels`, a digit at a time.

Each digit has slopes and sums of its own, which carry as one adds by hand. With digits of 4 bits
the sums 2 and 1 are 2 + 16 * 1 = 18, and 17 and 1 are 1 and 2: 33.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from .compiling import inline
from .levels import begin as begin, energy as energy, move as move
from .overlaps import sum_at
from .visits import Held, Net, Terms, scaled, serve


@inline
def field_of(net: Net, held: Held, terms: Terms, r: int, i: Any) -> Any:
    """Return the field of a neuron, its numerator added up as `base.exact.of_digits` does."""
    (masks, _, _, rises, _, digit), slopes, sides = net, held[4], held[5]
    up, width, last = np.int64(held[0][r, i] > 0), held[3].shape[1], rises.shape[0] - 1
    carry = np.int64(0)
    for d in range(last + 1):
        x = sum_at(masks, slopes, r, i, d * width) - sides[r, 3 * d + up] + carry
        carry = x >> digit if d < last else np.int64(0)
        sides[r, 3 * d + 2] = x - (carry << digit)
    found, unit = np.float64(sides[r, 3 * last + 2]), 2.0**digit
    for d in range(last - 1, -1, -1):
        found = found * unit + sides[r, 3 * d + 2]
    return scaled(terms, found * 0.5, i)


serve(globals())
