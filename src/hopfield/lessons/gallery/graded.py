"""Graded neurons wake up.

Overlap at rest of neurons with the gain β, from a cue of overlap 0.6. Line: one pattern, exact.
Points: N = 100, one pattern and ten, 12 samples, the circuit of 1984 followed to rest.
"""

from __future__ import annotations

import numpy as np

import hopfield as hf

from .plate import Axes, Plate, Source, overlap, sampled


def draw(ax: Axes | None, rng: Source) -> Axes:
    """Draw the figure."""
    n, gains = 100, [0.7, 0.9, 1.0, 1.1, 1.2, 1.4, 1.7, 2.0, 2.5, 3.0]

    def rest(p: int, beta: float) -> float:
        xi = hf.random_patterns(p, n, rng=rng)
        cue, neuron = hf.flip(xi[0], 0.2, rng=rng), hf.Graded(beta)
        run = hf.recall(hf.hebb(xi), cue, neuron=neuron, order=hf.Flow(1.0), sweeps=500)
        return overlap(run.state, xi[0])

    fine = np.linspace(0.6, 3.1, 251)
    return hf.plots.curve(
        gains,
        *sampled(rest, gains, {1: 12, 10: 12}),
        (fine, hf.theory.graded.overlap(fine, n)),
        ax,
        xlabel=r"gain $\beta$",
        ylabel="overlap m",
        names=["1 pattern", "10 patterns", "theory, 1 pattern"],
    )


PLATE = Plate("graded", 14, __doc__, ("hopfield1984",), draw)
