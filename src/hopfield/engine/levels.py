"""Dense associative memories: F in a table of whole numbers, patterns in bits."""

from __future__ import annotations

from typing import Any

import numpy as np

from ..base.bits import aligned
from ..base.exact import WHOLE
from ..base.forms import Array, Counts, Floats, Form, Ints, Levels, Rule, Signs
from ..base.streams import Streams
from .bars import bars
from .compiled import available
from .parts import in_parts

_HOW: dict[str | None, int] = {"given": 0, "shuffled": 1, "drawn": 2}
_COLDEST = 2.0**-800  # units of thresholds that never vanish
_LARGEST = 2.0**49  # of numerators at which bars are sought


class LevelsSession:
    """Levels of all overlaps, and the slopes of F there, follow the states.

    Parameters
    ----------
    form, rule, schedule, states
        As for `engine.open`; the states hold no unknowns.
    """

    name = "levels (numba)"
    exact = True

    def __init__(self, form: Form, rule: Rule, schedule: str | None, states: Signs) -> None:
        from .kernels import levels as kernels

        self._kernels: Any = kernels
        self.state, self._form, self._rule, self._schedule = states, form, rule, schedule
        self._memory = memory = form.source.made("levels", lambda: _arrays(form.source))
        (words, width), replicas = memory[0].shape, len(states)
        rises, digits = memory[4], len(memory[4])
        levels = aligned((replicas, width), np.int32)
        slopes = aligned((replicas, digits * width), rises.dtype)
        self._sides = np.zeros((replicas, 2 + 3 * digits), np.int64)
        counted = np.empty((replicas, words), np.uint64)
        self._session = states, counted, levels, slopes, self._sides

    @property
    def _terms(self) -> tuple[float, float, Floats]:
        form = self._form
        none = form.source.made("no bias", lambda: np.zeros(form.n))
        return form.weight, form.divisor, none if form.bias is None else form.bias

    def sweeps(self, sites: Array | None, streams: Streams, counts: Counts, most: int) -> bool:
        """Make sweeps at T = 0 until nothing moves, or so many at a temperature."""
        rule, schedule, kernels = self._rule, self._schedule, self._kernels
        how = _HOW.get(schedule, -1)
        heat = rule.law == "heat" and rule.scale > _COLDEST
        turns = self._bars() if rule.law == "fixed" else None
        if how < 0 or not (heat or turns is not None):
            return False
        n, words = self._form.n, (streams.state, streams.step)
        pair = self._memory, self._session

        def run(start: int, stop: int, sweeps: int) -> None:
            order = np.empty((2, n), np.uint32)
            if sites is not None:
                order[0] = sites
            rest = (order[0], order[1]), words, counts.table, (start, stop, sweeps)
            if heat:
                kernels.heat_levels(*pair, self._terms, rule.scale, how, *rest)
            else:
                kernels.sweep_levels(*pair, turns, how, *rest)

        in_parts(run, counts, most, n * self._session[3].shape[1])
        return True

    def visit(self, rows: Ints, sites: Ints, theta: Floats, tie: Signs) -> Array:
        """Visit neurons (A, k) of replicas (A,) in turn; return their states thereafter."""
        after = np.empty(sites.shape, np.int8)
        visits = own(sites), own(theta), own(tie)
        self._kernels.visit_levels(
            self._memory, self._session, self._terms, own(rows), visits, after
        )
        return after

    def fields(self, rows: Ints, sites: Ints | None = None) -> Floats:
        """Return the fields of neurons (A, k), or of all, in replicas (A,)."""
        at = np.arange(self._form.n)[None] if sites is None else own(sites)
        out = np.empty((rows.size, at.shape[1]))
        self._kernels.fields_by_levels(self._memory, self._session, self._terms, own(rows), at, out)
        return out

    def assign(self, rows: Ints, sites: Ints | None, values: Array) -> None:
        """Give neurons (A, k), or all, new states (A, k)."""
        if sites is None:
            self._sides[rows, 1] = 0  # to be filled in anew
            self.state[rows] = values
            return
        new = own(values.astype(np.int8))
        self._kernels.assign_levels(self._memory, self._session, own(rows), own(sites), new)

    def settled(self, rows: Ints) -> Array | None:
        """Leave it to the fields."""
        return None

    def energies(self) -> Floats | None:
        """Return the energies (R,), which are kept; not those of a bias."""
        source = self._form.source
        if self._form.bias is not None or np.abs(source.values).max() * 2 * source.size > WHOLE:
            return None
        self._kernels.fill_all_levels(self._memory, self._session)
        return np.asarray(self._form.weight * (0.0 - self._sides[:, 0]))

    def _bars(self) -> Ints | None:
        """Return where twice the numerator turns a neuron that is down, or up (N, 2)."""
        form, tie = self._form, self._rule.tie
        if not 2.0**-500 < form.weight < 2.0**500 or self._rule.theta:
            return None
        if form.bias is None:
            found: Ints = form.source.made(f"bars {tie}", lambda: _bars(form, tie))
            return found
        largest = np.abs(form.bias).max() * 2 * form.divisor / form.weight
        return _bars(form, tie) if largest < _LARGEST else None


def _bars(form: Form, tie: int) -> Ints:
    above, reached = bars(form._replace(divisor=2 * form.divisor))
    pair = reached if tie > 0 else above, above if tie < 0 else reached
    return np.ascontiguousarray(np.stack(pair, axis=1))


def _arrays(source: Levels) -> tuple[Any, ...]:
    """Return what the kernels know as the memory."""
    bits, rises = source.bits, np.atleast_2d(source.rises)
    masks = bits.by_neuron.view(np.uint16)
    parts = masks if rises.dtype == np.int32 else masks.view(np.uint8)
    return bits.by_word, masks, parts, source.values, rises, bits.size, source.digit


def own(x: Array) -> Array:
    """Return an array that is contiguous and writable: a kernel is compiled anew for others."""
    return x if x.flags.c_contiguous and x.flags.writeable else x.copy()


def takes(form: Form, rule: Rule, schedule: str | None, states: Array) -> bool:
    """Say whether it is such a memory, and no state unknown."""
    return form.kind == "levels" and np.count_nonzero(states) == states.size and available()
