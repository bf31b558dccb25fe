"""Recall: the only loop. A memory gives the field, a neuron answers, an order says who."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np
import numpy.typing as npt

from ..base.checks import (
    LARGEST,
    Array,
    Floats,
    Rng,
    choice,
    count,
    describe,
    generator,
    numbers,
    real,
    vectors,
)
from ..base.saved import savable
from ..base.streams import Streams
from .cursors import GRID, Cursor, Swept, among, relax, short
from .memory import Memory
from .neurons import Neuron, Sign, TwoState, decide
from .orders import Order, Shuffled, Sync
from .patterns import hamming, narrow, overlap

EVERY = ("update", "sweep")
_SIGN, _SHUFFLED = Sign(), Shuffled()


@dataclass(frozen=True)
class Record:
    """What to keep along the way, and how often; made by `states`, `energy`, ...

    Attributes
    ----------
    name : str
        Its name in a trace of several.
    measure : callable
        (memory, state) -> a value, for states (N,) or (B, N).
    every : {"update", "sweep"}
        After each move of the order, or after each sweep.
    """

    name: str
    measure: Callable[[Memory, Array], Any]
    every: str = "sweep"

    def __post_init__(self) -> None:
        """Check the arguments."""
        choice(self.every, "every", EVERY)
        if not isinstance(self.name, str) or not callable(self.measure):
            raise TypeError(
                "name must be a str and measure a function of (memory, state), not "
                f"{describe(self.name)} and {describe(self.measure)}"
            )


def states(every: str = "sweep") -> Record:
    """Record the whole state, for ``record=``.

    Parameters
    ----------
    every : {"update", "sweep"}
        After each move of the order, or after each sweep.

    Returns
    -------
    Record
        Its trace has shape (T, N), or (T, B, N) for a batch; the cue comes first. Replicas of a
        batch that have stopped stand still in it.

    Examples
    --------
    >>> import hopfield as hf
    >>> r = hf.recall(hf.hebb([[1, -1, 1]]), [1, -1, -1], record=hf.states("update"), updates=5,
    ...               rng=0)
    >>> r.trace.shape
    (6, 3)
    """
    return Record("states", _states, every)


def energy(every: str = "sweep") -> Record:
    """Record the energy, for ``record=``; the energy of one state is ``memory.energy(s)``.

    That of graded neurons has their own in it, ``neuron.energy(s)``: the sum never rises.

    Parameters
    ----------
    every : {"update", "sweep"}
        After each move of the order, or after each sweep.

    Returns
    -------
    Record
        Its trace has shape (T,), or (T, B) for a batch; the cue comes first.

    Examples
    --------
    >>> import hopfield as hf
    >>> xi = [1, -1, 1, 1, 1]
    >>> hf.recall(hf.hebb(xi), [1, -1, 1, 1, -1], record=hf.energy(), rng=0).trace
    array([-0.4, -2. , -2. ])
    """
    return Record("energy", _energy, every)


def overlaps(patterns: npt.ArrayLike, every: str = "sweep") -> Record:
    """Record the overlaps m with some patterns, for ``record=``.

    Parameters
    ----------
    patterns : array_like of shape (P, N) or (N,)
        The patterns.
    every : {"update", "sweep"}
        After each move of the order, or after each sweep.

    Returns
    -------
    Record
        Its trace has shape (T, P), or (T, B, P) for a batch; the cue comes first.

    Examples
    --------
    >>> import hopfield as hf
    >>> xi = [[1, -1, 1, 1]]
    >>> hf.recall(hf.hebb(xi), [1, -1, 1, -1], record=hf.overlaps(xi), rng=0).trace.ravel()
    array([0.5, 1. , 1. ])
    """
    xi = np.atleast_2d(vectors(patterns, "patterns"))
    return Record("overlaps", partial(_overlaps, xi), every)


def hamming_to(pattern: npt.ArrayLike, every: str = "sweep") -> Record:
    """Record the Hamming distance to a pattern, for ``record=``.

    Parameters
    ----------
    pattern : array_like of shape (N,)
        The pattern.
    every : {"update", "sweep"}
        After each move of the order, or after each sweep.

    Returns
    -------
    Record
        Named "hamming"; its trace has shape (T,), or (T, B) for a batch; the cue comes first.

    Examples
    --------
    >>> import hopfield as hf
    >>> xi = [1, -1, 1, 1]
    >>> hf.recall(hf.hebb(xi), [1, -1, 1, -1], record=hf.hamming_to(xi), rng=0).trace
    array([1, 0, 0])
    """
    return Record("hamming", partial(_hamming, vectors(pattern, "pattern")), every)


def _states(memory: Memory, s: Array) -> Array:
    return narrow(s.copy())


def _energy(memory: Memory, s: Array) -> Any:
    return memory.energy(s)


def _overlaps(xi: Array, memory: Memory, s: Array) -> Any:
    return overlap(s[..., None, :], vectors(xi, "patterns", memory.n))


def _hamming(xi: Array, memory: Memory, s: Array) -> Any:
    return hamming(s, vectors(xi, "pattern", memory.n))


def _of_state(function: Callable[[Array], Any], memory: Memory, s: Array) -> Any:
    return function(s.copy())


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
    """

    state: Array
    why: Any
    sweeps: Any
    updates: Any
    energy: Any
    undecided: Any
    trace: Any
    kernel: str

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
    (0, 1)
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
        rows = vectors(cue, "cue", memory.n)
        if rows.ndim > 2:
            raise ValueError(f"cue must be (N,) or (B, N); its shape is {rows.shape}")
        self._single = rows.ndim == 1
        if rows.dtype.kind == "b":
            rows = np.where(rows, *(neuron.states or (-1, 1))[::-1])
        self._held, legal, self._full = _read(np.atleast_2d(rows), neuron)
        self._behind = False  # the cursor alone knows the state
        source = np.random.default_rng() if rng is None else generator(rng, "recall")
        self._streams = Streams.spawn(source, len(self._held))
        self._cursor: Cursor | None = None
        self._kernel = "field"
        self._evidence = not legal
        self._known: Any = None  # the energies of the state, where a kernel told
        self._records, self._several = _records(record)
        self._traces: list[list[Any]] = [[] for _ in self._records]
        self._sweeps, self._updates = np.zeros((2, len(self._held)), dtype=np.int64)
        self._plan: _Plan | None = None
        self._keep(*EVERY)

    @property
    def state(self) -> Floats:
        """Where it stands now, (N,) or (B, N), to be read only."""
        now = self._state.astype(np.float64)
        now.setflags(write=False)
        return now[0] if self._single else now

    @property
    def _state(self) -> Array:
        if self._behind and self._cursor is not None:
            self._held[:], self._behind = self._cursor.state, False
        return self._held

    def step(self, n: int = 1) -> int:
        """Make ``n`` moves of the order; return how many neurons now stand elsewhere."""
        left = count(n, "n", 0)
        if left == 1 and (found := self._leap_together()):
            return int(found.moved)
        before = self._state.copy()
        everyone = np.arange(len(self._state))
        while left:
            left -= self._advance(everyone, left)
        return int(np.count_nonzero(before != self._state))

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
        if given.dtype.kind == "b":
            given = np.where(given, *(self.neuron.states or (-1, 1))[::-1])
        values, legal, full = _read(given, self.neuron)
        self._held = self._state.astype(np.result_type(self._state, values), copy=False)
        self._held[:, chosen] = values
        self._evidence |= not legal
        self._full &= full
        self._cursor = self._known = None

    def settled(self) -> npt.NDArray[np.bool_] | bool:
        """Say whether the state is a fixed point: no neuron can move, whatever is drawn."""
        fixed = self._fixed(np.arange(len(self._state)))
        return bool(fixed[0]) if self._single else fixed

    def result(self, otherwise: str = "ran out of updates") -> Recall:
        """Return what stands now as a `Recall`."""
        return self._recall(np.zeros(len(self._state), dtype=np.int64), otherwise)

    def finish(self, sweeps: int = 100) -> Recall:
        """Run until every replica has stopped, or for ``sweeps`` sweeps.

        A sweep that `step` has begun is ended first, and not counted among them.
        """
        if self._plan is not None:
            self._advance(np.arange(len(self._state)))
        most = count(sweeps, "sweeps", 0)
        periods = np.zeros(len(self._state), dtype=np.int64)
        cycles = not (self.order.random or self.neuron.random)
        while most:
            if not periods.any() and (found := self._leap(most)):
                periods = found.periods
                break
            # Once its evidence has turned into states, a kernel may take what draws anew.
            part = 1 if self._evidence and not cycles else most
            relax(self._state, periods, self._advance, part, self._still, cycles)
            most -= part
        return self._recall(periods, "ran out of sweeps")

    def _leap(self, most: int) -> Swept | None:
        """Leave all sweeps to a kernel, if one can."""
        if not isinstance(self.neuron, TwoState) or self._records or self._evidence:
            return None
        cursor = self._open()
        try:
            found = cursor.sweeps(self.neuron, self.order, self._streams, most)
        except BaseException:  # Ctrl-C: keep where the states are, and no sums of others
            self._held[:], self._cursor, self._known = cursor.state, None, None
            raise
        if found:
            self._sweeps += found.sweeps
            self._updates += found.sweeps * found.moves
            self._kernel, self._known, self._behind = found.kernel, found.energies, True
        return found

    def _leap_together(self) -> Swept | None:
        """Do so with one move of all neurons, which is a sweep."""
        return self._leap(1) if type(self.order) is Sync and self._plan is None else None

    def _still(self, replicas: npt.NDArray[np.int64]) -> npt.NDArray[np.bool_]:
        """Say which replicas stand still for good, where none has moved in a sweep."""
        fixed = self._fixed(replicas)
        if not fixed.all():
            self._cursor = None  # rounding in its sums may hide a neuron that can move
        return fixed

    def _open(self) -> Cursor:
        if self._cursor is None:
            self._cursor = self.memory.open(self._state)
        return self._cursor

    def _recall(self, periods: npt.NDArray[np.int64], otherwise: str) -> Recall:
        if not periods.all():
            going = np.flatnonzero(periods == 0)
            periods[going] = self._fixed(going)
        names = {0: otherwise, 1: "fixed point"}
        why = [names.get(k) or f"{k}-cycle" for k in periods.tolist()]
        trace: Any = {
            r.name: np.stack(values) for r, values in zip(self._records, self._traces, strict=True)
        }
        if not self._several:
            trace = next(iter(trace.values()), None)
        undecided = np.zeros_like(periods) if self._full else self._unknown().sum(axis=1)
        one, energy = self._single, self._energies() if self.memory.symmetric else None
        return Recall(
            state=narrow((self._state[0] if one else self._state).copy()),
            why=why[0] if one else np.array(why),
            sweeps=int(self._sweeps[0]) if one else self._sweeps.copy(),
            updates=int(self._updates[0]) if one else self._updates.copy(),
            energy=energy,
            undecided=int(undecided[0]) if one else undecided,
            trace=trace,
            kernel=self._kernel,
        )

    def _unknown(self) -> npt.NDArray[np.bool_]:
        low, high = self.neuron.states or (np.nan, np.nan)
        ask = getattr(self._now(), "unknown", None)
        return np.asarray(ask(self._state) if ask else among(self._state, (low + high) / 2))

    def _energies(self) -> Any:
        energies = self._known
        if energies is None and self._cursor is not None:
            energies = self._cursor.energies()
        if energies is None:
            return self._energy()
        return float(energies[0]) if self._single else energies

    def _energy(self) -> Any:
        """Return the energy, with what graded neurons' states cost by themselves."""
        own = getattr(self.neuron, "energy", None)
        total = np.asarray(self.memory.energy(self.state) + (own(self.state) if own else 0.0))
        return total if total.ndim else float(total)

    def _fixed(self, replicas: npt.NDArray[np.int64]) -> npt.NDArray[np.bool_]:
        if not replicas.size or getattr(self.neuron, "restless", False):
            return np.zeros(replicas.size, dtype=bool)
        s = self._state[replicas]
        return np.asarray(self._now().settled(self._drive(s), s).all(axis=1))

    def _now(self) -> Neuron:
        """Return the neuron of the next sweep: one that changes in time says who it then is."""
        at = getattr(self.neuron, "at", None)
        return at(int(self._sweeps.max())) if at else self.neuron

    def _drive(self, s: Floats) -> Floats:
        return self.memory.gradient(s) if self.neuron.states is None else self.memory.field(s)

    def _advance(self, replicas: npt.NDArray[np.int64], most: int | None = None) -> int:
        """Make up to ``most`` moves, within the current sweep; return how many."""
        if self._plan is None:
            if most and self._leap_together():
                return 1
            self._plan = self._draw(replicas)
            self._sweeps[replicas] += 1
        self._known = None
        plan = self._plan
        moves = plan.left if most is None else min(plan.left, most)
        ends = plan.ends[plan.done : plan.done + moves]
        start = plan.ends[plan.done - 1] if plan.done else 0
        if plan.ends.size == self.memory.n and isinstance(plan.neuron, TwoState):
            self._one_by_one(plan, slice(start, ends[-1]), plan.neuron)
        else:
            alone = len(plan.ends) * getattr(plan.neuron, "width", 0) == self.memory.n
            move = self._unit if alone else self._together
            for stop in ends:
                move(plan, slice(start, stop))
                self._keep("update")
                start = stop
        self._updates[replicas] += moves
        plan.done += moves
        if not plan.left:
            self._streams.state[replicas] = plan.streams.state
            self._plan = None
            if self._evidence and self.neuron.states:
                # Sums over a cue of any size may be rounded: begin them anew from legal states.
                self._cursor = None
                self._evidence = not among(self._state, *self.neuron.states).all()
            self._keep("sweep")
        return moves

    def _draw(self, replicas: npt.NDArray[np.int64]) -> _Plan:
        """Draw one sweep: who moves when, and the neurons' thresholds."""
        neuron = self._now()
        width = getattr(neuron, "width", 1)
        n = self.memory.n // width
        streams = self._streams.of(replicas)
        if not self.order.random:
            sites, ends = _moves(self.order(n, None), n)
        elif getattr(self.order, "batched", False):
            sites, ends = _moves(self.order(n, streams), n, replicas.size)
        else:
            sweeps = [_moves(self.order(n, streams[r]), n) for r in range(replicas.size)]
            sites, ends = np.concatenate([s for s, _ in sweeps]), sweeps[0][1]
            if any(not np.array_equal(ends, e) for _, e in sweeps):
                raise ValueError("order must cut every replica's sweep into moves of equal sizes")
        if width > 1:  # the sites of a neuron move together
            sites = (sites[..., None] * width + np.arange(width)).reshape(len(sites), -1)
        shape = (replicas.size, self.memory.n)
        draws = neuron.draw(streams, shape) if isinstance(neuron, TwoState) else ((), ())
        return _Plan(replicas, np.broadcast_to(sites, shape), ends * width, streams, neuron, *draws)

    def _together(self, plan: _Plan, span: slice) -> None:
        """Move the neurons of one index array at once."""
        state = self._state[plan.replicas]
        # Where every replica has the same sites, a slice of columns is far quicker than a take.
        rows = np.arange(len(state))[:, None] if self.order.random else slice(None)
        sites = plan.sites[:, span] if self.order.random else plan.sites[0, span]
        neuron, rate = plan.neuron, getattr(self.order, "rate", 1.0)
        h, s = self._drive(state)[rows, sites], state[rows, sites]
        if isinstance(neuron, TwoState):
            theta, tie = plan.theta[:, span], plan.tie[:, span]
            state[rows, sites] = decide(h, s, theta, tie, *neuron.states)
        else:
            answer = neuron(h, s, plan.streams)
            if not np.abs(answer).max() <= LARGEST:
                raise ValueError(
                    f"memory and neuron must not drive each other beyond {LARGEST:g}: the states "
                    f"grow without end (sweep {int(self._sweeps.max())})"
                )
            state[rows, sites] = answer if rate == 1 else s + rate * (answer - s)
        self._state[plan.replicas] = state
        self._cursor = None

    def _unit(self, plan: _Plan, span: slice) -> None:
        """Move one neuron of several sites with the incremental cursor."""
        cursor, rows, sites = self._open(), plan.replicas, plan.sites[:, span]
        h = np.stack([cursor.fields(rows, i) for i in sites.T], axis=1)
        before = cursor.state[rows[:, None], sites]
        after = plan.neuron(h, before, plan.streams)
        for i, old, new in zip(sites.T, before.T, after.T, strict=True):
            moved = old != new
            if moved.any():
                cursor.assign(rows[moved], i[moved], new[moved])
        self._state[rows[:, None], sites] = after
        self._kernel = cursor.kernel

    def _one_by_one(self, plan: _Plan, span: slice, neuron: TwoState) -> None:
        """Visit neurons in turn with the incremental cursor."""
        cursor = self._open()
        rows, sites = plan.replicas, plan.sites[:, span]
        theta, tie = plan.theta[:, span], plan.tie[:, span]
        after = cursor.visit(rows, sites, theta, tie, *neuron.states)
        self._kernel = cursor.kernel
        if any(record.every == "update" for record in self._records):
            for k in range(sites.shape[1]):
                self._state[rows, sites[:, k]] = after[:, k]
                self._keep("update")
        else:
            self._state[rows] = cursor.state[rows]

    def _keep(self, *every: str) -> None:
        for record, values in zip(self._records, self._traces, strict=True):
            if record.every in every:
                mine = record.measure is _energy
                values.append(self._energy() if mine else record.measure(self.memory, self.state))


def network(
    memory: Memory, neuron: Neuron | None = None, order: Order | None = None
) -> tuple[Memory, Neuron, Order]:
    """Return the three parts of a network, checked, with `Sign` and `Shuffled` for None."""
    if not isinstance(memory, Memory) or not memory.n:
        raise TypeError(
            f"memory must be a hopfield memory of n neurons, not {describe(memory)}; "
            "hf.Couplings(W) makes one of a matrix, hf.hebb(xi) of patterns"
        )
    given = (neuron, "neuron"), (order, "order")
    neuron = _SIGN if neuron is None else neuron
    order = _SHUFFLED if order is None else order
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
    if 1 < memory.width != width > 1:
        raise ValueError(f"neuron has q = {width} states, but memory is written for {memory.width}")
    if memory.states and neuron.states and memory.states != neuron.states:
        raise ValueError(
            f"neuron has the states {neuron.states}, but memory is written for {memory.states}; "
            "memory.recode(low, high) turns one written for -1/+1 into it"
        )
    return memory, neuron, order


@dataclass
class _Plan:
    """One sweep of some replicas: sites (R, n), cut into moves that end at ``ends``."""

    replicas: npt.NDArray[np.int64]
    sites: npt.NDArray[np.int64]
    ends: npt.NDArray[np.int64]
    streams: Streams
    neuron: Neuron
    theta: Any
    tie: Any
    done: int = 0

    @property
    def left(self) -> int:
        return self.ends.size - self.done


def _read(given: Array, neuron: Neuron) -> tuple[Array, bool, bool]:
    """Return evidence on its grid, whether it is states and unknowns, and states alone.

    Where it is nothing else, and all of these are small whole numbers, it is int8.
    """
    if neuron.states is None:  # which any real state is legal for
        return given.astype(np.float64), True, False
    known, middle = [*neuron.states], sum(neuron.states) / 2
    legal = among(given, *known)  # which may lie between the marks of the grid
    if not legal.all():
        known.append(middle)
        legal |= among(given, middle)
    full = len(known) == 2
    if full or legal.all():  # a kernel at a temperature knows of nothing unknown
        bare = isinstance(neuron, TwoState)  # another's answers may be no such numbers
        kind = np.result_type(*map(short, known)) if bare else np.float64
        return given.astype(kind), full or not neuron.random, full and bare
    x = given.astype(np.float64)
    return np.where(legal, x, np.round(x * GRID) / GRID), False, False


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


def _records(record: Any) -> tuple[list[Record], bool]:
    """Return ``record=`` as a list of records, and whether it was given as several."""
    if record is None:
        return [], False
    several = isinstance(record, (list, tuple))
    found = []
    for r in record if several else [record]:
        if isinstance(r, type) or not (callable(r) or isinstance(r, Record)):
            raise TypeError(
                f"record must be hf.states(), hf.energy(), ... or a function of the state, "
                f"not {describe(r)}"
            )
        if r in (states, energy, overlaps, hamming_to):
            raise TypeError(f"record must be what hf.{r.__name__} returns: call it")
        if not isinstance(r, Record):
            r = Record(getattr(r, "__name__", type(r).__name__), partial(_of_state, r))
        found.append(r)
    names = [r.name for r in found]
    if len(set(names)) < len(names):
        raise ValueError(f"record must keep each name once, not {', '.join(names)}")
    return found, several


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
        What gives the field: `hebb`, `Couplings`, `Overlaps`, a sum of them ...
    cue : array_like of shape (N,) or (B, N)
        Evidence, any real numbers (read to a millionth); midway between the neuron's states
        (0 for -1/+1) means "not known". A neuron takes one of its states when it first moves.
        Each of B cues is recalled for itself, with its own order and its own stream of
        random numbers.
    neuron : Neuron
        `Sign()` by default.
    order : Order
        `Shuffled()` by default: one neuron at a time, each once a sweep.
    sweeps : int
        Stop after so many sweeps (N single updates each) at the latest.
    updates : int, optional
        Instead, make exactly so many moves of the order (single updates, unless neurons move
        together), whatever happens.
    record : Record, callable, or list of them
        What to keep: `states`, `energy`, `overlaps`, `hamming_to`, or a function of the state.
    rng : int or numpy.random.Generator
        Seed or generator; without it, what is drawn differs from call to call. A batch gives
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
