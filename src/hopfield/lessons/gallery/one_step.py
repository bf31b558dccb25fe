"""One step from a stored pattern.

Share of neurons whose field is against the stored pattern. Line: ½ erfc √(N/2P), the limit of
many neurons. Points: Hebb's rule, all P patterns of each of 30 (N = 100) and 6 samples.
"""

from __future__ import annotations

import numpy as np

import hopfield as hf

from .plate import Axes, Plate, Source, sampled


def draw(ax: Axes | None, rng: Source) -> Axes:
    """Draw the figure."""

    def wrong(n: int, load: float) -> float:
        xi = hf.random_patterns(round(load * n), n, rng=rng)
        return float((xi * hf.Hebbian(xi).field(xi) < 0).mean())

    loads = [0.1, 0.14, 0.185, 0.25, 0.37, 0.5, 0.61, 0.8]
    fine = np.linspace(0.06, 0.85, 100)
    ax = hf.plots.curve(
        loads,
        *sampled(wrong, loads, {100: 30, 1000: 6}),
        (fine, hf.theory.one_step.error_at(fine)),
        ax,
        xlabel="load P/N",
        ylabel="share of unstable neurons",
        names=["N = 100", "N = 1,000", "theory"],
    )
    ax.set_yscale("log")
    return ax


PLATE = Plate("one_step", 1, __doc__, ("hertz1991",), draw)
