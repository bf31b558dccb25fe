"""The couplings of a memory, averaged over blocks of neurons."""

from __future__ import annotations

import numpy as np

from ..base.checks import Floats, count, describe
from ..core.memory import Memory

__all__ = ["block_means"]
__dir__ = __all__.copy

_VALUES = 2**22  # of the states whose fields are asked for at once


def block_means(memory: Memory, k: int) -> Floats:
    """Return the mean couplings between k blocks of successive neurons.

    Its cost is that of k fields: no N x N matrix is made of patterns.

    Parameters
    ----------
    memory : Memory
        Whose field is W s + b.
    k : int
        Blocks, from 1 to N; with N of them the means are W itself.

    Returns
    -------
    ndarray of shape (k, k)
        At (i, j) the mean of W between the neurons of block i and those of block j.

    Raises
    ------
    TypeError, ValueError
        For a memory without couplings between pairs, or k out of range.

    Examples
    --------
    >>> import hopfield as hf
    >>> from hopfield.analysis.couplings import block_means
    >>> block_means(hf.hebb([[1, 1, 1, -1, -1, -1]]), 2) * 6
    array([[ 0.66666667, -1.        ],
           [-1.        ,  0.66666667]])
    """
    if not isinstance(memory, Memory):
        raise TypeError(f"memory must be a hopfield memory, not {describe(memory)}")
    if not memory.quadratic:
        raise TypeError(f"{type(memory).__name__} has no couplings between pairs of neurons")
    k = count(k, "k", 1, memory.n)
    cuts = np.arange(k + 1, dtype=np.int64) * memory.n // k
    edges = cuts.astype(np.intp)  # what reduceat takes where a pointer has 32 bits (the browser)
    sizes, still = np.diff(edges), memory.numerators(np.zeros(memory.n))
    sums, step = np.empty((k, k)), max(1, _VALUES // memory.n)
    for first in range(0, k, step):
        blocks = np.arange(first, min(first + step, k))
        ones = np.repeat(np.arange(k), sizes) == blocks[:, None]  # a state is 1 in its block
        fields = memory.numerators(ones.astype(np.float64)) - still  # their sums W s
        sums[:, blocks] = np.add.reduceat(fields, edges[:-1], axis=1).T
    return np.asarray(sums / np.outer(sizes, sizes) / memory.divisor)
