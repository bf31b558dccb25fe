"""Bars and stripes.

Above, 15 of the 30 pictures of 4 × 4 pixels all of whose rows, or all of whose columns, are of one
colour. Below, what a restricted Boltzmann machine of 10 hidden neurons draws after so many steps
along the exact gradient; framed is what is neither bars nor stripes. Beside, the share of 2,000
drawn that is right (simulated), and the divergence from the law of the 30, equally likely (exact).
"""

from __future__ import annotations

from itertools import product

import numpy as np

import hopfield as hf

from ...base.checks import Array
from ...show.canvas import styled
from .plate import Axes, Plate, Sheet, Source, tiles


def draw(ax: Axes | None, rng: Source) -> Axes:
    """Draw the figure."""
    images, shown = bars_and_stripes(4), 15
    training = hf.boltzmann.Training(images, 10, method="exact", rate=0.1, rng=rng)
    known = {row.tobytes() for row in images}
    sheets = [Sheet("data", _pictures(images[::2]))]
    for steps in (0, 100, 1000, 4000):
        training.step(steps - training.epoch)
        drawn = training.machine.sample(2000, sweeps=200, rng=rng)
        off = np.array([row.tobytes() not in known for row in drawn])
        away = hf.boltzmann.divergence(training.machine, images)
        note = f"{100 * (1 - off.mean()):.0f} % right, {away:.2f} nats"
        sheets.append(Sheet(f"{steps:,} steps", _pictures(drawn[:shown]), note, off[:shown]))
    with styled(ax, (7.2, 3.0), trim=False) as ax:
        tiles(ax, sheets, shown)
        ax.set(xlabel="15 pictures of each", ylabel="drawn after")
    return ax


def _pictures(states: Array) -> Array:
    return states.reshape(-1, 4, 4) > 0


def bars_and_stripes(n: int) -> Array:
    """Return the pictures (K, n n) all of whose rows, or all of whose columns, are of one colour.

    Examples
    --------
    >>> [len(bars_and_stripes(n)) for n in (2, 3, 4)]
    [6, 14, 30]
    """
    lines = np.array(list(product([-1, 1], repeat=n)), dtype=np.int8)
    both = np.concatenate([np.repeat(lines, n, axis=1), np.tile(lines, (1, n))])
    return np.unique(both, axis=0)


PLATE = Plate("bars", 18, __doc__, ("mackay2003", "ackley1985"), draw)
