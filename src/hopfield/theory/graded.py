"""Graded neurons that hold one pattern: v = tanh(beta u), and the field of Hebb's rule.

Each neuron hears the N - 1 others, so that a place of rest has m = tanh(beta m (1 - 1/N)): the
overlap leaves 0 at the gain beta = 1 / (1 - 1/N).

References
----------
Hopfield 1984, doi:10.1073/pnas.81.10.3088.
"""

from __future__ import annotations

import numpy.typing as npt

from ..base.checks import Floats, count, not_negative
from . import mixtures
from ._mean_field import each

__all__ = ["critical", "overlap"]
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
