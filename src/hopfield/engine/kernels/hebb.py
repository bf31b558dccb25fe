"""Hebb's couplings as a matrix, compiled: how often each pair of neurons agrees, counted in bits.

A tile is 32 neurons by a block of 32 (see `batches`); it is written as it stands and mirrored.
"""

from __future__ import annotations

from typing import Any

from . import simd
from .batches import LANES, _overlaps
from .compiling import jit
from .reference import Counts, Words


@jit
def gram(
    rows: Words,
    blocks: Words,
    first: int,
    stop: int,
    size: int,
    m: Counts,
    aligned: bool,
    out: Any,
) -> None:
    """Fill rows ``first`` to ``stop`` of X'X (N, N) from the diagonal on, and their mirror image.

    ``rows`` (N', W) and ``blocks`` (C, W, 32) are what each neuron is in the ``size`` patterns, N'
    being 32 C, and ``first`` a multiple of 32. ``aligned`` says that every row of ``out`` begins
    with a line of cache, and ``m`` (32, 32) is room to work in.
    """
    n = out.shape[0]
    for i in range(first, stop, LANES):
        for j in range(i, n, LANES):
            _overlaps(rows[i : i + LANES], blocks, j // LANES, size, m)
            if aligned and j + LANES <= n:
                for a in range(0, LANES, simd.COUNT):
                    for b in range(0, LANES, simd.COUNT):
                        k, mirror = (i + a) * n + j + b, (j + b) * n + i + a
                        simd.both_ways(m, a * LANES + b, LANES, out, k, mirror, n)
            else:
                for a in range(min(LANES, n - i)):
                    for b in range(min(LANES, n - j)):
                        out[i + a, j + b] = out[j + b, i + a] = m[a, b]
