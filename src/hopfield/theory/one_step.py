"""Crosstalk: how often the other stored patterns flip a neuron of a pattern.

Of P random patterns stored by Hebb's rule without self-coupling, neuron i of pattern xi has

    N h_i xi_i = (N - 1) + (a sum of (N - 1)(P - 1) independent signs),

the law that `orthogonality.overlap_distribution` gives for (N - 1) P neurons of which N - 1 are
shared. The neuron flips where this is negative, and undecided where it is 0.
"""

from __future__ import annotations

from math import log, sqrt

import numpy.typing as npt

from ..base.checks import Floats, count, flag, not_negative, number, room
from ._mean_field import below, coin, coins, each

__all__ = ["capacity", "error", "error_at", "load_at"]
__dir__ = __all__.copy


def error(n: int, p: int, self_coupling: bool = False) -> tuple[float, float]:
    """Return the exact probabilities that h xi < 0 and h xi = 0 in a stored pattern.

    Parameters
    ----------
    n, p : int
        Neurons and patterns.
    self_coupling : bool
        Keep Hebb's diagonal, W_ii = P/N, which holds each neuron where it is: it adds P to N - 1.

    Returns
    -------
    below, zero : float
        How likely a neuron is to flip, and how likely its field is to be exactly 0.

    Raises
    ------
    TypeError, ValueError
        If n or p is no whole number of 1 or more, or self_coupling is no bool.

    References
    ----------
    Hertz, Krogh and Palmer 1991, section 2.2, give the limit of many neurons.

    Examples
    --------
    >>> below, zero = error(100, 14)
    >>> round(below, 6), round(zero, 6)
    (0.002646, 0.000493)
    """
    n, p = count(n, "n", 1), count(p, "p", 1)
    room("n and p", n, p)
    signs = (n - 1) * (p - 1)
    twice = (
        signs - (n - 1) - p * flag(self_coupling, "self_coupling")
    )  # of the number of plus signs at which the field is 0
    if twice < 0:
        return 0.0, 0.0
    return coins(signs, (twice - 1) // 2), 0.0 if twice % 2 else coin(signs, twice // 2)


def error_at(load: npt.ArrayLike) -> Floats | float:
    """Return the probability that h xi < 0 at load P/N for many neurons, erfc(sqrt(N/2P)) / 2.

    Parameters
    ----------
    load : array_like
        Patterns a neuron, 0 or more.

    Raises
    ------
    ValueError
        If a load is negative.

    References
    ----------
    Hertz, Krogh and Palmer 1991, section 2.2.

    Examples
    --------
    >>> round(error_at(0.138), 6)
    0.003552
    """
    return each(lambda a: below(-sqrt(1 / max(a, 1e-50))), not_negative(load, "load"))


def load_at(error: float) -> float:
    """Return the load at which one neuron in so many flips: the inverse of `error_at`.

    Parameters
    ----------
    error : float
        Between 0 and 1/2, both excluded.

    Raises
    ------
    ValueError
        If the error is not between 0 and 1/2.

    References
    ----------
    Hertz, Krogh and Palmer 1991, table 2.1.

    Examples
    --------
    >>> [round(load_at(error), 3) for error in (0.001, 0.0036, 0.01, 0.05, 0.1)]
    [0.105, 0.138, 0.185, 0.37, 0.609]
    """
    from statistics import NormalDist

    rate = number(error, "error")
    if not 0 < rate < 0.5:
        raise ValueError(f"error must be between 0 and 1/2, both excluded, not {rate:g}")
    return float(NormalDist().inv_cdf(rate) ** -2)


def capacity(n: int, every: bool = False) -> float:
    """Return how many patterns can be stored so that not one neuron moves, for large n.

    Parameters
    ----------
    n : int
        Neurons, 2 or more.
    every : bool
        Every pattern is to be fixed, n / (4 ln n), not just nearly every one, n / (2 ln n).

    Raises
    ------
    TypeError, ValueError
        If n is no whole number that is large enough, or ``every`` no bool.

    References
    ----------
    McEliece, Posner, Rodemich and Venkatesh 1987, doi:10.1109/TIT.1987.1057328.

    Examples
    --------
    >>> round(capacity(1000), 1), round(capacity(1000, every=True), 1)
    (72.4, 36.2)
    """
    n = count(n, "n", 2)
    return n / ((4 if flag(every, "every") else 2) * log(n))
