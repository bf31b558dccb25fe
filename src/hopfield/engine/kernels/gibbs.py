"""Layers of neurons that do not see each other: all answer their fields at once."""

from __future__ import annotations

from typing import Any

import numpy as np

from ...base.forms import Floats, Ints
from ...base.streams import Words
from . import simd
from .compiling import inline, jit
from .draws import drawn, logistic


@jit
def answers(
    x: Floats,
    words: Words,
    steps: Words,
    out: Floats,
    scale: float,
    low: float,
    high: float,
    start: int,
    stop: int,
) -> None:
    """Draw the states of neurons with fields x (R, k), by the next k words of each row's stream.

    A state is ``high`` where the field exceeds ``scale`` times the logit of a uniform number:
    with probability 1 / (1 + exp(-x / scale)). Rows ``start`` to
    ``stop`` are drawn, and their streams go on; those of ``out`` may be longer.
    """
    n = x.shape[1]
    for r in range(start, stop):
        word, step = words[r], steps[r]
        for k in range(n):
            up = x[r, k] > scale * logistic(drawn(word, step, k + 1))
            out[r, k] = high if up else low
        words[r] = word + np.uint64(n) * step


@jit
def sweep_layers(
    couplings: Any,
    bits: Any,
    numbers: Any,
    words: Words,
    steps: Words,
    room: Any,
    start: int,
    stop: int,
    most: int,
) -> None:
    """Let two layers of replicas answer each other ``most`` times, 8 replicas side by side.

    ``couplings`` int64 are down (M, H) and up (H, M), in units and with columns of 0 that fill
    vectors. ``bits`` uint8 (blocks, M or H) are the states of the two layers, a bit a replica, and
    which of the first are held. In units, the fields are ``least`` where all are down, and ``step``
    times the couplings of those that are up more. ``room`` is written to.
    """
    down, up = couplings
    seen, hidden, held = bits
    c, b, least_c, least_b, step, unit, scale = numbers
    sums = room[0]
    for block in range(start, stop):
        for _ in range(most):
            _add_up(down, seen, block, sums)
            _answer(room, (c, least_c, step, unit, scale), words, steps, block, hidden, held, False)
            _add_up(up, hidden, block, sums)
            _answer(room, (b, least_b, step, unit, scale), words, steps, block, seen, held, True)


@inline
def _add_up(couplings: Any, states: Any, block: int, sums: Ints) -> None:
    """Give the sums (K, 8) of couplings (M, K) of those that are up."""
    m, columns = np.uint64(couplings.shape[0]), np.uint64(couplings.shape[1])
    zero, first = simd.splat_few(np.int64(0)), np.uint64(block) * m
    for k in range(np.uint64(0), columns, np.uint64(8)):
        s0 = s1 = s2 = s3 = s4 = s5 = s6 = s7 = zero
        for i in range(m):
            at = np.int64(first + i)
            s0 = simd.masked_add(s0, states, at, simd.splat_few(couplings[i, k]))
            s1 = simd.masked_add(s1, states, at, simd.splat_few(couplings[i, k + np.uint64(1)]))
            s2 = simd.masked_add(s2, states, at, simd.splat_few(couplings[i, k + np.uint64(2)]))
            s3 = simd.masked_add(s3, states, at, simd.splat_few(couplings[i, k + np.uint64(3)]))
            s4 = simd.masked_add(s4, states, at, simd.splat_few(couplings[i, k + np.uint64(4)]))
            s5 = simd.masked_add(s5, states, at, simd.splat_few(couplings[i, k + np.uint64(5)]))
            s6 = simd.masked_add(s6, states, at, simd.splat_few(couplings[i, k + np.uint64(6)]))
            s7 = simd.masked_add(s7, states, at, simd.splat_few(couplings[i, k + np.uint64(7)]))
        to = np.int64(k) * 8
        simd.store(sums, to, s0)
        simd.store(sums, to + 8, s1)
        simd.store(sums, to + 16, s2)
        simd.store(sums, to + 24, s3)
        simd.store(sums, to + 32, s4)
        simd.store(sums, to + 40, s5)
        simd.store(sums, to + 48, s6)
        simd.store(sums, to + 56, s7)


@inline
def _answer(
    room: Any,
    layer: Any,
    words: Words,
    steps: Words,
    block: int,
    states: Any,
    held: Any,
    may: bool,
) -> None:
    """Draw the states of a layer, where they are not held, by the next words of each stream."""
    (bias, least, step, unit, scale), (sums, turned, new) = layer, room
    n = bias.size
    for k in range(n):
        new[k] = 0
        for r in range(8):
            turned[r, k] = sums[k, r]
    for r in range(8):
        word, pace, bit = words[block, r], steps[block, r], np.int64(1) << np.int64(r)
        for k in range(n):
            x = bias[k] + unit * (least[k] + step * np.float64(turned[r, k]))
            new[k] |= bit if x > scale * logistic(drawn(word, pace, k + 1)) else np.int64(0)
        words[block, r] = word + np.uint64(n) * pace
    for k in range(n):
        kept = np.int64(held[block, k]) if may else np.int64(0)
        states[block, k] = (np.int64(states[block, k]) & kept) | (new[k] & ~kept)
