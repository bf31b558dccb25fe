"""Neurons of q states."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from ..base.checks import count, real, room, stacked, vectors
from ..core.couplings import Couplings
from ..core.neurons import Potts
from ..core.orders import Shuffled
from ..core.patterns import Int8
from .model import Model

__all__ = ["potts", "one_hot", "from_one_hot"]
__dir__ = __all__.copy


def potts(patterns: npt.ArrayLike, q: int) -> Couplings:
    """Store patterns of q states by the Potts form of Hebb's rule.

    The N q sites are what `one_hot` makes of states: W = U'U / N with u = q - 1 where a site's
    state is the pattern's and -1 elsewhere, and nothing between the sites of one neuron. With
    q = 2 it is Hebb's rule. Goes with ``Potts(q)`` neurons, in any order.

    Parameters
    ----------
    patterns : array_like of int, shape (P, N)
        States 0 ... q-1.
    q : int
        States, 2 or more.

    Returns
    -------
    Couplings
        Between N q sites.

    Raises
    ------
    TypeError, ValueError
        For patterns that are not rows of such states.

    References
    ----------
    Kanter 1988, doi:10.1103/PhysRevA.37.2739, eqs. 2 and 3.

    Examples
    --------
    >>> import numpy as np
    >>> import hopfield as hf
    >>> x = np.random.default_rng(1).integers(3, size=(4, 60))
    >>> cue = x[0].copy()
    >>> cue[:15] = 0
    >>> r = hf.recall(hf.models.potts(x, 3), hf.models.one_hot(cue, 3), neuron=hf.Potts(3), rng=2)
    >>> bool((hf.models.from_one_hot(r.state, 3) == x[0]).all())
    True
    """
    q = count(q, "q", 2)
    states = one_hot(stacked(vectors(patterns, "patterns"), "patterns"), q)
    n = states.shape[1] // q
    room("patterns", n * q, n * q)
    u = q * states.astype(np.float64) - 1
    w = u.T @ u
    units = np.arange(n * q).reshape(n, q)
    w[units[:, :, None], units[:, None, :]] = 0
    return Couplings(w, divisor=n, neuron=Potts(q))


def one_hot(states: npt.ArrayLike, q: int) -> Int8:
    """Return states 0 ... q-1 as q sites each, 1 at the state and 0 elsewhere.

    Parameters
    ----------
    states : array_like of int, shape (..., N)
        The states; -1 is not known, and becomes 0 everywhere.
    q : int
        States, 2 or more.

    Returns
    -------
    ndarray of int8, shape (..., N q)

    Raises
    ------
    TypeError, ValueError
        For values that are not such states.

    Examples
    --------
    >>> import hopfield as hf
    >>> hf.models.one_hot([2, 0, -1], 3)
    array([0, 0, 1, 1, 0, 0, 0, 0, 0], dtype=int8)
    """
    x, q = real(states, "states"), count(q, "q", 2)
    if x.dtype.kind not in "iu":
        raise TypeError(f"states must be integers, not {x.dtype.name} values")
    if x.ndim == 0 or x.min() < -1 or x.max() >= q:
        raise ValueError(f"states must be rows of 0 ... {q - 1}, or -1 where not known")
    room("q", x.size, q)
    sites = np.zeros((x.size, q), dtype=np.int8)
    known = np.flatnonzero(x.ravel() >= 0)
    sites[known, x.ravel()[known]] = 1
    return sites.reshape(*x.shape[:-1], -1)


def from_one_hot(sites: npt.ArrayLike, q: int) -> npt.NDArray[np.int64]:
    """Return the states 0 ... q-1 of neurons of q sites each, the first of the largest.

    Parameters
    ----------
    sites : array_like of shape (..., N q)
        As `recall` returns them.
    q : int
        States, 2 or more.

    Returns
    -------
    ndarray of int64, shape (..., N)
        -1 where all sites of a neuron are alike: not known.

    Raises
    ------
    TypeError, ValueError
        For a number of sites that is no multiple of q.

    Examples
    --------
    >>> import hopfield as hf
    >>> hf.models.from_one_hot([0, 0, 1, 1, 0, 0, 0, 0, 0], 3)
    array([ 2,  0, -1])
    """
    x, q = real(sites, "sites"), count(q, "q", 2)
    if x.ndim == 0 or x.shape[-1] % q:
        raise ValueError(f"sites must be a multiple of {q} on the last axis, not {x.shape}")
    x = x.reshape(*x.shape[:-1], -1, q)
    return np.where(x.max(axis=-1) > x.min(axis=-1), x.argmax(axis=-1), -1)


ROWS = (
    Model(
        make=potts,
        about="patterns of q states",
        neuron=Potts(2),
        order=Shuffled(),
        capacity="0.138 N, 0.414 N, 0.828 N patterns of 2, 3, 4 states recalled with few errors "
        "(theory.potts)",
        source="Kanter 1988, doi:10.1103/PhysRevA.37.2739",
        sample=lambda xi: potts((xi > 0).astype(int), 2),
    ),
)
