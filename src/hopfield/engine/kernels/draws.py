"""What the streams of `rng` draw, compiled: who moves when, and the thresholds.

The same bits as `base.streams.Streams` gives.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from ...base.forms import Ints
from ...base.streams import MIX1, MIX2, Words, log
from ..thresholds import BITS
from .compiling import inline, jit

Places = npt.NDArray[np.uint32]
GIVEN, SHUFFLED, DRAWN = 0, 1, 2  # how a sweep says who moves when

_log = inline(log)


@inline
def drawn(word: Any, step: Any, k: int) -> Any:
    """Return the k-th word, from 1 on, of a stream that stands at ``word`` (splitmix64)."""
    z = word + np.uint64(k) * step
    z = (z ^ (z >> np.uint64(30))) * np.uint64(MIX1)
    z = (z ^ (z >> np.uint64(27))) * np.uint64(MIX2)
    return z ^ (z >> np.uint64(31))


@inline
def draw_order(how: int, word: Any, step: Any, order: Any, swaps: Places) -> Any:
    """Draw who moves when in a sweep, by a stream's next n words; return where it then stands.

    ``how`` is `SHUFFLED`, `DRAWN` with replacement, or `GIVEN` for the order that is there. For
    a shuffle all places are drawn first, by vectors; then place n-1-k swaps with the k-th one
    drawn. Of 3 places and the draws 0, 1, 0 the order is 2, 1, 0: 0 with 2, 1 with itself, 0 with
    itself.
    """
    n, shuffled = order.size, how == SHUFFLED
    if how == GIVEN:
        return word
    for k in range(n):
        z = drawn(word, step, k + 1) >> np.uint64(32)
        swaps[k] = (z * np.uint64(n - k if shuffled else n)) >> np.uint64(32)
        order[k] = k if shuffled else swaps[k]
    for k in range(n if shuffled else 0):
        i, j = n - 1 - k, swaps[k]
        order[i], order[j] = order[j], order[i]
    return word + np.uint64(n) * step


@inline
def draw_bins(word: Any, step: Any, bins: Places) -> None:
    """Draw in which bins the numbers of a sweep's thresholds lie."""
    for k in range(bins.size):
        bins[k] = bin_of(drawn(word, step, k + 1))


@inline
def bin_of(word: Any) -> Any:
    """Return the bin of the number that a word draws."""
    return word >> np.uint64(64 - BITS)


@inline
def uniform(word: Any) -> Any:
    """Return the number between 0 and 1 that a word draws."""
    return (np.float64(word >> np.uint64(12)) + 0.5) * 2.0**-52


@inline
def logistic(word: Any) -> Any:
    """Return the logit of the number that a word draws."""
    u = uniform(word)
    return _log(u / (1 - u))


@inline
def gumbel(word: Any) -> Any:
    """Return -log(-log(u)) of the number u that a word draws."""
    return -_log(-_log(uniform(word)))


@inline
def rises(h: float, scale: float, word: Any) -> Any:
    """Say whether a field takes a neuron up, with the threshold that a word draws."""
    x = logistic(word)
    theta = scale * x
    return h > theta or (h == theta and x < 0)  # even where the threshold vanishes


@jit
def permute(words: Words, steps: Words, orders: Ints, swaps: Places) -> None:
    """Give the orders (R, n) into which the next n words of each stream shuffle."""
    for r in range(words.size):
        draw_order(SHUFFLED, words[r], steps[r], orders[r], swaps)
