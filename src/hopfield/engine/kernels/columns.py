"""Visits under couplings held by columns, dense or sparse, compiled.

The numerators of all fields are kept beside the states: a visit reads one, a step of neuron j
adds its column. All kernels share

    columns = (starts, targets, values, keys, own)
                                          dense: values (N, N), row j what neuron j adds to all;
                                          sparse: values[starts[j] : starts[j+1]] to targets;
                                          values = keys' keys - diag(own), or no keys (0, N);
                                          values (2, N, P): those of neurons, and their keys;
                                          values (1, 1, N, T N): of T terms side by side
    held = (s, h, begun)                  states int8 (R, N); numerators (R, N), or products with
                                          the P keys (R, P); (R,) what is up to date: NOTHING,
                                          NUMERATORS, or UNITS (see `rounded`)
    numbers = (bias, weight, divisor)     field = weight * numerator / divisor + bias (N,); of
                                          terms (T,) as `base.forms.Terms` says
    random = (words, steps)               where the streams (R,) stand, and their steps
    counts (3, R)                         sweeps, updates and period, as `base.forms.Counts`
    places (2, N)                         the order given, and room to work in
"""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from ...base.forms import Floats, Ints, Signs
from .compiling import inline, inline_sums, jit
from .draws import GIVEN, Places, draw_order, drawn, rises, visits

NOTHING, NUMERATORS, UNITS = 0, 1, 2
COIN = 2  # a tie that is up or down at even odds
Marks = npt.NDArray[np.uint8]


@inline
def field(numbers: Any, h: float, i: int) -> Any:
    """Return the field of neuron i, each operation rounded as written."""
    bias, weight, divisor = numbers
    return weight * h / divisor + bias[i]


@inline
def decide(x: float, old: int, theta: float, tie: int) -> Any:
    """Return the state that field ``x`` gives a neuron: with a tie of 0, equality keeps it."""
    if x == theta:
        return np.int8(tie) if tie != 0 else np.int8(old)
    return np.int8(1) if x > theta else np.int8(-1)


@inline
def _kept(values: Any) -> Any:
    """Say whether numerators are kept, and not products with keys."""
    return values.ndim < 3


@inline
def field_at(values: Any, own: Floats, numbers: Any, s: Signs, h: Floats, i: int) -> Any:
    """Return the field of neuron i."""
    if values.ndim < 3:
        return field(numbers, h[i], i)
    if values.ndim == 3:
        return field(numbers, _by_keys(values, own, s, h, i), i)
    bias, weights, divisors = numbers
    x = part = 0.0
    for t in range(weights.size):
        part += weights[t] * h[t * s.size + i]
        if t + 1 == weights.size or divisors[t + 1] != divisors[t]:
            x, part = x + part / divisors[t], 0.0
    return x + bias[i]


@inline_sums
def _by_keys(values: Any, own: Floats, s: Signs, h: Floats, i: int) -> Any:
    total = 0.0
    for p in range(h.size):
        total += values[0, i, p] * h[p]
    return total - own[i] * s[i]


@inline
def add_column(starts: Ints, targets: Any, values: Any, i: int, step: float, h: Floats) -> None:
    """Add to the numerators what a step of neuron i does."""
    if values.ndim == 3:
        for p in range(h.size):
            h[p] += values[1, i, p] * step
    elif values.ndim == 4:
        for j in range(h.size):
            h[j] += values[0, 0, i, j] * step
    elif values.ndim == 2:
        for j in range(h.size):
            h[j] += values[i, j] * step
    else:
        for e in range(starts[i], starts[i + 1]):
            h[targets[e]] += values[e] * step


@inline_sums
def product(s: Signs, h: Floats) -> Any:
    """Return s.h, in any order: whoever needs the bits asks where that is exact."""
    total = 0.0
    for i in range(s.size):
        total += s[i] * h[i]
    return total


@inline
def _energy(values: Any, numbers: Any, s: Signs, h: Floats) -> Any:
    if values.ndim > 2:  # which their memories know
        return 0.0
    return (0.0 - product(s, h)) / (2.0 * numbers[2])


@inline
def add_columns(starts: Ints, targets: Any, values: Any, s: Signs, h: Floats) -> None:
    """Add to the numerators what all neurons do."""
    first = 0
    if values.ndim == 2:
        first = s.size // 4 * 4
        for i in range(0, first, 4):  # at once: a numerator is read and written for all four
            a, b, c, d = float(s[i]), float(s[i + 1]), float(s[i + 2]), float(s[i + 3])
            if a == 0 and b == 0 and c == 0 and d == 0:  # most sites of neurons of q states
                continue
            for j in range(h.size):
                pair = a * values[i, j] + b * values[i + 1, j]
                h[j] += pair + (c * values[i + 2, j] + d * values[i + 3, j])
    for i in range(first, s.size):
        if s[i]:
            add_column(starts, targets, values, i, float(s[i]), h)


@inline
def begin(columns: Any, held: Any, r: int) -> None:
    """Add up the numerators of replica r, where they are not up to date."""
    starts, targets, values, keys, own = columns
    if held[2][r] == NUMERATORS:
        return
    s, h = held[0][r], held[1][r]
    for i in range(h.size):
        h[i] = -own[i] * s[i] if _kept(values) else 0.0
    for p in range(keys.shape[0]):
        m = product(s, keys[p])
        for i in range(s.size):
            h[i] += m * keys[p, i]
    if not keys.shape[0]:
        add_columns(starts, targets, values, s, h)
    held[2][r] = NUMERATORS


@inline
def at_rest(
    values: Any, own: Floats, numbers: Any, s: Signs, h: Floats, theta: float, tie: int
) -> Any:
    """Say whether no neuron of a replica would move, whatever is drawn."""
    moves = False
    for i in range(s.size):
        if values.ndim > 2 and moves:
            break
        x = field_at(values, own, numbers, s, h, i)
        up = (x > theta) | ((x == theta) & (tie > 0))
        down = (x < theta) | ((x == theta) & ((tie < 0) | (tie == COIN)))
        moves |= (up & (s[i] != 1)) | (down & (s[i] != -1))
    return not moves


@jit
def begin_rows(columns: Any, held: Any, rows: Ints) -> None:
    """Add up the numerators of some replicas, where they are not up to date."""
    for r in rows:
        begin(columns, held, r)


@jit
def fields(columns: Any, held: Any, numbers: Any, rows: Ints, sites: Ints, out: Floats) -> None:
    """Give the fields (A, k) of neurons (A, k) of replicas (A,), or of the same (1, k) in all."""
    values, own = columns[2], columns[4]
    s, h, _ = held
    for a in range(rows.size):
        r, at = rows[a], min(a, sites.shape[0] - 1)
        for k in range(sites.shape[1]):
            out[a, k] = field_at(values, own, numbers, s[r], h[r], sites[at, k])


@jit
def visit(
    columns: Any,
    held: Any,
    numbers: Any,
    rows: Ints,
    sites: Ints,
    theta: Floats,
    tie: Signs,
    after: Signs,
) -> None:
    """Visit neurons (A, K) of replicas (A,) in turn, and give their states thereafter.

    A visit compares the field with its threshold. Where the neuron moves, its column is added to
    the numerators. With couplings of 1 between two neurons, states (1, -1) and thresholds of 0,
    a visit of neuron 0 finds the field -1: it goes to -1, and the numerator of neuron 1 from 1 to
    -1.
    """
    starts, targets, values, _, own = columns
    s, h, _ = held
    for a in range(rows.size):
        r = rows[a]
        begin(columns, held, r)
        states, sums = s[r], h[r]
        for k in range(sites.shape[1]):
            i = sites[a, k]
            old = states[i]
            x = field_at(values, own, numbers, states, sums, i)
            new = decide(x, old, theta[a, k], tie[a, k])
            if new != old:
                add_column(starts, targets, values, i, float(new - old), sums)
                states[i] = new
            after[a, k] = new


@jit
def sweep_until_still(
    columns: Any,
    held: Any,
    numbers: Any,
    rule: Any,
    random: Any,
    counts: Ints,
    places: Places,
    energies: Floats,
    start: int,
    stop: int,
    most: int,
) -> None:
    """Sweep replicas ``start`` to ``stop`` at temperature 0 until nothing moves; give energies.

    A sweep visits n neurons. Before it all fields are compared with their thresholds: where no
    neuron would move whatever is drawn, the sweep is counted and its numbers are skipped, but
    nobody is visited. With ``rule`` = (how, theta, tie) and a single pattern of 100 neurons,
    a cue that has 10 of them wrong takes one sweep of 100 visits and 10 columns, and one that is
    skipped.
    """
    starts, targets, values, _, own = columns
    s, h, _ = held
    how, theta, tie = rule
    words, steps = random
    order, swaps = places[0], places[1]
    n, coins = order.size, np.uint64(order.size * (tie == COIN))
    for r in range(start, stop):
        begin(columns, held, r)
        states, sums, step = s[r], h[r], steps[r]
        left = most if counts[2, r] == 0 else 0
        while left > 0:
            left -= 1
            counts[0, r] += 1
            counts[1, r] += n
            if at_rest(values, own, numbers, states, sums, theta, tie):
                words[r] += (np.uint64(n * (how != GIVEN)) + coins) * step
                counts[2, r] = 1
                break
            word = draw_order(how, words[r], step, order, swaps)
            words[r] = word + coins * step
            for k in range(n):
                i = np.uint64(order[k])
                x = field_at(values, own, numbers, states, sums, i)
                old, equal = states[i], tie
                if tie == COIN and x == theta:
                    equal = 1 - 2 * np.int64(drawn(word, step, k + 1) >> np.uint64(63))
                new = decide(x, old, theta, equal)
                if new != old:
                    add_column(starts, targets, values, np.int64(i), float(new - old), sums)
                    states[i] = new
        energies[r] = _energy(values, numbers, states, sums)


@jit
def move_together(
    columns: Any,
    held: Any,
    numbers: Any,
    rule: Any,
    counts: Ints,
    kept: Signs,
    since: int,
    rows: Ints,
    moves: Places,
) -> None:
    """Move all neurons of some replicas at once at temperature 0, from numerators up to date.

    All fields decide at once who moves. Where few do, their columns are added to the numerators;
    where a larger share does, all are to be added up anew. A replica in which nobody moved has
    the period 1, and one that is as ``kept`` (R, N), its states ``since`` moves ago, goes round:
    two neurons with a coupling of 1 between them and states (1, -1) have the period 2.
    """
    starts, targets, values, _, own = columns
    s, h, begun = held
    theta, tie, share = rule
    for r in rows:
        states, sums, moved, away = s[r], h[r], 0, False
        for i in range(states.size):
            old = states[i]
            x = field_at(values, own, numbers, states, sums, i)
            new = decide(x, old, theta, tie)
            away |= new != kept[r, i]
            if new != old:
                states[i] = new
                moves[moved] = 4 * i + old + 1
                moved += 1
        counts[0, r] += 1
        counts[1, r] += 1
        counts[2, r] = 1 if moved == 0 else 0 if away else since
        if moved > share * states.size:
            begun[r] = NOTHING
            continue
        for k in range(moved):
            mover, before = np.int64(moves[k] >> 2), np.int64(moves[k] & 3) - 1
            step = float(states[mover] - before)
            add_column(starts, targets, values, mover, step, sums)


@jit
def sweep_at_temperature(
    columns: Any,
    held: Any,
    numbers: Any,
    rule: Any,
    random: Any,
    counts: Ints,
    places: Places,
    bars: Floats,
    start: int,
    stop: int,
    most: int,
) -> None:
    """Make ``most`` sweeps of replicas ``start`` to ``stop`` at a temperature.

    The first bits of a visit's word say between which two bars its threshold lies. A field beyond
    them decides; only where it lies between them, the threshold is computed. With ``rule`` = (how,
    scale) and a scale of 0.5, a word that begins with ten bits 0 draws a threshold below -3.4: a
    field of -3 takes the neuron up.
    """
    starts, targets, values, _, own = columns
    s, h, _ = held
    how, scale = rule
    words, steps = random
    order, bins = places[0], places[1]
    n = order.size
    for r in range(start, stop):
        if counts[2, r]:
            continue
        begin(columns, held, r)
        states, sums = s[r], h[r]
        for _ in range(most):
            word = visits(how, words[r], steps[r], order, bins)
            for k in range(n):
                i, b = np.uint64(order[k]), np.uint64(bins[k])
                x = field_at(values, own, numbers, states, sums, i)
                up = x > bars[b, 1]
                if not up and x >= bars[b, 0]:
                    up = rises(x, scale, drawn(word, steps[r], k + 1))
                new, old = np.int8(1 if up else -1), states[i]
                if new != old:
                    add_column(starts, targets, values, np.int64(i), float(new - old), sums)
                    states[i] = new
            words[r] = word + np.uint64(n) * steps[r]
            counts[0, r] += 1
            counts[1, r] += n
