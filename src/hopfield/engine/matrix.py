"""Couplings held by columns, dense or sparse; and few neurons' patterns, made such a matrix.

The numerators of all fields stay up to date: a visit costs O(1), a flip a column. Of keys and
values products with the keys do, and of several terms the numerators of each.
"""

from __future__ import annotations

from functools import partial
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from ..base.bits import aligned
from ..base.exact import WHOLE, WHOLE_SINGLE
from ..base.forms import Array, Floats, Form, Ints, Rule, Signs
from .compiled import available, kernel
from .session import HOW, Known, Session, Way
from .thresholds import whole_bars

FEW = 256  # neurons up to which a matrix beats the patterns themselves
_THIN = 16  # entries of a dense column that are added as quickly as one by its place
_BY_PRODUCT = 2**15  # entries from which numerators of some states come by BLAS
_SOME = 4  # states from which a product is quicker
_BLOCK = 2**26  # additions of one such product
_ENTRIES = 2**18  # that are rounded at a time
_FAR = 2.0**28  # units that a bias is cut to: int32 holds four times as much
_HOT = 2.0**21  # units of a scale, whose thresholds are nearer than a bias so cut and all fields


class Columns(NamedTuple):
    """What is made of couplings once.

    Attributes
    ----------
    known : Known
        What sessions share; its net is `kernels.columns.Columns`, `kernels.keys.Keys` or
        `kernels.terms.Terms`.
    values : ndarray
        The couplings, or those of sparse ones that are not 0, or the values of keys.
    rows : ndarray of shape (N, M), or None
        What a step of each neuron adds to the sums, where those of many states come by a product.
    exact : bool
        Whether kernels give energies: s.h is exact in any order, for every state s.
    symmetric : bool
        Whether they have an energy.
    own : tuple of two floats
        The least and the largest coupling of a neuron to itself.
    """

    known: Known
    values: Array
    rows: Array | None
    exact: bool
    symmetric: bool
    own: tuple[float, float]

    @classmethod
    def of(cls, form: Form) -> Columns:
        """Return the columns of a form."""
        source: Any = form.source
        own, none = np.zeros(form.n), np.zeros((0, form.n))
        starts, targets = np.zeros(1, np.int64), np.zeros(1, np.int32)
        if form.kind == "sum":
            rows = np.concatenate([_dense(f) for _, f in source.terms], axis=1)
            return cls._of(form, kernel("terms.Terms")(rows), rows, rows, own)
        if form.kind == "keys":
            parts = (np.ascontiguousarray(x.T, np.float64) for x in (source.keys, source.values))
            net = kernel("keys.Keys")(*parts, source.diagonal)
            own = np.vecdot(net.values, net.rows) - net.own
            return cls._of(form, net, net.rows, net.values, own)
        if form.kind == "patterns":
            x = source.held[:].astype(np.float64)
            values = _dense(form)
            if x.size < WHOLE_SINGLE:  # so that sums of them are exact
                values = values.astype(np.float32)
            keys, shares = (x, source.diagonal.copy()) if 2 * len(x) < form.n else (none, own)
            net = kernel("columns.Columns")(starts, targets, values, keys, shares)
            return cls._of(form, net, None if keys.size else values, values, values.diagonal())
        values = w = source.columns
        if form.kind == "sparse":
            starts, targets, values = w.indptr.astype(np.int64), w.indices.astype(np.int32), w.data
        elif _THIN * np.count_nonzero(w) < w.size:  # as a graph's, given densely
            at, found = w.nonzero()
            starts, targets = np.searchsorted(at, np.arange(form.n + 1)), found.astype(np.int32)
            values = w[at, found].astype(np.float64)
        net = kernel("columns.Columns")(starts, targets, values, none, own)
        return cls._of(form, net, values if values.ndim > 1 else None, values, w.diagonal())

    @classmethod
    def _of(cls, form: Form, net: Any, rows: Array | None, values: Array, own: Array) -> Columns:
        total = float(np.abs(values).sum(dtype=np.float64))
        whole = total < WHOLE and bool((values == np.rint(values)).all())
        exact = whole and form.kind not in ("keys", "sum")
        work = 8 * form.n + values.size // (1 if values.ndim == 1 else 8)
        symmetric = form.kind == "patterns" or getattr(form.source, "symmetric", False)
        known, most = Known.of(net, form.n, work), (float(own.min()), float(own.max()))
        return cls(known, values, rows, exact, symmetric, most)

    def apart(self, form: Form, width: int) -> bool:
        """Say whether no site acts on those of its own neuron, and no order of moves leads round.

        For neurons of so many sites.
        """

        def inside() -> bool:
            w = self.values if form.kind == "patterns" else form.source.columns
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


class MatrixSession(Session):
    """States whose numerators are kept, or products with keys."""

    name, kind = "matrix", "columns"

    def __init__(self, form: Form, rule: Rule, schedule: str | None, states: Signs) -> None:
        columns: Columns = form.source.made("columns", lambda: Columns.of(form))
        shape = states.shape if columns.rows is None else (len(states), columns.rows.shape[1])
        super().__init__(form, rule, schedule, states, columns.known, (np.empty(shape),))
        self._columns = columns
        self._units: Array | None = None
        if form.kind == "keys":
            self.name = self.kind = "keys"
        elif form.kind == "sparse":
            self.share = 1.0
        elif form.kind == "sum":
            self.kind = "terms"
            weights, divisors = zip(*((w, f.divisor) for w, f in form.source.terms), strict=True)
            self._terms = self._terms[0], np.array(weights), np.array(divisors)

    def follow(self, rule: Rule) -> None:
        """Make the sweeps to come by another rule."""
        self._rule = rule

    def turn(self, rows: Ints, sites: Ints, drawn: Floats, rule: Rule) -> None:
        """Let neurons of q sites, (A, k q) in all, move in turn; see `core.neurons.Potts`."""
        self._has_energies, known = False, (self._terms, (rule.width, rule.scale))
        self._each("potts.turn", known, rows, sites, drawn)

    def energies(self) -> Floats | None:
        """Return the energies (R,) of a memory alone, where their bits are the memory's own."""
        form, columns = self._form, self._columns
        if form.weight != 1 or form.bias is not None or not columns.symmetric:
            return None
        if columns.exact:
            return super().energies()
        if form.kind in ("keys", "sum", "sparse"):
            return None
        rows = np.arange(len(self.state))
        self._begin(rows)
        self._each("columns.begin_rows", (), rows)
        s, h = self.state.astype(np.float64), self._held[3]
        pair = (s, h) if len(s) > 1 else (s[0], h[0])  # as a memory multiplies them
        total = np.atleast_1d(np.einsum("...i,...i->...", *pair))
        return np.asarray((0.0 - total) / (2 * form.divisor))

    def _warm(self, how: int, sweeps: int) -> Way | None:
        """Return the same: at a temperature by couplings of 16 bits where that pays."""
        rule = self._rule
        if rule.law == "potts":
            cold = rule.scale == 0
            if how == 0 and cold and not self._columns.apart(self._form, rule.width):
                return None
            noise = np.empty((len(self.state), 0 if cold else self._form.n))
            return "potts.sweep", ((rule.width, rule.scale, noise),)
        if rule.law == "heat" and (found := self._rounding(sweeps)):
            return "rounded.sweep_rounded", (found,)
        return super()._warm(how, sweeps)

    def _descends(self) -> bool:
        columns, weight = self._columns, self._form.weight
        return bool(columns.symmetric and min(weight * x for x in columns.own) >= 0)

    def _begin(self, rows: Ints) -> None:
        (s, begun, _, h), w = self._held, self._columns.rows
        if w is None or rows.size < _SOME or w.size < _BY_PRODUCT:
            return
        rows = rows[begun[rows] != 1]
        size = max(1, _BLOCK // w.size)
        for first in range(0, rows.size, size):
            part = rows[first : first + size]
            h[part] = s[part].astype(w.dtype) @ w
            begun[part] = 1

    def _rounding(self, sweeps: int) -> Any:
        """Return what `sweep_rounded` takes, where it can be used and pays, else None."""
        form = self._form
        if form.kind not in ("matrix", "patterns") or self._columns.values.ndim == 1:
            return None
        if not form.weight > 0 or 8 * sweeps < form.n or not self.state.all():
            return None
        rounded: Rounded = form.source.made("rounded", partial(Rounded.of, self._columns.values))
        scale, unit = self._rule.scale * form.divisor / form.weight, 2 * rounded.unit
        if not rounded.margin * unit <= scale < _HOT * unit:
            return None
        bars = whole_bars(scale / unit, rounded.margin).astype(np.int32).ravel()
        if self._units is None:
            self._units = aligned((len(self.state), rounded.columns.shape[1]), np.int32)
        room = self._units, rounded.rows, self._rule.scale
        return rounded.columns, bars, *room, unit, _FAR * unit


def takes(form: Form, rule: Rule, schedule: str | None, states: Array) -> bool:
    """Say whether a network runs on columns."""
    if form.kind == "patterns":
        return form.n <= FEW and schedule != "together" and available()
    if form.kind in ("keys", "sum"):
        return schedule in HOW and rule.width == 1 and available()
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
