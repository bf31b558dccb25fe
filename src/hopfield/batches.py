"""Many -1/+1 states at once under Hebb's couplings, patterns and states in bits."""

from __future__ import annotations

import math
import os
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt

from ._kernels import dispatch
from ._kernels.heat import bounds
from ._kernels.rng import Streams
from ._validate import Array, Floats
from .cursors import relax
from .neurons import HeatBath

Ints = npt.NDArray[np.int64]
Signs = npt.NDArray[np.int8]
Words = npt.NDArray[np.uint64]
_LANES, _GROUP, _TABLES = 32, 8, 32  # as in the kernels
_LEAST = 8  # states that fill enough of a block
_MANY = 2**20  # values in all products of a state and a pattern from which it pays
_WORK = 2**36  # what is done between two looks at Ctrl-C takes a fraction of a second


@dataclass(frozen=True)
class Batches:
    """Patterns in bits, by words and by neurons, for whole fields of many states.

    Attributes
    ----------
    rows : ndarray of uint64, shape (P' >= P, W)
        Bit j of word w of row mu is set where pattern mu is 1 at neuron 64 w + j.
    signs : ndarray of uint8, shape (N, G)
        The same bits, a row a neuron.
    size : int
        P.
    diagonal : int
        N W_ii that the field leaves out.
    """

    rows: Words
    signs: npt.NDArray[np.uint8]
    size: int
    diagonal: int
    _spare: list[tuple[Array, ...]] = field(default_factory=list, init=False, repr=False)

    @classmethod
    def of(cls, blocks: Iterable[Array], masks: Array, p: int, diagonal: int) -> Batches:
        """Pack blocks of P patterns of -1/+1, of which ``masks`` holds the bits by neurons."""
        rows, first = np.zeros((-(-p // 4) * 4, -(-len(masks) // 64)), dtype=np.uint64), 0
        for block in blocks:
            rows[first : first + len(block)] = packed(block)
            first += len(block)
        return cls(rows, masks.view(np.uint8), p, diagonal)

    def numerators(self, s: Array) -> Floats:
        """Return N times the fields (R, N) of states (R, N)."""
        out = np.empty(s.shape)
        self._run("fields", _in_lanes(packed(s)), self.diagonal, out)
        return out

    def energies(self, s: Array) -> Floats:
        """Return the energies (R,) of states (R, N)."""
        cues, n = _in_lanes(packed(s)), s.shape[1]
        squares = np.empty(_LANES * len(cues), dtype=np.int64)
        self._run("squares", cues, squares)
        return np.asarray((n * self.diagonal - squares[: len(s)]) / (2 * n))

    def settle(self, s: Array, tie: int, sweeps: int) -> tuple[Signs, Ints, Ints]:
        """Move all neurons at once until each state has settled or goes round.

        Parameters
        ----------
        s : ndarray of shape (R, N)
            States.
        tie : int
            What a field of 0 does: 1 up, -1 down, 0 keep.
        sweeps : int
            Stop after so many at the latest.

        Returns
        -------
        state, swept, period
            The last states (R, N); for each replica (R,) the sweeps it made, and its period:
            1 for a fixed point, more for a cycle, 0 where the sweeps ran out.
        """
        words = packed(s)
        swept, period = np.zeros((2, len(s)), dtype=np.int64)

        def advance(rows: Ints) -> None:
            words[rows] = self._moved(words[rows], tie)
            swept[rows] += 1

        relax(words, period, advance, sweeps)
        return _unpacked(words, s.shape[1]), swept, period

    def bathe(self, s: Array, neuron: HeatBath, streams: Streams, sweeps: int) -> Signs:
        """Return the states (R, N) after so many sweeps of all neurons at once."""
        replicas, n = s.shape
        cues, table = _in_lanes(packed(s)), bounds(neuron.scale * n, 1, 2**62)
        lanes = np.minimum(np.arange(_LANES * len(cues)), replicas - 1).reshape(-1, _LANES)
        words, steps = streams.state[lanes], streams.step[lanes]
        for _ in range(sweeps):
            after = np.empty_like(cues)
            heat = float(n), neuron.scale, table, words, steps
            self._run("bathe_together", cues, self.diagonal, *heat, after)
            words += np.uint64(n) * steps
            cues = after
        streams.state[:] = words.reshape(-1)[:replicas]
        return _unpacked(_in_rows(cues, replicas), n)

    def _moved(self, words: Words, tie: int) -> Words:
        cues = _in_lanes(words)
        after = np.empty_like(cues)
        bars = self.diagonal - (tie >= 0), -self.diagonal - (tie > 0)
        self._run("together", cues, *bars, after)
        return _in_rows(after, len(words))

    def _run(self, name: str, cues: Words, *rest: Any) -> None:
        """Run a kernel over all blocks, a part at a time or a part in each thread."""
        kernel, (n, _), threads = dispatch.kernel(name), self.signs.shape, _threads()
        part = min(-(-len(cues) // threads), max(1, _WORK // (_LANES * n * self.size)))

        def run(start: int) -> None:
            stop = min(start + part, len(cues))
            try:  # what another call has left
                room = self._spare.pop()
            except IndexError:
                room = self._room()
            kernel(self.rows, self.signs, cues, start, stop, n, self.size, *room, *rest)
            self._spare.append(room)

        _each(run, range(0, len(cues), part), threads)

    def _room(self) -> tuple[Array, ...]:
        """Return what a kernel works in: overlaps, bounds, tables and fields of a block."""
        groups, table = -(-self.size // _GROUP), 2**_GROUP
        return (
            _aligned((_GROUP * groups, _LANES), np.int32),
            _aligned((_LANES,), np.int32),
            _aligned((min(groups, _TABLES) * table * _LANES,), np.int16),
            _aligned((table * _LANES,), np.int32),
            _aligned((-(-len(self.signs) // 4) * 4, _LANES), np.int32),
        )


def gram(words: Words, size: int, n: int) -> Array:
    """Return X'X (N, N) of ``size`` -1/+1 patterns: how much more often neurons agree than not.

    ``words`` (N, W) hold a bit for each pattern, set where it is +1 at a neuron.
    """
    blocks = _in_lanes(words)
    rows = np.ascontiguousarray(blocks.transpose(0, 2, 1)).reshape(-1, words.shape[1])
    item = np.dtype(np.float32 if n * size < 2**24 else np.float64)  # holds the sum of a row
    out, room = _aligned((n, n), item), _aligned((_LANES, _LANES), np.int32)
    aligned, part = n * item.itemsize % 64 == 0, _LANES * max(1, _WORK // (_LANES * n * size))
    for i in range(0, n, part):
        dispatch.kernel("gram")(rows, blocks, i, min(i + part, n), size, room, aligned, out)
    return out


def worth(p: int, s: Array) -> bool:
    """Say whether states (R, N) are many enough, of -1/+1, and no sum exceeds its integers."""
    return (
        s.ndim == 2
        and len(s) >= _LEAST
        and p * s.size >= _MANY
        and p * (s.shape[1] + 1) < 2**31
        and dispatch.has("together")
        and bool((np.abs(s) == 1).all())
    )


def _threads() -> int:
    given = os.environ.get("HOPFIELD_THREADS") or "1"
    if not given.isascii() or not given.isdigit() or not 1 <= int(given) <= 1024:
        raise ValueError(f"HOPFIELD_THREADS must be a number from 1 to 1024, not {given!r}")
    return int(given)


def _each(run: Callable[[int], None], starts: range, threads: int) -> None:
    if threads == 1 or len(starts) == 1:
        for start in starts:
            run(start)
    else:
        from concurrent.futures import ThreadPoolExecutor

        with ThreadPoolExecutor(threads) as pool:
            list(pool.map(run, starts))


def packed(x: Array) -> Words:
    """Return rows (R, N) as words (R, W), a bit set where a value is positive."""
    bits = np.packbits(x > 0, axis=1, bitorder="little")
    words = np.zeros((len(x), -(-x.shape[1] // 64)), dtype=np.uint64)
    words.view(np.uint8)[:, : bits.shape[1]] = bits
    return words


def _in_lanes(words: Words) -> Words:
    """Return words (R, W) by blocks (C, W, 32), the last state once more in lanes left over."""
    blocks, width = -(-len(words) // _LANES), words.shape[1]
    rows = np.minimum(np.arange(_LANES * blocks), len(words) - 1)
    cues = _aligned((blocks, width, _LANES), np.uint64)
    cues[:] = words[rows].reshape(blocks, _LANES, width).transpose(0, 2, 1)
    return cues


def _in_rows(cues: Words, replicas: int) -> Words:
    """Return words (R, W) of blocks (C, W, 32)."""
    return cues.transpose(0, 2, 1).reshape(-1, cues.shape[1])[:replicas]


def _unpacked(words: Words, n: int) -> Signs:
    """Return states (R, N) of words (R, W)."""
    rows = np.ascontiguousarray(words).view(np.uint8)
    states = np.unpackbits(rows, axis=1, count=n, bitorder="little").view(np.int8)
    states *= 2
    states -= 1
    return states


def _aligned(shape: tuple[int, ...], dtype: Any) -> Array:
    """Return an array that begins where a line of cache does, so that no vector crosses two."""
    size = math.prod(shape) * np.dtype(dtype).itemsize
    spare = np.empty(size + 64, dtype=np.uint8)
    first = -spare.__array_interface__["data"][0] % 64
    return np.asarray(spare[first : first + size].view(dtype).reshape(shape))
