"""Neurons of q states under couplings held by columns: q sites each, of which one is 1.

A neuron goes to the site with the largest field, and moves two of its sites as `visits` does. Their
kernels' tuples are these, too, but for the rule (q, T): at a temperature T above 0 each field is
divided by it, and noise is added, before they are compared.

For q = 3, no temperature, fields .2, .5, .1 and the sites 1, 0, 0 the second site is to be 1: the
column of the first is taken from all numerators, and that of the second is added.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from ...base.checks import LARGEST
from ...base.forms import Floats, Ints, Signs
from .columns import begin, field_of, move
from .compiling import inline, jit
from .draws import DRAWN, Places, draw_order, drawn, gumbel
from .visits import Held, Net, Terms


@jit
def turn(
    net: Net, held: Held, terms: Terms, rule: Any, rows: Ints, sites: Ints, noise: Floats
) -> None:
    """Let neurons of replicas (A,) move one after the other: sites (A, k q), with noise there."""
    for a in range(rows.size):
        begin(net, held, rows[a])
        for at in range(0, sites.shape[1], rule[0]):
            _turn(net, held, terms, rule, rows[a], sites[a, at], noise[a], at)


@jit
def sweep(
    net: Net,
    held: Held,
    terms: Terms,
    rule: Any,
    streams: Any,
    counts: Ints,
    places: Places,
    span: Any,
) -> None:
    """Sweep replicas: so many times, or at T = 0 until nothing moves; see `visits.sweep`.

    Of neurons that are drawn with replacement a quiet sweep may miss one: all are then asked.
    ``rule`` has (R, N) as room for the noise of a sweep, or (R, 0) where there is none.
    """
    (words, steps), s, (q, T, noise), how = streams, held[0], rule, span[3]
    n, law = s.shape[1], (q, T)
    order, swaps = places[0][: n // q], places[1][: n // q]
    for r in range(span[0], span[1]):
        if counts[2, r]:
            continue
        begin(net, held, r)
        for _ in range(span[2]):
            word, moved = draw_order(how, words[r], steps[r], order, swaps), False
            for k in range(noise.shape[1]):
                noise[r, k] = gumbel(drawn(word, steps[r], k + 1))
            words[r] = word + np.uint64(noise.shape[1]) * steps[r]
            for k in range(order.size):
                first = np.int64(order[k]) * q
                moved |= _turn(net, held, terms, law, r, first, noise[r], k * q)
            counts[0, r] += 1
            counts[1, r] += order.size
            if T > 0 or moved:
                continue
            for first in range(0, n if how == DRAWN else 0, q):
                best = _best(net, held, terms, law, r, first, noise[r], 0)
                moved |= _differs(s[r], first, q, best)
            if not moved:
                counts[2, r] = 1
                break


@inline
def _turn(
    net: Net, held: Held, terms: Terms, rule: Any, r: int, first: int, noise: Floats, at: int
) -> Any:
    """Let a neuron move; say whether it did."""
    s = held[0][r]
    best = _best(net, held, terms, rule, r, first, noise, at)
    moved = _differs(s, first, rule[0], best)
    if moved:
        for i in range(first, first + rule[0]):
            new = np.int8(i == best)
            if new != s[i]:
                move(net, held, r, i, new)
    return moved


@inline
def _differs(s: Signs, first: int, q: int, best: int) -> Any:
    """Say whether a neuron's sites are other than 1 at the best and 0 elsewhere; -1 is none."""
    differs = False
    for i in range(first, first + q):
        differs |= s[i] != (i == best)
    return differs and best >= 0


@inline
def _best(
    net: Net, held: Held, terms: Terms, rule: Any, r: int, first: int, noise: Floats, at: int
) -> Any:
    """Return the site that a neuron goes to; -1 where it stays as it is."""
    (q, T), s = rule, held[0][r]
    best, ties, top = first, 1, field_of(net, held, terms, r, first)
    for i in range(first + 1, first + q):
        x = field_of(net, held, terms, r, i)
        if x > top:
            best, ties, top = i, 1, x
        elif x == top:
            ties += 1
    if T > 0:
        most = -np.inf
        for i in range(first, first + q):
            x = (
                max(field_of(net, held, terms, r, i) - top, -LARGEST * T) / T
                + noise[at + i - first]
            )
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
        stays |= s[i] == 1 and field_of(net, held, terms, r, i) == top
    return -1 if alike or (ones == 1 and others == q - 1 and stays) else best
