"""Dreaming: what is kept between Hebb's rule and the projection, by daydreams, by unlearning."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from math import inf

import numpy as np

import hopfield as hf
from hopfield import learning

from .figure import Figure, Work, mean

_KERNEL = "Fachechi, Agliari & Barra (2019), doi:10.1016/j.neunet.2019.01.006; simulated twice"
# load -> time -> shares fixed, overlap from the pattern, recalled from 10 % flips
_KNOWN: dict[float, dict[float, tuple[float, float, float]]] = {
    0.2: {
        0: (0.005, 0.54, 0.04),
        0.1: (0.08, 0.83, 0.31),
        1: (0.985, 0.99995, 1),
        10: (1, 1, 1),
        100: (1, 1, 1),
        inf: (1, 1, 1),
    },
    0.3: {
        0: (0, 0.37, 0),
        0.1: (0, 0.45, 0),
        1: (0.757, 0.9983, 1),
        10: (1, 1, 1),
        100: (1, 1, 1),
        inf: (1, 1, 1),
    },
    0.5: {
        0: (0, 0.32, 0),
        0.1: (0, 0.37, 0),
        1: (0.011, 0.861, 0.01),
        10: (1, 1, 0.988),
        100: (1, 1, 0.775),
        inf: (1, 1, 0.638),
    },
    0.7: {
        0: (0, 0.31, 0),
        0.1: (0, 0.35, 0),
        1: (0, 0.631, 0),
        10: (0.999, 1, 0.04),
        100: (1, 1, 0),
        inf: (1, 1, 0),
    },
    0.9: {
        0: (0, 0.28, 0),
        0.1: (0, 0.34, 0),
        1: (0, 0.577, 0),
        10: (0.494, 0.9946, 0),
        100: (1, 1, 0),
        inf: (1, 1, 0),
    },
}
_ERRORS = {  # where they were told
    (0.5, 1): (0, 0.004, 0),
    (0.5, 10): (0, 0, 0.013),
    (0.5, 100): (0, 0, 0.03),
    (0.5, inf): (0, 0, 0.06),
    (0.7, 1): (0, 0.010, 0),
    (0.7, 10): (0, 0, 0.02),
    (0.9, 1): (0, 0.007, 0),
    (0.9, 10): (0, 0.0004, 0),
}
_WHAT = "fixed", "overlap kept", "recalled from 10 % flips"


_LEAST = 0.002  # what is known was written to three digits
_ROUNDED = 0.005  # or to two


def _kept(n: int, load: float, t: float, seed: int) -> tuple[float, float, float]:
    xi, rng = hf.random_patterns(round(load * n), n, rng=seed), np.random.default_rng(seed)
    memory = learning.dreaming(xi, t=t)
    itself = hf.recall(memory, xi[:20], rng=rng).state
    cues = hf.flip(xi[:20], 0.1, rng=rng)
    ends = hf.recall(memory, cues, rng=rng).state
    found = memory.stable(xi), hf.overlap(itself, xi[:20]), hf.overlap(ends, xi[:20]) > 0.95
    fixed, kept, recalled = (float(np.mean(x)) for x in found)
    return fixed, kept, recalled


def _compared(load: float, t: float) -> Iterator[Figure]:
    found = zip(*(_kept(500, load, t, seed) for seed in range(8)), strict=True)
    told = zip(_KNOWN[load][t], _ERRORS.get((load, t), (0, 0, 0)), strict=True)
    trials = round(load * 500), 0, 20
    for what, values, (known, error), k in zip(_WHAT, found, told, trials, strict=True):
        words = f"N = 500, load {load}, t = {t:g}: {what}"
        yield mean(words, values, known, error, nets=4, trials=k, least=_LEAST)


def the_time_that_keeps_most() -> Iterator[Figure]:
    for t in (1, 10, inf):
        yield from _compared(0.5, t)


def dreaming_at_five_loads() -> Iterator[Figure]:
    for load, times in _KNOWN.items():
        for t in times:
            yield from _compared(load, t)


def dreaming_of_a_thousand_neurons() -> Iterator[Figure]:
    for load, t, told in (
        (0.3, 1, ((0.582, 0.009), (0.9989, 0))),
        (0.5, 10, ((1, 0), (1, 0), (1, 0))),
        (0.5, inf, ((1, 0), (1, 0), (0.683, 0.06))),
        (0.7, 10, ((0.996, 0.001),)),
    ):
        found = zip(*(_kept(1000, load, t, seed) for seed in range(10)), strict=True)
        trials = round(load * 1000), 0, 20
        for what, values, (known, error), k in zip(_WHAT, found, told, trials, strict=False):
            words = f"N = 1,000, load {load}, t = {t:g}: {what}"
            yield mean(words, values, known, error, nets=3, trials=k, least=_LEAST)


def _recalled(memory: hf.Memory, xi: np.ndarray, share: float, seed: int) -> float:
    ends = hf.recall(memory, hf.flip(xi, share, rng=seed), rng=seed).state
    return float((hf.overlap(ends, xi) > 0.95).mean())


_FLIPS = 0.0, 0.1, 0.2, 0.3


def _hundred(
    what: str,
    load: float,
    learn: Callable[[np.ndarray, int], hf.Memory],
    nets: int,
    told: Sequence[tuple[float, float]],
) -> Iterator[Figure]:
    """Compare the shares recalled from flips by twelve networks of 100 neurons."""
    found = []
    for seed in range(12):
        xi = hf.random_patterns(round(100 * load), 100, rng=seed)
        memory = learn(xi, seed)
        found.append([_recalled(memory, xi, share, seed) for share in _FLIPS[: len(told)]])
    for share, values, (known, error) in zip(_FLIPS, zip(*found, strict=True), told, strict=False):
        words = f"N = 100, load {load}, {what}: recalled from {share:.0%}"
        trials = round(100 * load)
        yield mean(words, values, known, error, nets=nets, trials=trials, least=_ROUNDED)


def daydreams() -> Iterator[Figure]:
    many = (1, 0), (0.99, 0), (0.72, 0.03), (0.16, 0)
    for load, tau, steps, nets, told in (
        (0.3, 8, 8000, 4, many),
        (0.3, 8, 24000, 4, many),  # it does not decay
        (0.5, 32, 12000, 3, ((1, 0), (0.75, 0.03), (0.15, 0.01), (0.01, 0))),
        (0.5, 8, 1000, 3, ((0.84, 0),)),  # not all yet
    ):

        def learn(xi: np.ndarray, seed: int, steps: int = steps, tau: int = tau) -> hf.Memory:
            return learning.daydream(xi, steps, tau=tau, rng=seed)

        yield from _hundred(f"tau = {tau}, {steps:,} steps", load, learn, nets, told)


def the_kernel_beside_daydreams() -> Iterator[Figure]:
    for load, t, nets, known in (
        (0.3, 10, 4, (1, 1, 0.84, 0.11)),
        (0.3, inf, 4, (1, 0.99, 0.62, 0.08)),
        (0.5, 10, 3, (1, 0.74, 0.09)),
        (0.5, inf, 3, (1, 0.43, 0.02)),
    ):

        def learn(xi: np.ndarray, seed: int, t: float = t) -> hf.Memory:
            return learning.dreaming(xi, t=t)

        yield from _hundred(f"t = {t:g}", load, learn, nets, [(m, 0) for m in known])


def unlearning_and_its_collapse() -> Iterator[Figure]:
    for load, known in {
        0.2: {0: (0.38, 0.36), 600: (1, 1), 2000: (1, None), 2500: (0, 0)},
        0.3: {
            0: (0.03, 0.03),
            1000: (0.95, 0.96),
            2000: (1, 1),
            3000: (1, 0.96),
            3500: (0.61, None),
            4000: (0, None),
        },
        0.5: {2000: (0.52, 0.31), 3500: (0.97, 0.73), 5000: (0.99, 0.36), 6000: (0, None)},
    }.items():
        found: dict[int, list[tuple[float, float]]] = {times: [] for times in known}
        for seed in range(12):
            xi, done = hf.random_patterns(round(100 * load), 100, rng=seed), 0
            memory: hf.Memory = hf.hebb(xi).dense()
            for times, values in found.items():
                memory = learning.unlearn(memory, times - done, rng=1000 + seed)
                done = times
                stable = float(np.mean(memory.stable(xi)))
                values.append((stable, _recalled(memory, xi, 0.1, seed)))
        for times, pair in known.items():
            for what, k in (("fixed", 0), ("recalled from 10 %", 1)):
                if (one := pair[k]) is not None:
                    values = [sample[k] for sample in found[times]]
                    words = f"N = 100, load {load}, {times} dreams: {what}"
                    nets = 5 if times <= 2000 else 4
                    yield mean(words, values, one, nets=nets, trials=len(xi), least=_LEAST)


WORKS = [
    Work(the_time_that_keeps_most, _KERNEL),
    Work(dreaming_at_five_loads, _KERNEL, slow=True),
    Work(dreaming_of_a_thousand_neurons, _KERNEL, slow=True),
    Work(
        daydreams,
        "Serricchio et al. (2025), doi:10.1016/j.neunet.2025.107216; simulated twice",
        slow=True,
    ),
    Work(the_kernel_beside_daydreams, _KERNEL, slow=True),
    Work(
        unlearning_and_its_collapse,
        "Hopfield, Feinstein & Palmer (1983), doi:10.1038/304158a0; simulated twice",
        slow=True,
    ),
]
