"""Graded neurons that hold patterns: v = tanh(beta u), and the field of Hebb's rule.

Of one pattern each neuron hears the N - 1 others, so that a place of rest has
m = tanh(beta m (1 - 1/N)): the overlap leaves 0 at the gain beta = 1 / (1 - 1/N). At a load
alpha = P/N a neuron hears its own answer Y again, through all others, with a factor Gamma:

    Y = tanh(beta (m + D z + Gamma Y)),   m = <Y>,   q = <Y^2>,   U D = <z Y>,
    r = q / (1 - U)^2,   D^2 = alpha r,   Gamma = alpha U / (1 - U),

z normal, N to infinity. Beside the heat bath at T = 1/beta (`hopfield.theory.ags`) there is Gamma
in place of (1 - q) / T; the overlaps are nearly the same.

References
----------
Hopfield 1984, doi:10.1073/pnas.81.10.3088; Shiino & Fukai 1993, doi:10.1103/PhysRevE.48.867.
"""

from __future__ import annotations

from math import pi, sqrt

import numpy as np
import numpy.typing as npt

from ..base.checks import Floats, count, not_negative, number
from . import mixtures
from ._mean_field import each

__all__ = ["critical", "loaded", "order_parameters", "overlap"]
__dir__ = __all__.copy


def critical(n: int) -> float:
    """Return the gain beta up to which all activity dies out, 1 / (1 - 1/N).

    Parameters
    ----------
    n : int
        Neurons, 2 or more.

    Returns
    -------
    float

    Raises
    ------
    TypeError, ValueError
        If n is no whole number of 2 or more.

    Examples
    --------
    >>> round(critical(50), 6)
    1.020408
    """
    return 1 / (1 - 1 / count(n, "n", 2))


def overlap(beta: npt.ArrayLike, n: int) -> Floats | float:
    """Return the overlap m of the place of rest, every neuron being at m or -m; 0 below critical.

    Parameters
    ----------
    beta : array_like
        Gain, 0 or more.
    n : int
        Neurons, 2 or more.

    Returns
    -------
    float or ndarray of the shape of beta

    Raises
    ------
    TypeError, ValueError
        If a gain is negative or n no whole number of 2 or more.

    Examples
    --------
    >>> overlap([1.0, 1.05, 2.0], n=50).round(6)
    array([0.      , 0.287478, 0.953489])
    """
    least = critical(n)
    return each(
        lambda b: mixtures.overlap(1, least / b) if b > least else 0.0, not_negative(beta, "beta")
    )


def loaded(load: npt.ArrayLike, beta: float) -> Floats | float:
    """Return the overlap m with the pattern that is recalled, at a load; 0 where there is none.

    Parameters
    ----------
    load : array_like
        Patterns a neuron, alpha = P/N, 0 or more.
    beta : float
        Gain, above 0.

    Returns
    -------
    float or ndarray of the shape of load

    Raises
    ------
    TypeError, ValueError
        If a load is negative, or the gain 0 or less.

    Examples
    --------
    >>> loaded([0.02, 0.05, 0.1], beta=2).round(6)
    array([0.946388, 0.91704 , 0.      ])
    """
    gain = _gain(beta)
    return each(lambda a: _solved(a, gain)[0], not_negative(load, "load"))


def order_parameters(load: float, beta: float) -> tuple[float, float, float]:
    """Return m, q and r of the state that recalls a pattern.

    Parameters
    ----------
    load : float
        Patterns a neuron, alpha = P/N, 0 or more.
    beta : float
        Gain, above 0.

    Returns
    -------
    m, q, r : float
        The overlap, the mean square of the answers, and the mean square overlap with the other
        patterns in units of 1/N.

    Raises
    ------
    TypeError, ValueError
        If there is no such state, the load is negative, or the gain 0 or less.

    Examples
    --------
    >>> [round(x, 6) for x in order_parameters(0.05, beta=5)]
    [0.998884, 0.997842, 1.019737]
    """
    found = _solved(float(not_negative(number(load, "load"), "load")), _gain(beta))
    if not found[0]:
        raise ValueError(f"load {load:g} must leave a state that recalls, at beta = {beta:g}")
    return found


def _gain(beta: float) -> float:
    gain = number(beta, "beta")
    if gain <= 0:
        raise ValueError(f"beta must be above 0, not {beta:g}")
    return gain


def _solved(load: float, beta: float) -> tuple[float, float, float]:
    """Return m, q and r, or zeros, by going half the way to what the equations say."""
    load, m, q, u = max(load, 1e-12), 1.0, 1.0, 0.0
    for _ in range(5000):
        r = q / (1 - u) ** 2
        spread = sqrt(load * r)
        half = 100 * int(2 + min(beta * spread, 200))  # fine enough for what tanh rises over
        z = (np.arange(-half, half) + 0.5) * (9 / half)
        weight = np.exp(-z * z / 2) * (9 / half / sqrt(2 * pi))
        own = load * u / (1 - u)
        y = _answers(np.asarray(m + spread * z, dtype=np.float64), beta, own)
        new = float(weight @ y), float(weight @ y**2), float(weight @ (z * y)) / spread
        off = max(abs(a - b) for a, b in zip(new, (m, q, u), strict=True))
        m, q, u = (m + new[0]) / 2, (q + new[1]) / 2, (u + new[2]) / 2
        least = 40 * spread / half if own * beta > 1 else 1e-6  # where Y jumps, it is seen coarsely
        if m < least or u >= 1:
            break
        if off < 1e-12:
            return m, q, r
    return 0.0, 0.0, 0.0


def _answers(x: Floats, beta: float, own: float) -> Floats:
    """Return the Y = tanh(beta (x + own Y)) of the sign of x, by Newton from beyond."""
    y = np.where(x < 0, -1.0, 1.0)
    for _ in range(200):
        t = np.tanh(beta * (x + own * y))
        step = (y - t) / np.maximum(1 - own * beta * (1 - t * t), 0.1)
        y = y - step
        if np.abs(step).max() < 1e-13 * max(1.0, beta):
            break
    return y
