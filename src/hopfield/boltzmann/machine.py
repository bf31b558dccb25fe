"""Boltzmann machines: neurons of two states whose law is exp(-E/T), some of them hidden."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import numpy.typing as npt

from .. import engine
from ..analysis.landscape import all_states
from ..base.checks import (
    Array,
    Floats,
    Rng,
    choice,
    count,
    describe,
    generator,
    real,
    room,
    vectors,
)
from ..base.saved import savable
from ..base.streams import Streams
from ..core import clamps
from ..core.couplings import Couplings
from ..core.memory import Bias, Sum, scalar
from ..core.neurons import HeatBath, Sign
from ..core.orders import Blocks, Order
from ..core.patterns import narrow
from ..core.recall import recall
from .gibbs import alternate, answers, log_sum, mean
from .law import LARGEST, log_likelihood, read, temperature

CODINGS = {"bipolar": (-1.0, 1.0), "01": (0.0, 1.0)}
_BLOCK = 2**20  # values of states worked on at once


@savable
class Machine(Sum):
    """A Boltzmann machine: E = -1/2 s.W s - b.s, its last neurons hidden.

    It is the memory ``Couplings(weights) + Bias(bias)``, which recalls, adds and saves as any
    other; `sample` draws from its law exp(-E/T) / Z.

    Parameters
    ----------
    weights : array_like of shape (N, N)
        Symmetric; the diagonal is left out.
    bias : float or array_like of shape (N,)
        The fields b.
    hidden : int
        How many of the neurons, the last ones, are hidden.
    coding : {"bipolar", "01"}
        The states: -1/+1, or 0/1.

    Attributes
    ----------
    visible : int
        Neurons that are not hidden.

    Raises
    ------
    TypeError, ValueError
        For weights that are not square and symmetric, biases that do not fit, or no visible
        neuron.

    References
    ----------
    Ackley, Hinton & Sejnowski 1985, doi:10.1207/s15516709cog0901_7.

    Examples
    --------
    >>> import hopfield as hf
    >>> machine = hf.boltzmann.Machine([[0, 1], [1, 0]])
    >>> machine.energy([1, 1]), hf.boltzmann.law(machine).round(3)
    (-1.0, array([0.44, 0.06, 0.06, 0.44]))
    """

    def __init__(
        self, weights: Any, bias: npt.ArrayLike = 0.0, hidden: int = 0, coding: str = "bipolar"
    ) -> None:
        states = CODINGS[choice(coding, "coding", CODINGS)]
        pairs = Couplings(weights, neuron=Sign(*states))
        if not pairs.symmetric:
            raise ValueError("weights must be symmetric, W_ij = W_ji")
        super().__init__([pairs, Bias(_bias(bias, "bias", pairs.n), pairs.n)])
        self.hidden, self.coding = count(hidden, "hidden", 0, self.n - 1), coding
        self.visible, self.states = self.n - self.hidden, states

    def __repr__(self) -> str:
        hidden = f" and {self.hidden} hidden" if self.hidden else ""
        coding = "" if self.coding == "bipolar" else ", 01"
        return f"{type(self).__name__}({self.visible} visible{hidden} neurons{coding})"

    @property
    def weights(self) -> Floats:
        """The couplings W (N, N): a new array."""
        return np.asarray(self.memories[0].weights)  # type: ignore[attr-defined]

    def parts(self) -> dict[str, object]:
        """Return the arguments that rebuild this machine: what a file holds of it."""
        return {
            "weights": self.weights,
            "bias": self.bias,
            "hidden": self.hidden,
            "coding": self.coding,
        }

    def free_energy(self, v: npt.ArrayLike, T: float = 1.0) -> Floats | float:
        """Return F(v) = -T ln sum_h exp(-E(v, h)/T) of visible states (..., M), shape (...).

        Parameters
        ----------
        v : array_like of shape (..., M)
            States of the visible neurons.
        T : float
            Temperature, above 0.

        Raises
        ------
        ValueError
            For more than 20 hidden neurons that are coupled.
        """
        T = temperature(T)
        flat, shape = self._visible_rows(v)
        if not self.hidden:
            return scalar(np.asarray(self.energy(flat)).reshape(shape))
        blocks = hidden_weights(self.weights, self.bias, CODINGS[self.coding], flat, T)
        found = [-T * np.logaddexp.reduce(x, axis=1) for _, x in blocks]
        return scalar(np.concatenate(found).reshape(shape))

    def hidden_means(self, v: npt.ArrayLike, T: float = 1.0) -> Floats:
        """Return the means (K, hidden) of the hidden neurons, given visible states (K, M)."""
        rows = read(v, self.visible, CODINGS[self.coding])
        found, T = [], temperature(T)
        for h, x in hidden_weights(self.weights, self.bias, CODINGS[self.coding], rows, T):
            p = np.exp(x - np.logaddexp.reduce(x, axis=1, keepdims=True))
            found.append(p @ h)
        return np.concatenate(found)

    def log_likelihood(self, data: npt.ArrayLike, T: float = 1.0) -> float:
        """Return the mean of ln P over rows (K, M): `boltzmann.log_likelihood`."""
        return log_likelihood(self, data, T)

    def sample(
        self,
        n: int = 1,
        *,
        cue: npt.ArrayLike | None = None,
        clamp: npt.ArrayLike | None = None,
        sweeps: int = 1000,
        T: float = 1.0,
        rng: Rng | None = None,
    ) -> Array:
        """Draw states of the visible neurons from the law, one chain each.

        Parameters
        ----------
        n : int
            How many.
        cue : array_like of shape (M,) or (n, M), optional
            Where the chains begin; by default, and where it is unknown (midway between the two
            states), at random.
        clamp : array_like of bool, shape (M,) or (n, M), optional
            Neurons that keep the state of their cue: the law is then that of the others, given
            these.
        sweeps : int
            How many each chain makes.
        T : float
            Temperature, above 0.
        rng
            As for `recall`.

        Returns
        -------
        ndarray of shape (n, M)
            int8.

        Raises
        ------
        TypeError, ValueError
            For arguments that do not fit.
        """
        n, T, states = count(n, "n", 1), temperature(T), CODINGS[self.coding]
        room("n", n, self.n)
        streams = Streams.spawn(generator(rng, "sample"), n)
        start = np.where(streams.random((n, self.n)) < 0.5, *states)
        held, seen = None, start[:, : self.visible]
        given = seen if cue is None else _chains(cue, n, self.visible, states)
        if clamp is not None:
            if cue is None:
                raise ValueError("clamp needs a cue, whose states it holds")
            held = clamps.held(clamp, given, False, Sign(*states))
        seen[:] = np.where(given == sum(states) / 2, seen, given)
        if held is not None:
            held = np.concatenate([held, np.zeros((n, self.hidden), bool)], axis=1)
        end = self._sampled(start, held, count(sweeps, "sweeps", 0), T, streams)
        return narrow(end[:, : self.visible])

    def reconstruct(self, v: npt.ArrayLike, T: float = 1.0) -> Floats:
        """Return what the others, hidden ones at their means, make of each visible neuron (K, M).

        Parameters
        ----------
        v : array_like of shape (K, M)
            States of the visible neurons.
        T : float
            Temperature, above 0.

        Returns
        -------
        ndarray of shape (K, M)
            Mean states.
        """
        rows = read(v, self.visible, CODINGS[self.coding])
        hidden = [self.hidden_means(rows, T)] if self.hidden else []
        h = self.field(np.concatenate([rows, *hidden], axis=1))[:, : self.visible]
        return mean(h, CODINGS[self.coding], T)

    def _visible_rows(self, v: npt.ArrayLike) -> tuple[Floats, tuple[int, ...]]:
        """Return visible states (..., M) as rows, and the shape of what there is one of a row."""
        x = vectors(v, "v", self.visible)
        rows = read(x.reshape(-1, self.visible), self.visible, CODINGS[self.coding], "v")
        return rows, x.shape[:-1]

    def _sampled(
        self, start: Floats, held: Array | None, sweeps: int, T: float, streams: Streams
    ) -> Array:
        neuron = HeatBath(T, *CODINGS[self.coding])
        return recall(self, start, neuron=neuron, clamp=held, sweeps=sweeps, rng=streams).state


@savable
class Restricted(Machine):
    """A restricted Boltzmann machine: E = -v.w h - b.v - c.h, no coupling within a layer.

    Parameters
    ----------
    weights : array_like of shape (M, H)
        The couplings w between visible and hidden neurons.
    visible_bias, hidden_bias : float or array_like of shape (M,), (H,)
        The fields b and c.
    coding : {"bipolar", "01"}
        The states: -1/+1, or 0/1.

    Raises
    ------
    TypeError, ValueError
        For weights that are no matrix, or biases that do not fit.

    References
    ----------
    Smolensky 1986, "Information processing in dynamical systems"; Hinton 2002,
    doi:10.1162/089976602760128018.

    Examples
    --------
    >>> import hopfield as hf
    >>> machine = hf.boltzmann.Restricted([[1.0], [-1.0]])
    >>> hf.boltzmann.law(machine).round(3)  # its hidden neuron sees how the visible ones differ
    array([0.105, 0.395, 0.395, 0.105])
    """

    def __init__(
        self,
        weights: npt.ArrayLike,
        visible_bias: npt.ArrayLike = 0.0,
        hidden_bias: npt.ArrayLike = 0.0,
        coding: str = "bipolar",
    ) -> None:
        w = np.array(real(weights, "weights"), dtype=np.float64)
        if w.ndim != 2:
            raise ValueError(f"weights must be a matrix (M, H); the shape is {w.shape}")
        m, h = w.shape
        b, c = _bias(visible_bias, "visible_bias", m), _bias(hidden_bias, "hidden_bias", h)
        whole = np.block([[np.zeros((m, m)), w], [w.T, np.zeros((h, h))]])
        super().__init__(whole, np.concatenate([b, c]), h, coding)
        w = self.weights[:m, m:].copy()  # as they count: on their grid
        for array in (w, b, c):
            array.setflags(write=False)
        self.w, self.b, self.c = w, b, c

    @property
    def order(self) -> Order:  # type: ignore[override]
        """The two layers in turn."""
        return Blocks(slice(0, self.visible), slice(self.visible, self.n))

    def parts(self) -> dict[str, object]:
        """Return the arguments that rebuild this machine: what a file holds of it."""
        named = {"weights": self.w, "visible_bias": self.b, "hidden_bias": self.c}
        return {**named, "coding": self.coding}

    def free_energy(self, v: npt.ArrayLike, T: float = 1.0) -> Floats | float:
        """Return F(v) = -b.v - T sum_u ln sum_h exp(h (c_u + w_u.v) / T), shape (...)."""
        rows, shape = self._visible_rows(v)
        states = CODINGS[self.coding]
        return scalar(_free(rows, self.w, self.b, self.c, states, temperature(T)).reshape(shape))

    def hidden_means(self, v: npt.ArrayLike, T: float = 1.0) -> Floats:
        """Return the means (K, H) of the hidden neurons, given visible states (K, M)."""
        rows = read(v, self.visible, CODINGS[self.coding])
        return mean(self.c + rows @ self.w, CODINGS[self.coding], temperature(T))

    def log_weights(self, T: float) -> Iterator[Floats]:
        """Yield -F/T of all states of the smaller layer, in blocks: what ln Z is made of."""
        sides = [(self.w, self.b, self.c), (self.w.T, self.c, self.b)]
        w, b, c = sides[self.hidden < self.visible]
        if len(w) > LARGEST:
            raise ValueError(
                f"memory must have at most {LARGEST} neurons in its smaller layer for "
                f'method="exact", not {len(w)}; method="ais" samples'
            )
        states = CODINGS[self.coding]
        for s in some_states(len(w), states, w.shape[1]):
            yield _free(s, w, b, c, states, T) / -T

    def annealed(self, T: float, steps: int, streams: Streams) -> tuple[float, Floats]:
        """Return ln Z of the visible biases alone, and what chains add as w and c come in."""
        states, b = CODINGS[self.coding], self.b
        v = answers(np.broadcast_to(b, (streams.state.size, b.size)), streams, states, T)
        base = log_sum(b, states, T).sum() + self.hidden * np.log(2)
        total = np.zeros(len(v))
        before = log_sum(np.zeros((1, self.hidden)), states, T).sum(axis=1)
        for k in range(1, steps + 1):
            x = k / steps * (self.c + v @ self.w)
            total += log_sum(x, states, T).sum(axis=1) - before
            h = answers(x, streams, states, T)
            v = answers(b + k / steps * (h @ self.w.T), streams, states, T)
            before = log_sum(k / steps * (self.c + v @ self.w), states, T).sum(axis=1)
        return float(base), total

    def _sampled(
        self, start: Floats, held: Array | None, sweeps: int, T: float, streams: Streams
    ) -> Array:
        m = self.visible
        still = None if held is None else held[:, :m]
        low, high = CODINGS[self.coding]
        layers = engine.Layers(self.w, self.b, self.c, (low, high), T / (high - low))
        return alternate(layers, start[:, :m], still, sweeps, streams)


def restricted(
    weights: npt.ArrayLike,
    visible_bias: npt.ArrayLike = 0.0,
    hidden_bias: npt.ArrayLike = 0.0,
    coding: str = "bipolar",
) -> Restricted:
    """Return a restricted machine of given parameters; see `Restricted`.

    Examples
    --------
    >>> import hopfield as hf
    >>> hf.boltzmann.restricted([[1.0], [-1.0]], coding="01")
    Restricted(2 visible and 1 hidden neurons, 01)
    """
    return Restricted(weights, visible_bias, hidden_bias, coding)


def coded(machine: Machine, coding: str) -> tuple[Machine, float]:
    """Return the same machine in another coding, and by how much its energies are lower.

    With s = 2 x - 1 the couplings become 4 W and the biases 2 b - 2 sum_j W_ij; a state of -1/+1
    has the energy of its 0/1 twin less the constant, and ln Z is larger by the constant / T.

    Parameters
    ----------
    machine : Machine
        What `fit` returns, say.
    coding : {"bipolar", "01"}
        Of the new one.

    Returns
    -------
    machine : Machine
    constant : float
        ``new.energy(new states) - machine.energy(states)``.

    Raises
    ------
    ValueError
        For an unknown coding.

    Examples
    --------
    >>> import hopfield as hf
    >>> m = hf.boltzmann.Machine([[0, 1], [1, 0]], [0.5, 0])
    >>> new, constant = hf.boltzmann.coded(m, "01")
    >>> new.energy([1, 0]) - m.energy([1, -1]) == constant
    True
    """
    if not isinstance(machine, Machine):
        raise TypeError(f"machine must be a Machine, not {describe(machine)}")
    if choice(coding, "coding", CODINGS) == machine.coding:
        return machine, 0.0
    w, b = machine.weights, machine.bias
    if coding == "01":
        scale, bias = 4.0, 2 * b - 2 * w.sum(axis=1)
        constant = w.sum() / 2 - b.sum()
    else:
        scale, bias = 0.25, b / 2 + w.sum(axis=1) / 4
        constant = w.sum() / 8 + b.sum() / 2
    if isinstance(machine, Restricted):
        m = machine.visible
        return Restricted(scale * machine.w, bias[:m], bias[m:], coding), float(constant)
    return Machine(scale * w, bias, machine.hidden, coding), float(constant)


def some_states(n: int, states: tuple[float, float], width: int) -> Iterator[Floats]:
    """Yield all states (2**n, n), so few at a time that an array of them by ``width`` is small."""
    size = max(1, _BLOCK // width)
    for block in all_states(n, states):
        for first in range(0, len(block), size):
            yield block[first : first + size].astype(np.float64)


def hidden_weights(
    w: Floats, b: Floats, states: tuple[float, float], rows: Floats, T: float
) -> Iterator[tuple[Floats, Floats]]:
    """Yield the hidden states (2**H, H), and -E/T (k, 2**H), of some visible rows at a time."""
    m = rows.shape[1]
    hidden = len(b) - m
    if hidden > LARGEST:
        raise ValueError(
            f"memory must have at most {LARGEST} hidden neurons that are coupled, not {hidden}"
        )
    h = np.zeros((1, 0))
    if hidden:
        h = np.concatenate(list(all_states(hidden, states))).astype(np.float64)
    size = max(1, _BLOCK // len(h))
    own = h @ b[m:] + 0.5 * np.einsum("ki,ki->k", h @ w[m:, m:], h)
    for first in range(0, len(rows), size):
        v = rows[first : first + size]
        seen = v @ b[:m] + 0.5 * np.einsum("ki,ki->k", v @ w[:m, :m], v)
        yield h, (seen[:, None] + (v @ w[:m, m:]) @ h.T + own) / T


def _free(
    v: Floats, w: Floats, b: Floats, c: Floats, states: tuple[float, float], T: float
) -> Floats:
    return np.asarray(-(v @ b) - T * log_sum(c + v @ w, states, T).sum(axis=-1))


def _bias(values: npt.ArrayLike, name: str, n: int) -> Floats:
    array = real(values, name).astype(np.float64)
    if array.shape not in ((), (n,)):
        raise ValueError(f"{name} must be a number or ({n},); its shape is {array.shape}")
    return np.broadcast_to(array, (n,)).copy()


def _chains(cue: npt.ArrayLike, n: int, m: int, states: tuple[float, float]) -> Floats:
    """Return the starts (n, m) of n chains."""
    given = np.asarray(real(cue, "cue"))
    if given.shape not in ((m,), (n, m)):
        raise ValueError(f"cue must be ({m},) or ({n}, {m}); its shape is {given.shape}")
    if given.dtype.kind == "b":
        return np.where(given, states[1], states[0]) + np.zeros((n, 1))
    if not np.isin(given, (*states, sum(states) / 2)).all():
        raise ValueError(f"cue must hold {states[0]:g}, {states[1]:g}, or midway for unknown")
    return given + np.zeros((n, 1))
