"""The largest margin.

The margin κ that every pattern can have at once. Line: Gardner. Points: the smallest margin
that the AdaTron rule reaches, mean over the neurons, 6 samples.
"""

from __future__ import annotations

import numpy as np

import hopfield as hf

from .plate import Axes, Plate, Source, sampled


def draw(ax: Axes | None, rng: Source) -> Axes:
    """Draw the figure."""

    def reached(n: int, load: float) -> float:
        xi = hf.random_patterns(round(load * n), n, rng=rng)
        return float(hf.learning.margins(hf.learning.adatron(xi), xi).min(axis=0).mean())

    loads, fine = [0.1, 0.15, 0.2, 0.3, 0.4, 0.5, 0.6, 0.8, 1.0, 1.2], np.linspace(0.08, 2, 200)
    return hf.plots.curve(
        loads,
        *sampled(reached, loads, {50: 6, 200: 6}),
        (fine, hf.theory.gardner.margin(fine)),
        ax,
        xlabel="load P/N",
        ylabel=r"margin $\kappa$",
        names=["N = 50", "N = 200", "theory"],
    )


PLATE = Plate("gardner", 9, __doc__, ("gardner1988", "anlauf1989"), draw)
