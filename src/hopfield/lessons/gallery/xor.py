"""XOR and hidden neurons.

How far Boltzmann machines stay from the law of XOR: three neurons, whose four states of odd parity
are equally likely. Points: simulated, 6 machines a column, each from other couplings, 1,500 steps
along the exact gradient; some stay where they know nothing of XOR, which is a saddle. Bars: the
best there is, ln 2 = 0.6931 for couplings of pairs alone, of restricted machines 0.5757 for one
hidden neuron, 0.3466 for two, 0 for three. One is enough where all neurons are coupled.
"""

from __future__ import annotations

import numpy as np

import hopfield as hf

from ...show.canvas import curves, points, styled
from ...show.palette import INK
from .plate import Axes, Plate, Source

STATES = [[-1, -1, -1], [-1, 1, 1], [1, -1, 1], [1, 1, -1]]
BEST = {  # hidden neurons, restricted -> the least divergence in nats
    (0, False): np.log(2),
    (1, True): 0.5757388,
    (2, True): 0.3465736,
    (3, True): 0.0,
    (4, True): 0.0,
    (1, False): 0.0,
}


def draw(ax: Axes | None, rng: Source) -> Axes:
    """Draw the figure."""
    starts, names = 6, ["none", *"1234", "1, all coupled"]

    def away(hidden: int, restricted: bool) -> float:
        made = hf.boltzmann.fit(
            STATES, hidden, restricted, decay=1e-7, rate=0.4, epochs=1500, spread=1.5, rng=rng
        )
        return hf.boltzmann.divergence(made, STATES)

    found = np.array([[away(*kind) for _ in range(starts)] for kind in BEST])
    beside = np.linspace(-0.25, 0.25, starts)
    at = np.add.outer(np.arange(len(BEST)), beside)
    with styled(ax) as ax:
        curves(
            ax,
            [points(0, at.ravel(), found.ravel(), "learnt")],
            "hidden neurons",
            "divergence from XOR, nats",
        )
        best = list(BEST.values())
        ax.hlines(best, at[:, 0] - 0.1, at[:, -1] + 0.1, color=INK, label="the best there is")
        ax.set_xticks(range(len(BEST)), names)
        ax.set_ylim(-0.03, 0.75)
        curves(ax, [], ax.get_xlabel(), ax.get_ylabel())
    return ax


PLATE = Plate("xor", 17, __doc__, ("ackley1985", "montufar2011"), draw)
