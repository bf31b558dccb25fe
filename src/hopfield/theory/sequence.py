"""Sequences: a network that all together goes from each pattern to the next, at load P/N.

The weights are sum_mu xi_i^(mu+1) xi_j^mu / N. The crosstalk of one step does not act back on the
next, so that its spread D is less than in Hebb's network:

    m = int Dz tanh((m + D z) / T),   chi = dm/dh,   D**2 = alpha / (1 - chi**2).

References
----------
Duering, Coolen and Sherrington 1998, doi:10.1088/0305-4470/31/43/005.
"""

from __future__ import annotations

from math import sqrt

import numpy.typing as npt

from ..base.checks import Floats, not_negative
from . import _mean_field as mean_field
from ._mean_field import each, temperature

__all__ = ["critical", "overlap", "spinodal"]
__dir__ = __all__.copy


def overlap(load: npt.ArrayLike, T: float = 0.0) -> Floats | float:
    """Return the overlap m with the pattern whose turn it is, after many steps; 0 if it is lost.

    Parameters
    ----------
    load : array_like
        Patterns of the sequence a neuron, alpha = P/N, 0 or more.
    T : float
        Temperature.

    Returns
    -------
    float or ndarray of the shape of load

    Raises
    ------
    ValueError
        If a load or T is negative.

    Examples
    --------
    >>> overlap([0.1, 0.2, 0.27]).round(6)
    array([0.998405, 0.966326, 0.      ])
    """
    T = temperature(T)
    return each(lambda a: mean_field.retrieval(_crosstalk, a, T)[0], not_negative(load, "load"))


def critical(T: float = 0.0) -> tuple[float, float]:
    """Return the largest load at which a sequence goes on, and its overlap m there.

    Parameters
    ----------
    T : float
        Temperature; from T = 1 on both are 0.

    Returns
    -------
    load, m : float

    Raises
    ------
    ValueError
        If T is negative.

    Examples
    --------
    >>> load, m = critical()
    >>> round(load, 7), round(m, 6)
    (0.2690616, 0.834871)
    """
    return mean_field.critical(_crosstalk, temperature(T))


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
