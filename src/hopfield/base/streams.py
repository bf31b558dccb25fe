"""Counter-based random streams (splitmix64), one a replica, the same bits on every machine.

The k-th output of a stream depends on its seed and k alone, so a draw of many numbers is one
vector operation and a replica's numbers do not depend on who runs beside it.
Source: Steele, Lea & Flood 2014, doi:10.1145/2660193.2660195.
"""

from __future__ import annotations

from math import factorial
from typing import Any

import numpy as np
import numpy.typing as npt

from .checks import Rng, generator

Words = npt.NDArray[np.uint64]
Ints = npt.NDArray[np.int64]

GAMMA, MIX1, MIX2 = 0x9E3779B97F4A7C15, 0xBF58476D1CE4E5B9, 0x94D049BB133111EB
_ALL = 2**64 - 1
_GAMMA, _MIX1, _MIX2 = np.array([GAMMA, MIX1, MIX2], dtype=np.uint64)
_1, _27, _30, _31 = np.array([1, 27, 30, 31], dtype=np.uint64)
_BLOCK = 2**12  # numbers that stay in a cache
_FEW = 8  # streams whose start is quicker in Python's integers
_SHORT, _PLACES = 256, 2**13  # places that are shuffled one by one, and together

_ROOT = 0x3FE6A09E667F3BCD  # the bits of sqrt(1/2)
_SINE = [1 / factorial(k) for k in range(21, 0, -2)]
_LOG2, _REST = 0.6931471803691238, 1.9082149292705877e-10  # of log(2); the first is short


def log(x: Any) -> Any:
    """Return the logarithm of x >= 0, float64; finite at 0.

    It adds, multiplies and divides alone: every machine and compiler gives the same bits, which
    their logarithms do not.
    """
    y = np.float64(x).view(np.int64)
    e = (y - np.int64(_ROOT)) >> np.int64(52)
    m = np.int64(y - (e << np.int64(52))).view(np.float64)  # x = 2**e m
    f = (m - 1) / (m + 1)  # log m = 2 artanh f
    g = f * f
    g *= 1 / 3 + g * (
        1 / 5
        + g
        * (1 / 7 + g * (1 / 9 + g * (1 / 11 + g * (1 / 13 + g * (1 / 15 + g * (1 / 17 + g / 19))))))
    )
    return e * _LOG2 + (2 * f + (2 * f * g + e * _REST))


def logit(u: Any) -> Any:
    """Return log(u / (1 - u)) for 0 <= u < 1, float64; finite at 0."""
    return log(u / (1 - u))


def gumbel(u: Any) -> Any:
    """Return -log(-log(u)) for 0 <= u < 1: of several, each plus x_k, k is largest by exp(x_k)."""
    return -log(-log(u))


def words_of(state: Words, step: Words, k: int) -> Words:
    """Return the next ``k`` words of streams that stand at ``state``."""
    counts = np.arange(1, k + 1, dtype=np.uint64)
    return _mix(state[..., None] + counts * step[..., None])


def below(high: np.uint64 | Words, words: Words) -> Ints:
    """Return words as integers below ``high``."""
    half = np.uint64(32)
    return np.asarray((words >> half) * high >> half).astype(np.int64)


class Streams:
    """Random streams of shape () or (R,); a draw of k numbers has shape (k,) or (R, k).

    The methods are a subset of `numpy.random.Generator`'s, so that an order or a neuron can be
    called with either. Each stream has its own odd step, so that no two run on one orbit.
    """

    __slots__ = ("state", "step")

    def __init__(self, state: Words, step: Words) -> None:
        self.state, self.step = state, step

    @classmethod
    def spawn(cls, generator: np.random.Generator, replicas: int) -> Streams:
        """Draw one seed a replica: batches in turn give the same streams as one large batch."""
        raw = generator.bit_generator
        if isinstance(raw, np.random.PCG64):  # the same words, at a tenth of the cost of a few
            seeds = raw.random_raw(replicas)
        else:
            seeds = generator.integers(0, 2**64, size=replicas, dtype=np.uint64)
        if replicas <= _FEW:
            steps = [_mixed(seed ^ GAMMA) | 1 for seed in seeds.tolist()]
            return cls(seeds, np.array(steps, dtype=np.uint64))
        return cls(seeds, _mix(seeds ^ _GAMMA) | _1)

    def __getitem__(self, replica: int) -> Streams:
        """Return one replica's stream; its draws advance this object's too."""
        one = slice(replica, replica + 1)
        return Streams(self.state[one].reshape(()), self.step[one].reshape(()))

    def of(self, replicas: Ints) -> Streams:
        """Return a copy of some replicas' streams."""
        return Streams(self.state[replicas], self.step[replicas])

    def apart(self, words: int, k: int) -> Streams:
        """Return k copies of each stream, (R, k), each so many words after the one before."""
        step = np.repeat(self.step[:, None], k, axis=1)
        return Streams(self.state[:, None] + step * (words * np.arange(k, dtype=np.uint64)), step)

    def bits(self, k: int) -> Words:
        """Return the next ``k`` words of each stream."""
        words = words_of(self.state, self.step, k)
        self.state += self.step * np.uint64(k)
        return words

    def random(self, size: int | tuple[int, ...]) -> npt.NDArray[np.float64]:
        """Return ``size`` uniform numbers strictly between 0 and 1 (52 bits)."""
        k = size if isinstance(size, int) else size[-1]
        if not isinstance(size, int) and size[:-1] != self.state.shape:
            raise ValueError(f"streams of shape {self.state.shape} cannot fill {size}")
        words: Words = self.bits(k) >> np.uint64(12)
        return (words.astype(np.float64) + 0.5) * 2.0**-52

    def logistic(self, *, size: int | tuple[int, ...]) -> npt.NDArray[np.float64]:
        """Return ``size`` logits of uniform numbers, which take as many words."""
        u = self.random(size)
        for part in np.split(u.reshape(-1), range(_BLOCK, u.size, _BLOCK)):
            part[:] = logit(part)
        return u

    def standard_normal(self, size: int | tuple[int, ...]) -> npt.NDArray[np.float64]:
        """Return ``size`` normal numbers, of two words each (Box & Muller 1958).

        The logarithm is `logit`'s and the cosine a series, for the same bits everywhere.
        """
        k = size if isinstance(size, int) else size[-1]
        both = 2 * k if isinstance(size, int) else (*size[:-1], 2 * k)
        u, turns = np.split(self.random(both), 2, axis=-1)
        x = np.pi * (turns - 0.5)
        square, sine = x * x, np.zeros_like(x)
        for factor in _SINE:
            sine = factor - square * sine
        sine *= x
        radius = np.sqrt(-2 * np.minimum(logit(u / (1 + u)), 0))
        return np.asarray(radius * (1 - 2 * sine * sine))

    def integers(self, low: int, high: int | None = None, size: int = 1) -> Ints:
        """Return ``size`` integers in [low, high), or in [0, low); the bias is below 2**-32 n."""
        first, end = (0, low) if high is None else (low, high)
        return first + below(np.uint64(end - first), self.bits(size))

    def permutation(self, n: int) -> Ints:
        """Return a random order of n (Fisher-Yates from the top, one draw a place)."""
        words = self.bits(n).reshape(-1, n)
        orders, size = np.empty(words.shape, dtype=np.int64), max(1, _PLACES // n)
        for first in range(0, len(orders), size):
            part = slice(first, first + size)
            draws = below(np.arange(n, 0, -1, dtype=np.uint64), words[part])
            (_shuffle_together if draws.size > _SHORT else _shuffle)(draws, orders[part])
        return orders.reshape(*self.state.shape, n)


Draws = np.random.Generator | Streams


def source(rng: Rng | Streams | None, purpose: str) -> Draws:
    """Return what neurons and orders draw from: streams as they are, or what ``rng`` names."""
    return rng if isinstance(rng, Streams) else generator(rng, purpose)


def _mix(z: Words) -> Words:
    z = (z ^ (z >> _30)) * _MIX1
    z = (z ^ (z >> _27)) * _MIX2
    return np.asarray(z ^ (z >> _31))


def _mixed(z: int) -> int:
    """Mix one word, in Python's integers."""
    z = (z ^ (z >> 30)) * MIX1 & _ALL
    z = (z ^ (z >> 27)) * MIX2 & _ALL
    return z ^ (z >> 31)


def _shuffle(draws: Ints, orders: Ints) -> None:
    """Give the orders into which draws shuffle: place n-1-k swaps with the k-th place drawn."""
    n = orders.shape[1]
    for row, drawn in zip(orders, draws.tolist(), strict=True):
        order = list(range(n))
        for i, j in zip(range(n - 1, -1, -1), drawn, strict=True):
            order[i], order[j] = order[j], order[i]
        row[:] = order


def _shuffle_together(draws: Ints, orders: Ints) -> None:
    """Do the same for all at once.

    A place ends with what the last place above that drew it held before, and that held what the
    last one above it had brought: pointers are followed until they lead nowhere else.
    """
    total, n = draws.size, orders.shape[1]
    starts, bits = np.arange(0, total, n)[:, None], total.bit_length()
    places = np.arange(total).reshape(orders.shape)[:, ::-1]  # those that draw, the last first
    drawn = draws + starts
    held = np.arange(total + 1)  # the last one is of no place
    held[np.where(drawn == places, total, drawn)] = places  # of a place drawn twice the last stays
    while True:
        further = held[held]
        further = further[further]
        if (further == held).all():
            break
        held = further
    keys = (drawn << bits | total - places).ravel()
    keys.sort()
    place, top = keys >> bits, total - (keys & (1 << bits) - 1)
    again = place[1:] == place[:-1]
    place[1:] = np.where(again, held[top[:-1]], place[1:])
    order = np.empty(total, dtype=np.int64)
    order[top] = place
    orders[:] = order.reshape(orders.shape) - starts
