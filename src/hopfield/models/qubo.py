"""Quadratic functions of bits as memories, and memories as those: exactly."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from ..base.checks import Floats, describe, real
from ..core.couplings import Couplings
from ..core.memory import Bias, Memory


def qubo(Q: npt.ArrayLike) -> tuple[Memory, float]:
    """Return the memory of -1/+1 neurons whose energy is a quadratic function of bits.

    With s = 2 x - 1, x'Q x = E(s) + constant.

    Parameters
    ----------
    Q : array_like of shape (n, n)
        Any square matrix, of two bits or more; its diagonal is what a bit costs alone.

    Returns
    -------
    memory : Memory
    constant : float

    Raises
    ------
    TypeError, ValueError
        For what is no such matrix.

    References
    ----------
    Barahona, Jünger & Reinelt 1989, doi:10.1007/BF01587084.

    Examples
    --------
    >>> import hopfield as hf
    >>> memory, constant = hf.optimise.qubo([[1, -4], [0, 2]])
    >>> float(memory.energy([1, 1])) + constant  # both bits set: 1 - 4 + 2
    -1.0
    """
    q = real(Q, "Q").astype(np.float64)
    if q.ndim != 2 or q.shape[0] != q.shape[1] or len(q) < 2:
        raise ValueError(f"Q must be a square matrix of two bits or more, not of {q.shape}")
    both = (q + q.T) / 2
    constant = float(q.sum() + np.trace(q)) / 4
    return Couplings(-both / 2) + Bias(-both.sum(axis=1) / 2), constant


def to_qubo(memory: Memory) -> tuple[Floats, float]:
    """Return a memory's energy as a quadratic function of bits, 1 where a neuron is high.

    E = x'Q x + constant.

    Parameters
    ----------
    memory : Memory
        Quadratic, of neurons of two states.

    Returns
    -------
    Q : ndarray of float64, shape (n, n)
        Symmetric.
    constant : float

    Raises
    ------
    TypeError, ValueError
        For another memory.

    Examples
    --------
    >>> import hopfield as hf
    >>> hf.optimise.to_qubo(hf.Couplings([[0, 1], [1, 0]]))
    (array([[ 2., -2.],
           [-2.,  2.]]), -1.0)
    """
    if not isinstance(memory, Memory):
        raise TypeError(f"memory must be a hopfield memory, not {describe(memory)}")
    neuron: Any = memory.neuron
    states = getattr(neuron, "states", (-1.0, 1.0))
    form = memory.linear()
    if form is None or not memory.symmetric or states is None or getattr(neuron, "width", 1) > 1:
        raise ValueError(f"memory must be quadratic, of neurons of two states, not {memory}")
    (w, b), (low, high) = form, states
    size = high - low
    Q = -(size**2) / 2 * w
    Q[np.diag_indices(len(Q))] -= size * (low * w.sum(axis=1) + b)
    return Q + 0.0, float(memory.energy(np.full(memory.n, low)))
