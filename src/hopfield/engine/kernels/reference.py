"""The kernels in their plainest form: each field computed anew from its definition.

Slow and obviously right: the other modules must give the same bits. All visit kernels share

    s (R, N) float64      the states of R replicas, changed in place
    rows (A,) int64       the replicas that move
    sites (A, K) int64    the neurons each of them visits, in turn
    theta (A, K) float64  the threshold at each visit
    tie (A, K) int8       where a field equals its threshold: 1 up, -1 down, 0 keep
    low, high             the neuron's two states
    after (A, K) float64  out: the state of the visited neuron after each visit

and keep the cursor's sums (fields or overlaps, a row a replica) up to date.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Singles = npt.NDArray[np.float32]
Ints = npt.NDArray[np.int64]
Signs = npt.NDArray[np.int8]
Words = npt.NDArray[np.uint64]
Masks = npt.NDArray[np.uint16]
Counts = npt.NDArray[np.int32]
Shorts = npt.NDArray[np.int16]
Places = npt.NDArray[np.uint32]


def decide(h: float, s: float, theta: float, tie: int, low: float, high: float) -> float:
    """Return the state that field ``h`` gives a neuron in state ``s``."""
    if h > theta or (h == theta and tie > 0):
        return high
    if h < theta or tie < 0:
        return low
    middle = (low + high) / 2  # unknown: no reason to move
    return s if s == middle else (high if s > middle else low)


def dense(
    columns: Floats,
    h: Floats,
    divisor: float,
    s: Floats,
    rows: Ints,
    sites: Ints,
    theta: Floats,
    tie: Signs,
    low: float,
    high: float,
    after: Floats,
) -> None:
    """Visit neurons under dense couplings, W_ij = columns[j, i] / divisor."""
    for a, r in enumerate(rows):
        for k, i in enumerate(sites[a]):
            field = float(columns[:, i] @ s[r]) / divisor
            after[a, k] = s[r, i] = decide(field, s[r, i], theta[a, k], tie[a, k], low, high)
        h[r] = s[r] @ columns


def sparse(
    starts: Ints,
    targets: Ints,
    values: Floats,
    h: Floats,
    divisor: float,
    s: Floats,
    rows: Ints,
    sites: Ints,
    theta: Floats,
    tie: Signs,
    low: float,
    high: float,
    after: Floats,
) -> None:
    """Visit neurons under couplings held by columns (CSC)."""
    n = s.shape[1]
    columns = np.zeros((n, n))
    for j in range(n):
        columns[j, targets[starts[j] : starts[j + 1]]] = values[starts[j] : starts[j + 1]]
    dense(columns, h, divisor, s, rows, sites, theta, tie, low, high, after)


def overlaps(
    neurons: Signs,
    m: Floats,
    diagonal: Floats,
    divisor: float,
    s: Floats,
    rows: Ints,
    sites: Ints,
    theta: Floats,
    tie: Signs,
    low: float,
    high: float,
    after: Floats,
) -> None:
    """Visit neurons under implicit Hebbian couplings; neurons (N, P) holds the patterns."""
    for a, r in enumerate(rows):
        for k, i in enumerate(sites[a]):
            field = float(neurons[i] @ (neurons.T @ s[r]) - diagonal[i] * s[r, i]) / divisor
            after[a, k] = s[r, i] = decide(field, s[r, i], theta[a, k], tie[a, k], low, high)
        m[r] = neurons.T @ s[r]


def permute(words: Words, steps: Words, orders: Ints, swaps: Places) -> None:
    """Give the orders (R, n) into which the next n words of each stream shuffle.

    Fisher-Yates from the top: place n-1-k swaps with the place that word k draws. ``swaps``
    (n,) is room to work in.
    """
    for row, word, step in zip(orders, words.tolist(), steps.tolist(), strict=True):
        row[:] = _order(word, step, row.size)


def _order(word: int, step: int, n: int) -> list[int]:
    order = list(range(n))
    for i in range(n - 1, -1, -1):
        word = (word + step) % 2**64
        z = (word ^ (word >> 30)) * 0xBF58476D1CE4E5B9 % 2**64  # splitmix64
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB % 2**64
        z = z ^ (z >> 31)
        j = (z >> 32) * (i + 1) >> 32
        order[i], order[j] = order[j], order[i]
    return order


def adatron(
    gram: Singles,
    y: Signs,
    n: int,
    rate: float,
    tolerance: float,
    sweeps: int,
    x: Floats,
    u: Singles,
    swept: Ints,
) -> None:
    """Give neurons the strengths x (A, P) of their patterns: the largest smallest margin.

    ``gram`` (P, P) is X X'/N, y (A, P) what each neuron is to be, and u (A, P) = (x y) gram. The
    margin is y u less sum(x)/N, the coupling to itself. The dual function bounds the optimum: a
    neuron is done at 1 - ``tolerance`` of that. ``swept`` (A,) counts the sweeps it was not.
    """
    total, todo = np.zeros(len(y)), np.arange(len(y))
    while todo.size and swept[todo[0]] < sweeps:
        t, z, v, s = total[todo], x[todo], u[todo], y[todo]
        for a in range(gram.shape[0]):
            d = np.maximum(rate * (1 - (s[:, a] * v[:, a] - t / n)), -z[:, a])
            z[:, a] += d
            t += d
            v += gram[a] * (d * s[:, a]).astype(np.float32)[:, None]
        norm, least = -t * t / n, np.full(todo.size, np.inf)
        for a in range(gram.shape[0]):
            norm += z[:, a] * (s[:, a] * v[:, a])
            least = np.minimum(least, s[:, a] * v[:, a] - t / n)
        total[todo], x[todo], u[todo] = t, z, v
        dual = 2 * t - norm
        done = (least > 0) & (least * least * dual >= (1 - tolerance) ** 2 * norm)
        todo = todo[~done]
        swept[todo] += 1
