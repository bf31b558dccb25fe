"""Willshaw's network: how full its couplings are, and how many wrong neurons a recall makes active.

P patterns of k active neurons of N make a share p1 of the couplings 1,

    p1 = 1 - (1 - k (k - 1) / (N (N - 1)))**P.

A neuron that does not belong to a pattern becomes active where it was so together with each of the
c neurons of the cue. One that was active in r patterns, r binomial of P and k / N, is coupled to a
share 1 - (1 - (k - 1) / (N - 1))**r, so that busy neurons err most:

    wrong = (N - k) E_r[(1 - (1 - (k - 1) / (N - 1))**r)**c].

References
----------
Willshaw, Buneman and Longuet-Higgins 1969, doi:10.1038/222960a0; that busy neurons err most is
due to Buckingham and Willshaw.
"""

from __future__ import annotations

from math import lgamma, log

import numpy as np

from ..base.checks import Floats, count
from ._mean_field import root, scalar

__all__ = ["capacity", "filled", "information", "spurious"]
__dir__ = __all__.copy

_SPREAD = 12  # standard deviations of r that are summed over


def filled(n: int, active: int, p: float) -> float:
    """Return the share of the couplings that are 1.

    Parameters
    ----------
    n, active : int
        Neurons, 2 or more, and how many of them each pattern makes active.
    p : float
        Patterns, 0 or more.

    Returns
    -------
    float

    Raises
    ------
    TypeError, ValueError
        For numbers out of range.

    Examples
    --------
    >>> round(filled(1000, 10, 6931), 5)
    0.46444
    """
    n, k = _sizes(n, active)
    return -float(np.expm1(scalar(p, "p") * np.log1p(-k * (k - 1) / (n * (n - 1)))))


def spurious(n: int, active: int, p: float, cue: int | None = None) -> float:
    """Return how many neurons of a recall should not be active, on average.

    Parameters
    ----------
    n, active : int
        Neurons, 2 or more, and how many of them each pattern makes active.
    p : float
        Patterns, 0 or more.
    cue : int, optional
        How many active neurons are known, from 1; by default all.

    Returns
    -------
    float
        That of many neurons; of 1,000 it is a few percent too high.

    Raises
    ------
    TypeError, ValueError
        For numbers out of range.

    Examples
    --------
    >>> round(spurious(1000, 10, 4000, cue=5), 2)
    2.95
    """
    n, k = _sizes(n, active)
    known = k if cue is None else count(cue, "cue", 1, k)
    p, f = scalar(p, "p"), k / n
    mean, width = p * f, (p * f * (1 - f)) ** 0.5
    low, high = (int(mean + sign * _SPREAD * (width + 1)) for sign in (-1, 1))
    r: Floats = np.arange(max(0, low), min(p, high) + 1, dtype=np.float64)
    # By ratios: of 10**15 patterns the factorials would leave no digit.
    logs = np.cumsum(np.log(np.maximum(p - r[:-1], 1e-300) / r[1:] * f / (1 - f)))
    chance = np.exp(np.append(0.0, logs) - max(0.0, logs.max(initial=0.0)))
    coupled = -np.expm1(r * np.log1p(-(k - 1) / (n - 1)))
    return float((n - k) * (chance @ coupled**known) / chance.sum())


def capacity(n: int, active: int) -> float:
    """Return how many patterns one can store so that a recall has one wrong neuron on average.

    Parameters
    ----------
    n, active : int
        Neurons, 2 or more, and how many of them each pattern makes active: of a cue too.

    Returns
    -------
    float

    Raises
    ------
    TypeError, ValueError
        For numbers out of range, or one or all active.

    Examples
    --------
    >>> round(capacity(1000, 6))
    12340
    """
    n, k = _sizes(n, active)
    if not 1 < k < n - 1:
        raise ValueError(f"active must be 2 or more, and less than {n - 1}, not {k}")
    most = -((n / k) ** 2) * np.log1p(-(n ** (-1 / k)))  # were all neurons as busy
    high = float(most)
    while spurious(n, k, high) < 1:
        high *= 2
    return root(lambda p: spurious(n, k, p) - 1, 0.0, high)


def information(n: int, active: int) -> float:
    """Return the bits a coupling that patterns hold at `capacity`, P log2 (N choose k) / N**2.

    For many neurons, k = log2 N of them active, this creeps up to ln 2 = 0.693.

    Parameters
    ----------
    n, active : int
        Neurons, and how many of them each pattern makes active.

    Returns
    -------
    float

    Raises
    ------
    TypeError, ValueError
        As `capacity` does.

    Examples
    --------
    >>> round(information(1000, 6), 3)
    0.62
    """
    n, k = _sizes(n, active)
    bits = (lgamma(n + 1) - lgamma(k + 1) - lgamma(n - k + 1)) / log(2)
    return capacity(n, k) * bits / n**2


def _sizes(n: int, active: int) -> tuple[int, int]:
    n = count(n, "n", 2, 10**9)
    return n, count(active, "active", 1, n - 1)
