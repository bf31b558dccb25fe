"""One neuron at a time under Hebb's couplings, the patterns held as bits."""

from __future__ import annotations

from typing import Any

import numpy as np

from ..base.bits import aligned
from ..base.forms import Array, Floats, Form, Patterns, Rule, Signs
from .compiled import available, kernel
from .session import Known, Session, Way
from .thresholds import turns

_STATES, _BITS = 32, 2**26  # see `_known`
_AHEAD = 12  # as in `kernels.settle`
_ROWS = 16  # of overlaps, made at once


class Bits(Session):
    """States whose overlaps with the patterns are kept."""

    name, kind, share = "bits", "overlaps", 1.0

    def __init__(self, form: Form, rule: Rule, schedule: str | None, states: Signs) -> None:
        known, replicas = _known(form.source, len(states)), len(states)
        overlaps = _overlaps(form.source, (replicas, 32 * known.net[0].shape[1]))
        sums = overlaps, np.empty(replicas, np.int64)
        super().__init__(form, rule, schedule, states, known, sums)

    def energies(self) -> Floats | None:
        """Return the energies (R,) of a memory alone, where sums of squares are exact."""
        exact = self._form.source.size * self._form.n**2 < 2**53
        return super().energies() if exact else None

    def _descends(self) -> bool:
        """Say that a neuron's own share does not drive it away."""
        return self._form.weight > 0 or bool(self._form.source.diagonal.any())

    def _cold(self, how: int) -> Way | None:
        """Return the same: four neurons at a time where whole numbers decide."""
        if self._rule.theta or not self._form.weight > 0:
            return super()._cold(how)
        return "settle.settle", (self._at_zero(), *turns(self._form))

    def _room(self, name: str) -> tuple[Any, ...]:
        if name != "settle.settle":
            return super()._room(name)
        n, size = self._form.n, self._held[3].shape[1]
        digits = aligned((2, size), np.int16)
        room = digits, np.empty(size // 32, np.int64), np.empty(n, np.int64), np.empty(4, np.int64)
        return np.zeros((2, n + _AHEAD), np.uint32), room


def _known(source: Patterns, states: int) -> Known:
    """Return what sessions of the patterns share, as the overlaps of states are best computed.

    They are counted in words by pattern, 64 neurons of 32 patterns at once. Else states are added
    up at the bits of the neurons' masks, at several times the cost. The words must be made, and
    take as much memory as the masks: they are for some tens of states, and for patterns of no more
    than 8 MiB of bits.
    """
    counted: list[int] = source.made("states counted", lambda: [0])
    counted[0] += states
    found: Known
    if counted[0] >= _STATES and source.size * source.n <= _BITS:
        found = source.made("in words", lambda: _made(source, source.bits.by_word))
    else:
        found = source.made("in masks", lambda: _made(source, np.empty((0, 0), np.uint64)))
    return found


def _made(source: Patterns, words: Array) -> Known:
    bits, own = source.bits, source.diagonal.astype(np.int64)
    masks, rest = bits.by_neuron.view(np.uint32), (own, source.unset, source.size)
    net = kernel("overlaps.Overlaps")(masks, words, bits.ups, *rest)
    return Known.of(net, source.n, 4 * source.n * (2 * masks.shape[1] + 32))


def _overlaps(source: Patterns, shape: tuple[int, int]) -> Array:
    """Return room for overlaps in rows that begin where a line of cache does, one of many made."""
    if shape[0] > 1:
        return aligned(shape, np.int32)
    rows: list[Array] = source.made("rows", list)
    try:  # not asked first: another thread may take the last
        return rows.pop()
    except IndexError:
        made = aligned((_ROWS, shape[1]), np.int32)
        rows += [made[k : k + 1] for k in range(1, _ROWS)]
        return made[:1]


def takes(form: Form, rule: Rule, schedule: str | None, states: Array) -> bool:
    """Say whether no sum exceeds the kernels' integers: 32 bits for lanes of 32 patterns."""
    return (
        form.kind == "patterns"
        and form.n <= 2**21
        and form.n * (form.source.size + 63) <= 2**33
        and 2.0**-500 < abs(form.weight) < 2.0**500
        and available()
    )
