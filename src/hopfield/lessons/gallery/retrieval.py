"""Retrieval at zero temperature.

Overlap that a pattern keeps. Line: Amit, Gutfreund and Sompolinsky, up to the critical load 0.1379.
Points: one start at a pattern in each of 60, 20, 10 samples, one neuron at a time.
"""

from __future__ import annotations

import numpy as np

import hopfield as hf

from .plate import Axes, Plate, Source, overlap, sampled


def draw(ax: Axes | None, rng: Source) -> Axes:
    """Draw the figure."""

    def kept(n: int, load: float) -> float:
        xi = hf.random_patterns(round(load * n), n, rng=rng)
        return overlap(hf.recall(hf.Hebbian(xi), xi[0], rng=rng, sweeps=1000).state, xi[0])

    loads = [0.05, 0.08, 0.1, 0.12, 0.13, 0.14, 0.15, 0.16, 0.18, 0.2]
    fine = np.append(np.linspace(0.03, hf.theory.ags.critical()[0] - 1e-6, 200), [0.13792, 0.2])
    ax = hf.plots.curve(
        loads,
        *sampled(kept, loads, {500: 60, 2000: 20, 5000: 10}),
        (fine, hf.theory.ags.overlap(fine)),
        ax,
        xlabel="load P/N",
        ylabel="overlap m kept",
        names=["N = 500", "N = 2,000", "N = 5,000", "theory"],
    )
    ax.set_ylim(0, 1.05)
    return ax


PLATE = Plate("retrieval", 2, __doc__, ("amit1985b", "amit1987"), draw)
