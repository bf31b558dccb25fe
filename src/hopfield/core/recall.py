"""Recall: a network falls from a cue into an attractor, at once or step by step.

`loop.py` says how; this is what comes out of it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, fields, replace
from functools import partial
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from ..base import shown
from ..base.checks import Array, Floats, Rng, count, generator, numbers, real, vectors
from ..base.forms import Session
from ..base.progress import Watch, telling
from ..base.saved import equal, savable
from ..base.streams import Streams
from . import clamps
from .loop import Brent, Loop
from .memory import Memory
from .network import Bools, Ints, Place, network, read
from .neurons import Neuron
from .orders import Order
from .patterns import narrow
from .record import EVERY, NOTHING, Kept

_INT8 = np.dtype(np.int8)
_AS_BYTES = 4096
_LEFT = "why", "period", "energy"  # of graded neurons: found when somebody asks


class Step(NamedTuple):
    """What `Run.step` came to.

    Attributes
    ----------
    moved : int
        Neurons that now stand elsewhere.
    why : str or ndarray of str
        Why it stopped, as `Recall` says; "" while it has not. For a batch one for each cue. What
        has been found stays so until `Run.set` changes the state.
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
        The last state; int8 where every neuron has taken a small integer state. Pictures (rows,
        columns), where the cue was one.
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
    period: Any = field(default_factory=int)
    __eq__ = equal
    _repr_html_ = shown.recall

    def __getattr__(self, name: str) -> Any:
        """Find out what `Run.result` left until somebody asks: it takes as long as two sweeps."""
        if name not in _LEFT or "_find" not in self.__dict__:
            raise AttributeError(f"Recall has no attribute {name!r}")
        self.__dict__.update(self.__dict__["_find"]())
        return self.__dict__[name]

    def parts(self) -> dict[str, object]:
        """Return the arguments that rebuild this result: what a file holds of it."""
        return {f.name: getattr(self, f.name) for f in fields(self)}

    def __getstate__(self) -> dict[str, object]:
        """Return what is pickled: all found."""
        return self.parts()

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
    memory, cue, neuron, order, clamp, record, rng
        As for `recall`; ``clamp`` must hold as many neurons in each cue.

    Attributes
    ----------
    state : ndarray of float64, shape (N,) or (B, N)
        Where it stands now.
    period : int or ndarray of int, shape (B,)
        What `step` and `settled` have found, as `Recall` has it: 1 at a fixed point, k on a
        cycle, 0 before.

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
        clamp: npt.ArrayLike | None = None,
        record: object = None,
        rng: Rng | Streams | None = None,
    ) -> None:
        self.memory, self.neuron, self.order = network(memory, neuron, order)
        cue, clamp = clamps.spread(self.memory, cue, clamp)
        shown, legal, self._single = _cue(cue, self.memory.n, self.neuron)
        held = None if clamp is None else clamps.held(clamp, shown, self._single, self.neuron)
        if held is not None and np.ptp(held.sum(axis=1)):
            raise ValueError(
                "clamp must hold as many neurons in each cue that a run steps or records"
            )
        place = Place(self.memory, self.neuron, self.order, shown, legal, held)
        if rng is None and not (self.order.random or self.neuron.random):
            rng = Streams(*np.ones((2, len(shown)), np.uint64))  # nobody draws, so any will do
        self._loop = Loop(place, _streams(rng, len(shown)))
        given = np.shape(cue)
        self._picture = given[-2:] if given[-1] != self.memory.n else ()
        self.streams, self.counts = self._loop.streams, self._loop.counts
        self._kept = NOTHING if record is None else Kept(record)
        self._quiet = 0
        self._past: Brent | None = None
        self._kept.keep(self, *EVERY)

    @property
    def session(self) -> Session:
        """Who holds the states."""
        return self._loop.place.session

    @property
    def state(self) -> Floats:
        """Where it stands now, (N,) or (B, N), to be read only."""
        now = self._loop.place.shown().astype(np.float64)
        now.setflags(write=False)
        return now[0] if self._single else now

    @property
    def period(self) -> Ints | int:
        """What has been found of it: 1 for a fixed point, k for a cycle, 0 before; () or (B,)."""
        return int(self.counts.period[0]) if self._single else self.counts.period.copy()

    def energy(self) -> Floats | float:
        """Return the energy now, () or (B,), that of graded neurons' own states included."""
        return self._energy(self._loop.place)

    def _energy(self, place: Place) -> Floats | float:
        found = place.energies()
        if found is not None:
            return float(found[0]) if self._single else found
        own, s = getattr(self.neuron, "energy", None), place.shown().astype(np.float64)
        s = s[0] if self._single else s
        total = np.asarray(self.memory.energy_of_reals(s) + (own(s) if own else 0.0))
        return total if total.ndim else float(total)

    def step(self, n: int = 1) -> Step:
        """Make exactly ``n`` moves of the order; say how many neurons moved and why it stopped."""
        n = count(n, "n", 0)
        left = n if self._movable() else 0
        period, everyone = self.counts.period, np.arange(len(self.counts.period))
        before, found, a_sweep = _held(self.session).copy(), period.copy(), self._moves_a_sweep()
        try:
            while left:
                period[:] = 0
                whole = self._loop.sweep is None and a_sweep and left >= a_sweep
                if whole and not self._kept.records and self._leave_one(bool(found.all())):
                    left -= a_sweep
                else:
                    left -= self._advance(everyone, left)
                found = np.where(found, found, period)
        finally:
            period[:] = found  # once at rest, or on a cycle, always
        moved = _differing(before, self.session)
        self._quiet = 0 if moved else self._quiet + n
        if not period.all() and 8 * self._quiet >= (a_sweep or 1):
            self._quiet = 0  # not for every move: it takes all fields
            self.settled()
        return Step(moved, _why(period, "", self._single))

    def _leave_one(self, found: bool) -> bool:
        """Leave one sweep to the session; False where it makes none.

        Cycles of such sweeps are looked for here, unless all that there are have been ``found``,
        or the loop has begun to look.
        """
        past, self._past = self._past, None  # it begins anew where Ctrl-C comes within
        if not self._loop.repeats:
            return self._loop.leave(1) > 0
        if self._loop.brent:
            return False
        if past is None and not found:
            past = Brent(_held(self.session))
        if not self._loop.leave(1):
            return False
        if past and not found:
            everyone = np.arange(len(self.counts.period))
            back, period = past.seen(_held(self.session), everyone)
            self.counts.period[back & (self.counts.period == 0)] = period
            self._past = past
        return True

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
        new, legal = read(given, self.neuron)
        place = self._loop.place
        shown = place.shown().astype(np.float64)
        shown[:, chosen] = new
        self._quiet, self.counts.period[:], self._loop.brent, self._past = 0, 0, None, None
        self._loop.place = Place(
            self.memory, self.neuron, self.order, shown, place.legal and legal, place.held
        )

    def settled(self) -> Bools | bool:
        """Say whether the state is a fixed point: no neuron can move, whatever is drawn."""
        everyone = np.arange(len(self.counts.period))
        fixed = self._loop.place.fixed(everyone, self._loop.now())
        self.counts.period[fixed] = 1
        return bool(fixed[0]) if self._single else fixed

    def result(self, otherwise: str = "ran out of updates") -> Recall:
        """Return what stands now as a `Recall`."""
        period = self.counts.period
        found = period.copy()
        period[:] = 0
        try:
            return self._result(otherwise)
        finally:
            period[:] = np.where(found, found, period)

    def finish(self, sweeps: int = 100, *, progress: Watch | None = None) -> Recall:
        """Run until every replica has stopped, or for ``sweeps`` sweeps.

        A sweep that `step` has begun is ended first, and not counted among them.

        Parameters
        ----------
        sweeps : int
            At most.
        progress : callable, optional
            Called now and then with a `hopfield.base.progress.Progress`, and at the end; ``print``
            will do. Sweeps are then made one by one, which takes longer.
        """
        sweeps = count(sweeps, "sweeps", 0)
        loop, left = self._loop, sweeps if self._movable() else 0
        tell = None if progress is None else telling(progress, "recall", left, "sweeps")
        if loop.sweep is not None:
            self._advance(loop.sweep.replicas)
        self.counts.period[:], loop.brent, self._past = 0, None, None
        while left:
            alone = loop.brent or (tell and loop.repeats)  # the loop itself looks for cycles
            made = 0 if self._kept.records or alone else loop.leave(1 if tell else left)
            if not made:
                self._advance(np.flatnonzero(self.counts.period == 0))
                made = 1
            left -= made
            if tell:
                tell(sweeps - left)
            if self._stopped():
                break
        if tell:
            tell(sweeps)
        loop.brent = None  # whatever comes next begins anew, whoever made these sweeps
        return self._result("ran out of sweeps")

    def _advance(self, replicas: Ints, most: int | None = None) -> int:
        """Make moves of the loop, and keep what is to be kept."""
        kept = self._kept
        kept.keep_what_is_owed(self)
        each = partial(kept.keep, self, "update") if kept.has("update") else None
        moves = self._loop.advance(replicas, most, each)
        if self._loop.sweep is None:
            kept.keep(self, "sweep")
        return moves

    def _stopped(self) -> bool:
        """Say whether every replica has been found to stand still, or to go round."""
        period = self.counts.period
        return bool(period[0] if self._single else period.all())

    def _moves_a_sweep(self) -> int:
        """Return how many moves a sweep is, where the engine knows that; else 0."""
        schedule = getattr(self.order, "schedule", None)
        width = getattr(self.neuron, "width", 1)
        return 0 if schedule is None else 1 if schedule == "together" else self._movable() // width

    def _movable(self) -> int:
        """Return how many sites are not clamped."""
        free = self._loop.place.free
        return self.memory.n if free is None else free.shape[1]

    def _result(self, otherwise: str) -> Recall:
        counts, one, place, now = self.counts, self._single, self._loop.place, self._loop.now()
        graded = self.neuron.states is None
        if not (graded or self._stopped()):
            _prove(counts.period, place, now)
        sweeps, updates, period = counts.table[:, 0].tolist() if one else counts.table.copy()
        state = narrow(place.shown(0 if one else slice(None)).copy())
        if one and place.rule and place.rule.width == 1:  # the quickest way to count zeros
            undecided: Any = state.size - int(np.count_nonzero(place.session.state))
        else:
            undecided = place.undecided(now)
            undecided = int(undecided[0]) if one else undecided
        if self._picture:
            state = state.reshape(*state.shape[:-1], *self._picture)
        found = Recall(
            state=state,
            why=_why(counts.period, otherwise, one),
            sweeps=sweeps,
            updates=updates,
            energy=self.energy() if self.memory.symmetric and not graded else None,
            undecided=undecided,
            trace=self._kept.trace(self),
            kernel=place.session.name,
            period=period,
        )
        if graded:
            for name in _LEFT:
                del found.__dict__[name]
            found.__dict__["_find"] = self._left(otherwise)
        return found

    def _left(self, otherwise: str) -> Callable[[], dict[str, object]]:
        """Return what finds the proof and the energy of graded neurons as they stand now."""
        one, period, now = self._single, self.counts.period.copy(), self._loop.now()
        shown, held = self._loop.place.shown().copy(), self._loop.place.held
        network = self.memory, self.neuron, self.order

        def find() -> dict[str, object]:
            then = Place(*network, shown, True, held)
            _prove(period, then, now)
            energy = self._energy(then) if self.memory.symmetric else None
            ended = int(period[0]) if one else period
            return {"why": _why(period, otherwise, one), "period": ended, "energy": energy}

        return find


def _cue(cue: npt.ArrayLike, n: int, neuron: Neuron) -> tuple[Array, bool, bool]:
    """Return the cue (R, n), whether it holds none but states, and whether it was one."""
    if type(cue) is np.ndarray and cue.dtype is _INT8 and neuron.states == (-1, 1):
        if cue.ndim in (1, 2) and cue.shape[-1] == n and cue.size:
            if _of_signs(cue):
                return cue.reshape(-1, n).copy(), True, cue.ndim == 1
    rows = np.array(vectors(cue, "cue", n), order="C")  # the caller's own is left alone
    if rows.ndim > 2:
        raise ValueError(f"cue must be (N,) or (B, N); its shape is {rows.shape}")
    return *read(np.atleast_2d(rows), neuron), rows.ndim == 1


def _of_signs(x: Array) -> bool:
    """Say whether int8 holds -1, 0 and 1 alone; a few thousand are quicker asked as bytes."""
    if x.size <= _AS_BYTES:
        return not x.tobytes().translate(None, b"\xff\x00\x01")
    return bool((x.view(np.uint8) + np.uint8(1)).max() <= 2)


def _streams(rng: Rng | Streams | None, replicas: int) -> Streams:
    if isinstance(rng, Streams):
        return rng
    return Streams.spawn(generator(rng, "recall"), replicas)


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


def _prove(period: Ints, place: Place, neuron: Neuron) -> None:
    """Write 1 beside the replicas of period 0 that stand still for good."""
    going = np.flatnonzero(period == 0)
    period[going] = place.fixed(going, neuron)


def _why(period: Ints, otherwise: str, one: bool) -> Any:
    """Return in words why replicas of these periods (R,) stopped."""
    words = {0: otherwise, 1: "fixed point"}
    if one:
        return words.get(int(period[0]), f"{period[0]}-cycle")
    seen = np.bincount(period).tolist()
    why = np.array([words.get(k, f"{k}-cycle") if times else "" for k, times in enumerate(seen)])
    return why[period]


def _held(session: Session) -> Array:
    """Return the states as a session holds them: in words of bits, or as they are."""
    words: Array | None = getattr(session, "words", None)
    return session.state if words is None else words


def _differing(before: Array, session: Session) -> int:
    """Return how many neurons are elsewhere than in states that `_held` gave."""
    if before.dtype == np.uint64:
        return int(np.bitwise_count(before ^ _held(session)).sum())
    return int(np.count_nonzero(before != session.state))


def recall(
    memory: Memory,
    cue: npt.ArrayLike,
    *,
    neuron: Neuron | None = None,
    order: Order | None = None,
    clamp: npt.ArrayLike | None = None,
    sweeps: int = 100,
    updates: int | None = None,
    record: object = None,
    rng: Rng | Streams | None = None,
) -> Recall:
    """Let a network fall from a cue into an attractor.

    Parameters
    ----------
    memory : Memory
        What gives the field: `hebb`, `Couplings`, `modern`, a sum of them ...
    cue : array_like of shape (N,) or (B, N)
        Evidence, any real numbers (read to a millionth); midway between the neuron's states
        (0 for -1/+1) means "not known". A neuron takes one of its states when it first moves.
        Or a picture of N pixels (rows, columns), or B of them; ``state`` is then one, too.
        Each of B cues is recalled for itself, with its own order and its own stream of
        random numbers.
    neuron : Neuron
        By default what the memory was written for, ``memory.neuron``: mostly `Sign()`.
    order : Order
        By default ``memory.order``, mostly `Shuffled()`: one neuron at a time, each once a sweep.
    clamp : array_like of bool, shape (N,) or (B, N), optional
        Neurons that keep the state of their cue: what is known for certain. The others see them,
        and move as the smaller network that they make up with a bias; a sweep visits them alone,
        and a fixed point is one of theirs.
    sweeps : int
        Stop after so many sweeps (N single updates each) at the latest.
    updates : int, optional
        Instead, make exactly so many moves of the order (single updates, unless neurons move
        together), whatever happens.
    record : Record, callable, or list of them
        What to keep: what ``hf.record`` makes, or a function of the state.
    rng : int or numpy.random.Generator
        Seed or generator, or whatever else `numpy.random.default_rng` takes; without it, what is
        drawn differs from call to call. A batch gives what its cues give one after the other with
        the same generator.

    Returns
    -------
    Recall
        The state, why it stopped, and what was recorded.

    Notes
    -----
    A cue of 0 and 1 is evidence like any other: to -1/+1 neurons its zeros are unknown, and fewer
    patterns are recalled than from -1 and +1, so `hebb` and `flip` refuse such numbers. Bools are
    the two states: give ``cue > 0``.

    A batch runs on all cores, or as many threads as ``hf.threads(k)`` or HOPFIELD_THREADS say; the
    result is the same to the bit. So recall many cues by one call, not by threads of your own.

    ``hf.Run(memory, cue).finish(sweeps, progress=print)`` does the same and says how far it is.

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

    Half of a pattern is known for certain, and nothing of the rest:

    >>> known = hf.blank(xi[0], slice(0, 100)) != 0
    >>> r = hf.recall(hf.hebb(xi), xi[0] * known, clamp=known, rng=3)
    >>> bool((r.state == xi[0]).all())
    True
    """
    sweeps = count(sweeps, "sweeps", 0)
    updates = None if updates is None else count(updates, "updates", 0)
    cue, clamp = clamps.spread(memory, cue, clamp)
    options: dict[str, Any] = {"neuron": neuron, "order": order}
    groups: list[Ints] = []
    if clamp is not None and record is None:
        groups = clamps.alike(network(memory, neuron, order), cue, clamp)
    if len(groups) > 1:
        cues, held = np.asarray(cue), np.asarray(clamp)
        streams = _streams(rng, len(cues))
        options |= {"sweeps": sweeps, "updates": updates}
        found = [
            recall(memory, cues[rows], clamp=held[rows], rng=streams.of(rows), **options)
            for rows in groups
        ]
        return _joined(groups, found)
    run = Run(memory, cue, clamp=clamp, record=record, rng=rng, **options)
    if updates is None:
        return run.finish(sweeps)
    run.step(updates)
    return run.result()


def _joined(groups: list[Ints], found: list[Recall]) -> Recall:
    """Return what came out of groups of a batch as that of the batch."""
    at = np.argsort(np.concatenate(groups))

    def all_of(name: str) -> Array | None:
        values = [getattr(r, name) for r in found]
        return None if values[0] is None else np.concatenate(values)[at]

    names = ("state", "why", "sweeps", "updates", "energy", "undecided", "period")
    parts: dict[str, Any] = {name: all_of(name) for name in names}
    return replace(found[0], **parts)
