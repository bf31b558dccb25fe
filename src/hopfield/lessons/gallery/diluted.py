"""Diluted networks.

Overlap that a pattern keeps where each neuron hears C others, chosen at random and not both ways,
under Hebb's rule. It falls without a jump, and to 0 at load 0.637 where connections are many.
Lines: theory, exact for few connections, too, at loads of an odd number of patterns, so that no
field is 0. Points: simulated, N = 10,000, 4 samples, 100 steps of all neurons together.
"""

from __future__ import annotations

import numpy as np

import hopfield as hf

from ...show.canvas import curves, law, points, styled
from .plate import Axes, Plate, Source, means


def draw(ax: Axes | None, rng: Source) -> Axes:
    """Draw the figure."""
    drawn = []
    for k, c in enumerate((11, 21)):
        exact = np.arange(1, 0.9 * c, 2)
        p = exact if c == 11 else exact[1::2]
        m, error = means([[_kept(c, int(x), rng) for x in p] for _ in range(4)])
        drawn.append(points(k, p / c, m, f"C = {c}", error))
        law_of_c = hf.theory.diluted.overlap(exact / c, connections=c)
        drawn.append(law(k, exact / c, law_of_c, f"theory, C = {c}"))
    fine = np.linspace(0.02, 0.85, 167)
    drawn.append(law(2, fine, hf.theory.diluted.overlap(fine), "theory, many"))
    with styled(ax) as ax:
        curves(ax, drawn, "load P/C", "overlap m kept")
        ax.set(ylim=(-0.03, 1.05))
    return ax


def _kept(c: int, p: int, rng: Source, n: int = 10_000) -> float:
    """Return the overlap after 100 steps of a network of which each neuron hears c others."""
    import scipy.sparse

    xi = hf.random_patterns(p, n, rng=rng)
    heard = (np.arange(n)[:, None] + rng.integers(1, n, size=(n, c))) % n  # never itself
    w = sum(x[:, None] * x[heard] for x in xi.astype(float))
    rows = np.arange(0, n * c + 1, c)
    couplings = scipy.sparse.csr_array((w.ravel(), heard.ravel(), rows), shape=(n, n))
    run = hf.Run(hf.Couplings(couplings, divisor=c), xi[0], order=hf.Sync(), rng=rng)
    run.finish(100)
    return float(hf.overlap(run.state, xi[0]))


PLATE = Plate("diluted", 32, __doc__, ("derrida1987",), draw, needs=("scipy",))
