"""Memories: each turns a state into a field, and memories add.

``memory.field(s)[i]`` is the discrete derivative of ``memory.energy(s)``:
h_i = [E(s with s_i low) - E(s with s_i high)] / (high - low).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cached_property
from itertools import combinations_with_replacement
from typing import Any

import numpy as np
import numpy.typing as npt

from ..base.checks import (
    LARGEST,
    Array,
    Floats,
    Rng,
    choice,
    count,
    describe,
    flag,
    generator,
    number,
    real,
    room,
    two_states,
    vectors,
)
from ..base.saved import savable
from ..engine import together as batches
from ..engine.kernels import dispatch
from ..engine.together import Batches
from . import separation as _separation
from .cursors import (
    BitsCursor,
    Cursor,
    DenseCursor,
    Levels,
    LevelsCursor,
    OverlapsCursor,
    Packed,
    RecodedCursor,
    Rounded,
    SeparationCursor,
    SparseCursor,
    SumCursor,
    separated,
    to_states,
    weighted,
)
from .patterns import Int8, bipolar
from .separation import Separation, square

Ints = npt.NDArray[np.int64]
_MANY = 2**17  # values in the patterns from which counting is worth its start
_BLOCK = 2**19  # floats are worked on in blocks of this many values, to stay in cache
_TILE = 256  # entries on a side of what is compared with its mirror image
COUNTED = 2**27  # products in all couplings from which counting them is worth its start
_FEW = 256  # neurons whose couplings stay near
_READ = 2**23  # patterns are read in blocks of this many
_SMALL = 2**26  # values that are kept as int8 too
_UNSET = {"bipolar": -1, "01": 0}


class NoEnergy(ValueError):
    """The memory has no energy: its couplings are not symmetric."""


class Memory:
    """What turns a state into a field; the base of every memory.

    A new memory defines `field`, `energy` and `parts`; it may define `gradient` (for graded
    neurons) and `open` (a faster cursor than one that asks for the whole field).

    Attributes
    ----------
    n : int
        Neurons.
    symmetric : bool
        Whether it has an energy.
    states : (low, high) or None
        The only neuron's states between which `field` is the discrete derivative; None where
        the energy is quadratic, so that any will do.
    divisor : float
        What `numerators` must be divided by to give the field.
    width : int
        How many sites are one neuron, where it is written for such neurons; else 1.
    """

    n: int = 0
    symmetric: bool = True
    self_coupling: bool = False
    states: tuple[float, float] | None = None
    divisor: float = 1.0
    width: int = 1
    __array_ufunc__ = None  # so that a NumPy number times a memory is a memory

    def field(self, s: npt.ArrayLike) -> Floats:
        """Return the local fields (..., n) of states (..., n): the discrete derivative."""
        raise TypeError(f"{type(self).__name__} must define field")

    def numerators(self, s: npt.ArrayLike) -> Floats:
        """Return ``divisor`` times the field: integers where weights and states are integers."""
        return self.field(s)

    def gradient(self, s: npt.ArrayLike) -> Floats:
        """Return -dE/ds (..., n) of states (..., n), the drive of graded neurons."""
        return self.field(s)

    def energy(self, s: npt.ArrayLike) -> Floats | float:
        """Return the energy (...) of states (..., n).

        Raises
        ------
        NoEnergy
            Where the couplings are not symmetric.
        """
        raise NoEnergy(
            f"this {type(self).__name__} has no energy: its couplings are not symmetric "
            "(W_ij and W_ji differ; where that is rounding alone, give (W + W.T) / 2)"
        )

    def parts(self) -> dict[str, Any]:
        """Return the arguments that rebuild this memory: what a file holds of it."""
        raise TypeError(f"{type(self).__name__} must define parts")

    def open(self, s: npt.ArrayLike) -> Cursor:
        """Return a cursor that starts at states (n,) or (R, n) and follows single changes."""
        return Cursor(self.field, self._replicas(s))

    def block_means(self, k: int) -> Floats:
        """Return the mean coupling between k blocks of successive neurons, (k, k)."""
        raise TypeError(f"{type(self).__name__} has no couplings between pairs of neurons")

    def linear(self) -> tuple[Floats, Floats] | None:
        """Return (W, b), dense, where the field is W s + b; None where it is not linear."""
        return None

    def stable(self, patterns: npt.ArrayLike) -> npt.NDArray[np.bool_] | bool:
        """Say which -1/+1 patterns (..., n) are strictly fixed: xi_i h_i > 0 at every neuron.

        Examples
        --------
        >>> import hopfield as hf
        >>> letters = hf.pictures.small("checkerboard", "X", "A")
        >>> hf.hebb(letters).stable(letters)
        array([False,  True,  True])
        """
        xi = bipolar(vectors(patterns, "patterns", self.n))
        fixed = (xi * self.field(xi) > 0).all(axis=-1)
        return bool(fixed) if xi.ndim == 1 else np.asarray(fixed)

    def recode(self, low: float = 0.0, high: float = 1.0) -> Recoded:
        """Return this memory of -1/+1 neurons for neurons of states low and high, exactly.

        The same configuration has the same energy; 2W, and a `Bias`, are what this comes to
        for couplings.

        Examples
        --------
        >>> import hopfield as hf
        >>> m = hf.hebb([[1, -1, 1, 1]])
        >>> m.energy([1, -1, 1, -1]) == m.recode(0, 1).energy([1, 0, 1, 0])
        True
        """
        return Recoded(self, low, high)

    def __add__(self, other: Memory) -> Memory:
        if not isinstance(other, Memory):
            return NotImplemented
        return Sum([self, other])

    def __sub__(self, other: Memory) -> Memory:
        if not isinstance(other, Memory):
            return NotImplemented
        return Sum([self, other], [1.0, -1.0])

    def __mul__(self, factor: float) -> Memory:
        return Sum([self], [number(factor, "factor")])

    __rmul__ = __mul__

    def __truediv__(self, divisor: float) -> Memory:
        return self * (1 / number(divisor, "divisor"))

    def __neg__(self) -> Memory:
        return self * -1.0

    def _rows(self, s: npt.ArrayLike) -> Floats:
        return vectors(s, "s", self.n).astype(np.float64)

    def _replicas(self, s: npt.ArrayLike) -> Floats:
        rows = np.atleast_2d(self._rows(s))
        if rows.ndim > 2:
            raise ValueError(f"s must be (n,) or (R, n); its shape is {rows.shape}")
        return rows


@savable
class Couplings(Memory):
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
    width : int
        How many sites are one neuron, as q of `Potts` neurons.

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

    _sparse = False
    _columns: Any = None
    _rounded: Rounded | None = None
    _gridded: bool | None = None

    def __init__(
        self, weights: Any, *, self_coupling: bool = False, divisor: float = 1.0, width: int = 1
    ) -> None:
        self._sparse = hasattr(weights, "tocsr") and not isinstance(weights, type)
        w: Any = _sparse_square(weights) if self._sparse else _square(weights)
        self.divisor = number(divisor, "divisor")
        if self.divisor < 1 / LARGEST:
            raise ValueError(f"divisor must be positive, {1 / LARGEST:g} or more, not {divisor}")
        self.n, self.width = w.shape[0], count(width, "width", 1, w.shape[0])
        self.self_coupling = flag(self_coupling, "self_coupling")
        if not self.self_coupling:
            if self._sparse:
                w.setdiag(0)
                w.eliminate_zeros()
            else:
                np.fill_diagonal(w, 0.0)
        self._w = on_a_grid(w)
        self.symmetric = bool(abs(w - w.T).max() == 0) if self._sparse else mirrored(w)

    @classmethod
    def _of_whole(cls, w: Floats, divisor: float, self_coupling: bool) -> Couplings:
        """Take a matrix as it is: whole numbers whose sums its floats hold, symmetric as made."""
        memory = cls.__new__(cls)
        memory._w, memory.n, memory.divisor = w, len(w), divisor
        memory.self_coupling = self_coupling
        return memory

    def __repr__(self) -> str:
        kind = f"{self._w.nnz} of " if self._sparse else ""
        return f"Couplings({kind}{self.n} x {self.n}{'' if self.symmetric else ', asymmetric'})"

    @property
    def weights(self) -> Any:
        """W itself, (N, N): a new array, or sparse matrix where it was given one."""
        if self._sparse:
            return self._w / self.divisor
        return np.divide(self._w, self.divisor, dtype=np.float64)

    def parts(self) -> dict[str, Any]:
        """Return the arguments that rebuild this memory: what a file holds of it."""
        return {
            "weights": self._w,
            "self_coupling": self.self_coupling,
            "divisor": self.divisor,
            **({"width": self.width} if self.width > 1 else {}),
        }

    def field(self, s: npt.ArrayLike) -> Floats:
        """Return the local fields W s, (..., n)."""
        return self.numerators(s) / self.divisor

    def numerators(self, s: npt.ArrayLike) -> Floats:
        """Return ``divisor`` times the field: integers where weights and states are integers."""
        return self._sums(self._rows(s))

    def energy(self, s: npt.ArrayLike) -> Floats | float:
        """Return -1/2 s.W s, (...)."""
        if not self.symmetric:
            return super().energy(s)
        rows = self._rows(s)
        return _scalar(-np.einsum("...i,...i->...", rows, self._sums(rows)) / (2 * self.divisor))

    def open(self, s: npt.ArrayLike) -> Cursor:
        """Return a cursor that keeps the field: a visit O(1), a flip O(N)."""
        rows = self._replicas(s)
        if self._sparse:
            return SparseCursor(self._by_column, self._sums, self.divisor, rows)
        return self.follow(rows)

    def follow(self, rows: Floats) -> DenseCursor:
        """Return a cursor that starts at states (R, n), of a matrix that is not sparse."""
        rest = self._by_column, self._sums, self.divisor, rows
        return DenseCursor(self._w, self._round, self._exact, *rest)

    def _exact(self) -> bool:
        """Say whether the couplings are on a grid: those that are tiny are on none."""
        if self._gridded is None:
            self._gridded = self._w.dtype != np.float64 or abs(self._w).max() > 2.0**-850
        return self._gridded

    def _round(self) -> Rounded:
        """Return the couplings in 16 bits, made once."""
        if self._rounded is None:
            self._rounded = Rounded.of(self._by_column())
        return self._rounded

    def linear(self) -> tuple[Floats, Floats]:
        """Return (W, b) with the field W s + b."""
        w = self.weights
        return np.asarray(w.toarray() if self._sparse else w), np.zeros(self.n)

    def block_means(self, k: int) -> Floats:
        """Return the mean coupling between k blocks of successive neurons, (k, k)."""
        edges = block_edges(self.n, k)
        if self._sparse:
            groups = np.repeat(np.arange(k), np.diff(edges))
            entries = self._w.tocoo()
            sums = np.zeros((k, k))
            np.add.at(sums, (groups[entries.row], groups[entries.col]), entries.data)
        else:
            rows = np.add.reduceat(self._w, edges[:-1], 0, dtype=np.float64)
            sums = np.add.reduceat(rows, edges[:-1], 1)
        return means_of_blocks(sums, edges) / self.divisor

    def _by_column(self) -> Any:
        """Return W as (column, row), made once."""
        if self._columns is None:
            self._columns = (
                self._w.tocsc()
                if self._sparse
                else self._w
                if self.symmetric
                else np.ascontiguousarray(self._w.T)
            )
        return self._columns

    def _sums(self, rows: Floats) -> Floats:
        if self._sparse:
            return np.asarray((self._w @ rows.reshape(-1, self.n).T).T.reshape(rows.shape))
        if self._w.dtype == np.float64:
            return np.asarray(rows @ self._w.T)
        if ((rows == 0) | (np.abs(rows) == 1)).all():  # sums that 4 bytes hold too
            return np.asarray((rows.astype(np.float32) @ self._w.T).astype(np.float64))
        size, out = max(1, _BLOCK // self.n), np.empty(rows.shape)
        for i in range(0, self.n, size):
            out[..., i : i + size] = rows @ self._w[i : i + size].T.astype(np.float64)
        return out


@savable
class Overlaps(Memory):
    """Patterns held as they are: E = -sum_mu F(xi_mu.s), never an N x N matrix.

    With F = `separation.square` these are Hebb's couplings W = X'X/N with an empty diagonal,
    for N P bytes (N P / 8 beyond 64 MiB of them) instead of 8 N N, and the energy leaves out the
    constant of the diagonal, so that it equals -1/2 s.W s exactly. Other F are dense associative
    memories.

    Parameters
    ----------
    patterns : array_like of shape (P, N)
        What is stored. Whatever has a ``shape``, a ``dtype`` and slices of rows (a memmap, say, or
        a dataset of HDF5) is read a block at a time, and need not fit into memory.
    separation : Separation or str
        F, from `hf.separation`, or its name there.
    degree : int
        The power, where ``separation`` is a name that needs one.
    coding : {"bipolar", "01"}
        "bipolar" takes -1/+1 (or bools); "01" takes 0/1 (or bools) and stores them as such.
    self_coupling : bool
        Keep W_ii (`square` only).

    Raises
    ------
    ValueError, TypeError
        For patterns that are not of the coding, N < 2, or N too large for F in float64.

    References
    ----------
    Krotov & Hopfield 2016, arXiv:1606.01164.

    Examples
    --------
    >>> import hopfield as hf
    >>> hf.Overlaps([[1, -1, 1, 1]]).field([1, -1, 1, -1])
    array([ 0.25, -0.25,  0.25,  0.75])
    """

    def __init__(
        self,
        patterns: npt.ArrayLike,
        separation: Separation | str = square,
        *,
        degree: int = 0,
        coding: str = "bipolar",
        self_coupling: bool = False,
    ) -> None:
        self.coding = choice(coding, "coding", _UNSET)
        source, unset = sliced(patterns), _UNSET[coding]
        self.p, self.n = (count(side, "patterns.shape", 0) for side in source.shape)
        kept = isinstance(source, Packed) and source.unset == unset
        self._packed: Packed | None = source if kept else None
        self._xi: Int8 | None = None
        if self.p * self.n <= _SMALL:
            self._xi = np.concatenate(list(_checked(source, coding)))
            self._xi.setflags(write=False)
        elif not kept:
            self._packed = Packed.of(_checked(source, coding), (self.p, self.n), unset)
        if isinstance(separation, str):
            name = choice(separation, "separation", _separation.TABLE)
            separation = _separation.TABLE[name](degree)
        if not isinstance(separation, Separation):
            raise TypeError(f"separation must be a Separation, not {describe(separation)}")
        if count(degree, "degree", 0) not in (0, separation.degree):
            raise ValueError(f"degree must be left out for separation {separation}, not {degree}")
        self.separation = separation
        if self.n > separation.largest_n:
            raise ValueError(
                f"separation {separation} exceeds float64 at N = {self.n}; "
                f"it can be used up to N = {separation.largest_n}"
            )
        self.self_coupling = flag(self_coupling, "self_coupling")
        if self.self_coupling and separation is not square:
            raise ValueError(f"self_coupling must be False for separation {separation}")
        if separation is not square:
            if coding != "bipolar":
                raise ValueError(f'coding must be "bipolar" for separation {separation}')
            self.states = (-1.0, 1.0)
        self.divisor = float(self.n) if separation is square else 1.0
        self._diagonal = np.zeros(self.n)
        if separation is square and not self.self_coupling:
            held = self.p if unset else sum(np.count_nonzero(xi, axis=0) for xi in self.blocks())
            self._diagonal += held
        self._neurons: Int8 | None = None
        self._batches: Batches | None = None
        self._matrix: Couplings | None = None

    def __repr__(self) -> str:
        return f"Overlaps({self.p} pattern{'s'[: self.p > 1]} of {self.n}, {self.separation})"

    @property
    def patterns(self) -> Int8:
        """The patterns (P, N), to be read only; where they are many, made of bits each time."""
        xi: Int8 = self._held[:]
        xi.setflags(write=False)
        return xi

    def blocks(self) -> Iterator[Int8]:
        """Yield the patterns by blocks of rows (k, N), which need little memory."""
        step = max(_BLOCK // self.n, 1 if self._xi is not None else 64)
        for first in range(0, self.p, step):
            yield self._held[first : first + step]

    def parts(self) -> dict[str, Any]:
        """Return the arguments that rebuild this memory: what a file holds of it."""
        return {
            "patterns": self._held,
            "separation": self.separation.name,
            "degree": self.separation.degree,
            "coding": self.coding,
            "self_coupling": self.self_coupling,
        }

    def field(self, s: npt.ArrayLike) -> Floats:
        """Return the discrete derivative, (..., n).

        1/2 sum_mu [F(m + xi_i) - F(m - xi_i)], m the overlap sum without neuron i; for
        `square` that is W s.
        """
        return self.numerators(s) / self.divisor

    def numerators(self, s: npt.ArrayLike) -> Floats:
        """Return ``divisor`` times the field: integers where weights and states are integers."""
        rows = self._rows(s)
        if self.separation is square:
            many = self._many(rows)
            if many:
                return many.numerators(many.pack(rows))
            if self._quicker(rows):
                replicas, sites = np.divmod(np.arange(rows.size), self.n)
                cursor = self.open(rows.reshape(-1, self.n))
                return cursor.numerators(replicas, sites).reshape(rows.shape)
            out = np.zeros(rows.shape)
            for xi in self._blocks():
                out += (rows @ xi.T) @ xi
            return out - self._diagonal * rows
        m, neurons = self._overlap_sums(rows), self._by_neuron()
        size, out = max(1, _BLOCK // m.size), np.empty(rows.shape)
        f, table = self.separation, self._tabulated(rows)
        for first in range(0, self.n, size):
            part = slice(first, first + size)
            out[..., part] = separated(
                f, neurons[part], m[..., None, :], rows[..., part], self.n, table
            )
        return out

    def gradient(self, s: npt.ArrayLike) -> Floats:
        """Return -dE/ds = sum_mu F'(m_mu) xi_mu, (..., n); for `square` the field."""
        if self.separation is square:
            return self.field(s)
        rows = self._rows(s)
        out = np.zeros(rows.shape)
        for xi in self._blocks():
            out += self.separation.derivative(rows @ xi.T, self.n) @ xi
        return out

    def energy(self, s: npt.ArrayLike) -> Floats | float:
        """Return -sum_mu F(m_mu), for `square` without the diagonal's constant, (...)."""
        rows = self._rows(s)
        out = np.zeros(rows.shape[:-1])
        if self.separation is square:  # in integers, so that it equals the dense form
            flat = rows.reshape(-1, self.n)
            counted = self.open(flat).energies() if self._quicker(rows) else None
            if counted is not None:
                return _scalar(counted.reshape(out.shape)[()])
            many = self._many(rows)
            if many:
                return many.energies(many.pack(rows))
            for xi in self._blocks():
                m = rows @ xi.T
                out -= np.einsum("...p,...p->...", m, m)
            return _scalar((out + (rows * rows) @ self._diagonal) / (2 * self.n))
        for xi in self._blocks():
            out -= self.separation.f(rows @ xi.T, self.n).sum(axis=-1)
        return _scalar(out)

    def open(self, s: npt.ArrayLike) -> Cursor:
        """Return a cursor that keeps the overlaps: a visit and a flip O(P)."""
        if self.separation is not square:
            return self._separated(self._replicas(s))
        rows: Any = np.atleast_2d(vectors(s, "s", self.n))
        packed = self._pack() if dispatch.has("bits") and rows.ndim == 2 else None
        whole = packed.whole(rows) if packed else None
        rest = self._by_neuron, self._overlap_sums, self._diagonal, self.divisor
        if packed and whole is not None:
            return BitsCursor(packed, self._many, self._few, *rest, whole)
        return OverlapsCursor(*rest, self._replicas(s))

    def _separated(self, rows: Floats) -> Cursor:
        table, f = self._tabulated(rows), self.separation
        if table and dispatch.has("separation"):
            return LevelsCursor(self._pack(), self._by_neuron, f, table, rows)
        return SeparationCursor(self._by_neuron(), self._overlap_sums(rows), f, table, rows)

    def block_means(self, k: int) -> Floats:
        """Return the mean coupling between k blocks of successive neurons, (k, k)."""
        if self.separation is not square:
            return super().block_means(k)
        edges = block_edges(self.n, k)
        sums = np.zeros((k, k))
        for xi in self._blocks():
            blocks = np.add.reduceat(xi, edges[:-1], axis=1)
            sums += blocks.T @ blocks
        np.fill_diagonal(sums, sums.diagonal() - np.add.reduceat(self._diagonal, edges[:-1]))
        return means_of_blocks(sums, edges) / self.n

    def linear(self) -> tuple[Floats, Floats] | None:
        """Return (W, b), dense, where the field is W s + b; None where it is not linear."""
        return self.dense().linear() if self.separation is square else None

    def dense(self) -> Couplings:
        """Return the same memory as a matrix of couplings (`square` only).

        Examples
        --------
        >>> import hopfield as hf
        >>> hf.Overlaps([[1, -1, 1]]).dense().weights * 3
        array([[ 0., -1.,  1.],
               [-1.,  0., -1.],
               [ 1., -1.,  0.]])
        """
        if self.separation is not square:
            raise TypeError(f"separation {self.separation} has no couplings between pairs")
        p, n = self.p, self.n
        if n * n * p >= COUNTED and dispatch.has("gram"):
            w: Any = batches.gram(self._pack().masks.view(np.uint64), p, n)
            if self.coding == "01":  # from signs to how often both neurons are 1
                ones = self._pack().ups
                w += 2 * ones - p / 2
                w += (2 * ones - p / 2)[:, None]
                w /= 4
        else:
            x: Array = self.patterns.astype(np.float32 if n * p < 2**24 else np.float64)
            w = x.T @ x
        if not self.self_coupling:
            np.fill_diagonal(w, 0.0)
        return Couplings._of_whole(w, self.divisor, self.self_coupling)

    def _rows(self, s: npt.ArrayLike) -> Floats:
        rows, largest = super()._rows(s), self.separation.largest_n
        if self.separation is not square:
            sizes = np.abs(rows)
            if sizes.max() > 1 and (sizes.sum(axis=-1) > largest).any():
                raise ValueError(
                    f"s must add up to {largest} at most in size: separation {self.separation} "
                    "exceeds float64 beyond"
                )
        return rows

    def _by_neuron(self) -> Int8:
        """Return the patterns as (N, P), made once."""
        if self._neurons is None:
            self._neurons = np.ascontiguousarray(self.patterns.T)
        return self._neurons

    @cached_property
    def _table(self) -> Levels | None:
        """F by level, where that is exact."""
        return Levels.of(self.separation, self.n, self.p)

    def _tabulated(self, rows: Floats) -> Levels | None:
        """Return F by level where that is exact and the states (..., n) are -1/+1."""
        legal = dispatch.backend() != "reference" and (np.abs(rows) == 1).all()
        return self._table if legal else None

    def _pack(self) -> Packed:
        """Return the patterns as bits, made once."""
        if self._packed is None:
            unset, wanted = _UNSET[self.coding], self.separation is not square
            self._packed = Packed.of([self.patterns], (self.p, self.n), unset, wanted)
        return self._packed

    def _many(self, rows: Array) -> Batches | None:
        """Return what takes many states at once, where it can take these and is quicker."""
        plain = self.separation is square and self.coding == "bipolar"
        if not (plain and batches.worth(self.p, rows)):
            return None
        if self._batches is None:
            masks, diagonal = self._pack().masks, int(self._diagonal[0])
            self._batches = Batches.of(self.blocks(), masks, self.p, diagonal)
        return self._batches

    def _few(self, s: Array) -> DenseCursor | None:
        """Return a cursor of couplings held as a matrix, where neurons are so few that it pays."""
        if self.n > _FEW:
            return None
        if self._matrix is None:
            self._matrix = self.dense()
        return self._matrix.follow(s.astype(np.float64))

    def _quicker(self, rows: Floats) -> bool:
        """Say whether counting beats a product of matrices: for one state, of many sums.

        For any, where the matrix would have to be made of bits.
        """
        one = rows.size == self.n and self.p * self.n >= _MANY
        return (one or self._xi is None) and bool(self._counting(rows))

    def _counting(self, rows: Floats) -> Packed | None:
        """Return the bits, once a recall has made them, where kernels can take the states."""
        packed = self._packed if self.separation is square and dispatch.has("bits") else None
        return packed if packed and packed.whole(rows) is not None else None

    def _overlap_sums(self, rows: Floats) -> Floats:
        return np.concatenate([rows @ xi.T for xi in self._blocks()], axis=-1)

    def _blocks(self) -> Iterator[Floats]:
        """Yield blocks of patterns as floats."""
        for xi in self.blocks():
            yield xi.astype(np.float64)

    @property
    def held(self) -> bool:
        """Whether these are Hebb's couplings, of patterns that are held value by value."""
        return self.separation is square and self._xi is not None

    @property
    def _held(self) -> Any:
        """What gives slices of the patterns."""
        return self._packed if self._xi is None else self._xi


@savable
class Bias(Memory):
    """A field of its own on each neuron: E = -b.s. A threshold is a negative bias.

    Parameters
    ----------
    values : float or array_like of shape (N,)
        The field b; a single number is the same for all neurons.
    n : int, optional
        Neurons, where ``values`` is one number that is not added to another memory.

    Examples
    --------
    >>> import hopfield as hf
    >>> (hf.hebb([[1, -1, 1, 1]]) + hf.Bias(0.5)).field([1, -1, 1, 1])
    array([ 1.25, -0.25,  1.25,  1.25])
    """

    def __init__(self, values: npt.ArrayLike, n: int | None = None) -> None:
        array = real(values, "values").astype(np.float64)
        if array.ndim > 1:
            raise ValueError(f"values must be a number or (N,); its shape is {array.shape}")
        n = 0 if n is None else count(n, "n", 1)
        if n and array.ndim and n != array.size:
            raise ValueError(f"n={n} differs from the {array.size} values")
        self.n = array.size if array.ndim else n
        room("n", self.n)
        self.values = np.broadcast_to(array, (self.n,)) if self.n else array

    def __mul__(self, factor: float) -> Memory:
        return Bias(self.values * number(factor, "factor"), self.n or None)

    __rmul__ = __mul__

    def __repr__(self) -> str:
        return f"Bias({self.n or 'any number of'} neurons)"

    def parts(self) -> dict[str, Any]:
        """Return the arguments that rebuild this memory: what a file holds of it."""
        return {"values": np.array(self.values), "n": self.n or None}

    def field(self, s: npt.ArrayLike) -> Floats:
        """Return b for every state, (..., n)."""
        return np.array(np.broadcast_to(self.values, self._rows(s).shape))

    def energy(self, s: npt.ArrayLike) -> Floats | float:
        """Return -b.s, (...)."""
        return _scalar(-(self._rows(s) @ self.values))

    def linear(self) -> tuple[Floats, Floats]:
        """Return (0, b)."""
        return np.zeros((self.n, self.n)), np.array(self.values)

    def block_means(self, k: int) -> Floats:
        """Return zeros (k, k): a bias couples no pair."""
        edges = block_edges(self.n, k)
        return np.zeros((edges.size - 1, edges.size - 1))

    def _rows(self, s: npt.ArrayLike) -> Floats:
        if not self.n:
            raise ValueError("n must be given to a Bias of one number that stands alone")
        return super()._rows(s)


@savable
class Sum(Memory):
    """A weighted sum of memories; written ``a + b`` and ``2 * a``.

    Parameters
    ----------
    memories : sequence of Memory
        Of the same N; a `Bias` of one number fits any.
    weights : sequence of float, optional
        One a memory, by default 1.

    Raises
    ------
    ValueError, TypeError
        If the memories' N differ, or something else is given.

    Examples
    --------
    >>> import hopfield as hf
    >>> a, b = hf.hebb([[1, 1, 1]]), hf.hebb([[1, -1, 1]])
    >>> (a + b).field([1, 1, 1]).round(3)
    array([0.667, 0.   , 0.667])
    """

    def __init__(self, memories: Sequence[Memory], weights: Sequence[float] | None = None) -> None:
        memories = _listed(memories, "memories")
        for m in memories:
            if not isinstance(m, Memory):
                raise TypeError(f"memories must hold memories, not {describe(m)}")
        weights = [1.0] * len(memories) if weights is None else _listed(weights, "weights")
        factors = [number(w, "weights") for w in weights]
        if len(factors) != len(memories):
            raise ValueError(f"{len(memories)} memories need as many weights, not {len(factors)}")
        self.memories: list[Memory] = []
        self.factors: list[float] = []
        for w, m in zip(factors, memories, strict=True):
            inner = m if isinstance(m, Sum) else None
            self.memories += inner.memories if inner else [m]
            self.factors += [number(w * v, "weights") for v in inner.factors] if inner else [w]
        sizes = {m.n for m in self.memories if m.n}
        if len(sizes) != 1:
            raise ValueError(f"memories must have one N, not {sorted(sizes) or 'none'}")
        self.n = sizes.pop()
        self.memories = [m if m.n else Bias(m.parts()["values"], self.n) for m in self.memories]
        self.symmetric = all(m.symmetric for m in self.memories)
        self.self_coupling = any(m.self_coupling for m in self.memories)
        states = {m.states for m in self.memories if m.states}
        if len(states) > 1:
            raise ValueError(f"memories must be for the same neuron's states, not {states}")
        self.states = states.pop() if states else None
        widths = {m.width for m in self.memories if m.width > 1}
        if len(widths) > 1:
            raise ValueError(f"memories must be for the same neurons of q states, not {widths}")
        self.width = widths.pop() if widths else 1
        # A cursor takes the biases last; the field does so too, so that they round alike.
        self._bias = np.zeros(self.n)
        self._coupled: list[tuple[float, Memory]] = []
        for w, m in zip(self.factors, self.memories, strict=True):
            if isinstance(m, Bias):
                self._bias = self._bias + w * m.values
            else:
                self._coupled.append((w, m))

    def __repr__(self) -> str:
        terms = (
            f"{m}" if w == 1 else f"{w:g} * {m}"
            for w, m in zip(self.factors, self.memories, strict=True)
        )
        return f"({' + '.join(terms)})"

    def parts(self) -> dict[str, Any]:
        """Return the arguments that rebuild this memory: what a file holds of it."""
        return {"memories": self.memories, "weights": self.factors}

    def field(self, s: npt.ArrayLike) -> Floats:
        """Return the weighted sum of the fields, (..., n)."""
        rows = self._rows(s)
        terms = [(w, m.divisor, m.numerators(rows)) for w, m in self._coupled]
        return weighted(terms, np.broadcast_to(self._bias, rows.shape))

    def gradient(self, s: npt.ArrayLike) -> Floats:
        """Return the weighted sum of the gradients, (..., n)."""
        return np.asarray(self._total("gradient", s))

    def energy(self, s: npt.ArrayLike) -> Floats | float:
        """Return the weighted sum of the energies, (...)."""
        return _scalar(self._total("energy", s))

    def linear(self) -> tuple[Floats, Floats] | None:
        """Return (W, b), dense, where the field is W s + b; None where it is not linear."""
        forms = [m.linear() for m in self.memories]
        known = [form for form in forms if form is not None]
        if len(known) < len(forms):
            return None
        w, b = (
            sum(f * np.asarray(x) for f, x in zip(self.factors, part, strict=True))
            for part in zip(*known, strict=True)
        )
        return np.asarray(w), np.asarray(b)

    def block_means(self, k: int) -> Floats:
        """Return the weighted sum of the block means, (k, k)."""
        return np.asarray(self._total("block_means", k))

    def open(self, s: npt.ArrayLike) -> Cursor:
        """Return a cursor over the memories' cursors."""
        if not self._coupled:
            return super().open(s)
        cursors = [m.open(s) for _, m in self._joined]
        return SumCursor(cursors, [w for w, _ in self._joined], self._bias)

    @cached_property
    def _joined(self) -> list[tuple[float, Memory]]:
        """What cursors are opened for: of sums of Hebb's couplings, those of all patterns."""
        found = [m for w, m in self._coupled if w == 1 and isinstance(m, Overlaps) and m.held]
        if len(found) < max(2, len(self._coupled)):
            return self._coupled
        first, *others = ((m.coding, m.self_coupling) for m in found)
        if any(kind != first for kind in others):
            return self._coupled
        xi = np.concatenate([m.patterns for m in found])
        return [(1.0, Overlaps(xi, coding=first[0], self_coupling=first[1]))]

    def _total(self, method: str, argument: Any) -> Any:
        values = [getattr(m, method)(argument) for m in self.memories]
        return sum(w * v for w, v in zip(self.factors, values, strict=True))


@savable
class Recoded(Memory):
    """A memory of -1/+1 neurons seen by neurons of two other states; see `Memory.recode`.

    Parameters
    ----------
    memory : Memory
        Written for -1/+1 neurons.
    low, high : float
        The states that stand for -1 and +1.
    """

    def __init__(self, memory: Memory, low: float = 0.0, high: float = 1.0) -> None:
        if not isinstance(memory, Memory):
            raise TypeError(f"memory must be a memory, not {describe(memory)}")
        self.memory = memory
        self.low, self.high = two_states((low, high), "(low, high)")
        if memory.states not in (None, (-1.0, 1.0)):
            raise ValueError(f"memory must be written for -1/+1 neurons, not {memory.states}")
        self.n, self.symmetric, self.width = memory.n, memory.symmetric, memory.width
        self.self_coupling = memory.self_coupling
        self.states = (self.low, self.high)
        self._scale = 2 / (self.high - self.low)
        self._shift = -(self.high + self.low) / (self.high - self.low)

    def __repr__(self) -> str:
        return f"{self.memory}.recode({self.low:g}, {self.high:g})"

    def parts(self) -> dict[str, Any]:
        """Return the arguments that rebuild this memory: what a file holds of it."""
        return {"memory": self.memory, "low": self.low, "high": self.high}

    def field(self, s: npt.ArrayLike) -> Floats:
        """Return the discrete derivative between the new states, (..., n)."""
        return self._scale * self.memory.field(self._signs(s))

    def gradient(self, s: npt.ArrayLike) -> Floats:
        """Return -dE/ds in the new states, (..., n)."""
        return self._scale * self.memory.gradient(self._signs(s))

    def energy(self, s: npt.ArrayLike) -> Floats | float:
        """Return the energy of the same configuration, (...)."""
        return self.memory.energy(self._signs(s))

    def open(self, s: npt.ArrayLike) -> Cursor:
        """Return the memory's own cursor, seen through the recoding."""
        rows = self._replicas(s)
        return RecodedCursor(self.memory.open(self._signs(rows)), rows, self.low, self.high)

    def linear(self) -> tuple[Floats, Floats] | None:
        """Return (W, b), dense, where the field is W s + b; None where it is not linear."""
        form = self.memory.linear()
        if form is None:
            return None
        w, b = form
        return self._scale**2 * w, self._scale * (self._shift * w.sum(axis=1) + b)

    def block_means(self, k: int) -> Floats:
        """Return the mean coupling between blocks, in the new states' scale, (k, k)."""
        return self._scale**2 * self.memory.block_means(k)

    def _signs(self, s: npt.ArrayLike) -> Floats:
        return to_states(self._rows(s), (self.low, self.high), (-1.0, 1.0))


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


def sliced(patterns: Any) -> Any:
    """Return patterns as what has a shape (P, N) and gives slices of rows, if only an array."""
    if hasattr(patterns, "dtype") and hasattr(patterns, "__getitem__"):
        shape = getattr(patterns, "shape", None)
        if isinstance(shape, tuple) and len(shape) == 2:
            return patterns
    array = vectors(patterns, "patterns")
    if array.ndim != 2:
        raise ValueError(f"patterns must be rows (P, N); the shape is {array.shape}")
    return array


def _checked(source: Any, coding: str) -> Iterator[Int8]:
    """Yield patterns as int8 of the coding, P >= 1 and N >= 2, by blocks of 64 k rows."""
    p, n = source.shape
    step = max(64, _READ // max(n, 1) // 64 * 64)
    for first in range(0, max(p, 1), step):
        stop = min(first + step, p)
        rows = pattern_rows(source[first:stop], coding)
        if rows.shape != (stop - first, n):
            raise ValueError(
                f"patterns must be rows of the shape {(p, n)}, not {rows.shape} from row {first} "
                f"to {stop}"
            )
        yield rows


def pattern_rows(patterns: npt.ArrayLike, coding: str) -> Int8:
    """Return patterns as int8 rows (P, N) of the coding, N >= 2."""
    array = vectors(patterns, "patterns")
    if array.ndim != 2:
        raise ValueError(f"patterns must be rows (P, N); the shape is {array.shape}")
    if array.shape[1] < 2:
        raise ValueError("patterns must have at least 2 neurons, not 1")
    if coding == "bipolar":
        return bipolar(array)
    if not ((array == 0) | (array == 1)).all():
        raise ValueError('patterns must be 0 or 1 (or bools) with coding="01"')
    return array.astype(np.int8)


def _square(weights: Any) -> Floats:
    w = np.array(real(weights, "weights"), dtype=np.float64)  # a copy: its diagonal changes
    if w.ndim != 2 or w.shape[0] != w.shape[1]:
        raise ValueError(f"weights must be a square matrix; the shape is {w.shape}")
    if w.shape[0] < 2:
        raise ValueError("weights must couple at least 2 neurons, not 1")
    return w


def _sparse_square(weights: Any) -> Any:
    if weights.ndim != 2 or weights.shape[0] != weights.shape[1] or weights.shape[0] < 2:
        raise ValueError(
            f"weights must be a square matrix of 2 or more neurons; the shape is {weights.shape}"
        )
    w = weights.tocsr(copy=True)
    real(w.data if w.nnz else np.zeros(1, w.dtype), "weights")
    w = w.astype(np.float64)
    w.sum_duplicates()
    return w


def _listed(things: Any, name: str) -> list[Any]:
    if not isinstance(things, (list, tuple, np.ndarray)) or not np.iterable(things):
        raise TypeError(f"{name} must be a list, not {describe(things)}")
    return list(things)


def on_a_grid(w: Any) -> Any:
    """Round to multiples of a power of two so coarse that row sums of them are exact."""
    sparse, size = hasattr(w, "tocsr"), max(1, _BLOCK // w.shape[0])
    parts = [w] if sparse else [w[i : i + size] for i in range(0, len(w), size)]
    largest = max(float(abs(part).sum(axis=1).max()) for part in parts)
    grid = 2.0 ** (np.ceil(np.log2(largest)) - 48) if largest > 2.0**-900 else 0.0
    if grid:
        for values in [w.data] if sparse else parts:
            values /= grid
            np.round(values, out=values)
            values *= grid
    return w


def mirrored(w: Floats) -> bool:
    """Say whether a matrix is symmetric, by tiles that stay in a cache while they are turned."""
    tiles = [slice(i, i + _TILE) for i in range(0, len(w), _TILE)]
    pairs = combinations_with_replacement(tiles, 2)
    return all(np.array_equal(w[rows, columns], w[columns, rows].T) for rows, columns in pairs)


def _scalar(x: Array) -> Floats | float:
    return float(x) if np.ndim(x) == 0 else x


def block_edges(n: int, k: int) -> npt.NDArray[np.intp]:
    k = count(k, "k", 1, n)
    edges = np.arange(k + 1, dtype=np.int64) * n // k
    return edges.astype(np.intp)  # what reduceat takes where a pointer has 32 bits (the browser)


def means_of_blocks(sums: Floats, edges: npt.NDArray[np.intp]) -> Floats:
    sizes = np.diff(edges)
    return np.asarray(sums / np.outer(sizes, sizes))
