"""What the rules share: patterns read alike, and weights in which no rounding decides a tie."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from ..base.checks import Floats, choice, describe, vectors
from ..core.couplings import Couplings, mirrored
from ..core.hebbian import pattern_rows
from ..core.memory import Memory
from ..core.patterns import Int8

_BITS = 47  # of a row's sum: coarser than what rounding leaves, and exact in any order


def rows_of(patterns: npt.ArrayLike, n: int | None = None, coding: str = "bipolar") -> Int8:
    """Return patterns of n neurons as rows (P, N); one pattern may be given as (N,)."""
    choice(coding, "coding", ("bipolar", "01"))
    array = vectors(patterns, "patterns", n)
    rows = pattern_rows(array[None] if array.ndim == 1 else array, coding)
    if n not in (None, rows.shape[1]):
        raise ValueError(f"patterns must have {n} neurons; the shape is {array.shape}")
    return rows


def couplings(
    w: Floats, denominator: float = np.inf, *, symmetric: bool = True, self_coupling: bool = False
) -> Couplings:
    """Return couplings whose exact values are multiples of 1 / ``denominator``.

    They are held as integers where float64 can tell those apart, else rounded to so many bits
    that weights which are equal but for rounding are equal.
    """
    largest = w.shape[0] * max(float(w.max()), -float(w.min()), np.finfo(float).tiny)
    exact = denominator * max(largest, 1) < 2.0**_BITS
    scale = float(denominator if exact else 2.0 ** (_BITS - np.ceil(np.log2(largest))))
    w *= scale
    np.rint(w, out=w)
    if not self_coupling:
        np.fill_diagonal(w, 0)
    return Couplings.of_whole(w, scale, self_coupling, symmetric or mirrored(w))


def dense_weights(memory: Memory) -> Floats:
    """Return W, dense and new, of a memory that is nothing but couplings between pairs."""
    form = memory.linear() if isinstance(memory, Memory) else None
    if form is None or form[1].any():
        raise TypeError(
            f"memory must hold couplings between pairs alone, not be {describe(memory)}"
        )
    return form[0].copy()


def without(stored: Int8, patterns: Int8) -> Int8:
    """Return stored patterns (P, N) less given ones, each taken out once."""
    stays = list(range(len(stored)))
    for k, pattern in enumerate(patterns):
        (same,) = np.nonzero((stored[stays] == pattern).all(axis=1))
        if not same.size:
            raise ValueError(f"patterns must be ones that the memory holds; row {k} is not")
        del stays[int(same[0])]
    if not stays:
        raise ValueError("patterns must leave one in the memory: take not all of them out")
    return stored[stays]


def not_made_by(rule: str, memory: object) -> TypeError:
    """Return the error for a memory that a rule did not make, and so cannot change."""
    return TypeError(
        f"memory must be what {rule} makes of patterns, not {describe(memory)}; rule= names the "
        "rule that made it; what no rule made, as a dense memory, is made anew of all "
        "its patterns"
    )
