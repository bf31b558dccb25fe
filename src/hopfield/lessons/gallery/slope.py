"""A slice of a landscape, and a run down it.

Energy in the plane through two of four random patterns of 400 neurons, stored by Hebb's rule, and a
cue: the first pattern with 140 neurons wrong (ring). The line is the run from there, projected to
the plane; it goes down to the pattern. One simulated run; the energies are exact.
"""

from __future__ import annotations

import hopfield as hf

from .plate import Axes, Plate, Source


def draw(ax: Axes | None, rng: Source) -> Axes:
    """Draw the figure."""
    xi = hf.random_patterns(4, 400, rng=rng)
    memory, cue = hf.hebb(xi), hf.flip(xi[0], 140, rng=rng)
    path = hf.recall(memory, cue, record=hf.record.states("update"), rng=rng)
    return hf.plots.landscape(memory, path, ax=ax)


PLATE = Plate("slope", 43, __doc__, ("hopfield1982",), draw)
