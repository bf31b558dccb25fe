"""Sequences.

Overlap with the pattern whose turn it is after 40 steps, all neurons together. Line: theory, up to
the critical load 0.2691. Points: one start in each of 16 and 6 samples.
"""

from __future__ import annotations

import numpy as np

import hopfield as hf

from .plate import Axes, Plate, Source, overlap, sampled


def draw(ax: Axes | None, rng: Source) -> Axes:
    """Draw the figure."""

    def kept(n: int, load: float) -> float:
        xi = hf.random_patterns(round(load * n), n, rng=rng)
        run = hf.Run(hf.sequence(xi), xi[0], order=hf.Sync())
        run.step(40)
        return overlap(run.state, xi[40 % len(xi)])

    loads, theory = [0.05, 0.1, 0.15, 0.2, 0.24, 0.26, 0.28, 0.3], hf.theory.sequence
    fine = np.append(np.linspace(0.02, theory.critical()[0] - 1e-6, 200), [0.26907, 0.32])
    return hf.plots.curve(
        loads,
        *sampled(kept, loads, {300: 16, 800: 6}),
        (fine, theory.overlap(fine)),
        ax,
        xlabel="load P/N",
        ylabel="overlap m",
        names=["N = 300", "N = 800", "theory"],
    )


PLATE = Plate("sequence", 13, __doc__, ("during1998",), draw)
