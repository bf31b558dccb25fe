"""Learning from examples: archetypes that a network recalls though it never saw them."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

import hopfield as hf
from hopfield.theory import ags, examples

from .figure import Figure, Work, mean

SOURCE = (
    "Alemanno, Aquaro, Kanter, Barra & Agliari (2023), doi:10.1209/0295-5075/aca55f; derived anew"
)
N = 1000
FINITE = 0.0006  # how far 1,000 neurons lie from the theory of many
HOW = {True: "supervised", False: "unsupervised"}


def the_overlap_with_an_archetype() -> Iterator[Figure]:
    # K, quality, M, supervised: after one step, and settled
    cases = {
        (50, 0.5, 10, True): (0.87876, None),
        (50, 0.5, 10, False): (0.86264, None),
        (50, 0.5, 25, True): (0.97629, 0.96090),
        (50, 0.5, 25, False): (0.97026, 0.94500),
        (50, 0.5, 40, True): (0.99245, 0.99013),
        (50, 0.5, 40, False): (0.99005, 0.98632),
        (50, 0.8, 2, True): (0.79999, None),
        (50, 0.8, 3, True): (0.91881, None),
        (50, 0.8, 10, True): (0.99276, 0.99128),
        (20, 0.3, 30, True): (0.89266, None),
        (20, 0.3, 30, False): (0.86434, None),
        (20, 0.3, 100, True): (0.99457, 0.99405),
        (20, 0.3, 100, False): (0.99040, 0.98908),
        (50, 0.4, 60, True): (0.98975, 0.98571),
        (50, 0.4, 60, False): (0.98360, 0.97429),
    }
    for (k, r, m, supervised), (once, settled) in cases.items():
        what = f"K = {k}, M = {m}, r = {r}, {HOW[supervised]}"
        yield Figure(f"{what}, one step", examples.one_step(k / N, m, r, supervised), once, 6e-6)
        if settled is not None:
            found = examples.overlap(k / N, m, r, supervised)
            yield Figure(f"{what}, settled", found, settled, 6e-6)


def how_many_examples_it_takes() -> Iterator[Figure]:
    cases = {
        (0.02, 0.3): (31, 38),
        (0.02, 0.5): (8, 9),
        (0.02, 0.8): (3, 3),
        (0.05, 0.3): (65, 94),
        (0.05, 0.5): (19, 22),
        (0.1, 0.3): (209, 374),
        (0.1, 0.5): (62, 77),
        (0.1, 0.8): (12, 13),
    }
    for (load, r), known in cases.items():
        for supervised, m in zip((True, False), known, strict=True):
            found = examples.least(load, r, supervised)
            yield Figure(f"examples at load {load}, r = {r}, {HOW[supervised]}", found, m, 0)


def many_examples_are_the_archetypes() -> Iterator[Figure]:
    for load in (0.05, 0.1, 0.13):
        found = examples.overlap(load, 1, 1.0)
        yield Figure(f"m at load {load}, r = 1", found, float(ags.overlap(load)), 1e-9)
        found = examples.overlap(load, 10_000, 0.9)
        yield Figure(f"m at load {load}, M = 10,000", found, float(ags.overlap(load)), 1e-4)


def recall_of_archetypes_never_seen() -> Iterator[Figure]:
    yield from _compared((50, 0.5, 25, True), (0.9767, 0.0004), (0.9642, 0.002), times=8)
    yield from _compared((50, 0.8, 3, True), (0.9200, 0.0005), None, times=8)


def recall_of_archetypes() -> Iterator[Figure]:
    # K, quality, M, supervised: simulated before, after one step and settled
    cases = {
        (50, 0.5, 10, True): ((0.8793, 0.0006), None),
        (50, 0.5, 10, False): ((0.8631, 0.0006), None),
        (50, 0.5, 25, False): ((0.9707, 0.0006), (0.9506, 0.003)),
        (50, 0.5, 40, True): ((0.9926, 0.0003), (0.9909, 0.0009)),
        (50, 0.5, 40, False): ((0.9898, 0.0003), (0.9875, 0.0004)),
        (50, 0.8, 2, True): ((0.800, 0.0006), None),
        (50, 0.8, 10, True): ((0.9931, 0.0003), (0.9912, 0.0008)),
        (20, 0.3, 30, True): ((0.893, 0.0015), None),
        (20, 0.3, 30, False): ((0.864, 0.002), None),
        (20, 0.3, 100, True): ((0.9945, 0.0005), (0.9937, 0.0007)),
        (20, 0.3, 100, False): ((0.9906, 0.0004), (0.9888, 0.0007)),
        (50, 0.4, 60, True): ((0.9902, 0.0004), (0.9869, 0.0008)),
        (50, 0.4, 60, False): ((0.9839, 0.0004), (0.9768, 0.002)),
    }
    for case, (once, settled) in cases.items():
        yield from _compared(case, once, settled, times=30)


def _compared(case, once, settled, times: int) -> Iterator[Figure]:
    """Compare networks with the theory and with what was simulated before."""
    k, r, m, supervised = case
    made = hf.experiments.Examples(N=N, alpha=k / N, M=m, quality=r, supervised=supervised)
    counts = [made.run(np.random.default_rng(seed)) for seed in range(times)]
    what = f"K = {k}, M = {m}, r = {r}, {HOW[supervised]}"
    after = [c.estimate("once").value for c in counts]
    yield mean(f"{what}, one step, simulated before", after, *once)
    known = examples.one_step(k / N, m, r, supervised)
    yield mean(f"{what}, one step, theory", after, known, FINITE)
    if settled is not None:
        ends = [c.estimate("overlap").value for c in counts]
        yield mean(f"{what}, settled, simulated before", ends, *settled)
        known = examples.overlap(k / N, m, r, supervised)
        yield mean(f"{what}, settled, theory", ends, known, FINITE)


WORKS = [
    Work(the_overlap_with_an_archetype, SOURCE),
    Work(how_many_examples_it_takes, SOURCE),
    Work(many_examples_are_the_archetypes, SOURCE),
    Work(recall_of_archetypes_never_seen, SOURCE),
    Work(recall_of_archetypes, SOURCE, slow=True),
]
