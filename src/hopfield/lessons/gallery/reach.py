"""Log-sum-ReLU: new places of rest.

Energy of seven patterns in the plane, each felt within a circle about it. Discs: patterns that come
back exactly. Crosses: patterns that do not, as others are in their reach. Diamonds: new places of
rest, at the means of those that exactly are in reach there. White: no pattern is in reach. Exact;
the patterns are drawn.
"""

from __future__ import annotations

from itertools import product

import numpy as np

import hopfield as hf

from ...show.canvas import colour_bar, legend, styled
from ...show.palette import HEAT, INK, ORANGE, PAPER
from .plate import Axes, Plate, Source


def draw(ax: Axes | None, rng: Source) -> Axes:
    """Draw the figure."""
    x = rng.uniform(-1, 1, (7, 2)) * (2.2, 1.2)
    memory = hf.models.epanechnikov(x, 5.0)
    edge = memory.reach + 0.05
    low, high = x.min(axis=0) - edge, x.max(axis=0) + edge
    grid = np.stack(np.meshgrid(*np.linspace(low, high, 300).T), axis=-1)
    energy = np.asarray(memory.energy(grid)) + hf.Linear().energy(grid)

    sets = np.array(list(product((0.0, 1.0), repeat=len(x)))[1:])
    means = sets @ x / sets.sum(axis=1, keepdims=True)
    means = means[np.isfinite(memory.energy(means))]  # elsewhere any state stays
    found = hf.landscape.attractors(memory, means).states
    old = np.abs(found[:, None] - x).max(axis=2) < 1e-9
    kept, new = x[old.any(axis=0)], found[~old.any(axis=1)]
    with styled(ax) as ax:
        drawn = ax.imshow(
            np.where(np.isfinite(energy), energy, np.nan),
            origin="lower",
            extent=(low[0], high[0], low[1], high[1]),
            cmap=HEAT,
            vmax=0.4,
            interpolation="bilinear",
        )
        look = {"ls": "", "mec": INK, "mew": 1, "ms": 10}
        ax.plot(*kept.T, "o", color=PAPER, label="kept", **look)
        ax.plot(*x[~old.any(axis=0)].T, "X", color=PAPER, label="lost", **look)
        ax.plot(*new.T, "D", color=ORANGE, label="new", **{**look, "ms": 8})
        ax.set(xlabel="$s_1$", ylabel="$s_2$", aspect="equal")
        colour_bar(ax, drawn, "energy")
        legend(ax)
    return ax


PLATE = Plate("reach", 27, __doc__, ("hoover2025",), draw)
