"""Parallel tempering keeps the law of each temperature, and swaps as often as two laws say."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

import numpy as np

import hopfield as hf

from .figure import Figure, Work, mean

ENERGIES = {0.25: -2.951521, 0.5: -2.415790, 1: -1.617696, 2: -0.916816}
SWAPS = {(0.25, 0.5): 0.511497, (0.5, 1): 0.539829, (1, 2): 0.677412, (0.5, 2): 0.303256}
_SOURCE = (
    "The exact laws of ten neurons, W_ij = .3 cos(ij), b_i = .1 sin i; Hukushima & Nemoto 1996, "
    "doi:10.1143/JPSJ.65.1604"
)


def cosines(n: int) -> hf.Memory:
    """Return couplings .3 cos(ij) and biases .1 sin i, i from 1 on."""
    i = np.arange(1, n + 1)
    return hf.Couplings(0.3 * np.cos(np.outer(i, i))) + hf.Bias(0.1 * np.sin(i))


def _compared(
    temperatures: tuple[float, ...], runs: int, ladders: int, sweeps: int
) -> Iterator[Figure]:
    """Compare so many runs with the exact laws, the first fifth of the sweeps apart."""
    energies, swaps = [], []
    for seed in range(runs):
        found = hf.optimise.temper(cosines(10), temperatures, sweeps, ladders=ladders, rng=seed)
        energies.append(found.energies[sweeps // 5 :].mean(axis=0))
        swaps.append(found.acceptance)
    for T, values in zip(temperatures, np.concatenate(energies).T, strict=True):
        yield mean(f"mean energy at T = {T:g}", values, ENERGIES[T])
    pairs = pairwise(temperatures)
    for pair, share in zip(pairs, np.transpose(swaps), strict=True):
        yield mean(f"share of swaps of T = {pair[0]:g} and {pair[1]:g}", share, SWAPS[pair])
    if temperatures[0] < 0.5:
        yield Figure("lowest energy", found.energy, -3.325142, 1e-6)


def energies_and_swaps_in_passing() -> Iterator[Figure]:
    """Compare with the exact laws, energies to a hundredth."""
    yield from _compared((0.25, 0.5, 1, 2), 12, 20, 250)


def energies_to_a_thousandth_and_swaps() -> Iterator[Figure]:
    """Compare with the exact laws, in runs so long that their start does not count."""
    yield from _compared((0.25, 0.5, 1, 2), 20, 250, 2000)
    yield from _compared((0.5, 2), 20, 250, 2000)


WORKS = [
    Work(energies_and_swaps_in_passing, _SOURCE),
    Work(energies_to_a_thousandth_and_swaps, _SOURCE, slow=True),
]
