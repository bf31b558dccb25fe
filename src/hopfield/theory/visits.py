"""How long random updates with replacement take to visit given neurons (coupon collecting).

Where each visit mends a neuron for good, as in recall from one stored pattern, this is the
whole theory of the error curve.
"""

from __future__ import annotations

from math import comb

import numpy as np
import numpy.typing as npt

from ..base.checks import Floats, count, not_negative

__all__ = ["all_visited", "all_visited_random", "mean_time", "unvisited"]


def unvisited(n: int, updates: npt.ArrayLike) -> Floats:
    """Return the probability that one neuron of n is still unvisited, (1 - 1/n)**updates.

    Parameters
    ----------
    n : int
        Neurons.
    updates : array_like
        How many single updates, drawn with replacement; 0 or more.

    Examples
    --------
    >>> float(unvisited(100, 0))
    1.0
    """
    t = not_negative(updates, "updates")
    return np.asarray((1 - 1 / count(n, "n", 1)) ** t)


def all_visited(n: int, marked: int, updates: int) -> float:
    """Return the probability that all ``marked`` of n neurons are visited by then.

    Inclusion and exclusion over those that are missed.

    Parameters
    ----------
    n, marked, updates : int
        Neurons, those that matter, and single updates drawn with replacement.

    Examples
    --------
    >>> all_visited(2, 2, 2)
    0.5
    """
    n, updates = count(n, "n", 1), count(updates, "updates", 0)
    marked = count(marked, "marked", 0, n)
    # Integers until the last division: the alternating sum cancels many digits.
    total = sum((-1) ** j * comb(marked, j) * (n - j) ** updates for j in range(marked + 1))
    return float(total / n**updates)


def mean_time(n: int, marked: int) -> float:
    """Return the mean number of updates until all ``marked`` of n neurons are visited.

    Examples
    --------
    >>> mean_time(100, 1)
    100.0
    """
    n = count(n, "n", 1)
    return float(sum(n / k for k in range(1, count(marked, "marked", 0, n) + 1)))


def all_visited_random(n: int, candidates: int, updates: int, first: int = 0) -> float:
    """Return `all_visited` where each of ``candidates`` is marked with probability 1/2.

    Parameters
    ----------
    n, candidates, updates : int
        Neurons, those that may be marked, and updates.
    first : int
        Count only cases with at least this many unmarked candidates.

    Examples
    --------
    >>> all_visited_random(2, 2, 0)
    0.25
    """
    n = count(n, "n", 1)
    most = count(candidates, "candidates", 0, n) - count(first, "first", 0, candidates)
    weights = ((k, comb(candidates, k) / 2**candidates) for k in range(most + 1))
    return float(sum(w * all_visited(n, k, updates) for k, w in weights))
