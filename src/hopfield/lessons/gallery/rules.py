"""Capacities of the learning rules.

Share of the stored patterns that are fixed points. N = 100, 3 samples of random patterns, all
simulated; lines lead the eye. The pseudo-inverse ends at P = N; the others, which keep all patterns
here, are the perceptron, AdaTron, probability flow and kernels. Willshaw's rule, which is for
patterns of few active neurons, has a figure of its own.
"""

from __future__ import annotations

from typing import Any

import numpy as np

import hopfield as hf

from .plate import Axes, Plate, Source, means


def draw(ax: Axes | None, rng: Source) -> Axes:
    """Draw the figure."""

    def fixed(rule: str, xi: Any) -> float:
        try:
            return float(np.mean(hf.learning.RULES[rule].learn(xi).stable(xi)))
        except ValueError:
            return 0.0

    loads = [0.03, 0.06, 0.1, 0.15, 0.2, 0.3, 0.4, 0.5, 0.6, 0.8, 0.9, 1.1]
    samples = [[hf.random_patterns(round(100 * a), 100, rng=rng) for a in loads] for _ in range(3)]
    rules = [rule for rule in hf.learning.RULES if rule != "willshaw"]
    found = [means([fixed(rule, xi) for xi in sample] for sample in samples) for rule in rules]
    m, error = np.stack(found, axis=1)
    lose, names = (m < 1).any(axis=1), [rule.replace("_", " ") for rule in rules]
    drawn = [*np.flatnonzero(lose), *np.flatnonzero(~lose)[:1]]
    return hf.plots.curve(
        loads,
        m[drawn],
        error[drawn],
        ax=ax,
        xlabel="load P/N",
        ylabel="share of patterns fixed",
        names=[names[k] if lose[k] else "the others" for k in drawn],
    )


PLATE = Plate(
    "rules",
    8,
    __doc__,
    (
        "hopfield1982",
        "storkey1997",
        "personnaz1986",
        "gardner1988",
        "anlauf1989",
        "tsodyks1988",
        "parisi1986",
        "sohldickstein2011",
        "fachechi2019",
        "tamamori2025",
    ),
    draw,
)
