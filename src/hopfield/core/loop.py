"""The loop: sweeps of any network, one move at a time, as the three parts say.

This is the definition: `Loop.draw` says who moves when, `Loop.move` lets them, and `Loop.judge`
finds out who stands still or goes round. The engine makes the same sweeps, faster, to the bit.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np
import numpy.typing as npt

from ..base.checks import LARGEST, Array, Floats, describe
from ..base.forms import Counts
from ..base.streams import Streams, Words
from . import clamps
from .network import Bools, Ints, Place
from .neurons import Neuron, decide, threshold_neuron

_VISITS = 2**14  # that a session makes between two looks at Ctrl-C


@dataclass
class Sweep:
    """A sweep under way, of some replicas: sites (R, n), cut into moves that end at ``ends``.

    ``turn`` lets neurons of several sites move one after the other, where each move is of one.
    ``streams`` and ``counts`` say where its replicas' stand, those of updates at its beginning;
    ``found`` what a move under way found: sites (None for all) and their states.
    """

    replicas: Ints
    sites: Ints
    ends: Ints
    neuron: Neuron
    theta: Any
    tie: Any
    turn: Any
    streams: Words
    before: Array
    counts: Array
    done: int = 0
    found: tuple[Ints | None, Array] | None = None


class Brent:
    """Brent's search for cycles: compare with a state kept at each power of two."""

    def __init__(self, s: Array) -> None:
        self.kept, self.at, self.now = s.copy(), 0, 0

    def seen(self, s: Array, replicas: Ints) -> tuple[Bools, int]:
        """Say which replicas are where they were when the state was kept, and how long ago."""
        self.now += 1
        back = (s[replicas] == self.kept[replicas]).all(axis=1)
        period = self.now - self.at
        if self.now == max(1, 2 * self.at):
            self.kept, self.at = s.copy(), self.now
        return back, period


class Loop:
    """Sweeps of the replicas at a place.

    Attributes
    ----------
    place : Place
        Where they stand.
    streams : Streams
        One a replica; all that is random comes from it.
    counts : Counts
        How far each has come.
    sweep : Sweep or None
        The sweep under way.
    repeats : bool
        Whether a state that comes back is a cycle: nothing is drawn, and all sweeps are alike.
    brent : Brent or None
        The search for cycles; None where it begins anew, or there are none.
    """

    def __init__(self, place: Place, streams: Streams) -> None:
        self.place, self.streams = place, streams
        self.counts = Counts(streams.state.size)
        self.sweep: Sweep | None = None
        self.brent: Brent | None = None
        drawn = place.order.random or place.neuron.random
        self.repeats = not (drawn or hasattr(place.order, "at"))

    def now(self) -> Neuron:
        """Return the neuron of the next sweep: one that changes in time says who it then is."""
        at = getattr(self.place.neuron, "at", None)
        return at(int(self.counts.sweeps.max())) if at else self.place.neuron

    def leave(self, most: int) -> int:
        """Leave whole sweeps to the session; return how many it was to make, 0 if it makes none."""
        place = self.place
        if place.rule is None or not place.legal or place.held is not None:
            return 0
        sites, n = None, place.memory.n // place.rule.width
        if getattr(place.order, "schedule", None) == "given":
            sites = moves_of(place.order(n, None), n)[0][0]
        at, follow = getattr(place.neuron, "at", None), getattr(place.session, "follow", None)
        if not (at and follow):
            return most * place.session.sweeps(sites, self.streams, self.counts, most)
        first = 1 + int(self.counts.sweeps.max())
        then: Any = self.now()
        for made in range(most):
            now, then = then, at(first + made)
            ends = now.random and not then.random  # which judges already who stands still
            if ends or self.counts.period.all():
                return made
            follow(now.rule())
            if not place.session.sweeps(sites, self.streams, self.counts, 1):
                return made
        return most

    def advance(
        self, replicas: Ints, most: int | None = None, after: Callable[[], None] | None = None
    ) -> int:
        """Make up to ``most`` moves within one sweep, all by default; return how many.

        ``after`` is called after each.
        """
        if self.sweep is None:
            self.sweep = self.draw(replicas)
        sweep = self.sweep
        left = sweep.ends.size - sweep.done
        moves = left if most is None else min(left, most)
        alone = sweep.ends.size == sweep.sites.shape[1] and threshold_neuron(sweep.neuron)
        visits = bool(sweep.turn) or (alone and hasattr(self.place.session, "visit"))
        size = _VISITS if visits and not after else 1
        try:
            self.count(sweep)
            last = sweep.done + moves
            while sweep.done < last:
                self.move(sweep, min(sweep.done + size, last), visits)
                self.count(sweep)
                if after:
                    after()
            if sweep.done == sweep.ends.size:
                self.sweep = None
                self.place.look_for_evidence()
                self.judge(sweep)
        except BaseException:
            self.mend(sweep)
            raise
        return moves

    def draw(self, replicas: Ints) -> Sweep:
        """Begin a sweep: draw who moves when, and the neurons' thresholds."""
        neuron: Any = self.now()
        width, free = getattr(neuron, "width", 1), self.place.free
        random, n = self.place.order.random, self.place.memory.n
        if free is not None and random:  # an order that is fixed names them all
            n = free.shape[1]
        n, streams = n // width, self.streams.of(replicas)
        if getattr(self.place.order, "schedule", None) == "together":
            sites, ends = _together(n)
        elif at := getattr(self.place.order, "at", None):
            sites, ends = moves_of(at(int(self.counts.sweeps.max()), n), n)
        elif not random:
            sites, ends = moves_of(self.place.order(n, None), n)
        elif getattr(self.place.order, "batched", False):
            sites, ends = moves_of(self.place.order(n, streams), n, replicas.size)
        else:
            drawn = [moves_of(self.place.order(n, streams[r]), n) for r in range(replicas.size)]
            sites, ends = np.concatenate([s for s, _ in drawn]), drawn[0][1]
            if any(not np.array_equal(ends, e) for _, e in drawn):
                raise ValueError("order must cut every replica's sweep into moves of equal sizes")
        if width > 1:  # the sites of a neuron move together
            sites = (sites[..., None] * width + np.arange(width)).reshape(len(sites), -1)
            ends = ends * width
        if len(sites) != replicas.size:
            sites = np.broadcast_to(sites, (replicas.size, sites.shape[1]))
        if free is not None and random:
            sites = np.take_along_axis(free[replicas], sites, axis=1)
        elif self.place.held is not None:
            sites, ends = clamps.without(sites, ends, self.place.held[replicas])
        shape = sites.shape
        theta, tie = neuron.draw(streams, shape) if threshold_neuron(neuron) else ((), ())
        turn = getattr(neuron, "turn", None) if ends.size * width == shape[1] else None
        if turn:
            theta = neuron.draw(streams, shape) if neuron.random else np.zeros(shape)
        if self.brent is None and self.repeats:
            self.brent = Brent(self.place.session.state)
        before = self.place.session.state[replicas]
        counts = self.counts.table[:2, replicas] + [[1], [0]]
        return Sweep(replicas, sites, ends, neuron, theta, tie, turn, streams.state, before, counts)

    def move(self, sweep: Sweep, stop: int, visits: bool) -> None:
        """Let the neurons of one index array move at once, or the session visit some in turn."""
        span = slice(sweep.ends[sweep.done - 1] if sweep.done else 0, sweep.ends[stop - 1])
        session: Any = self.place.session
        streams = sweep.streams
        rows, sites = sweep.replicas, sweep.sites[:, span]
        if visits:
            sweep.found = None, session.state[rows]
            if sweep.turn:
                sweep.turn(session, rows, sites, sweep.theta[:, span])
            else:
                session.visit(rows, sites, sweep.theta[:, span], sweep.tie[:, span])
        else:
            everyone = sites.shape[1] == self.place.memory.n and not self.place.order.random
            h = session.fields(rows, None if everyone else sites)
            s = session.state[rows] if everyone else session.state[rows[:, None], sites]
            if everyone and not (sites[0] == np.arange(sites.shape[1])).all():
                everyone, h, s = False, h[:, sites[0]], s[:, sites[0]]
            new, streams = self.answers(sweep, h, s, span)
            to = None if everyone else sites
            sweep.found = to, s
            session.assign(rows, to, new)
        sweep.done, sweep.streams, sweep.found = stop, streams, None

    def answers(self, sweep: Sweep, h: Floats, s: Array, span: slice) -> tuple[Array, Words]:
        """Return the new states of neurons, and where the streams stand then."""
        if threshold_neuron(sweep.neuron):
            theta, tie = sweep.theta[:, span], sweep.tie[:, span]
            return decide(h, s, theta, tie, *self.place.states), sweep.streams
        streams = Streams(sweep.streams.copy(), self.streams.step[sweep.replicas])
        new = np.asarray(sweep.neuron(h, s, streams))
        if new.shape != h.shape:
            raise ValueError(
                f"neuron must answer {h.shape} fields by as many states, not {new.shape}"
            )
        if not float(np.abs(new).max()) <= LARGEST:
            raise ValueError(
                f"memory and neuron must not drive each other beyond {LARGEST:g}: the states "
                f"grow without end (sweep {int(self.counts.sweeps.max())})"
            )
        toward = getattr(self.place.order, "toward", None)
        after = toward(s, new, sweep.sites[:, span], streams) if toward else new
        return after, streams.state

    def count(self, sweep: Sweep) -> None:
        """Write down where a sweep stands; to do it twice changes nothing."""
        self.streams.state[sweep.replicas] = sweep.streams
        self.counts.sweeps[sweep.replicas] = sweep.counts[0]
        self.counts.updates[sweep.replicas] = sweep.counts[1] + sweep.done

    def mend(self, sweep: Sweep) -> None:
        """Take back a move that was stopped halfway, so that states, sums and counts agree."""
        state = self.place.session.state.copy()
        if sweep.found:
            sites, states = sweep.found
            rows = sweep.replicas
            state[rows if sites is None else (rows[:, None], sites)] = states
            sweep.found = None
        self.count(sweep)
        self.place.open(state)
        self.brent = None

    def judge(self, sweep: Sweep) -> None:
        """Find out which replicas stand still, or are where they once were."""
        s, rows = self.place.session.state, sweep.replicas
        moved = (sweep.before != s[rows]).any(axis=1)
        if self.brent:
            back, period = self.brent.seen(s, rows)
            self.counts.period[rows[moved & back]] = period
        quiet = rows[~moved]
        if quiet.size:
            proved = self.proved(sweep)
            fixed = np.ones(quiet.size, bool) if proved else self.place.fixed(quiet, self.now())
            self.counts.period[quiet[fixed]] = 1

    def proved(self, sweep: Sweep) -> bool:
        """Say whether a quiet sweep is the proof: all were asked, by fields never rounded."""
        order, rule, exact = self.place.order, self.place.rule, self.place.session.exact
        if rule is None or rule.law != "fixed" or not exact:
            return False  # the neuron says itself what holds it
        free, n = self.place.free, self.place.memory.n
        sites = sweep.sites[:1] if free is None and not order.random else sweep.sites
        everyone = np.arange(n)[None] if free is None else free[sweep.replicas]
        return sites.shape[1] == everyone.shape[1] and bool((np.sort(sites) == everyone).all())


@lru_cache(8)
def _together(n: int) -> tuple[Ints, Ints]:
    """Return what `moves_of` gives of a move of all."""
    sites, ends = np.arange(n)[None], np.array([n])
    sites.setflags(write=False)
    return sites, ends


def moves_of(arrays: Iterable[npt.ArrayLike], n: int, replicas: int = 1) -> tuple[Array, Array]:
    """Return an order's index arrays as one (R, n) of sites, and where each array ends."""
    try:
        if isinstance(arrays, np.ndarray) and arrays.ndim >= 2:
            size = arrays.shape[-1]
            sites, ends = arrays.reshape(replicas, -1), np.arange(1, arrays.shape[-2] + 1) * size
        else:
            rows = [np.atleast_1d(a) for a in arrays]
            sites, ends = np.concatenate(rows)[None], np.cumsum([row.size for row in rows])
    except (TypeError, ValueError):
        raise TypeError(f"order must give arrays of sites, not {describe(arrays)}") from None
    ints = sites.dtype.kind in "iu"
    if sites.shape[1] != n or not ints or (sites < 0).any() or (sites >= n).any():
        raise ValueError(f"order must give {n} sites between 0 and {n - 1} in a sweep")
    return sites.astype(np.int64), ends
