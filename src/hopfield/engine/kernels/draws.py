"""What the streams of `rng` draw, compiled: who moves when, and the thresholds.

The same bits as `base.streams.Streams` gives.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from ...base.forms import Floats, Ints
from ...base.streams import MIX1, MIX2, Words, log
from ..bins import BITS
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
def shuffle(word: Any, step: Any, order: Any, swaps: Places) -> Any:
    """Shuffle 0 ... n-1 by a stream's next n words, and return where the stream then stands.

    All places are drawn first, by vectors; then place n-1-k swaps with the k-th one drawn. Of 3
    places and the draws 0, 1, 0 the order is 2, 1, 0: 0 with 2, 1 with itself, 0 with itself.
    """
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
def draw_order(how: int, word: Any, step: Any, order: Places, swaps: Places) -> Any:
    """Draw who moves when in a sweep, and return where the stream then stands.

    ``how`` is `SHUFFLED`, `DRAWN`, or `GIVEN` for the order that is there.
    """
    if how == SHUFFLED:
        word = shuffle(word, step, order, swaps)
    elif how == DRAWN:
        word = draw(word, step, order)
    return word


@inline
def visits(how: int, word: Any, step: Any, order: Places, bins: Places) -> Any:
    """Do the same, and draw in which bin the number of each threshold lies.

    Return where the stream stands before the thresholds.
    """
    word = draw_order(how, word, step, order, bins)
    for k in range(order.size):
        bins[k] = bin_of(drawn(word, step, k + 1))
    return word


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
    theta = scale * logistic(word)
    return h > theta or (h == theta and theta < 0)


@jit
def permute(words: Words, steps: Words, orders: Ints, swaps: Places) -> None:
    """Give the orders (R, n) into which the next n words of each stream shuffle."""
    for r in range(words.size):
        shuffle(words[r], steps[r], orders[r], swaps)


@jit
def logits(words: Words, steps: Words, out: Floats) -> None:
    """Give the logits (R, n) of what the next n words of each stream draw."""
    for r in range(words.size):
        for k in range(out.shape[1]):
            out[r, k] = logistic(drawn(words[r], steps[r], k + 1))
