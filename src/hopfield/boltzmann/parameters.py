"""What is learnt: the couplings and biases of a machine, and the averages that move them.

The gradient of the mean log-likelihood is a difference of averages, of the data less of the
machine: <s_i s_j> for W_ij (both halves of W move), <s_i> for b_i (Ackley,
Hinton & Sejnowski 1985).
"""

from __future__ import annotations

from typing import Protocol

import numpy as np

from ..analysis.landscape import all_states
from ..base.checks import Floats
from ..base.streams import Streams
from ..core.neurons import HeatBath
from ..core.recall import recall
from .gibbs import answers, log_sum, mean, normal
from .law import LARGEST
from .machine import CODINGS, Machine, Restricted, hidden_weights

Theta = tuple[Floats, ...]


class Kind(Protocol):
    """A kind of machine: how its parameters (a tuple of arrays) are averages of its states."""

    def start(self, spread: float, up: Floats, streams: Streams) -> Theta:
        """Return parameters to begin with: couplings drawn with a standard deviation.

        ``up`` (M,) are the shares of the data in which each visible neuron is high.
        """

    def machine(self, theta: Theta) -> Machine:
        """Return the machine of some parameters."""

    def theta(self, machine: Machine) -> Theta | None:
        """Return the parameters of a machine; None for one of another kind."""

    def complete(self, theta: Theta, v: Floats, streams: Streams) -> Floats:
        """Return chains that begin at visible states v (R, M)."""

    def of_data(self, theta: Theta, v: Floats, p: Floats) -> Theta:
        """Return the averages over visible states v (K, M) of weights p (K,), hidden ones free."""

    def exact(self, theta: Theta) -> Theta:
        """Return the averages over the machine's own law."""

    def chain(self, theta: Theta, s: Floats, steps: int, streams: Streams) -> Floats:
        """Let chains (R, n) make some sweeps."""

    def of_chains(self, theta: Theta, s: Floats, p: Floats) -> Theta:
        """Return the averages over chains of weights p."""

    def pseudo(self, theta: Theta, v: Floats, p: Floats) -> Theta:
        """Return the gradient of the pseudo-likelihood."""


class Layers:
    """Restricted machines: (w, b, c)."""

    def __init__(self, visible: int, hidden: int, coding: str) -> None:
        self.m, self.h, self.coding, self.states = visible, hidden, coding, CODINGS[coding]

    def start(self, spread: float, up: Floats, streams: Streams) -> Theta:
        """Return couplings of a standard deviation, and biases that give the data's means."""
        w = spread * normal(streams, self.m * self.h).reshape(self.m, self.h)
        low, high = self.states
        return w, np.log(up / (1 - up)) / (high - low), np.zeros(self.h)

    def machine(self, theta: Theta) -> Restricted:
        """Return the machine of some parameters."""
        w, b, c = theta
        return Restricted(w, b, c, self.coding)

    def theta(self, machine: Machine) -> Theta | None:
        """Return the parameters of a machine; None for one that is not restricted."""
        return (machine.w, machine.b, machine.c) if isinstance(machine, Restricted) else None

    def complete(self, theta: Theta, v: Floats, streams: Streams) -> Floats:
        """Return the visible states: the hidden ones are drawn first."""
        return v

    def of_data(self, theta: Theta, v: Floats, p: Floats) -> Theta:
        """Return the averages over visible states of weights p, hidden ones at their means."""
        w, _, c = theta
        h = mean(c + v @ w, self.states)
        return v.T @ (p[:, None] * h), p @ v, p @ h

    def exact(self, theta: Theta) -> Theta:
        """Return the averages over the machine's own law, by all states of its smaller layer."""
        w, b, c = theta
        turned = self.h < self.m
        if turned:
            w, b, c = w.T, c, b
        if len(w) > LARGEST:
            raise ValueError(
                f"method must not be exact for more than {LARGEST} neurons in the smaller layer, "
                f'here {len(w)}: "pcd" samples'
            )
        parts = []
        for s in all_states(len(w), self.states):
            x = s.astype(np.float64)
            fields = c + x @ w
            parts.append((x, fields, x @ b + log_sum(fields, self.states).sum(axis=1)))
        log_z = np.logaddexp.reduce([np.logaddexp.reduce(e) for _, _, e in parts])
        found = [np.zeros(w.shape), np.zeros(b.shape), np.zeros(c.shape)]
        for x, fields, e in parts:
            p, other = np.exp(e - log_z), mean(fields, self.states)
            for total, more in zip(
                found, ((p[:, None] * x).T @ other, p @ x, p @ other), strict=True
            ):
                total += more
        return (found[0].T, found[2], found[1]) if turned else (found[0], found[1], found[2])

    def chain(self, theta: Theta, s: Floats, steps: int, streams: Streams) -> Floats:
        """Let chains of visible states make some sweeps of both layers."""
        w, b, c = theta
        for _ in range(steps):
            h = answers(c + s @ w, streams, self.states)
            s = answers(b + h @ w.T, streams, self.states)
        return s

    def of_chains(self, theta: Theta, s: Floats, p: Floats) -> Theta:
        """Return the averages over chains of weights p, hidden neurons at their means."""
        return self.of_data(theta, s, p)

    def pseudo(self, theta: Theta, v: Floats, p: Floats) -> Theta:
        """Return the gradient of the pseudo-likelihood, one visible neuron at a time."""
        w, b, c = theta
        x, low_high = c + v @ w, sum(self.states)
        here, total = log_sum(x, self.states).sum(axis=1), [np.zeros(t.shape) for t in theta]
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
        return tuple(total)


class Pairs:
    """Machines whose neurons are all coupled: (W, b)."""

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
        parts = []
        for block in all_states(self.n, self.states):
            s = block.astype(np.float64)
            parts.append((s, 0.5 * np.einsum("ki,ki->k", s @ w, s) + s @ b))
        log_z = np.logaddexp.reduce([np.logaddexp.reduce(e) for _, e in parts])
        found = [_moments(s, np.exp(e - log_z)) for s, e in parts]
        return sum(f[0] for f in found), sum(f[1] for f in found)  # type: ignore[return-value]

    def chain(self, theta: Theta, s: Floats, steps: int, streams: Streams) -> Floats:
        """Let chains make some sweeps of single neurons."""
        neuron = HeatBath(1.0, *self.states)
        end = recall(self.machine(theta), s, neuron=neuron, sweeps=steps, rng=streams)
        return end.state.astype(np.float64)

    def of_chains(self, theta: Theta, s: Floats, p: Floats) -> Theta:
        """Return the averages over chains of weights p."""
        return _moments(s, p)

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


def _moments(s: Floats, p: Floats) -> Theta:
    weighted = p[:, None] * s
    pairs = weighted.T @ s
    np.fill_diagonal(pairs, 0)
    return pairs, weighted.sum(axis=0)
