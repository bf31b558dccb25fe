"""How attention reads patterns: in blocks that stay in cache, and that threads share."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import reduce

import numpy as np

from ..base.checks import Array, Floats
from ..base.threads import each, one_blas_thread, threads

_VALUES = 2**20  # of a block of patterns, which stays in cache between its two products
_STATES = 512  # that share a block
_PARTS = 64  # of the work, at most: as many for any number of threads, so that sums are equal
_SHARED = 2**23  # products from which it pays to begin threads, a millisecond or two
LOWEST = -60.0  # exp of less adds nothing, and its denormals would cost a hundred times as much

Read = tuple[Floats, Floats, Floats]  # a largest score, the sum of exp, the sum of values by that


def unit(x: Array) -> Array:
    """Return rows (..., n) of length 1, as they are where they have it but for rounding."""
    size = np.sqrt(np.square(x, dtype=np.float64).sum(axis=-1, keepdims=True))
    known = np.abs(size - 1) <= 4 * np.finfo(x.dtype).eps
    return np.asarray(x / np.where(known | (size == 0), 1.0, size), x.dtype)


def attended(
    x: Array,
    values: Array,
    queries: Array,
    lengths: Array | None,
    attend: Callable[[Floats], tuple[Floats, Floats]] | None,
) -> tuple[Floats, Floats]:
    """Return the mean of values (P, M) under the attention of queries (R, n), (R, M), and A (R,).

    Scores are as `scored` gives them; ``attend`` makes weights and A of those of all patterns,
    or is None for softmax, whose patterns are passed once, in blocks.
    """
    if attend:
        mean, total = _room(queries, values)
        size = max(1, 16 * _VALUES // len(x))
        for first in range(0, len(queries), size):
            rows = slice(first, first + size)
            p, total[rows] = attend(scored(queries[rows], x, lengths))
            mean[rows] = p @ values
        return mean, total
    states = range(0, len(queries), _STATES)
    many = min(len(queries), _STATES)
    block = max(1, _VALUES // max(x.shape[1], values.shape[1], many))
    blocks = -(-len(x) // block)
    parts = max(1, min(blocks, _PARTS // len(states)))
    if blocks == len(states) == 1:
        return _ended(_softmax(scored(queries, x, lengths), values))
    found: list[Read | None] = [None] * (parts * len(states))

    def part(k: int) -> Iterator[None]:
        rows = slice(states[k // parts], states[k // parts] + _STATES)
        read: Read | None = None
        for b in range(k % parts * blocks // parts, (k % parts + 1) * blocks // parts):
            some = slice(b * block, (b + 1) * block)
            less = None if lengths is None else lengths[some]
            new = _softmax(scored(queries[rows], x[some], less), values[some])
            read = new if read is None else _both(read, new)
            yield
        found[k] = read

    mean, total = _room(queries, values)
    work = len(queries) * x.size
    shares = min(threads(), len(found)) if work > _SHARED else 1
    with one_blas_thread(work > _SHARED) as ready:
        each(part, range(len(found)), shares if ready else 1)
    for k, first in enumerate(states):
        rows = slice(first, first + _STATES)
        reads = [read for read in found[k * parts : (k + 1) * parts] if read]
        mean[rows], total[rows] = _ended(reduce(_both, reads))
    return mean, total


def scored(queries: Array, x: Array, lengths: Array | None) -> Floats:
    """Return ``queries @ x.T - lengths``, (R, P)."""
    found: Floats = queries @ x.T
    if lengths is not None:
        found -= lengths
    return found


def _room(queries: Array, values: Array) -> tuple[Floats, Floats]:
    return np.empty((len(queries), values.shape[1]), queries.dtype), np.empty(len(queries))


def _softmax(z: Floats, values: Array) -> Read:
    top = z.max(axis=1)
    z -= top[:, None]
    np.exp(np.maximum(z, LOWEST, out=z), out=z)
    return top, z.sum(axis=1).astype(np.float64), z @ values


def _ended(read: Read) -> tuple[Floats, Floats]:
    """Return the mean and A of what all blocks come to."""
    top, total, sums = read
    sums /= total[:, None]
    return sums, np.log(total) + top


def _both(a: Read, b: Read) -> Read:
    top = np.maximum(a[0], b[0])
    one, other = (np.exp(np.maximum(x[0] - top, LOWEST)) for x in (a, b))
    sums: Floats = a[2]
    sums *= one[:, None]
    sums += b[2] * other[:, None]
    return top, np.asarray(a[1] * one + b[1] * other, np.float64), sums


def best(scores: Floats, weights: Floats, k: int) -> tuple[Array, Floats, Floats]:
    """Return the k columns of largest scores (R, P), best first, the first of equal ones first."""
    least = np.partition(scores, -k, axis=1)[:, -k]
    found = np.empty((len(scores), k), dtype=np.intp)
    for row, (z, bar) in enumerate(zip(scores, least, strict=True)):
        some = np.flatnonzero(z >= bar)
        found[row] = some[np.argsort(-z[some], kind="stable")[:k]]
    weights, scores = (np.take_along_axis(a, found, axis=1) for a in (weights, scores))
    return found, weights, scores
