"""Cursors: states of R replicas that follow single changes, plainly.

A cursor is the plain `Session` of a recall: it asks the memory for fields, and the loop in Python
decides. A faster one keeps sums up to date, so that a move need not compute a field.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from ..base.checks import Array, Floats
from ..base.forms import Counts
from ..base.streams import Streams

Ints = npt.NDArray[np.int64]


_STEPS = 8  # of neurons of a replica, beyond which its sums are made anew


class Cursor:
    """States (R, n) whose fields come from the memory's own, computed anew each time.

    Parameters
    ----------
    field : callable
        States (..., n) -> fields (..., n).
    s : ndarray of float64, shape (R, n)
        Where the replicas begin; a copy is kept.

    Attributes
    ----------
    state : ndarray of float64, shape (R, n)
        Where each replica stands.
    name : str
        What computes.
    exact : bool
        Whether its fields are those of the memory to the bit, however long it has run.
    divisor : float
        What `numerators` must be divided by to give `fields`.
    """

    name = "plain"
    exact = True
    divisor = 1.0
    state: Array

    def __init__(self, field: Callable[[Floats], Floats], s: Floats) -> None:
        self._field, self.state = field, s.copy()
        self._known: tuple[Array, Array] | None = None  # the last states asked for, their fields

    def fields(self, rows: Ints, sites: Ints | None = None) -> Floats:
        """Return the fields (A, k) of neurons (A, k), or of all, in replicas ``rows`` (A,)."""
        return self.numerators(rows, sites) / self.divisor

    def numerators(self, rows: Ints, sites: Ints | None = None) -> Floats:
        """Return ``divisor`` times `fields`: integers where weights and states are integers."""
        state = self.state[rows]
        if self._known is None or not np.array_equal(self._known[0], state):
            h = self._field(state)
            if np.shape(h) != state.shape or np.isnan(h).any():
                raise ValueError(
                    f"memory must give fields of shape {state.shape} that are numbers, not "
                    f"{'nan' if np.shape(h) == state.shape else np.shape(h)}"
                )
            self._known = state, h
        h = self._known[1]
        return h if sites is None else np.take_along_axis(h, sites, axis=1)

    def assign(self, rows: Ints, sites: Ints | None, values: Array) -> None:
        """Give neurons (A, k), or all, in replicas ``rows`` (A,) new states (A, k)."""
        if sites is None:
            self.state[rows] = values
        else:
            self.state[rows[:, None], sites] = values

    def sweeps(self, sites: Array | None, streams: Streams, counts: Counts, most: int) -> bool:
        """Make no whole sweeps: the loop of `recall` does."""
        return False

    def settled(self, rows: Ints) -> Array | None:
        """Leave it to the fields."""
        return None

    def energies(self) -> Floats | None:
        """Leave it to the memory."""
        return None


class SumsCursor(Cursor):
    """A cursor over sums that stay up to date; ``sums`` is dropped where all neurons move.

    A subclass gives `numerators`, and says in `add` what steps of neurons do to the sums.

    Parameters
    ----------
    sums : callable
        States (A, n), and which replicas (A,) they are of -> the sums (A, m).
    """

    def __init__(self, sums: Callable[[Floats, Ints], Floats], divisor: float, s: Floats) -> None:
        self._begin, self.divisor, self.state = sums, divisor, s.copy()
        self._sums = sums(s, np.arange(len(s)))

    def add(self, rows: Ints, site: Ints, step: Floats) -> None:
        """Add what a step (A, 1) of one neuron (A,) in each replica does."""
        raise NotImplementedError

    def assign(self, rows: Ints, sites: Ints | None, values: Array) -> None:
        """Give neurons new states, and keep the sums up to date."""
        if sites is not None:
            unmoved = values == self.state[rows[:, None], sites]
            most = int(np.count_nonzero(~unmoved, axis=1).max(initial=0))
        if sites is None or most > _STEPS:
            super().assign(rows, sites, values)
            self._sums[rows] = self._begin(self.state[rows], rows)
            return
        if most < sites.shape[1]:  # of several sites that are one neuron, two move
            moved = np.argsort(unmoved, axis=1, kind="stable")[:, :most]
            each = np.arange(len(rows))[:, None]
            sites, values = sites[each, moved], values[each, moved]
        for k in range(most):
            i = sites[:, k]
            self.add(rows, i, (values[:, k] - self.state[rows, i])[:, None])
            self.state[rows, i] = values[:, k]


class FieldsCursor(SumsCursor):
    """The fields themselves, of couplings held as a matrix: a visit O(1), a flip O(N).

    Parameters
    ----------
    columns : tuple of two matrices
        Row j of one is what neuron j adds to all fields: of the first where a replica holds
        states, of the second where it began with evidence.
    coarse : ndarray of bool, shape (R,)
        Which replicas did.
    """

    def __init__(
        self,
        columns: tuple[Any, Any],
        coarse: Array,
        sums: Callable[[Floats, Ints], Floats],
        divisor: float,
        s: Floats,
    ) -> None:
        super().__init__(sums, divisor, s)
        self._columns, self._coarse = columns, coarse

    def numerators(self, rows: Ints, sites: Ints | None = None) -> Floats:
        """Return ``divisor`` times the fields, which are kept."""
        return self._sums[rows] if sites is None else self._sums[rows[:, None], sites]

    def add(self, rows: Ints, site: Ints, step: Floats) -> None:
        """Add columns."""
        for columns, some in zip(
            self._columns, (~self._coarse[rows], self._coarse[rows]), strict=True
        ):
            if some.any():
                added = columns[site[some]]
                added = added.toarray() if hasattr(added, "toarray") else added
                self._sums[rows[some]] += added * step[some]


class KeysCursor(SumsCursor):
    """The products of some rows with the states, from which a memory tells any neuron's field.

    Parameters
    ----------
    keys : ndarray of shape (N, P)
        What a step of each neuron by 1 adds to the products.
    at : callable
        ``at(m, sites, s)`` gives ``divisor`` times the fields (A, k) of neurons (A, k), or of all
        where ``sites`` is None, in states s (A, k), from the products m (A, P).
    """

    def __init__(self, keys: Array, at: Callable[..., Floats], divisor: float, s: Floats) -> None:
        super().__init__(lambda states, rows: states @ keys, divisor, s)
        self._keys, self._at = keys, at

    def numerators(self, rows: Ints, sites: Ints | None = None) -> Floats:
        """Return ``divisor`` times the fields, from the products."""
        own = self.state[rows] if sites is None else self.state[rows[:, None], sites]
        return self._at(self._sums[rows], sites, own)

    def add(self, rows: Ints, site: Ints, step: Floats) -> None:
        """Add keys."""
        self._sums[rows] += self._keys[site] * step


class SumCursor(Cursor):
    """The cursors of memories that are added, and a bias."""

    def __init__(self, cursors: list[Cursor], weights: list[float], bias: Floats) -> None:
        self._cursors, self._weights, self._bias = cursors, weights, bias
        self.exact = all(c.exact for c in cursors)

    @property
    def state(self) -> Array:  # type: ignore[override]
        """The states (R, n)."""
        return self._cursors[0].state

    def numerators(self, rows: Ints, sites: Ints | None = None) -> Floats:
        """Return the fields."""
        terms = zip(self._weights, self._cursors, strict=True)
        bias = self._bias if sites is None else self._bias[sites]
        return weighted([(w, c.divisor, c.numerators(rows, sites)) for w, c in terms], bias)

    def assign(self, rows: Ints, sites: Ints | None, values: Array) -> None:
        """Give neurons new states in every cursor."""
        for cursor in self._cursors:
            cursor.assign(rows, sites, values)


def weighted(terms: Sequence[tuple[float, float, Floats]], bias: Floats) -> Floats:
    """Return the sum of weight * numerators / divisor, and a bias.

    Numerators of one divisor are added before the division: integers then meet no rounding, and
    a tie between memories is found.
    """
    groups: dict[float, Floats] = {}
    for w, divisor, x in terms:
        groups[divisor] = groups.get(divisor, np.zeros(x.shape)) + w * x
    return sum((x / divisor for divisor, x in groups.items()), start=np.zeros(bias.shape)) + bias
