"""Couplings held as keys and values, W = V'K less a diagonal: never an N x N matrix."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property

import numpy as np
import numpy.typing as npt

from ..base.checks import Array, Floats
from ..base.forms import Form, Keys
from .cursors import Cursor, KeysCursor
from .memory import Quadratic

_BLOCK = 2**19  # values of patterns turned to floats at once


class KeysAndValues(Quadratic):
    """The base of memories whose field is V'(K s) / divisor, less each neuron's own share.

    Attributes
    ----------
    keys, values : ndarray of shape (P, N)
        K and V; their products with states must be exact, as `base.exact` says.
    diagonal : ndarray of shape (N,)
        The share of a neuron's own state that is left out.
    """

    keys: Array
    values: Array
    diagonal: Floats

    def _sums(self, rows: Floats) -> Floats:
        out = -self.diagonal * rows
        for k, v in self._blocks():
            out += (rows @ k.T) @ v
        return out

    def open(self, s: npt.ArrayLike) -> Cursor:
        """Return a cursor that keeps K s: a visit and a flip O(P)."""
        keys, values = (np.ascontiguousarray(x.T, np.float64) for x in (self.keys, self.values))

        def at(m: Floats, sites: Array | None, own: Floats) -> Floats:
            if sites is None:
                return np.asarray(m @ values.T - self.diagonal * own)
            drive = np.einsum("akp,ap->ak", values[sites], m)
            return np.asarray(drive - self.diagonal[sites] * own)

        return KeysCursor(keys, at, self.divisor, self._replicas(s))

    @cached_property
    def _form(self) -> Form:  # type: ignore[override]
        source = Keys(self.keys, self.values, self.diagonal, self.symmetric)
        return Form("keys", self.n, source, self.divisor)

    def linear(self) -> tuple[Floats, Floats]:
        """Return (W, b), dense, where the field is W s + b."""
        w = sum(v.T @ k for k, v in self._blocks()) - np.diag(self.diagonal)
        return np.asarray(w / self.divisor), np.zeros(self.n)

    def _blocks(self) -> Iterator[tuple[Floats, Floats]]:
        size = max(1, _BLOCK // self.n)
        for first in range(0, len(self.keys), size):
            part = slice(first, first + size)
            yield self.keys[part].astype(np.float64), self.values[part].astype(np.float64)
