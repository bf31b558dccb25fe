"""Capacities of the learning rules.

Share of the stored patterns that are fixed points. N = 100, 3 samples of random patterns, all
simulated; lines lead the eye. The pseudo-inverse ends at P = N; the perceptron, AdaTron and
probability flow stay at 1 here.
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
    rules = list(hf.learning.RULES)
    found = [means([fixed(rule, xi) for xi in sample] for sample in samples) for rule in rules]
    m, error = np.stack(found, axis=1)
    return hf.plots.curve(
        loads,
        m,
        error,
        ax=ax,
        xlabel="load P/N",
        ylabel="share of patterns fixed",
        names=[rule.replace("_", " ") for rule in rules],
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
    ),
    draw,
)
