"""Dense associative memories: a power or the exponential of each overlap."""

from __future__ import annotations

import numpy.typing as npt

from ..base.checks import flag
from ..core import separation
from ..core.hebbian import DenseMemory
from ..core.neurons import Sign
from ..core.orders import Shuffled
from .model import Model

__all__ = ["dense", "exponential"]
__dir__ = __all__.copy


def dense(patterns: npt.ArrayLike, degree: int = 4, rectified: bool = False) -> DenseMemory:
    """Store patterns in a dense associative memory, E = -sum_mu (xi_mu.s)**degree.

    Goes with `Sign` or `HeatBath` neurons, one at a time. It keeps some N**(degree - 1) patterns.

    Parameters
    ----------
    patterns : array_like of shape (P, N)
        -1/+1 or bools.
    degree : int
        The power, 2 or more; 2 is Hebb's rule.
    rectified : bool
        Count no negative overlap: F(m) = max(m, 0)**degree, which keeps somewhat more.

    Returns
    -------
    DenseMemory

    Raises
    ------
    TypeError, ValueError
        For patterns that are not -1/+1 rows, or a degree below 2.

    References
    ----------
    Krotov & Hopfield 2016, arXiv:1606.01164, eqs. 3 to 6.

    Examples
    --------
    >>> import hopfield as hf
    >>> xi = hf.random_patterns(500, 50, rng=1)
    >>> hf.overlap(hf.recall(hf.dense(xi), hf.flip(xi[0], 5, rng=2), rng=3).state, xi[0])
    1.0
    """
    kind = separation.rectified if flag(rectified, "rectified") else separation.power
    return DenseMemory(patterns, kind(degree))


def exponential(patterns: npt.ArrayLike) -> DenseMemory:
    """Store patterns under E = -sum_mu exp(xi_mu.s - N): exponentially many.

    Goes with `Sign` or `HeatBath` neurons, one at a time.

    Parameters
    ----------
    patterns : array_like of shape (P, N)
        -1/+1 or bools; N is 350 at most.

    Returns
    -------
    DenseMemory

    Raises
    ------
    TypeError, ValueError
        For patterns that are not -1/+1 rows, or too many neurons for float64.

    References
    ----------
    Demircigil et al. 2017, doi:10.1007/s10955-017-1806-y.

    Examples
    --------
    >>> import hopfield as hf
    >>> xi = hf.random_patterns(2**12, 24, rng=1)
    >>> float(hf.models.exponential(xi).stable(xi).mean()) > 0.98
    True
    """
    return DenseMemory(patterns, separation.exponential)


ROWS = (
    Model(
        make=dense,
        about="dense associative memory, rectified or not",
        neuron=Sign(),
        order=Shuffled(),
        capacity="some N**(degree - 1) patterns; without an error that over "
        "2 (2 degree - 3)!! ln N (theory.dense)",
        source="Krotov & Hopfield 2016, arXiv:1606.01164",
        sample=dense,
    ),
    Model(
        make=exponential,
        about="the exponential of each overlap",
        neuron=Sign(),
        order=Shuffled(),
        capacity="some 2**(N / 2) patterns (theory.dense)",
        source="Demircigil et al. 2017, doi:10.1007/s10955-017-1806-y",
        sample=exponential,
    ),
)
