"""What is learnt: the couplings and biases of a machine, and the averages that move them.

The gradient of the mean log-likelihood is a difference of averages, of the data less of the
machine: <s_i s_j> for W_ij (both halves of W move), <s_i> for b_i (Ackley,
Hinton & Sejnowski 1985).
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Protocol

import numpy as np

from ..base.checks import Floats
from ..base.streams import Ints, Streams
from ..core.neurons import HeatBath
from ..core.recall import recall
from .gibbs import answers, log_sum, mean, normal
from .law import LARGEST
from .machine import CODINGS, Machine, Restricted, hidden_weights, some_states

Theta = tuple[Floats, ...]
Part = tuple[Floats, Floats, Floats]


class Kind(Protocol):
    """A kind of machine: how its parameters (a tuple of arrays) are averages of its states.

    ``dtype`` is what sampled learning computes with.
    """

    dtype: type
    m: int

    def start(self, spread: float, up: Floats, streams: Streams) -> Theta:
        """Return parameters to begin with: couplings drawn with a standard deviation.

        ``up`` (M,) are the shares of the data in which each visible neuron is high.
        """

    def machine(self, theta: Theta) -> Machine:
        """Return the machine of some parameters."""

    def theta(self, machine: Machine) -> Theta | None:
        """Return the parameters of a machine; None for one of another kind."""

    def named(self, theta: Theta) -> Theta:
        """Return views of what users know: couplings, then biases."""

    def rows(self, v: Floats) -> Floats:
        """Return visible states (K, M) as the other methods take them."""

    def take(self, data: Floats, rows: Ints) -> Floats:
        """Return some rows of the data, for `contrast`."""

    def complete(self, theta: Theta, v: Floats, streams: Streams) -> Floats:
        """Return chains that begin at visible states v."""

    def of_data(self, theta: Theta, v: Floats, p: Floats) -> Theta:
        """Return the averages over visible states v of weights p (K,), hidden ones free."""

    def exact(self, theta: Theta) -> Theta:
        """Return the averages over the machine's own law."""

    def contrast(
        self, theta: Theta, v: Floats, s: Floats, p: Floats, k: int, streams: Streams
    ) -> tuple[Theta, Floats]:
        """Return averages over v (K, ...) less those over chains, and where the chains end.

        The chains begin at s (R, ...) and make k sweeps. The weights p (K + R,) of the rows of v
        come first, then those of the chains, below 0.
        """

    def pseudo(self, theta: Theta, v: Floats, p: Floats) -> Theta:
        """Return the gradient of the pseudo-likelihood."""


class Layers:
    """Restricted machines.

    Their one parameter is [[w, b], [c, 0]] (M + 1, H + 1): a visible and a hidden neuron that
    are always 1 stand for the biases, so that one product gives fields, and one all averages.
    """

    dtype: type = np.float32  # of chains

    def __init__(self, visible: int, hidden: int, coding: str) -> None:
        self.m, self.h, self.coding, self.states = visible, hidden, coding, CODINGS[coding]
        self._kept: dict[str, Floats] = {}

    def start(self, spread: float, up: Floats, streams: Streams) -> Theta:
        """Return couplings of a standard deviation, and biases that give the data's means."""
        w = spread * normal(streams, self.m * self.h).reshape(self.m, self.h)
        low, high = self.states
        return self._whole(w, np.log(up / (1 - up)) / (high - low), np.zeros(self.h))

    def machine(self, theta: Theta) -> Restricted:
        """Return the machine of some parameters."""
        w, b, c = self.named(theta)
        return Restricted(w, b, c, self.coding)

    def theta(self, machine: Machine) -> Theta | None:
        """Return the parameters of a machine; None for one that is not restricted."""
        if not isinstance(machine, Restricted):
            return None
        return self._whole(machine.w, machine.b, machine.c)

    def named(self, theta: Theta) -> Theta:
        """Return views of w, b and c."""
        (a,) = theta
        return a[:-1, :-1], a[:-1, -1], a[-1, :-1]

    def _whole(self, w: Floats, b: Floats, c: Floats) -> Theta:
        return (np.block([[w, b[:, None]], [c, np.zeros(1)]]),)

    def rows(self, v: Floats) -> Floats:
        """Return visible states (K, M) beside the one that is always 1."""
        return _beside_one(v)

    def take(self, data: Floats, rows: Ints) -> Floats:
        """Return some rows of the data, where `contrast` wants them."""
        out = self._room("both", len(rows), self.m + 1)
        return np.take(data, rows, axis=0, out=out, mode="clip")

    def complete(self, theta: Theta, v: Floats, streams: Streams) -> Floats:
        """Return the visible states: the hidden ones are drawn first."""
        return v

    def of_data(self, theta: Theta, v: Floats, p: Floats) -> Theta:
        """Return the averages over visible states of weights p, hidden ones at their means."""
        h = _beside_one(mean(v @ theta[0][:, :-1], self.states))
        return (v.T @ (p[:, None] * h),)

    def exact(self, theta: Theta) -> Theta:
        """Return the averages over the machine's own law, by all states of its smaller layer."""
        turned = self.h < self.m
        a = theta[0].T if turned else theta[0]
        if len(a) - 1 > LARGEST:
            raise ValueError(
                f"method must not be exact for more than {LARGEST} neurons in the smaller layer, "
                f'here {len(a) - 1}: "pcd" samples'
            )

        def parts() -> Iterator[Part]:
            for s in some_states(len(a) - 1, self.states, a.shape[1]):
                x = _beside_one(s)
                fields = x @ a
                e = fields[:, -1] + log_sum(fields[:, :-1], self.states).sum(axis=1)
                other = _beside_one(mean(fields[:, :-1], self.states))
                yield e, x, other

        found = _averages(parts())
        return (found.T if turned else found,)

    def contrast(
        self, theta: Theta, v: Floats, s: Floats, p: Floats, k: int, streams: Streams
    ) -> tuple[Theta, Floats]:
        """Return averages over v less those over chains, hidden neurons at their means."""
        (a,), n = theta, len(v)
        down, up = a[:, :-1], a[:-1].T
        both = self._room("both", n + len(s), self.m + 1)
        if v.base is not both.base:
            both[:n] = v
        both[n:, -1] = 1
        hidden = self._room("hidden", len(s), self.h + 1)
        hidden[:, -1] = 1
        fields = self._room("fields", n + len(s), self.h)
        x = np.matmul(v, down, out=fields[:n])
        for sweep in range(k):
            if sweep or s is not v:
                x = np.matmul(s, down, out=fields[n:])
            answers(x, streams, self.states, out=hidden)
            y = np.matmul(hidden, up, out=self._room("seen", len(s), self.m))
            s = answers(y, streams, self.states, out=both[n:])
        np.matmul(s, down, out=fields[n:])
        means = self._room("means", n + len(s), self.h + 1)
        means[:, -1] = p
        np.multiply(mean(fields, self.states, out=fields), p[:, None], out=means[:, :-1])
        return (both.T @ means,), s.copy()

    def _room(self, name: str, rows: int, columns: int) -> Floats:
        """Return an array to write to, the same one each time: fresh ones cost page faults."""
        kept = self._kept.get(name)
        if kept is None or len(kept) < rows:
            kept = self._kept[name] = np.empty((rows, columns), self.dtype)
        return kept[:rows]

    def pseudo(self, theta: Theta, v: Floats, p: Floats) -> Theta:
        """Return the gradient of the pseudo-likelihood, one visible neuron at a time."""
        w, b, c = self.named(theta)
        v, low_high = v[:, :-1], sum(self.states)
        x, total = c + v @ w, [np.zeros(t.shape) for t in (w, b, c)]
        here = log_sum(x, self.states).sum(axis=1)
        for i in range(self.m):
            step = low_high - 2 * v[:, i]
            there = x + step[:, None] * w[i]
            rise = step * b[i] + log_sum(there, self.states).sum(axis=1) - here
            r = p * (1 + np.tanh(rise / 2)) / 2  # how likely the row is to turn its neuron i
            h, after = mean(x, self.states), mean(there, self.states)
            turned = v.copy()
            turned[:, i] += step
            total[0] += (r[:, None] * v).T @ h - (r[:, None] * turned).T @ after
            total[1][i] -= r @ step
            total[2] += r @ (h - after)
        return self._whole(*total)


class Pairs:
    """Machines whose neurons are all coupled: (W, b)."""

    dtype: type = np.float64

    def __init__(self, visible: int, hidden: int, coding: str) -> None:
        self.m, self.h, self.coding, self.states = visible, hidden, coding, CODINGS[coding]
        self.n = visible + hidden

    def start(self, spread: float, up: Floats, streams: Streams) -> Theta:
        """Return no couplings between visible neurons, and no biases; others are drawn."""
        w = np.zeros((self.n, self.n))
        drawn = spread * normal(streams, self.n * self.n).reshape(w.shape)
        if self.h:  # among visible neurons alone every start leads to the one optimum
            w[:, self.m :] = drawn[:, self.m :]
        return np.triu(w, 1) + np.triu(w, 1).T, np.zeros(self.n)

    def machine(self, theta: Theta) -> Machine:
        """Return the machine of some parameters."""
        w, b = theta
        return Machine(w, b, self.h, self.coding)

    def theta(self, machine: Machine) -> Theta | None:
        """Return the parameters of a machine."""
        return machine.weights, machine.bias

    def named(self, theta: Theta) -> Theta:
        """Return W and b."""
        return theta

    def rows(self, v: Floats) -> Floats:
        """Return visible states as they are."""
        return v

    def take(self, data: Floats, rows: Ints) -> Floats:
        """Return some rows of the data."""
        return np.asarray(data[rows])

    def complete(self, theta: Theta, v: Floats, streams: Streams) -> Floats:
        """Return visible states with hidden ones beside them, drawn from their means."""
        if not self.h:
            return v
        low, high = self.states
        up = (self.machine(theta).hidden_means(v) - low) / (high - low)
        return np.concatenate([v, np.where(streams.random(up.shape) < up, high, low)], axis=1)

    def of_data(self, theta: Theta, v: Floats, p: Floats) -> Theta:
        """Return the averages over visible states of weights p, with all hidden states of each."""
        pairs, means = _moments(v, p)
        if not self.h:
            return pairs, means
        found, m = np.zeros((self.n, self.n)), self.m
        found[:m, :m], first = pairs, 0
        for h, e in hidden_weights(theta[0], theta[1], self.states, v, 1.0):
            q = np.exp(e - np.logaddexp.reduce(e, axis=1, keepdims=True))
            part = slice(first, first + len(q))
            q *= p[part, None]
            found[:m, m:] += v[part].T @ (q @ h)
            found[m:, m:] += (q.sum(axis=0)[:, None] * h).T @ h
            first += len(q)
            hidden = q.sum(axis=0) @ h
            means = np.concatenate([means[:m], hidden + (means[m:] if means.size > m else 0)])
        found[m:, :m] = found[:m, m:].T
        np.fill_diagonal(found, 0)
        return found, means

    def exact(self, theta: Theta) -> Theta:
        """Return the averages over the machine's own law, by all states."""
        w, b = theta
        if self.n > LARGEST:
            raise ValueError(
                f"method must not be exact for more than {LARGEST} neurons, here {self.n}: "
                '"pcd" samples'
            )

        def parts() -> Iterator[Part]:
            for s in some_states(self.n, self.states, self.n):
                e = 0.5 * np.einsum("ki,ki->k", s @ w, s) + s @ b
                yield e, s, _beside_one(s)

        found = _averages(parts())
        pairs, means = found[:, :-1], found[:, -1]
        np.fill_diagonal(pairs, 0)
        return pairs, means

    def contrast(
        self, theta: Theta, v: Floats, s: Floats, p: Floats, k: int, streams: Streams
    ) -> tuple[Theta, Floats]:
        """Return averages over v less those over chains, which sweep neuron by neuron."""
        neuron = HeatBath(1.0, *self.states)
        end = recall(self.machine(theta), s, neuron=neuron, sweeps=k, rng=streams)
        s = end.state.astype(np.float64)
        return less(self.of_data(theta, v, p[: len(v)]), _moments(s, -p[len(v) :])), s

    def pseudo(self, theta: Theta, v: Floats, p: Floats) -> Theta:
        """Return the gradient of the pseudo-likelihood."""
        if self.h:
            raise ValueError('method must not be "pseudo" for hidden neurons that are coupled')
        w, b = theta
        low, high = self.states
        turn = np.where(v == high, high - low, low - high)
        g = p[:, None] * turn * (1 - np.tanh(turn * (v @ w + b) / 2)) / 2
        pairs = g.T @ v
        pairs += pairs.T.copy()
        np.fill_diagonal(pairs, 0)
        return pairs, g.sum(axis=0)


def less(a: Theta, b: Theta) -> Theta:
    """Return one tuple less another, part by part."""
    return tuple(x - y for x, y in zip(a, b, strict=True))


def _averages(parts: Iterator[Part]) -> Floats:
    """Return the averages <x y> under a law, of parts with -E (k,), x (k, A) and y (k, B)."""
    top, total, found = -np.inf, 0.0, np.zeros(())
    for e, x, y in parts:
        before, top = top, max(top, float(e.max()))
        p, less_likely = np.exp(e - top), np.exp(before - top)
        total = total * less_likely + p.sum()
        found = found * less_likely + (p[:, None] * x).T @ y
    return np.asarray(found / total)


def _beside_one(x: Floats) -> Floats:
    return np.concatenate([x, np.ones((len(x), 1), x.dtype)], axis=1)


def _moments(s: Floats, p: Floats) -> Theta:
    weighted = p[:, None] * s
    pairs = weighted.T @ s
    np.fill_diagonal(pairs, 0)
    return pairs, weighted.sum(axis=0)
