"""The law of the overlap of random patterns: pseudo-orthogonality."""

from __future__ import annotations

from math import lgamma, log

import numpy as np
import numpy.typing as npt

from ..base.checks import Floats, count

__all__ = ["overlap_distribution"]
__dir__ = __all__.copy

LARGEST_N = 10**6  # a second

Ints = npt.NDArray[np.int64]


def overlap_distribution(n: int, shared: int = 0) -> tuple[Ints, Floats]:
    """Return the exact law of q = sum_i xi_i s_i for two random -1/+1 patterns.

    Parameters
    ----------
    n : int
        Neurons, 1,000,000 at most.
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
    n = count(n, "n", 1, LARGEST_N)
    free = n - count(shared, "shared", 0, n)
    logs = np.fromiter(map(lgamma, range(1, free + 2)), dtype=np.float64)  # of 0!, 1!, ...
    law = np.exp(logs[-1] - logs - logs[::-1] - free * log(2))
    return n - 2 * (free - np.arange(free + 1)), law
