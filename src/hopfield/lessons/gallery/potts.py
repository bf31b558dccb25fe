"""Potts neurons.

Overlap that a pattern keeps, neurons of q colours; in these units of load the curves nearly fall
together. Lines: theory for many neurons, which loses the pattern at once. Points: simulated, N =
120, five patterns each of 3 samples, one neuron at a time. So small a network keeps patterns beyond
the limit: for q = 3 the theory ends at P/N = 0.4144 (0.138 here), while of N = 2,000 all patterns
are kept at 0.42, and most at 0.44; of N = 3,000 they are lost at 0.50.
"""

from __future__ import annotations

import numpy as np

import hopfield as hf

from .plate import Axes, Plate, Source, sampled


def draw(ax: Axes | None, rng: Source) -> Axes:
    """Draw the figure."""
    n, colours = 120, (2, 3, 4)

    def kept(q: int, load: float) -> float:
        x = rng.integers(q, size=(round(load * q * (q - 1) / 2 * n), n))
        memory, cues = hf.models.potts(x, q), hf.models.one_hot(x[:5], q)
        ends = hf.recall(memory, cues, neuron=hf.Potts(q), sweeps=20, rng=rng).state
        right = (hf.models.from_one_hot(ends, q) == x[:5]).mean()
        return float((q * right - 1) / (q - 1))

    loads, fine = [0.05, 0.1, 0.13, 0.15, 0.18, 0.22], np.linspace(0.02, 0.24, 111)
    return hf.plots.curve(
        loads,
        *sampled(kept, loads, dict.fromkeys(colours, 3)),
        (fine, [hf.theory.potts.overlap(fine * q * (q - 1) / 2, q) for q in colours]),
        ax,
        xlabel=r"load P/N, in units of $q\,(q - 1)/2$",
        ylabel="overlap m kept",
        names=[*(f"q = {q}" for q in colours), *(f"theory, q = {q}" for q in colours)],
    )


PLATE = Plate("potts", 15, __doc__, ("kanter1988",), draw)
