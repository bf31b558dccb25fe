"""How long random updates with replacement take to visit given neurons (coupon collecting).

Where each visit corrects a neuron for good, as in recall from one stored pattern, this is the
whole theory of the error curve.
"""

from __future__ import annotations

from math import comb, log

import numpy as np
import numpy.typing as npt

from ..base.checks import Floats, count, not_negative

__all__ = ["all_visited", "all_visited_random", "mean_time", "unvisited"]
__dir__ = __all__.copy

_EULER = 0.5772156649015329
_EXACT = 10**5  # terms up to which a sum is made one by one
_MOST_BITS = 5 * 10**8  # of the terms of an exact sum, all together: half a minute


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
    bits = (marked + 1) * max(updates, 1) * n.bit_length()
    if bits > _MOST_BITS:
        raise ValueError(
            "marked and updates must be fewer: their exact sum, whose terms cancel, would take "
            f"{bits:.1e} bits of {_MOST_BITS:.0e} at most"
        )
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
    m = count(marked, "marked", 0, n)
    if m < _EXACT:
        return float(sum(n / k for k in range(1, m + 1)))
    return n * (log(m) + _EULER + 1 / (2 * m) - 1 / (12 * m**2))  # the next term is 1 / (120 m^4)


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
    candidates = count(candidates, "candidates", 0, n)
    most = candidates - count(first, "first", 0, candidates)
    weights = ((k, comb(candidates, k) / 2**candidates) for k in range(most + 1))
    return float(sum(w * all_visited(n, k, updates) for k, w in weights))
