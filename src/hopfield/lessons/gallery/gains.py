"""Attractors come with the gain.

Ten graded neurons that hold three patterns, by the gain β: the largest overlap of each place of
rest with a pattern. Large points: places to which the neurons come back after a small push. Small
ones: those that they leave. Exact, by Newton's method, from 60 starts. Activity leaves 0 at β =
1 / 0.9, 0.9 the largest eigenvalue of W; at last all ten fixed points of ±1 neurons are there.
"""

from __future__ import annotations

import numpy as np

import hopfield as hf

from ...show.canvas import legend, styled, ticks_at
from ...show.palette import BLUE, GREY
from .plate import Axes, Plate, Source

_WORDS = "+++++-----", "+-+-+-+-+-", "++--++--++"


def draw(ax: Axes | None, rng: Source) -> Axes:
    """Draw the figure."""
    xi = np.array([[1 if c == "+" else -1 for c in word] for word in _WORDS])
    memory = hf.hebb(xi)
    starts = [*hf.landscape.fixed_points(memory), *hf.random_patterns(50, 10, rng=rng)]
    gains = np.geomspace(0.8, 40, 60)
    rest: dict[bool, list[tuple[float, float]]] = {True: [], False: []}
    for beta in gains:
        found = hf.landscape.attractors(memory, starts, neuron=hf.Graded(beta))
        m = np.abs(hf.overlap(found.states[:, None], xi)).max(axis=1)
        for stable, size in zip(found.stable.tolist(), m.tolist(), strict=True):
            rest[stable].append((float(beta), size))
    with styled(ax) as ax:
        ax.plot(*np.transpose(rest[False]), ".", ms=4, color=GREY, label="lost by a push")
        ax.plot(*np.transpose(rest[True]), "o", ms=5, color=BLUE, label="stable")
        ax.set(xlabel=r"gain $\beta$", ylabel="overlap |m|", xscale="log")
        ticks_at(ax.xaxis, [1, 2, 5, 10, 20, 40])
        legend(ax)
    return ax


PLATE = Plate("gains", 28, __doc__, ("hopfield1984",), draw)
