"""Neurons of q states under couplings held by columns: q sites each, of which one is 1.

The numerators of all fields are kept, as in `columns`, whose tuples these kernels take. A neuron
goes to the site with the largest field, and takes two columns with it. ``rule`` is (how, q, T); at
a temperature each field is divided by T, and noise is added, before they are compared.

For q = 3, no temperature, fields .2, .5, .1 and the sites 1, 0, 0 the second site is to be 1: the
column of the first is taken from all numerators, and that of the second is added.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from ...base.checks import LARGEST
from ...base.forms import Floats, Ints, Signs
from .columns import add_column, begin, field
from .compiling import inline, jit
from .draws import DRAWN, Places, draw_order, drawn, gumbel


@jit
def turn(
    columns: Any, held: Any, numbers: Any, rule: Any, rows: Ints, sites: Ints, noise: Floats
) -> None:
    """Let neurons of replicas (A,) move one after the other: sites (A, k q), with noise there."""
    s, h, _ = held
    for a in range(rows.size):
        r = rows[a]
        begin(columns, held, r)
        for at in range(0, sites.shape[1], rule[1]):
            _move(columns, numbers, rule, s[r], h[r], sites[a, at], noise[a], at)


@jit
def sweep(
    columns: Any,
    held: Any,
    numbers: Any,
    rule: Any,
    random: Any,
    counts: Ints,
    places: Places,
    noise: Floats,
    start: int,
    stop: int,
    most: int,
) -> None:
    """Sweep replicas ``start`` to ``stop``: ``most`` times, or at T = 0 until nothing moves.

    Of neurons that are drawn with replacement a quiet sweep may miss one: all are then asked.
    ``noise`` (R, N) is room for that of a sweep, (R, 0) where there is none.
    """
    s, h, _ = held
    how, q, T = rule
    words, steps = random
    n = s.shape[1]
    order, swaps = places[0][: n // q], places[1][: n // q]
    for r in range(start, stop):
        if counts[2, r]:
            continue
        begin(columns, held, r)
        for _ in range(most):
            word, moved = draw_order(how, words[r], steps[r], order, swaps), False
            for k in range(noise.shape[1]):
                noise[r, k] = gumbel(drawn(word, steps[r], k + 1))
            words[r] = word + np.uint64(noise.shape[1]) * steps[r]
            for k in range(order.size):
                first = np.int64(order[k]) * q
                moved |= _move(columns, numbers, rule, s[r], h[r], first, noise[r], k * q)
            counts[0, r] += 1
            counts[1, r] += order.size
            if T > 0 or moved:
                continue
            for first in range(0, n if how == DRAWN else 0, q):
                best = _best(numbers, rule, s[r], h[r], first, noise[r], 0)
                moved |= _differs(s[r], first, q, best)
            if not moved:
                counts[2, r] = 1
                break


@inline
def _move(
    columns: Any, numbers: Any, rule: Any, s: Signs, h: Floats, first: int, noise: Floats, at: int
) -> Any:
    """Let a neuron move; say whether it did."""
    starts, targets, values, _, _ = columns
    best = _best(numbers, rule, s, h, first, noise, at)
    moved = _differs(s, first, rule[1], best)
    if moved:
        for i in range(first, first + rule[1]):
            new = np.int8(i == best)
            if new != s[i]:
                add_column(starts, targets, values, i, float(new - s[i]), h)
                s[i] = new
    return moved


@inline
def _differs(s: Signs, first: int, q: int, best: int) -> Any:
    """Say whether a neuron's sites are other than 1 at the best and 0 elsewhere; -1 is none."""
    differs = False
    for i in range(first, first + q):
        differs |= s[i] != (i == best)
    return differs and best >= 0


@inline
def _best(numbers: Any, rule: Any, s: Signs, h: Floats, first: int, noise: Floats, at: int) -> Any:
    """Return the site that a neuron goes to; -1 where it stays as it is."""
    _, q, T = rule
    best, ties, top = first, 1, field(numbers, h[first], first)
    for i in range(first + 1, first + q):
        x = field(numbers, h[i], i)
        if x > top:
            best, ties, top = i, 1, x
        elif x == top:
            ties += 1
    if T > 0:
        most = -np.inf
        for i in range(first, first + q):
            x = max(field(numbers, h[i], i) - top, -LARGEST * T) / T + noise[at + i - first]
            if x > most:
                best, most = i, x
        return best
    if ties == 1:
        return best
    alike, ones, others, stays = True, 0, 0, False
    for i in range(first, first + q):
        alike &= s[i] == s[first]
        ones += s[i] == 1
        others += s[i] == 0
        stays |= s[i] == 1 and field(numbers, h[i], i) == top
    return -1 if alike or (ones == 1 and others == q - 1 and stays) else best
