"""Metastable states.

Two patterns lie 0.2 apart, a third far away. Up to β = 100 a cue near one of the two ends at their
mean; above, near its own pattern. Lines: y = 0.1 tanh(0.1 β y). Points: modern recall of that cue
to its end. Both exact.
"""

from __future__ import annotations

import numpy as np

import hopfield as hf

from .plate import Axes, Plate, Source


def draw(ax: Axes | None, rng: Source) -> Axes:
    """Draw the figure."""

    def end(y: float, beta: float) -> float:
        memory = hf.modern([[1.0, 0.1], [1.0, -0.1], [-1.0, 0.0]], beta)
        neuron = hf.Linear(tolerance=1e-9)
        run = hf.recall(memory, [1, y], neuron=neuron, order=hf.Sync(), sweeps=2000)
        return float(run.state[1])

    betas, fine = [50.0, 70, 90, 105, 120, 150, 200, 250, 300], np.linspace(40, 320, 561)
    law = np.asarray(hf.theory.modern.parting(fine, 0.1))
    return hf.plots.curve(
        betas,
        [[end(y, beta) for beta in betas] for y in (0.05, -0.05)],
        None,
        (fine, [law, -law]),
        ax,
        xlabel=r"$\beta$",
        ylabel="place between the two, y",
        names=["cue at 0.05", "cue at -0.05", "theory", "theory, below"],
    )


PLATE = Plate("metastable", 11, __doc__, ("ramsauer2020",), draw)
