"""Neurons that tire: when a memory is left, how long it is held, and how the overlap swings.

With one pattern and all neurons together, in the pattern's own signs, s' = +1 with probability
1/(1 + exp(-2 (m - b R)/T)) and R' = R/c + s'. What follows is derived from that, N to infinity:

- T = 0: R tends to c/(c - 1), so the pattern is left if g = b c/(c - 1) > 1. Between two flips k
  steps apart R goes from -A to A = c/(c - 1) (1 - c^-k)/(1 + c^-k), and b A must pass 1: k is the
  first above log((g + 1)/(g - 1)) / log c.
- With c = 2 the last 14 states tell R to 2^-13: a neuron's history is a word, whose law follows a
  master equation that is solved word by word.
"""

from __future__ import annotations

from collections.abc import Iterator
from math import ceil, log

import numpy as np

import hopfield as hf
from hopfield.models import Adapting

from .figure import Figure, Work, mean

_BITS = 14


def _overlaps(n: int, b: float, c: float, T: float, steps: int, seed: int) -> np.ndarray:
    """Return the overlap (steps + 1,) with the one pattern of a network that begins rested."""
    xi = hf.random_patterns(1, n, rng=seed)
    neuron = hf.HeatBath(T) if T else hf.Sign()
    memory = Adapting(hf.hebb(xi), b, c, neuron)
    run = hf.Run(memory, xi[0], order=hf.Sync(), rng=seed)
    found = [hf.overlap(memory.outputs(run.state), xi[0])]
    for _ in range(steps):
        run.step()
        found.append(hf.overlap(memory.outputs(run.state), xi[0]))
    return np.array(found, dtype=float)


def how_long_a_pattern_is_held() -> Iterator[Figure]:
    for b, c in ((0.3, 1.25), (0.5, 1.5), (0.15, 1.1), (0.9, 2.0)):
        g = b * c / (c - 1)
        m = _overlaps(200, b, c, 0.0, 300, 0)
        flips = np.flatnonzero(np.diff(np.sign(m[100:])))
        known = ceil(log((g + 1) / (g - 1)) / log(c))
        yield Figure(f"b = {b}, c = {c}: shortest stay", np.diff(flips).min(), known, 0)
        yield Figure(f"b = {b}, c = {c}: longest stay", np.diff(flips).max(), known, 0)
    for b, c in ((0.19, 1.25), (0.32, 1.5)):  # g = .95 and .96
        m = _overlaps(200, b, c, 0.0, 300, 0)
        yield Figure(f"b = {b}, c = {c}: least overlap in 300 steps", m.min(), 1, 0)


def _master(b: float, T: float, steps: int) -> np.ndarray:
    """Return m (steps + 1,) of infinitely many neurons with c = 2, that begin aligned and rested.

    A history is a word of bits, the last state the highest; bits yet to come are no states.
    """
    words = np.arange(2**_BITS)
    signs = 2 * (words[:, None] >> np.arange(_BITS) & 1) - 1  # bit k is the state k steps ago
    law, m = np.zeros(2**_BITS), [1.0]
    law[0] = 1.0
    past = np.zeros(2**_BITS)  # R of the words that have probability, at first none
    for t in range(steps):
        up = 1 / (1 + np.exp(-2 * (m[-1] - b * past) / T))
        new = np.zeros(2**_BITS)
        for bit, p in ((1, law * up), (0, law * (1 - up))):
            np.add.at(new, (words << 1 | bit) & 2**_BITS - 1, p)
        law, seen = new, min(t + 1, _BITS)
        past = signs[:, :seen] @ 0.5 ** np.arange(seen)
        m.append(float(law @ signs[:, 0]))
    return np.array(m)


def the_overlap_follows_the_master_equation() -> Iterator[Figure]:
    for b, T in ((0.6, 0.3), (0.6, 0.15), (0.3, 0.5), (0.9, 0.3)):
        known = _master(b, T, 40)
        found = [_overlaps(20_000, b, 2.0, T, 40, seed) for seed in range(12)]
        for t in (1, 3, 6, 12, 24, 40):
            values = [float(x[t]) for x in found]
            yield mean(f"b = {b}, T = {T}: overlap after {t} steps", values, known[t], 0.0005)


_HORN = "Horn & Usher 1989, doi:10.1103/PhysRevA.40.1036"

WORKS = [
    Work(how_long_a_pattern_is_held, _HORN),
    Work(the_overlap_follows_the_master_equation, _HORN, slow=True),
]
