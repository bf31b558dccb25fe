"""Sequences: loads at which each pattern still leads to the next, and errors of a step."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from math import prod

import numpy as np

import hopfield as hf
from hopfield import separation, theory

from .figure import Figure, Work, mean

_CHAUDHRY = "Chaudhry et al. (2023), arXiv:2306.04532"


def the_load_at_which_sequences_end() -> Iterator[Figure]:
    yield Figure("critical load, synchronous, T = 0", theory.sequence.critical()[0], 0.26906, 1e-5)


def the_load_at_which_dense_sequences_end() -> Iterator[Figure]:
    for d, load, m in ((2, 0.252190, 0.8385), (3, 0.197860, 0.9179), (4, 0.172773, None)):
        found, kept = theory.sequence.critical(degree=d + 1)
        odd = prod(range(1, 2 * d, 2))
        yield Figure(f"P {odd} / N**{d} at which power {d} ends", found * odd, load, 1e-6)
        if m is not None:
            yield Figure(f"overlap there, power {d}", kept, m, 1e-4)
    for load, m in ((0.1, 0.9984), (0.15, 0.9883), (0.18, 0.9749), (0.2, 0.9611), (0.22, 0.9409)):
        found = float(theory.sequence.overlap(load / 3, degree=3))
        yield Figure(f"overlap at P 3 / N**2 = {load}", found, m, 1e-4)


def patterns_without_an_error() -> Iterator[Figure]:
    for n, d, p in ((100, 1, 10.9), (100, 2, 361.9), (100, 3, 7238), (50, 2, 106.5), (50, 3, 1065)):
        found = theory.dense.capacity(n, d + 1)
        yield Figure(f"N = {n}, power {d}", found, p, 0.06 if p < 1000 else 0.6)


def sequences_without_an_error() -> Iterator[Figure]:
    known = {(100, 1): 5.4, (100, 2): 120.6, (100, 3): 1810, (50, 1): 3.2, (50, 2): 35.5}
    for (n, d), p in {**known, (50, 3): 266}.items():
        found = theory.dense.capacity(n, d + 1) / (d + 1)
        yield Figure(f"N = {n}, power {d}", found, p, 0.06 if p < 200 else 0.6)


def errors_of_a_step_in_theory() -> Iterator[Figure]:
    for n, d, p, known, bar in (
        (100, 1, 11, 0.000820, 1e-6),
        (100, 1, 25, 0.021116, 1e-6),
        (100, 2, 362, 0.00127, 5e-6),
        (100, 2, 800, 0.0212, 1e-4),
        (50, 2, 90, 0.00127, 5e-6),
    ):
        found = theory.sequence.error(n, p, d + 1)
        yield Figure(f"N = {n}, power {d}, P = {p}", found, known, bar)


def _steps(n: int, p: int, f: hf.separation.Separation, sets: int) -> np.ndarray:
    """Return for sets: wrong neurons, exact steps, and whole sequences, of P - 1 exact steps."""
    found = np.empty((3, sets))
    for seed in range(sets):
        xi = hf.random_patterns(p, n, rng=seed)
        right = hf.sequence(xi, separation=f).field(xi) * np.roll(xi, -1, axis=0) > 0
        exact = right.all(axis=1)
        found[:, seed] = (~right).mean(), exact.mean(), exact[:-1].all()
    return found


def _compared(
    n: int, d: int, p: int, sets: int, known: Sequence[tuple[float, float] | None]
) -> Iterator[Figure]:
    found = _steps(n, p, separation.power(d + 1), sets)
    words = "wrong neurons", "exact steps", "whole sequences"
    for what, values, one in zip(words, found, known, strict=True):
        if one is not None:
            yield mean(f"N = {n}, power {d}, P = {p}: {what}", values, *one)


def errors_of_linear_sequences() -> Iterator[Figure]:
    whole = 0.611, 0.0077
    yield from _compared(100, 1, 11, 4000, [(0.00084, 2e-5), (0.9463, 0.0013), whole])
    yield from _compared(100, 1, 25, 400, [(0.02113, 1.1e-4), (0.2457, 0.002), None])
    yield from _compared(100, 1, 5, 1000, [(0, 1e-6), (1, 1e-4), (1, 5e-4)])


def errors_of_dense_sequences() -> Iterator[Figure]:
    yield from _compared(100, 2, 362, 40, [(0.00128, 4e-5), (0.8848, 0.003), (0, 0)])
    yield from _compared(50, 2, 30, 1000, [None, None, (0.998, 0.002)])
    yield from _compared(50, 2, 90, 200, [(0.00160, 6e-5), (0.930, 0.0025), None])


def errors_of_longer_sequences() -> Iterator[Figure]:
    yield from _compared(100, 2, 121, 400, [(3e-7, 1e-6), (0.99997, 1e-4), (0.997, 0.01)])
    yield from _compared(100, 2, 800, 20, [(0.0208, 5e-4), None, None])
    yield from _compared(100, 3, 1810, 6, [None, None, (1, 0)])
    yield from _compared(50, 3, 266, 100, [None, None, (1, 0.01)])
    yield from _compared(50, 3, 1065, 12, [(0.00302, 6e-5), (0.866, 0.003), None])


def errors_of_mixed_sequences() -> Iterator[Figure]:
    for following, staying, p, known, error, sets in (
        (1, 1, 20, 0.1031, 0.0012, 200),
        (2, 2, 80, 0.00108, 9e-5, 200),
        (2, 2, 200, 0.0227, 0.001, 40),
        (2, 1, 80, 0.0656, 0.0011, 100),
        (1, 2, 40, 0.1680, 0.0012, 100),
    ):
        found = []
        for seed in range(sets):
            xi = hf.random_patterns(p, 100, rng=seed)
            after = np.roll(xi, -1, axis=0)
            goes, stays = separation.power(following + 1), separation.power(staying + 1)
            memory = hf.sequence(xi, separation=goes, hold=stays, strength=2.5)
            wrong = memory.field(xi) * after <= 0
            found.append(float(wrong[xi != after].mean()))
        what = f"powers {following} to the next and {staying} to stay, P = {p}"
        yield mean(f"N = 100, lambda 2.5, {what}", found, known, error)


def errors_of_exponential_sequences() -> Iterator[Figure]:
    for n, p, sets, wrong, exact in (
        (16, 256, 200, (0.0019, 1e-4), (0.981, 0.001)),
        (16, 1024, 24, (0.0072, 3e-4), (0.927, 0.003)),
        (16, 4096, 4, (0.0292, 6e-4), (0.735, 0.006)),
        (20, 1024, 24, None, (0.9948, 6e-4)),
    ):
        found = _steps(n, p, separation.exponential, sets)
        for what, values, known in zip(("wrong", "exact"), found[:2], (wrong, exact), strict=True):
            if known is not None:
                yield mean(f"exponential, N = {n}, P = {p}: {what}", values, *known)


def long_runs_with_errors() -> Iterator[Figure]:
    for load, known, error in (
        (0.10, 0.9958, 0.0015),
        (0.15, 0.9854, 0.0026),
        (0.18, 0.9733, 0.0036),
        (0.20, 0.957, 0.005),
        (0.22, 0.934, 0.010),
    ):
        what = f"N = 200, power 2, P 3 / N**2 = {load}, after 40 steps"
        yield mean(what, _after_40_steps(load), known, error)
    lost = sum(m < 0.3 for m in _after_40_steps(0.30))
    yield Figure("the same at load 0.3: runs of 24 that lost the sequence", lost, 24, 0)


def _after_40_steps(load: float, n: int = 200) -> list[float]:
    """Return the overlaps with the pattern whose turn it is, of runs with power 2."""
    found = []
    for seed in range(24):
        xi = hf.random_patterns(round(load * n**2 / 3), n, rng=seed)
        memory = hf.sequence(xi, separation=separation.power(3))
        end = hf.recall(memory, xi[0], updates=40).state
        found.append(float(hf.overlap(end, xi[40])))
    return found


WORKS = [
    Work(
        the_load_at_which_sequences_end,
        "Düring, Coolen & Sherrington (1998), doi:10.1088/0305-4470/31/43/005",
    ),
    Work(the_load_at_which_dense_sequences_end, f"derived; the network is that of {_CHAUDHRY}"),
    Work(patterns_without_an_error, _CHAUDHRY),
    Work(sequences_without_an_error, _CHAUDHRY),
    Work(errors_of_a_step_in_theory, f"{_CHAUDHRY}; of finite N"),
    Work(errors_of_linear_sequences, f"{_CHAUDHRY}; simulated twice"),
    Work(errors_of_dense_sequences, f"{_CHAUDHRY}; simulated twice"),
    Work(errors_of_longer_sequences, f"{_CHAUDHRY}; simulated twice", slow=True),
    Work(errors_of_mixed_sequences, f"{_CHAUDHRY}; simulated twice", slow=True),
    Work(errors_of_exponential_sequences, f"{_CHAUDHRY}; simulated twice", slow=True),
    Work(long_runs_with_errors, f"{_CHAUDHRY}; simulated twice", slow=True),
]
