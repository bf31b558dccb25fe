"""Clamped neurons: what the others recall where a part of the cue is known and held."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

import hopfield as hf

from .figure import Figure, Work, mean

SOURCE = (
    "clamping: Ackley, Hinton & Sejnowski (1985), doi:10.1207/s15516709cog0901_7; simulated anew"
)
N, FINITE = 1000, 0.0006


def recall_of_a_pattern_of_which_a_part_is_held() -> Iterator[Figure]:
    cases = {
        (0.3, 0.1): (0.9984, 0.0003),
        (0.2, 0.15): (0.9762, 0.0026),
        (0.3, 0.15): (0.9824, 0.0011),
        (0.5, 0.15): (0.9825, 0.0014),
    }
    for (known, load), (m, error) in cases.items():
        found = [_ends(known, load, seed)[0] for seed in range(12)]
        what = f"m of the others, {known} known, load {load}"
        yield mean(what, found, m, max(error, FINITE))


def recall_from_the_known_part_alone() -> Iterator[Figure]:
    # the others from unknown: clamped, and the whole network where nothing is clamped
    cases = {
        (0.3, 0.1): ((0.9983, FINITE), (0.9918, 0.005)),
        (0.2, 0.1): ((0.9977, FINITE), (0.923, 0.014)),
        (0.3, 0.15): ((0.961, 0.004), (0.420, 0.022)),
        (0.5, 0.15): ((0.980, 0.002), (0.702, 0.034)),
    }
    for (known, load), (clamped, free) in cases.items():
        found = [_ends(known, load, seed)[1:] for seed in range(12)]
        what = f"{known} known, load {load}"
        yield mean(f"m of the others, {what}, clamped", [f[0] for f in found], *clamped)
        yield mean(f"m of all, {what}, not clamped", [f[1] for f in found], *free)


def _ends(known: float, load: float, seed: int) -> tuple[float, float, float]:
    """Return overlaps: clamped from the pattern, clamped from unknown, and not clamped."""
    draws = np.random.default_rng(seed)
    xi = hf.random_patterns(round(load * N), N, rng=draws)
    held = draws.permutation(N) < known * N
    memory, cues = hf.hebb(xi), xi[:10]
    whole = hf.recall(memory, cues, clamp=held, rng=draws).state
    part = hf.recall(memory, cues * held, clamp=held, rng=draws).state
    free = hf.recall(memory, cues * held, rng=draws).state
    return (
        float(np.mean(hf.overlap(whole[:, ~held], cues[:, ~held]))),
        float(np.mean(hf.overlap(part[:, ~held], cues[:, ~held]))),
        float(np.mean(hf.overlap(free, cues))),
    )


WORKS = [
    Work(recall_of_a_pattern_of_which_a_part_is_held, SOURCE, slow=True),
    Work(recall_from_the_known_part_alone, SOURCE, slow=True),
]
