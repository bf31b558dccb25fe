"""Couplings held by columns, dense or sparse; and few neurons' patterns, made such a matrix.

The numerators of all fields stay up to date: a visit costs O(1), a flip a column.
"""

from __future__ import annotations

from functools import partial
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from ..base.bits import aligned
from ..base.forms import Array, Counts, Floats, Form, Ints, Rule, Signs
from ..base.streams import Streams
from .bins import real_bars, whole_bars
from .compiled import available, kernel
from .parts import WORK, in_parts

FEW = 256  # neurons up to which a matrix beats the patterns themselves
_HOW = {"given": 0, "shuffled": 1, "drawn": 2}  # as in kernels.draws
_TIES = {"fixed": 0, "coin": 2}  # as in kernels.columns
_SHARES = {"matrix": 0.125, "sparse": 1.0}  # of neurons whose columns cost what a product does
_BY_PRODUCT = 2**15  # entries from which numerators of some states come by BLAS
_SOME = 4  # states from which a product is quicker
_THIN = 16  # entries of a dense column that are added as quickly as one by its place
_BLOCK = 2**26  # additions of one such product
_ENTRIES = 2**18  # that are rounded at a time
_WHOLE = 2.0**53
_FAR = 2.0**28  # units: int32 holds four times as much


class Columns(NamedTuple):
    """What kernels read of couplings.

    Attributes
    ----------
    arrays : (starts, targets, values, keys, own)
        As in `kernels.columns`.
    zeros : ndarray of float64, shape (n,)
        For a bias where there is none.
    work : int
        What a sweep costs at the most, in additions.
    exact : bool
        Whether s.h is exact in any order, for every state s.
    symmetric : bool
        Whether they have an energy.
    own : ndarray of float64, shape (2,)
        The least and the largest coupling of a neuron to itself.
    """

    arrays: tuple[Ints, npt.NDArray[np.int32], Array, Floats, Floats]
    zeros: Floats
    work: int
    exact: bool
    symmetric: bool
    own: Floats

    @classmethod
    def of(cls, form: Form) -> Columns:
        """Return the columns of a form."""
        starts, targets = np.zeros(1, np.int64), np.zeros(1, np.int32)
        n, source = form.n, form.source
        zeros, keys = np.zeros(n), np.zeros((0, n))
        shares, own = zeros, None
        if form.kind == "patterns":
            x = source.held[:].astype(np.float64)
            w = values = (x.T @ x - np.diag(source.diagonal)).astype(np.float32)
            if 2 * len(x) < n:
                keys, shares = x, source.diagonal.copy()
        elif form.kind == "keys":
            values = np.stack([source.values.T, source.keys.T]).astype(np.float64)
            shares = source.diagonal
            own = np.vecdot(values[0], values[1]) - shares
        elif form.kind == "sum":
            terms = [_dense(f) for _, f in source.terms]
            values, own = np.concatenate(terms, axis=1)[None, None], zeros
        else:
            w = values = source.columns
        entries = values.size // 8
        if form.kind == "sparse":
            starts, targets = w.indptr.astype(np.int64), w.indices.astype(np.int32)
            values, entries = w.data, w.nnz
        elif form.kind == "matrix" and _THIN * np.count_nonzero(values) < values.size:
            rows, found = values.nonzero()  # as a graph's, given densely
            starts, targets = np.searchsorted(rows, np.arange(n + 1)), found.astype(np.int32)
            values, entries = values[rows, found].astype(np.float64), rows.size
        total = float(np.abs(values).sum(dtype=np.float64))
        whole = total < _WHOLE and bool((values == np.rint(values)).all())
        own = w.diagonal() if own is None else own
        extremes = np.array([own.min(), own.max()], np.float64)
        arrays = starts, targets, values, keys, shares
        symmetric = form.kind == "patterns" or getattr(source, "symmetric", False)
        return cls(arrays, zeros, 8 * n + entries, whole, symmetric, extremes)

    def descend(self, form: Form) -> bool:
        """Say whether no order of single moves leads round: each lowers an energy, or is for good.

        For any biases and rounding: a neuron's field rises with its numerator, so that it is as
        if it were compared with some bar.
        """
        return self.symmetric and bool((form.weight * self.own >= 0).all())

    def apart(self, form: Form, width: int) -> bool:
        """Say the same of neurons of so many sites: no site acts on those of its own neuron."""

        def inside() -> bool:
            w = self.arrays[2] if form.kind == "patterns" else form.source.columns
            rows, columns = w.nonzero()
            return bool((rows // width == columns // width).any())

        alone = self.symmetric and form.bias is None
        return alone and not form.source.made(f"inside {width}", inside)


class Rounded(NamedTuple):
    """Dense couplings as whole numbers of 16 bits, in units.

    Attributes
    ----------
    columns : ndarray of int16, shape (N, M)
        Row i: what neuron i adds to all fields; M is more than N where blocks must be full.
    unit : float
        What 1 stands for.
    margin : int
        How far the fields of states -1 and +1 may be off, in units.
    rows : ndarray of shape (N, N)
        The couplings that act on each neuron.
    """

    columns: npt.NDArray[np.int16]
    unit: float
    margin: int
    rows: Array

    @classmethod
    def of(cls, columns: Array) -> Rounded:
        """Round columns (N, N) so that all fields stay below 2**27."""
        n = len(columns)
        sums, largest, error = np.zeros(n), 0.0, np.zeros(n)
        blocks = [slice(i, i + max(1, _ENTRIES // n)) for i in range(0, n, max(1, _ENTRIES // n))]
        for block in blocks:
            sizes = np.abs(columns[block], dtype=np.float64)
            sums += sizes.sum(axis=0)
            largest = max(largest, float(sizes.max()))
        unit = max(largest / 32767, float(sums.max()) / 2**26, 2.0**-600)
        rounded = aligned((n, -(-n // 32) * 32), np.int16)
        for block in blocks:
            exact = columns[block].astype(np.float64) / unit
            whole = np.rint(exact)
            rounded[block, :n] = whole
            error += np.abs(exact - whole).sum(axis=0)
        rows = columns if np.array_equal(columns, columns.T) else np.ascontiguousarray(columns.T)
        return cls(rounded, unit, int(error.max()) + 3, rows)  # 3: what is rounded on the way


class MatrixSession:
    """States under couplings; see `base.forms.Session`.

    Attributes
    ----------
    state : ndarray of int8, shape (R, n)
        The states.
    """

    exact = True

    def __init__(self, form: Form, rule: Rule, schedule: str | None, states: Signs) -> None:
        self.state, self._form, self._rule, self._schedule = states, form, rule, schedule
        self.name = "keys" if form.kind == "keys" else "matrix"
        self._columns: Columns = form.source.made("columns", partial(Columns.of, form))
        replicas = len(states)
        values = self._columns.arrays[2]
        sums = np.empty((replicas, values.shape[-1]) if values.ndim > 2 else states.shape)
        self._held = states, sums, np.zeros(replicas, np.uint8)
        bias = self._columns.zeros if form.bias is None else form.bias
        self._numbers: tuple[Floats, Any, Any] = bias, form.weight, form.divisor
        if form.kind == "sum":
            weights, divisors = zip(*((w, f.divisor) for w, f in form.source.terms), strict=True)
            self._numbers = bias, np.array(weights), np.array(divisors)
        self._energies: Floats | None = None
        self._units: Array | None = None

    def sweeps(self, sites: Array | None, streams: Streams, counts: Counts, most: int) -> bool:
        """Make whole sweeps, at temperature 0 or another; see `Session.sweeps`."""
        rule, how = self._rule, _HOW.get(self._schedule or "")
        if rule.law == "potts":
            return self._potts(how, sites, streams, counts, most)
        if self._schedule == "together" and rule.law == "fixed":
            self._together(counts, most)
            return True
        if how is None or (
            how == 0 and rule.law == "fixed" and not self._columns.descend(self._form)
        ):
            return False
        places = np.empty((2, self._form.n), np.uint32) if sites is None else _places(sites)
        self._energies = None
        if rule.law in _TIES:
            energies = np.empty(len(self.state))
            law = how, rule.theta, rule.tie or _TIES[rule.law]
            self._sweep("columns.sweep_until_still", law, streams, counts, places, energies, most)
            if self._columns.exact:
                self._energies = energies
        elif rule.law == "heat":
            name, last = "rounded.sweep_rounded", self._rounding(len(counts.period) * most)
            if last is None:
                name, last = "columns.sweep_at_temperature", real_bars(rule.scale)
            self._sweep(name, (how, rule.scale), streams, counts, places, last, most)
        else:
            return False
        return True

    def visit(self, rows: Ints, sites: Ints, theta: Floats, tie: Signs) -> Array:
        """Visit neurons (A, k) in turn; return their states thereafter."""
        after, self._energies = np.empty(sites.shape, np.int8), None
        drawn = (_own(x) for x in (sites, theta, tie))
        arrays = self._columns.arrays
        kernel("columns.visit")(arrays, self._held, self._numbers, rows, *drawn, after)
        return after

    def follow(self, rule: Rule) -> None:
        """Make the sweeps to come by another rule."""
        self._rule = rule

    def turn(self, rows: Ints, sites: Ints, drawn: Floats, rule: Rule) -> None:
        """Let neurons of q sites, (A, k q) in all, move in turn; see `core.neurons.Potts`."""
        self._energies, arrays = None, self._columns.arrays
        law = 0, rule.width, rule.scale
        kernel("potts.turn")(arrays, self._held, self._numbers, law, rows, _own(sites), _own(drawn))

    def _potts(
        self, how: int | None, sites: Array | None, streams: Streams, counts: Counts, most: int
    ) -> bool:
        """Make whole sweeps of neurons of q sites; see `Session.sweeps`."""
        rule, columns, form, n = self._rule, self._columns, self._form, self._form.n
        cold = rule.scale == 0
        if how is None or (how == 0 and cold and not columns.apart(form, rule.width)):
            return False
        places = np.empty((2, n), np.uint32)
        if sites is not None:
            places[0, : sites.size] = sites
        self._energies, law = None, (how, rule.width, rule.scale)
        noise = np.empty((len(self.state), 0 if cold else n))
        self._sweep("potts.sweep", law, streams, counts, places, noise, most)
        return True

    def fields(self, rows: Ints, sites: Ints | None = None) -> Floats:
        """Return the fields of neurons (A, k), or of all, in replicas (A,)."""
        self._begin(rows)
        every = np.arange(self._form.n)[None] if sites is None else _own(sites)
        out = np.empty((rows.size, every.shape[1]))
        kernel("columns.fields")(self._columns.arrays, self._held, self._numbers, rows, every, out)
        return out

    def assign(self, rows: Ints, sites: Ints | None, values: Array) -> None:
        """Give neurons (A, k), or all, new states (A, k)."""
        self._energies = None
        self._held[2][rows] = 0
        if sites is None:
            self.state[rows] = values
        else:
            self.state[rows[:, None], sites] = values

    def settled(self, rows: Ints) -> None:
        """Leave it to the fields."""

    def energies(self) -> Floats | None:
        """Return the energies (R,) of a memory alone, where their bits are the memory's own."""
        form, columns = self._form, self._columns
        if form.weight != 1 or form.bias is not None or not columns.symmetric:
            return None
        if form.kind in ("keys", "sum"):
            return None
        if self._energies is None:
            if not columns.exact and form.kind == "sparse":
                return None
            self._begin(np.arange(len(self.state)))
            s, h = self.state.astype(np.float64), self._held[1]
            pair = (s, h) if len(s) > 1 else (s[0], h[0])  # as a memory multiplies them
            total = np.atleast_1d(np.einsum("...i,...i->...", *pair))
            self._energies = (0.0 - total) / (2 * form.divisor)
        return self._energies

    def _sweep(
        self,
        name: str,
        law: tuple[Any, ...],
        streams: Streams,
        counts: Counts,
        places: Array,
        last: Any,
        most: int,
    ) -> None:
        """Let a kernel make sweeps; ``last`` is what it alone takes."""
        run, columns, replicas = kernel(name), self._columns, len(self.state)
        random = streams.state, streams.step
        first = columns.arrays, self._held, self._numbers, law, random, counts.table
        if replicas == 1 and most * columns.work <= WORK:
            run(*first, places, last, 0, 1, most)
            return
        if replicas >= _SOME and columns.arrays[2].size >= _BY_PRODUCT:
            self._begin(np.flatnonzero(counts.period == 0))

        def part(start: int, stop: int, sweeps: int) -> None:
            run(*first, places.copy(), last, start, stop, sweeps)

        in_parts(part, counts, most, columns.work, 2 if self._rule.law in _TIES else most)

    def _together(self, counts: Counts, most: int) -> None:
        """Move all neurons at once, until each replica stands still or goes round (Brent)."""
        run, columns, s = kernel("columns.move_together"), self._columns, self.state
        rule = self._rule.theta, self._rule.tie, _SHARES[self._form.kind]
        moves = np.empty(self._form.n, np.uint32)
        kept, at, self._energies = s.copy(), 0, None
        for now in range(1, most + 1):
            rows = np.flatnonzero(counts.period == 0)
            if not rows.size:
                break
            self._begin(rows)
            arrays = columns.arrays, self._held, self._numbers
            run(*arrays, rule, counts.table, kept, now - at, rows, moves)
            if now == max(1, 2 * at):
                kept, at = s.copy(), now

    def _begin(self, rows: Ints) -> None:
        """Bring the numerators of some replicas up to date."""
        s, h, begun = self._held
        values, keys = self._columns.arrays[2:4]
        if values.ndim > 2:
            values = values[-1] if values.ndim == 3 else values[0, 0]
        if rows.size < _SOME or values.ndim == 1 or len(keys) or values.size < _BY_PRODUCT:
            kernel("columns.begin_rows")(self._columns.arrays, self._held, rows)
            return
        rows = rows[begun[rows] != 1]
        size = max(1, _BLOCK // values.size)
        for first in range(0, rows.size, size):
            part = rows[first : first + size]
            h[part] = s[part].astype(values.dtype) @ values
            begun[part] = 1

    def _rounding(self, sweeps: int) -> Any:
        """Return what `sweep_rounded` takes, where it can be used and pays, else None."""
        form, values = self._form, self._columns.arrays[2]
        if values.ndim != 2 or not form.weight > 0 or 8 * sweeps < form.n or not self.state.all():
            return None
        rounded: Rounded = form.source.made("rounded", partial(Rounded.of, values))
        scale, unit = self._rule.scale * form.divisor / form.weight, 2 * rounded.unit
        if rounded.margin * unit > scale:
            return None
        bars = whole_bars(scale / unit, rounded.margin, 2**30).astype(np.int32).ravel()
        if self._units is None:
            self._units = aligned((len(self.state), rounded.columns.shape[1]), np.int32)
        return rounded.columns, self._units, bars, rounded.rows, unit, _FAR * unit


def takes(form: Form, rule: Rule, schedule: str | None, states: Array) -> bool:
    """Say whether a network runs on columns."""
    if form.kind == "patterns":
        return form.n <= FEW and schedule != "together" and available()
    if form.kind in ("keys", "sum"):
        return schedule in _HOW and rule.width == 1 and available()
    return form.kind in ("matrix", "sparse") and form.source.exact and available()


def _dense(form: Form) -> Floats:
    """Return what steps of neurons add to all numerators, (N, N)."""
    source: Any = form.source
    if form.kind == "patterns":
        x = source.held[:].astype(np.float64)
        return np.asarray(x.T @ x - np.diag(source.diagonal))
    if form.kind == "keys":
        keys, values = source.keys.astype(np.float64), source.values.astype(np.float64)
        return np.asarray(keys.T @ values - np.diag(source.diagonal))
    columns = source.columns.toarray() if form.kind == "sparse" else source.columns
    return np.asarray(columns, dtype=np.float64)


def _places(sites: Array) -> Array:
    places = np.empty((2, sites.size), np.uint32)
    places[0] = sites
    return places


def _own(x: Array) -> Array:
    """Return an array that a kernel compiled for one in C order, to be written, takes too."""
    return x if x.flags.c_contiguous and x.flags.writeable else x.copy()
