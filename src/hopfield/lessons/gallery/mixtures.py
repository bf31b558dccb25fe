"""Mixtures of three.

Share of states that stay where they are (final m > 0.9 with the start): the sign of the sum of
three patterns, and one pattern. N = 1,001, 40 samples, zero temperature. All simulated.
"""

from __future__ import annotations

from typing import Any

import numpy as np

import hopfield as hf

from .plate import Axes, Plate, Source, means


def draw(ax: Axes | None, rng: Source) -> Axes:
    """Draw the figure."""
    n, loads = 1001, [0.005, 0.01, 0.02, 0.03, 0.04, 0.05, 0.06]

    def stay(load: float) -> Any:
        xi = hf.random_patterns(max(3, round(load * n)), n, rng=rng)
        starts = np.stack([np.sign(xi[:3].sum(axis=0)), xi[0]])
        return (hf.recall(hf.Hebbian(xi), starts, rng=rng).state * starts).mean(axis=1) > 0.9

    found = [means(stay(load) for _ in range(40)) for load in loads]
    m, error = np.stack(found, axis=2)
    return hf.plots.curve(
        loads,
        m,
        error,
        ax=ax,
        xlabel="load P/N",
        ylabel="share that stays",
        names=["mixture of three", "pattern"],
    )


PLATE = Plate("mixtures", 4, __doc__, ("amit1985",), draw)
