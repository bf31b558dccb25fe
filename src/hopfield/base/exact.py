"""The contract of exact sums: why no result depends on who added, or in which order.

A field decides a tie, so two ways of computing it must give the same bits. Sums of whole numbers
below 2**53 are exact in float64 in any order, and so are sums of multiples of one power of two.
Everything that recall sums between neurons with two states is brought onto such grids here:

- **States** are -1 and +1 inside (`Memory.signed`), and 0 for "not known", whatever two numbers
  stand for them outside.
- **Integer couplings and patterns** stay as they are, with one divisor.
- **Real couplings** are rounded to 2**-48 of the largest row's sum (`on_grid`), so that any sum
  of a row over states fits 48 bits.
- **Evidence** (what a cue holds besides states) is read to `EVIDENCE`, 2**-20 (a millionth), or to
  2**-25 of the largest where that exceeds 32; against evidence, real couplings count to 2**-28
  of the largest row's sum (`coarse`), as do whole ones that add up to more than 2**28: 28 bits
  and 25 make 53.
- **Sums beyond 2**53** of dense memories are digits of int64, and become a float when all is added
  (`of_digits`).
- **A field** is weight * numerator / divisor + bias, each operation rounded once, as written.

Where neurons are graded, or attention reads the patterns, sums are rounded as they come: their
states and energies, and energies of real couplings, agree to 1e-12 and not to the bit. So it is
where Boltzmann machines learn: averages are products of matrices, the same for all engines and
threads of ours, but rounded as that machine's BLAS does.
"""

from __future__ import annotations

from functools import lru_cache
from math import ceil, frexp, log2
from typing import Any

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[Any]
Floats = npt.NDArray[np.float64]

WHOLE = 2.0**53  # whole numbers below it are exact in float64, and so are their sums
WHOLE_SINGLE = 2.0**24  # the same for float32
SINGLE = 1e30  # sizes that float32 can still multiply by some
EVIDENCE = 2.0**-20
COUPLINGS = 48  # bits of the largest row's sum
AGAINST_EVIDENCE = 28  # the same, where the states are evidence
TINY = 2.0**-850  # couplings below it are on no grid: their quotients would be denormal

_LARGE = 32.0  # evidence beyond is read more coarsely
_BLOCK = 2**19  # values worked on at once, to stay in a cache


def on_grid(w: Any, bits: int = COUPLINGS) -> Any:
    """Round rows of numbers, in place, to multiples of 2**-bits of the largest row's sum.

    Parameters
    ----------
    w : ndarray or SciPy sparse array of float, shape (M, N)
        Its entries are changed.
    bits : int
        How many bits a row's sum may have.

    Returns
    -------
    w
    """
    sparse, size = hasattr(w, "tocsr"), max(1, _BLOCK // w.shape[1])
    parts = [w] if sparse else [w[i : i + size] for i in range(0, len(w), size)]
    largest = max(float(abs(part).sum(axis=1).max()) for part in parts)
    if largest > 2.0**-900:
        grid = 2.0 ** (np.ceil(np.log2(largest)) - bits)
        for values in [w.data] if sparse else parts:
            values /= grid
            np.round(values, out=values)
            values *= grid
    return w


def coarse(w: Any) -> Any:
    """Return couplings as they count against evidence: whole ones as they are, if not large."""
    values = w.data if hasattr(w, "tocsr") else w
    whole = values.dtype != np.float64 or bool((values == np.rint(values)).all())
    if whole and abs(w).sum(axis=1).max() <= 2.0**AGAINST_EVIDENCE:
        return w
    return on_grid(w.astype(np.float64), AGAINST_EVIDENCE)


def evidence(x: Floats) -> Floats:
    """Return evidence on its grid."""
    largest = float(np.abs(x).max(initial=0))
    grid = EVIDENCE if largest <= _LARGE else 2.0 ** (ceil(log2(largest)) - 25)
    return np.asarray(np.round(x / grid) * grid)


def is_kept(low: float, high: float) -> bool:
    """Say whether evidence on its grid stays on one where two states become -1 and +1.

    True too where the states are on no grid themselves, so that nothing is lost by it.
    """
    off_grid = any(x / EVIDENCE % 1 for x in (low, high))
    return off_grid or frexp(high - low)[0] == 0.5


def of_digits(sums: list[Any], bits: int) -> Floats:
    """Return sums of digits, the lowest first, as floats: each operation rounded as written.

    Carries are made first, so that the sign is that of the whole number, and 0 is 0. For two
    digits of 4 bits, 18 and -1 become 2 and 0, which is 2; the sums may change.
    """
    for k in range(len(sums) - 1):
        carry = sums[k] >> bits
        sums[k] = sums[k] - (carry << bits)
        sums[k + 1] = sums[k + 1] + carry
    found = np.asarray(sums[-1], np.float64)
    for lower in sums[-2::-1]:
        found = found * 2.0**bits + lower
    return found


@lru_cache(64)
def short(value: float) -> np.int8 | np.float64:
    """Return a value as int8, if that holds it: bytes are compared far quicker with bytes."""
    return np.int8(value) if value % 1 == 0 and abs(value) <= 127 else np.float64(value)


def among(x: Array, *values: float) -> npt.NDArray[np.bool_]:
    """Say where x is one of some values."""
    found = x == short(values[0])
    for value in values[1:]:
        found |= x == short(value)
    return np.asarray(found)
