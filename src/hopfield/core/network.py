"""Networks: a memory, a neuron and an order that fit, and where replicas of one stand.

Outside, neurons have the states that their user chose; inside, those with two states are -1 and
+1, and 0 while they are not known. `Place` is where the one becomes the other.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from .. import engine
from ..base import exact
from ..base.checks import Array, describe
from ..base.forms import Rule, Session
from .cursors import Cursor
from .memory import Memory, from_signs, to_signs
from .neurons import Neuron, driven_by, threshold_neuron
from .orders import Order

Bools = npt.NDArray[np.bool_]
Ints = npt.NDArray[np.int64]

_EVERY = slice(None)
_NEEDS = {"neuron": ("states", "random", "settled"), "order": ("random",)}  # beside the call


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
    written = memory.neuron
    neuron, order = written if neuron is None else neuron, memory.order if order is None else order
    if neuron is None or order is None:
        name = "neuron" if neuron is None else "order"
        raise ValueError(
            f"{name} must be given: {memory} names none, or adds memories written for others"
        )
    # A neuron says what is settled, an order does not; both say whether they are random.
    for value, name in given:
        if value is None:
            continue
        made = callable(value) and not isinstance(value, type)
        missing = [part for part in _NEEDS[name] if not hasattr(value, part)]
        if not made or missing or (name == "order" and hasattr(value, "settled")):
            such = "hf.Sign()" if name == "neuron" else "hf.Sync()"
            also = f", and one of your own has {', '.join(missing)}" if made and missing else ""
            raise TypeError(
                f"{name} must be a hopfield {name}, not {describe(value)}; {such} is one{also}"
            )
    if neuron is not written:
        _fit(memory, neuron, written)
    if hasattr(order, "toward") and neuron.states:
        raise ValueError(
            f"order {order} moves graded neurons, such as hf.Graded(beta), not {neuron}"
        )
    return memory, neuron, order


def _fit(memory: Memory, neuron: Neuron, written: Neuron | None) -> None:
    """Refuse neurons of other states than the memory's, or that another drive moves."""
    if not hasattr(memory, driven_by(neuron)):
        raise ValueError(
            f"neuron {neuron} goes with a memory that gives its {driven_by(neuron)}, not {memory}"
        )
    width, q = getattr(neuron, "width", 1), getattr(written, "width", 1)
    if memory.n % width:
        raise ValueError(f"memory must have {width} sites for each {neuron}, not {memory.n} in all")
    if 1 < q != width > 1:
        raise ValueError(f"neuron has q = {width} states, but memory is written for {q}")
    two = neuron.states not in (None, (-1.0, 1.0))
    if two and memory.states is None and memory.symmetric and not memory.quadratic:
        raise ValueError(
            f"memory must say for which states its field is the derivative to go with {neuron}: "
            f"states = {neuron.states}, or quadratic = True where the field is W s + b"
        )
    if memory.states and neuron.states and memory.states != neuron.states:
        raise ValueError(
            f"neuron has the states {neuron.states}, but memory is written for {memory.states}; "
            "memory.recode(low, high) turns one written for -1/+1 into it"
        )


def read(given: Array, neuron: Neuron) -> tuple[Array, bool]:
    """Return evidence on its grid, and whether it is none but states and unknowns."""
    states = neuron.states
    if given.dtype.kind == "b":
        given = np.where(given, *(states or (-1, 1))[::-1])
    if states is None:  # which any real state is legal for
        return given.astype(np.float64), True
    legal = exact.among(given, *states, sum(states) / 2)
    if legal.all():
        return given, True
    x = given.astype(np.float64)
    return np.where(legal, x, exact.evidence(x)), False


class Place:
    """Where R replicas of a network stand.

    Parameters
    ----------
    memory, neuron, order
        The network, as `network` returns it.
    shown : ndarray of shape (R, n)
        The states outside, as `read` returns them.
    legal : bool
        Whether these are none but states and unknowns.
    held : ndarray of bool, shape (R, n), or None
        Which neurons are clamped, as many in each replica; None for none.

    Attributes
    ----------
    session : Session
        Who holds the states inside.
    states : (low, high)
        The two states inside.
    rule : Rule or None
        The neuron in numbers; None where it runs as it is.
    free : ndarray of int, shape (R, k), or None
        Who is not held; None where nobody is.
    """

    def __init__(
        self,
        memory: Memory,
        neuron: Neuron,
        order: Order,
        shown: Array,
        legal: bool,
        held: Bools | None = None,
    ) -> None:
        self.memory, self.neuron, self.order = memory, neuron, order
        self.legal, self._cue, self.held = legal, shown, held
        self.free = None if held is None else np.nonzero(~held)[1].reshape(len(held), -1)
        self._inside, self.rule, self.states = _lowered(memory, neuron, legal)
        self._outside = neuron.states or self.states  # graded neurons have the same in and out
        state = shown
        if self._outside != self.states:
            state = to_signs(shown.astype(np.float64), *self._outside)
            if not legal:
                state = np.where(exact.among(state, -1, 0, 1), state, exact.evidence(state))
        self.open(state)

    def open(self, state: Array) -> None:
        """Open a session at states as they are inside: the engine's, or the plain one."""
        inside, legal = self._inside, self.legal
        if inside is None:
            drive = getattr(self.memory, driven_by(self.neuron))
            held = self.memory.dtype if np.abs(state).max() < exact.SINGLE else np.float64
            self.session: Session = Cursor(drive, state.astype(held))
            return
        found = None
        if self.rule and legal:
            schedule = getattr(self.order, "schedule", None)
            signs = state.astype(np.int8, order="C", copy=False)
            if self.rule.width == 1 or np.array_equal(signs, state):
                found = engine.open(inside.form(), self.rule, schedule, signs)
        self.session = found or inside.open(state.astype(np.float64))

    def shown(self, rows: slice | Ints | int = _EVERY) -> Array:
        """Return the states of some replicas outside."""
        state: Array = self.session.state[rows]
        if self._outside == self.states:
            return state
        out = from_signs(state, *self._outside)
        return out if self.legal else np.where(exact.among(state, -1, 0, 1), out, self._cue[rows])

    def look_for_evidence(self) -> None:
        """Begin sums anew while evidence becomes states: over evidence they are coarser."""
        if self.rule and not self.legal:
            self.legal = bool(exact.among(self.session.state, *self.states).all())
            self.open(self.session.state)

    def fixed(self, replicas: Ints, neuron: Neuron) -> Bools:
        """Say which replicas stand still for good, by fields that nothing has rounded."""
        free = None if self.free is None else self.free[replicas]
        if free is not None and not free.size:  # nobody can move
            return np.ones(replicas.size, dtype=bool)
        parts = neuron, self.order
        if not replicas.size or any(getattr(part, "restless", False) for part in parts):
            return np.zeros(replicas.size, dtype=bool)
        found = self.session.settled(replicas) if free is None else None
        if found is None:
            if not self.session.exact:
                self.open(self.session.state)
            h, s = self.session.fields(replicas, free), self.shown(replicas)
            s = s if free is None else np.take_along_axis(s, free, axis=1)
            found = np.asarray(neuron.settled(h, s).all(axis=1))
        return found

    def undecided(self, neuron: Neuron) -> Ints:
        """Return how many neurons of each replica are not known, (R,)."""
        state = self.session.state
        ask = getattr(neuron, "unknown", None)
        if ask:
            return np.asarray(ask(state).sum(axis=1))
        if neuron.states is None:
            return np.zeros(len(state), dtype=np.int64)
        return np.asarray(exact.among(state, sum(self.states) / 2).sum(axis=1))

    def energies(self) -> Array | None:
        """Return the energies (R,) that the session has, where they are the memory's to the bit."""
        form = self.memory.form() if self.rule and self._inside is self.memory else None
        if form is None or form.bias is not None or form.source.several:
            return None  # a sum's is rounded term by term
        return self.session.energies()


def _lowered(
    memory: Memory, neuron: Neuron, legal: bool
) -> tuple[Memory | None, Rule | None, tuple[float, float]]:
    """Return the memory of -1/+1 neurons that a network runs on, its rule, and its two states.

    Neurons that are not two-valued, and memories that are for their own states alone, run as
    they are: there is then no memory inside, or no rule. So does evidence that is on its grid
    as it stands, and would not be inside.
    """
    states, changing = neuron.states, getattr(neuron, "at", None)
    if states is None:
        return None, None, (-1.0, 1.0)
    if getattr(neuron, "width", 1) > 1:
        rule = getattr(changing(0) if changing else neuron, "rule", None)
        found = rule() if rule and legal else None
        return memory, found._replace(law="own") if found and changing else found, states
    inside = memory.signed(*states)
    if inside is None:
        return None, None, states
    if not legal and memory.states is None and not exact.is_kept(*states):
        return memory, None, states
    if threshold_neuron(neuron):
        return inside, neuron.rule(), (-1.0, 1.0)
    if changing and threshold_neuron(changing(0)):  # thresholds of another law each sweep
        return inside, Rule(*states, "own"), (-1.0, 1.0)
    return memory, None, states
