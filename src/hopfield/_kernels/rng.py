"""Counter-based random streams (splitmix64), one a replica, the same bits on every backend.

The k-th output of a stream depends on its seed and k alone, so a draw of many numbers is one
vector operation and a replica's numbers do not depend on who runs beside it.
Source: Steele, Lea & Flood 2014, doi:10.1145/2660193.2660195.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from . import dispatch

Words = npt.NDArray[np.uint64]

_GAMMA = np.uint64(0x9E3779B97F4A7C15)
_MIX1 = np.uint64(0xBF58476D1CE4E5B9)
_MIX2 = np.uint64(0x94D049BB133111EB)


def _mix(z: Words) -> Words:
    z = (z ^ (z >> np.uint64(30))) * _MIX1
    z = (z ^ (z >> np.uint64(27))) * _MIX2
    return np.asarray(z ^ (z >> np.uint64(31)))


class Streams:
    """Random streams of shape () or (R,); a draw of k numbers has shape (k,) or (R, k).

    The methods are a subset of `numpy.random.Generator`'s, so that an order or a neuron can be
    called with either. Each stream has its own odd step, so that no two run on one orbit.
    """

    def __init__(self, state: Words, step: Words) -> None:
        self.state, self._step = state, step

    @classmethod
    def spawn(cls, generator: np.random.Generator, replicas: int) -> Streams:
        """Draw one seed a replica: batches in turn give the same streams as one large batch."""
        seeds = generator.integers(0, 2**64, size=replicas, dtype=np.uint64)
        return cls(seeds, _mix(seeds ^ _GAMMA) | np.uint64(1))

    def __getitem__(self, replica: int) -> Streams:
        """Return one replica's stream; its draws advance this object's too."""
        one = slice(replica, replica + 1)
        return Streams(self.state[one].reshape(()), self._step[one].reshape(()))

    def of(self, replicas: npt.NDArray[np.int64]) -> Streams:
        """Return a copy of some replicas' streams."""
        return Streams(self.state[replicas], self._step[replicas])

    def bits(self, k: int) -> Words:
        """Return the next ``k`` words of each stream."""
        counts = np.arange(1, k + 1, dtype=np.uint64)
        words = self.state[..., None] + counts * self._step[..., None]
        self.state += self._step * np.uint64(k)
        return _mix(words)

    def random(self, size: int | tuple[int, ...]) -> npt.NDArray[np.float64]:
        """Return ``size`` uniform numbers strictly between 0 and 1 (52 bits)."""
        k = size if isinstance(size, int) else size[-1]
        if not isinstance(size, int) and size[:-1] != self.state.shape:
            raise ValueError(f"streams of shape {self.state.shape} cannot fill {size}")
        words: Words = self.bits(k) >> np.uint64(12)
        return (words.astype(np.float64) + 0.5) * 2.0**-52

    def integers(self, low: int, high: int | None = None, size: int = 1) -> npt.NDArray[np.int64]:
        """Return ``size`` integers in [low, high), or in [0, low); the bias is below 2**-32 n."""
        first, end = (0, low) if high is None else (low, high)
        return first + self._below(np.uint64(end - first), size)

    def permutation(self, n: int) -> npt.NDArray[np.int64]:
        """Return a random order of n (Fisher-Yates from the top, one draw a place)."""
        swaps = self._below(np.arange(n, 0, -1, dtype=np.uint64), n)
        orders: npt.NDArray[np.int64] = dispatch.kernel("shuffle")(swaps.reshape(-1, n))
        return orders.reshape(swaps.shape)

    def _below(self, high: Any, k: int) -> npt.NDArray[np.int64]:
        half = np.uint64(32)
        return np.asarray((self.bits(k) >> half) * high >> half).astype(np.int64)
