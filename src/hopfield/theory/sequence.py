"""Sequences: a network that all together goes from each pattern to the next, at load P/N.

The weights are sum_mu xi_i^(mu+1) xi_j^mu / N. The crosstalk of one step does not act back on the
next, so that its spread D is less than in Hebb's network:

    m = int Dz tanh((m + D z) / T),   chi = dm/dh,   D**2 = alpha / (1 - chi**2).

A dense sequence of the separation ``power(n)``, of which f = F' is the power d = n - 1, hears each
other pattern with a random weight. That then no crosstalk acts back was derived for this package:
m = int Dz tanh((m**d + D z) / T) with D**2 = P (2d - 1)!! / N**d.

References
----------
Duering, Coolen and Sherrington 1998, doi:10.1088/0305-4470/31/43/005; dense ones: Chaudhry et al.
2023, arXiv:2306.04532.
"""

from __future__ import annotations

from math import comb, erf, sqrt, tanh

import numpy.typing as npt

from ..base.checks import Floats, count, not_negative
from . import _mean_field as mean_field, one_step
from ._mean_field import below, each, odd, temperature, top

__all__ = ["critical", "error", "overlap", "spinodal"]
__dir__ = __all__.copy

_STEP = 0.02  # of y = erfinv(m), where the largest spread is looked for


def overlap(load: npt.ArrayLike, T: float = 0.0, degree: int = 2) -> Floats | float:
    """Return the overlap m with the pattern whose turn it is, after many steps; 0 if it is lost.

    Parameters
    ----------
    load : array_like
        Patterns of the sequence, P / N**(degree - 1), 0 or more.
    T : float
        Temperature.
    degree : int
        Of the separation ``power(degree)``, from 2 to 50.

    Returns
    -------
    float or ndarray of the shape of load

    Raises
    ------
    TypeError, ValueError
        If a load or T is negative, or the degree out of bounds.

    Examples
    --------
    >>> overlap([0.1, 0.2, 0.27]).round(6)
    array([0.998405, 0.966326, 0.      ])
    >>> round(overlap(0.05, degree=3), 6)
    0.988334
    """
    T, d = temperature(T), _power(degree)
    loads = not_negative(load, "load")
    if d == 1:
        return each(lambda a: mean_field.retrieval(_crosstalk, a, T)[0], loads)
    return each(lambda a: _kept(sqrt(a * odd(d)), d, T), loads)


def critical(T: float = 0.0, degree: int = 2) -> tuple[float, float]:
    """Return the largest load at which a sequence goes on, and its overlap m there.

    Parameters
    ----------
    T : float
        Temperature; from T = 1 on both are 0.
    degree : int
        Of the separation ``power(degree)``, from 2 to 50.

    Returns
    -------
    load, m : float
        The load is P / N**(degree - 1).

    Raises
    ------
    TypeError, ValueError
        If T is negative, or the degree out of bounds.

    Examples
    --------
    >>> load, m = critical()
    >>> round(load, 7), round(m, 6)
    (0.2690616, 0.834871)
    >>> round(critical(degree=3)[0] * 3, 6)
    0.25219
    """
    T, d = temperature(T), _power(degree)
    if d == 1:
        return mean_field.critical(_crosstalk, T)
    y = _widest(d, T)
    widest = _spread(y, d, T)
    return (widest**2 / odd(d), erf(y)) if widest else (0.0, 0.0)


def error(n: int, p: int, degree: int = 2) -> float:
    """Return the probability that a neuron errs in one step from a pattern to the next.

    Parameters
    ----------
    n, p : int
        Neurons, 2 or more, and patterns, stored as a ring.
    degree : int
        Of the separation ``power(degree)``, from 2 to 50. Degree 2 is exact, a field of 0 an error;
        beyond the crosstalk is taken as normal, of its exact variance: where it is small, errors of
        few neurons are more frequent than that.

    Returns
    -------
    float

    Raises
    ------
    TypeError, ValueError
        For numbers out of bounds.

    References
    ----------
    Chaudhry et al. 2023, arXiv:2306.04532.

    Examples
    --------
    >>> round(error(100, 11), 6), round(error(100, 362, degree=3), 5)
    (0.00082, 0.00127)
    """
    n, p, d = count(n, "n", 2), count(p, "p", 1), _power(degree)
    if d == 1:
        return sum(one_step.error(n, p))
    variance = (p - 1) * (_moment(n - 1, 2 * d) / (n - 1) ** (2 * d))
    return below(-1 / sqrt(variance)) if variance else 0.0


def spinodal(load: npt.ArrayLike) -> Floats | float:
    """Return the temperature up to which a sequence goes on; 0 where it never does.

    Parameters
    ----------
    load : array_like
        Patterns of the sequence a neuron, 0 or more.

    Returns
    -------
    float or ndarray of the shape of load

    Raises
    ------
    ValueError
        If a load is negative.

    Examples
    --------
    >>> round(spinodal(0.1), 6)
    0.609537
    """
    return each(lambda a: mean_field.spinodal(_crosstalk, a), not_negative(load, "load"))


def _crosstalk(spread: float, chi: float, T: float) -> float:
    """Return the sqrt(alpha) of the spread."""
    return spread * sqrt(max(0, 1 - chi**2))


def _power(degree: int) -> int:
    return count(degree, "degree", 2, 50) - 1


def _spread(y: float, d: int, T: float) -> float:
    """Return the spread of the crosstalk at which m = erf(y) is kept; 0 where it never is."""
    m = erf(y)
    if T == 0:
        return m**d / (sqrt(2) * y)
    if tanh(m**d / T) <= m:
        return 0.0
    return mean_field.root(lambda w: mean_field.moments(m**d, w, T)[0] - m, 1e-9, m**d / y)


def _widest(d: int, T: float) -> float:
    """Return the y at which the spread is largest; a grid finds where it is not 0 at all."""
    grid = [k * _STEP for k in range(1, round(4 / _STEP))]
    k = max(range(len(grid)), key=lambda k: _spread(grid[k], d, T))
    return top(lambda y: _spread(y, d, T), grid[k] - _STEP, grid[k] + _STEP)


def _kept(spread: float, d: int, T: float) -> float:
    """Return the larger overlap m that is kept at a spread of the crosstalk, 0 without one."""
    y = _widest(d, T)
    if _spread(y, d, T) <= spread:
        return 0.0
    spread = max(spread, 1e-9)
    return erf(mean_field.root(lambda y: _spread(y, d, T) - spread, y, 1 / spread))


def _moment(n: int, k: int) -> int:
    """Return E[S**k], k even, of a sum S of n signs, from its cumulants: whole numbers."""
    cumulants, moments = [0], [1]
    for r in range(1, k // 2 + 1):
        ways = [comb(2 * r - 1, 2 * j - 1) for j in range(r + 1) if j] or [1]
        cumulants.append(1 - sum(w * c for w, c in zip(ways, cumulants[1:], strict=False)))
        lower = zip(ways, cumulants[1:], reversed(moments), strict=True)
        moments.append(sum(w * n * c * m for w, c, m in lower))
    return moments[-1]
