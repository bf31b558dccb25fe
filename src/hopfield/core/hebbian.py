"""Patterns held as they are: Hebb's memory, and dense associative memories."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt

from .. import engine
from ..base import exact
from ..base.bits import BitMatrix
from ..base.checks import Array, Floats, choice, count, flag, stacked, vectors
from ..base.forms import Form, Levels, Patterns
from ..base.saved import savable
from .couplings import Couplings
from .cursors import Cursor, KeysCursor
from .keys import KeysAndValues
from .memory import Memory, scalar
from .neurons import Neuron, Sign
from .patterns import Int8, bipolar
from .separation import Separation, named, separated, tabulated

_BLOCK = 2**19  # floats are worked on in blocks of this many values, to stay in a cache
_READ = 2**23  # patterns are read in blocks of this many
_SMALL = 2**26  # values that are kept as int8; more are kept as bits
_UNSET = {"bipolar": -1, "01": 0}
_NEURONS = {"bipolar": Sign(), "01": Sign(0, 1)}


class _Stored(Memory):
    """Patterns (P, N) of two values, held as int8, or as bits where they are many."""

    def _hold(self, patterns: npt.ArrayLike, coding: str) -> None:
        self.coding = choice(coding, "coding", _UNSET)
        source, unset = sliced(patterns), _UNSET[coding]
        self.p, self.n = (count(side, "patterns.shape", 0) for side in source.shape)
        if self.p * self.n <= _SMALL:
            self._held: Any = np.concatenate(list(_checked(source, coding)))
            self._held.setflags(write=False)
        elif isinstance(source, BitMatrix) and source.unset == unset:
            self._held = source
        else:
            self._held = BitMatrix.of(_checked(source, coding), (self.p, self.n), unset)

    @property
    def patterns(self) -> Int8:
        """The patterns (P, N), to be read only; where they are many, made of bits each time."""
        xi: Int8 = self._held[:]
        xi.setflags(write=False)
        return xi

    def blocks(self) -> Iterator[Int8]:
        """Yield the patterns by blocks of rows (k, N), which need little memory."""
        step = max(_BLOCK // self.n, 64 if isinstance(self._held, BitMatrix) else 1)
        for first in range(0, self.p, step):
            yield self._held[first : first + step]

    def _floats(self) -> Iterator[Floats]:
        for xi in self.blocks():
            yield xi.astype(np.float64)

    def _count(self) -> str:
        return f"{self.p} pattern{'s'[: self.p > 1]} of {self.n}"


@savable
class Hebbian(_Stored, KeysAndValues):
    """Hebb's couplings W = X'X / N with an empty diagonal, never as an N x N matrix.

    E = -1/2 s.W s = -1/(2N) sum_mu [(xi_mu.s)**2 - s.s]. The patterns take N P bytes (N P / 8
    beyond 64 MiB of them) instead of 8 N N.

    Parameters
    ----------
    patterns : array_like of shape (P, N)
        What is stored. Whatever has a ``shape``, a ``dtype`` and slices of rows (a memmap, say, or
        a dataset of HDF5) is read a block at a time, and need not fit into memory.
    coding : {"bipolar", "01"}
        "bipolar" takes -1/+1 (or bools); "01" takes 0/1 (or bools) and stores them as such.
    self_coupling : bool
        Keep W_ii.

    Raises
    ------
    ValueError, TypeError
        For patterns that are not of the coding, or N < 2.

    References
    ----------
    Hopfield 1982, doi:10.1073/pnas.79.8.2554, eq. 2.

    Examples
    --------
    >>> import hopfield as hf
    >>> hf.Hebbian([[1, -1, 1, 1]]).field([1, -1, 1, -1])
    array([ 0.25, -0.25,  0.25,  0.75])
    """

    keys = values = _Stored.patterns  # W = X'X / N, less the diagonal

    def __init__(
        self, patterns: npt.ArrayLike, *, coding: str = "bipolar", self_coupling: bool = False
    ) -> None:
        self._hold(patterns, coding)
        self.self_coupling = flag(self_coupling, "self_coupling")
        self.divisor = float(self.n)
        own: Any = 0
        if not self.self_coupling:
            bipolar = coding == "bipolar"
            own = self.p if bipolar else sum(np.count_nonzero(x, axis=0) for x in self.blocks())
        self.diagonal = np.zeros(self.n) + own

    def __repr__(self) -> str:
        return f"Hebbian({self._count()}{'' if self.coding == 'bipolar' else ', 01'})"

    @property
    def neuron(self) -> Neuron:
        """`Sign()`, of states 0 and 1 where the patterns are."""
        return _NEURONS[self.coding]

    def parts(self) -> dict[str, object]:
        """Return the arguments that rebuild this memory: what a file holds of it."""
        names = ("coding", "self_coupling")
        return {"patterns": self._held, **{name: getattr(self, name) for name in names}}

    def _sums(self, rows: Floats) -> Floats:
        found = engine.numerators(self._form, rows)
        return super()._sums(rows) if found is None else found

    def _energies(self, rows: Floats) -> Floats:
        found = engine.energies(self._form, rows)
        return super()._energies(rows) if found is None else found

    def _blocks(self) -> Iterator[tuple[Floats, Floats]]:
        return ((xi, xi) for xi in self._floats())

    def linear(self) -> tuple[Floats, Floats]:
        """Return (W, b), dense, where the field is W s + b."""
        return self.dense().linear()

    def dense(self) -> Couplings:
        """Return the same memory as a matrix of couplings.

        Examples
        --------
        >>> import hopfield as hf
        >>> hf.Hebbian([[1, -1, 1]]).dense().weights * 3
        array([[ 0., -1.,  1.],
               [-1.,  0., -1.],
               [ 1., -1.,  0.]])
        """
        w = engine.gram(self._form.source)
        if w is None:
            x: Array = self.patterns.astype(
                np.float32 if self.n * self.p < exact.WHOLE_SINGLE else np.float64
            )
            w = x.T @ x
        if not self.self_coupling:
            np.fill_diagonal(w, 0.0)
        found = Couplings.of_whole(w, self.divisor, self.self_coupling)
        found._neuron = self.neuron
        return found

    @cached_property
    def _form(self) -> Form:  # type: ignore[override]
        source = Patterns(self._held, _UNSET[self.coding], self.diagonal)
        return Form("patterns", self.n, source, self.divisor)


@savable
class DenseMemory(_Stored):
    """A dense associative memory, E = -sum_mu F(xi_mu.s), of -1/+1 patterns held as they are.

    Parameters
    ----------
    patterns : array_like of shape (P, N)
        -1/+1 or bools, as `Hebbian` reads them.
    separation : Separation or str
        F, from ``hf.separation``, or its name there.
    degree : int
        The power, where ``separation`` is a name that needs one.

    Raises
    ------
    ValueError, TypeError
        For patterns that are not -1/+1, N < 2, or N too large for F in float64.

    References
    ----------
    Krotov & Hopfield 2016, arXiv:1606.01164.

    Examples
    --------
    >>> import hopfield as hf
    >>> hf.DenseMemory([[1, -1, 1]], "power", degree=3).field([1, -1, 1])
    array([ 13., -13.,  13.])
    """

    states = (-1.0, 1.0)

    def __init__(
        self, patterns: npt.ArrayLike, separation: Separation | str, *, degree: int = 0
    ) -> None:
        self._hold(patterns, "bipolar")
        self.separation = named(separation, degree, self.n)

    def __repr__(self) -> str:
        return f"DenseMemory({self._count()}, {self.separation})"

    def parts(self) -> dict[str, object]:
        """Return the arguments that rebuild this memory: what a file holds of it."""
        f = self.separation
        return {"patterns": self._held, "separation": f.name, "degree": f.degree}

    def field(self, s: npt.ArrayLike) -> Floats:
        """Return the discrete derivative, (..., n).

        1/2 sum_mu [F(m + xi_i) - F(m - xi_i)], m the overlap sum without neuron i.
        """
        rows = self._rows(s)
        m, keys = self._sums(rows), self._source.by_neuron
        size, out, table = max(1, _BLOCK // m.size), np.empty(rows.shape), self._table(rows)
        for first in range(0, self.n, size):
            part = slice(first, first + size)
            out[..., part] = separated(
                self.separation, keys[part], m[..., None, :], rows[..., part], self.n, *table
            )
        return out

    def gradient(self, s: npt.ArrayLike) -> Floats:
        """Return -dE/ds = sum_mu F'(m_mu) xi_mu, (..., n)."""
        rows = self._rows(s)
        out = np.zeros(rows.shape)
        for xi in self._floats():
            out += self.separation.derivative(rows @ xi.T, self.n) @ xi
        return out

    def energy(self, s: npt.ArrayLike) -> Floats | float:
        """Return -sum_mu F(m_mu), (...)."""
        return DenseMemory.energy_of_reals(self, self._between(s))

    def energy_of_reals(self, s: npt.ArrayLike) -> Floats | float:
        """Return the same of any reals, (...)."""
        rows = self._rows(s)
        out = np.zeros(rows.shape[:-1])
        for xi in self._floats():
            out -= self.separation.f(rows @ xi.T, self.n).sum(axis=-1)
        return scalar(out)

    def open(self, s: npt.ArrayLike) -> Cursor:
        """Return a cursor that keeps the overlaps: a visit and a flip O(P)."""
        rows, keys = self._replicas(s), self._source.by_neuron
        table = self._table(rows)

        def at(m: Floats, sites: Array | None, own: Floats) -> Floats:
            if sites is None:
                return self.field(own)
            return separated(self.separation, keys[sites], m[:, None], own, self.n, *table)

        found = KeysCursor(keys.astype(np.float64), at, 1.0, rows)
        found.exact = bool(table)
        return found

    def form(self) -> Form | None:
        """Return the patterns and the table of F, where F takes whole numbers."""
        source = self._source
        return Form("levels", self.n, source) if isinstance(source, Levels) else None

    @cached_property
    def _source(self) -> Patterns:
        table = tabulated(self.separation, self.n, self.p)
        if table is None:
            return Patterns(self._held, -1, np.zeros(self.n))
        return Levels(self._held, *table)

    def _table(self, rows: Floats) -> tuple[Array, int] | tuple[()]:
        """Return the steps of F by level, if they are whole numbers and the states are -1/+1."""
        source = self._source
        if isinstance(source, Levels) and (np.abs(rows) == 1).all():
            return source.rises, source.digit
        return ()

    def _sums(self, rows: Floats) -> Floats:
        return np.concatenate([rows @ xi.T for xi in self._floats()], axis=-1)

    def _rows(self, s: npt.ArrayLike) -> Floats:
        rows, largest = super()._rows(s), self.separation.largest_n
        sizes = np.abs(rows)
        if sizes.max() > 1 and (sizes.sum(axis=-1) > largest).any():
            raise ValueError(
                f"s must add up to {largest} at most in size: separation {self.separation} "
                "exceeds float64 beyond"
            )
        return rows


def sliced(patterns: Any) -> Any:
    """Return patterns as what has a shape (P, N) and gives slices of rows, if only an array."""
    slices = hasattr(patterns, "dtype") and hasattr(patterns, "__getitem__")
    if slices and not hasattr(patterns, "toarray"):  # sparse ones are refused
        shape = getattr(patterns, "shape", None)
        if isinstance(shape, tuple) and len(shape) == 2:
            return patterns
    return stacked(vectors(patterns, "patterns"), "patterns")


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
    array = stacked(vectors(patterns, "patterns"), "patterns")
    if array.shape[1] < 2:
        raise ValueError("patterns must have at least 2 neurons, not 1")
    if coding == "bipolar":
        return bipolar(array)
    if not ((array == 0) | (array == 1)).all():
        raise ValueError('patterns must be 0 or 1 (or bools) with coding="01"')
    return array.astype(np.int8)
