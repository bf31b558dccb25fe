"""What hidden neurons see.

Of a restricted Boltzmann machine of 64 hidden neurons, learnt from 1,797 handwritten digits of 8 ×
8 pixels by persistent chains: the couplings of 36 hidden neurons, each to its own scale (blue
raises a pixel, yellow lowers it), pictures that it draws, each by a chain of 1,000 sweeps from a
random state, and some of the digits. All simulated.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

import hopfield as hf

from ...show.canvas import styled
from .plate import Axes, Plate, Sheet, Source, tiles


def draw(ax: Axes | None, rng: Source) -> Axes:
    """Draw the figure."""
    bits, shown = (hf.pictures.digits(1797) > 0).astype(np.int8), 36
    machine = hf.boltzmann.fit(
        bits, 64, method="pcd", coding="01", rate=(0.5, 0), decay=(1e-4, 1e-4), epochs=60, rng=rng
    )
    couplings = machine.weights[64:, :64]
    filters = couplings[np.argsort(-np.abs(couplings).sum(axis=1))[:shown]]
    sheets = [
        Sheet("couplings", filters / np.abs(filters).max(axis=1, keepdims=True)),
        Sheet("drawn", machine.sample(shown, sweeps=1000, rng=rng)),
        Sheet("digits", bits[:shown]),
    ]
    with styled(ax, (7.2, 5.2), trim=False) as ax:
        tiles(ax, [replace(s, pictures=s.pictures.reshape(-1, 8, 8)) for s in sheets], 12)
        ax.set(xlabel="36 of each", ylabel="8 × 8 pixels")
    return ax


PLATE = Plate("filters", 19, __doc__, ("tieleman2008", "alpaydin1998"), draw, ("sklearn",))
