"""Graphs as matrices of weights: arrays, sparse matrices, networkx's, and the G-set's files."""

from __future__ import annotations

import os
from typing import Any

import numpy as np
import numpy.typing as npt

from ..base.checks import Array, describe, missing, real
from ..core.couplings import is_sparse, sparse_square


def edges(x: Any, name: str) -> Any:
    """Return the weights of a graph's edges: a matrix, sparse where it was given so."""
    if hasattr(x, "nodes") and hasattr(x, "edges") and not isinstance(x, type):
        x = _of_networkx(x, name)
    if not is_sparse(x):
        return square(x, name)
    w = sparse_square(x, name)
    if abs(w - w.T).max() > 0 or w.diagonal().any():
        raise ValueError(f"{name} must be symmetric, with an empty diagonal")
    return w


def square(x: npt.ArrayLike, name: str, least: int = 2) -> Array:
    """Return a symmetric matrix with an empty diagonal, of ``least`` rows or more."""
    w = real(x, name).astype(np.float64)
    if w.ndim != 2 or w.shape[0] != w.shape[1] or len(w) < least:
        raise ValueError(f"{name} must be a square matrix of {least} or more; it is {w.shape}")
    if (w != w.T).any() or w.diagonal().any():
        raise ValueError(f"{name} must be symmetric, with an empty diagonal")
    return w


def _of_networkx(graph: Any, name: str) -> Any:
    try:
        import networkx
    except ImportError as error:
        raise missing(f"{name} of nodes and edges need networkx", "optimise") from error
    if not isinstance(graph, networkx.Graph) or len(graph) < 2:
        raise ValueError(f"{name} must be a graph of two nodes or more, not {describe(graph)}")
    if graph.is_directed():
        raise ValueError(f"{name} must be a graph without directions, not {describe(graph)}")
    return networkx.to_scipy_sparse_array(graph, dtype=np.float64)


def read_gset(path: str | os.PathLike[str]) -> Any:
    """Return the graph in a file of the G-set's format: its nodes and edges, then an edge a line.

    Parameters
    ----------
    path : str or os.PathLike
        A text of whole numbers: first ``n m``, then m lines ``i j weight``, nodes counted from 1.

    Returns
    -------
    scipy.sparse.csr_array of float64, shape (n, n)
        Its weights, which `max_cut` and `cut` take.

    Raises
    ------
    ValueError
        For what is no such file, an edge of a node to itself, one that stands twice, or another
        number of them than the first line says.

    References
    ----------
    Helmberg & Rendl 2000, doi:10.1137/S1052623497328987.

    Examples
    --------
    >>> import os, tempfile
    >>> import hopfield as hf
    >>> path = os.path.join(tempfile.mkdtemp(), "G0.txt")
    >>> with open(path, "w") as file:
    ...     _ = file.write("3 2\\n1 2 1\\n2 3 -1\\n")
    >>> hf.optimise.read_gset(path).toarray()
    array([[ 0.,  1.,  0.],
           [ 1.,  0., -1.],
           [ 0., -1.,  0.]])
    """
    from scipy import sparse

    try:
        with open(path, encoding="ascii") as file:
            numbers = np.array(file.read().split(), dtype=np.float64)
    except OSError as error:
        raise ValueError(f"path cannot be read: {error}") from error
    except (TypeError, ValueError) as error:
        raise ValueError(
            f"path must name a text of numbers, which {describe(path)} is not"
        ) from error
    if numbers.size < 2 or (numbers.size - 2) % 3 or not np.isfinite(numbers).all():
        raise ValueError(f"{path} must hold n and m, and then three numbers for each edge")
    n, m = (int(k) for k in numbers[:2])
    i, j, weights = numbers[2:].reshape(-1, 3).T
    if len(i) != m:
        raise ValueError(f"{path} must hold {m} edges, as its first line says, not {len(i)}")
    ends = np.array([i, j])
    if n < 2 or (ends != np.floor(ends)).any() or (m and not 1 <= ends.min() <= ends.max() <= n):
        raise ValueError(f"{path} must hold edges between two or more nodes 1 to {n}")
    a, b = np.sort(ends.astype(np.int64) - 1, axis=0)
    if (a == b).any():
        raise ValueError(f"{path} must not join node {a[a == b][0] + 1} with itself")
    keys = a * n + b
    if np.unique(keys).size < m:
        raise ValueError(f"{path} must not hold an edge twice")
    both = np.r_[a, b], np.r_[b, a]
    return sparse.csr_array((np.r_[weights, weights], both), shape=(n, n))
