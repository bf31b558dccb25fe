"""Neurons of two states that do not see each other: their sums, their means, and their draws."""

from __future__ import annotations

import numpy as np

from .. import engine
from ..base.checks import Floats
from ..base.streams import Streams

States = tuple[float, float]


def log_sum(x: Floats, states: States, T: float = 1.0) -> Floats:
    """Return ln of the sum of exp(s x / T) over the two states s, for each field x."""
    low, high = states
    return np.asarray(np.logaddexp(low / T * x, high / T * x))


def mean(x: Floats, states: States, T: float = 1.0) -> Floats:
    """Return the mean state of neurons with fields x."""
    low, high = states
    middle, half = (low + high) / 2, (high - low) / 2
    return np.asarray(middle + half * np.tanh(half / T * x))


def answers(x: Floats, streams: Streams, states: States, T: float = 1.0) -> Floats:
    """Return states (R, k) of neurons with fields x (R, k), drawn as `HeatBath` draws them."""
    low, high = states
    found = engine.answers(x, streams, T / (high - low), states)
    if found is None:
        theta = T / (high - low) * streams.logistic(size=x.shape)
        found = np.where(x > theta, x.dtype.type(high), x.dtype.type(low))
    return found


def normal(streams: Streams, k: int) -> Floats:
    """Draw k normal numbers from each stream (Box & Muller 1958)."""
    u = streams.random((*streams.state.shape, 2 * k))
    return np.asarray(np.sqrt(-2 * np.log(u[..., :k])) * np.cos(2 * np.pi * u[..., k:]))
