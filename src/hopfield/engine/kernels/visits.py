"""Visits of neurons, one at a time and all at once, whatever keeps their fields up to date.

A kernel takes

    net     what it knows of the memory: a tuple as `columns.Columns`, `keys.Keys`, `terms.Terms`,
            `overlaps.Overlaps` or `levels.Levels` lists it
    held    (s, begun, energies, ...): the states int8 (R, N); uint8 (R,), 1 where the sums of a
            replica are up to date, 2 where those of `rounded` are, else 0; the energies (R,)
            after sweeps; and the sums
    terms   (bias, weight, divisor): the field of i is weight * numerator / divisor + bias[i]; of
            terms weights and divisors (T,), as `base.forms.Terms` says
    law     (tie, theta): the threshold, and what a field of exactly that does: 1 up, -1 down,
            0 keep, `COIN` either
    bars    None; or at a temperature (BINS, 2): thresholds are theta * logit(u), and where u is in
            bin b, a neuron that is down stays if minus its field exceeds bars[b, 0], and one that
            is up if its field exceeds bars[b, 1]

and calls what is declared first here, and `fields_ahead`. A module beside this one serves that for
its kind of network, and gets kernels of its own by `serve`: "columns.sweep". With couplings of 1
between two neurons, states (1, -1) and thresholds of 0, a visit of neuron 0 finds the numerator -1
and the field -1: it goes to -1, and `move` takes the numerator of neuron 1 from 1 to -1.
"""

from __future__ import annotations

from collections.abc import Callable
from types import FunctionType
from typing import Any

import numpy as np
import numpy.typing as npt

from ...base.forms import Array, Floats, Ints, Signs
from ..thresholds import COIN
from .compiling import inline, jit
from .draws import DRAWN, GIVEN, Places, draw_bins, draw_order, drawn, rises

Bools = npt.NDArray[np.bool_]
Net = tuple[Any, ...]
Held = tuple[Array, ...]
Terms = tuple[Floats, Any, Any]
Law = tuple[int, float]


# ---- what a kind of network serves ---------------------------------------------------------------

AT_HAND = False  # whether fields are read, not computed


def begin(net: Net, held: Held, r: int) -> None:
    """Add up the sums of a replica, unless ``begun[r]`` is 1, and make it 1."""


def field_of(net: Net, held: Held, terms: Terms, r: int, i: Any) -> Any:
    """Return the field of a neuron, a signed or an unsigned integer, from sums up to date."""


def move(net: Net, held: Held, r: int, i: Any, new: Any) -> None:
    """Give a neuron a new state, ``s[r, i] = new``, and keep the sums up to date."""


def energy(net: Net, held: Held, divisor: float, r: int) -> Any:
    """Return the energy of a replica in the memory alone, without weight and bias."""


_SERVED = ("AT_HAND", "begin", "field_of", "fields_ahead", "move", "energy")
_SHARED: list[tuple[Callable[..., Any], Callable[..., Any]]] = []


def _shared(way: Callable[..., Any]) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Note what is compiled in a way, for each kind of network, and return it as it is."""

    def noted(function: Callable[..., Any]) -> Callable[..., Any]:
        _SHARED.append((way, function))
        return function

    return noted


def serve(kind: dict[str, Any]) -> None:
    """Give a module, by its names, kernels that call what it serves."""
    names = globals() | {name: kind[name] for name in _SERVED if name in kind}
    for way, function in _SHARED:
        name = function.__name__
        if name in kind and name in _SERVED:
            continue
        assert name not in kind, f"{name} is the template's"
        own = FunctionType(function.__code__, names, name)
        own.__module__ = kind["__name__"]
        own.__qualname__ = f"{kind['__name__']}.{name}"  # by which it is kept on disk
        names[name] = kind[name] = way(own)


# ---- what every network shares -------------------------------------------------------------------


@inline
def decide(h: float, old: int, theta: float, tie: int) -> Any:
    """Return the state that a field gives a neuron: with a tie of 0, equality keeps it."""
    if h == theta:
        return np.int64(tie) if tie != 0 else np.int64(old)
    return 1 if h > theta else -1


@inline
def scaled(terms: Terms, numerator: float, i: int) -> Any:
    """Return the field of neuron i, each operation rounded as written."""
    bias, weight, divisor = terms
    return weight * numerator / divisor + bias[i]


@_shared(inline)
def fields_ahead(net: Net, held: Held, terms: Terms, r: int, order: Array, k: Any) -> Any:
    """Return the fields of the next neurons in an order, as if none of them moved: of one."""
    return (field_of(net, held, terms, r, np.uint64(order[np.uint64(k)])),)


@inline
def _answer(
    law: Law, bars: Floats | None, h: float, old: int, b: Any, word: Any, step: Any, k: int
) -> Any:
    """Return the state that a field gives a neuron at visit k, and whether that was left open."""
    tie, theta = law
    if bars is None:
        if tie == COIN and h == theta:
            return 1 - 2 * np.int64(drawn(word, step, k + 1) >> np.uint64(63)), True
        return decide(h, old, theta, tie), False
    up = np.uint64(old > 0)
    pull = h if up else -h
    if not pull > bars[b, up]:  # seldom: a jump that is foreseen
        if pull < -bars[b, up ^ np.uint64(1)]:
            up ^= np.uint64(1)
        else:
            up = np.uint64(rises(h, theta, drawn(word, step, k + 1)))
    return 2 * np.int64(up) - 1, True


@_shared(inline)
def rests(net: Net, held: Held, terms: Terms, law: Law, r: int) -> Any:
    """Say whether no neuron of a replica would move, whatever is drawn."""
    states, (tie, theta), moves = held[0][r], law, False
    for i in range(states.size):
        if not AT_HAND and moves:  # those at hand are compared by vectors
            break
        h = field_of(net, held, terms, r, np.uint64(i))
        up = (h > theta) | ((h == theta) & (tie > 0))
        down = (h < theta) | ((h == theta) & ((tie < 0) | (tie == COIN)))
        moves |= (up & (states[i] != 1)) | (down & (states[i] != -1))
    return not moves


# ---- kernels -------------------------------------------------------------------------------------


@_shared(jit)
def visit(
    net: Net,
    held: Held,
    terms: Terms,
    rows: Ints,
    sites: Ints,
    theta: Floats,
    tie: Signs,
    after: Signs,
) -> None:
    """Visit neurons (A, k) of replicas (A,) in turn, and give their states thereafter."""
    s = held[0]
    for a in range(rows.size):
        r = rows[a]
        begin(net, held, r)
        for k in range(sites.shape[1]):
            i = sites[a, k]
            new = decide(field_of(net, held, terms, r, i), s[r, i], theta[a, k], tie[a, k])
            if new != s[r, i]:
                move(net, held, r, i, new)
            after[a, k] = new


@_shared(jit)
def fields(net: Net, held: Held, terms: Terms, rows: Ints, sites: Ints, out: Floats) -> None:
    """Give the fields (A, k) of neurons (A, k) of replicas (A,), or of the same (1, k) in all."""
    for a in range(rows.size):
        begin(net, held, rows[a])
        at = min(a, sites.shape[0] - 1)
        for k in range(sites.shape[1]):
            out[a, k] = field_of(net, held, terms, rows[a], sites[at, k])


@_shared(jit)
def assign(net: Net, held: Held, rows: Ints, sites: Ints, values: Signs) -> None:
    """Give neurons (A, k) of replicas (A,) new states."""
    s, begun = held[0], held[1]
    for a in range(rows.size):
        r = rows[a]
        for k in range(sites.shape[1]):
            i, new = sites[a, k], values[a, k]
            if begun[r] != 1:
                s[r, i], begun[r] = new, 0
            elif new != s[r, i]:
                move(net, held, r, i, new)


@_shared(jit)
def begin_rows(net: Net, held: Held, rows: Ints) -> None:
    """Add up the sums of some replicas, where they are not up to date."""
    for r in rows:
        begin(net, held, r)


@_shared(jit)
def energies(net: Net, held: Held, divisor: float, rows: Ints) -> None:
    """Give the energies of some replicas in the memory alone."""
    for r in rows:
        begin(net, held, r)
        held[2][r] = energy(net, held, divisor, r)


@_shared(jit)
def rest(net: Net, held: Held, terms: Terms, law: Law, rows: Ints, out: Bools) -> None:
    """Say of replicas (A,) whether no neuron would move, whatever is drawn."""
    for a in range(rows.size):
        begin(net, held, rows[a])
        out[a] = rests(net, held, terms, law, rows[a])


@_shared(jit)
def sweep(
    net: Net,
    held: Held,
    terms: Terms,
    law: Law,
    bars: Floats | None,
    streams: Any,
    counts: Ints,
    places: Places,
    span: Any,
) -> None:
    """Sweep replicas until nothing moves, at most so many times.

    Where numerators are at hand, all are looked at before a sweep: if no neuron would move,
    whatever is drawn, the sweep is counted and its numbers are skipped, but nobody is visited.
    With a single pattern of 100 neurons, a cue that has 10 of them wrong takes one sweep of 100
    visits and 10 moves, and one that is skipped. Of neurons that are drawn with replacement a quiet
    sweep may miss one: all are then asked.

    Parameters
    ----------
    streams : (words, steps)
        Where those of the replicas stand uint64 (R,), and their steps.
    counts : ndarray of int64, shape (3, R)
        The table of `Counts`.
    places : ndarray of uint32, shape (2, N)
        The order where it is given, and room to work in.
    span : (start, stop, most, how)
        The replicas, how many sweeps, and who moves when: `GIVEN`, `SHUFFLED` or `DRAWN`.
    """
    (words, steps), s, order, room = streams, held[0], places[0], places[1]
    n, how = s.shape[1], span[3]
    drawing = np.uint64(n * (bars is not None or law[0] == COIN))
    for r in range(span[0], span[1]):
        left, step = 0 if counts[2, r] else span[2], steps[r]
        begin(net, held, r)
        quiet = False
        while left > 0 or quiet:
            if bars is None and (quiet or AT_HAND) and rests(net, held, terms, law, r):
                counts[2, r] = 1
                if not quiet:
                    counts[0, r] += 1
                    counts[1, r] += n
                    words[r] += (np.uint64(n * (how != GIVEN)) + drawing) * step
                break
            if left == 0:
                break
            left -= 1
            counts[0, r] += 1
            counts[1, r] += n
            word, moved = draw_order(how, words[r], step, order, room), False
            words[r] = word + drawing * step
            if bars is not None:
                draw_bins(word, step, room)
            k = np.int64(0)
            while k < n:
                for h in fields_ahead(net, held, terms, r, order, k):
                    at = np.uint64(k)  # no index from the end
                    i, b = np.uint64(order[at]), np.uint64(room[at])
                    new, left_open = _answer(law, bars, h, s[r, i], b, word, step, k)
                    moved |= left_open
                    k += 1
                    if new != s[r, i]:  # the others' sums are out of date
                        moved = True
                        move(net, held, r, i, new)
                        break
                    if k == n:
                        break
            quiet = not moved and how == DRAWN
            if not moved and how != DRAWN:
                counts[2, r] = 1
                break
        held[2][r] = energy(net, held, terms[2], r)


@_shared(jit)
def sweep_together(
    net: Net, held: Held, terms: Terms, law: Law, brent: Any, counts: Ints, moves: Places, span: Any
) -> Any:
    """Move all neurons of replicas at once, while their sums are up to date; say if some go on.

    All fields decide at once who moves. Where few do, they are moved one by one; where a larger
    share does, the sums are to be added up anew, and the replica is left. One in which nobody moved
    has the period 1, and one that is as it was kept goes round. It is kept anew after 1, 2, 4, 8
    ... sweeps, as Brent does: two neurons with a coupling of 1 between them and states (1, -1)
    have the period 2.

    Parameters
    ----------
    brent : (kept, times)
        int8 (R, N), the states to compare with, and int64 (2, R): at which sweep these were kept,
        and which sweep it is now.
    moves : ndarray of uint32, shape (N,)
        Room to work in.
    span : (start, stop, most, share)
        The replicas, up to which sweep, and the largest share of neurons that move one by one.
    """
    (s, begun), (kept, times), tie = held[:2], brent, law[0]
    n, left = s.shape[1], False
    for r in range(span[0], span[1]):
        if counts[2, r] == 0:
            begin(net, held, r)
        while counts[2, r] == 0 and times[1, r] < span[2] and begun[r] == 1:
            moved, away = 0, False
            for i in range(n):
                old = s[r, i]
                new = decide(field_of(net, held, terms, r, i), old, law[1], tie)
                away |= new != kept[r, i]
                if new != old:
                    moves[moved] = 2 * i + (new > 0)
                    moved += 1
            few = moved <= span[3] * n
            for k in range(moved):
                mover, new = np.int64(moves[k] >> 1), 2 * np.int64(moves[k] & 1) - 1
                if few:
                    move(net, held, r, mover, new)
                else:
                    s[r, mover] = new
            begun[r] = few
            times[1, r] += 1
            counts[0, r] += 1
            counts[1, r] += 1
            counts[2, r] = 1 if moved == 0 else 0 if away else times[1, r] - times[0, r]
            if times[1, r] == max(1, 2 * times[0, r]):
                times[0, r] = times[1, r]
                for i in range(n):
                    kept[r, i] = s[r, i]
        if begun[r] == 1:
            held[2][r] = energy(net, held, terms[2], r)
        left |= counts[2, r] == 0 and times[1, r] < span[2]
    return left
