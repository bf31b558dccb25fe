"""Capacity of dense memories.

How many patterns fit until 0.5 % of a stored pattern's neurons are unstable, for energies that add
up the n-th power of each pattern's overlap. Lines: theory, in which P grows as the power n − 1 of
N. Points: simulated, found by bisection over the mean of 40 patterns, 3 samples.
"""

from __future__ import annotations

import numpy as np

import hopfield as hf

from ...show.canvas import ticks_at
from .plate import Axes, Plate, Source, sampled


def draw(ax: Axes | None, rng: Source) -> Axes:
    """Draw the figure."""

    def wrong(n: int, p: int, degree: int) -> float:
        xi = hf.random_patterns(p, n, rng=rng)
        some = xi[: min(p, 40)]
        field = hf.DenseMemory(xi, hf.separation.power(degree)).field(some)
        return float((some * field < 0).mean())

    def most(degree: int, n: float) -> float:
        low, high = 2.0, 4 * hf.theory.dense.load_at(0.005, degree) * n ** (degree - 1.0)
        while high / low > 1.05:
            middle = float(np.sqrt(low * high))
            if wrong(int(n), round(middle), degree) < 0.005:
                low = middle
            else:
                high = middle
        return float(np.sqrt(low * high))

    sizes, degrees, fine = [20, 28, 40, 56, 80], (2, 3, 4), np.array([17.0, 94.0])
    ax = hf.plots.curve(
        sizes,
        *sampled(most, sizes, dict.fromkeys(degrees, 3)),
        (fine, [hf.theory.dense.load_at(0.005, d) * fine ** (d - 1) for d in degrees]),
        ax,
        xlabel="neurons N",
        ylabel="patterns P",
        names=[*(f"n = {d}" for d in degrees), *(f"theory, n = {d}" for d in degrees)],
    )
    ax.set(xscale="log", yscale="log")
    ticks_at(ax.xaxis, sizes)
    return ax


PLATE = Plate("dense", 7, __doc__, ("krotov2016",), draw)
