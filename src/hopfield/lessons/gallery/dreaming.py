"""Dreaming, from Hebb's rule to the projection.

Share of the patterns recalled from cues with a tenth of the neurons flipped, by how long the memory
dreamt: at the left it is nearly Hebb's, at the right nearly the projection. Basins are largest on
the way. N = 300, 20 cues each of 4 samples of random patterns, all simulated; lines lead the eye.
"""

from __future__ import annotations

import numpy as np

import hopfield as hf

from .plate import Axes, Plate, Source, sampled


def draw(ax: Axes | None, rng: Source) -> Axes:
    """Draw the figure."""

    def recalled(load: float, t: float) -> float:
        xi = hf.random_patterns(round(load * 300), 300, rng=rng)
        memory = hf.learning.dreaming(xi, t=t).dense()
        ends = hf.recall(memory, hf.flip(xi[:20], 0.1, rng=rng), rng=rng).state
        return float(np.mean(hf.overlap(ends, xi[:20]) > 0.95))

    times, loads = [0.1, 0.3, 1, 3, 6, 10, 30, 100, 1000], [0.15, 0.3, 0.45, 0.55]
    ax = hf.plots.curve(
        times,
        *sampled(recalled, times, dict.fromkeys(loads, 4)),
        ax=ax,
        xlabel="time t",
        ylabel="share recalled from 10 % flips",
        names=[f"P/N = {load}" for load in loads],
    )
    ax.set_xscale("log")
    return ax


PLATE = Plate("dreaming", 23, __doc__, ("fachechi2019", "personnaz1986"), draw)
