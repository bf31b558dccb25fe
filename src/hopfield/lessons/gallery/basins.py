"""Basins of attraction.

Share of cues from which a pattern is recalled (final m > 0.95), by their initial overlap. N =
1,000, 60 samples, one cue each, one neuron at a time. All simulated.
"""

from __future__ import annotations

from typing import Any

import numpy as np

import hopfield as hf

from .plate import Axes, Plate, Source, means


def draw(ax: Axes | None, rng: Source) -> Axes:
    """Draw the figure."""
    n, starts, loads = 1000, np.arange(0.05, 0.65, 0.05), (0.02, 0.05, 0.1)

    def back(load: float) -> Any:
        xi = hf.random_patterns(round(load * n), n, rng=rng)
        cues = np.concatenate([hf.flip(xi[:1], (1 - m) / 2, rng=rng) for m in starts])
        return (hf.recall(hf.Hebbian(xi), cues, rng=rng).state * xi[0]).mean(axis=1) > 0.95

    found = [means(back(load) for _ in range(60)) for load in loads]
    m, error = np.stack(found, axis=1)
    return hf.plots.curve(
        starts,
        m,
        error,
        ax=ax,
        xlabel="initial overlap",
        ylabel="share recalled",
        names=[f"load {load:.2f}" for load in loads],
    )


PLATE = Plate("basins", 3, __doc__, ("amit1987",), draw)
