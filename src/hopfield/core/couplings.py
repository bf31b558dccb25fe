"""Pair couplings held as a matrix, dense or sparse."""

from __future__ import annotations

from functools import cached_property
from itertools import combinations_with_replacement
from typing import Any

import numpy as np
import numpy.typing as npt

from ..base import exact
from ..base.checks import (
    LARGEST,
    Floats,
    Rng,
    count,
    flag,
    generator,
    number,
    real,
    room,
    two_states,
)
from ..base.forms import Form, Matrix
from ..base.saved import savable
from .cursors import Cursor, FieldsCursor, Ints
from .memory import Quadratic
from .neurons import Neuron, Sign
from .orders import Order, Shuffled

_BLOCK = 2**19  # floats are worked on in blocks of this many values, to stay in a cache
_TILE = 256  # entries on a side of what is compared with its mirror image
_SIGN, _SHUFFLED = Sign(), Shuffled()


@savable
class Couplings(Quadratic):
    """Pair couplings W held as a matrix: E = -1/2 s.W s, h = W s.

    Parameters
    ----------
    weights : array_like or scipy.sparse matrix of shape (N, N)
        ``divisor`` times W. W_ij acts on neuron i from neuron j.
    self_coupling : bool
        Keep the diagonal, which the discrete derivative leaves out. There is then no
        guarantee that an update lowers the energy.
    divisor : float
        Integer weights with a divisor keep every field exact, so that no rounding decides a tie.
        Real weights are rounded to a binary grid (2**-48 of the largest row's sum), on which
        sums over the states come out the same in any order.
    neuron, order : Neuron, Order
        What the couplings are written for, and `recall` takes by default.

    Raises
    ------
    ValueError, TypeError
        For weights that are not square, finite and real, or N < 2.

    References
    ----------
    Hopfield 1982, doi:10.1073/pnas.79.8.2554.

    Examples
    --------
    >>> import hopfield as hf
    >>> hf.Couplings([[0, 1], [1, 0]]).field([1, -1])
    array([-1.,  1.])
    """

    def __init__(
        self,
        weights: Any,
        *,
        self_coupling: bool = False,
        divisor: float = 1.0,
        neuron: Neuron = _SIGN,
        order: Order = _SHUFFLED,
    ) -> None:
        sparse = is_sparse(weights)
        w: Any = sparse_square(weights) if sparse else _square(weights)
        self.divisor = number(divisor, "divisor")
        if self.divisor < 1 / LARGEST:
            raise ValueError(f"divisor must be positive, {1 / LARGEST:g} or more, not {divisor}")
        self.n, self.self_coupling = w.shape[0], flag(self_coupling, "self_coupling")
        self._neuron, self.order = neuron, order
        if not self.self_coupling:
            if sparse:
                w.setdiag(0)
                w.eliminate_zeros()
            else:
                np.fill_diagonal(w, 0.0)
        self._w = exact.on_grid(w)
        self.symmetric = bool(abs(w - w.T).max() == 0) if sparse else mirrored(w)

    @classmethod
    def of_whole(
        cls, w: Floats, divisor: float, self_coupling: bool, symmetric: bool = True
    ) -> Couplings:
        """Take a matrix as it is: whole numbers whose sums its floats hold."""
        memory = cls.__new__(cls)
        memory._w, memory.n, memory.divisor = w, len(w), divisor
        memory.self_coupling, memory.symmetric = self_coupling, symmetric
        memory._neuron, memory.order = _SIGN, _SHUFFLED
        return memory

    def __repr__(self) -> str:
        kind = f"{self._w.nnz} of " if self._sparse else ""
        return f"Couplings({kind}{self.n} x {self.n}{'' if self.symmetric else ', asymmetric'})"

    @property
    def neuron(self) -> Neuron:
        """The neuron that they are written for."""
        return self._neuron

    @property
    def weights(self) -> Any:
        """W itself, (N, N): a new array, or sparse matrix where it was given one."""
        if self._sparse:
            return self._w / self.divisor
        return np.divide(self._w, self.divisor, dtype=np.float64)

    def parts(self) -> dict[str, object]:
        """Return the arguments that rebuild this memory: what a file holds of it."""
        written_for = {"neuron": (self._neuron, _SIGN), "order": (self.order, _SHUFFLED)}
        return {
            "weights": self._w,
            "self_coupling": self.self_coupling,
            "divisor": self.divisor,
            **{name: value for name, (value, usual) in written_for.items() if value != usual},
        }

    def _sums(self, rows: Floats) -> Floats:
        return _sums(self._w, rows)

    def open(self, s: npt.ArrayLike) -> Cursor:
        """Return a cursor that keeps the field: a visit O(1), a flip O(N)."""
        states, (coarse, by_column) = self._replicas(s), self._against_evidence
        evidence = np.asarray(~exact.among(states, -1, 0, 1).all(axis=1)) & (coarse is not self._w)

        def sums(s: Floats, rows: Ints) -> Floats:
            out = _sums(self._w, s)
            if evidence[rows].any():
                out[evidence[rows]] = _sums(coarse, s[evidence[rows]])
            return out

        found = FieldsCursor((self._columns, by_column), evidence, sums, self.divisor, states)
        found.exact = self._on_grid and not evidence.any()
        return found

    def linear(self) -> tuple[Floats, Floats]:
        """Return (W, b) with the field W s + b."""
        w = self.weights
        return np.asarray(w.toarray() if self._sparse else w), np.zeros(self.n)

    @property
    def _sparse(self) -> bool:
        return not isinstance(self._w, np.ndarray)

    @cached_property
    def _form(self) -> Form:  # type: ignore[override]
        source = Matrix(self._columns, self.symmetric, self._on_grid)
        return Form("sparse" if self._sparse else "matrix", self.n, source, self.divisor)

    @cached_property
    def _on_grid(self) -> bool:
        values = self._w.data if self._sparse else self._w
        return self._w.dtype != np.float64 or bool(abs(values).max(initial=0) > exact.TINY)

    @cached_property
    def _columns(self) -> Any:
        """W by columns, for what a neuron adds to all fields."""
        if self._sparse:
            return self._w.T.tocsr()
        return self._w if self.symmetric else np.ascontiguousarray(self._w.T)

    @cached_property
    def _against_evidence(self) -> tuple[Any, Any]:
        """W and its columns as they count against evidence."""
        w = exact.coarse(self._w)
        if w is self._w:
            return w, self._columns
        return w, w.T.tocsr() if self._sparse else np.ascontiguousarray(w.T)


def _sums(w: Any, rows: Floats) -> Floats:
    """Return W s of states (..., n)."""
    n = w.shape[0]
    if not isinstance(w, np.ndarray):
        return np.asarray((w @ rows.reshape(-1, n).T).T.reshape(rows.shape))
    if w.dtype == np.float64:
        return np.asarray(rows @ w.T)
    if ((rows == 0) | (np.abs(rows) == 1)).all():  # sums that 4 bytes hold too
        return np.asarray((rows.astype(np.float32) @ w.T).astype(np.float64))
    size, out = max(1, _BLOCK // n), np.empty(rows.shape)
    for i in range(0, n, size):
        out[..., i : i + size] = rows @ w[i : i + size].T.astype(np.float64)
    return out


def uniform_weights(n: int, *, rng: Rng, low: float = 0.0, high: float = 1.0) -> Floats:
    """Draw an (n, n) matrix of independent uniform weights: no memory at all.

    Parameters
    ----------
    n : int
        Neurons.
    rng : int or numpy.random.Generator
        Seed or generator.
    low, high : float
        The range.

    Returns
    -------
    ndarray of float64 and shape (n, n)
        Asymmetric, with a diagonal.

    Examples
    --------
    >>> import hopfield as hf
    >>> hf.uniform_weights(3, rng=0).shape
    (3, 3)
    """
    low, high = two_states((low, high), "(low, high)")
    n = count(n, "n", 1)
    room("n", n, n)
    return generator(rng, "uniform_weights").uniform(low, high, (n, n))


def _square(weights: npt.ArrayLike) -> Floats:
    w = np.array(real(weights, "weights"), dtype=np.float64)  # a copy: its diagonal changes
    if w.ndim != 2 or w.shape[0] != w.shape[1]:
        raise ValueError(f"weights must be a square matrix; the shape is {w.shape}")
    if w.shape[0] < 2:
        raise ValueError("weights must couple at least 2 neurons, not 1")
    return w


def is_sparse(weights: object) -> bool:
    """Say whether what was given is a matrix or an array of scipy.sparse, without importing it."""
    return hasattr(weights, "tocsr") and not isinstance(weights, type)


def sparse_square(weights: Any, name: str = "weights") -> Any:
    """Return a sparse matrix of 2 neurons or more, copied as floats by rows."""
    if weights.ndim != 2 or weights.shape[0] != weights.shape[1] or weights.shape[0] < 2:
        raise ValueError(
            f"{name} must be a square matrix of 2 or more neurons; the shape is {weights.shape}"
        )
    w = weights.tocsr(copy=True)
    real(w.data if w.nnz else np.zeros(1, w.dtype), name)
    w = w.astype(np.float64)
    w.sum_duplicates()
    return w


def mirrored(w: Floats) -> bool:
    """Say whether a matrix is symmetric, by tiles that stay in a cache while they are turned."""
    tiles = [slice(i, i + _TILE) for i in range(0, len(w), _TILE)]
    pairs = combinations_with_replacement(tiles, 2)
    return all(np.array_equal(w[rows, columns], w[columns, rows].T) for rows, columns in pairs)
