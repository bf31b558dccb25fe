"""Attention beyond softmax: its weights and energies, distances, log-sum-ReLU."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product

import numpy as np

import hopfield as hf
from hopfield.models.attention import ATTENTION

from .figure import Figure, Work, mean

_SCORES = np.array([1, 0.5, 0.2, -0.3, -1])
_KNOWN = [  # attention, order, its weights of the scores, A
    ("softmax", None, (0.405889, 0.246184, 0.182378, 0.110618, 0.054931), 1.901675),
    ("entmax", 1.25, (0.493325, 0.258549, 0.165764, 0.069299, 0.013063), 1.442537),
    ("entmax", 1.5, (0.586572, 0.266132, 0.133868, 0.013428, 0), 1.226288),
    ("entmax", 2.0, (0.75, 0.25, 0, 0, 0), 1.0625),
    ("sparsemax", None, (0.75, 0.25, 0, 0, 0), 1.0625),
    ("entmax", 3.0, (1, 0, 0, 0, 0), 1.0),
    ("normmax", 1.5, (0.793283, 0.183767, 0.022950, 0, 0), 1.036043),
    ("normmax", 2.0, (0.638226, 0.286427, 0.075348, 0, 0), 1.092911),
    ("normmax", 3.0, (0.531306, 0.340724, 0.127970, 0, 0), 1.150731),
    ("normmax", 5.0, (0.474067, 0.372655, 0.153278, 0, 0), 1.191161),
]


def _off(found: np.ndarray, known: object) -> float:
    return float(np.abs(found - np.asarray(known)).max())


def the_weights_of_five_scores() -> Iterator[Figure]:
    for name, order, weights, known in _KNOWN:
        row = f"{name} {order or ''}".strip()
        p, a = ATTENTION[name].read(_SCORES, order)
        yield Figure(f"{row}: largest error of p", _off(p, weights), 0, 6e-7)
        yield Figure(f"{row}: A", float(a), known, 6e-7)


def the_weights_are_the_slope_of_the_energy() -> Iterator[Figure]:
    for name, order, *_ in _KNOWN:
        if (name, order) == ("entmax", 3.0):  # the second score stands on the edge
            continue
        p, _ = ATTENTION[name].read(_SCORES, order)
        rises = [ATTENTION[name].read(_SCORES + d * np.eye(5), order)[1] for d in (1e-5, -1e-5)]
        slope = (rises[0] - rises[1]) / 2e-5
        yield Figure(f"{name} {order or ''}: largest error of dA/dz", _off(slope, p), 0, 1e-8)


def the_gap_at_which_the_winner_takes_all() -> Iterator[Figure]:
    rows = ("sparsemax", None, 0.999333), ("normmax", 2.0, 0.998006), ("normmax", 5.0, 0.748970)
    for name, order, before in rows:
        for gap, known, bar in ((0.999, before, 6e-7), (1.001, 1.0, 0.0)):
            p, _ = ATTENTION[name].read(np.array([gap, 0, 0, -0.5]), order)
            yield Figure(f"{name} {order or ''}: weight at a gap of {gap}", p[0], known, bar)
    third, last = ATTENTION["entmax"].read(np.array([1.0, 1, 1, 0]), 1.5)[0][[0, 3]]
    yield Figure("entmax 1.5: each of three that tie", third, 0.331423, 6e-7)
    yield Figure("entmax 1.5: the fourth", last, 0.005730, 6e-7)
    for name, order in (("sparsemax", None), ("normmax", 2.0), ("normmax", 5.0)):
        p, _ = ATTENTION[name].read(np.array([1.0, 1, 1, 0]), order)
        yield Figure(f"{name} {order or ''}: each of three that tie", p[:3].max(), 1 / 3, 1e-15)


def the_energy_of_a_clear_winner() -> Iterator[Figure]:
    for name in ("softmax", "sparsemax", "entmax"):
        e = hf.modern(3 * np.eye(3), 4.0, name).energy([3.0, 0, 0])
        yield Figure(f"{name}: E at a pattern of length 3", e, -9, 1e-12)


def where_the_pair_splits_by_distance() -> Iterator[Figure]:
    ends = _ends(hf.modern([[-1.0], [1.0]], 1.5, similarity="distance"), [[0.3], [-0.3]])
    yield Figure("beta = 1.5: from 0.3", ends[0, 0], 0.858560, 6e-7)
    yield Figure("beta = 1.5: from -0.3", ends[1, 0], -0.858560, 6e-7)
    for beta, many in ((0.95, 1), (1.05, 2)):
        memory = hf.modern([[-1.0], [1.0]], beta, similarity="distance")
        ends = _ends(memory, [[0.3], [-0.3]], 4000)
        yield Figure(f"beta = {beta}: places of rest", len(np.unique(ends.round(4))), many, 0)


def _ends(memory: hf.Memory, starts: object, sweeps: int = 500) -> np.ndarray:
    neuron = memory.neuron
    return np.asarray(hf.recall(memory, starts, neuron=neuron, sweeps=sweeps).state, float)


def the_minima_of_log_sum_relu() -> Iterator[Figure]:
    for beta, many in ((3.0, 2), (1.0, 3), (0.4, 1)):
        rest, kept = _minima(np.array([[-1.0], [1.0]]), beta)
        yield Figure(f"pair, beta = {beta}: minima", rest, many, 0)
        yield Figure(f"pair, beta = {beta}: patterns kept", kept, 2 if many > 1 else 0, 0)
    memory = hf.models.epanechnikov([[-1.0], [1.0]])
    for s, known in ((1, 0), (0, 0), (0.5, 0.133531), (0.2, 0.040822)):
        e = memory.energy([s]) + hf.Linear().energy([s])
        yield Figure(f"pair, beta = 1: E at {s}", float(e), known, 6e-7)
    four = {8: (6, 6), 4: (9, 6), 2: (14, 6), 1.5: (18, 6), 1: (19, 1), 0.75: (9, 1), 0.6: (1, 0)}
    sixteen = {1: (10, 8), 0.25: (57, 4), 0.2: (23, 2), 0.18: (6, 1), 0.15: (2, 1), 0.12: (1, 0)}
    for d, p, table in ((4, 6, four), (16, 8, sixteen)):
        x = np.cos(np.outer(np.arange(1, p + 1), np.arange(1, d + 1) ** 2))
        for beta, known in table.items():
            for what, found, right in zip(
                ("minima", "patterns kept"), _minima(x, beta), known, strict=True
            ):
                yield Figure(f"d = {d}, beta = {beta}: {what}", found, right, 0)


def _minima(x: np.ndarray, beta: float) -> tuple[int, int]:
    """Return at how many means of patterns the memory rests, and how many are patterns.

    A minimum is the mean of exactly those within reach: each set's mean is tried.
    """
    sets = np.array(list(product((0.0, 1.0), repeat=len(x)))[1:])
    means = sets @ x / sets.sum(axis=1, keepdims=True)
    memory = hf.models.epanechnikov(x, beta)
    near = np.square(means[:, None] - x).sum(axis=2) < memory.reach**2
    own = (near == sets.astype(bool)).all(axis=1)
    rests = means[own & (np.abs(memory.mean(means) - means).max(axis=1) < 1e-12)]
    many = len(np.unique(rests.round(9), axis=0))
    kept = (np.abs(rests[:, None] - x).max(axis=2) < 1e-12).any(axis=1).sum()
    return many, int(kept)


def the_energy_of_log_sum_relu_never_rises() -> Iterator[Figure]:
    rises = []
    for seed in range(200):
        rng = np.random.default_rng(seed)
        memory = hf.models.epanechnikov(rng.normal(size=(6, 3)), rng.uniform(0.1, 3), 0.01)
        trace = hf.recall(memory, rng.normal(size=(10, 3)), record=hf.record.energy()).trace
        rises.append(np.diff(trace, axis=0).max())
    yield Figure("largest rise of 2,000 runs", max(0.0, *rises), 0, 1e-12)


def _lengths(d: int, seed: int) -> tuple[np.ndarray, np.ndarray]:
    """Return 1,000 normal patterns of unlike length, and a noisy cue of each."""
    rng = np.random.default_rng(seed)
    x = rng.normal(size=(1000, d)) * rng.uniform(0.5, 2, (1000, 1))
    return x, x + 0.3 * rng.normal(size=x.shape)


def _recalled(memory: hf.Memory, x: np.ndarray, cues: np.ndarray, share: float) -> float:
    ends = hf.recall(memory, cues, neuron=memory.neuron, updates=5).state
    off = np.linalg.norm(ends - x, axis=1)
    return float((off <= share * np.linalg.norm(x, axis=1)).mean())


def patterns_of_unlike_length() -> Iterator[Figure]:
    known = [
        (64, 1.0, "dot", 0.804, 0.003),
        (64, 1.0, "distance", 1.0, 0.0),
        (64, 4.0, "dot", 0.836, 0.003),
        (64, 4.0, "distance", 1.0, 0.0),
        (16, 4.0, "dot", 0.364, 0.005),
        (16, 4.0, "distance", 0.9986, 0.0005),
    ]
    for d, beta, similarity, right, error in known:
        found = []
        for seed in range(20):
            x, cues = _lengths(d, seed)
            memory = hf.modern(x, beta, similarity=similarity)
            found.append(_recalled(memory, x, cues, 0.05))
        yield mean(f"d = {d}, beta = {beta:g}, {similarity}: recalled", found, right, error)


def log_sum_relu_by_its_reach() -> Iterator[Figure]:
    # Known, of five seeds of 1,000, to three digits without a bar.
    reaches = {2: 0.03, 3: 0.997, 4: 1.0, 5: 0.965, 6: 0.855, 7: 0.745}
    for reach, right in reaches.items():
        found = []
        for seed in range(20):
            x, cues = _lengths(64, seed)
            found.append(_recalled(hf.models.epanechnikov(x, 2 / reach**2), x, cues, 1e-9))
        yield mean(f"reach {reach}: recalled exactly", found, right, nets=5, least=0.0015)


_PETERS = "Peters, Niculae & Martins 2019, arXiv:1905.05702"
_SANTOS = "Santos et al. 2024, arXiv:2411.08590"
_HOOVER = "Hoover et al. 2025, arXiv:2506.10801"

WORKS = [
    Work(the_weights_of_five_scores, f"{_PETERS}; {_SANTOS}"),
    Work(the_weights_are_the_slope_of_the_energy, _SANTOS),
    Work(the_gap_at_which_the_winner_takes_all, _SANTOS),
    Work(the_energy_of_a_clear_winner, "Santos et al. 2024, arXiv:2402.13725"),
    Work(where_the_pair_splits_by_distance, _HOOVER),
    Work(the_minima_of_log_sum_relu, _HOOVER),
    Work(the_energy_of_log_sum_relu_never_rises, _HOOVER),
    Work(patterns_of_unlike_length, "Ramsauer et al. 2021, arXiv:2008.02217", slow=True),
    Work(log_sum_relu_by_its_reach, _HOOVER, slow=True),
]
