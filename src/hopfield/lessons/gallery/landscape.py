"""A landscape of energies.

Energy of every state of 15 neurons with three patterns stored, by the distance to the first (spread
sideways a little). Marks: the fixed points. Exact.
"""

from __future__ import annotations

from typing import Any

import numpy as np

import hopfield as hf

from ...show.canvas import curves, points, styled, whole_ticks
from ...show.palette import SKY
from .plate import Axes, Plate, Source


def draw(ax: Axes | None, rng: Source) -> Axes:
    """Draw the figure."""
    n, xi = 15, hf.random_patterns(3, 15, rng=rng)
    memory = hf.hebb(xi)
    states = np.concatenate(list(hf.landscape.all_states(n)))
    fixed = hf.landscape.fixed_points(memory)
    kinds = np.array([str(hf.landscape.identify(s, xi)).split()[0] for s in fixed])

    def at(s: Any) -> tuple[Any, Any]:
        return (s != xi[0]).sum(axis=1), np.asarray(memory.energy(s)) / n

    away, energy = at(states)
    away = away + rng.uniform(-0.3, 0.3, away.size)
    marked = [
        points(k, *at(fixed[kinds == kind]), kind)
        for k, kind in enumerate(("pattern", "inverse", "mixture", "spurious"))
        if (kinds == kind).any()
    ]
    with styled(ax) as ax:
        ax.plot(away, energy, ".", ms=1.5, color=SKY, alpha=0.4, rasterized=True)
        curves(ax, marked, "Hamming distance to pattern 0", "energy / N")
        whole_ticks(ax.xaxis)
    return ax


PLATE = Plate("landscape", 6, __doc__, ("hopfield1982",), draw)
