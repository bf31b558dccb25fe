"""Many -1/+1 states at once under Hebb's couplings, patterns and states in bits."""

from __future__ import annotations

import math
import os
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt

from ..base.checks import Array, Floats
from ..base.heat import bounds
from ..base.streams import Streams
from ..core.neurons import HeatBath
from .kernels import dispatch

Ints = npt.NDArray[np.int64]
Signs = npt.NDArray[np.int8]
Words = npt.NDArray[np.uint64]
_LANES, _GROUP, _TABLES = 32, 7, 40  # as in the kernels
_LEAST = 2  # states; a block of few takes no longer than these one by one
_MANY = 2**17  # values in all products of a state and a pattern from which it pays
_WORK = 2**36  # what is done between two looks at Ctrl-C takes a fraction of a second


@dataclass(frozen=True)
class Batches:
    """Patterns in bits, by words and by neurons, for whole fields of many states.

    Attributes
    ----------
    rows : ndarray of uint64, shape (P' >= P, W)
        Bit j of word w of row mu is set where pattern mu is 1 at neuron 64 w + j.
    signs : ndarray of uint8, shape (N, G)
        The same bits, a row a neuron, seven in a byte.
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
            rows[first : first + len(block)] = cls.pack(block)
            first += len(block)
        return cls(rows, _grouped(masks.view(np.uint8), p), p, diagonal)

    @staticmethod
    def pack(s: Array) -> Words:
        """Return states (R, N) of -1/+1 as words (R, W), a bit set where one is 1."""
        bits = np.packbits(s > 0, axis=1, bitorder="little")
        words = np.zeros((len(s), -(-s.shape[1] // 64)), dtype=np.uint64)
        words.view(np.uint8)[:, : bits.shape[1]] = bits
        return words

    def unpack(self, words: Words) -> Signs:
        """Return the states (R, N) of words (R, W)."""
        bits, n = words.view(np.uint8), len(self.signs)
        states = np.unpackbits(bits, axis=1, count=n, bitorder="little").view(np.int8)
        states *= 2
        states -= 1
        return np.asarray(states)

    def numerators(self, words: Words) -> Floats:
        """Return N times the fields (R, N) of states in words (R, W)."""
        out = np.empty((len(words), len(self.signs)))
        self._run("fields", words, self.diagonal, out)
        return out

    def energies(self, words: Words) -> Floats:
        """Return the energies (R,) of states in words (R, W)."""
        squares, n = np.empty(len(words), dtype=np.int64), len(self.signs)
        self._run("squares", words, squares)
        return np.asarray((n * self.diagonal - squares) / (2 * n))

    def step(self, words: Words, tie: int) -> Words:
        """Return the states, in words (R, W), after one move of all neurons at once."""
        return self._moved(words, tie, 1, words, 0)[0]

    def settle(self, words: Words, tie: int, sweeps: int) -> tuple[Words, Ints, Ints]:
        """Move all neurons at once until each state has settled or goes round.

        Parameters
        ----------
        words : ndarray of uint64, shape (R, W)
            States.
        tie : int
            What a field of 0 does: 1 up, -1 down, 0 keep.
        sweeps : int
            Stop after so many at the latest.

        Returns
        -------
        words, swept, period
            The last states (R, W); for each replica (R,) the sweeps it made, and its period:
            1 for a fixed point, more for a cycle, 0 where the sweeps ran out.
        """
        kept, at, words, done = words, 0, words.copy(), 0
        swept, period = np.zeros((2, len(words)), dtype=np.int64)
        longest = max(1, _WORK // self._work)
        while done < sweeps and not period.all():
            all_ = not period.any()
            going: Any = slice(None) if all_ else np.flatnonzero(period == 0)
            size = len(words[going])
            part = longest if size <= _LANES else min(longest, 2)  # who settles makes room
            # As Brent does, compare with a state kept at each power of two.
            end = min(max(1, 2 * at), sweeps, done + part)
            words[going], made, period[going] = self._moved(
                words[going], tie, end - done, kept[going], done - at
            )
            swept[going] += made
            done = end
            if done == max(1, 2 * at):
                kept, at = words.copy(), done
        return words, swept, period

    def bathe(self, words: Words, neuron: HeatBath, streams: Streams, sweeps: int) -> Words:
        """Return the states, in words (R, W), after so many sweeps of all neurons at once."""
        n = len(self.signs)
        table = bounds(neuron.scale * n, 1, 2**62)
        for _ in range(sweeps):
            after = np.empty_like(words)
            heat = float(n), neuron.scale, table, streams.state, streams.step
            self._run("bathe_together", words, self.diagonal, *heat, after)
            streams.state += streams.step * np.uint64(n)
            words = after
        return words

    def _moved(
        self, words: Words, tie: int, sweeps: int, kept: Words, since: int
    ) -> tuple[Words, Ints, Ints]:
        after, (swept, period) = words.copy(), np.zeros((2, len(words)), dtype=np.int64)
        bars = self.diagonal - (tie >= 0), -self.diagonal - (tie > 0)
        self._run("together", after, *bars, sweeps, kept, since, swept, period, sweeps=sweeps)
        return after, swept, period

    @property
    def _work(self) -> int:
        return _LANES * len(self.signs) * self.size

    def _run(self, name: str, words: Words, *rest: Any, sweeps: int = 1) -> None:
        """Run a kernel over all states, a part at a time or a part in each thread."""
        kernel, n, shares = dispatch.kernel(name), len(self.signs), threads()
        blocks = min(-(-len(words) // (_LANES * shares)), max(1, _WORK // (self._work * sweeps)))
        part = _LANES * blocks

        def run(start: int) -> Iterator[None]:
            stop = min(start + part, len(words))
            try:  # what another call has left
                room = self._spare.pop()
            except IndexError:
                room = self._room()
            kernel(self.rows, self.signs, words, start, stop, n, self.size, *room, *rest)
            self._spare.append(room)
            yield

        each(run, range(0, len(words), part), shares)

    def _room(self) -> tuple[Array, ...]:
        """Return what a kernel works in: overlaps, tables, fields, masks and words of a block."""
        groups, (size, width), table = -(-self.size // _GROUP), self.rows.shape, 2**_GROUP
        return (
            _aligned((max(_GROUP * groups, size), _LANES), np.int32),
            _aligned((min(groups, _TABLES) * table * _LANES,), np.int16),
            _aligned((table * _LANES,), np.int32),
            _aligned((-(-len(self.signs) // 4) * 4, _LANES), np.int32),
            _aligned((64 * width,), np.uint32),
            _aligned((1, width, _LANES), np.uint64),
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


def threads() -> int:
    """Return the number of threads that replicas are shared among."""
    given = os.environ.get("HOPFIELD_THREADS") or "1"
    if not given.isascii() or not given.isdigit() or not 1 <= int(given) <= 1024:
        raise ValueError(f"HOPFIELD_THREADS must be a number from 1 to 1024, not {given!r}")
    return int(given)


def each(run: Callable[[int], Iterator[None]], starts: range, threads: int) -> None:
    """Run a part from each start, in threads; a part yields where it can be stopped."""
    halted = False

    def whole(start: int) -> None:
        for _ in run(start):
            if halted:
                break

    if threads == 1 or len(starts) == 1:
        for start in starts:
            whole(start)
        return
    from concurrent.futures import ThreadPoolExecutor

    with ThreadPoolExecutor(threads) as pool:
        try:
            list(pool.map(whole, starts))
        except BaseException:  # Ctrl-C
            halted = True
            pool.shutdown(wait=False, cancel_futures=True)
            raise


def _grouped(bits: Array, p: int) -> Array:
    """Return the first p bits of each row (N, k) of bytes, so many in a byte as a table has."""
    at, pairs = np.arange(0, p, _GROUP), np.pad(bits, ((0, 0), (0, 1))).astype(np.uint16)
    first, place = at // 8, (at % 8).astype(np.uint16)
    found = (pairs[:, first] | pairs[:, first + 1] << 8) >> place & (2**_GROUP - 1)
    return np.asarray(found, dtype=np.uint8, order="C")


def _in_lanes(words: Words) -> Words:
    """Return words (R, W) by blocks (C, W, 32), the last state once more in lanes left over."""
    blocks, width = -(-len(words) // _LANES), words.shape[1]
    rows = np.minimum(np.arange(_LANES * blocks), len(words) - 1)
    cues = _aligned((blocks, width, _LANES), np.uint64)
    cues[:] = words[rows].reshape(blocks, _LANES, width).transpose(0, 2, 1)
    return cues


def _aligned(shape: tuple[int, ...], dtype: Any) -> Array:
    """Return an array that begins where a line of cache does, so that no vector crosses two."""
    size = math.prod(shape) * np.dtype(dtype).itemsize
    spare = np.empty(size + 64, dtype=np.uint8)
    first = -spare.__array_interface__["data"][0] % 64
    return np.asarray(spare[first : first + size].view(dtype).reshape(shape))
