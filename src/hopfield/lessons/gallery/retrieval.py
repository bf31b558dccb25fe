"""Retrieval at zero temperature.

Overlap that a pattern keeps. Line: Amit, Gutfreund and Sompolinsky, up to the critical load 0.1379.
Points: each of 60, 20 and 10 samples by itself, a start at a pattern, one neuron at a time. Beyond
the limit a pattern is either kept or lost, and the larger the network, the fewer are kept; a lost
one leaves a remnant overlap.
"""

from __future__ import annotations

import numpy as np

import hopfield as hf

from ...show.canvas import Curve, curves, points, styled
from ...show.palette import INK
from .plate import Axes, Plate, Source, overlap


def draw(ax: Axes | None, rng: Source) -> Axes:
    """Draw the figure."""

    def kept(n: int, load: float) -> float:
        xi = hf.random_patterns(round(load * n), n, rng=rng)
        return overlap(hf.recall(hf.Hebbian(xi), xi[0], rng=rng, sweeps=1000).state, xi[0])

    loads = np.array([0.05, 0.08, 0.1, 0.12, 0.13, 0.14, 0.15, 0.16, 0.18, 0.2])
    fine = np.append(np.linspace(0.03, hf.theory.ags.critical()[0] - 1e-6, 200), [0.13792, 0.2])
    drawn = [Curve(fine, hf.theory.ags.overlap(fine), "theory", INK)]
    for k, (n, times) in enumerate({500: 60, 2000: 20, 5000: 10}.items()):
        x = np.repeat(loads + 0.0018 * (k - 1), times)  # side by side, so that none is hidden
        drawn.append(points(k, x, [kept(n, a) for a in np.repeat(loads, times)], f"N = {n:,}"))
    with styled(ax) as ax:
        curves(ax, drawn, "load P/N", "overlap m kept")
        ax.set_ylim(0, 1.05)
    return ax


PLATE = Plate("retrieval", 2, __doc__, ("amit1985b", "amit1987"), draw)
