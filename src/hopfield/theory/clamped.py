"""Hebb's network of which a fraction of each cue is clamped: what the others recall, at T = 0.

The neurons that are known hold the pattern, and add c to the overlap M = c + (1 - c) m that all
fields see; the crosstalk they send is that of any neurons. With y = M / (sqrt(2) D):

    m = erf(y),   chi = (1 - c) sqrt(2 / pi) exp(-y**2) / D,   sqrt(alpha) = D (1 - chi)

which is Amit, Gutfreund and Sompolinsky's theory where c = 0.

References
----------
Amit, Gutfreund & Sompolinsky 1985, doi:10.1103/PhysRevLett.55.1530; clamping as conditioning:
Ackley, Hinton & Sejnowski 1985, doi:10.1207/s15516709cog0901_7.
"""

from __future__ import annotations

from math import erf, exp, pi, sqrt

import numpy.typing as npt

from ..base.checks import Floats, not_negative, number
from ._mean_field import each, root

__all__ = ["overlap"]
__dir__ = __all__.copy

_TOP, _STEP, _LEAST = 7.0, 0.01, 1e-6  # of y: erf(7) is 1, and below the least m is 0


def overlap(load: npt.ArrayLike, known: float) -> Floats | float:
    """Return the overlap m of the neurons that are not clamped, from the side of the pattern.

    Parameters
    ----------
    load : array_like
        Patterns a neuron, alpha = P/N, 0 or more.
    known : float
        The fraction c of neurons that are clamped, from 0 to below 1.

    Returns
    -------
    float or ndarray of the shape of load
        Over the other neurons alone. Up to about c = .28 it jumps down at one load (.1379 for
        c = 0, .1580 for c = .2); beyond, it falls smoothly. Where it is below about .95 replica
        symmetry no longer holds, and the network recalls more than this says.

    Raises
    ------
    TypeError, ValueError
        If a load is negative, or the fraction is not between 0 and 1.

    Examples
    --------
    >>> overlap([0.1, 0.15], known=0.3).round(5)
    array([0.99816, 0.97947])
    """
    c = number(known, "known")
    if not 0 <= c < 1:
        raise ValueError(f"known must be a fraction from 0 to below 1, not {c:g}")
    return each(lambda alpha: _overlap(sqrt(alpha), c), not_negative(load, "load"))


def _overlap(goal: float, c: float) -> float:
    """Return erf of the largest y at which the root load is the goal; 0 where none is."""
    high = _TOP
    while high > _LEAST:
        low = max(high - _STEP, _LEAST)
        if _root_load(low, c) >= goal:
            return erf(root(lambda y: _root_load(y, c) - goal, low, high))
        high = low if low > _LEAST else 0.0
    return 0.0


def _root_load(y: float, c: float) -> float:
    """Return sqrt(alpha) at y."""
    spread = (c + (1 - c) * erf(y)) / (sqrt(2) * y)
    return spread - (1 - c) * sqrt(2 / pi) * exp(-(y**2))
