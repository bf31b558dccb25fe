"""One neuron at a time under Hebb's couplings, the patterns held as bits."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import cached_property
from typing import Any

import numpy as np

from ..base.bits import aligned
from ..base.forms import Array, Counts, Floats, Form, Ints, Patterns, Rule, Signs
from ..base.heat import bounds
from ..base.streams import Streams
from ..base.threads import each, threads
from .bars import bars
from .compiled import available, kernel

_WORK = 2**28  # what a kernel does in a call is kept to a fraction of a second
_SHARED = 2**20  # work of a sweep from which threads pay
_STATES, _BITS = 32, 2**26  # see `_words_pay`
_AHEAD = 12  # as in `kernels.settle`
_HOW = {"given": 0, "shuffled": 1, "drawn": 2}
_FAR = 2.0**45  # biases, in numerators, that are told from each other there by less than 1


def takes(form: Form, rule: Rule, schedule: str | None, states: Array) -> bool:
    """Say whether no sum exceeds the kernels' integers: 32 bits for four lanes of 64 patterns."""
    return (
        form.kind == "patterns"
        and form.n <= 2**21
        and form.n * (form.source.size + 63) <= 2**33
        and 2.0**-500 < abs(form.weight) < 2.0**500
        and available()
    )


class Bits:
    """States whose overlaps with the patterns are kept, and what visits them.

    Parameters
    ----------
    form, rule, schedule, states
        As for `engine.open`.
    """

    name = "bits"
    exact = True

    def __init__(self, form: Form, rule: Rule, schedule: str | None, states: Signs) -> None:
        self.state = states
        self._form, self._rule, self._how = form, rule, _HOW.get(schedule or "", -1)
        self._patterns = _arrays(form.source, len(states))
        width = self._patterns[0].shape[1]
        overlaps = aligned((len(states), 16 * width), np.int32)
        self._states = states, overlaps, np.ones(len(states), np.uint8)
        self._cost = form.n * (width + 32)

    def sweeps(self, sites: Array | None, streams: Streams, counts: Counts, most: int) -> bool:
        """Make sweeps at T = 0 in one order or in shuffled ones, and any at a temperature."""
        if self._law is None or self._how < 0:
            return False
        if self._rule.law == "fixed" and self._how == 2:
            return False  # which may miss a neuron: none of its sweeps is a proof
        self._sweep(sites, (streams.state, streams.step), counts, (most, self._how, 0))
        return True

    def visit(self, rows: Ints, sites: Ints, theta: Floats, tie: Signs) -> Signs:
        """Visit neurons (A, k) of replicas (A,) in turn; return their states thereafter."""
        after = np.empty(sites.shape, np.int8)
        visits, run = (rows, _own(sites), _own(theta), _own(tie), after), kernel("overlaps.visit")

        def part(first: int, stop: int, _: int) -> Iterator[None]:
            yield run(
                self._patterns, self._field, self._states, *(x[first:stop] for x in visits)
            )

        _shared(rows.size, self._cost * (1 + sites.shape[1] // self._form.n), part)
        return after

    def fields(self, rows: Ints, sites: Ints | None = None) -> Floats:
        """Return the fields of neurons (A, k), or of all, in replicas (A,)."""
        k = self._form.n if sites is None else sites.shape[1]
        some = np.empty((rows.size, 0), np.int64) if sites is None else _own(sites)
        visits, run = (rows, some, np.empty((rows.size, k))), kernel("overlaps.fields")

        def part(first: int, stop: int, _: int) -> Iterator[None]:
            yield run(
                self._patterns, self._field, self._states, *(x[first:stop] for x in visits)
            )

        _shared(rows.size, self._cost * (1 + k // self._form.n), part)
        return visits[2]

    def assign(self, rows: Ints, sites: Ints | None, values: Array) -> None:
        """Give neurons (A, k), or all, new states (A, k)."""
        if sites is None:
            self._states[2][rows] = 1
            self.state[rows] = values
        else:
            new = values.astype(np.int8)
            kernel("overlaps.assign")(self._patterns, self._states, rows, _own(sites), new)

    def settled(self, rows: Ints) -> Array | None:
        """Say which replicas (A,) stand at a fixed point: where a sweep would move nobody."""
        if self._rule.law != "fixed" or self._law is None:
            return None
        counts, none = Counts(len(self.state)), np.empty(0, np.uint64)
        counts.period += 1
        counts.period[rows] = 0
        self._sweep(np.arange(self._form.n), (none, none), counts, (1, 0, 1))
        return np.asarray(counts.period[rows] == 1)

    def energies(self) -> Floats | None:
        """Return the energies (R,), where sums of squares are exact in float64."""
        form, source = self._form, self._form.source
        whole = form.weight == 1 and form.bias is None
        if not whole or source.size * float(form.n) ** 2 >= 2.0**53:
            return None
        out, run = np.empty(len(self.state), np.int64), kernel("overlaps.squares")

        def part(first: int, stop: int, _: int) -> Iterator[None]:
            yield run(self._patterns, self._states, first, stop, out)

        _shared(out.size, self._cost, part)
        return np.asarray(-out / (2 * form.divisor))

    def _sweep(
        self, sites: Array | None, streams: Any, counts: Counts, how: tuple[int, int, int]
    ) -> None:
        """Sweep replicas; ``how`` is (most sweeps, order, whether it is for a proof)."""
        assert self._law is not None
        (name, law), (most, *rest), spare = self._law, how, self._form.source.made("spare", list)
        run = kernel(name)

        def part(first: int, stop: int, at_once: int) -> Iterator[None]:
            workspace = spare.pop() if spare else self._workspace()
            if sites is not None:
                workspace[0][: sites.size] = sites
            for done in range(0, most, at_once):
                span = first, stop, min(at_once, most - done), *rest
                yield run(
                    self._patterns, law, self._states, streams, counts.table, span, workspace
                )
                if counts.period[first:stop].all():
                    break
            spare.append(workspace)

        _shared(len(self.state), self._cost, part)

    def _workspace(self) -> tuple[Array, ...]:
        n, (_, width) = self._form.n, self._patterns[0].shape
        digits = aligned((2, 16 * width), np.int16)
        places = np.zeros(n + _AHEAD, np.uint32), np.empty(n, np.uint32)
        return *places, digits, *(np.empty(size, np.int64) for size in (width, n, 5))

    @cached_property
    def _field(self) -> tuple[float, float, Floats]:
        form = self._form
        return form.weight, form.divisor, np.empty(0) if form.bias is None else form.bias

    @cached_property
    def _law(self) -> tuple[str, tuple[Any, ...]] | None:
        """The kernel that sweeps, and what decides there; None where there is none."""
        form, rule = self._form, self._rule
        if form.weight <= 0:
            return None
        if rule.law == "fixed" and rule.theta == 0:
            return "settle.sweep_at_zero", (*_bars(form), rule.tie)
        if rule.law != "heat":
            return None
        unit = form.weight / form.divisor
        shift = np.zeros(form.n) if form.bias is None else np.rint(form.bias / unit)
        if np.abs(shift).max() > _FAR:
            return None
        table = bounds(rule.scale / unit, 3, 2**62)
        return "overlaps.sweep_at_temperature", (
            self._field, shift.astype(np.int64), table, rule.scale
        )


def _shared(replicas: int, cost: int, run: Callable[[int, int, int], Iterator[None]]) -> None:
    """Run replicas in parts, in threads, so small that Ctrl-C need not wait for all.

    ``cost`` is about what a sweep of one takes, in vectors. ``run(first, stop, sweeps)`` runs some
    of them, so many sweeps in a call of a kernel, and yields after each call.
    """
    shares = threads() if replicas > 1 and replicas * cost > _SHARED else 1
    size = max(1, min(_WORK // cost, -(-replicas // shares)))
    at_once = max(1, _WORK // (cost * size))
    each(
        lambda first: run(first, min(first + size, replicas), at_once),
        range(0, replicas, size),
        shares,
    )


def _arrays(source: Patterns, replicas: int) -> tuple[Any, ...]:
    """Return what the kernels know of the patterns, as replicas' overlaps are to be computed."""
    counted: list[int] = source.made("counted", lambda: [0])
    counted[0] += replicas
    words = _words_pay(source, counted[0])

    def make() -> tuple[Any, ...]:
        bits = source.bits
        by_word = bits.by_word if words else np.empty((0, 0), np.uint64)
        own = source.diagonal.astype(np.int64)
        masks = bits.by_neuron.view(np.uint16)
        return masks, by_word, bits.ups, own, source.unset, source.size

    found: tuple[Any, ...] = source.made("bits and words" if words else "bits alone", make)
    return found


def _words_pay(source: Patterns, states: int) -> bool:
    """Say whether overlaps are counted in words by pattern, which must be made: 8 patterns at once.

    Else states are added up at the bits of the neurons' masks, at several times the cost. The
    words are as large as the masks: they are made for some tens of states, and of patterns that are
    not beyond 8 MiB of bits.
    """
    return states >= _STATES and source.size * source.n <= _BITS


def _bars(form: Form) -> tuple[Ints, Ints]:
    """Return the bars of a form; the last are kept."""
    kept: list[Any] = form.source.made("bars", list)
    for bias, weight, found in kept:
        if bias is form.bias and weight == form.weight:
            return found  # type: ignore[no-any-return]
    kept[:] = [(form.bias, form.weight, bars(form))]
    return _bars(form)


def _own(x: Array) -> Array:
    # A kernel is compiled anew for an array that is read-only or not in C order.
    return x if x.flags.c_contiguous and x.flags.writeable else x.copy()
