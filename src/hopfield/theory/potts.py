"""Potts: neurons of q colours, where each pattern pulls as Hebb's rule does, at load P/N.

A neuron takes the colour k of the largest field, sum_mu (q [xi_i^mu = k] - 1) x_mu, where x_mu =
sum_i (q [xi_i^mu = s_i] - 1) / N. The crosstalk of each colour is normal, of one spread D and
independent but for what all colours share; the right one lies A spreads higher. With p the chance
that it wins and e the mean crosstalk of the winner, both one integral over A, the replica
symmetric theory at T = 0 is

    m = (q p - 1) / (q - 1) = A D / (q (q - 1)),      chi = q e / D,
    D**2 = q (q - 1) alpha / (1 - chi)**2.

For q = 2 this is `ags`, Hebb's rule. The equations were derived for this package and agree with
recall in networks of 500 to 2,000 neurons; 0.138 q (q - 1) / 2, which is quoted of Kanter but was
not checked there, is within 0.4 % of their critical load up to five colours, and 3.2 % too much at
ten. That networks of a few hundred neurons hold patterns far above it (80 % of them at load 0.5,
q = 3, N = 400) is for their size: of 2,000 neurons, all are held at load 0.42 and most at 0.44,
where theory ends at 0.4144.

References
----------
Kanter 1988, doi:10.1103/PhysRevA.37.2739.
"""

from __future__ import annotations

from math import sqrt

import numpy as np
import numpy.typing as npt

from ..base.checks import Floats, count, not_negative
from ._mean_field import below, each, root, top

__all__ = ["critical", "overlap"]
__dir__ = __all__.copy

_Z = np.arange(-12, 12, 1 / 32)
_LAW = np.exp(-(_Z**2) / 2) / sqrt(2 * np.pi) / 32
_BELOW = np.vectorize(below)


def critical(q: int) -> tuple[float, float]:
    """Return the largest load with retrieval states, and their overlap m there.

    Parameters
    ----------
    q : int
        Colours, from 2 to 1000.

    Returns
    -------
    load, m : float

    Raises
    ------
    TypeError, ValueError
        If q is no whole number in bounds.

    Examples
    --------
    >>> [round(critical(q)[0], 6) for q in (2, 3, 4)]
    [0.137906, 0.414412, 0.827642]
    """
    q = _colours(q)
    best = top(lambda a: _root_load(a, q)[0], 1, 8)
    value, m = _root_load(best, q)
    return value**2, m


def overlap(load: npt.ArrayLike, q: int) -> Floats | float:
    """Return the overlap m = (q p - 1) / (q - 1), p being the part of the neurons that are right.

    Parameters
    ----------
    load : array_like
        Patterns a neuron, alpha = P/N, 0 or more.
    q : int
        Colours, from 2 to 1000.

    Returns
    -------
    float or ndarray of the shape of load
        0 above the critical load.

    Raises
    ------
    TypeError, ValueError
        If a load is negative or q no whole number in bounds.

    Examples
    --------
    >>> overlap([0.3, 0.4, 0.5], q=3).round(6)
    array([0.997066, 0.976463, 0.      ])
    """
    loads, q = not_negative(load, "load"), _colours(q)
    peak = top(lambda a: _root_load(a, q)[0], 1, 8)
    most = _root_load(peak, q)[0]

    def at(alpha: float) -> float:
        goal = max(sqrt(alpha), 1e-6)
        if goal > most:
            return 0.0
        widest = 1.001 * sqrt(q * (q - 1)) / goal  # sqrt(alpha) is sqrt(q (q - 1)) / A at most
        return _root_load(root(lambda a: _root_load(a, q)[0] - goal, peak, widest), q)[1]

    return each(at, loads)


def _root_load(a: float, q: int) -> tuple[float, float]:
    """Return sqrt(alpha) and m where the right colour lies a spreads above the others."""
    alone = _BELOW(_Z + a) ** (q - 1)
    other = (q - 1) * _BELOW(_Z - a) * _BELOW(_Z) ** (q - 2)
    m = (q * float(_LAW @ alone) - 1) / (q - 1)
    winner = float(_LAW * _Z @ (alone + other))
    return sqrt(q * (q - 1)) * (m / a - winner / (q - 1)), m


def _colours(q: int) -> int:
    return count(q, "q", 2, 1000)
