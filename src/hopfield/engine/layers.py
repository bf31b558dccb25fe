"""Two layers of neurons that answer each other in turn, of many replicas: states as bits.

Couplings are whole multiples of a power of two, so that sums over states are exact in any order:
a product of matrices gives the same bits.
"""

from __future__ import annotations

from collections.abc import Iterator
from math import ceil, log2
from typing import Any, NamedTuple

import numpy as np

from ..base.exact import COUPLINGS
from ..base.forms import Array, Floats
from ..base.streams import Streams
from ..base.threads import each, threads
from .compiled import kernel
from .parts import WORK

LANES = 8  # replicas side by side
_SHARED = 2**22  # additions from which it pays to begin threads, a few milliseconds
_LARGE = 2**11, 2**15  # couplings from which products are quicker: in one thread, and in several


class Layers(NamedTuple):
    """Two layers: what couples them, w (M, H), their biases, and the threshold's scale."""

    w: Floats
    b: Floats
    c: Floats
    states: tuple[float, float]
    scale: float


def sweep(layers: Layers, v: Floats, held: Array | None, sweeps: int, streams: Streams) -> Any:
    """Let the second layer answer the first one, v (R, M), and the first one that, so many times.

    Neurons ``held`` (R, M) of the first layer stay. Return the states of the first layer; None
    where couplings are no multiples of one power of two, or so many that another way is quicker.
    """
    (low, high), (n, m) = layers.states, v.shape
    blocks, work = -(-n // LANES), 2 * layers.w.size + 64 * (m + layers.c.size)
    shares = min(threads(), blocks) if blocks * work * sweeps > _SHARED else 1
    whole = None if layers.w.size > _LARGE[shares > 1] else _whole(layers.w)
    if whole is None:
        return None
    units, unit = whole
    couplings = _padded(units), _padded(units.T)
    least = [low * w.sum(axis=0) for w in (units, units.T)]
    seen = _bits(v == high, blocks)
    kept = np.zeros_like(seen) if held is None else _bits(held, blocks)
    hidden = np.zeros((blocks, layers.c.size), np.uint8)
    words, steps = (
        np.resize(x, blocks * LANES).reshape(blocks, LANES) for x in (streams.state, streams.step)
    )
    numbers = layers.c, layers.b, least[0], least[1], high - low, float(unit), layers.scale
    run, longest = kernel("gibbs.sweep_layers"), max(1, WORK // work)
    size = -(-blocks // shares)

    def part(start: int) -> Iterator[None]:
        stop = min(start + size, blocks)
        k = max(w.shape[1] for w in couplings)
        room = tuple(np.empty(shape, np.int64) for shape in ((k, LANES), (LANES, k), k))
        most = max(1, longest // (stop - start))
        for made in range(0, sweeps, most):
            some = min(most, sweeps - made)
            run(couplings, (seen, hidden, kept), numbers, words, steps, room, start, stop, some)
            yield

    each(part, range(0, blocks, size), shares)
    streams.state[:] = words.reshape(-1)[:n]
    up = np.unpackbits(seen[:, None], axis=1, bitorder="little").reshape(-1, m)[:n]
    return np.where(up, high, low)


def _whole(w: Floats) -> tuple[Any, float] | None:
    """Return couplings in whole units, and the unit; None where there is no such unit."""
    sizes = np.abs(w)
    largest = max(float(sizes.sum(axis=k).max()) for k in (0, 1))
    if not 2.0**-900 < largest < 2.0**900:
        return None
    unit = 2.0 ** (ceil(log2(largest)) - COUPLINGS)
    units = w / unit
    found = units.astype(np.int64)
    return (found, unit) if (found == units).all() else None


def _padded(units: Any) -> Any:
    """Return couplings (M, H) with as many columns as fill vectors."""
    return np.pad(units, ((0, 0), (0, -units.shape[1] % LANES)))


def _bits(rows: Array, blocks: int) -> Any:
    """Return rows (R, M) as bytes (blocks, M), a bit a replica."""
    whole = np.zeros((blocks * LANES, rows.shape[1]), bool)
    whole[: len(rows)] = rows
    return np.packbits(whole.reshape(blocks, LANES, -1), axis=1, bitorder="little")[:, 0]
