"""Bounded couplings: a memory that forgets the oldest patterns and never overloads."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from ..base.checks import Floats, count
from ..base.progress import Watch, telling
from ..core.couplings import Couplings
from ..core.memory import Memory
from ..core.patterns import Int8
from .rule import Rule
from .weights import dense_weights, rows_of


def palimpsest(
    patterns: npt.ArrayLike,
    *,
    bound: int | None = None,
    capacity: str | None = None,
    progress: Watch | None = None,
) -> Couplings:
    """Store patterns one after the other in couplings that stop at a bound.

    W_ij becomes W_ij + xi_i xi_j / N where that is at most bound / N in size, else it stays.

    Parameters
    ----------
    patterns : array_like of shape (P, N)
        -1/+1 or bools, the oldest first; one pattern may be given as (N,).
    bound : int, optional
        How many patterns' worth a coupling holds at most, by default 0.35 sqrt(N) rounded, and
        1 at least.
    capacity : {"refuse", "warn"}, optional
        What to do about more patterns than the rule keeps (``Rule.capacity``, of random ones); by
        default nothing.
    progress : callable, optional
        Called now and then with a `hopfield.base.progress.Progress`; ``print`` will do.

    Returns
    -------
    Couplings

    Raises
    ------
    TypeError, ValueError
        For patterns that are not -1/+1, a bound below 1, or too many.

    References
    ----------
    Parisi 1986, doi:10.1088/0305-4470/19/10/011; Nadal, Toulouse, Changeux & Dehaene 1986,
    doi:10.1209/0295-5075/1/10/008.

    Examples
    --------
    >>> import hopfield as hf, numpy as np
    >>> xi = hf.random_patterns(200, 400, rng=1)
    >>> np.flatnonzero(hf.learning.palimpsest(xi).stable(xi))
    array([188, 190, 191, 192, 193, 194, 196, 197, 198, 199])
    """
    xi = rows_of(patterns)
    n = xi.shape[1]
    ROWS[0].heed(capacity, *xi.shape)
    return _bounded(np.zeros((n, n)), xi, bound, progress)


def add(
    memory: Memory,
    patterns: npt.ArrayLike,
    *,
    bound: int | None = None,
    progress: Watch | None = None,
) -> Couplings:
    """Store newer patterns; the oldest fade."""
    w = dense_weights(memory) * memory.n
    return _bounded(w, rows_of(patterns, len(w)), bound, progress)


def _bounded(w: Floats, xi: Int8, bound: int | None, progress: Watch | None) -> Couplings:
    n = xi.shape[1]
    most = max(1, round(0.35 * n**0.5)) if bound is None else count(bound, "bound", 1)
    tell = telling(progress, "palimpsest", len(xi), "patterns")
    for k, x in enumerate(xi.astype(np.float64), 1):
        w += np.outer(x, x)
        np.clip(w, -most, most, out=w)
        tell(k)
    return Couplings(w, divisor=n)


ROWS = (
    Rule(
        learn=palimpsest,
        local=True,
        capacity=lambda n: 0.04 * n,
        capacity_text="about 0.04 N: the newest patterns recalled with few errors, however many "
        "came before",
        source="Parisi 1986, doi:10.1088/0305-4470/19/10/011",
        add=add,
    ),
)
