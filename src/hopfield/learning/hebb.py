"""Hebb's rule."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from .._validate import flag, vectors
from ..memory import Overlaps, pattern_rows
from ..patterns import Int8


def hebb(
    patterns: npt.ArrayLike,
    *,
    coding: str = "bipolar",
    self_coupling: bool = False,
    allow_repeats: bool = False,
) -> Overlaps:
    """Store patterns by Hebb's rule, W = X'X / N with an empty diagonal.

    The memory holds the patterns themselves: 20 kB instead of 800 MB for two of 10,000 neurons.
    Its `dense` is the matrix; the two agree to the bit.

    Parameters
    ----------
    patterns : array_like of shape (P, N)
        -1/+1 or bools; one pattern may be given as (N,).
    coding : {"bipolar", "01"}
        "01" stores 0/1 (or bools) as 0 and 1, the way many first programs do; correlated
        patterns then merge. Read by 0/1 neurons or by -1/+1 neurons as it stands.
    self_coupling : bool
        Keep the diagonal; the energy may then rise.
    allow_repeats : bool
        Accept the same pattern twice, which stores it twice as strongly.

    Returns
    -------
    Overlaps

    Raises
    ------
    TypeError
        For patterns that are not real numbers.
    ValueError
        For values other than those of the coding (0/1 where -1/+1 is meant, above all), for
        an empty array, for fewer than 2 neurons, and for a repeated pattern.

    References
    ----------
    Hopfield 1982, doi:10.1073/pnas.79.8.2554, eq. 2 (there without the factor 1/N).

    Examples
    --------
    >>> import hopfield as hf
    >>> xi = hf.random_patterns(2, 100, rng=1)
    >>> r = hf.recall(hf.hebb(xi), hf.flip(xi[0], 0.2, rng=2), rng=3)
    >>> r.why, hf.overlap(r.state, xi[0])
    ('fixed point', 1.0)
    """
    array = vectors(patterns, "patterns")
    xi = pattern_rows(array[None] if array.ndim == 1 else array, coding)
    if not flag(allow_repeats, "allow_repeats"):
        _refuse_repeats(xi)
    return Overlaps(
        xi if coding == "bipolar" else xi.astype(bool), coding=coding, self_coupling=self_coupling
    )


def _refuse_repeats(xi: Int8) -> None:
    seen: dict[bytes, int] = {}
    for row, pattern in enumerate(xi > 0):
        first = seen.setdefault(np.packbits(pattern).tobytes(), row)
        if first != row:
            raise ValueError(
                f"patterns {first} and {row} are the same; drop one, or pass "
                "allow_repeats=True to store it twice as strongly"
            )
