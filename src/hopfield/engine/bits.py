"""One neuron at a time under Hebb's couplings, the patterns held as bits."""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property
from typing import Any

import numpy as np

from ..base.bits import aligned
from ..base.forms import Array, Counts, Floats, Form, Ints, Rule, Signs
from ..base.streams import Streams
from .bars import bars
from .bins import whole_bars
from .compiled import available, kernel
from .parts import in_parts, rows_in_parts

_KEPT = 4  # networks of the same patterns
_ROWS = 16  # of overlaps, made at once
_STATES, _BITS = 32, 2**26  # see `_Network._words_pay`
_AHEAD, _COIN = 12, 2  # as in `kernels.settle`
_HOW = {"given": 0, "shuffled": 1, "drawn": 2}
_LAWS = {  # that whole sweeps are made for
    **dict.fromkeys(_HOW, ("fixed", "coin", "heat")),
    "together": ("fixed",),
}
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
        self.state, self._network = states, _network(form, rule)
        self._how = schedule or ""
        self._patterns = self._network.patterns(len(states))
        overlaps = self._network.overlaps(len(states))
        self._states = states, overlaps, np.zeros(len(states), np.uint8)

    def sweeps(self, sites: Array | None, streams: Streams, counts: Counts, most: int) -> bool:
        """Make sweeps one at a time; of sweeps together those at T = 0 where no coin decides."""
        how, network = self._how, self._network
        if network.kernel is None or network.rule.law not in _LAWS.get(how, ()):
            return False
        if how == "together":
            since = self.state.copy(), np.zeros((2, len(self.state)), np.int64)
            self._sweep(kernel("settle.sweep_together"), None, since, counts, (most, 0, 0))
        else:
            random = streams.state, streams.step
            self._sweep(network.kernel, sites, random, counts, (most, _HOW[how], 0))
        return True

    def visit(self, rows: Ints, sites: Ints, theta: Floats, tie: Signs) -> Signs:
        """Visit neurons (A, k) of replicas (A,) in turn; return their states thereafter."""
        after = np.empty(sites.shape, np.int8)
        self._each("overlaps.visit", rows, _own(sites), _own(theta), _own(tie), after)
        return after

    def fields(self, rows: Ints, sites: Ints | None = None) -> Floats:
        """Return the fields of neurons (A, k), or of all, in replicas (A,)."""
        every = np.empty((rows.size, 0), np.int64)
        out = np.empty((rows.size, self.state.shape[1]) if sites is None else sites.shape)
        self._each("overlaps.fields", rows, every if sites is None else _own(sites), out)
        return out

    def assign(self, rows: Ints, sites: Ints | None, values: Array) -> None:
        """Give neurons (A, k), or all, new states (A, k)."""
        if sites is None:
            self._states[2][rows] = 0
            self.state[rows] = values
        else:
            new = values.astype(np.int8)
            kernel("overlaps.assign")(self._patterns, self._states, rows, _own(sites), new)

    def settled(self, rows: Ints) -> Array | None:
        """Say which replicas (A,) stand at a fixed point: where a sweep would move nobody."""
        if self._network.kernel is None or self._network.rule.law == "heat":
            return None
        counts, none = Counts(len(self.state)), np.empty(0, np.uint64)
        counts.period += 1
        counts.period[rows] = 0
        sites = np.arange(self.state.shape[1])
        self._sweep(self._network.kernel, sites, (none, none), counts, (1, 0, 1))
        return np.asarray(counts.period[rows] == 1)

    def energies(self) -> Floats | None:
        """Return the energies (R,), where sums of squares are exact in float64."""
        unit = self._network.energy_unit
        if not unit:
            return None
        out = np.empty(len(self.state))
        run, known = kernel("overlaps.energies"), (self._patterns, self._states)

        rows_in_parts(
            lambda first, stop: run(*known, first, stop, unit, out), out.size, self._network.cost
        )
        return out

    def _each(self, name: str, rows: Ints, *visits: Array) -> None:
        """Run a kernel over replicas (A,) and what there is for each of them."""
        run, network = kernel(name), self._network
        known = self._patterns, network.field, self._states
        sweeps = 1 + visits[-1].shape[1] // network.form.n

        def part(first: int, stop: int) -> None:
            run(*known, *(x[first:stop] for x in (rows, *visits)))

        rows_in_parts(part, rows.size, network.cost * sweeps)

    def _sweep(
        self,
        run: Callable[..., None],
        sites: Array | None,
        streams: tuple[Array, Array],
        counts: Counts,
        how: tuple[int, int, int],
    ) -> None:
        """Sweep replicas; ``how`` is (most sweeps, order, whether it is for a proof)."""
        network, (most, *rest) = self._network, how
        known = self._patterns, network.law, self._states, streams, counts.table

        def part(first: int, stop: int, sweeps: int) -> None:
            workspace = network.workspace()
            if sites is not None:
                workspace[0][: sites.size] = sites
            run(*known, (first, stop, sweeps, *rest), workspace)
            network.spare.append(workspace)

        in_parts(part, counts, most, network.cost)


class _Network:
    """What the sessions of one memory and neuron share.

    Attributes
    ----------
    kernel : callable or None
        What makes sweeps, if any does.
    law : tuple
        What decides there.
    field : (weight, divisor, biases)
        What makes a field of a numerator.
    cost : int
        What a sweep takes, as `parts` counts it.
    energy_unit : float
        What minus a sum of squares is divided by for an energy; 0 where that is not exact.
    spare : list of tuples
        Workspaces of kernels that nobody uses now.
    """

    def __init__(self, form: Form, rule: Rule) -> None:
        self.form, self.rule, source = form, rule, form.source
        biases = np.empty(0) if form.bias is None else form.bias
        self.field = form.weight, form.divisor, biases
        masks, own = source.bits.by_neuron.view(np.uint16), source.diagonal.astype(np.int64)
        no_words = np.empty((0, 0), np.uint64)
        self._alone = masks, no_words, source.bits.ups, own, source.unset, source.size
        self._counted: list[int] = source.made("states counted", lambda: [0])
        self._rows: list[Array] = []
        self.spare: list[tuple[Array, ...]] = []
        self._width = masks.shape[1]
        self.cost = 4 * form.n * (self._width + 32)
        self.kernel, self.law = self._decision()
        whole = form.weight == 1 and form.bias is None and source.size * form.n**2 < 2**53
        self.energy_unit = 2 * form.divisor if whole else 0.0

    def _decision(self) -> tuple[Callable[..., None] | None, tuple[Any, ...]]:
        form, rule = self.form, self.rule
        if rule.law in ("fixed", "coin") and rule.theta == 0 and form.weight > 0:
            tie = rule.tie if rule.law == "fixed" else _COIN
            return kernel("settle.sweep_at_zero"), (*bars(form), tie)
        if rule.law == "heat" and form.weight > 0:
            unit = form.weight / form.divisor
            shift = np.zeros(form.n) if form.bias is None else np.rint(form.bias / unit)
            if np.abs(shift).max() <= _FAR:
                table = whole_bars(rule.scale / unit, 3, 2**62)
                law = self.field, shift.astype(np.int64), table, rule.scale
                return kernel("overlaps.sweep_at_temperature"), law
        return None, ()

    def patterns(self, states: int) -> tuple[Any, ...]:
        """Return what kernels know of the patterns, as the overlaps of states are best computed."""
        self._counted[0] += states
        if self._counted[0] < _STATES or not self._words_pay():
            return self._alone
        return self._with_words

    def _words_pay(self) -> bool:
        """Say whether overlaps are counted in words by pattern: 64 neurons of 8 patterns at once.

        Else states are added up at the bits of the neurons' masks, at several times the cost. The
        words must be made, and take as much memory as the masks: they are for some tens of states,
        and for patterns of no more than 8 MiB of bits.
        """
        return bool(self.form.source.size * self.form.n <= _BITS)

    @cached_property
    def _with_words(self) -> tuple[Any, ...]:
        masks, _, *others = self._alone
        return masks, self.form.source.bits.by_word, *others

    def overlaps(self, states: int) -> Array:
        """Return room for the overlaps of states: rows that begin where a line of cache does."""
        if states > 1:
            return aligned((states, 16 * self._width), np.int32)
        try:  # not asked first: another thread may take the last
            return self._rows.pop()
        except IndexError:
            rows = aligned((_ROWS, 16 * self._width), np.int32)
            self._rows += [rows[k : k + 1] for k in range(1, _ROWS)]
            return rows[:1]

    def workspace(self) -> tuple[Array, ...]:
        """Return what a kernel works in; to be left in ``spare``."""
        try:
            return self.spare.pop()
        except IndexError:
            n, width = self.form.n, self._width
            places = np.zeros(n + _AHEAD, np.uint32), np.empty(n, np.uint32)
            digits = aligned((2, 16 * width), np.int16)
            return *places, digits, *(np.empty(size, np.int64) for size in (width, n, 5))


def _network(form: Form, rule: Rule) -> _Network:
    """Return what sessions share; the last few are kept."""
    kept: list[_Network] = form.source.made("networks", list)
    for found in kept:
        same, numbers = found.form, (form.weight, form.divisor)
        if same.bias is form.bias and (same.weight, same.divisor) == numbers and found.rule == rule:
            return found
    made = _Network(form, rule)  # the last that is kept may be another thread's
    kept.append(made)
    del kept[:-_KEPT]
    return made


def _own(x: Array) -> Array:
    # A kernel is compiled anew for an array that is read-only or not in C order.
    return x if x.flags.c_contiguous and x.flags.writeable else x.copy()
