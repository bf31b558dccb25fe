"""Neurons of two states that do not see each other: their sums, their means, and their draws."""

from __future__ import annotations

import numpy as np

from .. import engine
from ..base.checks import Array, Floats
from ..base.streams import Streams

States = tuple[float, float]


def log_sum(x: Floats, states: States, T: float = 1.0) -> Floats:
    """Return ln of the sum of exp(s x / T) over the two states s, for each field x."""
    low, high = states
    return np.asarray(np.logaddexp(low / T * x, high / T * x))


def mean(x: Floats, states: States, T: float = 1.0, out: Floats | None = None) -> Floats:
    """Return the mean state of neurons with fields x, in ``out`` where that is given."""
    low, high = states
    middle, half = (low + high) / 2, (high - low) / 2
    found: Floats = np.asarray(np.multiply(x, half / T, out=out))
    np.tanh(found, out=found)
    if half != 1:
        found *= half
    if middle:
        found += middle
    return found


def answers(
    x: Floats, streams: Streams, states: States, T: float = 1.0, out: Floats | None = None
) -> Floats:
    """Return states (R, k) of neurons with fields x (R, k), drawn as `HeatBath` draws them.

    The first k columns of ``out``, which may have more, take them.
    """
    low, high = states
    if out is None:
        out = np.empty(x.shape, x.dtype)
    scale = T / (high - low)
    if not engine.answers(x, streams, scale, states, out):
        up = x > scale * streams.logistic(size=x.shape)
        out[:, : x.shape[1]] = np.where(up, high, low)
    return out


def alternate(
    layers: engine.Layers, v: Floats, held: Array | None, sweeps: int, streams: Streams
) -> Floats:
    """Let two layers answer each other so many times, from v (R, M) on, where it is not held.

    The couplings are on a grid (`base.exact`), so that no way of adding changes a state.
    """
    found = engine.sweep_layers(layers, v, held, sweeps, streams)
    if found is not None:
        return found
    w, b, c, states, scale = layers
    T = scale * (states[1] - states[0])
    for _ in range(sweeps):
        h = answers(c + v @ w, streams, states, T)
        drawn = answers(b + h @ w.T, streams, states, T)
        v = drawn if held is None else np.where(held, v, drawn)
    return v


def normal(streams: Streams, k: int) -> Floats:
    """Draw k normal numbers from each stream (Box & Muller 1958)."""
    u = streams.random((*streams.state.shape, 2 * k))
    return np.asarray(np.sqrt(-2 * np.log(u[..., :k])) * np.cos(2 * np.pi * u[..., k:]))
