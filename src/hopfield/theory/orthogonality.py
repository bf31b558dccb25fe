"""The law of the overlap of random patterns: pseudo-orthogonality."""

from __future__ import annotations

from math import lgamma, log

import numpy as np
import numpy.typing as npt

from ..base.checks import Floats, count, room

__all__ = ["overlap_distribution"]

Ints = npt.NDArray[np.int64]


def overlap_distribution(n: int, shared: int = 0) -> tuple[Ints, Floats]:
    """Return the exact law of q = sum_i xi_i s_i for two random -1/+1 patterns.

    Parameters
    ----------
    n : int
        Neurons.
    shared : int
        Neurons on which the two agree by construction.

    Returns
    -------
    values : ndarray of int64
        2 shared - n, ... , n in steps of 2.
    probabilities : ndarray of float64
        Binomial; mean ``shared``, variance ``n - shared``.

    Examples
    --------
    >>> q, p = overlap_distribution(100)
    >>> round(float(p[q == 0][0]), 6)
    0.079589
    """
    n = count(n, "n", 1)
    room("n", n)
    free = n - count(shared, "shared", 0, n)
    k = np.arange(free + 1)
    log_p = [lgamma(free + 1) - lgamma(i + 1) - lgamma(free - i + 1) - free * log(2) for i in k]
    return n - 2 * (free - k), np.exp(log_p)
