"""Patterns of two values as bits: one matrix, and the four views that kernels read.

Bit (mu, i) is set where pattern mu is 1 at neuron i. Packed little-endian, 64 to a word:

    by_neuron   (N, P / 64)         row i holds neuron i in all patterns: masks of overlaps
    by_pattern  (P', N / 64)        row mu holds pattern mu: counted against states in words
    by_word     (N / 64, P'')       the transpose of that: 32 patterns a vector, one state
    sevens      (N, P / 7) bytes    by_neuron in groups of seven: places in a table of 128

P' is P filled up to a multiple of 4, P'' to one of 64, with bits that are not set.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from functools import cached_property
from typing import Any, ClassVar

import numpy as np
import numpy.typing as npt

from .checks import count
from .saved import savable

Array = npt.NDArray[Any]
Signs = npt.NDArray[np.int8]
Words = npt.NDArray[np.uint64]

GROUP = 7  # bits in a place of a table
_TILE = 256  # neurons that stay in a cache while they are turned


@savable
class BitMatrix:
    """P patterns of N neurons, as bits. A slice of it is int8 rows.

    Parameters
    ----------
    by_neuron : ndarray of uint64, shape (N, ceil(P / 64))
        Bit mu % 64 of word mu // 64 of row i is set where pattern mu is 1 at neuron i.
    unset : int
        What a bit that is not set stands for: -1 or 0.
    size : int
        Patterns.

    Raises
    ------
    ValueError
        For words that do not fit: a file may hold them, and the kernels trust them.
    """

    dtype: ClassVar[type] = np.int8

    def __init__(self, by_neuron: Words, unset: int, size: int) -> None:
        unset, size = count(unset, "unset", -1, 0), count(size, "size", 1)
        width = -(-size // 64)
        whole = isinstance(by_neuron, np.ndarray) and by_neuron.dtype == np.uint64
        if not (whole and by_neuron.ndim == 2 and by_neuron.flags.c_contiguous):
            raise ValueError(f"by_neuron must be uint64 rows (N, {width})")
        if len(by_neuron) < 2 or by_neuron.shape[1] != width:
            raise ValueError(f"by_neuron must have the shape (N, {width}) for {size} patterns")
        if size % 64 and (by_neuron[:, -1] >> np.uint64(size % 64)).any():
            raise ValueError(f"by_neuron must have no bit set beyond those of {size} patterns")
        self.by_neuron, self.unset, self.size = by_neuron, unset, size

    @classmethod
    def of(cls, blocks: Iterable[Signs], shape: tuple[int, int], unset: int) -> BitMatrix:
        """Pack patterns (P, N) of 1 and ``unset``, given by blocks of 8 k rows, the last of any."""
        (p, n), first = shape, 0
        rows = np.zeros((n, -(-p // 64) * 8), dtype=np.uint8)
        for block in blocks:
            stop = first + -(-len(block) // 8)
            for i in range(0, n, _TILE):
                tile = np.ascontiguousarray((block[:, i : i + _TILE] > 0).T)
                rows[i : i + _TILE, first:stop] = np.packbits(tile, axis=1, bitorder="little")
            first = stop
        return cls(rows.view(np.uint64), unset, p)

    def __getitem__(self, rows: slice) -> Signs:
        """Return some of the patterns."""
        first, stop, _ = rows.indices(self.size)
        stop = max(first, stop)
        octets = self.by_neuron.view(np.uint8)[:, first // 8 : -(-stop // 8)]
        out = np.empty((stop - first, len(octets)), dtype=np.int8)
        for i in range(0, len(octets), _TILE):
            bits = np.unpackbits(octets[i : i + _TILE], axis=1, bitorder="little").view(np.int8)
            out[:, i : i + _TILE] = bits[:, first % 8 :][:, : len(out)].T
        out *= 1 - self.unset
        out += self.unset
        return out

    def parts(self) -> dict[str, object]:
        """Return the arguments that rebuild it: what a file holds of it."""
        return {"by_neuron": self.by_neuron, "unset": self.unset, "size": self.size}

    __getstate__ = parts  # and nothing that is made of them

    @property
    def shape(self) -> tuple[int, int]:
        """The patterns' shape (P, N)."""
        return self.size, len(self.by_neuron)

    @cached_property
    def ups(self) -> npt.NDArray[np.int64]:
        """The sums (N,) over the patterns of what each neuron is in them."""
        high = np.bitwise_count(self.by_neuron).sum(axis=1, dtype=np.int64)
        return np.asarray((1 - self.unset) * high + self.unset * self.size)

    @cached_property
    def by_pattern(self) -> Words:
        """The patterns by words; see the head of this page."""
        words = np.zeros((-(-self.size // 4) * 4, -(-self.shape[1] // 64)), dtype=np.uint64)
        step = max(64, 2**22 // self.shape[1] // 64 * 64)
        for first in range(0, self.size, step):
            block = self[first : first + step]
            words[first : first + len(block)] = pack(block)
        return words

    @cached_property
    def by_word(self) -> Words:
        """The patterns by words, those of one word beside each other; see the head of this page."""
        out = np.zeros((self.by_pattern.shape[1], -(-self.size // 64) * 64), dtype=np.uint64)
        out[:, : self.size] = self.by_pattern[: self.size].T
        return out

    @cached_property
    def sevens(self) -> npt.NDArray[np.uint8]:
        """The neurons in groups of seven bits; see the head of this page."""
        octets = np.pad(self.by_neuron.view(np.uint8), ((0, 0), (0, 1))).astype(np.uint16)
        at = np.arange(0, self.size, GROUP)
        first, place = at // 8, (at % 8).astype(np.uint16)
        found = (octets[:, first] | octets[:, first + 1] << 8) >> place & (2**GROUP - 1)
        return np.asarray(found, dtype=np.uint8, order="C")


def pack(s: Array) -> Words:
    """Return states (R, N) of -1/+1 as words (R, ceil(N / 64)), a bit set where one is 1."""
    bits = np.packbits(s > 0, axis=1, bitorder="little")
    words = np.zeros((len(s), -(-s.shape[1] // 64)), dtype=np.uint64)
    words.view(np.uint8)[:, : bits.shape[1]] = bits
    return words


def unpack(words: Words, n: int) -> Signs:
    """Return the states (R, N) of -1/+1 that `pack` made words of."""
    bits = words.view(np.uint8)
    states = np.unpackbits(bits, axis=1, count=n, bitorder="little").view(np.int8)
    states *= 2
    states -= 1
    return np.asarray(states)


def aligned(shape: tuple[int, ...], dtype: npt.DTypeLike) -> Array:
    """Return zeros that begin where a line of cache does, so that no vector crosses two."""
    size = math.prod(shape) * np.dtype(dtype).itemsize
    spare = np.zeros(size + 64, dtype=np.uint8)
    first = -spare.__array_interface__["data"][0] % 64
    return np.asarray(spare[first : first + size].view(dtype).reshape(shape))
