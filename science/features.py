"""Random features: what many patterns have in common becomes an attractor."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

import hopfield as hf

from .figure import Figure, Work, mean

SOURCE = (
    "Negri, Lauditi, Perugini, Lucibello & Malatesta (2023), "
    "doi:10.1103/PhysRevLett.131.257301; the formula was derived anew"
)
N = 500


def one_step_from_a_feature() -> Iterator[Figure]:
    cases = {
        (11, 25): 0.756,
        (11, 101): 0.975,
        (11, 251): 0.9989,
        (25, 251): 0.9675,
        (25, 501): 0.9936,
        (25, 1001): 0.9990,
        (51, 251): 0.854,
        (51, 1001): 0.9765,
    }
    for (d, p), known in cases.items():
        found = hf.theory.features.one_step(p / N, d / N)
        yield Figure(f"{d} features, {p} patterns", found, known, 0.0005)


def features_become_attractors() -> Iterator[Figure]:
    # features, patterns: simulated before, after one step and settled
    cases = {
        (11, 25): ((0.787, 0.017), (0.28, 0)),
        (11, 101): ((0.977, 0.003), (0.68, 0.06)),
        (11, 251): ((0.9997, 0), (0.9996, 0.0002)),
        (11, 501): ((1.0, 0.0), (1.0, 0.0)),
        (25, 251): ((0.9734, 0.0005), (0.61, 0.05)),
        (25, 501): ((0.9959, 0.0007), (0.984, 0.009)),
        (25, 1001): ((0.9991, 0), (0.9977, 0.001)),
        (51, 251): ((0.858, 0.004), (0.25, 0)),
        (51, 1001): ((0.9767, 0.0008), (0.60, 0.05)),
    }
    for (d, p), (once, settled) in cases.items():
        found = [_networks(d, p, seed) for seed in range(24)]
        what = f"{d} features, {p} patterns"
        for k, when, known in ((0, "one step", once), (1, "settled", settled)):
            # What is known is a mean over six networks, whose error was not always told.
            values = [f[k] for f in found]
            yield mean(f"{what}, {when}", values, *known, nets=6, least=0.002)


def examples_never_seen_are_kept() -> Iterator[Figure]:
    for p, known, error in ((101, 0.22, 0), (501, 0.57, 0.02)):
        kept = [_networks(11, p, seed)[2] for seed in range(24)]
        yield mean(
            f"11 features, {p} patterns, overlap with others",
            kept,
            known,
            error,
            nets=6,
            least=0.005,
        )


def _networks(d: int, p: int, seed: int) -> tuple[float, float, float]:
    """Return the overlap with features after one step and settled, and with unseen patterns."""
    draws = np.random.default_rng(seed)
    features = hf.random_patterns(d, N, rng=draws)
    xi = hf.patterns.random_features(p, features, rng=draws)
    new = hf.patterns.random_features(20, features, rng=draws)
    memory = hf.hebb(xi, allow_repeats=True).dense()
    once = np.where(memory.field(features) >= 0, 1, -1)
    ends = hf.recall(memory, np.concatenate([features, new]), rng=draws).state
    overlaps = hf.overlap(ends, np.concatenate([features, new]))
    return (
        float(np.mean(hf.overlap(once, features))),
        float(np.abs(overlaps[:d]).mean()),
        float(overlaps[d:].mean()),
    )


WORKS = [
    Work(one_step_from_a_feature, SOURCE),
    Work(features_become_attractors, SOURCE, slow=True),
    Work(examples_never_seen_are_kept, SOURCE, slow=True),
]
