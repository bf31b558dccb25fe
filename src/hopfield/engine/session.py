"""Sessions of compiled visits: what a row holds of its replicas, and the kernels that move them."""

from __future__ import annotations

from collections import defaultdict
from functools import partial
from typing import Any, NamedTuple

import numpy as np

from ..base.forms import Array, Counts, Floats, Form, Ints, Rule, Signs
from ..base.streams import Streams
from . import parts
from .compiled import kernel
from .thresholds import COIN, real_bars

HOW: dict[str | None, int] = {"given": 0, "shuffled": 1, "drawn": 2}  # as in `kernels.draws`
AT_ZERO = "fixed", "coin"
Way = tuple[str, tuple[Any, ...]]
_ROUNDED, _UNITS = "rounded.sweep_rounded", 2  # as there


class Known(NamedTuple):
    """What the sessions of one memory share.

    Attributes
    ----------
    net : tuple
        What kernels know of the memory.
    zeros : ndarray of float64, shape (n,)
        The bias where there is none.
    cost : int
        What a sweep of a replica takes, as `parts` counts it.
    rooms : dict of lists
        By kernel, what such work in, and nobody uses now.
    """

    net: tuple[Any, ...]
    zeros: Floats
    cost: int
    rooms: defaultdict[str, list[Any]]

    @classmethod
    def of(cls, net: Any, n: int, cost: int) -> Known:
        """Return what is shared of so many neurons."""
        return cls(tuple(net), np.zeros(n), cost, defaultdict(list))


class Session:
    """States under visits one at a time, or all at once at temperature zero.

    A row says what its kernels know, which sums they keep, and how good it is at what.

    Parameters
    ----------
    form, rule, schedule, states
        As for `engine.open`.
    known : Known
        What is made of the memory once.
    sums : tuple of ndarrays
        Room for what kernels keep of each replica.
    """

    name: str
    kind: str  # the module of its kernels
    exact = True
    share: float = 0.125  # of neurons whose moves cost what all sums anew do

    def __init__(
        self,
        form: Form,
        rule: Rule,
        schedule: str | None,
        states: Signs,
        known: Known,
        sums: tuple[Array, ...],
    ) -> None:
        self.state, self._form, self._rule, self._schedule = states, form, rule, schedule
        self._net, zeros, self._cost, self._rooms = known
        replicas = len(states)
        self._held: tuple[Array, ...] = (
            states,
            np.zeros(replicas, np.uint8),
            np.empty(replicas),
            *sums,
        )
        bias = zeros if form.bias is None else form.bias
        self._terms: tuple[Floats, Any, Any] = bias, float(form.weight), float(form.divisor)
        self._has_energies = False  # whether those that are held are of now

    def sweeps(self, sites: Array | None, streams: Streams, counts: Counts, most: int) -> bool:
        """Make whole sweeps, at temperature 0 or another; see `base.forms.Session.sweeps`."""
        how, cold = HOW.get(self._schedule), self._rule.law in AT_ZERO
        if how is None:
            together = self._schedule == "together" and self._rule.law == "fixed"
            if together:
                self._together(counts, most)
            return together
        way = self._cold(how) if cold else self._warm(how, len(self.state) * most)
        if way is None:
            return False
        name, law = way
        random, one = (streams.state, streams.step), len(self.state) == 1
        known = self._net, self._held, self._terms, *law, random, counts.table
        self._has_energies = False
        if one and most * self._cost <= parts.WORK:
            every = not counts.period[0]
            self._part(name, known, sites, how, 0, 1, most)
        else:
            going = np.flatnonzero(counts.period == 0)
            every = most > 0 and going.size == len(self.state)
            if not one:
                self._begin(going[self._held[1][going] != _UNITS] if name == _ROUNDED else going)
            part = partial(self._part, name, known, sites, how)
            parts.in_parts(part, counts, most, self._cost, 2 if cold else most)
        self._has_energies = every and name not in ("potts.sweep", _ROUNDED)
        return True

    def visit(self, rows: Ints, sites: Ints, theta: Floats, tie: Signs) -> Array:
        """Visit neurons (A, k) of replicas (A,) in turn; return their states thereafter."""
        after, self._has_energies = np.empty(sites.shape, np.int8), False
        self._each(f"{self.kind}.visit", (self._terms,), rows, sites, theta, tie, after)
        return after

    def fields(self, rows: Ints, sites: Ints | None = None) -> Floats:
        """Return the fields of neurons (A, k), or of all, in replicas (A,)."""
        self._begin(rows)
        n = self._form.n
        out = np.empty((rows.size, n) if sites is None else sites.shape)
        sites = np.arange(n)[None] if sites is None else sites
        self._each(f"{self.kind}.fields", (self._terms,), rows, sites, out)
        return out

    def assign(self, rows: Ints, sites: Ints | None, values: Array) -> None:
        """Give neurons (A, k), or all, new states (A, k)."""
        self._has_energies = False
        if sites is None or sites.shape[1] > self.share * self._form.n:
            self._held[1][rows] = 0
        if sites is None:
            self.state[rows] = values
        else:
            self._each(f"{self.kind}.assign", (), rows, sites, values.astype(np.int8))

    def settled(self, rows: Ints) -> Array | None:
        """Say which replicas (A,) stand at a fixed point: where a sweep would move nobody."""
        if self._rule.law not in AT_ZERO:
            return None
        out = np.empty(rows.size, np.bool_)
        self._begin(rows)
        self._each(f"{self.kind}.rest", (self._terms, self._at_zero()), rows, out)
        return out

    def energies(self) -> Floats | None:
        """Return the energies (R,) of a memory alone; not those of a weight or a bias."""
        alone = self._form.weight == 1 and self._form.bias is None
        return self._energies() if alone else None

    def _energies(self) -> Floats:
        """Return what the kernel gives."""
        if not self._has_energies:
            rows = np.arange(len(self.state))
            if rows.size > 1:
                self._begin(rows)
            self._each(f"{self.kind}.energies", (self._terms[2],), rows)
            self._has_energies = True
        return self._held[2].copy()

    def _begin(self, rows: Ints) -> None:
        """Bring the sums of replicas up to date, where that is quicker for many of them."""

    def _descends(self) -> bool:
        """Say whether no order of single moves leads round: each lowers an energy, or is for good.

        For any biases and rounding: a neuron's field rises with its numerator, so that it is as
        if it were compared with some bar.
        """
        return False

    def _cold(self, how: int) -> Way | None:
        """Return the kernel that makes sweeps at temperature zero, and what it takes."""
        if how == 0 and self._rule.law == "fixed" and not self._descends():
            return None
        return self.kind + ".sweep", (self._at_zero(), None)

    def _warm(self, how: int, sweeps: int) -> Way | None:
        """Return the same of any other rule, for so many sweeps of replicas in all."""
        if self._rule.law != "heat":
            return None
        scale = self._rule.scale
        return self.kind + ".sweep", ((0, scale), real_bars(scale))

    def _at_zero(self) -> tuple[int, float]:
        """Return what kernels take for the rule at temperature zero: the tie and the threshold."""
        return self._rule.tie if self._rule.law == "fixed" else COIN, float(self._rule.theta)

    def _part(
        self,
        name: str,
        known: tuple[Any, ...],
        sites: Array | None,
        how: int,
        start: int,
        stop: int,
        sweeps: int,
    ) -> None:
        """Let a kernel make some sweeps, one at a time."""
        rooms = self._rooms[name]
        try:  # not asked first: another thread may take the last
            room = rooms.pop()
        except IndexError:
            room = self._room(name)
        if sites is not None:
            room[0][0, : sites.size] = sites
        kernel(name)(*known, *room, (start, stop, sweeps, how))
        rooms.append(room)

    def _room(self, name: str) -> tuple[Any, ...]:
        """Return what a kernel works in: the order, and room to draw one, first."""
        return (np.empty((2, self._form.n), np.uint32),)

    def _together(self, counts: Counts, most: int) -> None:
        """Move all neurons at once, until each replica stands still or goes round."""
        run, replicas = kernel(f"{self.kind}.sweep_together"), len(self.state)
        brent = self.state.copy(), np.zeros((2, replicas), np.int64)
        now = brent[1][1]
        known = self._net, self._held, self._terms, self._at_zero(), brent, counts.table
        self._has_energies, every = False, most > 0 and not counts.period.any()

        def part(start: int, stop: int, sweeps: int) -> None:
            moves, last = np.empty(self._form.n, np.uint32), int(now[start:stop].max()) + sweeps
            going = True
            while going:
                if stop > start + 1:
                    self._begin(start + np.flatnonzero(counts.period[start:stop] == 0))
                going = run(*known, moves, (start, stop, last, self.share))

        parts.in_parts(part, counts, most, self._cost)
        self._has_energies = every and bool((self._held[1] == 1).all())

    def _each(self, name: str, known: tuple[object, ...], rows: Ints, *visits: Array) -> None:
        """Run a kernel over replicas (A,) and what there is for each of them."""
        run, own = kernel(name), [_own(x) for x in (rows, *visits)]
        sweeps = 1 + (visits[-1].size if visits else 0) // max(1, rows.size * self._form.n)

        def part(first: int, stop: int) -> None:
            cut = (x if len(x) == 1 else x[first:stop] for x in own)
            run(self._net, self._held, *known, *cut)

        parts.rows_in_parts(part, rows.size, self._cost * sweeps)


def _own(x: Array) -> Array:
    """Return an array that a kernel compiled for one in C order, to be written, takes too."""
    return x if x.flags.c_contiguous and x.flags.writeable else x.copy()
