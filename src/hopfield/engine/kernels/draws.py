"""What the streams of `rng` draw, compiled: who moves when, and the thresholds."""

from __future__ import annotations

from typing import Any

import numpy as np

from ...base.heat import BITS, logit
from .compiling import inline
from .reference import Places

_logit = inline(logit)


@inline
def drawn(word: Any, step: Any, k: int) -> Any:
    """Return the k-th word, from 1 on, of a stream that stands at ``word`` (splitmix64)."""
    z = word + np.uint64(k) * step
    z = (z ^ (z >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    z = (z ^ (z >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return z ^ (z >> np.uint64(31))


@inline
def shuffle(word: Any, step: Any, order: Any, swaps: Places) -> Any:
    """Shuffle 0 ... n-1 by a stream's next n words, and return where the stream then stands."""
    n = order.size
    for k in range(n):
        z = drawn(word, step, k + 1) >> np.uint64(32)
        swaps[k] = (z * np.uint64(n - k)) >> np.uint64(32)
        order[k] = k
    for k in range(n):
        i, j = n - 1 - k, swaps[k]
        order[i], order[j] = order[j], order[i]
    return word + np.uint64(n) * step


@inline
def draw(word: Any, step: Any, order: Any) -> Any:
    """Draw n of 0 ... n-1 with replacement by a stream's next n words; return where it stands."""
    n = order.size
    for k in range(n):
        z = drawn(word, step, k + 1) >> np.uint64(32)
        order[k] = (z * np.uint64(n)) >> np.uint64(32)
    return word + np.uint64(n) * step


@inline
def visits(how: int, word: Any, step: Any, order: Places, bins: Places) -> Any:
    """Draw a sweep: who moves when, and in which bin the number of each threshold lies.

    ``how`` is 1 for an order that is shuffled, 2 for draws with replacement, and 0 for the
    order given. Return where the stream stands between the two.
    """
    n = order.size
    if how == 1:
        word = shuffle(word, step, order, bins)
    elif how == 2:
        word = draw(word, step, order)
    for k in range(n):
        bins[k] = bin_of(drawn(word, step, k + 1))
    return word


@inline
def bin_of(word: Any) -> Any:
    """Return the bin of the number that a word draws."""
    return word >> np.uint64(64 - BITS)


@inline
def logistic(word: Any) -> Any:
    """Return the logit of the number that a word draws."""
    return _logit((np.float64(word >> np.uint64(12)) + 0.5) * 2.0**-52)


@inline
def rises(h: float, scale: float, word: Any) -> Any:
    """Say whether a field takes a neuron up, with the threshold that a word draws."""
    theta = scale * logistic(word)
    return h > theta or (h == theta and theta < 0)
