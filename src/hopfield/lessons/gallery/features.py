"""What many patterns have in common.

Patterns that are signs of sums of 11 random features, stored by Hebb's rule: the overlap that is
kept with a stored pattern, with a feature, and with a new pattern of the same features. As patterns
become more, they are lost, since they overlap; then the features, which the network never saw, are
attractors, and in the end it keeps new patterns as well as stored ones. Points: simulated, N = 500,
4 samples, one neuron at a time. Dotted: theory for one step of all neurons together from a feature;
diamonds are that step, simulated.
"""

from __future__ import annotations

import numpy as np

import hopfield as hf

from ...show.canvas import curves, law, points, styled, ticks_at
from .plate import Axes, Plate, Source, means


def draw(ax: Axes | None, rng: Source) -> Axes:
    """Draw the figure."""
    n, d, loads = 500, 11, np.array([0.01, 0.02, 0.05, 0.1, 0.2, 0.4, 0.7, 1.2, 2.0])

    def kept(load: float) -> list[float]:
        features = hf.random_patterns(d, n, rng=rng)
        xi = hf.patterns.random_features(round(load * n), features, rng=rng)
        new = hf.patterns.random_features(d, features, rng=rng)
        memory = hf.hebb(xi, allow_repeats=True).dense()
        cues = np.concatenate([xi[:d], features, new])
        ends = np.abs(hf.overlap(hf.recall(memory, cues, rng=rng).state, cues))
        stored, first, then = np.split(ends, [len(xi[:d]), len(xi[:d]) + d])
        once = hf.overlap(np.where(memory.field(features) >= 0, 1, -1), features)
        return [float(np.mean(part)) for part in (stored, first, then, once)]

    m, error = means([[kept(load) for load in loads] for _ in range(4)])
    names = "stored patterns", "features", "new patterns", "features, one step"
    drawn = [
        points(k, loads, m[:, k], name, error[:, k], joined=k < 3) for k, name in enumerate(names)
    ]
    fine = np.geomspace(0.01, 2, 100)
    drawn.append(law(3, fine, hf.theory.features.one_step(fine, d / n), "theory, one step"))
    with styled(ax) as ax:
        curves(ax, drawn, "load P/N", "overlap kept")
        ax.set(xscale="log", ylim=(0, 1.05))
        ticks_at(ax.xaxis, [0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2])
    return ax


PLATE = Plate("features", 31, __doc__, ("negri2023",), draw)
