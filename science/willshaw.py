"""Willshaw's network: how full its couplings are, and what comes back from them."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

import hopfield as hf
from hopfield import learning, theory

from .figure import Figure, Work, mean

_SETS, _CUES = 12, 500  # what is known: 4 sets
# k, known neurons of the cue -> patterns -> wrong neurons with their error, exact with its error
_KNOWN: dict[tuple[int, int], dict[int, tuple[tuple[float, float], tuple[float, float]]]] = {
    (10, 10): {
        2000: ((0, 0), (1, 0)),
        4000: ((0.0110, 0.0013), (0.9895, 0.001)),
        5000: ((0.060, 0.008), (0.944, 0.007)),
        6931: ((0.599, 0.023), (0.557, 0.018)),
    },
    (10, 5): {
        1000: ((0.0115, 0.003), (0.989, 0.003)),
        2000: ((0.180, 0.010), (0.834, 0.009)),
        4000: ((2.928, 0.043), (0.073, 0.009)),
        5000: ((6.95, 0.05), (0.0075, 0.005)),
    },
    (20, 20): {1500: ((0, 0), (1, 0))},
    (20, 10): {
        500: ((0.0005, 0.0005), (0.9995, 0.0005)),
        1000: ((0.0235, 0.003), (0.977, 0.003)),
        1500: ((0.435, 0.022), (0.654, 0.014)),
    },
}


def _recalled(
    k: int, known: int, p: int, sets: int = _SETS
) -> Iterator[tuple[float, float, float]]:
    """Yield ones among the couplings, wrong neurons and exact recalls, of sets of patterns."""
    for seed in range(sets):
        ranks = np.random.default_rng(seed).permuted(np.tile(np.arange(1000), (p, 1)), axis=1)
        eta, cues = (ranks < k) * 1, (ranks[:_CUES] < known) * 1
        memory = learning.willshaw(eta, coding="01")
        wrong = hf.hamming(hf.recall(memory, cues, updates=1).state, eta[:_CUES])
        ones = (memory.together.sum() - 1000) / (1000 * 999)
        yield float(ones), float(np.mean(wrong)), float(np.mean(wrong == 0))


def _compared(k: int, known: int) -> Iterator[Figure]:
    for p, ((wrong, error), (exact, other)) in _KNOWN[k, known].items():
        _, found, kept = zip(*_recalled(k, known, p), strict=True)
        words = f"N = 1,000, k = {k}, {p} patterns, {known} known"
        least = 1 / (4 * _CUES)  # one neuron in one recall
        yield mean(f"{words}: wrong neurons", found, wrong, max(error, least))
        if (known, p) != (5, 5000):  # of which the share is not known
            yield mean(f"{words}: exact", kept, exact, max(other, least))


def ones_among_the_couplings() -> Iterator[Figure]:
    for p, known, error in ((2000, 0.16488, 8e-5), (4000, 0.30253, 1.3e-4)):
        found, _, _ = zip(*_recalled(10, 10, p, sets=5), strict=True)
        yield mean(f"N = 1,000, k = 10, {p} patterns", found, known, error)
        expected = theory.willshaw.filled(1000, 10, p)
        yield mean(f"the same, theory for {p}", found, expected, error)
    yield Figure("theory, 6931 patterns", theory.willshaw.filled(1000, 10, 6931), 0.46444, 5e-6)


def ones_at_half_filling() -> Iterator[Figure]:
    found, _, _ = zip(*_recalled(10, 10, 6931), strict=True)
    yield mean("N = 1,000, k = 10, 6931 patterns", found, 0.46418, 1.3e-4)


def bits_a_coupling() -> Iterator[Figure]:
    yield Figure("patterns, N = 1,000, k = 6", theory.willshaw.capacity(1000, 6), 12337, 5)
    for n, k, bits in ((10**3, 6, 0.620), (10**4, 10, 0.623), (10**6, 16, 0.627)):
        found = theory.willshaw.information(n, k)
        yield Figure(f"bits a coupling, N = {n:,}, k = {k}", found, bits, 6e-4)
        best = max(theory.willshaw.information(n, other) for other in range(k - 2, k + 3))
        yield Figure(f"no other k has more, N = {n:,}", found, best, 0)
    most = max(theory.willshaw.information(10**9, k) for k in range(24, 29))
    yield Figure("bits a coupling, N = 10**9, the best k", most, 0.635, 6e-4)


def recall_from_whole_cues() -> Iterator[Figure]:
    yield from _compared(10, 10)
    yield from _compared(20, 20)


def recall_from_half_cues() -> Iterator[Figure]:
    yield from _compared(10, 5)
    yield from _compared(20, 10)


def theory_beside_simulation() -> Iterator[Figure]:
    for p, known in ((2000, 5), (4000, 5), (5000, 5), (5000, 10), (6931, 10)):
        _, found, _ = zip(*_recalled(10, known, p), strict=True)
        expected = theory.willshaw.spurious(1000, 10, p, known)
        figure = mean(f"wrong neurons, {p} patterns, {known} known", found, expected)
        yield figure._replace(bar=figure.bar + 0.08 * expected)  # 0 to 8 % high


_SOURCE = "Willshaw, Buneman & Longuet-Higgins (1969), doi:10.1038/222960a0"
WORKS = [
    Work(ones_among_the_couplings, f"{_SOURCE}; simulated twice"),
    Work(bits_a_coupling, f"{_SOURCE}; theory"),
    Work(ones_at_half_filling, f"{_SOURCE}; simulated twice", slow=True),
    Work(recall_from_whole_cues, f"{_SOURCE}; simulated twice", slow=True),
    Work(recall_from_half_cues, f"{_SOURCE}; simulated twice", slow=True),
    Work(theory_beside_simulation, f"{_SOURCE}; busy neurons by Buckingham & Willshaw", slow=True),
]
