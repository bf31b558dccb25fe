"""Capacity of Willshaw's network.

Wrong neurons a recall, where 8 of 500 neurons are active in each pattern, and so many of them are
known. Lines: theory, in which busy neurons err most. Points: one update from cues of 200 patterns
each of 4 samples.
"""

from __future__ import annotations

import numpy as np

import hopfield as hf

from .plate import Axes, Plate, Source, sampled


def draw(ax: Axes | None, rng: Source) -> Axes:
    """Draw the figure."""

    def wrong(known: int, p: float) -> float:
        ranks = rng.permuted(np.tile(np.arange(500), (round(p), 1)), axis=1)
        eta = (ranks < 8) * 1
        memory = hf.learning.willshaw(eta, coding="01")
        ends = hf.recall(memory, (ranks[:200] < known) * 1, updates=1).state
        return float(np.mean(hf.hamming(ends, eta[:200])))

    loads, known, fine = [400, 700, 1000, 1300, 1600, 1900], (4, 6, 8), np.linspace(50, 2100, 60)
    theory = [[hf.theory.willshaw.spurious(500, 8, p, k) for p in fine] for k in known]
    ax = hf.plots.curve(
        loads,
        *sampled(wrong, loads, dict.fromkeys(known, 4)),
        (fine, theory),
        ax,
        xlabel="patterns P",
        ylabel="wrong neurons a recall",
        names=[f"{k} known" for k in known] + [f"theory, {k} known" for k in known],
    )
    ax.set(ylim=(-0.15, 5))
    return ax


PLATE = Plate("willshaw", 25, __doc__, ("willshaw1969",), draw)
