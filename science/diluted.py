"""Diluted networks, asymmetric: what a pattern keeps where each neuron hears few others."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import scipy.sparse

import hopfield as hf

from .figure import Figure, Work, mean

SOURCE = "Derrida, Gardner & Zippelius (1987), doi:10.1209/0295-5075/4/2/007"
N = 40_000


def the_overlap_of_many_connections() -> Iterator[Figure]:
    at_zero = 0.998407, 0.969899, 0.899440, 0.786118, 0.617447, 0.328518, 0.140702
    warm = {
        0.0: ((0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.63), at_zero),
        0.2: ((0.1, 0.2, 0.3, 0.4, 0.5), (0.992878, 0.951094, 0.867399, 0.738642, 0.544314)),
        0.5: ((0.1, 0.2, 0.3, 0.4, 0.5), (0.899184, 0.795793, 0.636913, 0.370857, 0.0)),
    }
    for T, (loads, known) in warm.items():
        for load, m in zip(loads, known, strict=True):
            found = hf.theory.diluted.overlap(load, T)
            yield Figure(f"m at load {load}, T = {T}", found, m, 1e-6)


def the_load_at_which_a_diluted_network_forgets() -> Iterator[Figure]:
    yield Figure("critical load, T = 0", hf.theory.diluted.critical(), 2 / np.pi, 1e-12)
    warm = {0.1: 0.899420, 0.2: 0.795639, 0.3: 0.685380, 0.4: 0.563669, 0.5: 0.419861}
    for load, T in warm.items():
        yield Figure(f"critical load, T = {T}", hf.theory.diluted.critical(T), load, 1e-6)


def the_overlap_of_few_connections() -> Iterator[Figure]:
    cases = {
        (11, 3, 0.0): 0.97862,
        (11, 5, 0.0): 0.78878,
        (11, 9, 0.0): 0.0,
        (21, 9, 0.0): 0.78733,
        (21, 11, 0.0): 0.60439,
        (51, 21, 0.0): 0.78660,
        (11, 3, 0.5): 0.76741,
        (21, 5, 0.5): 0.78340,
    }
    for (c, p, T), known in cases.items():
        found = hf.theory.diluted.overlap(p / c, T, connections=c)
        yield Figure(f"m of {c} connections, {p} patterns, T = {T}", found, known, 6e-6)
    # What is known is of a binomial number of connections among 4,000; ours is its limit.
    for (c, p, T), known in {
        (20, 4, 0.5): 0.80599,
        (20, 6, 0.4): 0.76294,
        (20, 8, 0.2): 0.75871,
    }.items():
        found = hf.theory.diluted.overlap(p / c, T, connections=c, varied=True)
        yield Figure(f"m of about {c} connections, {p} patterns, T = {T}", found, known, 1e-4)


def recall_where_each_hears_eleven() -> Iterator[Figure]:
    yield mean("m of 11 connections, 3 patterns", _kept(11, 3, times=4), 0.97862)


def recall_in_large_diluted_networks() -> Iterator[Figure]:
    cases = {
        (11, 3, 0.0): (0.97821, 0.0005),
        (11, 5, 0.0): (0.790, 0.007),
        (21, 9, 0.0): (0.7866, 0.0023),
        (21, 11, 0.0): (0.605, 0.005),
        (51, 21, 0.0): (0.7892, 0.0019),
        (11, 3, 0.5): (0.7674, 0.0011),
        (21, 5, 0.5): (0.7814, 0.0019),
    }
    for (c, p, T), (measured, error) in cases.items():
        kept, what = _kept(c, p, T), f"m of {c} connections, {p} patterns, T = {T}"
        yield mean(f"{what}, simulated before", kept, measured, error)
        yield mean(f"{what}, exact", kept, hf.theory.diluted.overlap(p / c, T, connections=c))
    kept = _kept(21, 9, order=hf.Random())
    yield mean("m of 21 connections, 9 patterns, one at a time", kept, 0.78733)
    lost = _kept(11, 9)
    yield Figure("m of 11 connections, 9 patterns", float(np.mean(lost)), 0.0, 0.02)


def ties_that_are_kept_pull_below_the_map() -> Iterator[Figure]:
    # C P even: a field may be 0, and what is kept remembers the past, as the map does not.
    for c, p, known, least in ((20, 8, 0.862, 0.0005), (50, 25, 0.63, 0.005)):
        kept = _kept(c, p)
        what = f"m of {c} connections, {p} patterns, T = 0"
        yield mean(f"{what}, simulated before", kept, known, nets=4, least=least)
        below = mean(what, kept, hf.theory.diluted.overlap(p / c, connections=c))
        differs = below.found < below.known - below.bar
        yield Figure(f"{what}, below the map", float(differs), 1.0, 0)


def recall_where_each_coupling_is_cut_by_itself() -> Iterator[Figure]:
    n, c = 4000, 20
    for (p, T), (measured, error, exact) in {
        (4, 0.5): (0.8076, 0.0037, 0.80599),
        (6, 0.4): (0.7696, 0.0045, 0.76294),
        (8, 0.2): (0.755, 0.011, 0.75871),
    }.items():
        kept = []
        for seed in range(12):
            xi = hf.random_patterns(p, n, rng=seed)
            memory = hf.learning.dilute(hf.hebb(xi), c / n, rng=seed, symmetric=False)
            sparse = hf.Couplings(scipy.sparse.csr_array(memory.weights * c), divisor=c)
            kept.append(_mean_overlap(sparse, xi[0], T, hf.Sync(), seed))
        what = f"m of about {c} connections, {p} patterns, T = {T}"
        yield mean(f"{what}, simulated before", kept, measured, error)
        yield mean(f"{what}, exact", kept, exact)


def _kept(c: int, p: int, T: float = 0.0, order: Any = None, times: int = 8) -> list[float]:
    """Return the overlaps that networks keep of which each neuron hears c others."""
    return [_one(c, p, T, order or hf.Sync(), seed) for seed in range(times)]


def _one(c, p, T, order, seed):
    draws = np.random.default_rng(seed)
    xi = hf.random_patterns(p, N, rng=draws)
    heard = others(N, c, draws)
    w = sum(x[:, None] * x[heard].astype(float) for x in xi)
    first = np.arange(0, N * c + 1, c)
    memory = hf.Couplings(
        scipy.sparse.csr_array((w.ravel(), heard.ravel(), first), shape=(N, N)), divisor=c
    )
    return _mean_overlap(memory, xi[0], T, order, draws)


def others(n: int, c: int, draws: np.random.Generator) -> np.ndarray:
    """Draw for each of n neurons c others, no two the same, (n, c)."""
    heard = np.zeros((n, c), dtype=np.int64)
    left = np.arange(n)
    while left.size:
        drawn = np.sort(draws.integers(n - 1, size=(left.size, c)))
        heard[left] = drawn + (drawn >= left[:, None])
        left = left[(np.diff(drawn) == 0).any(axis=1)]
    return heard


def _mean_overlap(memory, pattern, T, order, rng, steps=30):
    """Return the overlap along the second half of a run, all of it made of so many sweeps twice."""
    run = hf.Run(memory, pattern, neuron=hf.HeatBath(T) if T else None, order=order, rng=rng)
    run.finish(steps)
    found = []
    for _ in range(6):
        run.finish(steps // 6)
        found.append(hf.overlap(run.state, pattern))
    return float(np.mean(found))


WORKS = [
    Work(the_overlap_of_many_connections, SOURCE),
    Work(the_load_at_which_a_diluted_network_forgets, SOURCE),
    Work(the_overlap_of_few_connections, f"{SOURCE}; few connections: derived"),
    Work(recall_where_each_hears_eleven, "derived"),
    Work(recall_in_large_diluted_networks, "derived", slow=True),
    Work(ties_that_are_kept_pull_below_the_map, "simulated twice", slow=True),
    Work(recall_where_each_coupling_is_cut_by_itself, "derived", slow=True),
]
