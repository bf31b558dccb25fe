"""Dense and exponential memories: E = -sum_mu F(xi^mu . s) with F(x) = x**n, or F(x) = exp(x).

In a stored pattern of N neurons the crosstalk of P random others is normal for large N, and as
wide as the sum of P signs times F'(x), x normal of variance N: a neuron flips with
probability

    erfc(sqrt(N**(n - 1) / (2 P (2n - 3)!!))) / 2,    (2n - 3)!! = 1 * 3 * ... * (2n - 3).

For n = 2 this is `one_step`, Hebb's rule. A rectified power, F(x) = x**n for x > 0 and else 0,
hears only every other pattern: half the crosstalk, so twice the load.

References
----------
Krotov and Hopfield 2016, arXiv:1606.01164. Demircigil, Heusel, Loewe, Upgang and Vermet 2017,
doi:10.1007/s10955-017-1806-y.
"""

from __future__ import annotations

from math import log, log1p

import numpy.typing as npt

from ..base.checks import Floats, count, flag, not_negative, number
from . import one_step
from ._mean_field import odd, root

__all__ = ["capacity", "error_at", "exponential_load", "exponential_radius", "load_at"]
__dir__ = __all__.copy


def error_at(load: npt.ArrayLike, degree: int, rectified: bool = False) -> Floats | float:
    """Return the probability that a neuron of a stored pattern flips.

    Parameters
    ----------
    load : array_like
        P / N**(degree - 1), 0 or more.
    degree : int
        The power n, from 2 to 50.
    rectified : bool
        Of F(x) = x**n for x > 0 and else 0.

    Returns
    -------
    float or ndarray of the shape of load

    Raises
    ------
    TypeError, ValueError
        If a load is negative, the degree out of bounds or ``rectified`` no bool.

    References
    ----------
    Krotov and Hopfield 2016, section 2; the rectified one by the same argument.

    Examples
    --------
    >>> round(error_at(2000 / 200**2, degree=3), 5)
    0.00491
    """
    return one_step.error_at(not_negative(load, "load") * _noise(degree, rectified))


def load_at(error: float, degree: int, rectified: bool = False) -> float:
    """Return the P / N**(degree - 1) at which one neuron in so many flips.

    Parameters
    ----------
    error : float
        Between 0 and 1/2, both excluded.
    degree : int
        The power n, from 2 to 50.
    rectified : bool
        Of F(x) = x**n for x > 0 and else 0.

    Returns
    -------
    float

    Raises
    ------
    TypeError, ValueError
        If the error or the degree is out of bounds or ``rectified`` no bool.

    Examples
    --------
    >>> [round(load_at(0.005, degree), 6) for degree in (2, 3, 4)]
    [0.150718, 0.050239, 0.010048]
    """
    return one_step.load_at(error) / _noise(degree, rectified)


def capacity(n: int, degree: int, rectified: bool = False) -> float:
    """Return how many patterns can be stored so that in nearly all of them no neuron flips.

    Parameters
    ----------
    n : int
        Neurons, from 2 to a million.
    degree : int
        The power, from 2 to 50.
    rectified : bool
        Of F(x) = x**n for x > 0 and else 0.

    Returns
    -------
    float
        N**(degree - 1) / (2 (2 degree - 3)!! ln N), for large N.

    Raises
    ------
    TypeError, ValueError
        If n or the degree is out of bounds or ``rectified`` no bool.

    References
    ----------
    Krotov and Hopfield 2016, section 2.

    Examples
    --------
    >>> round(capacity(100, degree=3))
    362
    """
    n, noise = count(n, "n", 2, 10**6), _noise(degree, rectified)
    return one_step.capacity(n) * float(n) ** (int(degree) - 2) / noise


def exponential_load(flipped: float = 0.0) -> float:
    """Return ln(P) / N up to which F(x) = exp(x) is proved to mend a pattern in one step.

    Parameters
    ----------
    flipped : float
        Fraction of the neurons of the cue that are wrong, from 0 to 1/2.

    Returns
    -------
    float
        I(1 - 2 flipped) / 2 with 2 I(x) = (1 + x) ln(1 + x) + (1 - x) ln(1 - x); ln(2) / 2 from
        the pattern itself. Below it no neuron errs as N grows; it is not said that above one must.

    Raises
    ------
    ValueError
        If the fraction is out of bounds.

    References
    ----------
    Demircigil et al. 2017, the theorem on the exponential interaction.

    Examples
    --------
    >>> round(exponential_load(), 6), round(exponential_load(0.25), 6)
    (0.346574, 0.065406)
    """
    rho = number(flipped, "flipped")
    if not 0 <= rho <= 0.5:
        raise ValueError(f"flipped must be between 0 and 1/2, not {rho:g}")
    # I(1 - 2 rho) is ln 2 less the entropy of rho
    return (log(2) + (rho * log(rho) if rho else 0) + (1 - rho) * log1p(-rho)) / 2


def exponential_radius(load: float) -> float:
    """Return the fraction of wrong neurons up to which that holds: inverse of `exponential_load`.

    Parameters
    ----------
    load : float
        ln(P) / N, from 0 to ln(2) / 2.

    Returns
    -------
    float

    Raises
    ------
    ValueError
        If the load is out of bounds.

    Examples
    --------
    >>> round(exponential_radius(0.1), 6)
    0.194827
    """
    alpha = number(load, "load")
    if not 0 <= alpha <= log(2) / 2:
        raise ValueError(f"load must be between 0 and ln(2)/2 = {log(2) / 2:.6f}, not {alpha:g}")
    return root(lambda rho: exponential_load(rho) - alpha, 0.0, 0.5)


def _noise(degree: int, rectified: bool) -> float:
    """Return the load of Hebb's rule that a unit of load is as noisy as."""
    noise = float(odd(count(degree, "degree", 2, 50) - 1))
    return noise / 2 if flag(rectified, "rectified") else noise
