"""Gardner: how many random patterns any coupling matrix can hold, whatever the learning rule.

Each neuron is a perceptron of N inputs, with weights of square sum N, that has to give every
pattern a field of at least a margin kappa on its side:

    1 / alpha = int Dt (t + kappa)**2 over t > -kappa   = (1 + kappa**2) H + kappa G,

with H the normal law and G its density at kappa. It is not 1 / (1 + kappa**2), which one meets.

References
----------
Gardner 1988, doi:10.1088/0305-4470/21/1/030. Cover 1965, doi:10.1109/PGEC.1965.264137.
"""

from __future__ import annotations

from math import sqrt

import numpy.typing as npt

from ..base.checks import Floats, count, describe, not_negative, number, room
from ._mean_field import bell, below, coins, each, root

__all__ = ["critical", "margin", "separable"]
__dir__ = __all__.copy


def critical(margin: npt.ArrayLike = 0.0, bias: float = 0.0) -> Floats | float:
    """Return the largest load P/N at which every field can reach a margin.

    Parameters
    ----------
    margin : array_like
        kappa, 0 or more, in units in which a row of the couplings has the square sum N.
    bias : float
        Mean of the patterns' -1/+1 values, between -1 and 1, both excluded.

    Returns
    -------
    float or ndarray of the shape of margin

    Raises
    ------
    ValueError
        If a margin is negative or the bias not between -1 and 1.

    Examples
    --------
    >>> critical(), round(critical(1.0), 6), round(critical(bias=0.8), 4)
    (2.0, 0.519572, 3.9129)
    """
    mean = abs(number(bias, "bias"))
    if mean > 1 - 1e-12:
        raise ValueError(f"bias must be between -1 and 1, both excluded, not {bias:g}")
    return each(lambda k: _critical(k / sqrt(1 - mean**2), mean), not_negative(margin, "margin"))


def margin(load: npt.ArrayLike) -> Floats | float:
    """Return the largest margin of unbiased patterns at a load: the inverse of `critical`.

    Parameters
    ----------
    load : array_like
        Patterns an input, P/N, from 1e-50 to 2.

    Returns
    -------
    float or ndarray of the shape of load

    Raises
    ------
    ValueError
        If a load is out of bounds.

    Examples
    --------
    >>> margin([2.0, 0.519572]).round(5)
    array([0., 1.])
    """
    loads = not_negative(load, "load")
    if loads.min() < 1e-50 or loads.max() > 2:
        raise ValueError(f"load must be between 1e-50 and 2, not {describe(load)}")
    return each(lambda a: root(lambda k: a * _square_shortfall(k) - 1, 0.0, 1.001 / sqrt(a)), loads)


def separable(p: int, n: int) -> float:
    """Return the probability that p points with random labels can be told apart by a plane.

    Parameters
    ----------
    p, n : int
        Points in general position, and inputs; the plane goes through the origin. For a neuron of
        a network, n is the number of the others.

    Returns
    -------
    float
        2**(1 - p) times the sum of C(p - 1, k) over k < n; for many inputs it falls from 1 to 0
        at p = 2 n.

    Raises
    ------
    TypeError, ValueError
        If p or n is no whole number of 1 or more.

    References
    ----------
    Cover 1965, the function-counting theorem.

    Examples
    --------
    >>> [round(separable(p, 99), 4) for p in (180, 200, 220)]
    [0.9108, 0.4437, 0.0685]
    """
    p, n = count(p, "p", 1), count(n, "n", 1)
    room("p and n", p, n)
    return coins(p - 1, n - 1) if n < p else 1.0


def _critical(kappa: float, mean: float) -> float:
    """Return the load at a margin in units of the patterns' spread."""

    def slope(v: float) -> float:
        return (1 + mean) * _shortfall(kappa - v) - (1 - mean) * _shortfall(kappa + v)

    # The threshold v that the weights can make of the bias is where the load is largest.
    v = root(slope, 0.0, kappa + 30) if mean else 0.0
    easy, hard = _square_shortfall(kappa - v), _square_shortfall(kappa + v)
    return 2 / ((1 + mean) * easy + (1 - mean) * hard)


def _shortfall(x: float) -> float:
    """Return int Dt (t + x) over t > -x."""
    return x * below(x) + bell(x)


def _square_shortfall(x: float) -> float:
    """Return int Dt (t + x)**2 over t > -x."""
    return (1 + x**2) * below(x) + x * bell(x)
