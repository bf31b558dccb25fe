"""The loads at which recall ends, and the overlap before: pairs, sequences, colours, margins."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

import hopfield as hf
from hopfield.theory import ags, gardner, potts, sequence

from .figure import Figure, Work, mean


def recall_by_pairs() -> Iterator[Figure]:
    load, m = ags.critical()
    yield Figure("critical load, T = 0", load, 0.137905566, 1e-9)
    yield Figure("overlap there", m, 0.967417116, 1e-7)
    known = {0.05: 0.999992, 0.10: 0.997999, 0.12: 0.993223, 0.13: 0.987212, 0.135: 0.980791}
    for load, m in known.items():
        yield Figure(f"m at load {load}", float(ags.overlap(load)), m, 1e-6)


def a_sequence_of_patterns() -> Iterator[Figure]:
    load, m = sequence.critical()
    yield Figure("critical load, T = 0", load, 0.269061629, 1e-9)
    # The top is so flat that rounding moves the overlap there in the sixth digit.
    yield Figure("overlap there", m, 0.834870790, 2e-6)
    for load, m in {0.1: 0.998405, 0.2: 0.966326, 0.25: 0.914016, 0.26: 0.891791}.items():
        yield Figure(f"m at load {load}", float(sequence.overlap(load)), m, 1e-6)


def neurons_of_several_colours() -> Iterator[Figure]:
    for q, known in {3: 0.4144124, 4: 0.8276416, 5: 1.3747894, 10: 6.0191269}.items():
        yield Figure(f"critical load, q = {q}", potts.critical(q)[0], known, 1e-7)
    yield Figure("overlap there, q = 3", potts.critical(3)[1], 0.953077, 1e-6)
    for load, m in {0.38: 0.98526, 0.40: 0.97646}.items():
        yield Figure(f"m at load {load}, q = 3", float(potts.overlap(load, 3)), m, 1e-5)


def colours_in_finite_networks() -> Iterator[Figure]:
    """Beyond the critical load, 0.414, a network of 2,000 neurons still holds most patterns."""
    kept = {load: [_colours(load, seed) for seed in range(8)] for load in (0.38, 0.40, 0.42, 0.44)}
    for load, known in {0.38: 0.98603, 0.40: 0.97722}.items():
        found = [float(np.mean(m)) for m in kept[load]]
        yield mean(f"m at load {load}, q = 3, N = 2,000", found, known, 0.0006)
    held = {load: [float(np.mean(m > 0.8)) for m in kept[load]] for load in (0.42, 0.44)}
    what = "share held at load 0.42, q = 3, N = 2,000"
    yield mean(what, held[0.42], 1.0, nets=8, trials=4, least=0.005)
    # What is known of 0.44, 6 of 8, says no more than that most are held.
    share = mean("", held[0.44], 0.5)
    more = float(share.found - share.known > share.bar)
    yield Figure("more than half held at load 0.44, q = 3, N = 2,000", more, 1, 0)


def _colours(load: float, seed: int, n: int = 2000, q: int = 3) -> np.ndarray:
    """Return the overlaps that a network of colours keeps of four of its patterns."""
    x = np.random.default_rng(seed).integers(q, size=(round(load * n), n))
    cues = hf.models.one_hot(x[:4], q)
    ends = hf.recall(hf.models.potts(x, q), cues, neuron=hf.Potts(q), sweeps=40, rng=seed).state
    return (q * (hf.models.from_one_hot(ends, q) == x[:4]).mean(axis=1) - 1) / (q - 1)


def the_largest_load_of_a_margin() -> Iterator[Figure]:
    known = {
        0.1: 1.7096315,
        0.2: 1.4692084,
        0.3: 1.2691325,
        0.5: 0.9612051,
        0.8: 0.6560344,
        1.0: 0.5195722,
        1.5: 0.3098707,
        2.0: 0.2002310,
    }
    yield Figure("critical load, margin 0", float(gardner.critical(0)), 2.0, 1e-9)
    for margin, load in known.items():
        yield Figure(f"critical load, margin {margin}", gardner.critical(margin), load, 1e-7)
    biased = {0.2: 2.05272, 0.5: 2.40587, 0.8: 3.91290, 0.9: 6.08285, 0.95: 9.80874}
    for bias, load in biased.items():
        yield Figure(f"critical load, bias {bias}", gardner.critical(0, bias), load, 1e-5)


WORKS = [
    Work(recall_by_pairs, "Amit, Gutfreund & Sompolinsky (1987), doi:10.1016/0003-4916(87)90092-3"),
    Work(
        a_sequence_of_patterns,
        "Düring, Coolen & Sherrington (1998), doi:10.1088/0305-4470/31/43/005",
    ),
    Work(neurons_of_several_colours, "Kanter (1988), doi:10.1103/PhysRevA.37.2739; derived anew"),
    Work(colours_in_finite_networks, "simulated for this package", slow=True),
    Work(the_largest_load_of_a_margin, "Gardner (1988), doi:10.1088/0305-4470/21/1/030"),
]
