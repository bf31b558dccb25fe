"""Dense sequences.

Share of neurons that err in a step from one pattern to the next, where each pattern's next counts
as a power of its overlap. Lines: theory; where hardly a neuron errs, errors are more frequent than
its normal crosstalk makes them. Points: N = 50, all neurons together, from 300 patterns at most of
each of 4 samples or more.
"""

from __future__ import annotations

import numpy as np

import hopfield as hf

from ...show.canvas import curves, law, points, styled
from .plate import Axes, Plate, Source, means

_LOADS = {1: (7, 9, 13, 21, 41), 2: (70, 110, 180, 320, 600), 3: (850, 1200, 1800, 2800)}


def draw(ax: Axes | None, rng: Source) -> Axes:
    """Draw the figure."""

    def wrong(power: int, p: int) -> float:
        xi = hf.random_patterns(p, 50, rng=rng)
        memory = hf.sequence(xi, separation=hf.separation.power(power + 1))
        wrong = memory.field(xi[:300]) * np.roll(xi, -1, axis=0)[:300] <= 0
        return float(wrong.mean())

    drawn = []
    for k, (power, loads) in enumerate(_LOADS.items()):
        found = [means(wrong(power, p) for _ in range(4 + 4000 // p)) for p in loads]
        m, error = zip(*found, strict=True)
        drawn.append(points(k, loads, m, f"power {power}", error))
        # Odd ones alone: of an even number of patterns some fields are 0.
        fine = np.unique(np.geomspace(loads[0] * 0.8, loads[-1] * 1.2, 60).astype(int) // 2 * 2 + 1)
        expected = [hf.theory.sequence.error(50, p, power + 1) for p in fine]
        drawn.append(law(k, fine, expected, f"theory, power {power}"))
    with styled(ax) as ax:
        curves(ax, drawn, "patterns P", "share of neurons that err")
        ax.set(xscale="log", yscale="log", ylim=(3e-4, 0.3))
    return ax


PLATE = Plate("dense_sequence", 26, __doc__, ("chaudhry2023",), draw)
