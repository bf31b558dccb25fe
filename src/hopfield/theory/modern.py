"""Modern memories, s' = Xi' softmax(beta Xi s): how close recall comes, and where patterns fuse.

References
----------
Ramsauer et al. 2020, arXiv:2008.02217.
"""

from __future__ import annotations

from math import exp

import numpy.typing as npt

from ..base.checks import Floats, count, not_negative, number
from . import mixtures
from ._mean_field import each, scalar

__all__ = ["error_bound", "fusion", "parting"]
__dir__ = __all__.copy


def error_bound(separation: npt.ArrayLike, beta: float, p: int, largest: float) -> Floats | float:
    """Return how far one update can move a stored pattern at most.

    Parameters
    ----------
    separation : array_like
        Of the pattern: its product with itself, less the largest product with another; 0 or more.
    beta : float
        Inverse temperature, 0 or more.
    p : int
        Patterns.
    largest : float
        The largest length of a pattern, 0 or more.

    Returns
    -------
    float or ndarray of the shape of separation
        2 (p - 1) largest exp(-beta separation): every other pattern weighs exp(-beta separation)
        at most and lies 2 largest away at most.

    Raises
    ------
    TypeError, ValueError
        If p is no whole number of 1 or more, or another argument is negative.

    References
    ----------
    Ramsauer et al. 2020, theorem 5, for the pattern itself.

    Examples
    --------
    >>> round(error_bound(20.0, beta=1.0, p=101, largest=8.0) * 1e6, 3)
    3.298
    """
    most = 2 * (count(p, "p", 1) - 1) * scalar(largest, "largest")
    b = scalar(beta, "beta")
    return each(lambda x: most * exp(-b * x), not_negative(separation, "separation"))


def fusion(half: float) -> float:
    """Return the beta up to which two patterns far from all others have but one place of rest.

    Parameters
    ----------
    half : float
        Half the distance between the two, above 0.

    Returns
    -------
    float
        1 / half**2: up to there a cue near either goes to their mean, a metastable state.

    Raises
    ------
    ValueError
        If the distance is not above 0.

    Examples
    --------
    >>> round(fusion(0.1), 6)
    100.0
    """
    return 1 / _half(half) ** 2


def parting(beta: npt.ArrayLike, half: float) -> Floats | float:
    """Return how far from the mean of two patterns the places of rest near them lie.

    Parameters
    ----------
    beta : array_like
        Inverse temperature, 0 or more.
    half : float
        Half the distance between the two, above 0.

    Returns
    -------
    float or ndarray of the shape of beta
        The y that solves y = half tanh(half beta y); 0 up to `fusion`, and half where both are
        recalled. The two have one length, and their mean is at right angles to what parts them.

    Raises
    ------
    ValueError
        If a beta is negative or the distance not above 0.

    Examples
    --------
    >>> parting([100, 110, 150, 400], half=0.1).round(6)
    array([0.      , 0.050294, 0.085856, 0.099933])
    """
    d, least = _half(half), fusion(half)
    return each(
        lambda b: d * mixtures.overlap(1, least / b) if b > least else 0.0,
        not_negative(beta, "beta"),
    )


def _half(value: float) -> float:
    half = number(value, "half")
    if half < 1e-20:
        raise ValueError(f"half must be 1e-20 or more, not {half:g}")
    return half
