"""Recall: the only loop. A memory gives the field, a neuron answers, an order says who.

Whoever reads one file reads this one. `Run` makes sweeps: `_draw` says who moves when, `_move`
lets them, and `_judge` finds out who stands still or goes round. Where the engine has a session
for a network, it makes the same sweeps, faster, to the bit.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from .. import engine
from ..base import exact
from ..base.checks import (
    LARGEST,
    Array,
    Floats,
    Rng,
    count,
    describe,
    generator,
    numbers,
    real,
    vectors,
)
from ..base.forms import Counts, Rule, Session
from ..base.saved import savable
from ..base.streams import Streams
from .cursors import Cursor
from .memory import Memory, Sum, from_signs, to_signs
from .neurons import Neuron, TwoState, decide
from .orders import Order
from .patterns import narrow
from .record import EVERY, Record, listed

Ints = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]

_INT8 = np.dtype(np.int8)
_VISITS = 2**14  # that a kernel makes between two looks at Ctrl-C
_WHY = {1: "fixed point"}


class Step(NamedTuple):
    """What `Run.step` came to.

    Attributes
    ----------
    moved : int
        Neurons that now stand elsewhere.
    why : str or ndarray of str
        Why it stopped, as `Recall` says; "" while it has not. For a batch one for each cue.
    """

    moved: int
    why: Any


@savable
@dataclass(frozen=True, repr=False)
class Recall:
    """What came out of a recall. For a batch of B cues each entry has a leading axis B.

    Attributes
    ----------
    state : ndarray of shape (N,) or (B, N)
        The last state; int8 where every neuron has taken a small integer state.
    why : str or ndarray of str
        "fixed point" (proved: no neuron can move), "2-cycle" (or longer), "ran out of
        sweeps", or "ran out of updates".
    sweeps, updates : int or ndarray of int
        Sweeps begun, the last, quiet one included, and moves of the order.
    energy : float, ndarray or None
        The last energy, that of graded neurons' own states included; None where the memory has
        none.
    undecided : int or ndarray of int
        Neurons still unknown (midway between their states).
    trace : ndarray, dict of ndarray, or None
        What ``record=`` kept, the cue first; a dict by name where several were kept.
    kernel : str
        What computed it.
    period : int or ndarray of int
        1 for a fixed point, k for a cycle of k states, 0 where it ran out.
    """

    state: Array
    why: Any
    sweeps: Any
    updates: Any
    energy: Any
    undecided: Any
    trace: Any
    kernel: str
    period: Any = 0

    def parts(self) -> dict[str, Any]:
        """Return the arguments that rebuild this result: what a file holds of it."""
        return dict(self.__dict__)

    def __repr__(self) -> str:
        shape = " x ".join(str(k) for k in self.state.shape)
        if np.ndim(self.why):
            kinds, counts = np.unique(self.why, return_counts=True)
            ends = ", ".join(f"{c} {k}" for k, c in zip(kinds, counts, strict=True))
            return f"Recall({shape}: {ends})"
        energy = "" if self.energy is None else f", energy {self.energy:.6g}"
        unknown = f", {self.undecided} undecided" if self.undecided else ""
        sweeps = f"{self.sweeps} sweep{'s'[: self.sweeps != 1]}"
        return f"Recall({shape}: {self.why} after {sweeps}{energy}{unknown})"


@dataclass
class _Sweep:
    """A sweep under way, of some replicas: sites (R, n), cut into moves that end at ``ends``."""

    replicas: Ints
    sites: Ints
    ends: Ints
    neuron: Neuron
    theta: Any
    tie: Any
    before: Array
    done: int = 0


class _Brent:
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


class Run:
    """A recall that can be stepped: `recall` is this run to its end.

    Parameters
    ----------
    memory, cue, neuron, order, record, rng
        As for `recall`.

    Attributes
    ----------
    state : ndarray of float64, shape (N,) or (B, N)
        Where it stands now.

    Examples
    --------
    >>> import hopfield as hf
    >>> run = hf.Run(hf.hebb([[1, -1, 1, 1]]), [1, -1, 1, -1], order=hf.Sequential())
    >>> run.step(3), run.step(1)
    (Step(moved=0, why=''), Step(moved=1, why=''))
    >>> run.result().why
    'fixed point'
    """

    def __init__(
        self,
        memory: Memory,
        cue: npt.ArrayLike,
        *,
        neuron: Neuron | None = None,
        order: Order | None = None,
        record: Any = None,
        rng: Rng | None = None,
    ) -> None:
        self.memory, self.neuron, self.order = memory, neuron, order = network(
            memory, neuron, order
        )
        self._inside, self._rule, self._states = _lowered(memory, neuron)
        state, self._legal, self._single = self._read_cue(cue)
        source = np.random.default_rng() if rng is None else generator(rng, "recall")
        self.streams = Streams.spawn(source, len(state))
        self.counts = Counts(len(state))
        self.session = self._open(state)
        self._records, self._several = listed(record)
        self._traces: list[list[Any]] = [[] for _ in self._records]
        self._sweep: _Sweep | None = None
        self._brent: _Brent | None = None
        self._quiet = 0
        if self._records:
            self._keep(*EVERY)

    @property
    def state(self) -> Floats:
        """Where it stands now, (N,) or (B, N), to be read only."""
        now = self._outside(self.session.state).astype(np.float64)
        now.setflags(write=False)
        return now[0] if self._single else now

    def energy(self) -> Any:
        """Return the energy now, () or (B,), that of graded neurons' own states included."""
        own_form = self._inside is self.memory and not isinstance(self.memory, Sum)
        if own_form and self._rule:  # a sum rounds each memory's energy
            found = self.session.energies()
            if found is not None:
                return float(found[0]) if self._single else found
        own = getattr(self.neuron, "energy", None)
        s = self.state
        total = np.asarray(self.memory.energy(s) + (own(s) if own else 0.0))
        return total if total.ndim else float(total)

    def step(self, n: int = 1) -> Step:
        """Make exactly ``n`` moves of the order; say how many neurons moved and why it stopped."""
        left = count(n, "n", 0)
        before, everyone = self.session.state.copy(), np.arange(len(self.counts.sweeps))
        a_sweep = self._moves_a_sweep()
        while left:
            self.counts.period[:] = 0
            whole = self._sweep is None and a_sweep and left >= a_sweep
            if whole and self._leave(1):
                left -= a_sweep
                continue
            left -= self._advance(everyone, left)
        moved = int(np.count_nonzero(before != self.session.state))
        self._quiet = 0 if moved else self._quiet + n
        if not self.counts.period.all() and 8 * self._quiet * self.memory.n >= self.memory.n * (
            a_sweep or 1
        ):  # not for every move: it takes all fields
            self._quiet = 0
            at_rest = self._fixed(everyone)
            self.counts.period[at_rest] = 1
        why = [_why(k, "") for k in self.counts.period.tolist()]
        return Step(moved, why[0] if self._single else np.array(why))

    def set(self, sites: npt.ArrayLike, values: npt.ArrayLike) -> None:
        """Give some neurons a state by hand, in every replica; the run goes on from there.

        No move is made, nothing is recorded, and who moves next stays as it was drawn.

        Parameters
        ----------
        sites : array_like of int, shape (k,), or of bool, shape (N,)
            Which neurons.
        values : float or array_like of shape (k,)
            Their states, or evidence as in a cue: midway between the two states is "not known".

        Raises
        ------
        TypeError, ValueError
            For sites that are no neurons, or values that do not fit them.

        Examples
        --------
        >>> import hopfield as hf
        >>> run = hf.Run(hf.hebb([[1, -1, 1, 1]]), [1, -1, 1, 1], rng=0)
        >>> run.set([0, 3], [-1, 0])
        >>> run.state
        array([-1., -1.,  1.,  0.])
        """
        chosen = _sites(sites, self.memory.n)
        given = real(values, "values")
        if given.shape not in ((), chosen.shape):
            raise ValueError(
                f"values must be one number or one for each of the {chosen.size} sites; "
                f"the shape is {given.shape}"
            )
        new, legal = self._read(given)
        state = self.session.state.astype(np.result_type(self.session.state, new))
        state[:, chosen] = new
        self._legal &= legal
        self._brent, self._quiet = None, 0
        self.session = self._open(state)

    def settled(self) -> Bools | bool:
        """Say whether the state is a fixed point: no neuron can move, whatever is drawn."""
        fixed = self._fixed(np.arange(len(self.counts.sweeps)))
        return bool(fixed[0]) if self._single else fixed

    def result(self, otherwise: str = "ran out of updates") -> Recall:
        """Return what stands now as a `Recall`."""
        self.counts.period[:] = 0
        return self._result(otherwise)

    def finish(self, sweeps: int = 100) -> Recall:
        """Run until every replica has stopped, or for ``sweeps`` sweeps.

        A sweep that `step` has begun is ended first, and not counted among them.
        """
        if self._sweep is not None:
            self._advance(self._sweep.replicas)
        left = count(sweeps, "sweeps", 0)
        self.counts.period[:], self._brent = 0, None
        cycles = not (self.order.random or self.neuron.random)
        while left:
            if not (cycles and self._brent) and self._leave(left):
                break
            active = np.flatnonzero(self.counts.period == 0)
            if not active.size:
                break
            self._advance(active)
            left -= 1
        return self._result("ran out of sweeps")

    # ---- the loop ----------------------------------------------------------------------------

    def _leave(self, most: int) -> bool:
        """Leave whole sweeps to the session, where it makes them and nobody asks what it did."""
        if self._records or not self._legal or self._rule is None:
            return False
        sites = None
        if getattr(self.order, "schedule", None) == "given":
            sites = _moves(self.order(self.memory.n, None), self.memory.n)[0][0]
        return self.session.sweeps(sites, self.streams, self.counts, most)

    def _advance(self, replicas: Ints, most: int | None = None) -> int:
        """Make up to ``most`` moves within one sweep, all by default; return how many."""
        if self._sweep is None:
            self._sweep = self._draw(replicas)
        sweep, n = self._sweep, self.memory.n
        left = sweep.ends.size - sweep.done
        moves = left if most is None else min(left, most)
        visits = sweep.ends.size == n and isinstance(sweep.neuron, TwoState)
        each = any(record.every == "update" for record in self._records)
        size = _VISITS if visits and not each and not isinstance(self.session, Cursor) else 1
        for first in range(sweep.done, sweep.done + moves, size):
            stop = min(first + size, sweep.done + moves) if size > 1 else first + 1
            start = sweep.ends[first - 1] if first else 0
            (self._visit if visits else self._move)(sweep, slice(start, sweep.ends[stop - 1]))
            sweep.done = stop
            self.counts.updates[sweep.replicas] += stop - first
            if each:
                self._keep("update")
        if sweep.done == sweep.ends.size:
            self._end(sweep)
        return moves

    def _draw(self, replicas: Ints) -> _Sweep:
        """Begin a sweep: draw who moves when, and the neurons' thresholds."""
        neuron = self._now()
        width = getattr(neuron, "width", 1)
        n = self.memory.n // width
        streams = self.streams.of(replicas)
        if not self.order.random:
            sites, ends = _moves(self.order(n, None), n)
        elif getattr(self.order, "batched", False):
            sites, ends = _moves(self.order(n, streams), n, replicas.size)
        else:
            drawn = [_moves(self.order(n, streams[r]), n) for r in range(replicas.size)]
            sites, ends = np.concatenate([s for s, _ in drawn]), drawn[0][1]
            if any(not np.array_equal(ends, e) for _, e in drawn):
                raise ValueError("order must cut every replica's sweep into moves of equal sizes")
        if width > 1:  # the sites of a neuron move together
            sites = (sites[..., None] * width + np.arange(width)).reshape(len(sites), -1)
        shape = (replicas.size, self.memory.n)
        theta, tie = neuron.draw(streams, shape) if isinstance(neuron, TwoState) else ((), ())
        sweep = _Sweep(
            replicas,
            np.broadcast_to(sites, shape),
            ends * width,
            neuron,
            theta,
            tie,
            self.session.state[replicas],
        )
        if self._brent is None:
            self._brent = _Brent(self.session.state)
        self.streams.state[replicas] = streams.state
        self.counts.sweeps[replicas] += 1
        return sweep

    def _visit(self, sweep: _Sweep, span: slice) -> None:
        """Let two-state neurons decide in turn."""
        sites, theta, tie = (x[:, span] for x in (sweep.sites, sweep.theta, sweep.tie))
        self.session.visit(sweep.replicas, sites, theta, tie)

    def _move(self, sweep: _Sweep, span: slice) -> None:
        """Let the neurons of one index array move at once."""
        rows, neuron, n = sweep.replicas, sweep.neuron, self.memory.n
        whole = span == slice(0, n) and not self.order.random
        sites = sweep.sites[:, span]
        at = np.broadcast_to(np.arange(n), sites.shape) if whole else sites
        h = self.session.fields(rows, None if whole else sites)
        s = self.session.state[rows[:, None], at]
        if whole and sweep.sites[0, 0] != 0:  # all of them, named in another order
            whole, h = False, h[:, sites[0]]
            s = self.session.state[rows[:, None], sites]
        if isinstance(neuron, TwoState):
            theta, tie = sweep.theta[:, span], sweep.tie[:, span]
            new = decide(h, s, theta, tie, *self._states)
        else:
            streams = self.streams.of(rows)
            new, rate = neuron(h, s, streams), getattr(self.order, "rate", 1.0)
            self.streams.state[rows] = streams.state
            if not np.abs(new).max() <= LARGEST:
                raise ValueError(
                    f"memory and neuron must not drive each other beyond {LARGEST:g}: the states "
                    f"grow without end (sweep {int(self.counts.sweeps.max())})"
                )
            new = new if rate == 1 else s + rate * (new - s)
        self.session.assign(rows, None if whole else sites, new)

    def _end(self, sweep: _Sweep) -> None:
        """End a sweep: find out who stands still or goes round, and keep what is to be kept."""
        self._sweep = None
        if not self._legal and self._rule:
            self._legal = bool(exact.among(self.session.state, *self._states).all())
            if self._legal:  # sums over evidence are coarser: begin them anew from states
                self.session = self._open(self.session.state)
        self._judge(sweep)
        if self._records:
            self._keep("sweep")

    def _judge(self, sweep: _Sweep) -> None:
        s, rows = self.session.state, sweep.replicas
        moved = (sweep.before != s[rows]).any(axis=1)
        if self._brent and not (self.order.random or self.neuron.random):
            back, period = self._brent.seen(s, rows)
            self.counts.period[rows[moved & back]] = period
        quiet = rows[~moved]
        if quiet.size:
            fixed = self._fixed(quiet)
            self.counts.period[quiet[fixed]] = 1
            if not fixed.all() and not self.session.exact:
                self.session = self._open(s)  # rounding in its sums may hide one that can move

    # ---- what the loop stands on -------------------------------------------------------------

    def _open(self, state: Array) -> Session:
        """Return the engine's session for this network, or the plain one."""
        if self._inside is None:
            drive = self.memory.gradient if self.neuron.states is None else self.memory.field
            return Cursor(drive, state.astype(np.float64), self._states)
        if self._rule and self._legal:
            schedule = getattr(self.order, "schedule", None)
            found = engine.open(self._inside.form(), self._rule, schedule, state)
            if found is not None:
                return found
        return self._inside.open(state.astype(np.float64))

    def _moves_a_sweep(self) -> int:
        """Return how many moves a sweep is, where the engine knows that; else 0."""
        schedule = getattr(self.order, "schedule", None)
        return 0 if schedule is None else 1 if schedule == "together" else self.memory.n

    def _now(self) -> Neuron:
        """Return the neuron of the next sweep: one that changes in time says who it then is."""
        at = getattr(self.neuron, "at", None)
        return at(int(self.counts.sweeps.max())) if at else self.neuron

    def _fixed(self, replicas: Ints) -> Bools:
        """Say which replicas stand still for good, by fields that nothing has rounded."""
        if not replicas.size or getattr(self.neuron, "restless", False):
            return np.zeros(replicas.size, dtype=bool)
        found = self.session.settled(replicas)
        if found is None:
            session = self.session
            if not session.exact:
                session = self._open(session.state)
            s = self._outside(session.state[replicas])
            found = self._now().settled(session.fields(replicas), s).all(axis=1)
        return np.asarray(found)

    def _result(self, otherwise: str) -> Recall:
        counts, one = self.counts, self._single
        going = np.flatnonzero(counts.period == 0)
        if going.size:
            counts.period[going] = self._fixed(going)
        state = self.session.state
        undecided = self._undecided(state)
        trace: Any = {
            r.name: np.stack(values) for r, values in zip(self._records, self._traces, strict=True)
        }
        if not self._several:
            trace = next(iter(trace.values()), None)
        sweeps, updates, period = (counts.sweeps, counts.updates, counts.period)
        why = [_why(k, otherwise) for k in period.tolist()]
        return Recall(
            state=narrow(self._outside(state[0] if one else state).copy()),
            why=why[0] if one else np.array(why),
            sweeps=int(sweeps[0]) if one else sweeps.copy(),
            updates=int(updates[0]) if one else updates.copy(),
            energy=self.energy() if self.memory.symmetric else None,
            undecided=int(undecided[0]) if one else undecided,
            trace=trace,
            kernel=self.session.name,
            period=int(period[0]) if one else period.copy(),
        )

    def _undecided(self, state: Array) -> Ints:
        ask = getattr(self._now(), "unknown", None)
        if ask:
            return np.asarray(ask(state).sum(axis=1))
        if self.neuron.states is None:
            return np.zeros(len(state), dtype=np.int64)
        low, high = self._states
        unknown = exact.among(state, (low + high) / 2)
        return np.asarray(unknown.sum(axis=1))

    def _keep(self, *every: str) -> None:
        new = [r.measure(self) if r.every in every else None for r in self._records]
        for record, value, values in zip(self._records, new, self._traces, strict=True):
            if record.every in every:
                values.append(value)

    # ---- states as the user knows them, and as they are inside -------------------------------

    def _read_cue(self, cue: npt.ArrayLike) -> tuple[Array, bool, bool]:
        """Return the cue as states (R, n), whether these are states alone, and if it was one."""
        n = self.memory.n
        if type(cue) is np.ndarray and cue.dtype is _INT8 and self.neuron.states == (-1, 1):
            if cue.ndim in (1, 2) and cue.shape[-1] == n and cue.size:
                if self._rule and (cue.view(np.uint8) + np.uint8(1)).max() <= 2:
                    return cue.reshape(-1, n).copy(), True, cue.ndim == 1
        rows = vectors(cue, "cue", n)
        if rows.ndim > 2:
            raise ValueError(f"cue must be (N,) or (B, N); its shape is {rows.shape}")
        state, legal = self._read(np.atleast_2d(rows))
        return state, legal, rows.ndim == 1

    def _read(self, given: Array) -> tuple[Array, bool]:
        """Return evidence as it is inside, and whether it is states and unknowns alone."""
        states = self.neuron.states
        if given.dtype.kind == "b":
            given = np.where(given, *(states or (-1, 1))[::-1])
        if states is None:  # which any real state is legal for
            return given.astype(np.float64), True
        low, high = states
        legal = exact.among(given, low, high, (low + high) / 2)
        x = given
        if not legal.all():
            x = given.astype(np.float64)
            x = np.where(legal, x, exact.evidence(x))
        if self._states == (low, high):
            inside = x
        else:
            inside = to_signs(x.astype(np.float64), low, high)
            inside = np.where(legal, inside, exact.evidence(inside))
        if self._rule and legal.all():
            return inside.astype(np.int8), True
        return inside.astype(np.float64), bool(legal.all())

    def _outside(self, state: Array) -> Array:
        """Return states as the user's neurons have them."""
        if self._states == self.neuron.states or self.neuron.states is None:
            return state
        return from_signs(state, *self.neuron.states)


def _lowered(
    memory: Memory, neuron: Neuron
) -> tuple[Memory | None, Rule | None, tuple[float, float]]:
    """Return the memory of -1/+1 neurons that a network runs on, its rule, and its two states.

    Neurons that are not two-valued, and memories that are for their own states alone, run as
    they are: there is then no memory inside, or no rule.
    """
    states = neuron.states
    if states is None or getattr(neuron, "width", 1) > 1:
        own = states or (-1.0, 1.0)
        return (None if states is None else memory), None, own
    inside = memory.signed(*states)
    if inside is None:
        return None, None, states
    if isinstance(neuron, TwoState):
        return inside, neuron.rule(), (-1.0, 1.0)
    changing = getattr(neuron, "at", None)
    if changing and isinstance(changing(0), TwoState):  # thresholds of another law each sweep
        return inside, Rule(*states, "own"), (-1.0, 1.0)
    return memory, None, states


def network(
    memory: Memory, neuron: Neuron | None = None, order: Order | None = None
) -> tuple[Memory, Neuron, Order]:
    """Return the three parts of a network, checked; what is None is what the memory names."""
    if not isinstance(memory, Memory) or not memory.n:
        raise TypeError(
            f"memory must be a hopfield memory of n neurons, not {describe(memory)}; "
            "hf.Couplings(W) makes one of a matrix, hf.hebb(xi) of patterns"
        )
    given = (neuron, "neuron"), (order, "order")
    neuron = memory.neuron if neuron is None else neuron
    order = memory.order if order is None else order
    for value, name in ((neuron, "neuron"), (order, "order")):
        if value is None:
            raise ValueError(f"{name} must be given: {memory} adds memories written for others")
    # A neuron says what is settled, an order does not; both say whether they are random.
    for value, name in given:
        if value is None:
            continue
        right = hasattr(value, "random") and hasattr(value, "settled") == (name == "neuron")
        if isinstance(value, type) or not callable(value) or not right:
            such = "hf.Sign()" if name == "neuron" else "hf.Sync()"
            raise TypeError(
                f"{name} must be a hopfield {name}, not {describe(value)}; {such} is one"
            )
    if hasattr(order, "rate") and neuron.states:
        raise ValueError(
            f"order {order} moves graded neurons, such as hf.Graded(beta), not {neuron}"
        )
    width = getattr(neuron, "width", 1)
    if memory.n % width:
        raise ValueError(f"memory must have {width} sites for each {neuron}, not {memory.n} in all")
    written = getattr(memory.neuron, "width", 1)
    if 1 < written != width > 1:
        raise ValueError(f"neuron has q = {width} states, but memory is written for {written}")
    if memory.states and neuron.states and memory.states != neuron.states:
        raise ValueError(
            f"neuron has the states {neuron.states}, but memory is written for {memory.states}; "
            "memory.recode(low, high) turns one written for -1/+1 into it"
        )
    return memory, neuron, order


def _sites(sites: npt.ArrayLike, n: int) -> Array:
    """Return neurons 0 ... n-1 given as integers (k,), or as bools (n,)."""
    chosen = numbers(sites, "sites")
    if chosen.ndim == 1 and chosen.dtype.kind == "b" and chosen.size == n:
        return np.flatnonzero(chosen)
    if chosen.ndim != 1 or chosen.dtype.kind not in "iu":
        raise TypeError(f"sites must be 1-D integers, or {n} bools")
    if (chosen < 0).any() or (chosen >= n).any():
        raise ValueError(f"sites must lie between 0 and {n - 1}")
    return chosen.astype(np.int64)


def _moves(arrays: Any, n: int, replicas: int = 1) -> tuple[Array, Array]:
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


def _why(period: int, otherwise: str) -> str:
    return otherwise if period == 0 else _WHY.get(period) or f"{period}-cycle"


def recall(
    memory: Memory,
    cue: npt.ArrayLike,
    *,
    neuron: Neuron | None = None,
    order: Order | None = None,
    sweeps: int = 100,
    updates: int | None = None,
    record: Any = None,
    rng: Rng | None = None,
) -> Recall:
    """Let a network fall from a cue into an attractor.

    Parameters
    ----------
    memory : Memory
        What gives the field: `hebb`, `Couplings`, `modern`, a sum of them ...
    cue : array_like of shape (N,) or (B, N)
        Evidence, any real numbers (read to a millionth); midway between the neuron's states
        (0 for -1/+1) means "not known". A neuron takes one of its states when it first moves.
        Each of B cues is recalled for itself, with its own order and its own stream of
        random numbers.
    neuron : Neuron
        By default what the memory was written for, ``memory.neuron``: mostly `Sign()`.
    order : Order
        By default ``memory.order``, mostly `Shuffled()`: one neuron at a time, each once a sweep.
    sweeps : int
        Stop after so many sweeps (N single updates each) at the latest.
    updates : int, optional
        Instead, make exactly so many moves of the order (single updates, unless neurons move
        together), whatever happens.
    record : Record, callable, or list of them
        What to keep: what `hf.record` makes, or a function of the state.
    rng : int or numpy.random.Generator
        Seed or generator, or what `numpy.random.default_rng` takes; without it, what is drawn differs from call to call. A batch gives
        what its cues give one after the other with the same generator.

    Returns
    -------
    Recall
        The state, why it stopped, and what was recorded.

    Raises
    ------
    TypeError, ValueError
        For arguments that do not fit; the sentence names them.

    Examples
    --------
    >>> import hopfield as hf
    >>> xi = hf.random_patterns(3, 200, rng=1)
    >>> hf.recall(hf.hebb(xi), hf.flip(xi[0], 0.1, rng=2), rng=3)
    Recall(200: fixed point after 2 sweeps, energy -101.9)
    """
    run = Run(memory, cue, neuron=neuron, order=order, record=record, rng=rng)
    count(sweeps, "sweeps", 0)
    if updates is None:
        return run.finish(sweeps)
    run.step(count(updates, "updates", 0))
    return run.result()
