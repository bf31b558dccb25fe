"""Sparse patterns: the loads at which they end, and what the activity of each has to do with it."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

import hopfield as hf
from hopfield.theory import _mean_field, ags, sparse

from .figure import Figure, Work, mean

SOURCE = "Tsodyks & Feigelman (1988), doi:10.1209/0295-5075/6/2/002; the numbers were derived anew"


def the_load_at_which_sparse_patterns_end() -> Iterator[Figure]:
    known = {
        0.2: 0.193757,
        0.1: 0.440967,
        0.05: 0.942947,
        0.02: 2.31407,
        0.01: 4.36770,
        0.005: 8.12040,
        0.001: 34.0186,
    }
    for f, load in known.items():
        found = sparse.critical(f)[0]
        yield Figure(f"critical load, f = {f}", found, load, load * 3e-6)


def three_thresholds_where_half_are_active() -> Iterator[Figure]:
    load, m, threshold = sparse.critical(0.5)
    yield Figure("critical load at the best threshold", load, 0.0690682, 1e-7)
    yield Figure("that threshold", threshold, 0.01697, 1e-5)
    yield Figure("overlap there", m, 0.96689, 1e-5)
    even = _mean_field.top(lambda u: sparse._root_load(u, -u, 0.5), 0.5, 5)
    load = sparse._root_load(even, -even, 0.5) ** 2
    yield Figure("critical load where both errors are as likely", load, 0.0689528, 1e-7)
    yield Figure("the same beside half of Hebb's", load, ags.critical()[0] / 2, 1e-9)


def the_end_without_a_threshold() -> Iterator[Figure]:
    low, high = 0.0685, 0.0690
    while high - low > 1e-7:
        middle = (low + high) / 2
        kept = float(sparse.overlap(middle, 0.5, 0.0)) > 0.5
        low, high = (middle, high) if kept else (low, middle)
    yield Figure("critical load at threshold 0, f = 0.5", low, 0.0686974, 5e-7)


def patterns_of_one_activity() -> Iterator[Figure]:
    for load, f, found in ((0.5, 0.05, _networks(1000, 0.5, 0.05, 0.5, True, "overlap")),):
        known = float(sparse.overlap(load, f, 0.5))
        yield mean(f"overlap at load {load}, f = {f}, N = 1,000", found, known, 0.0006)


def patterns_of_many_activities() -> Iterator[Figure]:
    best = sparse.critical(0.05)[2]
    # The shares were measured on other networks: of 400 patterns, or not said of how many.
    for n, exact, known, error in (
        (1000, True, 0.035, 0.01),
        (1000, False, 0.30, 0.025),
        (4000, True, 0.003, 0.003),
        (4000, False, 0.15, 0.02),
    ):
        lost = _networks(n, 0.5, 0.05, best, exact, "lost", 100 if n < 2000 else 32)
        how = "exactly fN active" if exact else "each active by itself"
        yield mean(f"share lost, N = {n:,}, {how}", lost, known, error)


def _networks(n, load, f, threshold, exact, what, times=10) -> list[float]:
    made = hf.experiments.Sparse(n, load, f, threshold, exact)
    counts = (made.run(np.random.default_rng(seed)) for seed in range(times))
    return [c.estimate(what).value for c in counts]


WORKS = [
    Work(the_load_at_which_sparse_patterns_end, SOURCE),
    Work(three_thresholds_where_half_are_active, SOURCE),
    Work(the_end_without_a_threshold, SOURCE, slow=True),
    Work(patterns_of_one_activity, SOURCE),
    Work(patterns_of_many_activities, "simulated for this package", slow=True),
]
