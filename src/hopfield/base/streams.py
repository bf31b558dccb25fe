"""Counter-based random streams (splitmix64), one a replica, the same bits on every backend.

The k-th output of a stream depends on its seed and k alone, so a draw of many numbers is one
vector operation and a replica's numbers do not depend on who runs beside it.
Source: Steele, Lea & Flood 2014, doi:10.1145/2660193.2660195.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from ..engine.kernels import dispatch
from .heat import logit

Words = npt.NDArray[np.uint64]

_GAMMA = np.uint64(0x9E3779B97F4A7C15)
_MIX1 = np.uint64(0xBF58476D1CE4E5B9)
_MIX2 = np.uint64(0x94D049BB133111EB)
_BLOCK = 2**12  # numbers that stay in a cache
_1, _27, _30, _31 = np.array([1, 27, 30, 31], dtype=np.uint64)


def _mix(z: Words) -> Words:
    z = (z ^ (z >> _30)) * _MIX1
    z = (z ^ (z >> _27)) * _MIX2
    return np.asarray(z ^ (z >> _31))


def words_of(state: Words, step: Words, k: int) -> Words:
    """Return the next ``k`` words of streams that stand at ``state``."""
    counts = np.arange(1, k + 1, dtype=np.uint64)
    return _mix(state[..., None] + counts * step[..., None])


def below(high: Any, words: Words) -> npt.NDArray[np.int64]:
    """Return words as integers below ``high``."""
    half = np.uint64(32)
    return np.asarray((words >> half) * high >> half).astype(np.int64)


class Streams:
    """Random streams of shape () or (R,); a draw of k numbers has shape (k,) or (R, k).

    The methods are a subset of `numpy.random.Generator`'s, so that an order or a neuron can be
    called with either. Each stream has its own odd step, so that no two run on one orbit.
    """

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
        return cls(seeds, _mix(seeds ^ _GAMMA) | _1)

    def __getitem__(self, replica: int) -> Streams:
        """Return one replica's stream; its draws advance this object's too."""
        one = slice(replica, replica + 1)
        return Streams(self.state[one].reshape(()), self.step[one].reshape(()))

    def of(self, replicas: npt.NDArray[np.int64]) -> Streams:
        """Return a copy of some replicas' streams."""
        return Streams(self.state[replicas], self.step[replicas])

    def apart(self, words: int, k: int) -> Streams:
        """Return k copies of each stream, (R, k), each so many words after the one before."""
        step = np.repeat(self.step[:, None], k, axis=1)
        return Streams(self.state[:, None] + step * (words * np.arange(k, dtype=np.uint64)), step)

    def bits(self, k: int) -> Words:
        """Return the next ``k`` words of each stream."""
        words = words_of(self.state, self.step, k)
        self._skip(k)
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
        if dispatch.has("logits"):
            shape = self.state.shape + ((size,) if isinstance(size, int) else size[-1:])
            out = np.empty((self.state.size, shape[-1]))
            dispatch.kernel("logits")(self.state.reshape(-1), self.step.reshape(-1), out)
            self._skip(shape[-1])
            return out.reshape(shape)
        u = self.random(size)
        for part in np.split(u.reshape(-1), range(_BLOCK, u.size, _BLOCK)):
            part[:] = logit(part)
        return u

    def integers(self, low: int, high: int | None = None, size: int = 1) -> npt.NDArray[np.int64]:
        """Return ``size`` integers in [low, high), or in [0, low); the bias is below 2**-32 n."""
        first, end = (0, low) if high is None else (low, high)
        return first + below(np.uint64(end - first), self.bits(size))

    def permutation(self, n: int) -> npt.NDArray[np.int64]:
        """Return a random order of n (Fisher-Yates from the top, one draw a place)."""
        orders = np.empty((self.state.size, n), dtype=np.int64)
        streams = self.state.reshape(-1), self.step.reshape(-1)
        dispatch.kernel("permute")(*streams, orders, np.empty(n, dtype=np.uint32))
        self._skip(n)
        return orders.reshape(*self.state.shape, n)

    def _skip(self, k: int) -> None:
        self.state += self.step * np.uint64(k)
