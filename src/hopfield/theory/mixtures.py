"""Mixtures: states with the same overlap m with n patterns, where there are few patterns in all.

With z the sum of n independent signs, and t = tanh(m z / T), its overlap solves m = <z t> / n.

References
----------
Amit, Gutfreund and Sompolinsky 1985, doi:10.1103/PhysRevA.32.1007.
"""

from __future__ import annotations

from math import sqrt

import numpy as np

from ..base.checks import count
from ._mean_field import root, temperature
from .orthogonality import LARGEST_N, overlap_distribution

__all__ = ["energy", "overlap", "stability"]
__dir__ = __all__.copy


def overlap(n: int, T: float = 0.0) -> float:
    """Return the overlap m of a mixture with each of its n patterns; one pattern is n = 1.

    Parameters
    ----------
    n : int
        Patterns in the mixture.
    T : float
        Temperature; from T = 1 on m is 0.

    Returns
    -------
    float

    Raises
    ------
    TypeError, ValueError
        If n is no whole number of 1 or more, or T is negative.

    Examples
    --------
    >>> [round(overlap(n), 6) for n in (1, 3, 5)]
    [1.0, 0.5, 0.375]
    """
    n = count(n, "n", 1, LARGEST_N)
    z, p = overlap_distribution(n)
    T = temperature(T)
    if T == 0:
        return float(p @ np.abs(z)) / n

    def excess(m: float) -> float:
        return float(p * z @ np.tanh(m * z / T)) / n - m

    return root(excess, 1e-9, 1.0) if T < 1 and excess(1e-9) > 0 else 0.0


def energy(n: int) -> float:
    """Return the energy a neuron of a mixture of n patterns at T = 0, -n m**2 / 2.

    Parameters
    ----------
    n : int
        Patterns in the mixture. Its energy falls from n = 3 through the odd numbers and rises
        through the even ones, both to -1/pi.

    Returns
    -------
    float

    Raises
    ------
    TypeError, ValueError
        If n is no whole number of 1 or more.

    Examples
    --------
    >>> [round(energy(n), 6) for n in (1, 2, 3, 4)]
    [-0.5, -0.25, -0.375, -0.28125]
    """
    n = count(n, "n", 1)
    return -n * overlap(n) ** 2 / 2


def stability(n: int) -> float:
    """Return the temperature below which a mixture of n patterns is stable; even ones never are.

    Parameters
    ----------
    n : int
        Patterns in the mixture.

    Returns
    -------
    float
        Where the least curvature of the free energy vanishes.

    Raises
    ------
    TypeError, ValueError
        If n is no whole number of 1 or more.

    Examples
    --------
    >>> [round(stability(n), 4) for n in (1, 2, 3, 5, 7)]
    [1.0, 0.0, 0.4598, 0.3847, 0.3439]
    """
    n = count(n, "n", 1, LARGEST_N)
    if n < 3 or n % 2 == 0:
        return float(n == 1)
    return root(lambda T: _curvature(n, T), 0.1 / sqrt(n), 0.99)


def _curvature(n: int, T: float) -> float:
    """Return the least curvature, of the directions that set two of the n overlaps apart."""
    z, p = overlap_distribution(n)
    p = p * np.tanh(overlap(n, T) * z / T) ** 2
    return float(1 - (1 - p.sum() + p @ (z**2 - n) / (n * (n - 1))) / T)
