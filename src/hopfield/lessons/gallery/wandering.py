"""Tired of one memory, on to the next.

Overlap with each of five patterns over 200 updates of all neurons together, from the first. A
neuron that fires tires, and its threshold rises: no memory lasts. All simulated, N = 500, 50 active
in each pattern, temperature 0.05, strength 0.1, decay 1.1; without fatigue the first would stay.
"""

from __future__ import annotations

import numpy as np

import hopfield as hf

from ...show.canvas import curves, law, styled
from ...show.palette import GREY
from .plate import Axes, Plate, Source


def draw(ax: Axes | None, rng: Source) -> Axes:
    """Draw the figure."""
    n, active, steps = 500, 50, 200
    x = np.array([rng.permutation(n) < active for _ in range(5)])
    memory = hf.learning.covariance(x, coding="01") + hf.Bias(0.3)
    tiring = hf.models.Adapting(memory, 0.1, 1.1, hf.HeatBath(0.05, 0, 1))
    kept = hf.record.states()
    r = hf.recall(tiring, x[0], order=hf.Sync(), sweeps=steps, record=kept, rng=rng)
    share = active / n
    m = tiring.outputs(r.trace) @ (x - share).T / (share * (1 - share) * n)
    with styled(ax) as ax:
        ax.axhline(0, color=GREY, lw=0.8, zorder=0)
        drawn = [law(k, np.arange(len(m)), m[:, k], f"pattern {k}") for k in range(5)]
        curves(ax, drawn, "updates of all", "overlap m")
    return ax


PLATE = Plate("wandering", 29, __doc__, ("horn1989",), draw)
