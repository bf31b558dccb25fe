"""Sparse patterns.

Overlap that a pattern of activity f keeps under the covariance rule, 0/1 neurons, at the threshold
that is best at the critical load. Lines: replica symmetric theory, of patterns of one activity.
Points: N = 1,500, five patterns each of 3 samples, all neurons together, with exactly f N active
neurons. Where each were active by itself with probability f, activities would differ, and more
patterns be lost: at f = 0.05, load 0.5, a tenth of them even at N = 4,000. For f = 1/2 the line
ends at 0.0691; half of Hebb's, 0.0690, belongs to another threshold.
"""

from __future__ import annotations

from functools import partial

import numpy as np

import hopfield as hf

from ...show.canvas import curves, law, points, styled, ticks_at
from .plate import Axes, Plate, Source, sampled


def draw(ax: Axes | None, rng: Source) -> Axes:
    """Draw the figure."""
    n = 1500

    def kept(f: float, threshold: float, load: float) -> float:
        active = np.arange(n) < round(f * n)
        eta = rng.permuted(np.broadcast_to(active, (round(load * n), n)), axis=1)
        memory = hf.learning.covariance(eta, activity=f, threshold=threshold, coding="01")
        ends = hf.recall(memory, 1.0 * eta[:5], neuron=hf.Sign(0, 1), order=hf.Sync()).state
        return float(((eta[:5] - f) * ends).sum(axis=1).mean() / (n * f * (1 - f)))

    drawn = []
    for k, f in enumerate((0.5, 0.2, 0.1)):  # each at loads of its own
        most, _, threshold = hf.theory.sparse.critical(f)
        loads, fine = most * np.array([0.4, 0.7, 0.9, 1.3]), most * np.linspace(0.2, 1.5, 131)
        (m,), (error,) = sampled(partial(kept, f), loads, {threshold: 3})
        drawn.append(points(k, loads, m, f"f = {f}", error))
        expected = hf.theory.sparse.overlap(fine, f, threshold)
        drawn.append(law(k, fine, expected, f"theory, f = {f}"))
    with styled(ax) as ax:
        curves(ax, drawn, "load P/N", "overlap m kept")
        ax.set(xscale="log", ylim=(0, 1.08))
        ticks_at(ax.xaxis, [0.02, 0.05, 0.1, 0.2, 0.5])
    return ax


PLATE = Plate("sparse", 12, __doc__, ("tsodyks1988", "buhmann1989", "shiino1993"), draw)
