"""Kernel memories: how many patterns come back from how many flips."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

import numpy as np

import hopfield as hf
from hopfield import learning

from .figure import Figure, Work, mean

_N, _NETS, _CUES = 200, 12, 100  # what is known: 4 networks
_FLIPS = 0.0, 0.05, 0.1, 0.2, 0.3
_SOURCE = "Tamamori (2025), doi:10.48550/arXiv.2504.12561; simulated twice"
# load -> gamma N -> shares recalled at the flips above, as far as they are known
_KNOWN: dict[float, dict[float, tuple[float, ...]]] = {
    0.5: {
        0.1: (1, 0.80, 0.28, 0, 0),
        0.25: (1, 1, 0.995, 0.44, 0),
        0.5: (1, 1, 1, 1, 0.43),
        1: (1, 1, 1, 1, 0.998),
        2: (1, 1, 1, 1, 1),
        5: (1, 1, 1, 1, 1),
    },
    1.0: {
        0.1: (1, 0, 0),
        0.25: (1, 0, 0),
        0.5: (1, 0.72, 0.08, 0, 0),
        1: (1, 1, 1, 1, 0.235),
        2: (1, 1, 1, 1, 1),
    },
    1.5: {
        0.25: (1, 0, 0),
        0.5: (1, 0, 0),
        1: (1, 1, 1, 0.18, 0),
        2: (1, 1, 1, 1, 0.987),
        5: (1, 1, 1, 1, 1),
    },
    2.0: {1: (1, 0.97, 0.13), 2: (1, 1, 1, 1, 0.82)},
}
_ERRORS = {(1.0, 0.5, 0.05): 0.04, (0.5, 0.25, 0.2): 0.02}  # the others are smaller


def _recalled(learn: Callable[[np.ndarray], hf.Memory], load: float) -> np.ndarray:
    """Return the shares recalled exactly, (networks, flips)."""
    found = np.empty((_NETS, len(_FLIPS)))
    for seed in range(_NETS):
        xi = hf.random_patterns(round(load * _N), _N, rng=seed)
        memory, goal = learn(xi), xi[:_CUES]
        for k, share in enumerate(_FLIPS):
            cues = hf.flip(goal, share, rng=seed)
            ends = hf.recall(memory, cues, order=hf.Sync()).state
            found[seed, k] = (ends == goal).all(axis=1).mean()
    return found


def _compared(
    what: str, found: np.ndarray, known: Sequence[float], errors: Sequence[float]
) -> Iterator[Figure]:
    for share, values, one, error in zip(_FLIPS, found.T, known, errors, strict=False):
        words = f"{what}: recalled from {share:.0%} flips"
        yield mean(words, values, one, error, nets=4, trials=_CUES, least=0.005)


def _kernels(load: float, kernels: Sequence[float]) -> Iterator[Figure]:
    for scaled in kernels:

        def learn(xi: np.ndarray, gamma: float = scaled / _N) -> hf.Memory:
            return learning.kernel(xi, gamma=gamma)

        errors = [_ERRORS.get((load, scaled, share), 0.0) for share in _FLIPS]
        words = f"N = 200, load {load}, gamma N = {scaled}"
        yield from _compared(words, _recalled(learn, load), _KNOWN[load][scaled], errors)


def the_default_kernel() -> Iterator[Figure]:
    yield from _kernels(0.5, [2])
    yield from _kernels(1.0, [2])


def kernels_at_four_loads() -> Iterator[Figure]:
    for load, kernels in _KNOWN.items():
        yield from _kernels(load, list(kernels))


def the_projection_beside_them() -> Iterator[Figure]:
    kept = _recalled(lambda xi: learning.pseudo_inverse(xi, self_coupling=True), 0.5)
    none = _recalled(learning.pseudo_inverse, 0.5)
    yield from _compared("projection", none, (1, 1, 0.34, 0, 0), (0, 0, 0.02, 0, 0))
    yield from _compared("projection with its diagonal", kept, (1, 0.01, 0), (0, 0, 0))


WORKS = [
    Work(the_default_kernel, _SOURCE),
    Work(kernels_at_four_loads, _SOURCE, slow=True),
    Work(the_projection_beside_them, _SOURCE, slow=True),
]
